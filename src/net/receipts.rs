//! A receipt server, asked over HTTP/1.1 (RFC 9110, 9112): tokens are made known to it, it
//! tells who fetched.
//!
//! Promises: TLS with a server somebody vouches for, plain HTTP to this computer alone; a
//! request holds the key and what is asked, and names no program; nothing is followed,
//! nothing is kept from one request to the next; time and size are bounded whatever the
//! server does. The key goes to the server it was given for, or nowhere: that is for who
//! calls to see to.

use super::dial::{DialError, Names, is_localhost};
use super::proxy::{Proxy, ProxyError};
use super::tls;
use crate::model::{ReceiptEvent, Registration, Secret};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// For a whole request.
const WHOLE: Duration = Duration::from_secs(20);
/// For look-up, connection and TLS together.
const CONNECT: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const ANSWER: usize = 1 << 20;
/// Bytes of an answer's head at most.
const HEAD: usize = 16 * 1024;
/// Fields of an answer's head.
const FIELDS: usize = 100;
/// Characters of a server's own words that are shown.
const WORDS: usize = 200;
/// Tokens that a server takes at once.
const TOKENS: usize = 500;

/// What can go wrong with a receipt server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptServerError {
    /// Not an address of one.
    #[error("'{0}' is no address of a receipt server; write https://receipts.example")]
    Address(String),
    /// Plain HTTP to another computer.
    #[error(
        "'{0}' would send the key unprotected; a receipt server is reached by https, but on this \
         computer itself"
    )]
    Plain(String),
    /// The name is not known.
    #[error("the name of the receipt server, {0}, is not known, or nothing could be looked up")]
    Name(String),
    /// Nobody there.
    #[error("the receipt server could not be reached: {0}")]
    Connect(String),
    /// The proxy did not do its part.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// It could not prove who it is.
    #[error("the connection to the receipt server was not safe and was given up: {0}")]
    Tls(String),
    /// This system's certificates are not there.
    #[error("this system has no list of certificate authorities, so no server can be trusted")]
    NoRoots,
    /// Longer than it may take.
    #[error("the receipt server was too slow and was given up")]
    TooSlow,
    /// It does not know the key.
    #[error("the receipt server does not know this key; 'goyo receipts key new' makes one there")]
    Key,
    /// It wants to be asked less often.
    #[error("the receipt server wants to be asked less often")]
    TooOften,
    /// It would not.
    #[error("the receipt server refused: {status} {said}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// Its words, if it had any.
        said: String,
    },
    /// Not an answer of a receipt server.
    #[error("the answer is none of a receipt server: {0}")]
    Garbled(String),
}

impl ReceiptServerError {
    /// It may be otherwise in a while, without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Name(_) | Self::Connect(_) | Self::Proxy(_) | Self::TooSlow | Self::TooOften => {
                true
            }
            Self::Refused { status, .. } => *status >= 500,
            _ => false,
        }
    }
}

impl From<DialError> for ReceiptServerError {
    fn from(error: DialError) -> Self {
        match error {
            DialError::Name(name) => Self::Name(name),
            DialError::Connect(why) => Self::Connect(why),
            DialError::Proxy(error) => Self::Proxy(error),
        }
    }
}

type Result<T> = std::result::Result<T, ReceiptServerError>;

/// What a server tells at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Events {
    /// What has changed.
    pub events: Vec<ReceiptEvent>,
    /// Where to go on.
    pub next: String,
    /// There is more at once.
    #[serde(default)]
    pub more: bool,
}

