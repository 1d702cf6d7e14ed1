//! One letter: its envelope, its bytes, its end.
//!
//! Promises: what is certain and what is not are told apart by one place, the dot. Before it
//! nothing was delivered, whatever happened; after it only the server's word counts. A
//! letter cannot end early, nor bring commands along (line ends are CR LF or the letter does
//! not go).

use super::error::{CommitError, SmtpError, Step};
use super::path::{self, Path};
use super::reply::Reply;
use super::types::{Envelope, Notify, Said};
use super::{Result, Session, State};
use crate::fail;
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter, RcptParameter};
use std::time::Duration;
use tokio::time::Instant;

/// Recipients named at once where answers need not be waited for.
const AT_ONCE: usize = 50;
/// Bytes of a letter sent at once.
const BLOCK: usize = 16 * 1024;
/// The answers to all recipients may take so many times as long as one of them.
const LONGEST: u32 = 6;
/// Slowest that a server may take a letter, in bytes a second.
const SLOWEST: u64 = 512;
/// Bytes of a line of a letter at most, its end not counted (RFC 5322, 2.1.1).
const MAX_LINE: usize = 998;

/// Looks at the bytes of a letter before anything is sent: whether they can go over the wire
/// as they are, and whether they are 8-bit ([`Envelope::eight_bit`]).
///
/// # Errors
/// [`SmtpError::Unsendable`]: a line end that is none, NUL, a line that is too long.
pub fn check(bytes: &[u8]) -> Result<bool> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, after) = match memchr::memchr(b'\n', rest) {
            Some(at) => {
                let line = rest.get(..at).unwrap_or_default();
                let line = line.strip_suffix(b"\r");
                let line = line.ok_or(SmtpError::Unsendable("a line ends without CR"))?;
                (line, rest.get(at + 1..).unwrap_or_default())
            }
            None => (rest, [].as_slice()),
        };
        if memchr::memchr(b'\r', line).is_some() {
            return Err(SmtpError::Unsendable("CR stands within a line"));
        }
        if memchr::memchr(b'\0', line).is_some() {
            return Err(SmtpError::Unsendable("NUL stands in it"));
        }
        if line.len() > MAX_LINE {
            return Err(SmtpError::Unsendable("a line is longer than 998 bytes"));
        }
        rest = after;
    }
    Ok(!bytes.is_ascii())
}

/// The commands of an envelope.
struct Commands {
    mail: String,
    recipients: Vec<String>,
}

impl Session {
    /// Says from whom and to whom. What the server says to each recipient, in their order;
    /// if it takes none of them, the transaction is taken back and another may begin.
    ///
    /// # Errors
    /// [`SmtpError::TooLarge`], [`SmtpError::NoUtf8`], [`SmtpError::NoEightBit`] and
    /// [`SmtpError::Address`] before anything is sent; [`SmtpError::Refused`] when the server
    /// refuses the sender (the connection stays usable); and what ends connections.
    pub async fn envelope(&mut self, envelope: &Envelope) -> Result<Vec<Said>> {
        let commands = self.commands(envelope)?;
        if matches!(self.state, State::Begun { .. }) {
            self.take_back().await?;
        }
        self.enter(State::Ready)?;
        let said = self.name_them(&commands, envelope).await;
        self.declared = envelope.eight_bit || envelope.smtputf8;
        match said {
            Ok(said) => {
                let accepted = said.iter().filter(|said| said.is_accepted()).count();
                self.state = State::Begun { accepted };
                if accepted == 0 {
                    // The answers are known; whether it can be taken back is another matter.
                    let _ = self.take_back().await;
                }
                Ok(said)
            }
            Err(error @ SmtpError::Refused { .. }) => {
                // What became of it is known, whether or not it can be taken back.
                self.state = State::Begun { accepted: 0 };
                let _ = self.take_back().await;
                Err(error)
            }
            Err(error) => Err(self.broke(error)),
        }
    }

