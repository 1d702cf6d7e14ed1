//! Simple marks put into the words: those that `mime::compose::marks` reads.

use iced::widget::text_editor::{Action, Content, Edit, Motion};
use std::sync::Arc;

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// `**bold**`.
    Bold,
    /// `*slanted*`.
    Italic,
    /// `- ` before each line.
    List,
    /// `[words](address)`.
    Link,
    /// `> ` before each line.
    Quote,
}

/// Marks what is selected; where nothing is, leaves the cursor inside the mark.
pub(super) fn put(body: &mut Content, mark: Mark) {
    let selected = body.selection().unwrap_or_default();
    let (text, back) = match mark {
        Mark::Bold => around(&selected, "**", "**"),
        Mark::Italic => around(&selected, "*", "*"),
        Mark::Link => around(&selected, "[", "](https://)"),
        Mark::List => lines(body, &selected, "- "),
        Mark::Quote => lines(body, &selected, "> "),
    };
    body.perform(Action::Edit(Edit::Paste(Arc::new(text))));
    // A link is most likely finished by its address; other marks by their words.
    let back = if mark == Mark::Link && !selected.is_empty() { 1 } else { back };
    for _ in 0..back {
        body.perform(Action::Move(Motion::Left));
    }
}

/// What stands instead of the selection, and how far the cursor goes back into it.
fn around(selected: &str, before: &str, after: &str) -> (String, usize) {
    let back = if selected.is_empty() { after.chars().count() } else { 0 };
    // Marks hold words, not the blanks around them.
    let words = selected.trim();
    let lead = selected.len() - selected.trim_start().len();
    let (head, tail) = selected.split_at_checked(lead).unwrap_or(("", selected));
    let rest = tail.get(words.len()..).unwrap_or_default();
    (format!("{head}{before}{words}{after}{rest}"), back)
}

fn lines(body: &mut Content, selected: &str, before: &str) -> (String, usize) {
    if selected.is_empty() {
        body.perform(Action::Move(Motion::Home));
        return (before.to_owned(), 0);
    }
    let lines: Vec<String> = selected.split('\n').map(|line| format!("{before}{line}")).collect();
    (lines.join("\n"), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, select: bool, mark: Mark, then: &str) -> String {
        let mut body = Content::with_text(text);
        if select {
            body.perform(Action::SelectAll);
        }
        put(&mut body, mark);
        body.perform(Action::Edit(Edit::Paste(Arc::new(then.to_owned()))));
        body.text()
    }

    #[test]
    fn what_is_selected_is_marked_without_its_blanks() {
        assert_eq!(marked("값 ", true, Mark::Bold, ""), "**값** ");
        assert_eq!(marked("a", true, Mark::Italic, ""), "*a*");
        assert_eq!(marked("a\nb", true, Mark::List, ""), "- a\n- b");
        assert_eq!(marked("a\nb", true, Mark::Quote, ""), "> a\n> b");
        assert_eq!(marked("여기", true, Mark::Link, "a.kr"), "[여기](https://a.kr)");
    }

    #[test]
    fn where_nothing_is_selected_the_words_go_inside_the_mark() {
        assert_eq!(marked("", false, Mark::Bold, "값"), "**값**");
        assert_eq!(marked("", false, Mark::Link, "여기"), "[여기](https://)");
        assert_eq!(marked("", false, Mark::List, "값"), "- 값");
    }
}
