//! The connection: bytes in and out, in clear or over TLS, with its conversation kept.
//!
//! Promises: every wait ends; an end of the stream is an error; what was said before TLS is
//! neither shown nor kept; a reply that nobody asked for is found before the next command.

use super::error::SmtpError;
use super::reply::{Replies, Reply};
use super::types::Traffic;
use super::{Log, Result};
use crate::fail;
use crate::net::log::plain;
use crate::net::stream::Stream;
use rustls::RootCertStore;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use url::Host;

/// Bytes read at once.
const INPUT: usize = 8 * 1024;
/// Slowest that a server may be with a long answer, in bytes a second.
const SLOWEST: u64 = 512;
/// Lines of the conversation that are kept for who takes them.
const TOLD: usize = 400;
/// For the rest of something that nobody asked for, and for last words.
const SHORTLY: Duration = Duration::from_secs(2);

/// How much of the server's words the log may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it.
    All,
    /// Of questions (334) the code alone: they are part of a login.
    NoQuestions,
    /// Codes alone: anybody may have written the rest.
    Codes,
}

/// See above.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    /// What was read and not yet taken: `input[at..end]`.
    input: Box<[u8]>,
    at: usize,
    end: usize,
    replies: Replies,
    log: Log,
    told: VecDeque<String>,
    pub(super) shown: Shown,
}

impl Wire {
    pub(super) fn new(tcp: TcpStream, log: Log) -> Self {
        Self {
            stream: Stream::new(tcp),
            input: vec![0; INPUT].into(),
            at: 0,
            end: 0,
            replies: Replies::new(),
            log,
            told: VecDeque::new(),
            shown: Shown::Codes,
        }
    }

    pub(super) fn traffic(&self) -> Traffic {
        let (read, written) = self.stream.traffic();
        Traffic { read, written }
    }

    pub(super) fn is_secure(&self) -> bool {
        self.stream.is_secure()
    }

