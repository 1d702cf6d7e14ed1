//! What a domain says of its mail in DNS: who receives it (MX, RFC 5321), where it is read
//! and handed in (SRV, RFC 6186 and RFC 8314).
//!
//! The resolvers that the system names are asked, nobody else; the domain is all that is in a
//! question; names that mean nothing out there are not asked for at all (RFC 2606, RFC 6761).
//! All questions about a domain together take five seconds at most, and no name comes out of
//! here that could not be a server's.

use crate::model::lies_in;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::time::Instant;

/// All questions about one domain take no longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// One resolver has so long for one of them.
const TURN: Duration = Duration::from_millis(1500);
/// Records of an answer that are looked at.
const MOST: usize = 32;
/// Longest name there is.
const MAX_NAME: usize = 253;
/// What ends in these is not in DNS, or is nobody's.
const NOWHERE: [&str; 14] = [
    "alt",
    "arpa",
    "example",
    "example.com",
    "example.net",
    "example.org",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Who is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dns {
    /// This one resolver; else those of the system.
    one: Option<SocketAddr>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnsError {
    /// There is no such name out there.
    #[error("'{0}' is no domain that DNS could be asked about")]
    Domain(String),
    /// The system names no resolver.
    #[error("this computer names nobody who could be asked about domains (DNS): {0}")]
    NoResolver(String),
    /// Nobody answered in time.
    #[error("DNS did not answer in time")]
    TimedOut,
    /// The answer was a refusal, or none that can be read.
    #[error("DNS could not say: {0}")]
    Failed(String),
}

/// What a domain may offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Reading, IMAP inside TLS.
    Imaps,
    /// Handing in, SMTP inside TLS.
    Submissions,
}

/// Where it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The server's name, in lower case, without a dot at its end.
    pub host: String,
    /// Its port, not 0.
    pub port: u16,
}

/// One domain being asked about.
pub struct Asking {
    resolver: TokioResolver,
    /// In ASCII.
    domain: String,
    until: Instant,
}

impl Dns {
    /// The resolvers of the system.
    pub fn system() -> Self {
        Self::default()
    }

    /// This one.
    pub fn at(resolver: SocketAddr) -> Self {
        Self { one: Some(resolver) }
    }

    /// Begins to ask about a domain; nobody has heard of it yet. Inside a tokio runtime.
    ///
    /// # Errors
    /// When it is no domain, or nobody is there to be asked.
    pub fn about(&self, domain: &str) -> Result<Asking, DnsError> {
        crate::window_thread::keep_out_of("the network");
        let domain = out_there(domain).ok_or_else(|| DnsError::Domain(domain.to_owned()))?;
        let mut builder = match self.one {
            Some(at) => Resolver::builder_with_config(only(at), TokioRuntimeProvider::default()),
            None => TokioResolver::builder_tokio().map_err(no_resolver)?,
        };
        let options = builder.options_mut();
        options.timeout = TURN;
        options.attempts = 1;
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        let resolver = builder.build().map_err(no_resolver)?;
        Ok(Asking { resolver, domain, until: Instant::now() + PATIENCE })
    }
}

impl Asking {
    /// Whether this name is the domain's own, or lies below it.
    pub fn is_below(&self, host: &str) -> bool {
        lies_in(host, &self.domain)
    }

    /// The servers that receive its mail, the preferred ones first; none when it has none.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn receivers(&self) -> Result<Vec<String>, DnsError> {
        let mut found: Vec<(u16, String)> = Vec::new();
        for record in self.ask(&self.domain, RecordType::MX).await? {
            if let RData::MX(mx) = record
                && let Some(host) = host(&mx.exchange)
            {
                found.push((mx.preference, host));
            }
        }
        found.sort();
        Ok(found.into_iter().map(|(_, host)| host).collect())
    }

    /// Where it offers a service; `None` when it does not say, or says that it does not.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn offers(&self, service: Service) -> Result<Option<Place>, DnsError> {
        let service = match service {
            Service::Imaps => "_imaps._tcp",
            Service::Submissions => "_submissions._tcp",
        };
        let mut found: Vec<(u16, u16, Place)> = Vec::new();
        for record in self.ask(&format!("{service}.{}", self.domain), RecordType::SRV).await? {
            if let RData::SRV(srv) = record
                && srv.port != 0
                && let Some(host) = host(&srv.target)
            {
                let place = Place { host, port: srv.port };
                found.push((srv.priority, u16::MAX - srv.weight, place));
            }
        }
        // Settings are kept: the heaviest always, not each in its turn.
        let best = found
            .into_iter()
            .min_by(|a, b| (a.0, a.1, &a.2.host, a.2.port).cmp(&(b.0, b.1, &b.2.host, b.2.port)));
        Ok(best.map(|(_, _, place)| place))
    }

    async fn ask(&self, name: &str, of: RecordType) -> Result<Vec<RData>, DnsError> {
        // With its dot it is asked for as it is, without the endings of this network.
        let name = Name::from_ascii(format!("{name}."))
            .map_err(|_| DnsError::Domain(self.domain.clone()))?;
        match tokio::time::timeout_at(self.until, self.resolver.lookup(name, of)).await {
            Err(_) | Ok(Err(NetError::Timeout)) => Err(DnsError::TimedOut),
            Ok(Err(error)) if error.is_no_records_found() => Ok(Vec::new()),
            Ok(Err(error)) => Err(DnsError::Failed(error.to_string())),
            Ok(Ok(found)) => {
                let wanted = found.answers().iter().filter(|record| record.record_type() == of);
                Ok(wanted.take(MOST).map(|record| record.data.clone()).collect())
            }
        }
    }
}

/// A domain as DNS is asked about it; `None` when it never is.
pub fn out_there(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii(domain.trim_end_matches('.')).ok()?;
    Some(ascii).filter(|name| is_host(name) && !is_nowhere(name))
}

fn only(at: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut way| {
        way.port = at.port();
        way
    });
    let server = NameServerConfig::new(at.ip(), true, connections.to_vec());
    ResolverConfig::from_name_servers(vec![server])
}

fn no_resolver(error: NetError) -> DnsError {
    DnsError::NoResolver(error.to_string())
}

/// A server's name out of an answer, if it can be one.
fn host(name: &Name) -> Option<String> {
    let labels: Option<Vec<&str>> = name.iter().map(|label| str::from_utf8(label).ok()).collect();
    // A dot inside a label would make it look like another name.
    let labels = labels.filter(|labels| labels.iter().all(|label| !label.contains('.')))?;
    let host = labels.join(".").to_ascii_lowercase();
    (is_host(&host) && !is_nowhere(&host)).then_some(host)
}

/// Whether this is built like the name of a host out there, in ASCII.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let top = name.rsplit('.').next().unwrap_or_default();
    name.len() <= MAX_NAME
        && name.contains('.')
        && name.split('.').all(label)
        // What ends in a number is a number.
        && !top.bytes().all(|byte| byte.is_ascii_digit())
        && name.parse::<IpAddr>().is_err()
}

fn is_nowhere(name: &str) -> bool {
    NOWHERE.iter().any(|end| lies_in(name, end))
}
