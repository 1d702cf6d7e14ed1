//! Commands and their answers: the one way of this room to ask a server something.
//!
//! Promises: a command is done only when its own tagged answer was read, and that said OK;
//! what the server says besides is kept, in its order; a line that cannot be understood is
//! noted and left out, and its absence is told where it matters; a command that was given up
//! half-way leaves a connection that refuses to be used.

use super::Result;
use super::answer::{self, Answer, Code, Said, State, words};
use super::command::{Command, Piece};
use super::error::ImapError;
use super::frame::Kind;
use super::mend::{self, Guarded};
use super::types::{Capabilities, Unsolicited};
use super::wire::Wire;
use crate::fail;
use async_imap::Client;
use std::time::Duration;
use tokio::time::Instant;

/// Bytes of the lines that a command may bring which are kept until it is done.
const KEPT: usize = 48 * 1024 * 1024;
/// Things said unasked that are kept until somebody takes them.
const UNSOLICITED: usize = 500_000;
/// A command may take so many times as long as the server may be silent.
const LONGEST: u32 = 20;
/// How long a write may take.
const WRITE: Duration = Duration::from_secs(60);

/// See above.
#[derive(Debug)]
pub(super) struct Dialogue {
    /// The parser over the wire; only away while it is made anew.
    client: Option<Client<Wire>>,
    next_tag: u32,
    /// Commands that are not answered yet.
    in_flight: Vec<String>,
    /// What these are, for fail points.
    #[cfg(debug_assertions)]
    verbs: Vec<String>,
    /// A command is being written.
    writing: bool,
    /// The connection cannot be used any more, and why.
    ended: Option<ImapError>,
    /// Bytes that the commands in flight have brought.
    held: usize,
    unsolicited: Vec<Unsolicited>,
    pub(super) capabilities: Capabilities,
    /// What is said may be shown: it came over TLS, or the user has it without.
    pub(super) trusted: bool,
    /// The user is logged in: what is said of letters is meant.
    pub(super) entered: bool,
}

fn away() -> ImapError {
    ImapError::Lost("it was left in the middle of an answer".into())
}

