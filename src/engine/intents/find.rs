//! Finding letters on the server whose UID is not known (any more), and those that were
//! sent before and not confirmed.

use super::{Group, Replay, Result, Server, ids, refusable, uids};
use crate::model::{FolderId, IntentId};
use crate::net::imap::{Fetched, ImapError, Store as Change, StoreHow, UidSet, Wanted};
use crate::store::intents::{Identity, Kind, State, Task, Why};
use std::collections::{BTreeSet, HashMap};

/// Letters whose headers are looked at when a server cannot search, at most.
const HEADERS: u32 = 20_000;
/// Letters that may have one Message-ID.
const SAME: usize = 200;

impl<S: Server> Replay<'_, S> {
    /// Opens the folder the letters of a group are in, makes sure that their UIDs are good
    /// and that nothing of it was done before. What is left is to be sent now.
    pub(super) async fn placed(&mut self, group: Group) -> Result<Option<Group>> {
        let Some(first) = group.first() else { return Ok(None) };
        let (kind, state, known) =
            (first.intent.kind, first.intent.state, first.intent.uid.is_some());
        let (Some(folder), Some(mailbox)) = (first.intent.folder, first.mailbox.clone()) else {
            // Its folder is gone from the server, or never was there.
            self.gone(&ids(&group))?;
            return Ok(None);
        };
        let selected = match self.select(&mailbox).await? {
            Ok(selected) => selected,
            Err(ImapError::NoSuchMailbox(_)) => {
                let settled = self.store.folder_gone(folder)?;
                self.settled(settled);
                return Ok(None);
            }
            Err(refusal) => {
                self.refused(&group, &refusal)?;
                return Ok(None);
            }
        };
        // Without UIDVALIDITY a UID is good for one connection only.
        if !known || selected.uidvalidity.is_none() {
            self.find(&group, &mailbox, folder, selected.uidvalidity).await?;
            return Ok(None);
        }
        if first.intent.uidvalidity != selected.uidvalidity {
            self.store.renumbered(&ids(&group))?;
            return Ok(None);
        }
        match (kind, state) {
            (Kind::Move | Kind::Copy, State::Sent) => self.recover(group).await,
            _ => Ok(Some(group)),
        }
    }

    /// What was sent before and not confirmed: what of it was done is confirmed, what was
    /// not is left.
    async fn recover(&mut self, group: Group) -> Result<Option<Group>> {
        let Some(first) = group.first() else { return Ok(None) };
        let (is_move, copied) = (first.intent.kind == Kind::Move, first.intent.detail.copied);
        let Some(mailbox) = first.mailbox.clone() else { return Ok(None) };
        if is_move && copied {
            return Ok(Some(group));
        }
        let there = self.present(&uids(&group)).await?;
        let here = |task: &Task| task.intent.uid.is_some_and(|uid| there.contains(&uid));
        // A copy leaves the original; so does a move by copying until its second half. What
        // can move does it in one step.
        let by_copying = !is_move || !self.server.offers("MOVE");
        let (left, look): (Group, Group) =
            group.into_iter().partition(|task| here(task) && !by_copying);
        let found = self.arrived(&look).await?;
        if is_move
            && by_copying
            && let Some(task) = look.first()
        {
            self.unmark(task, &found).await?;
        }
        let mut done = Vec::new();
        let mut half = Vec::new();
        let mut gone = Vec::new();
        let mut left = left;
        let mut removal = Vec::new();
        for mut task in look {
            let id = task.intent.id;
            match (found.get(&id), here(&task)) {
                (Some(at), true) if is_move => {
                    half.push((id, Some(*at)));
                    task.intent.detail.copied = true;
                    task.intent.detail.after_validity = Some(at.0);
                    task.intent.detail.copy_uid = Some(at.1);
                    removal.push(task);
                }
                (Some(at), _) => done.push((id, Some(*at))),
                (None, true) => left.push(task),
                (None, false) => gone.push(id),
            }
        }
        self.confirm(&done)?;
        self.gone(&gone)?;
        if !half.is_empty() {
            self.store.copied(&half)?;
        }
        // The look at the target has opened that.
        match self.select(&mailbox).await? {
            Ok(_) if !removal.is_empty() => self.letters(removal).await?,
            Ok(_) => {}
            Err(refusal) => {
                self.refused(&left, &refusal)?;
                return Ok(None);
            }
        }
        match self.select(&mailbox).await? {
            Ok(_) if !left.is_empty() => Ok(Some(left)),
            _ => Ok(None),
        }
    }

    /// The line may have broken while these copies were about to be removed again: they do
    /// not stay marked for that.
    async fn unmark(&mut self, task: &Task, found: &HashMap<IntentId, (u32, u32)>) -> Result<()> {
        let Some(target) = task.target.clone().filter(|_| !found.is_empty()) else { return Ok(()) };
        let Ok(selected) = self.select(&target).await? else { return Ok(()) };
        let here = found.values().filter(|(validity, _)| Some(*validity) == selected.uidvalidity);
        let change = Change {
            uids: UidSet::of(here.map(|(_, uid)| *uid)),
            how: StoreHow::Remove,
            flags: vec!["\\Deleted".to_owned()],
            unchanged_since: None,
        };
        if !change.uids.is_empty() {
            refusable(self.server.store(&change).await)?.ok();
        }
        Ok(())
    }

    /// Which of these UIDs the open folder has.
    pub(super) async fn present(&mut self, uids: &BTreeSet<u32>) -> Result<BTreeSet<u32>> {
        let mut there = BTreeSet::new();
        let set = UidSet::of(uids.iter().copied());
        let mut take = |fetched: Fetched| there.extend(fetched.uid);
        self.server.each(set, Wanted::Flags, &mut take).await?;
        Ok(there)
    }

    /// Where letters that were sent to another folder lie there now, if they do. One group:
    /// all have the same target.
    pub(super) async fn arrived(
        &mut self,
        group: &[Task],
    ) -> Result<HashMap<IntentId, (u32, u32)>> {
        let mut found = HashMap::new();
        let mut wanted: Vec<(IntentId, Identity)> = Vec::new();
        for task in group {
            if let Some(at) = self.store.arrived(&task.intent)? {
                found.insert(task.intent.id, at);
            } else if let Some(identity) = self.store.identity(&task.intent)? {
                wanted.push((task.intent.id, identity));
            }
        }
        let Some(first) = group.first() else { return Ok(found) };
        let (Some(mailbox), Some(folder)) = (first.target.clone(), first.intent.target) else {
            return Ok(found);
        };
        if wanted.is_empty() {
            return Ok(found);
        }
        let Ok(selected) = self.select(&mailbox).await? else { return Ok(found) };
        let Some(validity) = selected.uidvalidity else { return Ok(found) };
        let after = first
            .intent
            .detail
            .after
            .filter(|_| first.intent.detail.after_validity == Some(validity));
        match after {
            Some(after) => {
                let come = self.headers(UidSet::range(after, u32::MAX)).await?;
                let come = come.into_iter().filter(|(uid, _)| *uid >= after).collect();
                self.assign(folder, validity, &wanted, come, &mut found)?;
            }
            None => {
                for one in wanted {
                    let candidates = self.candidates(&one.1).await?;
                    self.assign(folder, validity, &[one], candidates, &mut found)?;
                }
            }
        }
        Ok(found)
    }

    /// Gives each letter one of these UIDs that fits it and is nobody else's.
    fn assign(
        &self,
        folder: FolderId,
        validity: u32,
        wanted: &[(IntentId, Identity)],
        come: Vec<(u32, Identity)>,
        found: &mut HashMap<IntentId, (u32, u32)>,
    ) -> Result<()> {
        let mut taken: BTreeSet<u32> = found.values().map(|(_, uid)| *uid).collect();
        for (id, identity) in wanted {
            for (uid, other) in &come {
                if taken.contains(uid)
                    || !identity.is(other)
                    || self.store.is_taken(folder, validity, *uid)?
                {
                    continue;
                }
                taken.insert(*uid);
                found.insert(*id, (validity, *uid));
                break;
            }
        }
        Ok(())
    }

    /// Letters of the open folder that may be this one, with what they are recognised by.
    async fn candidates(&mut self, identity: &Identity) -> Result<Vec<(u32, Identity)>> {
        let answer = refusable(self.server.search(&query(identity)).await)?;
        match answer {
            Ok(mut uids) => {
                uids.sort_unstable();
                // The newest, if somebody gave one id to many.
                let from = uids.len().saturating_sub(SAME);
                self.headers(UidSet::of(uids.into_iter().skip(from))).await
            }
            // It cannot search for that: all headers, where they are not too many.
            Err(_) => {
                let exists = self.open.as_ref().map_or(0, |(_, selected)| selected.exists);
                match exists <= HEADERS {
                    true => self.headers(UidSet::range(1, u32::MAX)).await,
                    false => Ok(Vec::new()),
                }
            }
        }
    }

    async fn headers(&mut self, set: UidSet) -> Result<Vec<(u32, Identity)>> {
        let mut come = Vec::new();
        if set.is_empty() {
            return Ok(come);
        }
        let mut take = |fetched: Fetched| {
            if let (Some(uid), Some(bytes)) = (fetched.uid, &fetched.bytes) {
                come.push((uid, Identity::of(bytes, fetched.size.unwrap_or_default())));
            }
        };
        match refusable(self.server.each(set, Wanted::Header, &mut take).await)? {
            Ok(()) | Err(_) => Ok(come),
        }
    }

    /// Finds letters of the open folder by what they are.
    async fn find(
        &mut self,
        group: &[Task],
        mailbox: &str,
        folder: FolderId,
        validity: Option<u32>,
    ) -> Result<()> {
        let Some(validity) = validity else {
            return self.refuse(&ids(group), &Why::NoNumbers);
        };
        for task in group {
            // What the one before did may have found this one as well.
            let identity = self.store.identity(&task.intent)?;
            let mut found = HashMap::new();
            if let Some(identity) = identity {
                match self.select(mailbox).await? {
                    Ok(_) => {}
                    Err(refusal) => {
                        self.refused(std::slice::from_ref(task), &refusal)?;
                        continue;
                    }
                }
                let candidates = self.candidates(&identity).await?;
                let one = [(task.intent.id, identity)];
                self.assign(folder, validity, &one, candidates, &mut found)?;
            }
            if let Some((validity, uid)) = found.get(&task.intent.id) {
                self.store.found(task.intent.id, *validity, *uid)?;
                continue;
            }
            // Another program may have put it where it was to go.
            if task.intent.kind == Kind::Move {
                let arrived = self.arrived(std::slice::from_ref(task)).await?;
                if let Some(at) = arrived.get(&task.intent.id) {
                    self.confirm(&[(task.intent.id, Some(*at))])?;
                    continue;
                }
            }
            match task.intent.detail.renumbered {
                true => self.refuse(&[task.intent.id], &Why::Renumbered)?,
                false => self.gone(&[task.intent.id])?,
            }
        }
        Ok(())
    }
}

/// What a server is asked to find a letter.
fn query(identity: &Identity) -> String {
    let plain = |id: &&String| id.bytes().all(|b| (b' '..=b'~').contains(&b)) && id.len() < 900;
    match identity.message_id.as_ref().filter(plain) {
        Some(id) => {
            let id = id.replace('\\', "\\\\").replace('"', "\\\"");
            format!("HEADER Message-ID \"{id}\"")
        }
        None => {
            let size = identity.size;
            format!("LARGER {} SMALLER {}", size.saturating_sub(1), size.saturating_add(1))
        }
    }
}
