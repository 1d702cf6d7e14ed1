//! What the parser made of an answer, in types of ours: nothing borrowed, nothing unbounded.

use super::date;
use super::frame::{Kind, MARK};
use super::types::{Fetched, UidSet};
use super::utf7;
use crate::model::Flags;
use imap_proto::rfc4315::UidSetMember;
use imap_proto::{
    AttributeValue, Capability, MailboxDatum, NameAttribute, Response, ResponseCode,
    StatusAttribute,
};
use std::borrow::Cow;

/// UIDs of one COPYUID that are taken.
const COPIED: usize = 500_000;
/// Characters of a server's words that are shown.
const WORDS: usize = 200;

/// How a command, or the connection, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Ok,
    No,
    Bad,
    Bye,
    Preauth,
}

/// What a server says by a code in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    Alert,
    Capability(Vec<String>),
    HighestModseq(u64),
    NoModseq,
    UidNext(u32),
    UidValidity(u32),
    Permanent(Vec<String>),
    ReadOnly,
    TryCreate,
    AppendUid(u32, u32),
    CopyUid(u32, Vec<(u32, u32)>),
    Modified(UidSet),
    Closed,
    OverQuota,
    NoSuchMailbox,
    AlreadyExists,
    /// It may be otherwise later.
    Passing,
    /// Some other one, in upper case.
    Other(String),
}

/// State, code and text of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub state: State,
    pub code: Option<Code>,
    /// The server's words, fit to be shown.
    pub text: String,
}

/// A folder that LIST or LSUB named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Its name on the wire.
    pub mailbox: String,
    pub delimiter: Option<char>,
    /// In lower case, with their backslash.
    pub attributes: Vec<String>,
}

/// What STATUS said of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub mailbox: String,
    pub messages: Option<u32>,
    pub unseen: Option<u32>,
    pub uidnext: Option<u32>,
    pub uidvalidity: Option<u32>,
    pub highestmodseq: Option<u64>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Done(String, Said),
    State(Said),
    Continue(String),
    Capability(Vec<String>),
    Enabled(Vec<String>),
    Exists(u32),
    Expunge(u32),
    Vanished {
        earlier: bool,
        uids: UidSet,
    },
    Fetch(Fetched),
    List(Named),
    Lsub(Named),
    Search(Vec<u32>),
    Status(Counts),
    /// Used and allowed kilobytes.
    Quota(Option<(u64, u64)>),
    Id(String),
    /// Nothing that anybody asks for.
    Other,
    /// It could not be understood.
    Dropped(Kind),
}

/// Makes an answer of a parsed line and the literals that belong in it.
pub(super) fn of(response: &Response<'_>, kind: Kind, literals: &mut [Vec<u8>]) -> Answer {
    let mut literals = Literals(literals);
    match response {
        Response::Capabilities(words) if kind == Kind::Enabled => Answer::Enabled(upper(words)),
        Response::Capabilities(words) => Answer::Capability(upper(words)),
        Response::Continue(outcome) => {
            Answer::Continue(outcome.information.as_deref().unwrap_or_default().trim().to_owned())
        }
        Response::Done { tag, status, outcome } => Answer::Done(
            tag.0.clone(),
            said(status, outcome.code.as_ref(), outcome.information.as_deref()),
        ),
        Response::Data { status, outcome } => {
            Answer::State(said(status, outcome.code.as_ref(), outcome.information.as_deref()))
        }
        Response::Expunge(sequence) => Answer::Expunge(*sequence),
        Response::Vanished { earlier, uids } => {
            let ranges = uids.iter().map(|range| (*range.start(), *range.end()));
            let ranges = ranges.filter(|(from, to)| from <= to).collect();
            Answer::Vanished { earlier: *earlier, uids: UidSet(ranges) }
        }
        Response::Fetch(sequence, attributes) => {
            match fetched(*sequence, attributes, &mut literals) {
                Some(fetched) => Answer::Fetch(fetched),
                None => Answer::Dropped(kind),
            }
        }
        Response::MailboxData(data) => match data {
            MailboxDatum::Exists(count) => Answer::Exists(*count),
            MailboxDatum::List(list) => {
                let delimiter = list.delimiter.as_deref().map(unescape);
                let named = Named {
                    mailbox: literals.text(&list.name),
                    delimiter: delimiter.and_then(|text| text.chars().next()),
                    attributes: list.name_attributes.iter().map(attribute).collect(),
                };
                if kind == Kind::Lsub { Answer::Lsub(named) } else { Answer::List(named) }
            }
            MailboxDatum::Search(found) => Answer::Search(found.clone()),
            MailboxDatum::Status { mailbox, status } => {
                let mut counts = Counts { mailbox: literals.text(mailbox), ..Counts::default() };
                for attribute in status {
                    match attribute {
                        StatusAttribute::HighestModSeq(n) => counts.highestmodseq = Some(*n),
                        StatusAttribute::Messages(n) => counts.messages = Some(*n),
                        StatusAttribute::UidNext(n) => counts.uidnext = Some(*n),
                        StatusAttribute::UidValidity(n) => counts.uidvalidity = Some(*n),
                        StatusAttribute::Unseen(n) => counts.unseen = Some(*n),
                        _ => {}
                    }
                }
                Answer::Status(counts)
            }
            _ => Answer::Other,
        },
        Response::Quota(quota) => {
            use imap_proto::rfc2087::QuotaResourceName;
            let storage = quota.resources.iter().find(|one| one.name == QuotaResourceName::Storage);
            Answer::Quota(storage.map(|storage| (storage.usage, storage.limit)))
        }
        Response::Id(Some(fields)) => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}={}", literals.text(name), literals.text(value)))
                .collect();
            fields.sort_unstable();
            Answer::Id(fields.join(" "))
        }
        _ => Answer::Other,
    }
}