/// A receipt server and the way to it.
#[derive(Debug, Clone)]
pub struct ReceiptServer {
    base: Url,
    proxy: Option<Proxy>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl ReceiptServer {
    /// The server at `https://host[:port][/path]`, through a proxy where there is one; on
    /// this computer `http` will do, and no proxy is asked.
    ///
    /// # Errors
    /// When that is no such address.
    pub fn at(address: &str, proxy: Option<Proxy>) -> Result<Self> {
        let wrong = || ReceiptServerError::Address(shown(address));
        let base = Url::parse(address.trim()).map_err(|_| wrong())?;
        let host = base.host().ok_or_else(wrong)?;
        let is_bare = base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        let near = is_near(&host);
        match base.scheme() {
            "https" if is_bare => {}
            "http" if is_bare && near => {}
            "http" if is_bare => return Err(ReceiptServerError::Plain(shown(address))),
            _ => return Err(wrong()),
        }
        Ok(Self { proxy: proxy.filter(|_| !near), base })
    }

    /// Its address as it is written into letters: without a slash at the end.
    pub fn address(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// Makes tokens known. They are on the server's disk when this returns.
    ///
    /// # Errors
    /// When the server cannot be reached or would not: then none of the last lot is known.
    pub async fn register(&self, key: &Secret, tokens: &[Registration]) -> Result<()> {
        #[derive(Serialize)]
        struct Tokens<'t> {
            tokens: &'t [Registration],
        }
        #[derive(Deserialize)]
        struct Registered {
            registered: usize,
        }
        for tokens in tokens.chunks(TOKENS) {
            let body = serde_json::to_vec(&Tokens { tokens })
                .map_err(|error| ReceiptServerError::Garbled(error.to_string()))?;
            let said: Registered = self.ask(Method::POST, "/v1/tokens", key, body).await?;
            if said.registered != tokens.len() {
                return Err(ReceiptServerError::Garbled("it took other tokens".into()));
            }
        }
        Ok(())
    }

    /// What has changed since a cursor, or ever.
    ///
    /// # Errors
    /// When the server cannot be reached or would not.
    pub async fn events(&self, key: &Secret, since: Option<&str>) -> Result<Events> {
        let path = match since {
            Some(since) => {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                // One that is not of this kind was never given out by such a server.
                let since: String =
                    since.bytes().filter(|b| plain(*b)).map(char::from).take(200).collect();
                format!("/v1/events?since={since}")
            }
            None => "/v1/events".to_owned(),
        };
        self.ask(Method::GET, &path, key, Vec::new()).await
    }

    async fn ask<T: for<'de> Deserialize<'de>>(
        &self,
        method: Method,
        path: &str,
        key: &Secret,
        body: Vec<u8>,
    ) -> Result<T> {
        let asked = timeout(WHOLE, self.answered(method, path, key, body)).await;
        let (status, answer) = asked.unwrap_or(Err(ReceiptServerError::TooSlow))?;
        match status {
            200 => serde_json::from_slice(&answer)
                .map_err(|error| ReceiptServerError::Garbled(error.to_string())),
            401 | 403 => Err(ReceiptServerError::Key),
            429 => Err(ReceiptServerError::TooOften),
            status => Err(ReceiptServerError::Refused { status, said: words(&answer) }),
        }
    }

    async fn answered(
        &self,
        method: Method,
        path: &str,
        key: &Secret,
        body: Vec<u8>,
    ) -> Result<(u16, Bytes)> {
        let dialled = timeout(CONNECT, self.dial()).await;
        let stream = dialled.unwrap_or(Err(ReceiptServerError::TooSlow))?;
        let garbled =
            |error: &dyn std::fmt::Display| ReceiptServerError::Garbled(error.to_string());
        let host = self.base.host_str().unwrap_or_default();
        let authority = match self.base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let mut leave = header::HeaderValue::from_str(&format!("Bearer {}", key.reveal()))
            .map_err(|_| ReceiptServerError::Key)?;
        leave.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base.path().trim_end_matches('/')))
            .header(header::HOST, authority)
            .header(header::AUTHORIZATION, leave)
            .header(header::ACCEPT, "application/json")
            .header(header::CONNECTION, "close");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|e| garbled(&e))?;
        let mut builder = http1::Builder::new();
        builder.max_headers(FIELDS).max_header_size(HEAD);
        let (mut sender, connection) =
            builder.handshake(TokioIo::new(stream)).await.map_err(|e| garbled(&e))?;
        // Dropped with this request, whatever becomes of it.
        let _driver = Driver(tokio::spawn(connection).abort_handle());
        let response = sender.send_request(request).await.map_err(|e| garbled(&e))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER).collect().await;
        Ok((status, body.map_err(|e| garbled(&e))?.to_bytes()))
    }

    async fn dial(&self) -> Result<Box<dyn Stream>> {
        let (Some(host), Some(port)) = (self.base.host(), self.base.port_or_known_default()) else {
            return Err(ReceiptServerError::Address(shown(self.base.as_str())));
        };
        let tcp: TcpStream = match &self.proxy {
            Some(proxy) => Names::System.tunnel(proxy, &host, port).await?,
            None => {
                let name = host.to_string();
                let name = name.trim_start_matches('[').trim_end_matches(']');
                Names::System.reach(name, port).await?
            }
        };
        if self.base.scheme() != "https" {
            return Ok(Box::new(tcp));
        }
        let roots = tls::roots().await.ok_or(ReceiptServerError::NoRoots)?;
        let failed = |error: &dyn std::fmt::Display| ReceiptServerError::Tls(error.to_string());
        let config = tls::trusting(roots).map_err(|error| failed(&error))?;
        let name = tls::server_name(&host)
            .ok_or_else(|| ReceiptServerError::Address(shown(self.base.as_str())))?;
        let secured = TlsConnector::from(Arc::new(config)).connect(name, tcp).await;
        Ok(Box::new(secured.map_err(|error| ReceiptServerError::Tls(tls::why(&error)))?))
    }
}

