//! One folder: open it, find what changed since, bring it in, and only then say that it
//! is in step (RFC 3501, 7162).
//!
//! Three ways to find what changed, the cheapest first that the server offers: it tells
//! by itself (QRESYNC), it tells of flags (CONDSTORE), it tells of nothing and everything
//! is compared. Whatever the way, the count of letters must come out as the server says,
//! else everything is compared.

use super::fetch::Want;
use super::{Counts, Session, SyncEvent};
use crate::engine::Result;
use crate::model::{Flags, FolderId, FolderPolicy, LetterId};
use crate::net::imap::{Fetched, Request, Resync, Selected, Status, UidSet, Wanted};
use crate::store::{Changes, Cursor, FlagsOf, Known, Mailbox};
use std::collections::{HashMap, HashSet};

/// Letters shown before anything else comes.
const SCREENFUL: u32 = 50;
/// Without CONDSTORE, flags of so many newest letters are compared each time, of all of
/// them where there are not many more.
const FLAG_WINDOW: u32 = 5_000;
/// Sizes of so many newest letters are known before the first is fetched.
const SIZED: usize = 3_000;
/// A server that shows only part of a folder shows so many letters.
const PARTIAL_VIEW: usize = 9_500;
/// Where UIDs are given a second time, so many letters may have got them before that shows.
const IN_DOUBT: u32 = 1_000;
/// A day, in seconds.
const DAY: i64 = 86_400;

/// A letter as the server lists it.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub uid: u32,
    pub flags: Option<FlagsOf>,
    pub size: Option<u64>,
    pub delivered: Option<i64>,
    /// What the server knows it by, whatever folders it lies in.
    pub twin: Option<u64>,
}

impl Entry {
    pub(super) fn of(fetched: &Fetched) -> Option<Self> {
        let uid = fetched.uid.filter(|uid| *uid > 0)?;
        Some(Self {
            uid,
            flags: fetched.flags.map(|flags| flags_of(flags, &fetched.keywords)),
            size: fetched.size,
            delivered: fetched.delivered,
            twin: fetched.gmail_message,
        })
    }
}

pub(super) fn flags_of(flags: Flags, keywords: &[String]) -> FlagsOf {
    FlagsOf::new(flags, keywords)
}

/// What was found out about a folder.
#[derive(Debug, Default)]
struct Found {
    /// Letters that are not here, or not whole as they should be.
    missing: Vec<Entry>,
    flags: Vec<(u32, FlagsOf)>,
    vanished: Vec<(u32, u32)>,
    /// The highest UID the server told of.
    highest: u32,
    /// Where nobody counts changes: flags from this UID on were compared in turn.
    window: Option<u32>,
}

/// An open folder, and how it was before.
pub(super) struct Open<'m> {
    pub mailbox: &'m Mailbox,
    pub selected: Selected,
    /// Where it stood; nothing, if its UIDs have lost their meaning since.
    pub cursor: Cursor,
    /// UIDs from here on may have come since, by another connection of ours too: what was
    /// told at the opening does not prove them gone.
    below: u32,
}

impl Open<'_> {
    pub(super) fn id(&self) -> FolderId {
        self.mailbox.id
    }

    /// Its UIDs are of this. A server that does not say gives them no meaning beyond the
    /// connection.
    fn uidvalidity(&self) -> u32 {
        self.selected.uidvalidity.unwrap_or(0)
    }

    /// Those of these that the server would have told of.
    fn gone(&self, vanished: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
        let last = self.below.saturating_sub(1);
        let kept = vanished.into_iter().filter(|(from, _)| *from <= last);
        kept.map(|(from, to)| (from, to.min(last))).collect()
    }

    /// Where it stands while it is not in step yet.
    fn unfinished(&self) -> Cursor {
        Cursor { uidvalidity: Some(self.uidvalidity()), ..Cursor::default() }
    }
}

