//! One attempt: from a row of the outbox to what came of it.

use super::courier::Saying;
use super::{Post, PostEvent, schedule};
use crate::engine::working::{Around, work_out};
use crate::engine::{EngineError, Result, accounts};
use crate::fail;
use crate::mime::compose::{self, Built, ComposeError};
use crate::model::{Delivered, DeliveryId, Hindrance, OutboxId, RecipientId, Word};
use crate::net::smtp::{CommitError, Endpoint, Envelope, Notify, Reply, Session, SmtpError};
use crate::store::outbox::{Attempt, End};
use crate::store::{Incoming, Packer, Store, StoreError};
use std::sync::Arc;

/// The server's copy is waited for so long before ours is given to it, in seconds.
const HELD: i64 = 10 * 60;

/// Characters of a server's words that are kept, for each recipient.
const MAX_WORDS: usize = 1_000;

/// A letter, built for an attempt.
struct Ready {
    bytes: Vec<u8>,
    smtputf8: bool,
    copy: Option<Incoming>,
    notify: Notify,
}

/// How an attempt went, beside what became of recipients.
pub(super) enum Went {
    /// The server can be given another letter.
    On,
    /// It cannot just now: there is no connection, or no login.
    Stop,
    /// It can, but letters with pictures wait: the receipt server cannot be told of them.
    WithoutPictures,
}

/// What came of recipients.
type Outcomes = Vec<(RecipientId, Delivered, Word)>;

/// What came of an attempt before it is written down.
struct Came {
    recipients: Outcomes,
    next: Option<i64>,
    word: Option<Word>,
    went: Went,
}

impl Post {
    /// Makes one attempt. Nothing where it is not due any more.
    pub(super) async fn attempt(
        &self,
        id: DeliveryId,
        session: &mut Option<Session>,
        saying: &Saying,
        now: i64,
    ) -> Result<Option<Went>> {
        let Some(attempt) = self.store.begin_attempt(id, now)? else { return Ok(None) };
        self.tell(PostEvent::Outbox);
        let ready = self.ready(&attempt).await;
        let (came, copy) = match ready {
            Ok(ready) => {
                let came = self.hand_over(&attempt, &ready, session, saying, now).await?;
                (came, ready.copy)
            }
            // What cannot be built any more never will be; a store that cannot be read may.
            Err(NotReady::Never(text)) => {
                let word = Word::hindered(Hindrance::Protocol, text);
                (all(&attempt, Delivered::Failed, word, None, Went::On), None)
            }
            Err(NotReady::Now(text)) => {
                let word = Word::hindered(Hindrance::Protocol, text);
                let next = Some(schedule::offline(attempt.number, now));
                (all(&attempt, Delivered::Retry, word, next, Went::Stop), None)
            }
        };
        let lines = session.as_mut().map(Session::take_conversation).unwrap_or_default();
        let at = crate::engine::writing::now();
        let offline = came.word.as_ref().is_some_and(|word| {
            let hindered = [Hindrance::Offline, Hindrance::Tls, Hindrance::Password];
            word.code.is_none() && word.why.is_some_and(|why| hindered.contains(&why))
        });
        let mut end = End {
            recipients: came.recipients,
            next: came.next,
            offline,
            word: came.word,
            copy: copy.as_ref(),
            hold: self.files_sent().then_some(at + HELD),
            lines: lines.into_iter().map(|line| (at, line)).collect(),
        };
        let settled = match self.store.end_attempt(id, &end, at) {
            Ok(settled) => settled,
            // That it was sent is the most important: without the copy there may be room.
            Err(_) => {
                end.copy = None;
                end.lines.clear();
                self.store.end_attempt(id, &end, at)?
            }
        };
        saying.settled();
        if let Some(until) = end.next {
            match came.went {
                Went::On => {}
                Went::Stop => self.store.put_off_due(self.account.id, at, until, false)?,
                Went::WithoutPictures => {
                    self.store.put_off_due(self.account.id, at, until, true)?;
                }
            }
        }
        self.tell(PostEvent::Filed(settled.folders, settled.accounts));
        self.tell(PostEvent::Outbox);
        Ok(Some(came.went))
    }

