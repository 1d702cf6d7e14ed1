//! From an address to a connection that may be made: judgement of what the look-up
//! brought, proxy, TLS.

use super::error::FetchError;
use super::{Client, Gate};
use crate::net::dial::{LOCALHOST, connect, is_localhost};
use crate::net::proxy::Proxy;
use crate::net::tls;
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

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
                let stream = Box::new(self.names.reach(&proxy.host, proxy.port).await?);
                return Ok(Line { stream, asks_proxy: true, proxy_leave: proxy.leave() });
            }
            Some(proxy) => self.names.tunnel(proxy, &host, port).await?,
            None => {
                let addresses = match (near, &host) {
                    (Some(addresses), _) => addresses,
                    (None, Host::Domain(name)) => self.names.look_up(name, port).await?,
                    (None, _) => return Err(FetchError::Address),
                };
                let judged = judge(&written, port, &addresses, gate)?;
                connect(judged).await?
            }
        };
        let stream: Box<dyn Stream> = match secure {
            true => Box::new(self.encrypt(tcp, &host).await?),
            false => Box::new(tcp),
        };
        Ok(Line { stream, asks_proxy: false, proxy_leave: None })
    }

    async fn encrypt(
        &self,
        tcp: TcpStream,
        host: &Host<&str>,
    ) -> Result<impl Stream + use<>, FetchError> {
        let config = self.tls.get_or_try_init(load).await?;
        let name = tls::server_name(host).ok_or(FetchError::Address)?;
        TlsConnector::from(Arc::clone(config))
            .connect(name, tcp)
            .await
            .map_err(|error| FetchError::Tls(tls::why(&error)))
    }
}

/// What a host stands for, where that is known without asking anybody.
fn near(host: &Host<&str>) -> Option<Vec<IpAddr>> {
    match host {
        Host::Ipv4(ip) => Some(vec![IpAddr::V4(*ip)]),
        Host::Ipv6(ip) => Some(vec![IpAddr::V6(*ip)]),
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

async fn load() -> Result<Arc<ClientConfig>, FetchError> {
    trusting(tls::roots().await.ok_or(FetchError::NoRoots)?)
}

/// TLS that trusts these roots, for HTTP.
pub(super) fn trusting(roots: Arc<RootCertStore>) -> Result<Arc<ClientConfig>, FetchError> {
    let mut config = tls::trusting(roots).map_err(|error| FetchError::Tls(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
