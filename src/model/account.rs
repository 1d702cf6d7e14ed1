//! Accounts: where they are, and how they are kept in step.

use super::{AccountId, Identity};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain at first, then STARTTLS, which must succeed.
    StartTls,
    /// Not at all: for this computer only, or by the user's explicit word.
    Plain,
}

/// A server of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Server {
    /// Its name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// SHA-256 of the one certificate that is believed although nobody vouches for it,
    /// in lower-case hexadecimal: the user was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

impl Security {
    /// Its word: `tls`, `starttls`, `plain`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "plain",
        }
    }
}

impl Server {
    /// Whether it is this computer, by its very number or name: nobody listens in between.
    pub fn is_here(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// How the user proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proves {
    /// With a password.
    #[default]
    Password,
    /// With a token (OAuth 2.0).
    Token,
}

/// How much of a folder is kept here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FolderPolicy {
    /// Whole letters.
    #[default]
    Everything,
    /// Headers; a letter is fetched when it is opened.
    Headers,
    /// Whole letters of so many days, headers of the others.
    Days(u32),
    /// Nothing.
    Nothing,
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// Folders on this computer.
    Local,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
}

/// Everything about an account but its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The user's name as servers know it.
    pub user: String,
    /// The name letters are sent under.
    pub sender: String,
    /// Where mail is read.
    pub imap: Option<Server>,
    /// Where mail is sent.
    pub smtp: Option<Server>,
    /// How the user proves who they are.
    pub proves: Proves,
    /// Names and addresses the user writes under, beside the account's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// The server files a copy of what it sends itself; absent: as it is known of its
    /// provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files_sent: Option<bool>,
    /// A SOCKS5 or HTTP proxy for this account: its address.
    pub proxy: Option<String>,
    /// The name its server signs Authentication-Results with (RFC 8601): what is learnt
    /// from the letters, or set by hand.
    pub authserv: Option<String>,
    /// How much of its folders is kept here, unless a folder says otherwise.
    pub policy: FolderPolicy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user: String::new(),
            sender: String::new(),
            imap: None,
            smtp: None,
            proves: Proves::Password,
            identities: Vec::new(),
            files_sent: None,
            proxy: None,
            authserv: None,
            policy: FolderPolicy::Everything,
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// Its name: unique, what folders are written with (`name/path`).
    pub name: String,
    /// What kind it is.
    pub kind: AccountKind,
    /// Its address.
    pub address: Option<String>,
    /// The rest.
    pub settings: Settings,
}
