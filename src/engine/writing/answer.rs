//! Answers to requests for a receipt (RFC 8098): never by themselves.

use super::super::protocol::NotDone;
use super::{build, identities};
use crate::mime;
use crate::mime::compose::reply::{self, To};
use crate::mime::report::{self, Decided, Disposed, MdnError, Saying};
use crate::model::{Identity, LetterId, OutboxId};
use crate::store::Store;
use crate::store::outbox::GivenAnswer;

/// Who is told when the request that a letter makes is answered.
///
/// # Errors
/// What keeps it from being answered.
pub fn receipt_asker(store: &Store, id: LetterId) -> Result<String, NotDone> {
    let raw = store.raw(id)?;
    Ok(report::request(&mime::parse(&raw))?.to.addr)
}

/// Answers, for this letter, that it was shown: to this address, which the user was shown,
/// under this subject, with these words. Nothing where it was answered before, here or by
/// another program.
///
/// # Errors
/// What keeps it from being answered; [`NotDone::OtherAsker`] when the letter would have
/// another address told.
pub fn answer_receipt(
    store: &Store,
    id: LetterId,
    to: &str,
    subject: &str,
    words: &str,
) -> Result<Option<OutboxId>, NotDone> {
    let raw = store.raw(id)?;
    let letter = mime::parse(&raw);
    let request = report::request(&letter)?;
    if request.to.addr != to {
        return Err(NotDone::OtherAsker);
    }
    let home = store.account_of(id)?;
    let own = identities(std::slice::from_ref(&home));
    let mine: Vec<Identity> = own.into_iter().map(|(_, identity)| identity).collect();
    // From the address it was written to.
    let own = reply::answer(&letter, &mine, To::Author).identity;
    let identity = mine.get(own).or(mine.first()).ok_or(NotDone::NoAccount)?;
    let now = build::now();
    let saying =
        Saying { decided: Decided::ForThisLetter, disposed: Disposed::Displayed, subject, words };
    let answer = report::answer(&request, identity, saying, &build::seal(now)?);
    let answer = answer.map_err(|error| match error {
        MdnError::Compose(why) => NotDone::Letter(why),
        MdnError::MustAsk => NotDone::OtherAsker,
    })?;
    Ok(store.give_answer(&GivenAnswer {
        about: id,
        account: home.id,
        message_id: &answer.message_id,
        subject,
        recipient: &answer.recipient,
        bytes: &answer.bytes,
        smtputf8: answer.smtputf8,
        now,
    })?)
}
