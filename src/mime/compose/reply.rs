//! Answers: to whom they go, what they are called, where they stand in the conversation.
//! RFC 5322 section 3.6.2–3.6.5, RFC 2369 (`List-Post`).
//!
//! Promise: an answer meant for one person never goes to a list by itself, and one's own
//! addresses are left out of answers to everybody.

use crate::mime::{Field, Letter, address, subject};
use crate::model::{Address, Context, Identity};
use std::collections::HashSet;

/// To whom an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum To {
    /// Whoever wrote it.
    Author,
    /// Whoever wrote it, and everybody who got it.
    Everybody,
    /// The mailing list it came by.
    List,
}

/// What an answer begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beginning {
    /// Which of the identities was written to; the first where none was.
    pub identity: usize,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Subject`.
    pub subject: String,
    /// Its place in the conversation.
    pub context: Context,
}

/// The list's address for new letters; absent where the letter came by none, or by one
/// that takes no letters (`List-Post: NO`).
pub fn list_post(letter: &Letter<'_>) -> Option<Address> {
    let value = &letter.field("list-post")?.value;
    let mut rest: &str = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (url, tail) = after.split_once('>')?;
        let scheme = url.get(..7).unwrap_or("");
        if scheme.eq_ignore_ascii_case("mailto:") {
            let path = url.get(7..)?.split('?').next()?;
            let addr = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
            if super::is_address(&addr) {
                return Some(Address { name: None, addr: addr.into_owned() });
            }
        }
        rest = tail;
    }
    None
}

/// Begins an answer. `own` are all identities of the user.
pub fn answer(letter: &Letter<'_>, own: &[Identity], to: To) -> Beginning {
    let envelope = &letter.envelope;
    let mine = Mine::of(own);
    let list = list_post(letter);
    let author = author(letter, list.as_ref());
    let by_me = envelope.from.iter().any(|from| mine.has(from));
    let mut taken = Taken::default();
    let mut beginning = Beginning {
        identity: identity(letter, own),
        subject: prefixed("Re: ", &envelope.subject),
        context: context(letter),
        ..Beginning::default()
    };
    match to {
        To::List => beginning.to = list.into_iter().collect(),
        // On one's own letter one goes on with those it went to.
        _ if by_me => {
            beginning.to = taken.once(&envelope.to);
            if to == To::Everybody {
                beginning.cc = taken.once(&envelope.cc);
            }
        }
        To::Author => beginning.to = taken.once(&author),
        To::Everybody => {
            // The author stays, even at an address of one's own.
            beginning.to = taken.once(&author);
            let others = |list: &[Address]| -> Vec<Address> {
                list.iter().filter(|address| !mine.has(address)).cloned().collect()
            };
            beginning.to.extend(taken.once(&others(&envelope.to)));
            beginning.cc = taken.once(&others(&envelope.cc));
            // Reply-To in the place of From is wanted; a list's own address stays in Cc.
            let replies = others(&envelope.reply_to);
            beginning.cc.extend(taken.once(&replies));
        }
    }
    beginning
}

/// Begins a letter that hands another on: to nobody yet, under its own subject. It answers
/// nothing, and still stands in the conversation.
pub fn forward(letter: &Letter<'_>, own: &[Identity]) -> Beginning {
    let context = context(letter);
    Beginning {
        identity: identity(letter, own),
        subject: prefixed("Fwd: ", &letter.envelope.subject),
        context: Context { in_reply_to: Vec::new(), ..context },
        ..Beginning::default()
    }
}

/// Who is answered: Reply-To, else From. Lists that write themselves into Reply-To do not
/// count: whoever answers a person does not write to all.
fn author(letter: &Letter<'_>, list: Option<&Address>) -> Vec<Address> {
    let envelope = &letter.envelope;
    let is_list =
        |address: &Address| list.is_some_and(|list| list.addr.eq_ignore_ascii_case(&address.addr));
    let wanted: Vec<Address> =
        envelope.reply_to.iter().filter(|address| !is_list(address)).cloned().collect();
    if wanted.is_empty() { envelope.from.clone() } else { wanted }
}

/// RFC 5322 section 3.6.4.
fn context(letter: &Letter<'_>) -> Context {
    let envelope = &letter.envelope;
    let Some(id) = envelope.message_id.clone() else { return Context::default() };
    let mut references = match envelope.references.as_slice() {
        // Where only one letter was answered, its id stands for the references.
        [] if envelope.in_reply_to.len() == 1 => envelope.in_reply_to.clone(),
        references => references.to_vec(),
    };
    references.retain(|known| *known != id);
    references.push(id.clone());
    Context { in_reply_to: vec![id], references }
}

/// Which identity a letter was written to; the first, where that cannot be seen.
pub fn identity(letter: &Letter<'_>, own: &[Identity]) -> usize {
    let envelope = &letter.envelope;
    let delivered = ["delivered-to", "x-original-to", "envelope-to"]
        .into_iter()
        .filter_map(|name| letter.field(name))
        .flat_map(|field: &Field<'_>| address::list(field.raw, None));
    let listed = envelope.to.iter().chain(&envelope.cc).chain(&envelope.bcc).cloned();
    let from = envelope.from.iter().cloned();
    listed
        .chain(delivered)
        .chain(from)
        .find_map(|address| {
            own.iter().position(|identity| same(&identity.from.addr, &address.addr))
        })
        .unwrap_or(0)
}

/// Addresses differ by case in name only.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

struct Mine(HashSet<String>);

impl Mine {
    fn of(own: &[Identity]) -> Self {
        Self(own.iter().map(|identity| identity.from.addr.to_lowercase()).collect())
    }

    fn has(&self, address: &Address) -> bool {
        self.0.contains(&address.addr.to_lowercase())
    }
}

/// Everybody is written to once.
#[derive(Default)]
struct Taken(HashSet<String>);

impl Taken {
    fn once(&mut self, addresses: &[Address]) -> Vec<Address> {
        let is_new = |address: &&Address| self.0.insert(address.addr.to_lowercase());
        addresses.iter().filter(is_new).cloned().collect()
    }
}

/// A subject behind its prefix, which stands there once whatever programs wrote before.
fn prefixed(prefix: &str, subject: &str) -> String {
    let known: &[&str] =
        if prefix.starts_with('R') { &subject::ANSWERS } else { &subject::FORWARDS };
    let mut rest = subject.trim();
    for _ in 0..20 {
        let Some((word, tail)) = subject::first_word(rest, &['[']) else { break };
        if !known.contains(&word.as_str()) {
            break;
        }
        rest = tail.trim_start();
    }
    format!("{prefix}{rest}").trim_end().to_owned()
}
