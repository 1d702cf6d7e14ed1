//! Why a picture did not come, in sentences.

use crate::net::dial::DialError;
use crate::net::proxy::ProxyError;
use std::error::Error as _;

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// Not an address of http or https.
    #[error("this is no address that pictures are fetched from")]
    Address,
    /// The name is not known.
    #[error("the name {0} is not known, or nothing could be looked up")]
    Name(String),
    /// The name stands for an address that may not be reached.
    #[error("{0} is inside a private network, where letters have no business; it was not asked")]
    Private(String),
    /// No connection.
    #[error("no connection could be made: {0}")]
    Connect(String),
    /// No connection in time.
    #[error("no connection came about in time")]
    NoAnswer,
    /// The server could not prove that it is who it should be.
    #[error("the connection was not safe and was given up: {0}")]
    Tls(String),
    /// This system's certificates are not there.
    #[error("this system has no list of certificate authorities, so no server can be trusted")]
    NoRoots,
    /// The proxy did not do its part.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// Not HTTP, or broken off.
    #[error("the answer could not be understood: {0}")]
    Garbled(String),
    /// Longer than the longest there is.
    #[error("it was too slow and was given up")]
    TooSlow,
    /// Larger than a picture may be.
    #[error("it is larger than {most} MB and was given up")]
    TooLarge {
        /// Megabytes at most.
        most: u64,
    },
    /// The letter's pictures are too much together.
    #[error("this letter's pictures are too large together; this one was given up")]
    Together,
    /// It was no longer wanted.
    #[error("it was taken back while it was under way")]
    TakenBack,
    /// Compressed although that was not asked for.
    #[error("it came compressed although nobody asked for that")]
    Packed,
}

impl FetchError {
    /// Whether nobody was reached: no server can know of the request.
    pub fn reached_nobody(&self) -> bool {
        matches!(
            self,
            Self::Address | Self::Name(_) | Self::Private(_) | Self::Connect(_) | Self::NoRoots
        )
    }

    /// Of the conversation with the server.
    pub(super) fn spoken(error: hyper::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let words = inner.to_string();
            if !text.contains(&words) {
                text = format!("{text} ({words})");
            }
            cause = inner.source();
        }
        Self::Garbled(text)
    }
}

impl From<DialError> for FetchError {
    fn from(error: DialError) -> Self {
        match error {
            DialError::Name(name) => Self::Name(name),
            DialError::Connect(why) => Self::Connect(why),
            DialError::Proxy(error) => Self::Proxy(error),
        }
    }
}
