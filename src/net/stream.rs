//! What a mail protocol's bytes go over: a socket that counts, in clear or over TLS, and the
//! change from the one to the other, which nothing from before it survives.

use super::tls::{self, TlsError};
use rustls::RootCertStore;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use url::Host;

/// A TCP connection that counts.
#[derive(Debug)]
pub(super) struct Counted {
    tcp: TcpStream,
    read: u64,
    written: u64,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(cx, buf);
        self.read += (buf.filled().len() - before) as u64;
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, buf);
        if let Poll::Ready(Ok(bytes)) = written {
            self.written += bytes as u64;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

/// See above.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(Counted),
    Tls(Box<TlsStream<Counted>>),
    /// While it changes from the one to the other.
    Between,
}

/// Why it could not be made secure.
#[derive(Debug)]
pub(super) enum SecureError {
    /// Something had come already that belongs to what was before.
    Injected,
    /// It is secure already, or gone.
    Gone,
    /// The handshake.
    Tls(TlsError),
}

impl Stream {
    /// A socket, in clear.
    pub(super) fn new(tcp: TcpStream) -> Self {
        Self::Plain(Counted { tcp, read: 0, written: 0 })
    }

    /// Bytes read from the network, and written to it.
    pub(super) fn traffic(&self) -> (u64, u64) {
        self.counted().map_or((0, 0), |counted| (counted.read, counted.written))
    }

    /// Whether nobody can read along.
    pub(super) fn is_secure(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Whether the other end is this very computer.
    pub(super) fn is_near(&self) -> bool {
        let peer = self.counted().and_then(|counted| counted.tcp.peer_addr().ok());
        peer.is_some_and(|peer| peer.ip().is_loopback())
    }

    /// Goes on over TLS. A server says nothing in TLS before we do: whatever is there
    /// already was put there.
    pub(super) async fn secure(
        &mut self,
        host: &Host<&str>,
        roots: Option<Arc<RootCertStore>>,
        pin: Option<&str>,
    ) -> Result<(), SecureError> {
        let Self::Plain(counted) = std::mem::replace(self, Self::Between) else {
            return Err(SecureError::Gone);
        };
        if has_come(&counted.tcp) {
            return Err(SecureError::Injected);
        }
        let stream = tls::secure(counted, host, roots, pin).await.map_err(SecureError::Tls)?;
        *self = Self::Tls(Box::new(stream));
        Ok(())
    }

    fn counted(&self) -> Option<&Counted> {
        match self {
            Self::Plain(counted) => Some(counted),
            Self::Tls(stream) => Some(stream.get_ref().0),
            Self::Between => None,
        }
    }
}

fn between() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Between => Poll::Ready(Err(between())),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Between => Poll::Ready(Err(between())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Self::Between => Poll::Ready(Err(between())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Between => Poll::Ready(Err(between())),
        }
    }
}

/// Whether bytes wait to be read.
fn has_come(tcp: &TcpStream) -> bool {
    use rustix::net::{RecvFlags, recv};
    recv(tcp, &mut [0_u8; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT)
        .is_ok_and(|(_, bytes)| bytes > 0)
}
