//! Folders: LIST, STATUS, SELECT, and what is done with them.

use super::answer::{Answer, Code, Counts, Named, Said};
use super::command::{Command, sets};
use super::dialogue::garbled;
use super::error::ImapError;
use super::frame::Kind;
use super::types::{Listed, Resync, Selected, Status};
use super::{Connection, Result, utf7};
use crate::model::Role;
use std::collections::{HashMap, HashSet, VecDeque};

/// STATUS commands that are under way at once, at most. More are sent when half of them
/// are answered, so that what they cost in round trips does not hang on how the answers
/// happen to be cut into packets.
const STATUS_AHEAD: usize = 64;

/// What a folder is for, by SPECIAL-USE (RFC 6154).
fn role(named: &Named) -> Option<Role> {
    if named.mailbox.eq_ignore_ascii_case("INBOX") {
        return Some(Role::Inbox);
    }
    let roles = [
        ("\\sent", Role::Sent),
        ("\\drafts", Role::Drafts),
        ("\\trash", Role::Trash),
        ("\\junk", Role::Junk),
        ("\\spam", Role::Junk),
        ("\\archive", Role::Archive),
        ("\\all", Role::All),
        ("\\allmail", Role::All),
    ];
    roles.into_iter().find(|(name, _)| named.has(name)).map(|(_, role)| role)
}

impl Named {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|has| has == attribute)
    }

    fn levels(&self) -> Vec<String> {
        match self.delimiter {
            Some(delimiter) => self.mailbox.split(delimiter).map(utf7::shown).collect(),
            None => vec![utf7::shown(&self.mailbox)],
        }
    }
}

impl Status {
    fn of(counts: &Counts) -> Result<Self> {
        // An empty answer is no empty folder.
        let messages = counts
            .messages
            .ok_or_else(|| ImapError::No("it does not say how many letters there are".into()))?;
        Ok(Self {
            messages,
            unseen: counts.unseen,
            uidnext: counts.uidnext.filter(|uid| *uid > 0),
            uidvalidity: counts.uidvalidity.filter(|validity| *validity > 0),
            highestmodseq: counts.highestmodseq.filter(|modseq| *modseq > 0),
        })
    }
}

/// INBOX is one folder however it is written.
fn same(mailbox: &str) -> String {
    if mailbox.eq_ignore_ascii_case("INBOX") { "INBOX".into() } else { mailbox.to_owned() }
}

