//! Saying that mail has come, through the desktop's notifications.
//!
//! Who wrote and about what is shown only if the user wants that: a notification is read
//! by whoever stands behind, and kept by the desktop.

use super::shelf::Shelf;
use crate::i18n::{Language, Words};
use crate::model::{LetterId, OutboxId};
use crate::store::outbox::{News, Told};
use std::collections::BTreeSet;

/// What is said when mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Telling {
    /// That it has come, not whose and what about.
    #[default]
    Quiet,
    /// Who wrote and about what.
    Full,
    /// Nothing.
    Off,
}

/// Letters named one by one at most; more are counted.
const NAMED: usize = 3;
/// Longest line of it, in characters.
const LINE: usize = 80;

/// What a notification says, if there is one: its title, and its text.
pub fn said(
    words: &Words,
    telling: Telling,
    count: usize,
    letters: &[(String, String)],
) -> Option<(String, String)> {
    match telling {
        Telling::Off => return None,
        Telling::Quiet => return Some((words.say("notify-hidden"), String::new())),
        Telling::Full => {}
    }
    let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(LINE).collect::<String>();
    Some(match letters {
        [(who, what)] if count == 1 => (cut(who), cut(what)),
        _ => {
            let number = i64::try_from(count).unwrap_or(i64::MAX);
            let title = words.say_with("notify-new", &[("count", number.into())]);
            let lines =
                letters.iter().take(NAMED).map(|(who, what)| cut(&format!("{who}: {what}")));
            (title, lines.collect::<Vec<_>>().join("\n"))
        }
    })
}

/// Shows that these letters have come. May wait for the desktop: not for the window's
/// thread. Without a desktop that takes notifications nothing happens.
pub fn show(shelf: &Shelf, letters: &[LetterId], telling: Telling, language: Language) {
    let words = Words::new(language);
    // What is not shown is not even read.
    let named = match telling {
        Telling::Full => shelf.who_and_what(letters, NAMED),
        Telling::Quiet | Telling::Off => Vec::new(),
    };
    let Some((title, text)) = said(&words, telling, letters.len(), &named) else { return };
    let _ = notify_rust::Notification::new()
        .appname(&words.say("name"))
        .summary(&title)
        .body(&escaped(&text))
        .icon("goyo")
        .show();
}

/// What is worth a notification, what weighs most first; the words for it.
const SAID: [(News, &str); 5] = [
    (News::CameBack, "notify-bounced"),
    (News::NotSent, "notify-not-sent"),
    (News::Unknown, "notify-unknown"),
    (News::Read, "notify-read"),
    (News::Fetched, "notify-fetched"),
];

/// What is said of letters that were sent: which words, of how many letters, and whom and
/// what each is about.
pub fn said_told(
    words: &Words,
    telling: Telling,
    (name, count): (&str, usize),
    about: &[(String, String)],
) -> Option<(String, String)> {
    if telling == Telling::Off || count == 0 {
        return None;
    }
    let number = i64::try_from(count).unwrap_or(i64::MAX);
    let title = words.say_with(name, &[("count", number.into())]);
    let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(LINE).collect::<String>();
    let about = match telling {
        Telling::Full => about,
        _ => &[],
    };
    let lines = about.iter().take(NAMED).map(|(who, what)| cut(&format!("{who}: {what}")));
    Some((title, lines.collect::<Vec<_>>().join("\n")))
}

/// Shows what became of letters that were sent. Not for the window's thread.
pub fn show_told(shelf: &Shelf, told: &[Told], telling: Telling, language: Language) {
    let words = Words::new(language);
    for (news, name) in SAID {
        let told: Vec<&Told> = told.iter().filter(|told| told.news == news).collect();
        let letters: BTreeSet<OutboxId> = told.iter().map(|told| told.letter).collect();
        let about = match telling {
            Telling::Full => shelf.sent_to(&told, NAMED),
            Telling::Quiet | Telling::Off => Vec::new(),
        };
        let said = said_told(&words, telling, (name, letters.len()), &about);
        let Some((title, text)) = said else { continue };
        let _ = notify_rust::Notification::new()
            .appname(&words.say("name"))
            .summary(&title)
            .body(&escaped(&text))
            .icon("goyo")
            .show();
    }
}

/// Desktops take the text for a little HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_letters_is_told_apart_and_named_only_if_the_user_wants_that() {
        let words = Words::new(Language::Korean);
        let about = [("old@partner.kr".to_owned(), "연말 모임".to_owned())];
        let back = "notify-bounced";
        assert_eq!(said_told(&words, Telling::Off, (back, 1), &about), None);
        assert_eq!(said_told(&words, Telling::Full, (back, 0), &[]), None);
        let (title, text) = said_told(&words, Telling::Quiet, (back, 1), &about).unwrap();
        assert_eq!((title.as_str(), text.as_str()), ("보낸 메일 1통이 되돌아왔어요", ""));
        let (title, text) = said_told(&words, Telling::Full, ("notify-read", 2), &about).unwrap();
        assert_eq!(title, "보낸 메일 2통을 읽었대요");
        assert_eq!(text, "old@partner.kr: 연말 모임");
    }

    #[test]
    fn each_thing_that_is_told_has_words_of_its_own_in_both_languages() {
        for language in [Language::Korean, Language::English] {
            let words = Words::new(language);
            let said = |name| said_told(&words, Telling::Quiet, (name, 3), &[]).unwrap().0;
            let titles: BTreeSet<String> = SAID.iter().map(|(_, name)| said(name)).collect();
            assert_eq!(titles.len(), SAID.len());
            assert!(titles.iter().all(|title| title.contains('3') && !title.contains("notify")));
        }
    }

    #[test]
    fn a_notification_tells_only_what_the_user_wants_told() {
        let words = Words::new(Language::Korean);
        let one = [("은행".to_owned(), "잔액이\n바뀌었어요".to_owned())];
        assert_eq!(said(&words, Telling::Off, 1, &one), None);
        let (title, text) = said(&words, Telling::Quiet, 1, &one).unwrap();
        assert_eq!((title.as_str(), text.as_str()), ("새 메일이 왔어요", ""));
        let (title, text) = said(&words, Telling::Full, 1, &one).unwrap();
        assert_eq!((title.as_str(), text.as_str()), ("은행", "잔액이바뀌었어요"));
        let many = vec![("a".to_owned(), "b".to_owned()); 3];
        let (title, text) = said(&words, Telling::Full, 12, &many).unwrap();
        assert_eq!(title, "새 메일 12통");
        assert_eq!(text, "a: b\na: b\na: b");
        assert_eq!(escaped("<b>&"), "&lt;b&gt;&amp;");
    }
}
