//! Labels: the keywords of RFC 9051, section 2.3.2, that people read.
//!
//! A keyword is an atom of US-ASCII. A label's name is written into it as Thunderbird does,
//! in modified UTF-7 with `_` for what no atom may hold, so that both show the same; the five
//! usual ones of Thunderbird and others are `$label1` to `$label5`. Promise: what a server or
//! another program calls a letter is shown as it is meant where that can be told, and words
//! that programs keep for themselves (`$Forwarded`, `NonJunk`) are no labels.

use super::utf7;

/// Longest keyword in bytes: what Dovecot takes, unless told otherwise.
const LONGEST: usize = 50;
/// Longest name that is shown, in characters.
const SHOWN: usize = 40;
/// Labels of one letter that are looked at.
const MOST: usize = 32;

/// The usual ones, by what a search calls them.
const USUAL: [(&str, &str); 5] = [
    ("$label1", "important"),
    ("$label2", "work"),
    ("$label3", "personal"),
    ("$label4", "todo"),
    ("$label5", "later"),
];

/// Words that programs keep for themselves, in lower case, besides those that begin with `$`.
const OF_PROGRAMS: [&str; 8] = [
    "junk",
    "nonjunk",
    "notjunk",
    "junkrecorded",
    "forwarded",
    "redirected",
    "mdnsent",
    "receipthandled",
];

/// A name that cannot be a label's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Nothing in it that is seen.
    #[error("the label has no name")]
    Empty,
    /// More than servers keep.
    #[error("the label's name is too long")]
    TooLong,
    /// Programs keep this word for themselves.
    #[error("programs keep this word for themselves")]
    Taken,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(String);

impl Label {
    /// The usual ones, in their order.
    pub fn usual() -> impl Iterator<Item = Self> {
        USUAL.iter().map(|(keyword, _)| Self((*keyword).to_owned()))
    }

    /// The label of this name.
    ///
    /// # Errors
    /// [`LabelError`].
    pub fn named(name: &str) -> Result<Self, LabelError> {
        let seen: String = name.chars().filter(|c| !c.is_control()).collect();
        let words: Vec<&str> = seen.split_whitespace().collect();
        let name = words.join(" ");
        if name.is_empty() {
            return Err(LabelError::Empty);
        }
        // What no atom may hold, but for `&`, which the encoding needs.
        let atom = |c| match c {
            ' ' | '(' | ')' | '{' | '%' | '*' | '"' | '\\' | ']' => '_',
            c => c,
        };
        let keyword: String = utf7::encode(&name).chars().map(atom).collect();
        if keyword.len() > LONGEST {
            return Err(LabelError::TooLong);
        }
        Self::of(&keyword).ok_or(LabelError::Taken)
    }

    /// The label this keyword is, if it is one.
    pub fn of(keyword: &str) -> Option<Self> {
        let lower = keyword.to_ascii_lowercase();
        let usual = USUAL.iter().any(|(usual, _)| *usual == lower);
        let of_programs = lower.starts_with(['$', '\\']) || OF_PROGRAMS.contains(&lower.as_str());
        match (usual, of_programs || keyword.is_empty()) {
            (true, _) => Some(Self(lower)),
            (false, false) => Some(Self(keyword.to_owned())),
            (false, true) => None,
        }
    }

    /// Labels among keywords that are separated by spaces, each once.
    pub fn among(keywords: &str) -> Vec<Self> {
        let mut labels: Vec<Self> = Vec::new();
        for label in keywords.split_ascii_whitespace().filter_map(Self::of).take(MOST) {
            label.join(&mut labels);
        }
        labels
    }

    /// Labels that somebody who writes this may mean: the usual one a search calls so, and the
    /// one of this name.
    pub fn meant(text: &str) -> Vec<Self> {
        let usual = USUAL.iter().filter(|(keyword, word)| {
            word.eq_ignore_ascii_case(text) || keyword.eq_ignore_ascii_case(text)
        });
        let mut meant: Vec<Self> = usual.map(|(keyword, _)| Self((*keyword).to_owned())).collect();
        if let Ok(named) = Self::named(text) {
            named.join(&mut meant);
        }
        meant
    }

    /// As servers have it.
    pub fn keyword(&self) -> &str {
        &self.0
    }

    /// The how many-th of the usual ones it is, from 1.
    pub fn number(&self) -> Option<usize> {
        USUAL.iter().position(|(keyword, _)| *keyword == self.0).map(|at| at + 1)
    }

    /// What a search calls it.
    pub fn searched(&self) -> String {
        match self.number().and_then(|number| USUAL.get(number - 1)) {
            Some((_, word)) => (*word).to_owned(),
            None => self.name(),
        }
    }

