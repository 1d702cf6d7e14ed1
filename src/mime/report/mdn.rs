//! Receipts by answer (RFC 8098): read, and built when the user said so. Nothing here
//! sends, and an [`Answer`] exists only for a [`MdnRequest`] somebody decided about.

use super::fields::{self, Block};
use super::{Form, Outcome, Report, State, typed_address};
use crate::mime::compose::notification::{self, Notification, Notified};
use crate::mime::compose::{self, ComposeError};
use crate::mime::{Letter, address};
use crate::model::{Address, Identity, Seal};

/// Reads message/disposition-notification.
pub(super) fn read(text: &str) -> Option<Report> {
    let blocks = fields::blocks(text);
    // Some programs put empty lines between the fields.
    let get = |name: &str| blocks.iter().find_map(|block: &Block| block.get(name));
    let ended = get("final-recipient").and_then(typed_address);
    let original = get("original-recipient").and_then(typed_address);
    let recipient = original.or_else(|| ended.clone())?;
    let ended_at = ended.filter(|ended| !ended.eq_ignore_ascii_case(&recipient));
    let disposition = get("disposition").unwrap_or("").to_ascii_lowercase();
    let kind = disposition.rsplit(';').next().unwrap_or("").trim();
    let kind = kind.split(['/', ',', ' ']).next().unwrap_or("");
    let state = match kind {
        "displayed" => State::Displayed,
        "deleted" => State::Deleted,
        "dispatched" | "processed" => State::Processed,
        "denied" => State::Denied,
        // It could not be shown, or says nothing we know: it was not read.
        _ => State::Processed,
    };
    let said = ["failure", "error", "warning"].into_iter().find_map(get).unwrap_or("");
    let message_id =
        get("original-message-id").and_then(|id| address::ids(id.as_bytes()).into_iter().next());
    Some(Report {
        form: Form::Mdn,
        message_id,
        envelope_id: None,
        outcomes: vec![Outcome {
            recipient,
            ended_at,
            state,
            reason: None,
            status: None,
            said: fields::words(said),
        }],
    })
}

/// A letter asks for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MdnRequest {
    /// Where the answer would go: there, and nowhere else.
    pub to: Address,
    /// The letter's Message-ID, without brackets.
    pub message_id: Option<String>,
    /// Its subject.
    pub subject: String,
    /// The answer would go elsewhere than the letter came from, or the letter does not say
    /// where it came from (RFC 8098 section 2.1): a rule that answers always does not speak
    /// for this one, the user is asked.
    pub must_ask: bool,
}

/// Why a letter's request cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unanswerable {
    /// It makes none, or is an answer itself.
    #[error("this letter asks for no receipt that could be answered")]
    NotAsked,
    /// It would have several addresses told, or asks more than once: whoever answers is to
    /// know whom they tell.
    #[error("this letter asks that several addresses be told; that cannot be answered")]
    Several,
    /// What it would have told is no address.
    #[error("this letter asks for its receipt at what is no address; that cannot be answered")]
    NoAddress,
}

/// Reads what a letter asks for.
///
/// # Errors
/// Why it cannot be answered: only a request by one field with one address can.
pub fn request(letter: &Letter<'_>) -> Result<MdnRequest, Unanswerable> {
    let is_asking = |name: &str| name.trim().eq_ignore_ascii_case("disposition-notification-to");
    let mut fields = letter.fields().iter().filter(|field| is_asking(&field.name));
    let field = fields.next().ok_or(Unanswerable::NotAsked)?;
    // Answers to answers would go on for ever.
    if letter.parts.iter().any(|part| part.media_type == "multipart/report") {
        return Err(Unanswerable::NotAsked);
    }
    let mut named = address::list(field.raw, None).into_iter();
    let to = named.next().ok_or(Unanswerable::NoAddress)?;
    if named.next().is_some() || fields.next().is_some() {
        return Err(Unanswerable::Several);
    }
    if !compose::is_address(&to.addr) {
        return Err(Unanswerable::NoAddress);
    }
    let came_from = letter.field("return-path").map(|f| address::list(f.raw, None));
    let same = came_from.iter().flatten().any(|a| a.addr.eq_ignore_ascii_case(&to.addr));
    Ok(MdnRequest {
        must_ask: !same,
        to,
        message_id: letter.envelope.message_id.clone(),
        subject: letter.envelope.subject.clone(),
    })
}

/// What the answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposed {
    /// The letter was shown.
    Displayed,
    /// It was thrown away unread.
    Deleted,
}

/// How it was decided that an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decided {
    /// The user said so for this letter.
    ForThisLetter,
    /// The user said so for every letter of this sender.
    ForTheSender,
}

/// An answer, ready to be sent by an empty `MAIL FROM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// `RCPT TO`.
    pub recipient: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Its Message-ID without brackets.
    pub message_id: String,
    /// The server must offer SMTPUTF8.
    pub smtputf8: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MdnError {
    /// The rule does not speak for this letter.
    #[error(
        "this letter asks for its receipt elsewhere than it came from: decide it for this letter"
    )]
    MustAsk,
    /// An address cannot be written.
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

/// What an answer consists of besides what the request says.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'s> {
    /// What became of the letter.
    pub disposed: Disposed,
    /// How it was decided.
    pub decided: Decided,
    /// `Subject`.
    pub subject: &'s str,
    /// The words a person reads.
    pub words: &'s str,
}

/// Builds an answer. It names the address the letter was read at, and no program, no
/// machine and no time but its own date.
pub fn answer(
    request: &MdnRequest,
    identity: &Identity,
    saying: Saying<'_>,
    seal: &Seal,
) -> Result<Answer, MdnError> {
    let by_rule = saying.decided == Decided::ForTheSender;
    if by_rule && request.must_ask {
        return Err(MdnError::MustAsk);
    }
    let sending = if by_rule { "MDN-sent-automatically" } else { "MDN-sent-manually" };
    let action = if by_rule { "automatic-action" } else { "manual-action" };
    let kind = match saying.disposed {
        Disposed::Displayed => "displayed",
        Disposed::Deleted => "deleted",
    };
    let disposition = format!("{action}/{sending}; {kind}");
    let what = Notification {
        identity,
        to: &request.to,
        subject: saying.subject,
        words: saying.words,
        about: request.message_id.as_deref(),
        disposition: &disposition,
    };
    let Notified { recipient, bytes, message_id, smtputf8 } = notification::build(&what, seal)?;
    Ok(Answer { recipient, bytes, message_id, smtputf8 })
}
