//! Lasting decisions about whose pictures are shown.

use serde::{Deserialize, Serialize};

/// How a letter proved whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Proof {
    /// Not at all.
    #[default]
    None,
    /// The account's own server says that this domain signed it.
    ServerClaim {
        /// The domain, aligned with From.
        domain: String,
    },
    /// We checked ourselves that this domain signed it.
    Own {
        /// The domain, aligned with From.
        domain: String,
    },
}

impl Proof {
    /// Whether a letter with this proof may use a rule that was made with `needed`.
    pub fn satisfies(&self, needed: &Self) -> bool {
        match (needed, self) {
            (Self::None, _) => true,
            (
                Self::ServerClaim { domain: needed },
                Self::ServerClaim { domain } | Self::Own { domain },
            )
            | (Self::Own { domain: needed }, Self::Own { domain }) => {
                needed.eq_ignore_ascii_case(domain)
            }
            _ => false,
        }
    }
}

/// Whom a rule is about, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "whom", rename_all = "kebab-case")]
pub enum Scope {
    /// Show pictures of this address.
    Sender(String),
    /// Show pictures of everybody in this domain and below it.
    Domain(String),
    /// Never show pictures of this address.
    Never(String),
}

/// A lasting decision of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rule {
    /// What it says of whom.
    pub scope: Scope,
    /// How the letter it was made on had proved itself.
    pub proof: Proof,
}

/// When, and on what, a lasting decision was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Seconds since 1970.
    pub at: i64,
    /// The subject of the letter it was made on, where that is known.
    pub letter: Option<String>,
}