    /// What it is called, where it is not one of the usual ones: those have a name in each
    /// language.
    pub fn name(&self) -> String {
        let spaced = self.0.replace('_', " ");
        let name = utf7::decode(&spaced).unwrap_or(spaced);
        // Whoever may write on the server may have written it.
        let name: String = name.chars().filter(|c| !is_hidden(*c)).take(SHOWN).collect();
        if name.trim().is_empty() { self.0.clone() } else { name }
    }

    /// Whether both are the same to a server: case does not count.
    pub fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// Whether it is one of these.
    pub fn is_in(&self, labels: &[Self]) -> bool {
        labels.iter().any(|known| known.is(self))
    }

    /// Puts it behind these, unless it is there already.
    pub fn join(self, labels: &mut Vec<Self>) {
        if !self.is_in(labels) {
            labels.push(self);
        }
    }

    /// One of so many hues: the same for the same label, everywhere.
    pub fn hue(&self, hues: usize) -> usize {
        let number = self.number().unwrap_or_else(|| {
            let bytes = self.0.bytes().map(|byte| byte.to_ascii_lowercase());
            bytes.fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)))
        });
        number.checked_rem(hues).unwrap_or(0)
    }
}

/// What is not seen, or turns the text around it.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(keywords: &str) -> Vec<String> {
        Label::among(keywords).iter().map(Label::name).collect()
    }

    #[test]
    fn a_name_is_written_as_other_programs_write_it() {
        // Python: "업무".encode("utf-16-be"), base64 with , for /.
        for (name, keyword) in
            [("업무", "&xcW7NA-"), ("to read", "to_read"), ("R&D", "R&-D"), ("100%", "100_")]
        {
            let label = Label::named(name).unwrap();
            assert_eq!(label.keyword(), keyword, "{name}");
        }
        assert_eq!(Label::named(" 업무\n ").unwrap().name(), "업무");
        assert_eq!(Label::named("\u{7}  "), Err(LabelError::Empty));
        assert_eq!(Label::named(&"긴".repeat(30)), Err(LabelError::TooLong));
        assert_eq!(Label::named("NonJunk"), Err(LabelError::Taken));
        assert_eq!(Label::named("$Forwarded"), Err(LabelError::Taken));
    }

    #[test]
    fn words_of_programs_are_no_labels_and_the_usual_ones_are() {
        assert_eq!(names("$Forwarded NonJunk $MDNSent \\Seen JunkRecorded"), [""; 0]);
        assert_eq!(names("projekt &xcW7NA- PROJEKT"), ["projekt", "업무"]);
        let usual = Label::among("$Label2 NonJunk $label5");
        let numbers: Vec<_> = usual.iter().map(Label::number).collect();
        assert_eq!(numbers, [Some(2), Some(5)]);
        assert_eq!(usual[0].keyword(), "$label2");
    }

    #[test]
    fn a_name_from_a_server_shows_nothing_it_should_not() {
        // Base64 of a right-to-left override, then "abc".
        assert_eq!(Label::of("&IC4-abc").unwrap().name(), "abc");
        assert_eq!(Label::of("&IC4-").unwrap().name(), "&IC4-");
        assert_eq!(Label::of("AT&T").unwrap().name(), "AT&T");
        assert_eq!(Label::of(&"x".repeat(400)).unwrap().name().len(), SHOWN);
        assert_eq!(Label::among(&"a b ".repeat(1_000)).len(), 2);
    }

    #[test]
    fn a_search_means_the_usual_one_and_the_one_of_that_name() {
        let words = |text| -> Vec<String> {
            Label::meant(text).iter().map(|label| label.keyword().to_owned()).collect()
        };
        assert_eq!(words("Work"), ["$label2", "Work"]);
        assert_eq!(words("$label2"), ["$label2"]);
        assert_eq!(words("업무"), ["&xcW7NA-"]);
        assert_eq!(words(" "), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_label_is_an_atom_and_finds_itself(name in "\\PC{1,20}") {
            if let Ok(label) = Label::named(&name) {
                let of_atom = |byte: u8| (b'!'..=b'~').contains(&byte) && !b"(){%*\"\\]".contains(&byte);
                prop_assert!(label.keyword().bytes().all(of_atom), "{}", label.keyword());
                prop_assert!(label.keyword().len() <= LONGEST);
                prop_assert!(Label::of(label.keyword()).unwrap().is(&label));
                prop_assert!(!label.name().is_empty());
            }
        }

        #[test]
        fn anything_a_server_says_has_a_name(keywords: String) {
            for label in Label::among(&keywords) {
                prop_assert!(!label.name().is_empty() && label.hue(6) < 6);
            }
        }
    }
}