impl Session<'_> {
    /// Opens a folder. UIDs that have lost their meaning are forgotten; the letters stay.
    pub(super) async fn open<'m>(&mut self, mailbox: &'m Mailbox) -> Result<Open<'m>> {
        let cursor = mailbox.cursor;
        let resync = match (cursor.uidvalidity, cursor.highestmodseq) {
            (Some(uidvalidity), Some(modseq)) if cursor.is_whole() && self.can("CONDSTORE") => {
                Some(Resync { uidvalidity, modseq, known: None })
            }
            _ => None,
        };
        let highest = self.store.highest_uid(mailbox.id)?;
        let selected = self.connection.select(&mailbox.remote, resync.as_ref()).await?;
        let below = selected.uidnext.unwrap_or(0).max(highest.saturating_add(1));
        let mut open = Open { mailbox, selected, cursor, below };
        let same =
            open.selected.uidvalidity.is_some() && open.selected.uidvalidity == cursor.uidvalidity;
        // A mailbox put back from a copy: UIDs above are, or will be, those of other letters.
        let back = open.selected.uidnext.filter(|next| same && Some(*next) < cursor.uidnext);
        if !same || back.is_some() {
            match back {
                Some(uidnext) => self.store.doubt_uids(mailbox.id, uidnext, IN_DOUBT)?,
                None if cursor.uidvalidity.is_some() => self.store.forget_uids(mailbox.id)?,
                None => {}
            }
            open.cursor = Cursor::default();
            self.store.apply(
                mailbox.id,
                &Changes { cursor: Some(open.unfinished()), ..Changes::default() },
            )?;
        }
        Ok(open)
    }

    /// Whether the server can do this, and does it well.
    fn can(&self, what: &str) -> bool {
        let words = self.connection.capabilities();
        let quirks = self.connection.quirks();
        match what {
            "CONDSTORE" => !quirks.no_qresync && (words.has("CONDSTORE") || words.has("QRESYNC")),
            "QRESYNC" => !quirks.no_qresync && words.has("QRESYNC"),
            other => words.has(other),
        }
    }

    /// The newest letters of a folder that was never looked at.
    pub(super) async fn screenful(&mut self, mailbox: &Mailbox) -> Result<Counts> {
        let open = self.open(mailbox).await?;
        let exists = open.selected.exists;
        if exists == 0 {
            return Ok(Counts::default());
        }
        let first = exists.saturating_sub(SCREENFUL - 1).max(1);
        let newest = Request {
            set: UidSet::range(first, exists),
            by_sequence: true,
            wanted: Wanted::Overview,
        };
        let mut entries = self.entries(vec![newest]).await?;
        if let Some(first) = entries.first() {
            let here: HashSet<u32> =
                self.store.uids_from(open.id(), first.uid)?.into_iter().collect();
            entries.retain(|entry| !here.contains(&entry.uid));
        }
        let wants = self.wants(mailbox, &entries, &HashSet::new(), &[]);
        let brought = self.bring(&open, wants, false).await?;
        Ok(Counts { new: brought.applied.new.len() as u64, ..Counts::default() })
    }

    /// Brings a folder in step.
    pub(super) async fn folder(
        &mut self,
        mailbox: &Mailbox,
        status: Option<&Status>,
    ) -> Result<Counts> {
        self.tell(SyncEvent::Folder { folder: mailbox.id, path: mailbox.path.clone() });
        let was_whole = mailbox.cursor.is_whole();
        let open = self.open(mailbox).await?;
        let found = self.find(&open).await?;
        // What is known already is shown before anything is fetched.
        let mut counts = Counts::default();
        if !found.flags.is_empty() || !found.vanished.is_empty() {
            let changes =
                Changes { flags: found.flags, vanished: found.vanished, ..Changes::default() };
            let applied = self.store.apply(open.id(), &changes)?;
            counts.flags_changed += applied.flags_changed;
            counts.expunged += applied.expunged;
            if applied.flags_changed + applied.expunged > 0 {
                self.tell(SyncEvent::Changed(open.id()));
            }
        }
        let partial: HashSet<u32> = self.store.partial(open.id())?.into_iter().collect();
        let rest = self.rest_of(mailbox)?;
        let wants = self.wants(mailbox, &found.missing, &partial, &rest);
        let wants = self.reunite(&open, wants).await?;
        let (wants, twins) = self.twins(&open, wants)?;
        let mut brought = self.bring(&open, wants, true).await?;
        super::intake::add(&mut brought.applied, twins);
        counts.new += brought.applied.new.len() as u64;
        counts.completed += brought.applied.completed;
        counts.flags_changed += brought.applied.flags_changed;
        if brought.complete {
            self.finish(&open, found.highest, status)?;
        }
        if let Some(from) = found.window {
            self.store.flags_compared(open.id(), from)?;
        }
        if was_whole && open.cursor.is_whole() && !brought.applied.new.is_empty() {
            let new = brought.applied.new.iter().map(|(_, id)| *id).collect();
            self.tell(SyncEvent::New(open.id(), new));
        }
        Ok(counts)
    }

    /// Everything is here: from now on only changes are asked for.
    fn finish(&self, open: &Open<'_>, highest: u32, status: Option<&Status>) -> Result<()> {
        // What was told at the opening: what came or changed since is told again.
        let selected = &open.selected;
        let uidnext = selected.uidnext.unwrap_or_else(|| highest.saturating_add(1));
        // Where another share of it was chosen meanwhile, this was not all.
        let whole = self.share_stands(open.mailbox)?;
        let cursor = Cursor {
            uidvalidity: Some(open.uidvalidity()),
            uidnext: Some(uidnext),
            highestmodseq: selected.highestmodseq.filter(|_| self.can("CONDSTORE")),
            lowest_uid: whole.then_some(1),
            messages: Some(selected.exists),
            unseen: status.and_then(|status| status.unseen),
        };
        if cursor != open.mailbox.cursor {
            self.store.apply(open.id(), &Changes { cursor: Some(cursor), ..Changes::default() })?;
        }
        Ok(())
    }

    /// Whether as much of a folder is to be here as when the pass began.
    fn share_stands(&self, mailbox: &Mailbox) -> Result<bool> {
        let policy =
            self.store.account_by_id(self.account.id)?.map(|account| account.settings.policy);
        let now = self.store.mailbox(mailbox.id)?;
        Ok(policy == Some(self.account.settings.policy)
            && now.is_some_and(|now| now.policy == mailbox.policy))
    }

    /// Brings one letter whole, of which only the header is here.
    pub(super) async fn letter(&mut self, letter: LetterId) -> Result<()> {
        let Some((folder, uid)) = self.store.uid_of(letter)? else { return Ok(()) };
        let Some(mailbox) = self.store.mailbox(folder)? else { return Ok(()) };
        let done = self.whole_letter(&mailbox, uid).await;
        if self.mind(Some(folder), done)?.is_some() && self.store.is_whole(letter)? {
            self.tell(SyncEvent::Whole(letter));
        }
        Ok(())
    }

    async fn whole_letter(&mut self, mailbox: &Mailbox, uid: u32) -> Result<()> {
        let open = self.open(mailbox).await?;
        let ask =
            Request { set: UidSet::range(uid, uid), by_sequence: false, wanted: Wanted::Overview };
        let entries = self.entries(vec![ask]).await?;
        let want = |entry: &Entry| Want { entry: entry.clone(), whole: true, header: true };
        let wants = entries.iter().filter(|entry| entry.uid == uid).map(want).collect();
        self.bring(&open, wants, false).await?;
        Ok(())
    }

    /// Answers to these, without their letters.
    pub(super) async fn entries(&mut self, requests: Vec<Request>) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut fetching = self.connection.fetch(requests).await?;
        while let Some(fetched) = fetching.next().await? {
            entries.extend(Entry::of(&fetched));
        }
        // Some servers tell of a letter twice, and in any order.
        entries.sort_by_key(|entry: &Entry| entry.uid);
        entries.dedup_by_key(|entry| entry.uid);
        Ok(entries)
    }

    async fn find(&mut self, open: &Open<'_>) -> Result<Found> {
        if open.selected.exists == 0 {
            // Said with the tagged OK of SELECT.
            let vanished = open.gone(vec![(1, u32::MAX)]);
            return Ok(Found { vanished, ..Found::default() });
        }
        if open.cursor.is_whole()
            && let Some(found) = self.find_changes(open).await?
        {
            return Ok(found);
        }
        self.compare(open).await
    }

    /// What changed, as the server tells it; nothing if what it tells does not add up.
    async fn find_changes(&mut self, open: &Open<'_>) -> Result<Option<Found>> {
        let cursor = &open.cursor;
        let Some(uidnext) = cursor.uidnext else { return Ok(None) };
        let since = cursor
            .highestmodseq
            .filter(|_| open.selected.highestmodseq.is_some() && self.can("CONDSTORE"));
        // A count that went back is another count: what it says of changes is nothing.
        if since > open.selected.highestmodseq {
            return Ok(None);
        }
        let qresync = since.is_some() && self.can("QRESYNC");
        let mut told: Vec<Entry> = Vec::new();
        let mut requests = Vec::new();
        let mut window = None;
        let all = UidSet::range(1, u32::MAX);
        match since {
            Some(since) if open.selected.highestmodseq == Some(since) => {}
            Some(_) if qresync => {
                told.extend(open.selected.changed.iter().filter_map(Entry::of));
            }
            Some(since) => requests.push(Request {
                set: all,
                by_sequence: false,
                wanted: Wanted::Changed { since, vanished: false },
            }),
            None => {
                // Nobody counts changes here: the newest are compared each time, the others
                // when the number of letters says that something is amiss.
                let exists = open.selected.exists;
                if exists <= 2 * FLAG_WINDOW {
                    return Ok(None);
                }
                requests.push(Request {
                    set: UidSet::range(exists - FLAG_WINDOW + 1, exists),
                    by_sequence: true,
                    wanted: Wanted::Flags,
                });
                // And some of the others each time, in turn.
                window = self.store.flag_window(open.id(), FLAG_WINDOW)?;
                requests.extend(window.map(|(from, to)| Request {
                    set: UidSet::range(from, to),
                    by_sequence: false,
                    wanted: Wanted::Flags,
                }));
            }
        }
        let news = open.selected.uidnext != Some(uidnext);
        if news {
            requests.push(Request {
                set: UidSet::range(uidnext, u32::MAX),
                by_sequence: false,
                wanted: Wanted::Overview,
            });
        }
        if !requests.is_empty() {
            told.extend(self.entries(requests).await?);
        }
        let (new, old): (Vec<Entry>, Vec<Entry>) =
            told.into_iter().partition(|entry| entry.uid >= uidnext);
        let vanished = open.selected.vanished.0.clone();
        let mut found = Found {
            flags: old.into_iter().filter_map(|e| e.flags.map(|flags| (e.uid, flags))).collect(),
            vanished,
            highest: new.iter().map(|entry| entry.uid).max().unwrap_or(uidnext - 1),
            missing: new,
            window: window.map(|(from, _)| from),
        };
        // Letters that came, and went before they were fetched, or that came in an earlier
        // pass that broke off.
        let mut missing: HashMap<u32, Entry> = HashMap::new();
        for entry in found.missing.drain(..) {
            let size = missing.get(&entry.uid).and_then(|known| known.size);
            missing.insert(entry.uid, Entry { size: entry.size.or(size), ..entry });
        }
        let here: HashSet<u32> = match missing.is_empty() {
            true => HashSet::new(),
            false => self.store.uids_from(open.id(), uidnext)?.into_iter().collect(),
        };
        for (uid, entry) in &missing {
            if let Some(flags) = entry.flags.clone().filter(|_| here.contains(uid)) {
                found.flags.push((*uid, flags));
            }
        }
        missing.retain(|uid, _| !here.contains(uid));
        let gone = self.store.count_uids_in(open.id(), &found.vanished)?;
        let count = self.store.count_uids(open.id())?.saturating_sub(gone) + missing.len() as u64;
        if count != u64::from(open.selected.exists) {
            return Ok(None);
        }
        found.missing = missing.into_values().collect();
        Ok(Some(found))
    }

    /// Compares all that the server has with all that is here.
    async fn compare(&mut self, open: &Open<'_>) -> Result<Found> {
        let known = self.store.known(open.id())?;
        let pending = self.store.pending(open.id())?;
        // Sizes and dates are only needed of what is fetched.
        let wanted = match known.is_empty() && open.selected.exists as usize <= SIZED {
            true => Wanted::Overview,
            false => Wanted::Flags,
        };
        let all = Request { set: UidSet::range(1, u32::MAX), by_sequence: false, wanted };
        let listed = self.entries(vec![all]).await?;
        let mut found = compared(&known, &listed);
        found.missing.retain(|entry| !pending.hides(entry.uid));
        found.vanished = open.gone(found.vanished);
        // A list that is shorter than what the server says it has proves nothing gone; one
        // that shows part of a folder only proves nothing of the rest.
        let quirks = self.connection.quirks();
        let lowest = listed.first().map_or(u32::MAX, |entry| entry.uid);
        if (listed.len() as u64) < u64::from(open.selected.exists) && !self.expunged() {
            found.vanished.clear();
        } else if quirks.partial_view && listed.len() >= PARTIAL_VIEW {
            found.vanished.retain(|(from, _)| *from > lowest);
        }
        // Of the others it is asked for while these are being worked out.
        let most = match self.policy(open.mailbox) {
            FolderPolicy::Everything => SIZED,
            _ => usize::MAX,
        };
        let sizes: Vec<u32> = found
            .missing
            .iter()
            .rev()
            .filter(|entry| entry.size.is_none())
            .map(|entry| entry.uid)
            .take(most)
            .collect();
        if !sizes.is_empty() {
            let overview =
                Request { set: UidSet::of(sizes), by_sequence: false, wanted: Wanted::Overview };
            let entries = self.entries(vec![overview]).await?;
            let by_uid: HashMap<u32, Entry> =
                entries.into_iter().map(|entry| (entry.uid, entry)).collect();
            for entry in &mut found.missing {
                if let Some(told) = by_uid.get(&entry.uid) {
                    *entry = told.clone();
                }
            }
        }
        Ok(found)
    }

    /// Whether the server has just told that letters went.
    fn expunged(&mut self) -> bool {
        use crate::net::imap::Unsolicited;
        self.unasked()
            .iter()
            .any(|said| matches!(said, Unsolicited::Expunge(_) | Unsolicited::Vanished(_)))
    }

    /// Letters whose headers are here, and that are to be here whole.
    pub(super) fn rest_of(&self, mailbox: &Mailbox) -> Result<Vec<u32>> {
        Ok(match self.policy(mailbox) {
            FolderPolicy::Everything => self.store.partial(mailbox.id)?,
            FolderPolicy::Days(days) => self.store.partial_since(mailbox.id, since(days))?,
            FolderPolicy::Headers | FolderPolicy::Nothing => Vec::new(),
        })
    }

    /// What is to be fetched of letters, newest first: by the folder's policy.
    fn wants(
        &self,
        mailbox: &Mailbox,
        entries: &[Entry],
        partial: &HashSet<u32>,
        rest: &[u32],
    ) -> Vec<Want> {
        let policy = self.policy(mailbox);
        let whole = |entry: &Entry| match policy {
            FolderPolicy::Everything => true,
            FolderPolicy::Headers | FolderPolicy::Nothing => false,
            FolderPolicy::Days(days) => entry.delivered.is_some_and(|at| at >= since(days)),
        };
        let mut wants: Vec<Want> = entries
            .iter()
            .filter(|entry| !partial.contains(&entry.uid))
            .map(|entry| Want { entry: entry.clone(), whole: whole(entry), header: false })
            .collect();
        // The rest of letters whose headers came earlier.
        wants.extend(rest.iter().map(|uid| {
            Want {
                entry: entries
                    .iter()
                    .find(|entry| entry.uid == *uid)
                    .cloned()
                    .unwrap_or(Entry { uid: *uid, ..Entry::default() }),
                whole: true,
                header: true,
            }
        }));
        wants.sort_by_key(|want| std::cmp::Reverse(want.entry.uid));
        wants.dedup_by_key(|want| want.entry.uid);
        wants
    }
}

