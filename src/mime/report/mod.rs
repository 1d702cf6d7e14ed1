//! What became of a letter, as others say it: delivery reports (RFC 3464, 6533), bounces
//! that follow no standard, and receipts by answer (MDN, RFC 8098).
//!
//! A report is a claim: anybody can write one. [`read`] says what it claims and which
//! letter it names; whether such a letter was sent, and to that address, is for the caller
//! to look up. Bounded, linear, no panics. Nothing is ever answered by itself.

mod bounce;
mod fields;
mod mdn;
mod reason;
mod status;

#[cfg(test)]
mod tests;

use super::{Content, Letter};
use crate::mime::address;
/// What became of a letter for one recipient.
pub use crate::model::Reported as State;
pub use mdn::{
    Answer, Decided, Disposed, MdnError, MdnRequest, Saying, Unanswerable, answer, request,
};
pub use reason::Reason;

/// Recipients of one report that are read.
pub(crate) const MAX_RECIPIENTS: usize = 1_000;
/// Bytes of one report part that are read.
pub(crate) const MAX_PART: usize = 1024 * 1024;
/// Characters of a server's words that are kept.
pub(crate) const MAX_WORDS: usize = 1_000;

/// What a report says of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The address as it was sent to, where the report says so, else where it ended.
    pub recipient: String,
    /// Where it ended, if that is another address.
    pub ended_at: Option<String>,
    /// What became of it.
    pub state: State,
    /// Why, for what failed or waits.
    pub reason: Option<Reason>,
    /// The enhanced status code (RFC 3463), `5.1.1`.
    pub status: Option<String>,
    /// The server's own words, on one line; empty where it gave none.
    pub said: String,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A delivery report (RFC 3464).
    Dsn,
    /// A receipt by answer (RFC 8098).
    Mdn,
    /// Prose of a server.
    Prose,
}

impl Form {
    const NAMED: [(Self, &'static str); 3] =
        [(Self::Dsn, "dsn"), (Self::Mdn, "mdn"), (Self::Prose, "prose")];

    /// Its word, in `--json` and in the store.
    pub fn word(self) -> &'static str {
        Self::NAMED.into_iter().find(|(form, _)| *form == self).map_or("", |(_, word)| word)
    }

    /// The form of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, name)| *name == word).map(|(form, _)| form)
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it is written.
    pub form: Form,
    /// The Message-ID of the letter it speaks of, without brackets.
    pub message_id: Option<String>,
    /// The `ENVID` that was given with the letter (RFC 3461).
    pub envelope_id: Option<String>,
    /// What it says of each recipient.
    pub outcomes: Vec<Outcome>,
}

/// Reads a letter as a report; absent when it is none.
pub fn read(letter: &Letter<'_>) -> Option<Report> {
    let part = |wanted: &[&str]| {
        letter.parts.iter().find_map(|part| match &part.content {
            Content::Text(text) if wanted.contains(&part.media_type.as_str()) => {
                Some(text.get(..text.floor_char_boundary(MAX_PART)).unwrap_or(text))
            }
            _ => None,
        })
    };
    let mut report = if let Some(text) =
        part(&["message/disposition-notification", "message/global-disposition-notification"])
    {
        mdn::read(text)?
    } else if let Some(report) =
        part(&["message/delivery-status", "message/global-delivery-status"]).and_then(status::read)
    {
        report
    } else {
        bounce::read(letter)?
    };
    if report.message_id.is_none() {
        report.message_id = returned_id(letter).or_else(|| answered_id(letter));
    }
    (!report.outcomes.is_empty()).then_some(report)
}

/// The Message-ID in what a report brings back of the letter.
fn returned_id(letter: &Letter<'_>) -> Option<String> {
    letter.parts.iter().enumerate().find_map(|(index, part)| match &part.content {
        Content::Message => letter.nested(index)?.message_id.clone(),
        Content::Text(text)
            if matches!(
                part.media_type.as_str(),
                "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers"
            ) =>
        {
            fields::message_id(text.get(..text.floor_char_boundary(MAX_PART))?)
        }
        _ => None,
    })
}

/// Some services answer the letter instead of bringing it back.
fn answered_id(letter: &Letter<'_>) -> Option<String> {
    let envelope = &letter.envelope;
    envelope.in_reply_to.first().or(envelope.references.last()).cloned()
}

/// The address in a field like `rfc822; a@example.com`; of any kind of address where that
/// is what the report has.
pub(crate) fn typed_address(value: &str) -> Option<String> {
    let (kind, value) = value.split_once(';').unwrap_or(("rfc822", value));
    let value = value.trim();
    let decoded = match kind.trim().eq_ignore_ascii_case("utf-8") {
        true => fields::utf8_address(value),
        false => value.to_owned(),
    };
    let found = address::list(decoded.as_bytes(), None).into_iter().next()?.addr;
    (found.contains('@') && found.len() <= 1_000).then_some(found)
}
