//! The connection below the parser: bytes in and out, in clear, over TLS, compressed.
//!
//! Promises: every wait ends; an end of the stream is an error; bytes and round trips are
//! counted; what is handed up is one whole answer at a time, and never anything that came
//! before TLS once there is TLS.

use super::error::ImapError;
use super::frame::{Frame, Framer, Limits};
use super::pack::Packing;
use super::types::Traffic;
use crate::net::log::Log;
use crate::net::stream::{SecureError, Stream};
use crate::net::tls::TlsError;
use rustls::RootCertStore;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use url::Host;
use zeroize::Zeroize as _;

/// Bytes read at once.
const INPUT: usize = 64 * 1024;
/// From so many missing bytes on, a literal is read right into its place.
const DIRECT: usize = 8 * 1024;
/// Bytes written at once.
const OUTPUT: usize = 64 * 1024;
/// Slowest that a server may be with a long answer, in bytes a second.
const SLOWEST: u64 = 512;

/// See above.
#[derive(Debug)]
pub(super) struct Wire {
    way: Stream,
    /// What was read and not yet framed: `input[at..end]`.
    input: Box<[u8]>,
    at: usize,
    end: usize,
    /// What was read and not yet unpacked, where the connection is compressed.
    packed: Box<[u8]>,
    packed_at: usize,
    packed_end: usize,
    packing: Option<Box<Packing>>,
    framer: Framer,
    /// The answer that is being handed up, and how much of its line has been.
    frame: Option<Frame>,
    given: usize,
    output: Vec<u8>,
    /// Something was sent since we waited last.
    sent: bool,
    round_trips: u64,
    log: Log,
    /// What is said is part of a login.
    pub(super) login: bool,
}

