//! Commands about letters.

use super::{Group, LATER, Replay, Result, Server, ids, refusable, said, uids};
use crate::model::{FlagChange, Flags, FolderId, IntentId, Label};
use crate::net::imap::{
    Copied, Fetched, ImapError, Selected, Store as Change, StoreHow, UidSet, Wanted,
};
use crate::store::intents::{Kind, Sending, Task, Why};
use std::collections::{BTreeSet, HashMap};

impl<S: Server> Replay<'_, S> {
    /// Sends what is to be done with the letters of a group. Their folder is open.
    pub(super) async fn letters(&mut self, group: Group) -> Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        match first.intent.kind {
            Kind::Flag => self.flag(group).await,
            Kind::Move => self.move_letters(group).await,
            Kind::Copy => self.copy(group).await,
            Kind::Delete => self.delete(group).await,
            _ => Ok(()),
        }
    }

    /// Writes down that a group is about to be sent; without what was taken back meanwhile.
    fn sending(&self, group: Group, sending: &Sending) -> Result<Group> {
        let alive: BTreeSet<IntentId> =
            self.store.sending(&ids(&group), sending)?.into_iter().collect();
        Ok(group.into_iter().filter(|task| alive.contains(&task.intent.id)).collect())
    }

    async fn flag(&mut self, group: Group) -> Result<()> {
        let group = self.sending(group, &Sending::default())?;
        let Some(first) = group.first() else { return Ok(()) };
        let permanent = self.open.as_ref().map(|(_, s)| s.permanent.clone()).unwrap_or_default();
        let set = UidSet::of(uids(&group));
        let (add, remove) = words(&first.intent.change);
        let no_label =
            add.iter().any(|word| Label::of(word).is_some() && !is_kept(&permanent, word));
        for (how, mut flags) in [(StoreHow::Add, add), (StoreHow::Remove, remove)] {
            // What it cannot keep is kept here for as long as it lasts.
            flags.retain(|flag| is_kept(&permanent, flag));
            if flags.is_empty() {
                continue;
            }
            let change = Change { uids: set.clone(), how, flags, unchanged_since: None };
            if let Err(refusal) = refusable(self.server.store(&change).await)? {
                return self.flags_refused(group, &refusal).await;
            }
        }
        // A label is asked for by hand, and seen: it does not go by itself later.
        if no_label {
            let there = self.flags_seen(group).await?;
            return self.refuse(&ids(&there), &Why::NoLabels);
        }
        let done: Vec<_> = ids(&group).into_iter().map(|id| (id, None)).collect();
        self.confirm(&done)
    }

    /// Flags go back to what the server has.
    async fn flags_refused(&mut self, group: Group, why: &ImapError) -> Result<()> {
        let refused = self.flags_seen(group).await?;
        self.refused(&refused, why)
    }

    /// Flags as the server has them; letters that lie there. Where some do not, nothing but
    /// that is seen to, and nobody is refused.
    async fn flags_seen(&mut self, group: Group) -> Result<Group> {
        let mut seen: HashMap<u32, Fetched> = HashMap::new();
        let mut take = |fetched: Fetched| {
            if let Some(uid) = fetched.uid {
                seen.insert(uid, fetched);
            }
        };
        let set = UidSet::of(uids(&group));
        refusable(self.server.each(set, Wanted::Flags, &mut take).await)?.ok();
        let mut refused = Vec::new();
        let mut gone = Vec::new();
        for task in group {
            match task.intent.uid.and_then(|uid| seen.get(&uid)) {
                Some(Fetched { flags: Some(flags), keywords, .. }) => {
                    if let Some(letter) = task.intent.place {
                        let words = (!keywords.is_empty()).then(|| keywords.join(" "));
                        self.store.flags_seen(letter, *flags, words.as_deref())?;
                    }
                    refused.push(task);
                }
                None if !seen.is_empty() => gone.push(task.intent.id),
                _ => refused.push(task),
            }
        }
        // Some refuse the whole for one letter that has gone.
        if !gone.is_empty() {
            self.store.unplaced(&gone)?;
            return Ok(Group::new());
        }
        Ok(refused)
    }

    async fn move_letters(&mut self, group: Group) -> Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        if first.intent.detail.copied {
            return self.remove_originals(group).await;
        }
        let Some(target) = first.target.clone() else {
            return self.refuse(&ids(&group), &Why::NoFolder);
        };
        let can_move = self.server.offers("MOVE");
        let sending = match can_move && self.server.offers("UIDPLUS") {
            true => Sending::default(),
            // What came of it can only be told from what was there before.
            false => match self.before(&target, &group).await? {
                Some(sending) => sending,
                None => return Ok(()),
            },
        };
        let group = self.sending(group, &sending)?;
        if group.is_empty() {
            return Ok(());
        }
        let set = UidSet::of(uids(&group));
        let answer = match can_move {
            true => refusable(self.server.move_to(&set, &target).await)?,
            false => refusable(self.server.copy(&set, &target).await)?,
        };
        let copied = match answer {
            Ok(copied) => copied,
            Err(refusal) => return self.move_refused(group, &refusal).await,
        };
        let (came, at) = self.came(group, copied, &sending).await?;
        if can_move {
            return self.confirm(&at);
        }
        self.store.copied(&at)?;
        let came = came
            .into_iter()
            .zip(at)
            .map(|(mut task, (_, at))| {
                task.intent.detail.copied = true;
                if let Some((validity, uid)) = at {
                    task.intent.detail.after_validity = Some(validity);
                    task.intent.detail.copy_uid = Some(uid);
                }
                task
            })
            .collect();
        self.remove_originals(came).await
    }

    /// Some servers refuse the whole for one letter that has gone, or have done part of it.
    async fn move_refused(&mut self, group: Group, why: &ImapError) -> Result<()> {
        let there = self.present(&uids(&group)).await?;
        let (left, gone): (Group, Group) = group
            .into_iter()
            .partition(|task| task.intent.uid.is_some_and(|uid| there.contains(&uid)));
        if !gone.is_empty() {
            // They are looked for; the others are sent again, without them.
            self.store.unplaced(&ids(&gone))?;
            return Ok(());
        }
        self.refused(&left, why)
    }

    /// What the target folder would give next, to tell what comes from what was there.
    async fn before(&mut self, target: &str, group: &[Task]) -> Result<Option<Sending>> {
        match refusable(self.server.status(target).await)? {
            Ok(status) => {
                let after = status.uidvalidity.zip(status.uidnext);
                Ok(Some(Sending { after }))
            }
            Err(refusal) => {
                self.refused(group, &refusal)?;
                Ok(None)
            }
        }
    }

    /// Those that came to the target, and where each lies there, in the same order. The
    /// others were not there any more.
    async fn came(
        &mut self,
        group: Group,
        copied: Option<Copied>,
        sending: &Sending,
    ) -> Result<(Group, Vec<(IntentId, Option<(u32, u32)>)>)> {
        let told = self.told(&group, copied, sending).await?;
        let (came, lost): (Group, Group) =
            group.into_iter().partition(|task| told.contains_key(&task.intent.id));
        self.store.unplaced(&ids(&lost))?;
        let at = came.iter().map(|t| (t.intent.id, told.get(&t.intent.id).copied())).collect();
        Ok((came, at))
    }

    /// Where copies lie now: as the server told, or as is seen.
    async fn told(
        &mut self,
        group: &[Task],
        copied: Option<Copied>,
        sending: &Sending,
    ) -> Result<HashMap<IntentId, (u32, u32)>> {
        if let Some(copied) = copied {
            let to: HashMap<u32, u32> = copied.uids.into_iter().collect();
            return Ok(group
                .iter()
                .filter_map(|task| {
                    let uid = to.get(&task.intent.uid?)?;
                    Some((task.intent.id, (copied.uidvalidity, *uid)))
                })
                .collect());
        }
        let back = self.open.as_ref().map(|(mailbox, _)| mailbox.clone());
        let mut look = group.to_vec();
        for task in &mut look {
            task.intent.detail.after = sending.after.map(|(_, next)| next);
            task.intent.detail.after_validity = sending.after.map(|(validity, _)| validity);
        }
        let found = self.arrived(&look).await?;
        if let Some(mailbox) = back {
            self.select(&mailbox).await?.ok();
        }
        Ok(found)
    }

    /// The second half of a move by copying.
    async fn remove_originals(&mut self, group: Group) -> Result<()> {
        if group.is_empty() {
            return Ok(());
        }
        let done: Vec<_> = group
            .iter()
            .map(|task| {
                let detail = &task.intent.detail;
                (task.intent.id, detail.after_validity.zip(detail.copy_uid))
            })
            .collect();
        let folder = group.first().and_then(|task| task.intent.folder);
        match self.expunge(&uids(&group), folder).await? {
            Expunged::Done => self.confirm(&done),
            Expunged::Later => {
                let settled = self.store.confirm_leaving(&done, self.now + LATER)?;
                self.replayed.done += done.len() as u64;
                self.settled(settled);
                Ok(())
            }
            Expunged::Refused(why) => self.back_out(group, &why).await,
        }
    }

    /// Originals cannot be taken out of their folder: the copies go again. Where that
    /// cannot be either, the letters lie in both.
    async fn back_out(&mut self, group: Group, why: &ImapError) -> Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        let (target, folder) = (first.target.clone(), first.intent.target);
        let validity = first.intent.detail.after_validity;
        let copies: BTreeSet<u32> =
            group.iter().filter_map(|task| task.intent.detail.copy_uid).collect();
        // From here on a copy is looked for before the original is touched again.
        self.store.uncopied(&ids(&group))?;
        let mut removed = false;
        if let Some(target) = target.filter(|_| copies.len() == group.len())
            && let Ok(selected) = self.select(&target).await?
            && selected.uidvalidity == validity
        {
            removed = matches!(self.expunge(&copies, folder).await?, Expunged::Done);
        }
        if removed {
            return self.refused(&group, why);
        }
        let at: Vec<_> = group
            .iter()
            .map(|task| (task.intent.id, validity.zip(task.intent.detail.copy_uid)))
            .collect();
        let reason = match said(why) {
            Why::Refused(words) | Why::Full(words) => Why::LeftBehind(words),
            other => other,
        };
        let settled = self.store.left_behind(&at, &reason)?;
        self.settled(settled);
        Ok(())
    }

    async fn delete(&mut self, group: Group) -> Result<()> {
        let group = self.sending(group, &Sending::default())?;
        if group.is_empty() {
            return Ok(());
        }
        let folder = group.first().and_then(|task| task.intent.folder);
        match self.expunge(&uids(&group), folder).await? {
            Expunged::Done => {
                let done: Vec<_> = ids(&group).into_iter().map(|id| (id, None)).collect();
                self.confirm(&done)
            }
            Expunged::Later => {
                let why = "another program has marked letters of this folder for removal";
                Ok(self.store.put_off(&ids(&group), self.now + LATER, why)?)
            }
            Expunged::Refused(why) => self.refused(&group, &why),
        }
    }

    /// Removes these letters of the open folder for good, and no others. What it refuses to
    /// remove does not stay marked.
    async fn expunge(
        &mut self,
        ours: &BTreeSet<u32>,
        folder: Option<FolderId>,
    ) -> Result<Expunged> {
        let set = UidSet::of(ours.iter().copied());
        let mark = |how| Change {
            uids: set.clone(),
            how,
            flags: vec!["\\Deleted".to_owned()],
            unchanged_since: None,
        };
        // Some say OK to whatever is asked of a folder that can only be read, and do nothing.
        let keeps = |s: &Selected| !s.read_only && is_kept(&s.permanent, "\\Deleted");
        if !self.open.as_ref().is_none_or(|(_, selected)| keeps(selected)) {
            let why = "letters cannot be removed from this folder";
            return Ok(Expunged::Refused(ImapError::No(why.into())));
        }
        if let Err(why) = refusable(self.server.store(&mark(StoreHow::Add)).await)? {
            return Ok(Expunged::Refused(why));
        }
        let answer = match self.server.offers("UIDPLUS") {
            true => refusable(self.server.expunge(&set).await)?,
            false => match self.may_expunge(ours, folder).await? {
                Ok(true) => refusable(self.server.expunge_all().await)?,
                Ok(false) => return Ok(Expunged::Later),
                Err(why) => Err(why),
            },
        };
        let Err(why) = answer else { return Ok(Expunged::Done) };
        refusable(self.server.store(&mark(StoreHow::Remove)).await)?.ok();
        Ok(Expunged::Refused(why))
    }

    /// Whether all that is marked for removal in the open folder is ours to remove.
    async fn may_expunge(
        &mut self,
        ours: &BTreeSet<u32>,
        folder: Option<FolderId>,
    ) -> Result<std::result::Result<bool, ImapError>> {
        // EXPUNGE takes all that are marked: only when all of those are to go anyway.
        let marked = match refusable(self.server.search("DELETED").await)? {
            Ok(marked) => marked,
            Err(why) => return Ok(Err(why)),
        };
        let pending = folder.map(|folder| self.store.pending(folder)).transpose()?;
        let going =
            |uid: &u32| ours.contains(uid) || pending.as_ref().is_some_and(|p| p.is_removed(*uid));
        Ok(Ok(marked.iter().all(going)))
    }

    async fn copy(&mut self, group: Group) -> Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        let Some(target) = first.target.clone() else {
            return self.refuse(&ids(&group), &Why::NoFolder);
        };
        let Some(sending) = self.before(&target, &group).await? else { return Ok(()) };
        let group = self.sending(group, &sending)?;
        if group.is_empty() {
            return Ok(());
        }
        let set = UidSet::of(uids(&group));
        let copied = match refusable(self.server.copy(&set, &target).await)? {
            Ok(copied) => copied,
            Err(refusal) => return self.move_refused(group, &refusal).await,
        };
        let (_, at) = self.came(group, copied, &sending).await?;
        self.confirm(&at)
    }

    /// Adds a letter that is here only.
    pub(super) async fn append(&mut self, task: &Task) -> Result<()> {
        let group = vec![task.clone()];
        let id = task.intent.id;
        let Some(target) = task.target.clone() else {
            return self.refuse(&[id], &Why::NoFolder);
        };
        if task.intent.state == crate::store::intents::State::Sent {
            let found = self.arrived(&group).await?;
            if let Some(at) = found.get(&id) {
                return self.confirm(&[(id, Some(*at))]);
            }
        }
        let Some(raw) = self.store.intent_raw(&task.intent)? else {
            // The user has removed it meanwhile.
            return self.gone(&[id]);
        };
        let Some(sending) = self.before(&target, &group).await? else { return Ok(()) };
        if self.sending(group.clone(), &sending)?.is_empty() {
            return Ok(());
        }
        let intent = &task.intent;
        let mut flags = named(intent.base.without(Flags::DELETED));
        let words = intent.detail.base_words.as_deref().unwrap_or_default();
        flags.extend(words.split_ascii_whitespace().map(str::to_owned));
        let answer = self.server.append(&target, &flags, intent.detail.date, &raw).await;
        match refusable(answer)? {
            Ok(Some(at)) => self.confirm(&[(id, Some((at.uidvalidity, at.uid)))]),
            Ok(None) => {
                let told = self.told(&group, None, &sending).await?;
                self.confirm(&[(id, told.get(&id).copied())])
            }
            Err(refusal) => self.refused(&group, &refusal),
        }
    }
}

