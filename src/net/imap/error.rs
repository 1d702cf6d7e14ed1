//! What can go wrong with a mail server, in kinds that the user can be helped with.

/// An error of an IMAP connection. What a server said is cut and without control
/// characters; it is shown as the server's words, never as ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImapError {
    /// The name is not known.
    #[error("there is no server called '{0}'")]
    Name(String),
    /// Nobody answers there.
    #[error("no connection: {0}")]
    Connect(String),
    /// The proxy would not.
    #[error("the proxy refused: {0}")]
    Proxy(String),
    /// The server did not answer in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection ended, or broke.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// TLS failed.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// Nobody vouches for its certificate: SHA-256 of it, and what is wrong with it.
    #[error("the server's certificate is not trusted: {why}")]
    Certificate {
        /// SHA-256, lower-case hexadecimal.
        sha256: String,
        /// What is wrong with it.
        why: String,
    },
    /// It does not offer STARTTLS, or would not.
    #[error("the server offers no encryption here")]
    NoStartTls,
    /// It sent something before or during the change to TLS that does not belong there.
    #[error("somebody interfered with the change to an encrypted connection")]
    Injected,
    /// It says that we are logged in already (PREAUTH) on a connection that was to be
    /// protected first.
    #[error("the server wants to go on without encryption")]
    Preauth,
    /// It offers no way to log in that is safe here.
    #[error("the server offers no way to log in that Goyo uses here")]
    NoLogin,
    /// Wrong name, password or token; the server's words.
    #[error("the server refused the login: {0}")]
    Login(String),
    /// It said NO; its words.
    #[error("the server refused: {0}")]
    No(String),
    /// There is no such folder there.
    #[error("there is no such folder on the server: {0}")]
    NoSuchMailbox(String),
    /// There is such a folder already.
    #[error("there is such a folder on the server already: {0}")]
    AlreadyThere(String),
    /// It will not now, but may later (UNAVAILABLE, INUSE, LIMIT, SERVERBUG); its words.
    #[error("the server cannot do this now: {0}")]
    NotNow(String),
    /// It is over its quota; the server's words.
    #[error("the mailbox is full: {0}")]
    OverQuota(String),
    /// It said BAD; its words.
    #[error("the server did not understand: {0}")]
    Bad(String),
    /// It said BYE; its words.
    #[error("the server ended the connection: {0}")]
    Bye(String),
    /// What it sent is not IMAP, or more than is ever taken.
    #[error("the server's answer makes no sense: {0}")]
    Protocol(String),
    /// It does not offer this.
    #[error("the server does not offer {0}")]
    Unoffered(&'static str),
}

impl ImapError {
    /// Whether the connection can be used on: the server refused one command only.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::No(_)
                | Self::NotNow(_)
                | Self::NoSuchMailbox(_)
                | Self::AlreadyThere(_)
                | Self::OverQuota(_)
                | Self::Bad(_)
                | Self::Unoffered(_)
        )
    }

    /// Whether trying again later may help without the user.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Name(_)
                | Self::Connect(_)
                | Self::Proxy(_)
                | Self::TimedOut
                | Self::Lost(_)
                | Self::Bye(_)
                | Self::NotNow(_)
                | Self::No(_)
        )
    }
}
