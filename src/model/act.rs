//! What the user does to letters and folders.

use super::{AccountId, Flags, FolderId, GestureId, LetterId};

/// Flags and keywords to set and to clear.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlagChange {
    /// Flags to set.
    pub add: Flags,
    /// Flags to clear.
    pub remove: Flags,
    /// Keywords to set (`$NotJunk`): no flags of [`Flags`].
    pub add_words: Vec<String>,
    /// Keywords to clear.
    pub remove_words: Vec<String>,
}

impl FlagChange {
    /// The change that sets and clears these flags.
    pub fn flags(add: Flags, remove: Flags) -> Self {
        Self { add, remove, ..Self::default() }
    }

    /// Flags and keywords (sorted, separated by spaces) after the change. What is both set
    /// and cleared is cleared.
    pub fn apply(&self, flags: Flags, keywords: Option<&str>) -> (Flags, Option<String>) {
        let flags = flags.with(self.add).without(self.remove);
        let among = |words: &[String], word: &str| words.iter().any(|w| same(w, word));
        let mut words: Vec<&str> = keywords.unwrap_or_default().split_ascii_whitespace().collect();
        for word in &self.add_words {
            if !words.iter().any(|known| same(known, word)) {
                words.push(word);
            }
        }
        words.retain(|word| !among(&self.remove_words, word));
        words.sort_unstable();
        (flags, (!words.is_empty()).then(|| words.join(" ")))
    }

    /// What of the change makes a difference to these flags and keywords.
    #[must_use]
    pub fn narrowed(&self, flags: Flags, keywords: Option<&str>) -> Self {
        let (after, words_after) = self.apply(flags, keywords);
        let words = |text: Option<&str>| -> Vec<String> {
            text.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect()
        };
        let (before, after_words) = (words(keywords), words(words_after.as_deref()));
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            of.iter().filter(|word| !from.iter().any(|w| same(w, word))).cloned().collect()
        };
        Self {
            add: after.without(flags),
            remove: flags.without(after),
            add_words: missing(&before, &after_words),
            remove_words: missing(&after_words, &before),
        }
    }

    /// The change that takes this one back, if all of it made a difference.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            add: self.remove,
            remove: self.add,
            add_words: self.remove_words.clone(),
            remove_words: self.add_words.clone(),
        }
    }

    /// Whether it changes nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Keywords are the same in any case (RFC 9051, 2.3.2).
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Something the user does. All of it is done together and undone together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Set and clear flags.
    Flag(Vec<LetterId>, FlagChange),
    /// Put letters into another folder.
    Move(Vec<LetterId>, FolderId),
    /// Put copies of letters into a folder.
    Copy(Vec<LetterId>, FolderId),
    /// Put letters into the trash; those that lie there stay.
    Trash(Vec<LetterId>),
    /// Put letters into the trash; those that lie there are deleted for good.
    Delete(Vec<LetterId>),
    /// Delete letters for good, wherever they lie.
    DeleteForGood(Vec<LetterId>),
    /// Put letters away; those that are put away stay.
    Archive(Vec<LetterId>),
    /// Letters are junk: marked so, and put where junk goes.
    Junk(Vec<LetterId>),
    /// Letters are no junk: marked so, and those that lie among junk put into the inbox.
    NotJunk(Vec<LetterId>),
    /// Mark every letter of a folder as read.
    MarkAllRead(FolderId),
    /// Delete for good what lies in the trash of an account.
    EmptyTrash(AccountId),
    /// Make a folder: its path, levels separated by `/`.
    CreateFolder(AccountId, String),
    /// Give a folder another path; the folders below it go with it.
    RenameFolder(FolderId, String),
    /// Remove a folder. Its letters go to the trash.
    DeleteFolder(FolderId),
    /// Subscribe to a folder, or not any more.
    Subscribe(FolderId, bool),
}

impl Act {
    /// The word for it, in `--json` and in the store.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Flag(..) => "flag",
            Self::Move(..) => "move",
            Self::Copy(..) => "copy",
            Self::Trash(_) | Self::Delete(_) => "delete",
            Self::DeleteForGood(_) => "delete-for-good",
            Self::Archive(_) => "archive",
            Self::Junk(_) => "junk",
            Self::NotJunk(_) => "not-junk",
            Self::MarkAllRead(_) => "mark-all-read",
            Self::EmptyTrash(_) => "empty-trash",
            Self::CreateFolder(..) => "create-folder",
            Self::RenameFolder(..) => "rename-folder",
            Self::DeleteFolder(_) => "delete-folder",
            Self::Subscribe(..) => "subscribe",
        }
    }
}

/// What was done at a gesture of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gesture {
    /// Its number, by which it is undone.
    pub id: GestureId,
    /// What it was: a word of [`Act::word`], `append` or `undo`.
    pub kind: String,
    /// How many letters (or folders) it changed.
    pub changed: usize,
    /// Folders whose rows changed.
    pub folders: Vec<FolderId>,
    /// Accounts whose servers are to be told.
    pub accounts: Vec<AccountId>,
    /// It can be taken back.
    pub can_undo: bool,
    /// How many letters (or folders) stayed as they are where something was taken back:
    /// they are gone for good, or have gone on since.
    pub left: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(add: &[&str], remove: &[&str]) -> FlagChange {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
        FlagChange { add_words: words(add), remove_words: words(remove), ..Default::default() }
    }

    #[test]
    fn keywords_are_set_once_whatever_their_case_and_stay_sorted() {
        let (_, words) = change(&["$NotJunk", "Zebra"], &["junk"])
            .apply(Flags::NONE, Some("$notjunk Junk apple"));
        assert_eq!(words.as_deref(), Some("$notjunk Zebra apple"));
        let (_, none) = change(&[], &["$NOTJUNK"]).apply(Flags::NONE, Some("$notjunk"));
        assert_eq!(none, None);
    }

    #[test]
    fn a_narrowed_change_undone_gives_back_what_was_there() {
        let wanted = FlagChange {
            add: Flags::SEEN.with(Flags::FLAGGED),
            remove: Flags::JUNK,
            ..change(&["a", "b"], &["c", "d"])
        };
        let (before, words) = (Flags::SEEN, Some("a c"));
        let real = wanted.narrowed(before, words);
        assert_eq!((real.add, real.remove), (Flags::FLAGGED, Flags::NONE));
        assert_eq!(
            (&real.add_words[..], &real.remove_words[..]),
            (&["b".into()][..], &["c".into()][..])
        );
        let (after, after_words) = real.apply(before, words);
        assert_eq!(
            (after, after_words.as_deref()),
            (Flags::SEEN.with(Flags::FLAGGED), Some("a b"))
        );
        let back = real.inverse().apply(after, after_words.as_deref());
        assert_eq!(back, (before, words.map(str::to_owned)));
    }
}