/// How a removal went.
enum Expunged {
    Done,
    /// Others' letters are marked for removal as well: it must wait.
    Later,
    Refused(ImapError),
}

/// Flags as IMAP writes them.
fn named(flags: Flags) -> Vec<String> {
    [
        (Flags::SEEN, "\\Seen"),
        (Flags::ANSWERED, "\\Answered"),
        (Flags::FLAGGED, "\\Flagged"),
        (Flags::DRAFT, "\\Draft"),
        (Flags::DELETED, "\\Deleted"),
        (Flags::FORWARDED, "$Forwarded"),
        (Flags::JUNK, "$Junk"),
        (Flags::MDN_SENT, "$MDNSent"),
    ]
    .into_iter()
    .filter(|(flag, _)| flags.has(*flag))
    .map(|(_, name)| name.to_owned())
    .collect()
}

fn words(change: &FlagChange) -> (Vec<String>, Vec<String>) {
    let mut add = named(change.add);
    let mut remove = named(change.remove);
    add.extend(change.add_words.iter().cloned());
    remove.extend(change.remove_words.iter().cloned());
    (add, remove)
}

/// Whether a folder keeps this flag for good. One that does not say keeps what it is given.
fn is_kept(permanent: &[String], flag: &str) -> bool {
    let any = |word: &String| word == "\\*" || word == "*";
    permanent.is_empty()
        || permanent.iter().any(|kept| kept.eq_ignore_ascii_case(flag))
        || (!flag.starts_with('\\') && permanent.iter().any(any))
}
