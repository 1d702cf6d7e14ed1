//! Addresses of a domain of one's own: DNS is asked who looks after its mail.
//!
//! It is asked only about a domain that is not in the list, and only when a person has
//! written a whole address and goes on. What it says is not proven: it chooses among the
//! providers that are known, or names a server, and then it is shown when that server lies
//! elsewhere ([`Source::Domain`]).

use super::providers::{domain, known};
use super::{Known, Source, provider_at, provider_by_mx, provider_of};
use crate::model::{Security, Server, Settings};
use crate::net::dns::{Dns, DnsError, Place, Service, out_there};

/// Whether [`find`] would ask anybody about this address.
pub fn is_worth_asking(address: &str) -> bool {
    let domain = domain(address).filter(|_| provider_of(address).is_none());
    domain.as_deref().and_then(out_there).is_some()
}

/// What DNS knows of an address whose provider is not in the list: the provider that receives
/// for its domain (MX), else the servers that the domain names (RFC 6186). `None`: nothing, or
/// there was nothing to ask. At most five seconds.
///
/// # Errors
/// When DNS gave no answer, or the domain is none that it could be asked about.
pub async fn find(dns: &Dns, address: &str) -> Result<Option<Known>, DnsError> {
    let Some(domain) = domain(address).filter(|_| provider_of(address).is_none()) else {
        return Ok(None);
    };
    let asking = dns.about(&domain)?;
    let receivers = asking.receivers().await?;
    let receivers: Vec<&str> = receivers.iter().map(String::as_str).collect();
    // Users of a domain of their own are known by their whole address.
    if let Some(provider) = provider_by_mx(&receivers) {
        return Ok(Some(known(provider, address, Source::Receivers)));
    }
    let (reads, sends) =
        tokio::join!(asking.offers(Service::Imaps), asking.offers(Service::Submissions));
    let Some(reads) = reads? else { return Ok(None) };
    if let Some(provider) = provider_at(&reads.host) {
        return Ok(Some(known(provider, address, Source::Receivers)));
    }
    // Whoever cannot say where letters are handed in can still be read from.
    let sends = sends.ok().flatten();
    let elsewhere = [Some(&reads), sends.as_ref()]
        .into_iter()
        .flatten()
        .any(|place| !asking.is_below(&place.host));
    let server = |place: Place| Server {
        host: place.host,
        port: place.port,
        security: Security::Tls,
        pin: None,
    };
    let settings = Settings {
        user: address.to_owned(),
        imap: Some(server(reads)),
        smtp: sends.map(server),
        ..Settings::default()
    };
    let source = Source::Domain { elsewhere };
    Ok(Some(Known { provider: None, sure: false, source, settings }))
}
