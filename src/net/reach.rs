//! From an account's settings to an open socket: what every mail protocol does before its
//! first word. Nothing is sent here but what a proxy must be told.

use super::dial::{DialError, Names};
use super::proxy::{Proxy, ProxyError};
use super::tls;
use crate::model::{Secret, Server};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use url::Host;

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The server.
    pub server: Server,
    /// A proxy: its address.
    pub proxy: Option<String>,
}

/// Who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// With a password: SCRAM-SHA-256, PLAIN, LOGIN, whatever is safest of what is offered.
    Password {
        /// The user's name there.
        user: String,
        /// The password.
        password: Secret,
    },
    /// With a token: OAUTHBEARER (RFC 7628) or XOAUTH2.
    Token {
        /// The user's name there.
        user: String,
        /// The token.
        token: Secret,
    },
}

impl ProxyError {
    /// What there is to say of it.
    pub(super) fn words(self) -> String {
        match self {
            Self::Refused(why) => why,
            other => other.to_string(),
        }
    }
}

/// A host as the user wrote it; absent when that is none.
pub(super) fn host(written: &str) -> Option<Host<String>> {
    let written = written.trim().trim_start_matches('[').trim_end_matches(']');
    match written.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => Some(Host::Ipv4(ip)),
        Ok(IpAddr::V6(ip)) => Some(Host::Ipv6(ip)),
        Err(_) => Host::parse(written).ok(),
    }
}

/// The same host, lent.
pub(super) fn lent(host: &Host<String>) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name),
        Host::Ipv4(ip) => Host::Ipv4(*ip),
        Host::Ipv6(ip) => Host::Ipv6(*ip),
    }
}

/// Connects, through the account's proxy where it has one.
pub(super) async fn dial(at: &Endpoint, host: &Host<String>) -> Result<TcpStream, DialError> {
    let names = Names::System;
    let port = at.server.port;
    match &at.proxy {
        Some(proxy) => names.tunnel(&Proxy::parse(proxy)?, &lent(host), port).await,
        None => {
            let name = match host {
                Host::Domain(name) => name.clone(),
                Host::Ipv4(ip) => ip.to_string(),
                Host::Ipv6(ip) => ip.to_string(),
            };
            names.reach(&name, port).await
        }
    }
}

/// Who vouches for certificates: these authorities (DER), or the platform's.
pub(super) async fn roots(own: Option<&[Vec<u8>]>) -> Option<Arc<RootCertStore>> {
    match own {
        Some(own) => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(own.iter().map(|der| CertificateDer::from(&**der)));
            Some(Arc::new(roots))
        }
        None => tls::roots().await,
    }
}