/// Literals by the marks that stand for them.
struct Literals<'l>(&'l mut [Vec<u8>]);

impl Literals<'_> {
    /// The literal of a mark; each once.
    fn take(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let number = text.strip_prefix(&[MARK])?;
        let number: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
        self.0.get_mut(number).map(std::mem::take)
    }

    fn text(&mut self, text: &str) -> String {
        match self.take(text.as_bytes()) {
            Some(literal) => String::from_utf8_lossy(&literal).into_owned(),
            None => unescape(text).into_owned(),
        }
    }

    fn bytes(&mut self, text: &[u8]) -> Vec<u8> {
        match self.take(text) {
            Some(literal) => literal,
            None => unescape_bytes(text),
        }
    }
}

/// The parser leaves the backslashes of quoted strings where they are.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(String::from_utf8_lossy(&unescape_bytes(text.as_bytes())).into_owned())
}

fn unescape_bytes(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => plain.extend(bytes.next()),
            byte => plain.push(*byte),
        }
    }
    plain
}

fn upper(words: &[Capability<'_>]) -> Vec<String> {
    let word = |word: &Capability<'_>| match word {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
        Capability::Atom(atom) => atom.to_ascii_uppercase(),
    };
    words.iter().map(word).collect()
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    let name = match attribute {
        NameAttribute::NoInferiors => "\\noinferiors",
        NameAttribute::NoSelect => "\\noselect",
        NameAttribute::Marked => "\\marked",
        NameAttribute::Unmarked => "\\unmarked",
        NameAttribute::All => "\\all",
        NameAttribute::Archive => "\\archive",
        NameAttribute::Drafts => "\\drafts",
        NameAttribute::Flagged => "\\flagged",
        NameAttribute::Junk => "\\junk",
        NameAttribute::Sent => "\\sent",
        NameAttribute::Trash => "\\trash",
        NameAttribute::Extension(name) => return name.to_ascii_lowercase(),
        _ => "",
    };
    name.to_owned()
}

fn fetched(
    sequence: u32,
    attributes: &[AttributeValue<'_>],
    literals: &mut Literals<'_>,
) -> Option<Fetched> {
    let mut fetched = Fetched { sequence, ..Fetched::default() };
    for attribute in attributes {
        match attribute {
            AttributeValue::BodySection { data, .. }
            | AttributeValue::Rfc822(data)
            | AttributeValue::Rfc822Header(data) => {
                fetched.bytes = data.as_deref().map(|data| literals.bytes(data));
            }
            AttributeValue::Flags(names) => {
                let (flags, keywords) = flags(names.iter().map(Cow::as_ref));
                (fetched.flags, fetched.keywords) = (Some(flags), keywords);
            }
            AttributeValue::InternalDate(text) => fetched.delivered = date::read(text),
            AttributeValue::ModSeq(modseq) => fetched.modseq = Some(*modseq),
            AttributeValue::Rfc822Size(size) => fetched.size = Some(u64::from(*size)),
            // No letter has the UID 0: what has it cannot be told apart.
            AttributeValue::Uid(0) => return None,
            AttributeValue::Uid(uid) => fetched.uid = Some(*uid),
            AttributeValue::GmailLabels(names) => {
                let label = |name: &Cow<'_, str>| match name.strip_prefix('\\') {
                    // `\Inbox` is an atom, `\\Inbox` was in quotes.
                    Some(rest) if !rest.starts_with('\\') => name.clone().into_owned(),
                    _ => utf7::shown(&literals.text(name)),
                };
                fetched.labels = Some(names.iter().map(label).collect());
            }
            AttributeValue::GmailMsgId(id) => fetched.gmail_message = Some(*id),
            _ => {}
        }
    }
    Some(fetched)
}

