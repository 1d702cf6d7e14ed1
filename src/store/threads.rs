//! Conversations: letters that refer to each other by Message-ID, wherever they
//! lie. The subject alone never joins letters.
//!
//! Every id seen or referred to belongs to a thread; a letter that refers to ids
//! of several threads makes them one.

use super::error::Result;
use super::pool::Store;
use crate::model::{Envelope, ThreadId};
use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// References kept of one letter: the first, and the last ones.
const MAX_REFS: usize = 64;
/// Joins of threads that are followed.
const MAX_STEPS: usize = 8;

impl Store {
    /// How many letters each of these conversations has, in their order; 0 for one
    /// that is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn thread_sizes(&self, threads: &[ThreadId]) -> Result<Vec<u64>> {
        self.read(|conn| {
            let mut size = conn.prepare_cached("SELECT mails FROM thread WHERE id = ?")?;
            threads
                .iter()
                .map(|thread| {
                    let mails: Option<i64> =
                        size.query_row([thread.0], |row| row.get(0)).optional()?;
                    Ok(mails.unwrap_or(0).unsigned_abs())
                })
                .collect()
        })
    }
}

/// The hash of a Message-ID: the first 8 bytes of its SHA-256.
pub(super) fn hash(message_id: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(message_id.trim().as_bytes()).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Hashes of the ids a letter refers to, oldest first: References, and what
/// In-Reply-To adds to it.
pub(super) fn references(envelope: &Envelope) -> Vec<i64> {
    let own = envelope.message_id.as_deref().map(hash);
    let mut refs: Vec<i64> = Vec::new();
    for id in envelope.references.iter().chain(&envelope.in_reply_to) {
        let hash = hash(id);
        if Some(hash) != own && !refs.contains(&hash) {
            // A flood of references keeps the first and the nearest.
            if refs.len() == MAX_REFS {
                refs.remove(1);
            }
            refs.push(hash);
        }
    }
    refs
}

/// `mail.refs`: eight bytes each.
pub(super) fn pack(refs: &[i64]) -> Vec<u8> {
    refs.iter().flat_map(|hash| hash.to_be_bytes()).collect()
}

/// The reverse of [`pack`].
pub(super) fn unpack(bytes: &[u8]) -> Vec<i64> {
    bytes
        .chunks_exact(8)
        .filter_map(|chunk| chunk.try_into().ok())
        .map(i64::from_be_bytes)
        .collect()
}

/// Finds or makes the thread of a letter, joining threads it connects.
pub(super) fn assign(tx: &Transaction<'_>, msgid: Option<i64>, refs: &[i64]) -> Result<ThreadId> {
    let hashes = || refs.iter().copied().chain(msgid);
    let mut known = Vec::new();
    let mut new = Vec::new();
    for hash in hashes() {
        match of_hash(tx, hash)? {
            Some(thread) => {
                if !known.contains(&thread) {
                    known.push(thread);
                }
            }
            None => new.push(hash),
        }
    }
    // The larger thread takes in the smaller ones: a mail is moved a few times at
    // most, in whatever order letters join threads.
    let mut size = tx.prepare_cached("SELECT mails FROM thread WHERE id = ?")?;
    let mut largest = None;
    for thread in &known {
        let mails: i64 = size.query_row([thread], |row| row.get(0))?;
        largest = largest.max(Some((mails, std::cmp::Reverse(*thread))));
    }
    let thread = match largest {
        Some((_, std::cmp::Reverse(thread))) => thread,
        None => {
            tx.prepare_cached("INSERT INTO thread (merged) VALUES (NULL)")?.execute([])?;
            tx.last_insert_rowid()
        }
    };
    for loser in known.into_iter().filter(|t| *t != thread) {
        tx.prepare_cached("UPDATE mail SET thread_id = ? WHERE thread_id = ?")?
            .execute([thread, loser])?;
        // Chains of joins stay one step long, however the letters come.
        tx.prepare_cached("UPDATE thread SET merged = ?1 WHERE merged = ?2 OR id = ?2")?
            .execute([thread, loser])?;
        tx.prepare_cached(
            "UPDATE thread SET mails = mails + (SELECT mails FROM thread WHERE id = ?2)
             WHERE id = ?1",
        )?
        .execute([thread, loser])?;
    }
    tx.prepare_cached("UPDATE thread SET mails = mails + 1 WHERE id = ?")?.execute([thread])?;
    for hash in new {
        tx.prepare_cached("INSERT INTO msgid (hash, thread_id) VALUES (?, ?)")?
            .execute([hash, thread])?;
    }
    Ok(ThreadId(thread))
}

/// The thread an id belongs to, through all joins.
pub(super) fn of_hash(conn: &Connection, hash: i64) -> Result<Option<i64>> {
    let first: Option<i64> = conn
        .prepare_cached("SELECT thread_id FROM msgid WHERE hash = ?")?
        .query_row([hash], |row| row.get(0))
        .optional()?;
    let Some(mut thread) = first else {
        return Ok(None);
    };
    let mut step = conn.prepare_cached("SELECT merged FROM thread WHERE id = ?")?;
    // One step is enough; a damaged store may hold a circle.
    for _ in 0..MAX_STEPS {
        let joined: Option<Option<i64>> = step.query_row([thread], |row| row.get(0)).optional()?;
        match joined.flatten() {
            Some(joined) => thread = joined,
            None => break,
        }
    }
    Ok(Some(thread))
}

/// A mail of a thread, for building its tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub mail: i64,
    pub msgid: Option<i64>,
    pub refs: Vec<i64>,
}