    /// Builds the letter, off the thread that others wait on.
    async fn ready(&self, attempt: &Attempt) -> std::result::Result<Ready, NotReady> {
        let (store, attempt) = (Arc::clone(&self.store), attempt.clone());
        let built = tokio::task::spawn_blocking(move || ready(&store, &attempt)).await;
        built.map_err(|error| NotReady::Now(error.to_string()))?
    }

    async fn hand_over(
        &self,
        attempt: &Attempt,
        ready: &Ready,
        session: &mut Option<Session>,
        saying: &Saying,
        now: i64,
    ) -> Result<Came> {
        if let Err(came) = self.register(attempt, now).await {
            return Ok(came);
        }
        let open = match session.take().filter(Session::reusable) {
            Some(open) => open,
            None => match self.open().await {
                Ok(open) => open,
                Err(error) => return Ok(not_open(attempt, &error, now)),
            },
        };
        let open = session.insert(open);
        let envelope = Envelope {
            sender: attempt.sender.clone(),
            recipients: attempt.recipients.iter().map(|(_, address)| address.clone()).collect(),
            size: ready.bytes.len() as u64,
            smtputf8: attempt.smtputf8 || ready.smtputf8,
            eight_bit: false,
            envelope_id: Some(attempt.envelope_id.clone()).filter(|id| !id.is_empty()),
            notify: Some(ready.notify),
        };
        fail::point(|| "outbox:envelope".into());
        let said = match open.envelope(&envelope).await {
            Ok(said) => said,
            Err(error) => return Ok(refused(attempt, &error, now)),
        };
        let mut accepted = Vec::new();
        let mut settled: Outcomes = Vec::new();
        for ((id, _), said) in attempt.recipients.iter().zip(&said) {
            match said.is_accepted() {
                true => accepted.push(*id),
                false => settled.push((*id, put_off(attempt, &said.reply, now), word(&said.reply))),
            }
        }
        if accepted.is_empty() {
            return Ok(came(attempt, settled, now, Went::On));
        }
        fail::point(|| "outbox:content".into());
        if let Err(error) = open.content(&ready.bytes, |_| {}).await {
            return Ok(refused_of(attempt, &error, &accepted, settled, now));
        }
        // Goyo ends, and could not wait for the answer: the letter goes when it is back.
        if !saying.may_end() {
            return Ok(Came { recipients: settled, next: Some(now), word: None, went: Went::Stop });
        }
        // From here on nobody could know, if this were not written down.
        self.store.commit_attempt(attempt.id, attempt.number, &accepted, &settled)?;
        fail::point(|| "outbox:commit".into());
        let committed = open.commit().await;
        fail::point(|| "outbox:committed".into());
        let mut went = Went::On;
        let (state, said) = match committed {
            Ok(reply) => (Delivered::Sent, Word { why: None, ..word(&reply) }),
            Err(CommitError::Refused(reply)) => (put_off(attempt, &reply, now), word(&reply)),
            Err(CommitError::NotSent(error)) => {
                return Ok(refused_of(attempt, &error, &accepted, settled, now));
            }
            Err(CommitError::Doubt(error)) => {
                went = Went::Stop;
                let text = error.to_string();
                (Delivered::Unknown, Word::hindered(Hindrance::NoAnswer, text))
            }
        };
        settled.extend(accepted.iter().map(|id| (*id, state, said.clone())));
        let mut came = came(attempt, settled, now, went);
        came.word = Some(said);
        Ok(came)
    }

    /// Makes the letter's picture known to the receipt server, before it goes.
    async fn register(&self, attempt: &Attempt, now: i64) -> std::result::Result<(), Came> {
        let Some(server) = attempt.pixel.as_ref().filter(|_| !attempt.unregistered.is_empty())
        else {
            return Ok(());
        };
        match self.register_tokens(server, &attempt.unregistered).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let next = match error.is_passing() {
                    true => schedule::offline(attempt.number, now),
                    false => schedule::hopeless(now),
                };
                let word = Word::hindered(Hindrance::ReceiptServer, error.to_string());
                Err(all(attempt, Delivered::Retry, word, Some(next), Went::WithoutPictures))
            }
        }
    }

    async fn open(&self) -> std::result::Result<Session, EngineError> {
        let settings = &self.account.settings;
        let Some(server) = settings.smtp.clone() else {
            return Err(EngineError::NoServer(self.account.name.clone()));
        };
        let who =
            accounts::credentials(settings, accounts::secret(&self.vault, &self.account).await?);
        let at = Endpoint { server, proxy: settings.proxy.clone() };
        Ok(Session::open(&at, Some(&who), &self.log).await?)
    }
}

