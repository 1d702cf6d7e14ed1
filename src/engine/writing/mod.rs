//! Letters being written: how they begin, how they are kept, how they are given away.
//!
//! Promise: what was typed is in the store when [`Event::DraftSaved`] says so; what another
//! letter holds is quoted in the drawing process, without what would tell its sender of us;
//! a letter that is given away is built, checked and in the outbox before the window hears
//! of it.
//!
//! [`Event::DraftSaved`]: super::protocol::Event::DraftSaved

mod answer;
mod begin;
mod build;
mod keep;
mod saver;

pub use answer::{answer_receipt, receipt_asker};
pub use begin::identities;
pub use build::{give, now, seal};

pub(super) use keep::is_empty;
pub use keep::preflight;
pub(super) use saver::{Saver, Typed};

pub use crate::html::LeftOut;
pub use crate::mime::compose::is_address;

use crate::mime;
use crate::mime::compose::reply::To;
use crate::model::{AccountId, Address, DraftId, Identity, LetterId, OutboxId};
use crate::store::DraftRow;

/// What a letter says that asks for a receipt by a picture, where its writer says nothing
/// else.
pub const NOTICE: &str = "This letter asks for a read receipt: loading its picture tells its \
     sender when it was opened.";

/// Number of a letter being written, chosen by the window.
pub type WriteId = u32;

/// How a letter begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Empty, to these people; from this account, or the first.
    New(Option<AccountId>, Vec<Address>),
    /// As a `mailto:` link asks (RFC 6068); from where the letter lies that has it, if one
    /// has.
    Mailto(String, Option<LetterId>),
    /// As a polite question about a letter that was sent.
    FollowUp(Box<FollowUp>),
    /// As an answer.
    Answer(LetterId, To),
    /// Handing a letter on.
    Forward(LetterId),
    /// As it was left.
    Draft(DraftId),
    /// As it lies in a Drafts folder.
    Letter(LetterId),
}

/// A question about a letter that was sent, to one of those it went to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Which letter.
    pub about: OutboxId,
    /// Whom to ask.
    pub to: Address,
    /// What the question is about.
    pub subject: String,
    /// Its words.
    pub words: String,
}

/// Words of the reader's language that stand in letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrases {
    /// Above a quoted letter, with `{name}` and `{date}` in it.
    pub wrote: String,
    /// Above a letter that is handed on.
    pub forwarded: String,
    /// `From`, `Date`, `Subject`, `To`, `Cc`, as labels of its lines.
    pub labels: [String; 5],
    /// The line that says that a letter asks for a receipt.
    pub notice: String,
}

/// The people named in what was typed or pasted: separated by commas, semicolons or line
/// ends, with names or without.
pub fn people(typed: &str) -> Vec<Address> {
    // Within a name in quotes they part nothing; a quote without its other half is none.
    let paired =
        typed.replace("\\\\", "").replace("\\\"", "").matches('"').count().is_multiple_of(2);
    let (mut quoted, mut escaped) = (false, false);
    let typed: String = typed
        .chars()
        .map(|c| {
            quoted ^= c == '"' && !escaped && paired;
            escaped = c == '\\' && !escaped;
            match c {
                c if quoted && !c.is_control() => c,
                ';' | '\n' | '\r' | '\t' | '、' | '，' | '；' => ',',
                c if c.is_control() => ' ',
                c => c,
            }
        })
        .collect();
    let mut people = mime::address::list(typed.as_bytes(), Some("utf-8"));
    people.retain(|person| !person.addr.trim().is_empty());
    people
}

/// When a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After so many seconds, in which it can be taken back.
    After(u32),
    /// At this time, in seconds since 1970.
    At(i64),
}

/// A letter to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// The draft as it is kept.
    pub row: DraftRow,
    /// Everybody one can write as.
    pub identities: Vec<(AccountId, Identity)>,
    /// What a quoted letter holds that is not quoted.
    pub left_out: LeftOut,
    /// The receipt server, where there is one.
    pub receipt_server: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_back_as_they_were_filled_in() {
        let names = ["Kim, Minji", "a; b、c", "\"Q\" \\ A", "Minji (work)", "<x>", "김민지", ""];
        let name = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let all = names.map(|one| Address { name: name(one), addr: "kim@example.org".into() });
        let typed = all.each_ref().map(Address::typed).join(", ");
        assert_eq!(people(&typed), all, "{typed}");
    }
}
