//! Letters on their way: what is known of each, and of each of its recipients.

use super::{AccountId, Address, DraftId, LetterId, OutboxId, RecipientId};
use serde::{Deserialize, Serialize};

/// How far a letter is, or what is known of it for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivered {
    /// The server that sends has taken it: it said 250.
    Sent,
    /// It will not be sent: the server refused, or it was tried too long.
    Failed,
    /// It waits for its time.
    Queued,
    /// It was tried, and will be again.
    Retry,
    /// It is being handed over.
    Sending,
    /// Whether the server took it is not known. Never tried again by itself.
    Unknown,
}

impl Delivered {
    const NAMED: [(Self, &'static str); 6] = [
        (Self::Queued, "queued"),
        (Self::Sending, "sending"),
        (Self::Sent, "sent"),
        (Self::Retry, "retry"),
        (Self::Failed, "failed"),
        (Self::Unknown, "unknown"),
    ];

    /// Its word, in `--json` and in the store.
    pub fn word(self) -> &'static str {
        Self::NAMED.into_iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, name)| *name == word).map(|(state, _)| state)
    }

    /// Nothing more happens by itself.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Unknown)
    }

    /// What a letter is called whose recipients are in these states: what needs the user
    /// most comes first.
    pub fn together(states: impl IntoIterator<Item = Self>) -> Self {
        let rank = |state: Self| match state {
            Self::Sent => 0,
            Self::Queued => 2,
            Self::Retry => 3,
            Self::Failed => 1,
            Self::Sending => 5,
            Self::Unknown => 4,
        };
        states.into_iter().max_by_key(|state| rank(*state)).unwrap_or(Self::Sent)
    }
}

/// Why a letter has not been taken, beside a server's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hindrance {
    /// The server said no, for now or for good.
    Refused,
    /// There is no connection to the server.
    Offline,
    /// TLS did not come about, or its certificate is not believed.
    Tls,
    /// The server did not believe the password.
    Password,
    /// There is no password for the account.
    NoPassword,
    /// The account has no server that sends.
    NoServer,
    /// The letter is larger than the server takes.
    TooLarge,
    /// An address needs a server that knows SMTPUTF8.
    Utf8,
    /// The server spoke nonsense, or ended the conversation.
    Protocol,
    /// The receipt server could not be told of the letter's pictures.
    ReceiptServer,
    /// The connection was lost after the end of the letter was said.
    NoAnswer,
    /// Goyo ended after the end of the letter was said.
    Interrupted,
    /// It was tried for days.
    GaveUp,
    /// The user took it back for these recipients.
    Cancelled,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Word {
    /// Why it has not been taken; absent: it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Hindrance>,
    /// The server's reply code; absent where it said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// The server's words, or what stood in the way, on one line of English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Word {
    /// What stood in the way, where no server said anything.
    pub fn hindered(why: Hindrance, text: impl Into<String>) -> Self {
        Self { why: Some(why), code: None, text: text.into() }
    }

    /// As `--json` and the window show it: code and words.
    pub fn line(&self) -> String {
        match self.code {
            Some(code) if self.text.is_empty() => code.to_string(),
            Some(code) => format!("{code} {}", self.text),
            None => self.text.clone(),
        }
    }
}

/// A recipient of a letter that was given away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutRecipient {
    /// Their number.
    pub id: RecipientId,
    /// Who they are.
    pub address: Address,
    /// What is known.
    pub state: Delivered,
    /// What the server said last, or what stood in the way.
    pub word: Option<Word>,
    /// When that was, in seconds since 1970.
    pub at: Option<i64>,
}

/// A letter that was given away to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutLetter {
    /// Its number.
    pub id: OutboxId,
    /// Whose.
    pub account: AccountId,
    /// Its Message-ID without brackets.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// How far it is.
    pub state: Delivered,
    /// Attempts made.
    pub attempts: u32,
    /// When it is tried next, in seconds since 1970.
    pub next_attempt: Option<i64>,
    /// What was said last.
    pub word: Option<Word>,
    /// When it was given away, in seconds since 1970.
    pub queued: i64,
    /// Not to be sent before, in seconds since 1970.
    pub not_before: i64,
    /// When a server took it first, in seconds since 1970.
    pub sent: Option<i64>,
    /// What it is built of, until it is sent.
    pub draft: Option<DraftId>,
    /// The user's own copy.
    pub copy: Option<LetterId>,
    /// The receipt server whose picture it holds.
    pub pixel: Option<String>,
    /// It asks for an answer that says it was read.
    pub mdn: bool,
    /// Everybody it goes to.
    pub recipients: Vec<OutRecipient>,
}

impl OutLetter {
    /// It can be taken back whole: no server can have any of it.
    pub fn can_cancel(&self) -> bool {
        self.draft.is_some()
            && self.recipients.iter().all(|recipient| {
                matches!(recipient.state, Delivered::Queued | Delivered::Retry | Delivered::Failed)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Delivered::{self, Failed, Queued, Retry, Sending, Sent, Unknown};

    #[test]
    fn a_letter_is_called_what_needs_the_user_most() {
        for (states, together) in [
            (&[Sent, Sent][..], Sent),
            (&[Sent, Failed], Failed),
            (&[Failed, Queued], Queued),
            (&[Sent, Retry, Failed], Retry),
            (&[Sent, Unknown, Retry], Unknown),
            (&[Unknown, Sending], Sending),
        ] {
            assert_eq!(Delivered::together(states.iter().copied()), together, "{states:?}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for state in [Sent, Failed, Queued, Retry, Sending, Unknown] {
            assert_eq!(Delivered::of(state.word()), Some(state));
        }
        assert_eq!(Delivered::of("idle"), None);
    }
}