/// Why there is nothing to hand over.
enum NotReady {
    /// It can never be built.
    Never(String),
    /// It could not be read just now.
    Now(String),
}

impl From<ComposeError> for NotReady {
    fn from(error: ComposeError) -> Self {
        Self::Never(error.to_string())
    }
}

impl From<StoreError> for NotReady {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Outbox(_) => Self::Never(error.to_string()),
            other => Self::Now(other.to_string()),
        }
    }
}

fn ready(store: &Store, attempt: &Attempt) -> std::result::Result<Ready, NotReady> {
    if let Some(raw) = &attempt.raw {
        // An answer: nobody is told what becomes of it, and it is not filed.
        return Ok(Ready {
            bytes: raw.clone(),
            smtputf8: attempt.smtputf8,
            copy: None,
            notify: Notify::default(),
        });
    }
    let never = |text: &str| NotReady::Never(text.to_owned());
    let draft = attempt.draft.ok_or_else(|| never("there is nothing to build it of"))?;
    let draft = store.whole_draft(draft)?;
    let built: Built = compose::build(&draft, &attempt.seal)?;
    let delivery = built
        .deliveries
        .iter()
        .find(|delivery| delivery.envelope_id == attempt.envelope_id)
        .ok_or_else(|| never("the letter was built for others"))?;
    let copy = if attempt.has_copy { None } else { own_copy(store, &built)? };
    let asks = draft.receipt.mdn || draft.receipt.pixel.is_some();
    let notify = Notify { success: asks, failure: true, delay: true };
    Ok(Ready { bytes: built.bytes(delivery), smtputf8: delivery.smtputf8, copy, notify })
}

/// The user's own copy, ready for the store.
fn own_copy(store: &Store, built: &Built) -> std::result::Result<Option<Incoming>, StoreError> {
    let now = crate::engine::writing::now();
    let around = Around { now, delivered: Some(now), header_of: None };
    let mut packer = Packer::new(store.dictionary()?.as_ref());
    Ok(work_out(&built.own_copy(), &around, None, &mut packer))
}

/// The user's own copy of a letter of the outbox, while it can be built.
///
/// # Errors
/// When the store cannot be read.
pub fn own_copy_of(
    store: &Store,
    id: OutboxId,
) -> std::result::Result<Option<Incoming>, StoreError> {
    let Some((draft, seal)) = store.built_of(id)? else { return Ok(None) };
    match compose::build(&store.whole_draft(draft)?, &seal) {
        Ok(built) => own_copy(store, &built),
        Err(_) => Ok(None),
    }
}

/// What a reply means for a recipient.
fn put_off(attempt: &Attempt, reply: &Reply, now: i64) -> Delivered {
    let again = schedule::put_off(attempt.number, attempt.since, now).is_some();
    if reply.is_transient() && again { Delivered::Retry } else { Delivered::Failed }
}

fn word(reply: &Reply) -> Word {
    Word { why: Some(Hindrance::Refused), code: Some(reply.code), text: words(reply) }
}

/// What a server said, without its first number.
fn words(reply: &Reply) -> String {
    let words = match &reply.enhanced {
        Some(enhanced) => format!("{enhanced} {}", reply.text()),
        None => reply.text(),
    };
    words.chars().take(MAX_WORDS).collect()
}

/// The same for all recipients.
fn all(attempt: &Attempt, state: Delivered, word: Word, next: Option<i64>, went: Went) -> Came {
    let recipients = attempt.recipients.iter().map(|(id, _)| (*id, state, word.clone())).collect();
    Came { recipients, next, word: Some(word), went }
}

