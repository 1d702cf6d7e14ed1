//! Proxies: SOCKS5 (RFC 1928, 1929) and HTTP (RFC 9110, CONNECT). Names are resolved
//! by the proxy, never here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_socks::tcp::Socks5Stream;
use url::{Host, Url};

/// Bytes of a proxy's answer to CONNECT at most.
const MAX_HEAD: usize = 16 * 1024;
/// Longest name SOCKS5 has room for.
const MAX_NAME: usize = 255;

/// What is wrong with a proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// Not an address of a proxy.
    #[error(
        "'{0}' is no proxy; write socks5://host:port or http://host:port, with user:password@ \
         before the host where it asks for one"
    )]
    Address(String),
    /// It would not.
    #[error("the proxy refused: {0}")]
    Refused(String),
}

/// A proxy that everything goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// SOCKS version 5.
    Socks5(Place),
    /// HTTP, with CONNECT for what is encrypted.
    Http(Place),
}

/// Where a proxy is, and what it wants to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name or number.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// User and password.
    user: Option<(String, String)>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Passwords do not go into logs.
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Proxy {
    /// Reads `socks5://host:port`, `socks5h://…`, `http://…`.
    ///
    /// # Errors
    /// [`ProxyError::Address`] for anything else.
    pub fn parse(address: &str) -> Result<Self, ProxyError> {
        let wrong = || ProxyError::Address(without_user(address));
        let url = Url::parse(address.trim()).map_err(|_| wrong())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((decoded(user), decoded(password.unwrap_or_default()))),
        };
        if user.as_ref().is_some_and(|(user, word)| user.len() > 255 || word.len() > 255) {
            return Err(wrong());
        }
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
        let place = |default: u16| Place { host, port: url.port().unwrap_or(default), user };
        match url.scheme() {
            _ if !is_bare => Err(wrong()),
            "socks5" | "socks5h" => Ok(Self::Socks5(place(1080))),
            "http" => Ok(Self::Http(place(80))),
            _ => Err(wrong()),
        }
    }
}

/// A proxy's address without the password it may hold.
fn without_user(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => address.to_owned(),
    }
}

impl Place {
    /// What an HTTP proxy wants to be shown.
    pub(super) fn leave(&self) -> Option<String> {
        let (user, password) = self.user.as_ref()?;
        Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// Has a SOCKS5 proxy connect to `host`, by name where it is one.
    pub(super) async fn tunnel_socks(
        &self,
        stream: TcpStream,
        host: &Host<&str>,
        port: u16,
    ) -> Result<TcpStream, ProxyError> {
        use tokio_socks::TargetAddr;
        let target = match host {
            Host::Domain(name) if name.len() > MAX_NAME => {
                return Err(ProxyError::Refused("the name is too long for it".into()));
            }
            Host::Domain(name) => TargetAddr::Domain((*name).into(), port),
            Host::Ipv4(ip) => TargetAddr::Ip((*ip, port).into()),
            Host::Ipv6(ip) => TargetAddr::Ip((*ip, port).into()),
        };
        let connected = match &self.user {
            Some((user, password)) => {
                Socks5Stream::connect_with_password_and_socket(stream, target, user, password).await
            }
            None => Socks5Stream::connect_with_socket(stream, target).await,
        };
        let stream = connected.map_err(|error| ProxyError::Refused(error.to_string()))?;
        Ok(stream.into_inner())
    }

    /// Has an HTTP proxy connect to `host`.
    pub(super) async fn tunnel(
        &self,
        mut stream: TcpStream,
        host: &str,
        port: u16,
    ) -> Result<TcpStream, ProxyError> {
        let failed = |error: std::io::Error| ProxyError::Refused(error.to_string());
        let leave = self.leave();
        let leave = leave.map(|leave| format!("Proxy-Authorization: {leave}\r\n"));
        let ask = format!(
            "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{}\r\n",
            leave.unwrap_or_default()
        );
        stream.write_all(ask.as_bytes()).await.map_err(failed)?;
        // Byte by byte: what follows the head belongs to the server behind.
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() >= MAX_HEAD {
                return Err(ProxyError::Refused("its answer has no end".into()));
            }
            head.push(stream.read_u8().await.map_err(failed)?);
        }
        let head = String::from_utf8_lossy(&head);
        let first = head.lines().next().unwrap_or_default();
        let mut words = first.split_ascii_whitespace();
        let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
        let status = words.next().filter(|word| word.len() == 3);
        match status {
            Some(status) if is_http && status.starts_with('2') => Ok(stream),
            _ => {
                let said: String = first.chars().filter(|c| !c.is_control()).take(80).collect();
                Err(ProxyError::Refused(format!("it said '{said}'")))
            }
        }
    }
}