/// The moment so many days ago, in seconds since 1970.
fn since(days: u32) -> i64 {
    jiff::Timestamp::now().as_second() - i64::from(days) * DAY
}

/// What differs between what is here (by UID) and what the server lists (by UID).
fn compared(known: &[Known], listed: &[Entry]) -> Found {
    let mut found = Found::default();
    let mut here = known.iter().peekable();
    let gone = |found: &mut Found, uid: u32| match found.vanished.last_mut() {
        Some((_, last)) if last.checked_add(1) == Some(uid) => *last = uid,
        _ => found.vanished.push((uid, uid)),
    };
    for entry in listed {
        while let Some(letter) = here.next_if(|letter| letter.uid < entry.uid) {
            gone(&mut found, letter.uid);
        }
        match here.next_if(|letter| letter.uid == entry.uid) {
            Some(letter) => {
                if let Some(flags) = &entry.flags
                    && (flags.flags, &flags.keywords) != (letter.flags, &letter.keywords)
                {
                    found.flags.push((entry.uid, flags.clone()));
                }
            }
            None => found.missing.push(entry.clone()),
        }
        found.highest = entry.uid;
    }
    for letter in here {
        gone(&mut found, letter.uid);
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::LetterId;

    fn known(uid: u32, flags: Flags) -> Known {
        Known { uid, id: LetterId(i64::from(uid)), flags, keywords: None, whole: true }
    }

    fn entry(uid: u32, flags: Flags) -> Entry {
        Entry { uid, flags: Some(flags_of(flags, &[])), ..Entry::default() }
    }

    #[test]
    fn what_came_what_changed_and_what_went_is_told_apart() {
        let here = [1, 2, 3, 5, 8, 9].map(|uid| known(uid, Flags::NONE));
        let there = [
            entry(3, Flags::NONE),
            entry(4, Flags::SEEN),
            entry(5, Flags::SEEN),
            entry(8, Flags::NONE),
            entry(12, Flags::NONE),
        ];
        let found = compared(&here, &there);
        let missing: Vec<u32> = found.missing.iter().map(|entry| entry.uid).collect();
        assert_eq!(missing, [4, 12]);
        assert_eq!(found.flags, [(5, flags_of(Flags::SEEN, &[]))]);
        assert_eq!(found.vanished, [(1, 2), (9, 9)]);
        assert_eq!(found.highest, 12);
    }
}