    /// The commands, if the server can do what the letter needs.
    fn commands(&self, envelope: &Envelope) -> Result<Commands> {
        let offers = &self.offers;
        if let Some(limit) = offers.limit().filter(|limit| envelope.size > *limit) {
            return Err(SmtpError::TooLarge { size: envelope.size, limit });
        }
        let sender = match envelope.sender.as_str() {
            "" => None,
            written => Some(Path::of(written)?),
        };
        let recipients: Vec<Path> =
            envelope.recipients.iter().map(|to| Path::of(to)).collect::<Result<_>>()?;
        if recipients.is_empty() {
            return Err(SmtpError::Unusable("the letter goes to nobody"));
        }
        let utf8 = envelope.smtputf8 || sender.iter().chain(&recipients).any(Path::needs_utf8);
        if utf8 && !offers.smtputf8 {
            return Err(SmtpError::NoUtf8);
        }
        // Who can do SMTPUTF8 can do this (RFC 6531, section 3.1).
        let eight_bit = envelope.eight_bit || envelope.smtputf8;
        if eight_bit && !(offers.eight_bit || offers.smtputf8) {
            return Err(SmtpError::NoEightBit);
        }
        let mut mail = Vec::new();
        if offers.size.is_some() {
            mail.push(MailParameter::Size(usize::try_from(envelope.size).unwrap_or(usize::MAX)));
        }
        if eight_bit {
            mail.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if utf8 {
            mail.push(MailParameter::SmtpUtfEight);
        }
        let other = |keyword: &str, value: &str| MailParameter::Other {
            keyword: keyword.to_owned(),
            value: Some(value.to_owned()),
        };
        if offers.dsn {
            // A report need not carry the letter back past everybody's eyes.
            mail.push(other("RET", "HDRS"));
            let id = envelope.envelope_id.as_deref();
            mail.extend(id.filter(|id| path::is_envelope_id(id)).map(|id| other("ENVID", id)));
        }
        let notify = envelope.notify.filter(|_| offers.dsn).map(notify);
        let recipient = |path: &Path| {
            let other = |keyword: &str, value: String| RcptParameter::Other {
                keyword: keyword.to_owned(),
                value: Some(value),
            };
            let parameters = notify.iter().flat_map(|notify| {
                [other("NOTIFY", notify.clone()), other("ORCPT", path.original())]
            });
            line(&Rcpt::new(path.address(), parameters.collect()))
        };
        Ok(Commands {
            mail: line(&Mail::new(sender.as_ref().map(Path::address), mail)),
            recipients: recipients.iter().map(recipient).collect(),
        })
    }

    async fn name_them(&mut self, commands: &Commands, envelope: &Envelope) -> Result<Vec<Said>> {
        let wait = self.options.envelope;
        // A server that takes its time with each recipient takes it of all of them.
        let until = Instant::now() + wait.saturating_mul(LONGEST);
        let mut lines = std::iter::once(&commands.mail).chain(&commands.recipients);
        let mut replies = Vec::with_capacity(commands.recipients.len() + 1);
        loop {
            // MAIL is waited for where that is all one may do.
            let most = if self.offers.pipelining { AT_ONCE } else { 1 };
            let group: Vec<&String> = lines.by_ref().take(most).collect();
            if group.is_empty() {
                break;
            }
            self.wire.unasked().await?;
            self.say_all(&group).await?;
            let first = replies.is_empty();
            let mut refused = None;
            for at in 0..group.len() {
                // After a refused MAIL the rest is read only to be rid of it.
                let left = until.saturating_duration_since(Instant::now());
                let reply = match self.wire.answer(wait.min(left)).await {
                    Err(_) if refused.is_some() => break,
                    reply => reply?,
                };
                match reply.code / 100 {
                    2 => {}
                    4 | 5 if first && at == 0 => refused = Some(reply.clone()),
                    4 | 5 => {}
                    _ => return Err(SmtpError::Protocol("it asks where it has to answer".into())),
                }
                replies.push(reply);
            }
            if let Some(reply) = refused {
                return Err(SmtpError::Refused { step: Step::Sender, reply });
            }
            if self.wire.has_more() {
                return Err(SmtpError::Protocol("it answered what nobody had asked".into()));
            }
        }
        fail::point(|| "smtp:envelope:answered".into());
        let replies = replies.into_iter().skip(1);
        let said = envelope.recipients.iter().cloned().zip(replies);
        Ok(said.map(|(recipient, reply)| Said { recipient, reply }).collect())
    }

    async fn say_all(&mut self, lines: &[&String]) -> Result<()> {
        let mut bytes = String::new();
        for line in lines {
            self.wire.said(line);
            bytes.push_str(line);
            bytes.push_str("\r\n");
        }
        fail::point(|| "smtp:envelope:leaving".into());
        self.wire.send(bytes.as_bytes(), self.options.block).await
    }

    /// The letter, all but its end: until this and [`Self::commit`] returned, nothing can
    /// have been delivered. `progress` hears how many bytes of the letter have been sent.
    /// A letter that does not end with a line end gets one.
    ///
    /// # Errors
    /// [`SmtpError::Unsendable`] and [`SmtpError::TooLarge`] before anything is sent;
    /// [`SmtpError::Refused`] when the server wants no letter; and what ends connections.
    pub async fn content(&mut self, bytes: &[u8], mut progress: impl FnMut(u64)) -> Result<()> {
        if check(bytes)? && !self.declared {
            return Err(SmtpError::Unsendable("it is not in 7 bits, as was announced"));
        }
        let size = bytes.len() as u64;
        if let Some(limit) = self.offers.limit().filter(|limit| size > *limit) {
            return Err(SmtpError::TooLarge { size, limit });
        }
        let accepted = match self.state {
            State::Begun { accepted } if accepted > 0 => accepted,
            _ => return Err(SmtpError::Unusable("nobody was accepted who would get the letter")),
        };
        self.enter(State::Begun { accepted })?;
        let answer = self.wire.ask("DATA", self.options.data).await;
        match answer {
            Ok(reply) if reply.code == 354 => {}
            Ok(reply) if reply.is_transient() || reply.is_permanent() => {
                self.state = State::Begun { accepted: 0 };
                return Err(SmtpError::Refused { step: Step::Data, reply });
            }
            Ok(_) => {
                let error = SmtpError::Protocol("it answers DATA with neither yes nor no".into());
                return Err(self.broke(error));
            }
            Err(error) => return Err(self.broke(error)),
        }
        match self.pour(bytes, &mut progress).await {
            Ok(()) => {
                fail::point(|| "smtp:letter:sent".into());
                self.state = State::Poured;
                Ok(())
            }
            Err(error) => Err(self.broke(error)),
        }
    }

    async fn pour(&mut self, bytes: &[u8], progress: &mut impl FnMut(u64)) -> Result<()> {
        self.wire.said(&format!("(… {} bytes)", bytes.len()));
        let begun = Instant::now();
        let mut block = Vec::with_capacity(BLOCK + MAX_LINE + 4);
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            // RFC 5321, 4.5.2: a dot that begins a line is doubled.
            if line.first() == Some(&b'.') {
                block.push(b'.');
            }
            block.extend_from_slice(line);
            rest = after;
            if rest.is_empty() && !line.ends_with(b"\r\n") {
                block.extend_from_slice(b"\r\n");
            }
            if block.len() >= BLOCK || rest.is_empty() {
                if let Some(reply) = self.wire.send_listening(&block, self.options.block).await? {
                    return Err(early(reply));
                }
                block.clear();
                let sent = (bytes.len() - rest.len()) as u64;
                progress(sent);
                let most =
                    self.options.block.saturating_mul(2) + Duration::from_secs(sent / SLOWEST);
                if begun.elapsed() > most {
                    return Err(SmtpError::TimedOut);
                }
            }
        }
        Ok(())
    }