/// Drives a connection for as long as its request lasts.
struct Driver(tokio::task::AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Whether a host is this computer.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(name) => is_localhost(name),
    }
}

/// An address without the password it may hold.
fn shown(address: &str) -> String {
    let address = match address.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => address.to_owned(),
    };
    address.chars().filter(|c| !c.is_control()).take(WORDS).collect()
}

/// What a server says of an error: `{"error":"…"}`, on one line.
fn words(answer: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    let said = serde_json::from_slice(answer).map(|Said { error }| error).unwrap_or_default();
    said.chars().filter(|c| !c.is_control()).take(WORDS).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn at(address: &str) -> Result<String> {
        ReceiptServer::at(address, None).map(|server| server.address())
    }

    #[test]
    fn addresses_are_https_or_this_computer() {
        assert_eq!(at("https://receipts.example").unwrap(), "https://receipts.example");
        assert_eq!(at(" https://r.example:8443/goyo/ ").unwrap(), "https://r.example:8443/goyo");
        for near in ["http://127.0.0.1:8025", "http://[::1]:8025", "http://localhost:1"] {
            assert_eq!(at(near).unwrap(), near);
        }
        for plain in
            ["http://receipts.example", "http://192.168.0.2:80", "http://localhost.evil.example"]
        {
            assert!(matches!(at(plain), Err(ReceiptServerError::Plain(_))), "{plain}");
        }
        for none in [
            "",
            "receipts.example",
            "ftp://receipts.example",
            "https://",
            "https://a:b@r.example",
            "https://r.example/?a=b",
            "https://r.example/#x",
            "mailto:a@b.example",
        ] {
            assert!(matches!(at(none), Err(ReceiptServerError::Address(_))), "{none}");
        }
        let told = at("https://minji:secret@r.example").unwrap_err().to_string();
        assert!(!told.contains("secret"), "{told}");
    }

    #[test]
    fn this_computer_is_reached_without_a_proxy() {
        let proxy = || Some(Proxy::parse("socks5://127.0.0.1:9050").unwrap());
        assert!(ReceiptServer::at("http://localhost:1", proxy()).unwrap().proxy.is_none());
        assert!(ReceiptServer::at("https://r.example", proxy()).unwrap().proxy.is_some());
    }
}
