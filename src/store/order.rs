//! Lists in another order than the newest first: what stands where.
//!
//! An order is the numbers of all letters of a list, eight bytes each: it is made once for
//! what lies there now, and its rows are read a page at a time.

use super::error::Result;
use super::pool::Store;
use super::rows::LetterRow;
use crate::mime::subject;
use crate::model::{Address, Flags, FolderId, LetterId, Role};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The order of a list. Among equals the newest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// What answers a question best first; where there is none, newest first.
    Best,
    /// Oldest first.
    Oldest,
    /// By the sender's name, or address where there is none.
    Sender,
    /// By the subject, without what answering put before it.
    Subject,
    /// Largest first.
    Size,
    /// Unread ones first.
    Unread,
    /// Those with a star first.
    Starred,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among<'a> {
    /// Every letter, once though it may lie in several folders.
    All,
    /// Letters of these folders.
    Folders(&'a [FolderId]),
}

/// A letter to be put in its place.
pub(super) struct Entry {
    pub mail: i64,
    pub place: i64,
    flags: Flags,
}

/// The letters of a list, in an order.
pub(super) fn entries(conn: &Connection, among: Among<'_>, sort: Sort) -> Result<Vec<Entry>> {
    // Other orders are found without looking at each letter's place.
    let flags = matches!(sort, Sort::Unread | Sort::Starred);
    let mut entries = match among {
        Among::All => all(conn, flags)?,
        Among::Folders(folders) => of_folders(conn, folders, flags)?,
    };
    match sort {
        Sort::Newest | Sort::Best => {}
        Sort::Oldest => entries.reverse(),
        Sort::Unread => entries.sort_by_key(|entry| entry.flags.has(Flags::SEEN)),
        Sort::Starred => entries.sort_by_key(|entry| !entry.flags.has(Flags::FLAGGED)),
        Sort::Size => {
            let sql = "SELECT size FROM mail INDEXED BY mail_facts WHERE id = ?";
            let mut size = conn.prepare_cached(sql)?;
            let mut keyed = Vec::with_capacity(entries.len());
            for entry in entries {
                let size: i64 = size.query_row([entry.mail], |row| row.get(0))?;
                keyed.push((Reverse(size), entry));
            }
            entries = sorted(keyed);
        }
        Sort::Sender => entries = by_text(conn, "sender", sender_key, entries)?,
        Sort::Subject => entries = by_text(conn, "subject", subject_key, entries)?,
    }
    Ok(entries)
}

/// Puts letters that were found, the newest first, in an order: as a folder is that holds them.
pub fn put_in_order(letters: &mut [LetterRow], sort: Sort) {
    match sort {
        Sort::Newest | Sort::Best => {}
        Sort::Oldest => letters.reverse(),
        Sort::Unread => letters.sort_by_key(|letter| letter.flags.has(Flags::SEEN)),
        Sort::Starred => letters.sort_by_key(|letter| !letter.flags.has(Flags::FLAGGED)),
        Sort::Size => letters.sort_by_key(|letter| Reverse(letter.size)),
        Sort::Sender => letters.sort_by_cached_key(|letter| {
            let name = letter.from.as_ref().map_or_else(String::new, |from| bare(from.label()));
            (name.is_empty(), name)
        }),
        Sort::Subject => letters.sort_by_cached_key(|letter| {
            let subject = subject_key(&letter.subject);
            (subject.is_empty(), subject)
        }),
    }
}