    /// The end of the letter, and the server's word: it has the letter for every recipient
    /// it accepted, or for none.
    ///
    /// # Errors
    /// As [`CommitError`] says: certain, or not known.
    pub async fn commit(&mut self) -> std::result::Result<Reply, CommitError> {
        self.enter(State::Poured).map_err(CommitError::NotSent)?;
        // A server that gave up in the meantime is certain not to have it.
        match self.wire.send_listening(&[], Duration::from_secs(5)).await {
            Ok(None) => {}
            Ok(Some(reply)) => {
                return Err(CommitError::NotSent(self.broke(early(reply))));
            }
            Err(error) => return Err(CommitError::NotSent(self.broke(error))),
        }
        fail::point(|| "smtp:dot:leaving".into());
        self.wire.said(".");
        if let Err(error) = self.wire.send(b".\r\n", self.options.block).await {
            return Err(CommitError::Doubt(self.broke(error)));
        }
        fail::point(|| "smtp:dot:left".into());
        let reply = match self.wire.reply(self.options.commit).await {
            Ok(reply) => reply,
            Err(error) => return Err(CommitError::Doubt(self.broke(error))),
        };
        fail::point(|| "smtp:dot:answered".into());
        if reply.code == 421 || self.wire.has_more() {
            self.wire.drop_it();
        } else {
            self.state = State::Ready;
        }
        match reply.code / 100 {
            2 => Ok(reply),
            4 | 5 => Err(CommitError::Refused(reply)),
            _ => {
                let error = SmtpError::Protocol("it asks where it has to answer".into());
                Err(CommitError::Doubt(self.broke(error)))
            }
        }
    }

