//! Lists by conversation: the letters of a list that belong together stand together.
//!
//! A bundle is the letters of one conversation that lie in what is listed. Which letters
//! these are is found for the whole list at once, sixteen bytes a letter; what a row says of
//! them, and who answered whom, is read for the rows that are looked at.
//!
//! Promise: what References say never costs more than the number of letters, whatever circles
//! or chains they make.

use super::error::Result;
use super::order::{Among, Entry, Sort, entries};
use super::pool::Store;
use super::prepare::PROP_ATTACHMENT;
use super::rows::{LetterRow, rows_of};
use super::threads::{self, Member};
use crate::model::{Address, Flags, LetterId, ThreadId};
use rusqlite::{Connection, OptionalExtension};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Steps that an answer stands to the right of what it answers, at most.
pub const DEEPEST: u8 = 6;
/// Letters of a bundle whose writers are named: the newest.
const WRITERS: i64 = 40;
/// Lists of fewer letters ask for the conversation of each.
const FEW: usize = 1_000;
/// Letters of a conversation that are asked what they answer: the newest.
const ANSWERS: i64 = 20_000;

/// A list by conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundled {
    letters: Vec<LetterId>,
    /// Where each bundle ends in them.
    ends: Vec<u32>,
    threads: Vec<ThreadId>,
}

impl Bundled {
    /// How many bundles there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The conversations, in their order.
    pub fn threads(&self) -> &[ThreadId] {
        &self.threads
    }

    /// The letters of a bundle, the newest first; none where there is no such bundle.
    pub fn letters(&self, at: usize) -> &[LetterId] {
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let from = at.checked_sub(1).and_then(end).unwrap_or(0);
        self.letters.get(from..end(at).unwrap_or(from)).unwrap_or_default()
    }

    /// The same bundles in this order of conversations; those it does not name are left out.
    #[must_use]
    pub fn arranged(&self, order: &[ThreadId]) -> Self {
        let at: HashMap<ThreadId, usize> =
            self.threads.iter().enumerate().map(|(at, thread)| (*thread, at)).collect();
        let mut arranged = Self::default();
        for thread in order {
            if let Some(at) = at.get(thread) {
                arranged.push(*thread, self.letters(*at).iter().copied());
            }
        }
        arranged
    }

    fn push(&mut self, thread: ThreadId, letters: impl Iterator<Item = LetterId>) {
        self.letters.extend(letters);
        self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
        self.threads.push(thread);
    }
}

/// What a row says of a bundle of several letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// Its letters, the newest first, each with its flags.
    pub letters: Vec<(LetterId, Flags)>,
    /// Who wrote them, each once: who wrote last comes first.
    pub who: Vec<Address>,
    /// One of them has attachments.
    pub has_attachment: bool,
    /// References of all of them that are trackers.
    pub trackers: u64,
}

/// Where a letter of a bundle stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The letter.
    pub letter: LetterId,
    /// How many steps to the right: 0 for the first, at most [`DEEPEST`].
    pub depth: u8,
    /// Steps further left, a bit each, that go on below it: others answer there.
    pub lines: u8,
    /// No other stands below it at its own step.
    pub last: bool,
}