impl Store {
    /// All letters of a list in an order. Takes some hundredths of a second for a hundred
    /// thousand: not for the window's thread.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn order(&self, among: Among<'_>, sort: Sort) -> Result<Vec<LetterId>> {
        self.read(|conn| {
            let entries = entries(conn, among, sort)?;
            Ok(entries.into_iter().map(|entry| LetterId(entry.place)).collect())
        })
    }

    /// Rows of these letters, in their order. Those that are gone are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rows_of(&self, letters: &[LetterId]) -> Result<Vec<LetterRow>> {
        self.read(|conn| super::rows::rows_of(conn, letters))
    }

    /// How many of these letters lie in a folder of this role.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_in(&self, letters: &[LetterId], role: Role) -> Result<usize> {
        self.read(|conn| {
            let mut lies = conn.prepare_cached(
                "SELECT 1 FROM place p JOIN folder f ON f.id = p.folder_id
                 WHERE p.id = ?1 AND f.role = ?2",
            )?;
            let mut count = 0;
            for letter in letters {
                count += usize::from(lies.exists(rusqlite::params![letter.0, role.word()])?);
            }
            Ok(count)
        })
    }
}

/// Each letter once, newest first: in the inbox before other folders, where everything lies
/// anyway last.
fn all(conn: &Connection, flags: bool) -> Result<Vec<Entry>> {
    let mut statement =
        conn.prepare_cached("SELECT id, 2 * (role IS NOT 'inbox') + (role IS 'all') FROM folder")?;
    let folders = statement.query_map([], |row| Ok((FolderId(row.get(0)?), row.get(1)?)))?;
    let mut entries = Vec::new();
    for folder in folders {
        let (folder, rank): (FolderId, i64) = folder?;
        let letters = of_folders(conn, &[folder], flags)?;
        entries.extend(letters.into_iter().map(|entry| (rank, entry)));
    }
    entries.sort_unstable_by_key(|(rank, entry)| (Reverse(entry.mail), *rank, entry.place));
    entries.dedup_by_key(|(_, entry)| entry.mail);
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

/// Letters of folders, newest first; with their flags, if that matters.
fn of_folders(conn: &Connection, folders: &[FolderId], flags: bool) -> Result<Vec<Entry>> {
    let flags = if flags { "flags" } else { "0" };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT mail_id, id, {flags} FROM place WHERE folder_id = ?
         ORDER BY mail_id DESC, id DESC"
    ))?;
    let mut entries: Vec<Entry> = Vec::new();
    for folder in folders {
        let rows = statement.query_map([folder.0], |row| {
            Ok(Entry {
                mail: row.get(0)?,
                place: row.get(1)?,
                flags: Flags::from_bits(row.get(2)?),
            })
        })?;
        for row in rows {
            entries.push(row?);
        }
    }
    if folders.len() > 1 {
        entries.sort_by_key(|entry| Reverse((entry.mail, entry.place)));
    }
    Ok(entries)
}