    pub(super) fn take_told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told).into()
    }

    fn tell(&mut self, line: String) {
        if self.told.len() >= TOLD {
            self.told.pop_front();
        }
        self.told.push_back(line.clone());
        self.log.push(line);
    }

    /// What is to be said about the conversation.
    pub(super) fn note(&mut self, text: &str) {
        self.tell(plain("-- ", text.as_bytes()));
    }

    /// What we say, already without what is secret.
    pub(super) fn said(&mut self, text: &str) {
        self.tell(plain("C: ", text.as_bytes()));
    }

    fn heard(&mut self, reply: &Reply) {
        let hidden = match self.shown {
            Shown::All => false,
            Shown::NoQuestions => reply.is_intermediate(),
            Shown::Codes => true,
        };
        if hidden {
            return self.tell(format!("S: {} …", reply.code));
        }
        let last = reply.lines.len().saturating_sub(1);
        for (at, line) in reply.lines.iter().enumerate() {
            let between = if at == last { ' ' } else { '-' };
            let line = match reply.enhanced.filter(|_| at == 0) {
                Some(enhanced) => format!("{}{between}{enhanced} {line}", reply.code),
                None => format!("{}{between}{line}", reply.code),
            };
            self.tell(plain("S: ", line.trim_end().as_bytes()));
        }
    }

    /// Whether something has come that belongs to no reply taken so far.
    pub(super) fn has_more(&self) -> bool {
        self.at < self.end || self.replies.is_inside()
    }

    /// Goes on over TLS. The other side may have said nothing more before that.
    pub(super) async fn secure(
        &mut self,
        host: &Host<&str>,
        roots: Option<Arc<RootCertStore>>,
        pin: Option<&str>,
    ) -> Result<()> {
        if self.has_more() {
            return Err(SmtpError::Injected);
        }
        self.stream.secure(host, roots, pin).await?;
        self.note("encrypted from here on");
        Ok(())
    }

    /// Ends the connection at once, in the middle of whatever it is.
    pub(super) fn drop_it(&mut self) {
        self.stream = Stream::Between;
    }

    /// Ends the connection in order. Never waits long.
    pub(super) async fn shut(&mut self) {
        let _ = timeout(SHORTLY, self.stream.shutdown()).await;
    }

    /// Sends bytes.
    pub(super) async fn send(&mut self, bytes: &[u8], wait: Duration) -> Result<()> {
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(wait, sending).await.map_err(|_| SmtpError::TimedOut)?.map_err(lost)
    }

    /// Sends a line; `shown` stands in the log for it. Its name for fail points is its first
    /// word.
    pub(super) async fn say(&mut self, line: &str, shown: &str, wait: Duration) -> Result<()> {
        fail::point(|| format!("smtp:{}:leaving", verb(shown)));
        self.said(shown);
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(line.len() + 2));
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        self.send(&bytes, wait).await?;
        fail::point(|| format!("smtp:{}:left", verb(shown)));
        Ok(())
    }

    /// A command and its reply. 421 is the end of the connection.
    pub(super) async fn ask(&mut self, line: &str, wait: Duration) -> Result<Reply> {
        self.unasked().await?;
        self.say(line, line, wait).await?;
        let reply = self.answer(wait).await?;
        fail::point(|| format!("smtp:{}:answered", verb(line)));
        Ok(reply)
    }

    /// The next reply. 421 is the end of the connection.
    pub(super) async fn answer(&mut self, wait: Duration) -> Result<Reply> {
        let reply = self.reply(wait).await?;
        match reply.code {
            421 => Err(SmtpError::Closing(reply)),
            _ => Ok(reply),
        }
    }

    /// The next reply, whatever it is.
    pub(super) async fn reply(&mut self, wait: Duration) -> Result<Reply> {
        let begun = Instant::now();
        let mut came = 0_u64;
        loop {
            if let Some(reply) = self.cut()? {
                return Ok(reply);
            }
            // A drop now and then keeps nobody waiting for ever.
            let most = wait.saturating_mul(2).saturating_add(Duration::from_secs(came / SLOWEST));
            let left = most.saturating_sub(begun.elapsed()).min(wait);
            match timeout(left, self.stream.read(&mut self.input)).await {
                Err(_) => return Err(SmtpError::TimedOut),
                Ok(Err(error)) => return Err(lost(error)),
                Ok(Ok(0)) => return Err(closed()),
                Ok(Ok(read)) => {
                    (self.at, self.end) = (0, read);
                    came += read as u64;
                }
            }
        }
    }

    /// Cuts the next reply out of what has come.
    fn cut(&mut self) -> Result<Option<Reply>> {
        let input = self.input.get(self.at..self.end).unwrap_or_default();
        let cut = self.replies.take(input);
        let (taken, reply) = cut.map_err(|error| SmtpError::Protocol(error.to_string()))?;
        self.at += taken;
        if let Some(reply) = &reply {
            self.heard(reply);
        }
        Ok(reply)
    }

    /// Sees to it that the server has said nothing since its last reply: it may have ended
    /// the connection, and what comes next must not be taken for another answer.
    pub(super) async fn unasked(&mut self) -> Result<()> {
        if !self.has_more() && !self.peek().await? {
            return Ok(());
        }
        let reply = self.reply(SHORTLY).await?;
        Err(match reply.code {
            421 => SmtpError::Closing(reply),
            _ => SmtpError::Protocol("it answered what nobody had asked".into()),
        })
    }

    /// Whether something has come, without waiting for it.
    async fn peek(&mut self) -> Result<bool> {
        let Self { stream, input, .. } = self;
        let read = poll_fn(|cx| {
            let mut room = ReadBuf::new(input);
            match Pin::new(&mut *stream).poll_read(cx, &mut room) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(Some(room.filled().len()))),
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => Poll::Ready(Ok(None)),
            }
        });
        match read.await.map_err(lost)? {
            None => Ok(false),
            Some(0) => Err(closed()),
            Some(read) => {
                (self.at, self.end) = (0, read);
                Ok(true)
            }
        }
    }

    /// Sends some of a letter, and listens meanwhile: a server that has had enough says so
    /// in the middle of it. What it says then, if it says something.
    pub(super) async fn send_listening(
        &mut self,
        bytes: &[u8],
        wait: Duration,
    ) -> Result<Option<Reply>> {
        if self.has_more() {
            return self.reply(SHORTLY).await.map(Some);
        }
        let Self { stream, input, .. } = self;
        let mut sent = 0;
        let sending = poll_fn(|cx| {
            let mut room = ReadBuf::new(input);
            match Pin::new(&mut *stream).poll_read(cx, &mut room) {
                Poll::Ready(Ok(())) => return Poll::Ready(Ok(Some(room.filled().len()))),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
            while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
                match Pin::new(&mut *stream).poll_write(cx, rest) {
                    Poll::Ready(Ok(0)) => {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    Poll::Ready(Ok(written)) => sent += written,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => return Poll::Pending,
                }
            }
            Pin::new(&mut *stream).poll_flush(cx).map_ok(|()| None)
        });
        match timeout(wait, sending).await {
            Err(_) => Err(SmtpError::TimedOut),
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(0))) => Err(closed()),
            Ok(Ok(Some(read))) => {
                (self.at, self.end) = (0, read);
                self.reply(SHORTLY).await.map(Some)
            }
            // It may have said why before it hung up.
            Ok(Err(error)) => match self.reply(SHORTLY).await {
                Ok(reply) => Ok(Some(reply)),
                Err(_) => Err(lost(error)),
            },
        }
    }
}

/// The name of a command for fail points.
fn verb(line: &str) -> &str {
    line.split([' ', ':']).next().unwrap_or(line)
}

fn closed() -> SmtpError {
    SmtpError::Lost("the server closed it unexpectedly".into())
}

fn lost(error: io::Error) -> SmtpError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => closed(),
        _ => SmtpError::Lost(error.to_string()),
    }
}
