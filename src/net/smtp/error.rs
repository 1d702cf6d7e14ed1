//! What can go wrong with the server that sends, in kinds that the user can be helped with.

use super::reply::Reply;
use crate::net::dial::DialError;
use crate::net::sasl::SaslError;
use crate::net::stream::SecureError;
use crate::net::tls::TlsError;

/// What was being done when a server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// It did not let us in.
    Greeting,
    /// It would not be greeted (EHLO).
    Hello,
    /// It would not log us in, for a reason that is not name or password.
    Login,
    /// The sender, or the letter as announced (MAIL).
    Sender,
    /// It would not begin with the letter (DATA).
    Data,
    /// The letter, before its end was sent.
    Content,
    /// Anything else (RSET, NOOP).
    Other,
}

/// An error of an SMTP connection. With any of these no letter was delivered by the step
/// that failed: what is not known is told by [`CommitError::Doubt`] alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpError {
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
    /// Nobody vouches for its certificate.
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
    /// Something came before or during the change to TLS that does not belong there.
    #[error("somebody interfered with the change to an encrypted connection")]
    Injected,
    /// It offers no way to log in that is safe here.
    #[error("the server offers no way to log in that Goyo uses here")]
    NoLogin,
    /// Wrong name, password or token; the server's words.
    #[error("the server refused the login: {0}")]
    Login(Reply),
    /// Such a name or password cannot be sent.
    #[error("such a name or password cannot be sent")]
    BadLogin,
    /// It refused one step; its words.
    #[error("the server refused: {reply}")]
    Refused {
        /// Which.
        step: Step,
        /// What it said.
        reply: Reply,
    },
    /// It ends the connection (421); its words.
    #[error("the server ended the connection: {0}")]
    Closing(Reply),
    /// The letter is larger than it takes. Nothing was sent.
    #[error("the letter has {size} bytes, and the server takes {limit} at most")]
    TooLarge {
        /// Bytes of the letter.
        size: u64,
        /// Bytes that the server takes (SIZE).
        limit: u64,
    },
    /// An address or the header is not ASCII, and the server cannot do that (SMTPUTF8).
    /// Nothing was sent.
    #[error("the server cannot send to addresses in other scripts than Latin")]
    NoUtf8,
    /// The letter is not 7-bit, and the server cannot do that (8BITMIME). Nothing was sent.
    #[error("the server takes letters in 7 bits only")]
    NoEightBit,
    /// This can be no address in an envelope. Nothing was sent.
    #[error("'{0}' can be no address")]
    Address(String),
    /// The letter cannot go over the wire as it is. Nothing of it was sent.
    #[error("the letter cannot be sent as it is: {0}")]
    Unsendable(&'static str),
    /// What it sent is not SMTP, or more than is ever taken.
    #[error("the server's answer makes no sense: {0}")]
    Protocol(String),
    /// The connection cannot be used for this now: it broke before, or the steps came in
    /// another order.
    #[error("the connection cannot be used for this: {0}")]
    Unusable(&'static str),
}

impl SmtpError {
    /// Whether trying again later may help without the user.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Name(_)
            | Self::Connect(_)
            | Self::Proxy(_)
            | Self::TimedOut
            | Self::Lost(_)
            | Self::Closing(_)
            | Self::Unusable(_) => true,
            Self::Refused { reply, .. } => reply.is_transient(),
            _ => false,
        }
    }

    /// Whether it is about this letter, not about the server or the account: another letter
    /// may go.
    pub fn is_of_the_letter(&self) -> bool {
        match self {
            Self::TooLarge { .. }
            | Self::NoUtf8
            | Self::NoEightBit
            | Self::Address(_)
            | Self::Unsendable(_) => true,
            Self::Refused { step, .. } => {
                matches!(step, Step::Sender | Step::Data | Step::Content)
            }
            _ => false,
        }
    }

    /// What the server said, if this is what it said.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Login(reply) | Self::Closing(reply) | Self::Refused { reply, .. } => Some(reply),
            _ => None,
        }
    }
}

/// How the end of a letter went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Certain: the end was never sent, so nothing was delivered.
    #[error("the letter was not handed over: {0}")]
    NotSent(SmtpError),
    /// Certain: the server did not take the letter; its words.
    #[error("the server refused: {0}")]
    Refused(Reply),
    /// Not known: the end was sent, and no answer that makes sense came back. The server may
    /// have the letter or not.
    #[error("nobody knows whether the server took the letter: {0}")]
    Doubt(SmtpError),
}

impl CommitError {
    /// Whether it is certain that nothing was delivered.
    pub fn is_certain(&self) -> bool {
        !matches!(self, Self::Doubt(_))
    }
}

impl From<DialError> for SmtpError {
    fn from(error: DialError) -> Self {
        match error {
            DialError::Name(name) => Self::Name(name),
            DialError::Connect(why) => Self::Connect(why),
            DialError::Proxy(error) => Self::Proxy(error.words()),
        }
    }
}

impl From<SecureError> for SmtpError {
    fn from(error: SecureError) -> Self {
        match error {
            SecureError::Injected => Self::Injected,
            SecureError::Gone => Self::Unusable("it was secure already"),
            SecureError::Tls(TlsError::Failed(why)) => Self::Tls(why),
            SecureError::Tls(TlsError::Certificate { sha256, why }) => {
                Self::Certificate { sha256, why }
            }
        }
    }
}

impl From<SaslError> for SmtpError {
    fn from(error: SaslError) -> Self {
        Self::Protocol(error.0)
    }
}
