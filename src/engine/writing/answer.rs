//! Answers to requests for a receipt (RFC 8098): never by themselves.

use super::super::protocol::NotDone;
use super::{build, identities};
use crate::mime;
use crate::mime::compose::reply::{self, To};
use crate::mime::report::{self, Decided, Disposed, MdnError, Saying};
use crate::model::{Identity, LetterId, OutboxId};
use crate::store::Store;
use crate::store::outbox::GivenAnswer;

/// Answers, for this letter, that it was shown: under this subject, with these words. Nothing
/// where it was answered before, here or by another program.
///
/// # Errors
/// What keeps it from being answered.
pub fn answer_receipt(
    store: &Store,
    id: LetterId,
    subject: &str,
    words: &str,
) -> Result<Option<OutboxId>, NotDone> {
    let raw = store.raw(id)?;
    let letter = mime::parse(&raw);
    let request = report::request(&letter).ok_or(NotDone::NoRequest)?;
    let home = store.account_of(id)?;
    let own = identities(std::slice::from_ref(&home));
    let mine: Vec<Identity> = own.into_iter().map(|(_, identity)| identity).collect();
    // From the address it was written to.
    let to = reply::answer(&letter, &mine, To::Author).identity;
    let identity = mine.get(to).or(mine.first()).ok_or(NotDone::NoAccount)?;
    let now = build::now();
    let saying =
        Saying { decided: Decided::ForThisLetter, disposed: Disposed::Displayed, subject, words };
    let answer = report::answer(&request, identity, saying, &build::seal(now)?);
    let answer = answer.map_err(|error| match error {
        MdnError::Compose(why) => NotDone::Letter(why),
        MdnError::MustAsk => NotDone::NoRequest,
    })?;
    Ok(store.give_answer(&GivenAnswer {
        about: id,
        account: home.id,
        message_id: &answer.message_id,
        subject,
        recipients: &answer.recipients,
        bytes: &answer.bytes,
        smtputf8: answer.smtputf8,
        now,
    })?)
}
