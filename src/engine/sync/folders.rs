//! The folders of an account: which the server has, which of them are new, gone, or have
//! another name.

use super::Session;
use super::names;
use crate::engine::Result;
use crate::model::{FolderId, folder_level};
use crate::net::imap::{Listed, Status};
use crate::store::{Mailbox, Remote};
use std::collections::HashSet;

fn remote(listed: &Listed, role: Option<crate::model::Role>) -> Remote {
    let path: Vec<String> = listed.levels.iter().map(|name| folder_level(name)).collect();
    Remote {
        remote: listed.mailbox.clone(),
        path: path.join("/"),
        role,
        selectable: listed.selectable,
        subscribed: listed.subscribed,
    }
}

impl Session<'_> {
    /// Asks which folders there are and brings the store's in line. A list that names no
    /// folder removes none.
    ///
    /// # Errors
    /// What the connection or the store says.
    pub(super) async fn folders(&mut self) -> Result<Vec<Mailbox>> {
        // The list may be older than what is told to the server meanwhile.
        let mut in_motion = self.store.folders_in_motion()?;
        let listed = self.connection.list().await?;
        let known = self.store.mailboxes(self.account.id)?;
        in_motion.extend(self.store.folders_in_motion()?);
        let roles = names::roles(&listed);
        let met: Vec<Remote> =
            listed.iter().zip(roles).map(|(listed, role)| remote(listed, role)).collect();
        let names: HashSet<&str> = met.iter().map(|remote| remote.remote.as_str()).collect();
        let new: Vec<&Remote> = met
            .iter()
            .filter(|remote| !known.iter().any(|mailbox| mailbox.remote == remote.remote))
            .collect();
        let gone: Vec<&Mailbox> = known
            .iter()
            .filter(|mailbox| !names.contains(mailbox.remote.as_str()))
            .filter(|mailbox| !in_motion.contains(&mailbox.id))
            .collect();
        if !listed.is_empty() && !gone.is_empty() {
            let renamed = self.renamed(&gone, &new).await?;
            for mailbox in gone.iter().filter(|mailbox| !renamed.contains(&mailbox.id)) {
                let settled = self.store.remove_mailbox(mailbox.id)?;
                for folder in settled.folders {
                    self.tell(super::SyncEvent::Changed(folder));
                }
                self.report.counts.expunged += mailbox.total;
            }
        }
        let mailboxes = self.store.meet_mailboxes(self.account.id, &met)?;
        Ok(mailboxes
            .into_iter()
            .filter(|mailbox| names.contains(mailbox.remote.as_str()))
            .filter(|mailbox| !in_motion.contains(&mailbox.id))
            .collect())
    }

    /// Folders that are the ones that went, under another name: same UIDVALIDITY, and as
    /// many UIDs given at least. Where several would do none is taken.
    async fn renamed(&mut self, gone: &[&Mailbox], new: &[&Remote]) -> Result<HashSet<FolderId>> {
        let mut renamed = HashSet::new();
        let candidates: Vec<&Remote> =
            new.iter().filter(|remote| remote.selectable).copied().collect();
        if candidates.is_empty() || gone.iter().all(|mailbox| mailbox.total == 0) {
            return Ok(renamed);
        }
        let names: Vec<String> = candidates.iter().map(|remote| remote.remote.clone()).collect();
        let statuses = self.connection.status(&names).await?;
        for mailbox in gone {
            let same = |status: &Status| {
                mailbox.cursor.uidvalidity.is_some_and(|validity| validity > 1)
                    && status.uidvalidity == mailbox.cursor.uidvalidity
                    && status.uidnext >= mailbox.cursor.uidnext
            };
            let fitting: Vec<&Remote> = candidates
                .iter()
                .zip(&statuses)
                .filter(|(_, status)| status.as_ref().is_ok_and(same))
                .map(|(remote, _)| *remote)
                .collect();
            if let [only] = fitting.as_slice() {
                self.store.rename_mailbox(mailbox.id, &only.remote, &only.path)?;
                renamed.insert(mailbox.id);
            }
        }
        Ok(renamed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_in_a_name_makes_no_level() {
        let listed = Listed {
            mailbox: "a.b/c".into(),
            levels: vec!["a".into(), "b/c".into()],
            delimiter: Some('.'),
            role: None,
            selectable: true,
            subscribed: true,
        };
        assert_eq!(remote(&listed, None).path, "a/b\u{2215}c");
    }
}
