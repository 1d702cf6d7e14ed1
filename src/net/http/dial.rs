//! From an address to a connection: look-up, judgement of what it brought, proxy,
//! TLS.

use super::error::FetchError;
use super::proxy::Proxy;
use super::{Client, Gate};
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// Addresses of one name that are tried.
const TRIED: usize = 6;
/// After so long without a connection the next address is tried beside (RFC 8305).
const STAGGER: Duration = Duration::from_millis(250);

/// A connection's two ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection that a request can go over.
pub(super) struct Line {
    /// It.
    pub stream: Box<dyn Stream>,
    /// At its other end stands an HTTP proxy that wants the whole address.
    pub asks_proxy: bool,
    /// What that proxy wants to be shown (RFC 7617).
    pub proxy_leave: Option<String>,
}

/// Who says what a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Names {
    /// The system.
    System,
    /// A test: what it says, and how often it was asked.
    #[cfg(test)]
    Fixed(Arc<super::tests::FixedNames>),
}

impl Names {
    async fn look_up(&self, name: &str, port: u16) -> Option<Vec<SocketAddr>> {
        match self {
            Self::System => {
                // With its dot it is asked for as it is, without the endings that a
                // network adds to names it does not know.
                let whole = format!("{}.", name.trim_end_matches('.'));
                Some(tokio::net::lookup_host((whole, port)).await.ok()?.collect())
            }
            #[cfg(test)]
            Self::Fixed(names) => names.look_up(name, port),
        }
    }
}

impl Client {
    /// Connects to where an address says, if the gate has nothing against it.
    pub(super) async fn dial(&self, url: &Url, gate: &dyn Gate) -> Result<Line, FetchError> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(FetchError::Address);
        };
        let written = host.to_string();
        let near = near(&host);
        let proxy =
            self.proxy.as_ref().filter(|_| near.is_none() || !gate.is_opened(&written, port));
        // A number is judged here, proxy or not.
        if let Some(addresses) = &near {
            judge(&written, port, addresses, gate)?;
        }
        let secure = url.scheme() == "https";
        let tcp = match proxy {
            Some(Proxy::Http(proxy)) if !secure => {
                let stream = Box::new(self.reach(&proxy.host, proxy.port).await?);
                return Ok(Line { stream, asks_proxy: true, proxy_leave: proxy.leave() });
            }
            Some(Proxy::Http(proxy)) => {
                let stream = self.reach(&proxy.host, proxy.port).await?;
                proxy.tunnel(stream, &written, port).await?
            }
            Some(Proxy::Socks5(proxy)) => {
                let stream = self.reach(&proxy.host, proxy.port).await?;
                proxy.tunnel_socks(stream, &host, port).await?
            }
            None => {
                let addresses = match (near, &host) {
                    (Some(addresses), _) => addresses,
                    (None, Host::Domain(name)) => self.look_up(name, port).await?,
                    (None, _) => return Err(FetchError::Address),
                };
                let judged = judge(&written, port, &addresses, gate)?;
                connect(judged).await?
            }
        };
        let _ = tcp.set_nodelay(true);
        let stream: Box<dyn Stream> = match secure {
            true => Box::new(self.encrypt(tcp, &host).await?),
            false => Box::new(tcp),
        };
        Ok(Line { stream, asks_proxy: false, proxy_leave: None })
    }

    async fn look_up(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, FetchError> {
        let found = self.names.look_up(name, port).await.unwrap_or_default();
        if found.is_empty() {
            return Err(FetchError::Name(name.to_owned()));
        }
        Ok(found.into_iter().map(|address| address.ip()).collect())
    }

    /// Connects to the user's own proxy: wherever they put it.
    async fn reach(&self, host: &str, port: u16) -> Result<TcpStream, FetchError> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(ip) => vec![ip],
            Err(_) if is_localhost(host) => LOCALHOST.to_vec(),
            Err(_) => self.look_up(host, port).await?,
        };
        connect(addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect()).await
    }

    async fn encrypt(
        &self,
        tcp: TcpStream,
        host: &Host<&str>,
    ) -> Result<impl Stream + use<>, FetchError> {
        let config = self.tls.get_or_try_init(load).await?;
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned())
                .map_err(|_| FetchError::Address)?,
            Host::Ipv4(ip) => ServerName::from(IpAddr::V4(*ip)),
            Host::Ipv6(ip) => ServerName::from(IpAddr::V6(*ip)),
        };
        TlsConnector::from(Arc::clone(config))
            .connect(name, tcp)
            .await
            .map_err(|error| FetchError::handshake(&error))
    }
}

const LOCALHOST: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

fn is_localhost(name: &str) -> bool {
    name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

/// What a host stands for, where that is known without asking anybody.
fn near(host: &Host<&str>) -> Option<Vec<IpAddr>> {
    match host {
        Host::Ipv4(ip) => Some(vec![IpAddr::V4(*ip)]),
        Host::Ipv6(ip) => Some(vec![IpAddr::V6(*ip)]),
        // RFC 6761: never asked of anybody.
        Host::Domain(name) if is_localhost(name) => Some(LOCALHOST.to_vec()),
        Host::Domain(_) => None,
    }
}

/// All of a name's addresses must be such as may be reached: one that is not says
/// what the name is for.
fn judge(
    host: &str,
    port: u16,
    addresses: &[IpAddr],
    gate: &dyn Gate,
) -> Result<Vec<SocketAddr>, FetchError> {
    let sockets: Vec<SocketAddr> = addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    if sockets.iter().all(|to| gate.may_connect(host, *to)) {
        Ok(sockets)
    } else {
        Err(FetchError::Private(host.to_owned()))
    }
}

/// Connects to the first of these addresses that answers.
async fn connect(addresses: Vec<SocketAddr>) -> Result<TcpStream, FetchError> {
    let mut tries = JoinSet::new();
    for (turn, address) in (0_u32..).zip(addresses.into_iter().take(TRIED)) {
        tries.spawn(async move {
            tokio::time::sleep(STAGGER * turn).await;
            TcpStream::connect(address).await
        });
    }
    let mut why = "there is no address".to_owned();
    while let Some(tried) = tries.join_next().await {
        match tried {
            // The others are given up as the set goes.
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => {}
        }
    }
    Err(FetchError::Connect(why))
}

/// Reads the system's certificates: files, so not on a thread that others wait for.
async fn load() -> Result<Arc<ClientConfig>, FetchError> {
    let native = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs)
        .await
        .map_err(|_| FetchError::NoRoots)?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(native.certs);
    if roots.is_empty() {
        return Err(FetchError::NoRoots);
    }
    trusting(roots)
}

/// TLS that trusts these roots and remembers nothing from one connection to the next.
pub(super) fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, FetchError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| FetchError::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A resumed session would tell the server who came back.
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
