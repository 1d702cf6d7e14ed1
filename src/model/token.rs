//! What a sender's program and its receipt server tell each other: hashes of tokens, when
//! a letter went, who fetched its picture. Never a token, an address or a letter.

use super::{FetcherKind, hexadecimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// SHA-256 of a receipt token: who has it can recognise the token, and not make it.
/// In JSON 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a token as it stands in the picture's address.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({self})")
    }
}

impl Serialize for TokenHash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a hash is 64 hexadecimal digits"))
    }
}

/// A token that the server is to know. Spans, not moments: the sender's clock and the
/// server's need not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// Its hash.
    pub hash: TokenHash,
    /// In how many seconds it is forgotten, with all that was seen of it.
    pub lives: i64,
    /// How many seconds ago the sender's mail server took the letter; absent as long as it
    /// has not: fetches count as too soon until it is told. Told by registering the token
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ago: Option<i64>,
}

/// Fetches of one token's picture by one kind of fetcher, all that there were until now:
/// the same kind comes again with a greater count when there are more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptEvent {
    /// The token's hash.
    pub hash: TokenHash,
    /// Who fetched.
    pub kind: FetcherKind,
    /// The mail service or scanner, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The first time, in seconds since 1970 UTC.
    pub first: i64,
    /// The last time that was counted.
    pub last: i64,
    /// How often; the server stops counting somewhere.
    pub count: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_sha256_in_hexadecimal() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(TokenHash::of("abc").to_string(), abc);
        assert_eq!(TokenHash::parse(abc), Some(TokenHash::of("abc")));
        for wrong in ["", "ba78", &abc[1..], &format!("{abc}0"), &abc.replace('b', "g")] {
            assert_eq!(TokenHash::parse(wrong), None, "{wrong}");
        }
        let json = serde_json::to_string(&TokenHash::of("abc")).unwrap();
        assert_eq!(serde_json::from_str::<TokenHash>(&json).unwrap(), TokenHash::of("abc"));
        assert!(serde_json::from_str::<TokenHash>("\"+a\"").is_err());
    }
}