/// By a text of the mail; those without one come last.
fn by_text(
    conn: &Connection,
    column: &str,
    key: fn(&str) -> String,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>> {
    let mut text = conn.prepare_cached(&format!("SELECT {column} FROM mail WHERE id = ?"))?;
    let mut keyed = Vec::with_capacity(entries.len());
    for entry in entries {
        let key = text.query_row([entry.mail], |row| Ok(key(row.get_ref(0)?.as_str()?)))?;
        keyed.push(((key.is_empty(), key), entry));
    }
    Ok(sorted(keyed))
}

/// The sort is stable: among equals the order of before stays, the newest first.
fn sorted<K: Ord>(mut keyed: Vec<(K, Entry)>) -> Vec<Entry> {
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.into_iter().map(|(_, entry)| entry).collect()
}

/// What a sender is sorted by: `sender` as the store has it.
fn sender_key(sender: &str) -> String {
    let from: Option<Address> = serde_json::from_str(sender).ok();
    from.map_or_else(String::new, |from| bare(from.label()))
}

/// What a subject is sorted by.
fn subject_key(subject: &str) -> String {
    let mut rest = bare(subject);
    loop {
        let Some((word, after)) = subject::first_word(&rest, &['[', '(']) else { return rest };
        let word = word.as_str();
        let known = subject::ANSWERS.contains(&word) || subject::FORWARDS.contains(&word);
        // A word too plain to be taken away from an answer's subject.
        if !known && word != "답변" {
            return rest;
        }
        rest = bare(after);
    }
}

/// In lower case, without quotes and spaces around it.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’')
    })
    .to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::mime;
    use crate::model::Act;
    use crate::store::{Circumstances, Incoming, Packer, prepare};

    #[test]
    fn answers_are_sorted_with_what_they_answer_and_names_without_their_quotes() {
        for subject in ["Re: 회의", "RE :  회의", "답장: Fwd: 회의 ", "Re[2]: 회의", "“회의”"]
        {
            assert_eq!(subject_key(subject), "회의", "{subject}");
        }
        assert_eq!(subject_key("Note: keep"), "note: keep");
        assert_eq!(sender_key(r#"{"name":"\"Kim\"","addr":"z@a.example"}"#), "kim");
        assert_eq!(sender_key(r#"{"name":null,"addr":"Z@a.example"}"#), "z@a.example");
        assert_eq!(sender_key("null"), "");
    }

    /// A store with these letters in one folder: sender, subject, day, size, flags.
    fn store(
        dir: &std::path::Path,
        letters: &[(&str, &str, u32, usize, Flags)],
    ) -> (Store, FolderId) {
        let store = Store::open(dir).unwrap();
        let folder = store.ensure_folder("local/inbox").unwrap();
        for (from, subject, day, size, flags) in letters {
            let raw = format!(
                "From: {from}\r\nSubject: {subject}\r\nDate: {day} Nov 2026 10:00:00 +0000\r\n\r\n{}",
                "x".repeat(*size)
            );
            let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
            let parsed = mime::parse(raw.as_bytes());
            let prepared = Box::new(prepare(parsed, &with, &mut Packer::new(None)));
            store.add(&[(folder, Incoming::New(prepared), *flags)]).unwrap();
        }
        (store, folder)
    }

    fn subjects(store: &Store, among: Among<'_>, sort: Sort) -> Vec<String> {
        let ids = store.order(among, sort).unwrap();
        store.rows_of(&ids).unwrap().into_iter().map(|row| row.subject).collect()
    }

    #[test]
    fn each_order_puts_letters_where_people_look_for_them() {
        let dir = tempfile::tempdir().unwrap();
        let (store, folder) = store(
            dir.path(),
            &[
                ("bora@a.example", "Plan", 1, 10, Flags::SEEN),
                ("\"Ara\" <z@a.example>", "Zoo", 2, 3000, Flags::NONE),
                ("Chan <c@a.example>", "Re: plan", 3, 200, Flags::SEEN.with(Flags::FLAGGED)),
                ("Ara <y@a.example>", "apple", 4, 50, Flags::SEEN),
            ],
        );
        let folders = [folder];
        for among in [Among::Folders(&folders), Among::All] {
            let by = |sort| subjects(&store, among, sort);
            assert_eq!(by(Sort::Newest), ["apple", "Re: plan", "Zoo", "Plan"]);
            assert_eq!(by(Sort::Oldest), ["Plan", "Zoo", "Re: plan", "apple"]);
            assert_eq!(by(Sort::Sender), ["apple", "Zoo", "Plan", "Re: plan"]);
            assert_eq!(by(Sort::Subject), ["apple", "Re: plan", "Plan", "Zoo"]);
            assert_eq!(by(Sort::Size), ["Zoo", "Re: plan", "apple", "Plan"]);
            assert_eq!(by(Sort::Unread), ["Zoo", "apple", "Re: plan", "Plan"]);
            assert_eq!(by(Sort::Starred), ["Re: plan", "apple", "Zoo", "Plan"]);
        }
        // As the list itself has them.
        let listed: Vec<_> = store.list(None, 0, 10).unwrap().iter().map(|row| row.id).collect();
        assert_eq!(store.order(Among::All, Sort::Newest).unwrap(), listed);
        assert_eq!(store.count_in(&listed, Role::Trash).unwrap(), 0);
        store.act(&Act::Delete(listed[..3].to_vec())).unwrap();
        assert_eq!(store.count_in(&listed, Role::Trash).unwrap(), 3);
        assert_eq!(store.rows_of(&[LetterId(99), listed[0]]).unwrap().len(), 1);
    }
}