/// For each member (in the given order) the index of the one it answers: the
/// nearest of its references that is here. Loops are cut.
pub(super) fn parents(members: &[Member]) -> Vec<Option<usize>> {
    let mut by_id: HashMap<i64, usize> = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        if let Some(id) = member.msgid {
            by_id.entry(id).or_insert(index);
        }
    }
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(members.len());
    for (index, member) in members.iter().enumerate() {
        let parent =
            member.refs.iter().rev().filter_map(|id| by_id.get(id)).copied().find(|p| *p != index);
        parents.push(parent);
    }
    // Walk up from each; who is met again on the same walk is in a loop, and becomes
    // its root. What was walked before is not walked again.
    let mut walks = vec![usize::MAX; parents.len()];
    for start in 0..parents.len() {
        let mut at = Some(start);
        while let Some(index) = at {
            match walks.get_mut(index) {
                Some(walk) if *walk == usize::MAX => {
                    *walk = start;
                    at = parents.get(index).copied().flatten();
                }
                Some(walk) if *walk == start => {
                    if let Some(parent) = parents.get_mut(index) {
                        *parent = None;
                    }
                    at = None;
                }
                _ => at = None,
            }
        }
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(mail: i64, id: i64, refs: &[i64]) -> Member {
        Member { mail, msgid: Some(id), refs: refs.to_vec() }
    }

    #[test]
    fn the_nearest_known_reference_is_the_parent() {
        let thread = [
            member(1, 10, &[]),
            member(2, 20, &[10]),
            member(3, 30, &[10, 20]),
            member(4, 40, &[10]),
            // Answers a letter that is not here: hangs on its grandparent.
            member(5, 50, &[10, 20, 99]),
        ];
        assert_eq!(parents(&thread), [None, Some(0), Some(1), Some(0), Some(1)]);
    }

    #[test]
    fn letters_that_answer_each_other_do_not_loop() {
        let thread = [member(1, 10, &[20]), member(2, 20, &[30]), member(3, 30, &[10])];
        let cut = parents(&thread);
        assert_eq!(cut.iter().filter(|p| p.is_none()).count(), 1);
        // One that answers a letter of the loop keeps its place.
        let thread = [member(0, 5, &[10]), member(1, 10, &[20]), member(2, 20, &[10])];
        assert_eq!(parents(&thread), [Some(1), None, Some(1)]);
    }

    #[test]
    fn references_name_each_id_once_and_not_the_letter_itself() {
        let envelope = Envelope {
            message_id: Some("a@x".into()),
            references: vec!["r@x".into(), "a@x".into(), "r@x".into()],
            in_reply_to: vec!["p@x".into()],
            ..Envelope::default()
        };
        assert_eq!(references(&envelope), [hash("r@x"), hash("p@x")]);
        // printf 'r@x' | sha256sum | cut -c1-16
        assert_eq!(format!("{:016x}", hash("r@x")), SHA_OF_R);
    }

    const SHA_OF_R: &str = "a1ae6ba43b1daf0f";
}
