//! Folder roles of RFC 6154 (SPECIAL-USE).

use std::fmt;
use std::str::FromStr;

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
