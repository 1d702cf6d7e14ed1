//! FETCH: letters as they come, one at a time, with the next command under way before the
//! last one is answered.

use super::answer::Answer;
use super::command::{Command, sets};
use super::dialogue::garbled;
use super::error::ImapError;
use super::frame::Kind;
use super::types::{Fetched, Request, Wanted};
use super::{Connection, Result};
use std::collections::VecDeque;

/// Commands that are under way at once.
const AHEAD: usize = 2;

/// One command of a [`Fetching`].
#[derive(Debug)]
struct Asked {
    text: String,
    by_sequence: bool,
    /// Its answers have bytes of letters.
    bytes: bool,
}

/// Answers to one or more FETCH commands, in the order they come. Left before its end, the
/// connection is not used again.
#[derive(Debug)]
pub struct Fetching<'c> {
    connection: &'c mut Connection,
    waiting: VecDeque<Asked>,
    flying: Vec<(String, Asked)>,
    refused: Option<ImapError>,
    missing: bool,
}

impl Fetching<'_> {
    /// The next answer; `None` after the last command's tagged OK. After a refusal nothing
    /// more is asked, what was asked already still comes, and then the refusal.
    ///
    /// # Errors
    /// [`ImapError::No`] and [`ImapError::Bad`] after a refusal: what came before it is
    /// sound, and the connection goes on. Everything else ends the connection;
    /// [`ImapError::Protocol`] if an answer could not be understood, so that it is missing.
    pub async fn next(&mut self) -> Result<Option<Fetched>> {
        let wait = self.connection.options.answer;
        let until = self.connection.dialogue.deadline(wait);
        loop {
            self.send().await?;
            if self.flying.is_empty() {
                return match self.refused.take() {
                    Some(refusal) => Err(refusal),
                    None if self.missing => Err(garbled()),
                    None => Ok(None),
                };
            }
            match self.connection.dialogue.next_until(wait, until).await? {
                Answer::Fetch(fetched) if self.was_asked(&fetched) => {
                    self.connection.dialogue.consumed();
                    return Ok(Some(fetched));
                }
                Answer::Done(tag, said) => {
                    self.connection.dialogue.landed(&tag)?;
                    self.flying.retain(|(sent, _)| *sent != tag);
                    if let Err(refusal) = self.connection.dialogue.outcome(said) {
                        self.refused = Some(refusal);
                        self.waiting.clear();
                    }
                }
                Answer::Dropped(Kind::Fetch) => self.missing = true,
                other => self.connection.dialogue.absorb(other)?,
            }
        }
    }

    /// Whether an answer is one of those asked for, and not a change told unasked.
    fn was_asked(&self, fetched: &Fetched) -> bool {
        let bytes = self.flying.iter().any(|(_, asked)| asked.bytes);
        let more = fetched.bytes.is_some()
            || fetched.size.is_some()
            || fetched.delivered.is_some()
            || fetched.labels.is_some();
        more || (fetched.uid.is_some() && !bytes)
    }

    async fn send(&mut self) -> Result<()> {
        let dialogue = &mut self.connection.dialogue;
        let mut sent = false;
        while self.flying.len() < AHEAD {
            // Sequence numbers move when something is expunged: nothing beside them.
            let alone = self.flying.iter().any(|(_, asked)| asked.by_sequence);
            let next = self
                .waiting
                .pop_front_if(|next| self.flying.is_empty() || (!alone && !next.by_sequence));
            let Some(asked) = next else { break };
            let command = Command::new(&asked.text, self.connection.options.answer);
            let tag = dialogue.send(&command).await?;
            self.flying.push((tag, asked));
            sent = true;
        }
        if sent { dialogue.flush().await } else { Ok(()) }
    }
}

impl Connection {
    /// Asks for letters of the open folder: one command for each request, the next sent
    /// before the answer to the last has ended.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn fetch(&mut self, requests: Vec<Request>) -> Result<Fetching<'_>> {
        self.dialogue.ready()?;
        let mut waiting = VecDeque::new();
        for request in requests {
            let items = self.items(request.wanted)?;
            let uid = if request.by_sequence { "" } else { "UID " };
            // What is written by sequence number has to be asked at once.
            for set in sets(&request.set) {
                waiting.push_back(Asked {
                    text: format!("{uid}FETCH {set} {items}"),
                    by_sequence: request.by_sequence,
                    bytes: !matches!(
                        request.wanted,
                        Wanted::Flags | Wanted::Changed { .. } | Wanted::Overview
                    ),
                });
            }
        }
        let mut fetching = Fetching {
            connection: self,
            waiting,
            flying: Vec::new(),
            refused: None,
            missing: false,
        };
        fetching.send().await?;
        Ok(fetching)
    }

    /// What FETCH is asked for.
    fn items(&self, wanted: Wanted) -> Result<String> {
        let gmail = match self.quirks.gmail && self.capabilities().has("X-GM-EXT-1") {
            true => " X-GM-MSGID X-GM-LABELS",
            false => "",
        };
        let arrival = "RFC822.SIZE INTERNALDATE";
        Ok(match wanted {
            Wanted::Flags => format!("(UID FLAGS{gmail})"),
            Wanted::Changed { since, vanished } => {
                if !self.condstore {
                    return Err(ImapError::Unoffered("what has changed since"));
                }
                if vanished && !self.qresync {
                    return Err(ImapError::Unoffered("what has vanished since"));
                }
                let vanished = if vanished { " VANISHED" } else { "" };
                format!("(UID FLAGS{gmail}) (CHANGEDSINCE {}{vanished})", since.max(1))
            }
            Wanted::Overview => format!("(UID FLAGS {arrival}{gmail})"),
            Wanted::Header => format!("(UID FLAGS {arrival}{gmail} BODY.PEEK[HEADER])"),
            Wanted::Whole => format!("(UID FLAGS {arrival}{gmail} BODY.PEEK[])"),
            Wanted::Piece { offset, length } => {
                format!("(UID FLAGS BODY.PEEK[]<{offset}.{}>)", length.max(1))
            }
        })
    }
}