    /// Gives the letter up that was begun and not committed. In the middle of its content
    /// only the end of the connection does that.
    ///
    /// # Errors
    /// What ends connections. The letter is given up all the same.
    pub async fn abandon(&mut self) -> Result<()> {
        match self.state {
            State::Ready => Ok(()),
            State::Begun { .. } => self.take_back().await,
            State::Poured | State::Busy => {
                self.state = State::Busy;
                self.wire.drop_it();
                Ok(())
            }
        }
    }

    /// Takes back what was begun (RSET).
    async fn take_back(&mut self) -> Result<()> {
        self.short("RSET").await
    }

    /// Does nothing, which shows whether the connection still stands.
    ///
    /// # Errors
    /// What ends connections.
    pub async fn noop(&mut self) -> Result<()> {
        self.short("NOOP").await
    }

    async fn short(&mut self, command: &str) -> Result<()> {
        let entered = self.state;
        match entered {
            State::Ready | State::Begun { .. } => self.enter(entered)?,
            _ => return Err(SmtpError::Unusable("it is in the middle of a letter")),
        }
        match self.wire.ask(command, self.options.answer).await {
            Ok(reply) if reply.is_positive() => {
                self.state = if command == "RSET" { State::Ready } else { entered };
                Ok(())
            }
            Ok(reply) => {
                let error = SmtpError::Refused { step: Step::Other, reply };
                Err(self.broke(error))
            }
            Err(error) => Err(self.broke(error)),
        }
    }

    /// Says good-bye. Never waits long.
    pub async fn quit(mut self) {
        if matches!(self.state, State::Ready | State::Begun { .. }) {
            let _ = self.wire.ask("QUIT", Duration::from_secs(2)).await;
            self.wire.shut().await;
        }
    }

    /// Begins something that must come to its end before anything else begins.
    fn enter(&mut self, wanted: State) -> Result<()> {
        if self.state != wanted {
            return Err(SmtpError::Unusable(match self.state {
                State::Busy => "it broke before",
                _ => "the steps came in another order",
            }));
        }
        self.state = State::Busy;
        Ok(())
    }

    /// The connection is of no use any more.
    fn broke(&mut self, error: SmtpError) -> SmtpError {
        self.state = State::Busy;
        self.wire.note(&format!("the connection is given up: {error}"));
        self.wire.drop_it();
        error
    }
}

/// What a server said in the middle of a letter.
fn early(reply: Reply) -> SmtpError {
    match reply.code {
        421 => SmtpError::Closing(reply),
        _ if reply.is_transient() || reply.is_permanent() => {
            SmtpError::Refused { step: Step::Content, reply }
        }
        _ => SmtpError::Protocol("it took the letter before its end".into()),
    }
}

/// A command without its line end.
fn line(command: &impl std::fmt::Display) -> String {
    command.to_string().trim_end_matches(['\r', '\n']).to_owned()
}

/// When reports are wanted, as RFC 3461 writes it.
fn notify(notify: Notify) -> String {
    let words = [(notify.success, "SUCCESS"), (notify.failure, "FAILURE"), (notify.delay, "DELAY")];
    let wanted: Vec<&str> = words.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
    match wanted.is_empty() {
        true => "NEVER".to_owned(),
        false => wanted.join(","),
    }
}