impl Dialogue {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            client: Some(Client::new(wire)),
            next_tag: 0,
            in_flight: Vec::new(),
            #[cfg(debug_assertions)]
            verbs: Vec::new(),
            writing: false,
            ended: None,
            held: 0,
            unsolicited: Vec::new(),
            capabilities: Capabilities::default(),
            trusted: false,
            entered: false,
        }
    }

    pub(super) fn wire(&mut self) -> Result<&mut Wire> {
        self.client.as_mut().map(|client| client.get_mut()).ok_or_else(away)
    }

    pub(super) fn wire_ref(&self) -> Option<&Wire> {
        self.client.as_ref().map(|client| client.get_ref())
    }

    pub(super) fn note(&self, text: &str) {
        if let Some(wire) = self.wire_ref() {
            wire.log().note(text);
        }
    }

    /// Whether a command may be sent.
    pub(super) fn ready(&self) -> Result<()> {
        match &self.ended {
            Some(error) => Err(error.clone()),
            None if self.writing || !self.in_flight.is_empty() => Err(away()),
            None => Ok(()),
        }
    }

    /// Nothing more is believed of this connection.
    pub(super) fn end(&mut self, error: ImapError) -> ImapError {
        self.ended.get_or_insert(error).clone()
    }

    pub(super) fn take_unsolicited(&mut self) -> Vec<Unsolicited> {
        std::mem::take(&mut self.unsolicited)
    }

    /// Whether something was said unasked, since it was taken last.
    pub(super) fn has_news(&self) -> bool {
        !self.unsolicited.is_empty()
    }

    /// What was said of the folder that is open is said no more.
    pub(super) fn forget_folder(&mut self) {
        self.unsolicited.retain(|said| matches!(said, Unsolicited::Alert(_)));
    }

    /// Whether this literal can be sent without being asked for.
    fn goes_along(&self, bytes: usize) -> bool {
        self.capabilities.has("LITERAL+") || (bytes <= 4096 && self.capabilities.has("LITERAL-"))
    }

    /// Whether the server has to be waited for while this is sent.
    pub(super) fn has_to_wait(&self, command: &Command) -> bool {
        command.pieces.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Literal(bytes) => !self.goes_along(bytes.len()),
        })
    }

    /// Sends a command: its tag. It may not leave before [`Self::flush`].
    pub(super) async fn send(&mut self, command: &Command) -> Result<String> {
        let tag = self.begin(command).await?;
        self.wire()?.say(b"\r\n");
        self.writing = false;
        Ok(tag)
    }

    /// Begins a command that goes on with [`Self::literal`] and ends with [`Self::ends`].
    pub(super) async fn begin(&mut self, command: &Command) -> Result<String> {
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        if self.writing || (self.has_to_wait(command) && !self.in_flight.is_empty()) {
            return Err(away());
        }
        fail::point(|| format!("imap:{}:leaving", verb(command)));
        #[cfg(debug_assertions)]
        self.verbs.push(verb(command));
        self.next_tag += 1;
        let tag = format!("A{}", self.next_tag);
        if self.in_flight.is_empty() {
            self.held = 0;
        }
        self.in_flight.push(tag.clone());
        self.writing = true;
        let wire = self.wire()?;
        wire.log().said(&format!("{tag} {}", command.shown));
        wire.say(tag.as_bytes());
        wire.say(b" ");
        for piece in &command.pieces {
            match piece {
                Piece::Text(text) => self.wire()?.say(text.as_bytes()),
                Piece::Literal(bytes) => self.literal(&tag, bytes, command.wait).await?,
            }
        }
        Ok(tag)
    }

    /// Sends a literal of the command that is being written.
    pub(super) async fn literal(&mut self, tag: &str, bytes: &[u8], wait: Duration) -> Result<()> {
        if self.goes_along(bytes.len()) {
            let wire = self.wire()?;
            wire.say(format!("{{{}+}}\r\n", bytes.len()).as_bytes());
            return wire.send_all(bytes, WRITE).await;
        }
        let wire = self.wire()?;
        wire.say(format!("{{{}}}\r\n", bytes.len()).as_bytes());
        wire.flush(WRITE).await?;
        loop {
            match self.next(wait).await? {
                Answer::Continue(_) => break,
                Answer::Done(done, said) if done == tag => {
                    // It would not have the literal: the command has ended here.
                    self.writing = false;
                    self.landed(tag)?;
                    return match said.state {
                        State::Ok => Err(self.end(ImapError::Protocol(
                            "it was done before it was told what".into(),
                        ))),
                        _ => self.outcome(said).map(drop),
                    };
                }
                other => self.absorb(other)?,
            }
        }
        self.wire()?.send_all(bytes, WRITE).await?;
        fail::point(|| "imap:literal:sent".into());
        Ok(())
    }

    pub(super) async fn ends(&mut self) -> Result<()> {
        self.wire()?.say(b"\r\n");
        self.writing = false;
        self.flush().await
    }

    pub(super) async fn flush(&mut self) -> Result<()> {
        self.wire()?.flush(WRITE).await?;
        #[cfg(debug_assertions)]
        if let Some(verb) = self.verbs.last() {
            fail::point(|| format!("imap:{verb}:left"));
        }
        Ok(())
    }

    /// Sends a line that is no command (in a login, or DONE).
    pub(super) async fn line(&mut self, text: &[u8], shown: &str) -> Result<()> {
        let wire = self.wire()?;
        wire.log().said(shown);
        wire.say(text);
        wire.say(b"\r\n");
        wire.flush(WRITE).await
    }

    /// A tagged answer was read.
    pub(super) fn landed(&mut self, tag: &str) -> Result<()> {
        match self.in_flight.iter().position(|sent| sent == tag) {
            Some(at) => {
                self.in_flight.remove(at);
                #[cfg(debug_assertions)]
                if at < self.verbs.len() {
                    let verb = self.verbs.remove(at);
                    fail::point(|| format!("imap:{verb}:answered"));
                }
                if self.in_flight.is_empty() {
                    self.held = 0;
                }
                Ok(())
            }
            None => Err(self.end(ImapError::Protocol("it answered what was never asked".into()))),
        }
    }

    /// Sends a command and waits for its end. `take` gets every answer and gives back what
    /// it has no use for.
    pub(super) async fn run(
        &mut self,
        command: &Command,
        needs: &[Kind],
        take: impl FnMut(Answer) -> Option<Answer>,
    ) -> Result<Said> {
        self.ready()?;
        let tag = self.send(command).await?;
        self.flush().await?;
        self.finish(&tag, command.wait, needs, take).await
    }

    /// Waits for the end of a command. A line of one of the kinds that it `needs`, and that
    /// could not be understood, makes it fail.
    pub(super) async fn finish(
        &mut self,
        tag: &str,
        wait: Duration,
        needs: &[Kind],
        mut take: impl FnMut(Answer) -> Option<Answer>,
    ) -> Result<Said> {
        let mut missing = false;
        let until = self.deadline(wait);
        loop {
            match self.next_until(wait, until).await? {
                Answer::Done(done, said) => {
                    self.landed(&done)?;
                    if done != tag {
                        let error = "it answered in another order than it was asked";
                        return Err(self.end(ImapError::Protocol(error.into())));
                    }
                    let said = self.outcome(said)?;
                    return if missing { Err(garbled()) } else { Ok(said) };
                }
                Answer::Dropped(kind) if needs.contains(&kind) => missing = true,
                answer => {
                    if let Some(other) = take(answer) {
                        self.absorb(other)?;
                    }
                }
            }
        }
    }

    /// When a command is given up that brings this and that but never its end.
    pub(super) fn deadline(&self, wait: Duration) -> Instant {
        Instant::now() + wait.saturating_mul(LONGEST)
    }

    /// The next answer, if it is not too late for any.
    pub(super) async fn next_until(&mut self, wait: Duration, until: Instant) -> Result<Answer> {
        if Instant::now() > until {
            return Err(self.end(ImapError::TimedOut));
        }
        self.next(wait).await
    }

    /// A tagged OK, or the error that a NO or BAD is.
    pub(super) fn outcome(&mut self, said: Said) -> Result<Said> {
        self.alert(&said)?;
        if said.state == State::Ok { Ok(said) } else { Err(refusal(said)) }
    }

    /// The next answer. An end of the connection is an error, whatever announced it.
    pub(super) async fn next(&mut self, wait: Duration) -> Result<Answer> {
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        let size = match self.wire()?.fill(wait).await {
            // Letters are bounded each for itself, and nobody keeps them here.
            Ok(frame) if frame.kind == Kind::Fetch => frame.line.len(),
            Ok(frame) => frame.line.len() + frame.literals.iter().map(Vec::len).sum::<usize>(),
            Err(error) => return Err(self.end(error)),
        };
        self.held = self.held.saturating_add(size);
        if self.held > KEPT {
            let error = ImapError::Protocol("it sent more than was ever asked for".into());
            return Err(self.end(error));
        }
        let answer = self.parse().await?;
        if let Answer::State(said) = &answer {
            self.alert(said)?;
            if said.state == State::Bye {
                let text = if self.trusted { said.text.clone() } else { String::new() };
                return Err(self.end(ImapError::Bye(text)));
            }
        }
        Ok(answer)
    }

    /// What came is in good hands: more may come.
    pub(super) fn consumed(&mut self) {
        self.held = 0;
    }

    /// Has the parser read the answer that is there.
    async fn parse(&mut self) -> Result<Answer> {
        let frame = self.wire()?.frame().ok_or_else(away)?;
        let kind = frame.kind;
        let mut mended = match mend::guard(kind, &mut frame.line) {
            Guarded::Sound => false,
            Guarded::Mended(line) => {
                frame.line = line;
                true
            }
            Guarded::Hopeless => return Ok(self.dropped(kind)),
        };
        loop {
            let client = self.client.as_mut().ok_or_else(away)?;
            if let Ok(Some(response)) = client.read_response().await {
                let frame = client.get_mut().frame().ok_or_else(away)?;
                let answer = answer::of(response.parsed(), kind, &mut frame.literals);
                return Ok(match answer {
                    Answer::Dropped(kind) => self.dropped(kind),
                    answer => answer,
                });
            }
            // The parser is of no use after an error: another one, over the same wire.
            let wire = self.client.take().ok_or_else(away)?.into_inner();
            self.client = Some(Client::new(wire));
            let frame = self.wire()?.frame().ok_or_else(away)?;
            let line = if mended { None } else { mend::mend(kind, &frame.line) };
            let Some(mut line) = line else { return Ok(self.dropped(kind)) };
            if let Guarded::Mended(again) = mend::guard(kind, &mut line) {
                line = again;
            }
            frame.line = line;
            mended = true;
        }
    }

    fn dropped(&self, kind: Kind) -> Answer {
        if kind != Kind::Other {
            self.note("that line could not be understood and was left out");
        }
        Answer::Dropped(kind)
    }

    fn keep(&mut self, said: Unsolicited) -> Result<()> {
        if self.unsolicited.len() >= UNSOLICITED {
            let error = ImapError::Protocol("it told more at once than can be kept".into());
            return Err(self.end(error));
        }
        self.unsolicited.push(said);
        Ok(())
    }

    fn alert(&mut self, said: &Said) -> Result<()> {
        if said.code == Some(Code::Alert) && self.trusted {
            self.keep(Unsolicited::Alert(said.text.clone()))?;
        }
        Ok(())
    }

    /// Keeps what was said unasked.
    pub(super) fn absorb(&mut self, answer: Answer) -> Result<()> {
        if !self.entered {
            return Ok(());
        }
        match answer {
            Answer::Exists(count) => self.keep(Unsolicited::Exists(count)),
            Answer::Expunge(sequence) => self.keep(Unsolicited::Expunge(sequence)),
            Answer::Vanished { uids, .. } if uids.is_empty() => Ok(()),
            Answer::Vanished { uids, .. } => self.keep(Unsolicited::Vanished(uids)),
            Answer::Fetch(mut fetched) => {
                fetched.bytes = None;
                self.keep(Unsolicited::Changed(fetched))
            }
            // Without these, what is known of the folder is wrong from here on.
            Answer::Dropped(Kind::Expunge | Kind::Vanished | Kind::Exists) => {
                let error = ImapError::Protocol("it said unclearly what is gone".into());
                Err(self.end(error))
            }
            _ => Ok(()),
        }
    }
}

