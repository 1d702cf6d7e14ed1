//! From a name to a connection: look-up, the addresses it brought tried side by side
//! (RFC 8305), proxies. With a proxy no name of a server is looked up here.

use super::proxy::{Proxy, ProxyError};
use crate::window_thread::keep_out_of;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::Host;

/// Addresses of one name that are tried.
const TRIED: usize = 6;
/// After so long without a connection the next address is tried beside.
const STAGGER: Duration = Duration::from_millis(250);

pub(super) const LOCALHOST: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DialError {
    /// The name is not known.
    Name(String),
    /// Nobody answered.
    Connect(String),
    /// The proxy did not do its part.
    Proxy(ProxyError),
}

impl From<ProxyError> for DialError {
    fn from(error: ProxyError) -> Self {
        Self::Proxy(error)
    }
}

/// Who says what a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Names {
    /// The system.
    System,
    /// A test: what it says, and how often it was asked.
    #[cfg(test)]
    Fixed(std::sync::Arc<super::http::tests::FixedNames>),
}

impl Names {
    async fn ask(&self, name: &str, port: u16) -> Option<Vec<SocketAddr>> {
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

    /// The addresses of a name: at least one.
    pub(super) async fn look_up(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, DialError> {
        keep_out_of("the network");
        let found = self.ask(name, port).await.unwrap_or_default();
        if found.is_empty() {
            return Err(DialError::Name(name.to_owned()));
        }
        Ok(found.into_iter().map(|address| address.ip()).collect())
    }

    /// Connects to a host that the user named, wherever it is.
    pub(super) async fn reach(&self, host: &str, port: u16) -> Result<TcpStream, DialError> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(ip) => vec![ip],
            Err(_) if is_localhost(host) => LOCALHOST.to_vec(),
            Err(_) => self.look_up(host, port).await?,
        };
        connect(addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect()).await
    }

    /// Has a proxy connect to `host`, by name where it is one.
    pub(super) async fn tunnel(
        &self,
        proxy: &Proxy,
        host: &Host<&str>,
        port: u16,
    ) -> Result<TcpStream, DialError> {
        match proxy {
            Proxy::Socks5(proxy) => {
                let stream = self.reach(&proxy.host, proxy.port).await?;
                Ok(proxy.tunnel_socks(stream, host, port).await?)
            }
            Proxy::Http(proxy) => {
                let stream = self.reach(&proxy.host, proxy.port).await?;
                Ok(proxy.tunnel(stream, &host.to_string(), port).await?)
            }
        }
    }
}

/// RFC 6761: never asked of anybody.
pub(super) fn is_localhost(name: &str) -> bool {
    name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

/// Connects to the first of these addresses that answers.
pub(super) async fn connect(addresses: Vec<SocketAddr>) -> Result<TcpStream, DialError> {
    keep_out_of("the network");
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
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => {}
        }
    }
    Err(DialError::Connect(why))
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    #[should_panic = "the window's thread is at the network"]
    async fn the_windows_thread_connects_to_nobody() {
        let _marked = crate::window_thread::marked();
        let _ = super::connect(vec![([127, 0, 0, 1], 1).into()]).await;
    }
}
