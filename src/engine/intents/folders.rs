//! Commands about folders.

use super::{Replay, Result, Server, refusable};
use crate::net::imap::{ImapError, Listed, utf7};
use crate::store::intents::{Kind, Sending, State, Task, Why};

impl<S: Server> Replay<'_, S> {
    pub(super) async fn folder(&mut self, task: &Task) -> Result<()> {
        let id = task.intent.id;
        if task.intent.folder.is_none() {
            return self.gone(&[id]);
        }
        if self.store.sending(&[id], &Sending::default())?.is_empty() {
            return Ok(());
        }
        let answer = match task.intent.kind {
            Kind::Create => self.create(task).await?,
            Kind::Rename => self.rename(task).await?,
            Kind::Remove => self.remove(task).await?,
            _ => self.subscribe(task).await?,
        };
        self.listed = None;
        match answer {
            Ok(()) => self.confirm(&[(id, None)]),
            Err(Stop::Said(refusal)) => self.refused(std::slice::from_ref(task), &refusal),
            Err(Stop::Why(why)) => self.refuse(&[id], &why),
        }
    }

    async fn create(&mut self, task: &Task) -> Result<Answer> {
        let (Some(folder), Some(path)) = (task.intent.folder, &task.intent.detail.to) else {
            return Ok(Ok(()));
        };
        let name = match self.name(task, path).await? {
            Ok(name) => name,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let listed = self.is_listed(&name).await?;
        if !listed {
            match refusable(self.server.create(&name).await)? {
                Ok(()) | Err(ImapError::AlreadyThere(_)) => {}
                Err(refusal) => return Ok(Err(refusal.into())),
            }
        }
        // It may have been made before, by us, and nothing more.
        if !listed || task.intent.state == State::Sent {
            self.by_the_way_subscribe(&name, true).await?;
        }
        self.store.named(folder, &name, None)?;
        Ok(Ok(()))
    }

    async fn rename(&mut self, task: &Task) -> Result<Answer> {
        let (Some(folder), Some(path)) = (task.intent.folder, &task.intent.detail.to) else {
            return Ok(Ok(()));
        };
        let Some(before) = task.mailbox.clone() else {
            return Ok(Err(Stop::Why(Why::NoFolder)));
        };
        let name = match self.name(task, path).await? {
            Ok(name) => name,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Done before, and the answer was lost.
        let done = self.is_listed(&name).await? && !self.is_listed(&before).await?;
        if !done && name != before {
            if self.open.as_ref().is_some_and(|(open, _)| *open == before) {
                self.select("INBOX").await?.ok();
            }
            if let Err(refusal) = refusable(self.server.rename(&before, &name).await)? {
                return Ok(Err(refusal.into()));
            }
            self.open = None;
        }
        if name != before && (!done || task.intent.state == State::Sent) {
            self.by_the_way_subscribe(&name, true).await?;
            self.by_the_way_subscribe(&before, false).await?;
        }
        self.store.named(folder, &name, Some(&before))?;
        Ok(Ok(()))
    }

    async fn remove(&mut self, task: &Task) -> Result<Answer> {
        let Some(mailbox) = task.mailbox.clone() else { return Ok(Ok(())) };
        match refusable(self.server.status(&mailbox).await)? {
            Ok(status) if status.messages > 0 => {
                return Ok(Err(Stop::Why(Why::NotEmpty)));
            }
            // Gone, or cannot be opened: then nothing is lost with it.
            Ok(_) | Err(_) => {}
        }
        if self.open.as_ref().is_some_and(|(open, _)| *open == mailbox) {
            self.select("INBOX").await?.ok();
        }
        match refusable(self.server.delete(&mailbox).await)? {
            Ok(()) | Err(ImapError::NoSuchMailbox(_)) => {}
            Err(refusal) if self.is_listed(&mailbox).await? => return Ok(Err(refusal.into())),
            Err(_) => {}
        }
        self.by_the_way_subscribe(&mailbox, false).await?;
        Ok(Ok(()))
    }

    async fn subscribe(&mut self, task: &Task) -> Result<Answer> {
        let (Some(mailbox), Some(yes)) = (&task.mailbox, task.intent.detail.yes) else {
            return Ok(Ok(()));
        };
        Ok(refusable(self.server.subscribe(mailbox, yes).await)?.map_err(Stop::from))
    }

    async fn by_the_way_subscribe(&mut self, mailbox: &str, yes: bool) -> Result<()> {
        refusable(self.server.subscribe(mailbox, yes).await)?.ok();
        Ok(())
    }

    async fn list(&mut self) -> Result<&[Listed]> {
        if self.listed.is_none() {
            self.listed = Some(self.server.list().await?);
        }
        Ok(self.listed.as_deref().unwrap_or_default())
    }

    async fn is_listed(&mut self, mailbox: &str) -> Result<bool> {
        Ok(self.list().await?.iter().any(|folder| folder.mailbox == mailbox))
    }

    /// The name on the wire of a folder with this path.
    async fn name(&mut self, task: &Task, path: &str) -> Result<std::result::Result<String, Stop>> {
        let (parent, leaf) = match path.rsplit_once('/') {
            Some((parent, leaf)) => (Some(parent), leaf),
            None => (None, path),
        };
        let above = match parent {
            Some(parent) => self.store.remote_of(task.intent.account, parent)?,
            None => None,
        };
        let listed = self.list().await?;
        let delimiter = listed.iter().find_map(|folder| folder.delimiter);
        let Some(delimiter) = delimiter else {
            // A server without levels.
            return Ok(match parent {
                None => Ok(utf7::encode(leaf)),
                Some(_) => Err(Stop::Why(Why::NoLevels)),
            });
        };
        if leaf.contains(delimiter) {
            return Ok(Err(Stop::Why(Why::Separator(delimiter))));
        }
        let above = match (above, parent) {
            (Some(above), _) => format!("{above}{delimiter}"),
            // The folder above will be made with it.
            (None, Some(parent)) => {
                let levels: Vec<String> = parent.split('/').map(utf7::encode).collect();
                format!(
                    "{}{}{delimiter}",
                    root(listed, delimiter),
                    levels.join(&delimiter.to_string())
                )
            }
            (None, None) => root(listed, delimiter),
        };
        Ok(Ok(format!("{above}{}", utf7::encode(leaf))))
    }
}

/// Why a folder is not what it was to be.
enum Stop {
    /// The server said so.
    Said(ImapError),
    /// It was not asked.
    Why(Why),
}

impl From<ImapError> for Stop {
    fn from(error: ImapError) -> Self {
        Self::Said(error)
    }
}

type Answer = std::result::Result<(), Stop>;

/// Where a user's folders begin: some servers have all of them in the inbox.
fn root(listed: &[Listed], delimiter: char) -> String {
    let inside = format!("INBOX{delimiter}");
    let others: Vec<&Listed> =
        listed.iter().filter(|folder| !folder.mailbox.eq_ignore_ascii_case("INBOX")).collect();
    let all = others.iter().all(|folder| {
        folder.mailbox.get(..inside.len()).is_some_and(|b| b.eq_ignore_ascii_case(&inside))
    });
    if all && !others.is_empty() { inside } else { String::new() }
}