fn came(attempt: &Attempt, recipients: Outcomes, now: i64, went: Went) -> Came {
    let retry = recipients.iter().any(|(_, state, _)| *state == Delivered::Retry);
    let next = retry.then(|| schedule::put_off(attempt.number, attempt.since, now)).flatten();
    let word = recipients.last().map(|(.., word)| word.clone());
    Came { recipients, next, word, went }
}

/// The server would not have the letter for those it had accepted; of the others it is
/// known already.
fn refused_of(
    attempt: &Attempt,
    error: &SmtpError,
    accepted: &[RecipientId],
    settled: Outcomes,
    now: i64,
) -> Came {
    let mut came = refused(attempt, error, now);
    came.recipients.retain(|(id, ..)| accepted.contains(id));
    came.recipients.extend(settled);
    let retry = came.recipients.iter().any(|(_, state, _)| *state == Delivered::Retry);
    if retry && came.next.is_none() {
        came.next = schedule::put_off(attempt.number, attempt.since, now);
    }
    came
}

/// There is no connection.
fn not_open(attempt: &Attempt, error: &EngineError, now: i64) -> Came {
    let (word, next) = match error {
        EngineError::Smtp(error) if error.is_passing() && error.reply().is_none() => {
            (hindered(error), schedule::offline(attempt.number, now))
        }
        EngineError::Smtp(error) if error.is_passing() => {
            let next = schedule::put_off(attempt.number, attempt.since, now);
            (hindered(error), next.unwrap_or_else(|| schedule::hopeless(now)))
        }
        EngineError::Smtp(error) => (hindered(error), schedule::hopeless(now)),
        EngineError::NoPassword(_) => {
            let word = Word::hindered(Hindrance::NoPassword, error.to_string());
            (word, schedule::hopeless(now))
        }
        EngineError::NoServer(_) => {
            let word = Word::hindered(Hindrance::NoServer, error.to_string());
            (word, schedule::hopeless(now))
        }
        other => {
            let word = Word::hindered(Hindrance::Protocol, other.to_string());
            (word, schedule::hopeless(now))
        }
    };
    all(attempt, Delivered::Retry, word, Some(next), Went::Stop)
}

/// The server would not have the letter, or the connection was lost before its end was
/// said: certain that nothing was delivered.
fn refused(attempt: &Attempt, error: &SmtpError, now: i64) -> Came {
    let word = hindered(error);
    match error {
        SmtpError::Refused { reply, .. } => {
            let state = put_off(attempt, reply, now);
            let next = (state == Delivered::Retry)
                .then(|| schedule::put_off(attempt.number, attempt.since, now))
                .flatten();
            all(attempt, state, word, next, Went::On)
        }
        error if error.is_of_the_letter() => all(attempt, Delivered::Failed, word, None, Went::On),
        // It may be this letter that the server cannot bear: others go on.
        error if error.is_passing() => {
            match schedule::put_off(attempt.number, attempt.since, now) {
                Some(next) => all(attempt, Delivered::Retry, word, Some(next), Went::On),
                None => all(attempt, Delivered::Failed, word, None, Went::On),
            }
        }
        _ => all(attempt, Delivered::Retry, word, Some(schedule::hopeless(now)), Went::Stop),
    }
}

/// An error as it is told and kept.
fn hindered(error: &SmtpError) -> Word {
    let why = match error {
        SmtpError::Name(_)
        | SmtpError::Connect(_)
        | SmtpError::Proxy(_)
        | SmtpError::TimedOut
        | SmtpError::Lost(_)
        | SmtpError::Unusable(_) => Hindrance::Offline,
        SmtpError::Tls(_)
        | SmtpError::Certificate { .. }
        | SmtpError::NoStartTls
        | SmtpError::Injected => Hindrance::Tls,
        SmtpError::NoLogin | SmtpError::Login(_) | SmtpError::BadLogin => Hindrance::Password,
        SmtpError::Refused { .. } | SmtpError::Closing(_) => Hindrance::Refused,
        SmtpError::TooLarge { .. } => Hindrance::TooLarge,
        SmtpError::NoUtf8 => Hindrance::Utf8,
        _ => Hindrance::Protocol,
    };
    match error.reply() {
        Some(reply) => Word { why: Some(why), code: Some(reply.code), text: words(reply) },
        None => Word::hindered(why, error.to_string()),
    }
}