impl Store {
    /// All letters of a list by conversation, in an order: a conversation stands where the
    /// first of its letters does, in lists by date where the newest does. Takes some
    /// hundredths of a second for a hundred thousand: not for the window's thread.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn bundled(&self, among: Among<'_>, sort: Sort) -> Result<Bundled> {
        self.read(|conn| {
            let by_date = matches!(sort, Sort::Newest | Sort::Oldest);
            let entries = entries(conn, among, if by_date { Sort::Newest } else { sort })?;
            let threads = threads_of(conn, &entries)?;
            let mut keyed: Vec<(i64, Reverse<i64>, u32)> = entries
                .iter()
                .zip(&threads)
                .zip(0..)
                .map(|((entry, thread), at)| (*thread, Reverse(entry.mail), at))
                .collect();
            keyed.sort_unstable();
            // Each run of one conversation, by where its first letter stood.
            let mut runs: Vec<(u32, usize, usize)> = Vec::new();
            let mut from = 0;
            for run in keyed.chunk_by(|one, other| one.0 == other.0) {
                let first = run.iter().map(|(_, _, at)| *at).min().unwrap_or(0);
                runs.push((first, from, from + run.len()));
                from += run.len();
            }
            runs.sort_unstable();
            if sort == Sort::Oldest {
                runs.reverse();
            }
            let mut bundled = Bundled {
                letters: Vec::with_capacity(entries.len()),
                ends: Vec::with_capacity(runs.len()),
                threads: Vec::with_capacity(runs.len()),
            };
            for (_, from, to) in runs {
                let run = keyed.get(from..to).unwrap_or_default();
                let thread = ThreadId(run.first().map_or(0, |(thread, ..)| *thread));
                let place = |at: u32| entries.get(at as usize).map(|entry| LetterId(entry.place));
                bundled.push(thread, run.iter().filter_map(|(_, _, at)| place(*at)));
            }
            Ok(bundled)
        })
    }

    /// A row for each of these bundles, given by their letters: the newest letter that is
    /// there, and what is said of all of them where there are several. Bundles of which
    /// nothing is left are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn bundles(&self, of: &[&[LetterId]]) -> Result<Vec<(LetterRow, Option<Bundle>)>> {
        self.read(|conn| {
            let mut rows = Vec::with_capacity(of.len());
            for letters in of {
                let bundle = match letters {
                    [_] => None,
                    letters => Some(bundle(conn, letters)?),
                };
                let newest = match &bundle {
                    None => letters.first(),
                    Some(bundle) => bundle.letters.first().map(|(id, _)| id),
                };
                let row = rows_of(conn, newest.map_or(&[], std::slice::from_ref))?.pop();
                let several = bundle.filter(|bundle| bundle.letters.len() > 1);
                rows.extend(row.map(|row| (row, several)));
            }
            Ok(rows)
        })
    }

    /// These letters of a conversation, each below the one it answers, or below the nearest
    /// one before that; the oldest first. Those that answer none of them hang on the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn branches(&self, thread: ThreadId, letters: &[LetterId]) -> Result<Vec<Branch>> {
        self.read(|conn| {
            let mut mail_of = conn.prepare_cached("SELECT mail_id FROM place WHERE id = ?")?;
            let mut shown: HashMap<i64, Vec<LetterId>> = HashMap::new();
            for letter in letters {
                let mail = mail_of.query_row([letter.0], |row| row.get(0)).optional()?;
                if let Some(mail) = mail {
                    shown.entry(mail).or_default().push(*letter);
                }
            }
            let mut members = members(conn, thread)?;
            // Of a conversation too long to be asked, the oldest answer none.
            let known: std::collections::HashSet<i64> =
                members.iter().map(|member| member.mail).collect();
            let rest = shown.keys().filter(|mail| !known.contains(mail));
            members.extend(rest.map(|mail| Member { mail: *mail, msgid: None, refs: Vec::new() }));
            members.sort_by_key(|member| member.mail);
            Ok(tree(&members, &shown))
        })
    }
}

/// The conversation of each entry.
fn threads_of(conn: &Connection, entries: &[Entry]) -> Result<Vec<i64>> {
    let sql = "SELECT thread_id FROM mail INDEXED BY mail_facts WHERE id = ?";
    let mut one = conn.prepare_cached(sql)?;
    let mut ask = |mail: i64| one.query_row([mail], |row| row.get::<_, i64>(0));
    let all: i64 = conn
        .prepare_cached("SELECT coalesce(sum(total), 0) FROM folder")?
        .query_row([], |row| row.get(0))?;
    let all = usize::try_from(all).unwrap_or(usize::MAX);
    if entries.len() < FEW || entries.len() < all / 8 {
        return Ok(entries.iter().map(|e| ask(e.mail)).collect::<std::result::Result<_, _>>()?);
    }
    // A large share of all mail: one walk through the index instead of as many searches.
    let mails = entries.iter().map(|entry| entry.mail);
    let (least, most) = (mails.clone().min().unwrap_or(0), mails.max().unwrap_or(0));
    let sql = "SELECT id, thread_id FROM mail INDEXED BY mail_facts
               WHERE id BETWEEN ? AND ? ORDER BY id DESC";
    let mut walk = conn.prepare_cached(sql)?;
    let mut rows = walk.query([least, most])?;
    let mut known: Vec<(Reverse<i64>, i64)> = Vec::with_capacity(entries.len());
    while let Some(row) = rows.next()? {
        known.push((Reverse(row.get(0)?), row.get(1)?));
    }
    let mut at = 0;
    let mut threads = Vec::with_capacity(entries.len());
    for entry in entries {
        let mail = Reverse(entry.mail);
        let is_here = |at: usize| known.get(at).is_some_and(|(here, _)| *here == mail);
        // The newest first, mostly.
        if !is_here(at) {
            at = match is_here(at + 1) {
                true => at + 1,
                false => known.partition_point(|(here, _)| *here < mail),
            };
        }
        threads.push(match known.get(at).filter(|(here, _)| *here == mail) {
            Some((_, thread)) => *thread,
            None => ask(entry.mail)?,
        });
    }
    Ok(threads)
}

