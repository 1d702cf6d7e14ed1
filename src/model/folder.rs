//! Folder roles of RFC 6154 (SPECIAL-USE), and the names of folders.
//!
//! Promise: a name that came from outside, of a server or an archive, is one level of a path
//! here, is seen as what it is, and is never empty.

use std::fmt;
use std::str::FromStr;

/// Longest path of a folder that is made here, in bytes.
pub const LONGEST_PATH: usize = 400;
/// Longest level of a path, in bytes: file systems take no longer names either.
const LONGEST_LEVEL: usize = 255;

/// One level of a folder's path, whatever it was called: without characters that nobody sees
/// or that turn what is drawn after them, and not too long.
/// `/` is what separates levels here, so another character stands for it.
pub fn folder_level(name: &str) -> String {
    let seen = name.chars().filter_map(|c| match c {
        '/' => Some('\u{2215}'),
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => None,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            None
        }
        '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => None,
        c => Some(c),
    });
    let mut level: String = seen.collect();
    level.truncate(level.floor_char_boundary(LONGEST_LEVEL));
    let level = level.trim();
    // Joiners belong to Persian words and to emoji; alone they are nothing.
    match level.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}')) {
        true => "?".to_owned(),
        false => level.to_owned(),
    }
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The inbox.
    Inbox,
    /// Copies of what was sent.
    Sent,
    /// Unfinished letters.
    Drafts,
    /// Letters put away.
    Archive,
    /// Junk mail.
    Junk,
    /// Deleted letters.
    Trash,
    /// Every letter of the account (Gmail).
    All,
}

impl Role {
    const NAMED: [(Self, &'static str); 7] = [
        (Self::Inbox, "inbox"),
        (Self::Sent, "sent"),
        (Self::Drafts, "drafts"),
        (Self::Archive, "archive"),
        (Self::Junk, "junk"),
        (Self::Trash, "trash"),
        (Self::All, "all"),
    ];

    /// The lower-case word used on the command line and in the store.
    pub fn word(self) -> &'static str {
        Self::NAMED.into_iter().find(|(role, _)| *role == self).map_or("", |(_, word)| word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::NAMED
            .into_iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word))
            .map(|(role, _)| role)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_from_outside_are_one_level_that_is_seen() {
        for (name, level) in [
            ("보낸 메일함", "보낸 메일함"),
            // A server may have both: each is called as it is there.
            ("Entwu\u{308}rfe", "Entwu\u{308}rfe"),
            ("a/b", "a\u{2215}b"),
            (" a\tb\r\nc ", "a b  c"),
            ("\u{1b}[31mred\u{7}", "[31mred"),
            ("exe.\u{202e}gpj", "exe.gpj"),
            ("in\u{200b}box", "inbox"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("..", ".."),
            ("", "?"),
            ("\0 \u{2067}\u{200d}", "?"),
        ] {
            assert_eq!(folder_level(name), level, "{name:?}");
        }
        assert_eq!(folder_level(&"가".repeat(200)), "가".repeat(85));
    }

    proptest! {
        #[test]
        fn whatever_it_was_called_it_is_a_level_and_stays_one(name: String) {
            let level = folder_level(&name);
            prop_assert!(!level.trim().is_empty() && level.len() <= LONGEST_LEVEL);
            prop_assert!(!level.contains('/') && !level.contains(char::is_control));
            prop_assert_eq!(folder_level(&level), level);
        }
    }
}
