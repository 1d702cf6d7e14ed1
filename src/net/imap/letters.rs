//! Letters of the open folder: SEARCH, STORE, COPY, MOVE, EXPUNGE; and APPEND.

use super::answer::{Answer, Code, Said};
use super::command::{Command, sets};
use super::error::ImapError;
use super::frame::Kind;
use super::types::{Appended, Copied, Store, StoreHow, UidSet};
use super::{Connection, Result, date};

impl Connection {
    /// UIDs of the open folder that match (UID SEARCH), sorted.
    ///
    /// # Errors
    /// As [`ImapError`] says; a refusal is never an empty answer.
    pub async fn search(&mut self, query: &str) -> Result<Vec<u32>> {
        if query.is_empty() || !query.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(ImapError::Bad("such a question cannot be asked".into()));
        }
        let command = Command::new(format!("UID SEARCH {query}"), self.options.work);
        let (mut found, mut answered) = (Vec::new(), false);
        let said = self.dialogue.run(&command, &[Kind::Search], |answer| match answer {
            Answer::Search(more) => {
                found.extend(more);
                answered = true;
                None
            }
            other => Some(other),
        });
        said.await?;
        if !answered {
            // RFC 3501 wants an answer even where nothing was found.
            self.dialogue.note("found nothing without saying so");
        }
        found.retain(|uid| *uid > 0);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Changes flags of letters of the open folder. The answer tells who was changed
    /// since (`MODIFIED`, RFC 7162), if `unchanged_since` was given.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn store(&mut self, store: &Store) -> Result<Vec<u32>> {
        let unless = match store.unchanged_since {
            Some(_) if !self.condstore => {
                return Err(ImapError::Unoffered("changes only to what is unchanged"));
            }
            Some(modseq) => format!(" (UNCHANGEDSINCE {modseq})"),
            None => String::new(),
        };
        let sign = match store.how {
            StoreHow::Add => '+',
            StoreHow::Remove => '-',
        };
        let mut modified = Vec::new();
        for set in sets(&store.uids) {
            let command = format!("UID STORE {set}{unless} {sign}FLAGS.SILENT ");
            let command = Command::new(command, self.options.work).flags(&store.flags)?;
            let said = self.dialogue.run(&command, &[], Some).await?;
            if let Some(Code::Modified(uids)) = said.code {
                // Of what was asked for: whatever else is named, it was not changed by us.
                let asked = store.uids.0.iter().flat_map(|(from, to)| *from..=*to);
                modified.extend(asked.filter(|uid| uids.has(*uid)));
            }
        }
        modified.sort_unstable();
        modified.dedup();
        Ok(modified)
    }

    /// Copies letters of the open folder.
    ///
    /// # Errors
    /// As [`ImapError`] says; [`ImapError::NoSuchMailbox`] where the server says TRYCREATE.
    pub async fn copy(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        self.carry("UID COPY", uids, to).await
    }

    /// Moves letters of the open folder (RFC 6851).
    ///
    /// # Errors
    /// [`ImapError::Unoffered`] where the server cannot: copy, mark and expunge then.
    pub async fn move_to(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        if !self.capabilities().has("MOVE") {
            return Err(ImapError::Unoffered("moving"));
        }
        self.carry("UID MOVE", uids, to).await
    }

    async fn carry(&mut self, how: &str, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        let mut copied: Option<Copied> = None;
        let mut whole = true;
        for set in sets(uids) {
            let command = Command::new(format!("{how} {set} "), self.options.work).string(to);
            let mut told = None;
            let said = self.dialogue.run(&command, &[], |answer| match answer {
                // MOVE says it before the letters go.
                Answer::State(Said { code: Some(code @ Code::CopyUid(..)), .. }) => {
                    told = Some(code);
                    None
                }
                other => Some(other),
            });
            let said = said.await?;
            match said.code.filter(|code| matches!(code, Code::CopyUid(..))).or(told) {
                Some(Code::CopyUid(uidvalidity, uids)) => {
                    let all = copied.get_or_insert(Copied { uidvalidity, uids: Vec::new() });
                    whole &= all.uidvalidity == uidvalidity;
                    all.uids.extend(uids);
                }
                _ => whole = false,
            }
        }
        Ok(copied.filter(|_| whole))
    }

    /// Removes letters that are marked `\Deleted`: these only.
    ///
    /// # Errors
    /// [`ImapError::Unoffered`] without UIDPLUS: a plain EXPUNGE would remove others too.
    pub async fn expunge(&mut self, uids: &UidSet) -> Result<()> {
        if !self.capabilities().has("UIDPLUS") {
            return Err(ImapError::Unoffered("removing single letters"));
        }
        for set in sets(uids) {
            let command = Command::new(format!("UID EXPUNGE {set}"), self.options.work);
            self.dialogue.run(&command, &[], Some).await?;
        }
        Ok(())
    }

    /// Removes every letter of the open folder that is marked `\Deleted`.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn expunge_all(&mut self) -> Result<()> {
        let command = Command::new("EXPUNGE", self.options.work);
        self.dialogue.run(&command, &[], Some).await.map(drop)
    }

    /// Adds a letter to a folder, with its flags (as IMAP writes them) and date.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn append(
        &mut self,
        mailbox: &str,
        flags: &[String],
        date: Option<i64>,
        letter: &[u8],
    ) -> Result<Option<Appended>> {
        if self.quirks.append_limit.is_some_and(|most| letter.len() as u64 > most) {
            return Err(ImapError::No("the letter is larger than this server takes".into()));
        }
        let wait = self.options.work;
        let mut command = Command::new("APPEND ", wait).string(mailbox);
        if !flags.is_empty() {
            command = command.text(" ").flags(flags)?;
        }
        if let Some(date) = date.and_then(date::write) {
            command = command.text(&format!(" \"{date}\""));
        }
        self.dialogue.ready()?;
        let tag = self.dialogue.begin(&command.text(" ")).await?;
        let log = format!("{{{}}} …", letter.len());
        self.dialogue.note(&log);
        self.dialogue.literal(&tag, letter, wait).await?;
        self.dialogue.ends().await?;
        let said = self.dialogue.finish(&tag, wait, &[], Some).await?;
        Ok(match said.code {
            Some(Code::AppendUid(uidvalidity, uid)) if uidvalidity > 0 && uid > 0 => {
                Some(Appended { uidvalidity, uid })
            }
            _ => None,
        })
    }
}