impl Wire {
    pub(super) fn new(tcp: TcpStream, log: Log) -> Self {
        Self {
            way: Stream::new(tcp),
            input: vec![0; INPUT].into(),
            at: 0,
            end: 0,
            packed: Box::default(),
            packed_at: 0,
            packed_end: 0,
            packing: None,
            framer: Framer::new(Limits::default()),
            frame: None,
            given: 0,
            output: Vec::new(),
            sent: false,
            round_trips: 0,
            log,
            login: false,
        }
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    pub(super) fn traffic(&self) -> Traffic {
        let (read, written) = self.way.traffic();
        Traffic { read, written, round_trips: self.round_trips }
    }

    /// Whether nobody can read along.
    pub(super) fn is_secure(&self) -> bool {
        self.way.is_secure()
    }

    /// Whether the other end is this very computer.
    pub(super) fn is_near(&self) -> bool {
        self.way.is_near()
    }

    /// Whether something has come that belongs to no answer taken so far.
    pub(super) fn has_more(&self) -> bool {
        self.at < self.end || self.framer.is_inside()
    }

    /// Goes on over TLS. The other side may have said nothing more before that.
    pub(super) async fn secure(
        &mut self,
        host: &Host<&str>,
        roots: Option<Arc<RootCertStore>>,
        pin: Option<&str>,
    ) -> Result<(), ImapError> {
        if self.has_more() {
            return Err(ImapError::Injected);
        }
        self.way.secure(host, roots, pin).await.map_err(|error| match error {
            SecureError::Injected => ImapError::Injected,
            SecureError::Gone => ImapError::Lost("it was secure already".into()),
            SecureError::Tls(TlsError::Failed(why)) => ImapError::Tls(why),
            SecureError::Tls(TlsError::Certificate { sha256, why }) => {
                ImapError::Certificate { sha256, why }
            }
        })?;
        self.log.note("encrypted from here on");
        Ok(())
    }

    /// Goes on compressed. What has come already is.
    pub(super) fn compress(&mut self) {
        self.packed = vec![0; INPUT].into();
        let came = self.input.get(self.at..self.end).unwrap_or_default().to_vec();
        let kept = came.len().min(self.packed.len());
        if let (Some(room), Some(came)) = (self.packed.get_mut(..kept), came.get(..kept)) {
            room.copy_from_slice(came);
        }
        (self.packed_at, self.packed_end, self.at, self.end) = (0, kept, 0, 0);
        self.packing = Some(Box::new(Packing::new()));
        self.log.note("compressed from here on");
    }

    /// Says something at the next [`Self::flush`].
    pub(super) fn say(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }

    /// Sends what was said.
    pub(super) async fn flush(&mut self, wait: Duration) -> Result<(), ImapError> {
        let mut output = std::mem::take(&mut self.output);
        if output.is_empty() {
            return Ok(());
        }
        if let Some(packing) = &mut self.packing {
            output = packing.pack(&output).map_err(lost)?;
        }
        let sent = self.send(&output, wait).await;
        if self.login {
            output.zeroize();
        }
        sent?;
        // The room is used again.
        if output.capacity() <= INPUT {
            output.clear();
            self.output = output;
        }
        Ok(())
    }

    /// Sends bytes that are too many to be copied.
    pub(super) async fn send_all(&mut self, bytes: &[u8], wait: Duration) -> Result<(), ImapError> {
        self.flush(wait).await?;
        for chunk in bytes.chunks(OUTPUT) {
            match &mut self.packing {
                Some(packing) => {
                    let packed = packing.pack(chunk).map_err(lost)?;
                    self.send(&packed, wait).await?;
                }
                None => self.send(chunk, wait).await?,
            }
        }
        Ok(())
    }

    async fn send(&mut self, bytes: &[u8], wait: Duration) -> Result<(), ImapError> {
        self.sent = true;
        for chunk in bytes.chunks(OUTPUT) {
            timeout(wait, self.way.write_all(chunk))
                .await
                .map_err(|_| ImapError::TimedOut)?
                .map_err(lost)?;
        }
        timeout(wait, self.way.flush()).await.map_err(|_| ImapError::TimedOut)?.map_err(lost)
    }

    /// Waits until a whole answer is there. May be given up half-way and called again.
    pub(super) async fn fill(&mut self, wait: Duration) -> Result<&mut Frame, ImapError> {
        let begun = Instant::now();
        let mut came = 0_u64;
        while !self.frame_up()? {
            if self.sent {
                self.sent = false;
                self.round_trips += 1;
            }
            // A drop now and then keeps nobody waiting for ever.
            let spent = begun.elapsed().as_secs();
            if spent > wait.as_secs().saturating_mul(2).saturating_add(came / SLOWEST) {
                return Err(ImapError::TimedOut);
            }
            match timeout(wait, self.read()).await {
                Err(_) => return Err(ImapError::TimedOut),
                Ok(Err(error)) => return Err(lost(error)),
                Ok(Ok(0)) => {
                    return Err(ImapError::Lost("the server closed it unexpectedly".into()));
                }
                Ok(Ok(bytes)) => came += bytes as u64,
            }
        }
        self.given = 0;
        self.frame.as_mut().ok_or_else(|| ImapError::Lost("nothing came".into()))
    }

    /// Cuts the next answer out of what has come, if all of it has.
    fn frame_up(&mut self) -> Result<bool, ImapError> {
        let input = self.input.get(self.at..self.end).unwrap_or_default();
        let (taken, frame) =
            self.framer.take(input).map_err(|error| ImapError::Protocol(error.to_string()))?;
        self.at += taken;
        if let Some(frame) = &frame {
            self.log.heard(frame, self.login);
        }
        self.frame = frame;
        Ok(self.frame.is_some())
    }

    /// Reads once: how many bytes came over the network.
    async fn read(&mut self) -> io::Result<usize> {
        if let Some(packing) = &mut self.packing {
            loop {
                let packed = self.packed.get(self.packed_at..self.packed_end).unwrap_or_default();
                let unpacked = packing.unpack(packed, &mut self.input);
                match unpacked {
                    Ok((taken, given)) if given > 0 => {
                        self.packed_at += taken;
                        (self.at, self.end) = (0, given);
                        return Ok(given);
                    }
                    Ok((taken, _)) => self.packed_at += taken,
                    // No progress without more of it.
                    Err(_) if packed.is_empty() => {}
                    Err(error) => return Err(error),
                }
                if self.packed_at >= self.packed_end {
                    let read = self.way.read(&mut self.packed).await?;
                    if read == 0 {
                        return Ok(0);
                    }
                    (self.packed_at, self.packed_end) = (0, read);
                }
            }
        }
        if let Some((room, missing)) = self.framer.wanting(DIRECT) {
            let mut way = (&mut self.way).take(missing as u64);
            let read = way.read_buf(room).await?;
            self.framer.took(read);
            return Ok(read);
        }
        let read = self.way.read(&mut self.input).await?;
        (self.at, self.end) = (0, read);
        Ok(read)
    }

    /// The answer that was handed up.
    pub(super) fn frame(&mut self) -> Option<&mut Frame> {
        self.given = 0;
        self.frame.as_mut()
    }

    /// Ends the connection. Never waits long.
    pub(super) async fn shut(&mut self) {
        let _ = timeout(Duration::from_secs(2), self.way.shutdown()).await;
    }
}

fn lost(error: io::Error) -> ImapError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ImapError::Lost("the server closed it unexpectedly".into()),
        io::ErrorKind::InvalidData => ImapError::Protocol(error.to_string()),
        _ => ImapError::Lost(error.to_string()),
    }
}

/// For the parser: the line of the answer that is there, and no more than that.
impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let line = this.frame.as_ref().map(|frame| frame.line.as_slice()).unwrap_or_default();
        let rest = line.get(this.given..).unwrap_or_default();
        if rest.is_empty() {
            // It wants more than a whole answer: so it did not understand that one.
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        let part = rest.get(..buf.remaining()).unwrap_or(rest);
        buf.put_slice(part);
        this.given += part.len();
        Poll::Ready(Ok(()))
    }
}

/// Commands go out by [`Wire::say`]: nothing of them passes through others' hands, or logs.
impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
