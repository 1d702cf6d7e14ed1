//! What a list, a thread and a search need to know of a letter's header.

use super::Address;
use serde::{Deserialize, Serialize};

/// The header fields of RFC 5322 that identify a letter, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Envelope {
    /// `Message-ID` without its angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To`, ids without brackets, in order.
    pub in_reply_to: Vec<String>,
    /// `References`, oldest first, ids without brackets.
    pub references: Vec<String>,
    /// `From`.
    pub from: Vec<Address>,
    /// `Sender`, when present.
    pub sender: Option<Address>,
    /// `Reply-To`.
    pub reply_to: Vec<Address>,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`, as found in drafts and one's own copies.
    pub bcc: Vec<Address>,
    /// `Subject`, unfolded and decoded; empty when absent.
    pub subject: String,
    /// `Date` in seconds since 1970 UTC; absent when missing or unreadable.
    pub date: Option<i64>,
    /// `List-Id`: the identifier between the angle brackets, else the whole value.
    pub list_id: Option<String>,
}
