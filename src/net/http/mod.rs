//! Remote pictures over HTTP/1.1 (RFC 9110, 9112), for what carries leave to be
//! fetched.
//!
//! Promises: a request says nothing of the reader but that something is asked, the
//! same few fields each time: no cookies, no Referer, no language, no cache
//! validators, no session that would tie two requests together (TLS resumption is
//! off, each request has a connection of its own). Every address that a name stands
//! for is judged before the connection, which goes to the judged address itself.
//! With a proxy nothing is looked up here. Redirects are handed back, never
//! followed. Time and size are bounded whatever the server does.

mod dial;
mod error;

pub use crate::net::proxy::{Proxy, ProxyError};
pub use error::FetchError;

use crate::model::Allowed;
use crate::net::dial::Names;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use url::Url;

/// What every request says of the program that makes it: no more than that it is one.
const USER_AGENT: &str = "Mozilla/5.0";
/// What every request asks for.
const ACCEPT: &str = "image/*,*/*;q=0.8";

/// Who is asked before a connection is made.
pub trait Gate: Send + Sync {
    /// Whether this host and port, in a private network, were opened by name: they
    /// are reached directly even where there is a proxy.
    fn is_opened(&self, host: &str, port: u16) -> bool;

    /// Whether a connection for `host` may go to this address.
    fn may_connect(&self, host: &str, to: SocketAddr) -> bool;
}

/// Bytes that many requests may bring together.
#[derive(Debug)]
pub struct Budget(AtomicU64);

impl Budget {
    /// Room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        Self(AtomicU64::new(bytes))
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Takes room; without enough of it there is none any more.
    fn take(&self, bytes: u64) -> bool {
        let left = |room: u64| Some(room.saturating_sub(bytes));
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left)
            .is_ok_and(|had| had >= bytes)
    }
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// A body that may be a picture.
    Body(Vec<u8>),
    /// Go there, an absolute address: to be judged anew.
    Redirect(String),
    /// Any other status.
    Status(u16),
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Bytes of the body that came, also when it was given up.
    pub bytes: u64,
    /// What was answered, or why nothing was.
    pub answer: Result<Answered, FetchError>,
}

/// What a request may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// For look-up, connection and TLS together.
    connect: Duration,
    /// For all of it.
    whole: Duration,
    /// Without a byte of the body.
    stall: Duration,
    /// From the beginning of the body until its speed is looked at.
    grace: Duration,
    /// Bytes a second that the body has to come with, on the whole.
    slowest: u64,
    /// Bytes of a body.
    body: u64,
    /// Bytes of an answer's head.
    head: usize,
    /// Fields of an answer's head.
    fields: usize,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(20),
    stall: Duration::from_secs(8),
    grace: Duration::from_secs(5),
    slowest: 512,
    body: 16 * 1024 * 1024,
    head: 64 * 1024,
    fields: 200,
};

/// Fetches pictures. Cheap to make; certificates are read when the first `https`
/// address is asked.
#[derive(Debug, Clone)]
pub struct Client {
    proxy: Option<Proxy>,
    names: Names,
    tls: Arc<OnceCell<Arc<ClientConfig>>>,
    limits: Limits,
}

impl Default for Client {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Client {
    /// A client that reaches everything through `proxy`, where there is one.
    pub fn new(proxy: Option<Proxy>) -> Self {
        Self { proxy, names: Names::System, tls: Arc::default(), limits: LIMITS }
    }

    /// Asks one address, once. What the body takes comes out of `budget`.
    pub async fn get(&self, leave: &Allowed, gate: &dyn Gate, budget: &Budget) -> Fetched {
        let mut bytes = 0;
        let asked = timeout(self.limits.whole, self.ask(leave, gate, budget, &mut bytes)).await;
        let answer = asked.unwrap_or(Err(FetchError::TooSlow));
        Fetched { bytes, answer }
    }