/// What a command is, for fail points.
#[cfg_attr(not(debug_assertions), allow(dead_code))]
fn verb(command: &Command) -> String {
    let words = command.shown.split([' ', '"']).take(2).collect::<Vec<_>>();
    match words.as_slice() {
        ["UID", verb, ..] => format!("UID {verb}"),
        [verb, ..] => (*verb).to_owned(),
        [] => String::new(),
    }
}

/// An answer of which a line is missing.
pub(super) fn garbled() -> ImapError {
    ImapError::Protocol("a line of it could not be understood".into())
}

/// A tagged NO or BAD as an error. Many servers have words for what there are codes for
/// (RFC 5530).
fn refusal(said: Said) -> ImapError {
    let text = words(&said.text);
    let plain = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let folder = has(&["mailbox", "folder"]);
    match (said.state, said.code) {
        (State::Bad, _) => ImapError::Bad(text),
        (State::No, Some(Code::TryCreate | Code::NoSuchMailbox)) => ImapError::NoSuchMailbox(text),
        (State::No, Some(Code::AlreadyExists)) => ImapError::AlreadyThere(text),
        (State::No, Some(Code::OverQuota)) => ImapError::OverQuota(text),
        (State::No, None) if folder && has(&["already exist"]) => ImapError::AlreadyThere(text),
        (State::No, None)
            if folder && has(&["doesn't exist", "does not exist", "no such", "nonexist"]) =>
        {
            ImapError::NoSuchMailbox(text)
        }
        (State::No, None) if has(&["quota"]) => ImapError::OverQuota(text),
        (State::No, Some(Code::Passing)) => ImapError::NotNow(text),
        (State::No, _) => ImapError::No(text),
        _ => ImapError::Protocol("it ended a command with neither OK nor NO".into()),
    }
}
