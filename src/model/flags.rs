//! Message flags of RFC 9051 section 2.3.2 and the two keywords everybody uses.

use serde::{Serialize, Serializer};

/// A small set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(u32);

impl Flags {
    /// No flag set.
    pub const NONE: Self = Self(0);
    /// `\Seen`
    pub const SEEN: Self = Self(1);
    /// `\Answered`
    pub const ANSWERED: Self = Self(2);
    /// `\Flagged`, the star.
    pub const FLAGGED: Self = Self(4);
    /// `\Draft`
    pub const DRAFT: Self = Self(8);
    /// `$Forwarded`
    pub const FORWARDED: Self = Self(16);
    /// `$Junk`
    pub const JUNK: Self = Self(32);
    /// `\Deleted`
    pub const DELETED: Self = Self(64);
    /// `$MDNSent` (RFC 3503)
    pub const MDN_SENT: Self = Self(128);

    const NAMED: [(Self, &'static str); 6] = [
        (Self::SEEN, "seen"),
        (Self::ANSWERED, "answered"),
        (Self::FLAGGED, "flagged"),
        (Self::DRAFT, "draft"),
        (Self::FORWARDED, "forwarded"),
        (Self::JUNK, "junk"),
    ];

    /// The stored form.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// From the stored form; unknown bits are kept.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The flag of one of [`Self::words`].
    pub fn named(word: &str) -> Option<Self> {
        Self::NAMED
            .into_iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word))
            .map(|(flag, _)| flag)
    }

    /// Lower-case words, in a fixed order; what is marked for removal has none.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::NAMED.into_iter().filter(move |(flag, _)| self.has(*flag)).map(|(_, word)| word)
    }
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}