impl Connection {
    /// All folders, with what is known of their roles and whether they are subscribed.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn list(&mut self) -> Result<Vec<Listed>> {
        let wait = self.options.work;
        let dialogue = &mut self.dialogue;
        dialogue.ready()?;
        let all = dialogue.send(&Command::new("LIST \"\" \"*\"", wait)).await?;
        let subscribed = dialogue.send(&Command::new("LSUB \"\" \"*\"", wait)).await?;
        // Some servers tell roles only to who asks for them.
        let special = match dialogue.capabilities.has("SPECIAL-USE") {
            true => Some(Command::new("LIST (SPECIAL-USE) \"\" \"*\"", wait)),
            false => None,
        };
        let special = match special {
            Some(command) => Some(dialogue.send(&command).await?),
            None => None,
        };
        dialogue.flush().await?;
        let mut named: Vec<Named> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let listed = dialogue.finish(&all, wait, &[Kind::List], |answer| match answer {
            Answer::List(mut folder) => {
                folder.mailbox = same(&folder.mailbox);
                // Some are named twice.
                if !folder.mailbox.is_empty() && !places.contains_key(&folder.mailbox) {
                    places.insert(folder.mailbox.clone(), named.len());
                    named.push(folder);
                }
                None
            }
            other => Some(other),
        });
        let listed = listed.await;
        let mut known: HashSet<String> = HashSet::new();
        // Those that are folders only because others lie in them are not subscribed to.
        let lsub = dialogue.finish(&subscribed, wait, &[], |answer| match answer {
            Answer::Lsub(folder) | Answer::List(folder) => {
                if !folder.has("\\noselect") {
                    known.insert(same(&folder.mailbox));
                }
                None
            }
            other => Some(other),
        });
        let lsub = lsub.await;
        let mut roles: HashMap<String, Role> = HashMap::new();
        if let Some(tag) = special {
            let told = dialogue.finish(&tag, wait, &[], |answer| match answer {
                Answer::List(folder) => {
                    if let Some(role) = role(&folder) {
                        roles.insert(same(&folder.mailbox), role);
                    }
                    None
                }
                other => Some(other),
            });
            let _ = refused(told.await)?;
        }
        listed?;
        // A server without subscriptions: everything is.
        let subscriptions = refused(lsub)?.is_some();
        Ok(named
            .into_iter()
            .map(|folder| Listed {
                levels: folder.levels(),
                role: role(&folder).or_else(|| roles.get(&folder.mailbox).copied()),
                selectable: !folder.has("\\noselect") && !folder.has("\\nonexistent"),
                subscribed: !subscriptions || known.contains(&folder.mailbox),
                delimiter: folder.delimiter,
                mailbox: folder.mailbox,
            })
            .collect())
    }

    /// How these folders stand (STATUS, pipelined), in their order; a folder that was
    /// refused has its refusal.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn status(&mut self, mailboxes: &[String]) -> Result<Vec<Result<Status>>> {
        let wait = self.options.answer;
        let modseq = if self.condstore { " HIGHESTMODSEQ" } else { "" };
        let items = format!(" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY{modseq})");
        let dialogue = &mut self.dialogue;
        dialogue.ready()?;
        let mut results: Vec<Option<Result<Status>>> = mailboxes.iter().map(|_| None).collect();
        let mut asked: VecDeque<(String, usize)> = VecDeque::new();
        let mut told: HashMap<String, Counts> = HashMap::new();
        let mut last: Option<Counts> = None;
        let mut waiting = mailboxes.iter().enumerate().peekable();
        loop {
            let refill = asked.len() <= STATUS_AHEAD / 2;
            while refill && let Some((at, mailbox)) = waiting.peek() {
                let command = Command::new("STATUS ", wait).string(mailbox).text(&items);
                let must_wait = dialogue.has_to_wait(&command);
                if asked.len() >= STATUS_AHEAD || (must_wait && !asked.is_empty()) {
                    break;
                }
                let at = *at;
                waiting.next();
                match dialogue.send(&command).await {
                    Ok(tag) => asked.push_back((tag, at)),
                    Err(error) if error.is_refusal() => {
                        results
                            .get_mut(at)
                            .into_iter()
                            .for_each(|to| *to = Some(Err(error.clone())));
                    }
                    Err(error) => return Err(error),
                }
            }
            dialogue.flush().await?;
            if asked.is_empty() {
                if waiting.peek().is_none() {
                    break;
                }
                continue;
            }
            match dialogue.next(wait).await? {
                Answer::Status(counts) => {
                    last = Some(counts.clone());
                    told.insert(same(&counts.mailbox), counts);
                }
                Answer::Done(tag, said) => {
                    dialogue.landed(&tag)?;
                    dialogue.consumed();
                    let Some(place) = asked.iter().position(|(sent, _)| *sent == tag) else {
                        return Err(garbled());
                    };
                    let at = asked.remove(place).map_or(0, |(_, at)| at);
                    let mailbox = mailboxes.get(at).map(|mailbox| same(mailbox));
                    let own = mailbox.and_then(|mailbox| told.remove(&mailbox));
                    // Written in another way than it was asked for: by its place.
                    let counts = own.or_else(|| last.take().filter(|_| place == 0));
                    last = None;
                    let result = match dialogue.outcome(said) {
                        Ok(_) => counts.ok_or_else(garbled).and_then(|counts| Status::of(&counts)),
                        Err(error) => Err(error),
                    };
                    results.get_mut(at).into_iter().for_each(|to| *to = Some(result.clone()));
                }
                other => dialogue.absorb(other)?,
            }
        }
        Ok(results.into_iter().map(|result| result.unwrap_or_else(|| Err(garbled()))).collect())
    }

    /// Opens a folder. With `resync` and a server that can, changes since then come with it
    /// (QRESYNC: `changed` and `vanished` of the answer; CONDSTORE: HIGHESTMODSEQ only).
    /// What was said unasked of the folder that was open before is gone.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn select(&mut self, mailbox: &str, resync: Option<&Resync>) -> Result<Selected> {
        let mut command = Command::new("SELECT ", self.options.work).string(mailbox);
        let resync = resync.filter(|resync| {
            self.qresync && resync.uidvalidity > 0 && (1..1 << 63).contains(&resync.modseq)
        });
        if let Some(resync) = resync {
            // What is known, if it fits on the line: it only spares the server work.
            let known = resync.known.as_ref().map(sets).filter(|sets| sets.len() == 1);
            let known = known.map_or(String::new(), |known| format!(" {}", known.concat()));
            let (validity, modseq) = (resync.uidvalidity, resync.modseq);
            command = command.text(&format!(" (QRESYNC ({validity} {modseq}{known}))"));
        } else if self.condstore {
            command = command.text(" (CONDSTORE)");
        }
        let mut selected = Selected::default();
        let (mut counted, mut missing) = (false, false);
        let mut news: Vec<Answer> = Vec::new();
        self.dialogue.ready()?;
        self.dialogue.forget_folder();
        let needs = [Kind::Exists, Kind::Vanished, Kind::Fetch];
        let said = self.dialogue.run(&command, &[], |answer| {
            match answer {
                Answer::Exists(count) => (selected.exists, counted) = (count, true),
                Answer::Vanished { uids, .. } => selected.vanished.0.extend(uids.0),
                Answer::Fetch(fetched) if fetched.uid.is_some() && resync.is_some() => {
                    selected.changed.push(fetched);
                }
                Answer::State(Said { code: Some(code), .. }) => match code {
                    Code::UidValidity(validity) => {
                        selected.uidvalidity = Some(validity).filter(|validity| *validity > 0);
                    }
                    Code::UidNext(uid) => selected.uidnext = Some(uid).filter(|uid| *uid > 0),
                    Code::HighestModseq(modseq) => {
                        selected.highestmodseq = Some(modseq).filter(|modseq| *modseq > 0);
                    }
                    Code::NoModseq => selected.highestmodseq = None,
                    Code::Permanent(flags) => selected.permanent = flags,
                    // What came so far was said of the folder that was open (RFC 7162).
                    Code::Closed => {
                        (selected, counted, missing) = (Selected::default(), false, false);
                        news.clear();
                    }
                    _ => {}
                },
                Answer::Dropped(kind) => missing |= needs.contains(&kind),
                other @ (Answer::Expunge(_) | Answer::Fetch(_)) => news.push(other),
                other => return Some(other),
            }
            None
        });
        let said = said.await?;
        if missing || !counted {
            return Err(garbled());
        }
        selected.read_only = said.code == Some(Code::ReadOnly);
        for answer in news {
            self.dialogue.absorb(answer)?;
        }
        Ok(selected)
    }

    /// Makes, removes, renames, subscribes to a folder. Its name as on the wire
    /// ([`utf7::encode`]).
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn create(&mut self, mailbox: &str) -> Result<()> {
        self.folder(Command::new("CREATE ", self.options.answer).string(mailbox)).await
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn delete(&mut self, mailbox: &str) -> Result<()> {
        self.folder(Command::new("DELETE ", self.options.work).string(mailbox)).await
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn rename(&mut self, mailbox: &str, to: &str) -> Result<()> {
        let command = Command::new("RENAME ", self.options.work).string(mailbox);
        self.folder(command.text(" ").string(to)).await
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn subscribe(&mut self, mailbox: &str, yes: bool) -> Result<()> {
        let word = if yes { "SUBSCRIBE " } else { "UNSUBSCRIBE " };
        self.folder(Command::new(word, self.options.answer).string(mailbox)).await
    }

    async fn folder(&mut self, command: Command) -> Result<()> {
        self.dialogue.run(&command, &[], Some).await.map(drop)
    }

    /// Used and allowed bytes, where the server tells (RFC 9208).
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn quota(&mut self) -> Result<Option<(u64, u64)>> {
        if !self.dialogue.capabilities.has("QUOTA") {
            return Ok(None);
        }
        let mut found = None;
        let command = Command::new("GETQUOTAROOT \"INBOX\"", self.options.answer);
        let said = self.dialogue.run(&command, &[], |answer| match answer {
            Answer::Quota(quota) => {
                found = found.or(quota);
                None
            }
            other => Some(other),
        });
        refused(said.await)?;
        let bytes = |kilobytes: u64| kilobytes.saturating_mul(1024);
        Ok(found.map(|(used, allowed)| (bytes(used), bytes(allowed))))
    }

    /// Whether the server said something since that was looked at last.
    pub fn has_news(&self) -> bool {
        self.dialogue.has_news()
    }
}

/// What was refused is nothing.
fn refused(said: Result<Said>) -> Result<Option<Said>> {
    match said {
        Ok(said) => Ok(Some(said)),
        Err(error) if error.is_refusal() => Ok(None),
        Err(error) => Err(error),
    }
}