    async fn ask(
        &self,
        leave: &Allowed,
        gate: &dyn Gate,
        budget: &Budget,
        bytes: &mut u64,
    ) -> Result<Answered, FetchError> {
        if budget.is_spent() {
            return Err(FetchError::Together);
        }
        let url = address(leave.url())?;
        let dialled = timeout(self.limits.connect, self.dial(&url, gate)).await;
        let line = dialled.unwrap_or(Err(FetchError::NoAnswer))?;
        let request = request(&url, &line)?;
        let mut builder = http1::Builder::new();
        builder
            .title_case_headers(true)
            .max_headers(self.limits.fields)
            .max_header_size(self.limits.head);
        let (mut sender, connection) =
            builder.handshake(TokioIo::new(line.stream)).await.map_err(FetchError::spoken)?;
        // Dropped with this request, whatever becomes of it.
        let _driver = Driver(tokio::spawn(connection).abort_handle());
        let response = sender.send_request(request).await.map_err(FetchError::spoken)?;
        self.answer(&url, response, budget, bytes).await
    }

    async fn answer(
        &self,
        url: &Url,
        response: Response<Incoming>,
        budget: &Budget,
        bytes: &mut u64,
    ) -> Result<Answered, FetchError> {
        let status = response.status().as_u16();
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Ok(redirect(url, response.headers()).unwrap_or(Answered::Status(status)));
        }
        if !matches!(status, 200 | 203) {
            return Ok(Answered::Status(status));
        }
        let packed = response.headers().get_all(header::CONTENT_ENCODING);
        if packed.iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(FetchError::Packed);
        }
        let mut body = response.into_body();
        if hyper::body::Body::size_hint(&body).lower() > self.limits.body {
            return Err(FetchError::TooLarge { most: self.limits.body >> 20 });
        }
        let started = Instant::now();
        let mut picture = Vec::new();
        loop {
            let frame = match timeout(self.limits.stall, body.frame()).await {
                Err(_) => return Err(FetchError::TooSlow),
                Ok(None) => return Ok(Answered::Body(picture)),
                Ok(Some(frame)) => frame.map_err(FetchError::spoken)?,
            };
            let Some(data) = frame.data_ref() else { continue };
            *bytes += data.len() as u64;
            if *bytes > self.limits.body {
                return Err(FetchError::TooLarge { most: self.limits.body >> 20 });
            }
            if !budget.take(data.len() as u64) {
                return Err(FetchError::Together);
            }
            picture.extend_from_slice(data);
            let taken = started.elapsed();
            if taken > self.limits.grace
                && *bytes < self.limits.slowest.saturating_mul(taken.as_secs())
            {
                return Err(FetchError::TooSlow);
            }
        }
    }
}

/// Drives a connection for as long as its request lasts.
struct Driver(tokio::task::AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The address of a leave, as whoever judged it read it.
fn address(written: &str) -> Result<Url, FetchError> {
    let written = written.trim();
    let whole = match written.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => written.to_owned(),
    };
    let url = Url::parse(&whole).map_err(|_| FetchError::Address)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host().is_some();
    if plain && matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(FetchError::Address)
    }
}

/// The request, field by field: the same ones for everybody.
fn request(url: &Url, line: &dial::Line) -> Result<Request<Empty<Bytes>>, FetchError> {
    let host = url.host_str().unwrap_or_default();
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut target = strict(url.path());
    if let Some(query) = url.query() {
        target.push('?');
        target.push_str(&strict(query));
    }
    if line.asks_proxy {
        target = format!("http://{authority}{target}");
    }
    let uri: Uri = target.parse().map_err(|_| FetchError::Address)?;
    let mut request = Request::get(uri)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, ACCEPT)
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close");
    if let Some(leave) = &line.proxy_leave {
        request = request.header(header::PROXY_AUTHORIZATION, leave);
    }
    request.body(Empty::new()).map_err(|_| FetchError::Address)
}

/// Path or query with everything percent-encoded that RFC 3986 has no room for.
fn strict(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Where a redirect leads, if that can be told.
fn redirect(from: &Url, head: &HeaderMap) -> Option<Answered> {
    let mut named = head.get_all(header::LOCATION).iter();
    let (location, more) = (named.next()?, named.next());
    if more.is_some_and(|other| other != location) {
        return None;
    }
    // Servers write addresses as they come: UTF-8 mostly.
    let location = String::from_utf8_lossy(location.as_bytes());
    let mut to = from.join(location.trim()).ok()?;
    to.set_fragment(None);
    Some(Answered::Redirect(to.into()))
}

#[cfg(test)]
pub(super) mod tests;