fn bundle(conn: &Connection, letters: &[LetterId]) -> Result<Bundle> {
    let mut facts = conn.prepare_cached(
        "SELECT p.flags, p.mail_id, m.props, m.trackers FROM place p
         JOIN mail m INDEXED BY mail_facts ON m.id = p.mail_id WHERE p.id = ?",
    )?;
    let mut writer = conn.prepare_cached("SELECT sender FROM mail WHERE id = ?")?;
    let mut bundle = Bundle::default();
    let mut named = 0;
    for letter in letters {
        let found = facts
            .query_row([letter.0], |row| {
                let facts: (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
                Ok((Flags::from_bits(row.get(0)?), facts))
            })
            .optional()?;
        let Some((flags, (mail, props, trackers))) = found else { continue };
        bundle.letters.push((*letter, flags));
        bundle.has_attachment |= props & PROP_ATTACHMENT != 0;
        bundle.trackers = bundle.trackers.saturating_add(trackers.unsigned_abs());
        if named < WRITERS {
            named += 1;
            let sender: Option<Address> = writer.query_row([mail], |row| {
                Ok(serde_json::from_str(row.get_ref(0)?.as_str()?).ok())
            })?;
            let is_new =
                |from: &Address| bundle.who.iter().all(|who| !same_address(&who.addr, &from.addr));
            if let Some(from) = sender.filter(is_new) {
                bundle.who.push(from);
            }
        }
    }
    Ok(bundle)
}

fn same_address(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The mails of a conversation, wherever they lie: what one answers may lie elsewhere.
fn members(conn: &Connection, thread: ThreadId) -> Result<Vec<Member>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, msgid, refs FROM mail WHERE thread_id = ? ORDER BY id DESC LIMIT ?",
    )?;
    let rows = statement.query_map([thread.0, ANSWERS], |row| {
        let refs: Option<Vec<u8>> = row.get(2)?;
        Ok(Member {
            mail: row.get(0)?,
            msgid: row.get(1)?,
            refs: threads::unpack(&refs.unwrap_or_default()),
        })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The tree of those members that are shown, in the order it is read.
fn tree(members: &[Member], shown: &HashMap<i64, Vec<LetterId>>) -> Vec<Branch> {
    let places = |at: usize| members.get(at).and_then(|member| shown.get(&member.mail));
    let parents = nearest(&threads::parents(members), |at| places(at).is_some());
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
    let mut roots =
        (0..members.len()).filter(|at| places(*at).is_some() && parents.get(*at) == Some(&None));
    let Some(head) = roots.next() else { return Vec::new() };
    for at in (0..members.len()).filter(|at| *at != head && places(*at).is_some()) {
        let parent = parents.get(at).copied().flatten().unwrap_or(head);
        if let Some(answers) = answers.get_mut(parent) {
            answers.push(at);
        }
    }
    let mut branches = Vec::with_capacity(members.len());
    let mut walk = vec![(head, 0u8)];
    while let Some((at, depth)) = walk.pop() {
        for letter in places(at).into_iter().flatten() {
            branches.push(Branch { letter: *letter, depth, lines: 0, last: false });
        }
        let below = (depth + 1).min(DEEPEST);
        let answers = answers.get(at).into_iter().flatten();
        walk.extend(answers.rev().map(|answer| (*answer, below)));
    }
    // From below: what goes on at each step.
    let mut on = 0u8;
    for branch in branches.iter_mut().rev() {
        let own = 1 << branch.depth;
        branch.lines = on & (own - 1);
        branch.last = on & own == 0;
        on = (on & (own - 1)) | own;
    }
    branches
}

/// For each member the nearest one above it that is shown.
fn nearest(parents: &[Option<usize>], is_shown: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
    let mut found: Vec<Option<Option<usize>>> = vec![None; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut at = start;
        let above = loop {
            if let Some(known) = found.get(at).copied().flatten() {
                break known;
            }
            path.push(at);
            match parents.get(at).copied().flatten() {
                None => break None,
                Some(parent) if is_shown(parent) => break Some(parent),
                Some(parent) => at = parent,
            }
        };
        for at in path {
            if let Some(found) = found.get_mut(at) {
                *found = Some(above);
            }
        }
    }
    found.into_iter().map(Option::flatten).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
