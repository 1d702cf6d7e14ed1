//! The gate between the engine and everything outside: it gives nothing.
//!
//! Pictures are handed over decoded, by token ([`address`]); what the engine asks
//! for by itself is refused and counted, so that a test can say there was none.

use crate::html::clean::Token;
use blitz_traits::net::{NetHandler, NetProvider, Request};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Scheme of the addresses in a cleaned letter. They lead nowhere.
const SCHEME: &str = "goyo";

/// What every address of a letter is resolved against, so that each resolves.
pub(super) const BASE: &str = "goyo://letter/";

/// The address of a picture in a cleaned letter.
pub(super) fn address(token: Token) -> String {
    format!("{SCHEME}:{token}")
}

/// The picture an address in a cleaned letter stands for.
pub(super) fn token(address: &str) -> Option<Token> {
    address.strip_prefix(SCHEME)?.strip_prefix(':')?.parse().ok()
}

/// Refuses everything.
#[derive(Debug, Default)]
pub(super) struct Gate {
    refused: AtomicUsize,
}

impl Gate {
    /// How often something other than a picture of the letter was asked for.
    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}

impl NetProvider for Gate {
    fn fetch(&self, _document: usize, request: Request, _answer: Box<dyn NetHandler>) {
        // A picture that was not brought along stays away: nothing answers.
        if token(request.url.as_str()).is_none() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    // Nothing is ever delivered, so nothing may wait for it.
    fn is_noop(&self) -> bool {
        true
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_nothing_else_are_addresses_of_pictures() {
        assert_eq!(token(&address(7)), Some(7));
        for other in ["https://a.test/1", "goyo:", "goyo:-1", "goyo:1x", "goyo-link:1", "data:,1"] {
            assert_eq!(token(other), None, "{other}");
        }
    }
}