/// The flags Goyo knows, and the other keywords, sorted.
pub(super) fn flags<'n>(names: impl Iterator<Item = &'n str>) -> (Flags, Vec<String>) {
    let known = [
        ("\\seen", Flags::SEEN),
        ("\\answered", Flags::ANSWERED),
        ("\\flagged", Flags::FLAGGED),
        ("\\draft", Flags::DRAFT),
        ("\\deleted", Flags::DELETED),
        ("$forwarded", Flags::FORWARDED),
        ("$junk", Flags::JUNK),
        ("$mdnsent", Flags::MDN_SENT),
    ];
    let (mut flags, mut keywords) = (Flags::NONE, Vec::new());
    for name in names {
        match known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, flag)) => flags = flags.with(*flag),
            // `\Recent` and what else the server alone sets.
            None if name.starts_with('\\') => {}
            None => keywords.push(name.to_owned()),
        }
    }
    keywords.sort_unstable();
    keywords.dedup();
    (flags, keywords)
}

fn said(state: &imap_proto::Status, code: Option<&ResponseCode<'_>>, text: Option<&str>) -> Said {
    let state = match state {
        imap_proto::Status::Ok => State::Ok,
        imap_proto::Status::No => State::No,
        imap_proto::Status::Bad => State::Bad,
        imap_proto::Status::Bye => State::Bye,
        imap_proto::Status::PreAuth => State::Preauth,
    };
    let text = text.unwrap_or_default().trim();
    let known = code.and_then(|code| match code {
        ResponseCode::Alert => Some(Code::Alert),
        ResponseCode::Capabilities(words) => Some(Code::Capability(upper(words))),
        ResponseCode::HighestModSeq(n) => Some(Code::HighestModseq(*n)),
        ResponseCode::UidNext(n) => Some(Code::UidNext(*n)),
        ResponseCode::UidValidity(n) => Some(Code::UidValidity(*n)),
        ResponseCode::PermanentFlags(flags) => {
            Some(Code::Permanent(flags.iter().map(|flag| flag.clone().into_owned()).collect()))
        }
        ResponseCode::ReadOnly => Some(Code::ReadOnly),
        ResponseCode::TryCreate => Some(Code::TryCreate),
        ResponseCode::AppendUid(validity, uids) => {
            let [uid] = expand(uids, 1)?[..] else { return None };
            Some(Code::AppendUid(*validity, uid))
        }
        ResponseCode::CopyUid(validity, from, to) => {
            let (from, to) = (expand(from, COPIED)?, expand(to, COPIED)?);
            let pairs = from.len() == to.len();
            pairs.then(|| Code::CopyUid(*validity, from.into_iter().zip(to).collect()))
        }
        _ => None,
    });
    // Codes the parser does not know stay in the text.
    let inner = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    match (known, inner) {
        (None, Some((inner, rest))) if code.is_none() => {
            Said { state, code: Some(unknown(inner)), text: words(rest) }
        }
        (known, _) => Said { state, code: known, text: words(text) },
    }
}

/// A code that the parser does not know.
fn unknown(inner: &str) -> Code {
    let (name, rest) = inner.split_once(' ').unwrap_or((inner, ""));
    let name = name.to_ascii_uppercase();
    match name.as_str() {
        // With a space too many, or without the first revision.
        "CAPABILITY" => {
            Code::Capability(rest.split_ascii_whitespace().map(str::to_ascii_uppercase).collect())
        }
        "NOMODSEQ" => Code::NoModseq,
        "CLOSED" => Code::Closed,
        "OVERQUOTA" => Code::OverQuota,
        "NONEXISTENT" => Code::NoSuchMailbox,
        "ALREADYEXISTS" => Code::AlreadyExists,
        "UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" => Code::Passing,
        "MODIFIED" => match set(rest) {
            Some(uids) => Code::Modified(uids),
            None => Code::Other(name),
        },
        _ => Code::Other(words(&name)),
    }
}

/// A set of numbers as IMAP writes it.
fn set(text: &str) -> Option<UidSet> {
    let range = |part: &str| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let (from, to): (u32, u32) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        Some((from.min(to), from.max(to)))
    };
    text.split(',').map(range).collect::<Option<Vec<_>>>().map(UidSet)
}

/// Every number of a set, if they are not too many.
fn expand(members: &[UidSetMember], most: usize) -> Option<Vec<u32>> {
    let mut all = Vec::new();
    for member in members {
        let range = match member {
            UidSetMember::Uid(uid) => *uid..=*uid,
            UidSetMember::UidRange(range) => range.clone(),
        };
        let more = usize::try_from(range.end().checked_sub(*range.start())?).ok()?;
        if all.len().checked_add(more)? >= most {
            return None;
        }
        all.extend(range);
    }
    Some(all)
}

/// A server's words: short, on one line, and in the order they are written in.
pub(super) fn words(text: &str) -> String {
    let turns = |character: &char| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let text = text.trim().chars().filter(|character| !turns(character));
    text.map(|character| if character.is_control() { ' ' } else { character }).take(WORDS).collect()
}
