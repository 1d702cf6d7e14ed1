//! Letters that are here already under another label (Gmail): a label is a folder, and a
//! letter lies in each of its folders with the same bytes, and in "All Mail" too.
//!
//! Promise: the bytes come once, whichever folder they are met in first; a letter is kept
//! once and found once. It is known by X-GM-MSGID, never by what it says of itself.

use super::Session;
use super::fetch::Want;
use super::folder::Open;
use crate::engine::Result;
use crate::store::{Applied, Arrival, Changes, Content, Incoming};
use std::collections::HashSet;

impl Session<'_> {
    /// Puts letters into a folder that are here already. What is left to be fetched.
    pub(super) fn twins(&self, open: &Open<'_>, wants: Vec<Want>) -> Result<(Vec<Want>, Applied)> {
        let names: Vec<u64> = wants.iter().filter_map(|want| want.entry.twin).collect();
        if names.is_empty() {
            return Ok((wants, Applied::default()));
        }
        let twins = self.store.twins(self.account.id, &names)?;
        let arrived: Vec<Arrival> = wants
            .iter()
            .filter_map(|want| {
                let (sha, whole) = twins.get(&want.entry.twin?)?;
                let enough = *whole || !want.whole;
                enough.then(|| Arrival {
                    uid: want.entry.uid,
                    flags: want.entry.flags.clone(),
                    content: Content::Mail(Incoming::Known(*sha)),
                    twin: want.entry.twin,
                })
            })
            .collect();
        if arrived.is_empty() {
            return Ok((wants, Applied::default()));
        }
        let here: HashSet<u32> = arrived.iter().map(|arrival| arrival.uid).collect();
        let mut applied =
            self.store.apply(open.id(), &Changes { arrived, ..Changes::default() })?;
        let missing: HashSet<u32> = std::mem::take(&mut applied.missing).into_iter().collect();
        let left =
            |want: &Want| !here.contains(&want.entry.uid) || missing.contains(&want.entry.uid);
        self.tell(super::SyncEvent::Changed(open.id()));
        Ok((wants.into_iter().filter(left).collect(), applied))
    }
}
