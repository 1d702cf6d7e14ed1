//! Before a letter goes: what it makes known, and what looks like a mistake. Pure; the
//! window says it in the reader's language, the command line in [`Finding::text`]'s words.

mod domains;

#[cfg(test)]
mod tests;

use super::oddities::is_noreply;
use crate::mime::picture;
use crate::model::{Address, Draft, DraftBody};
use std::collections::HashSet;

/// What is known from outside the letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'k> {
    /// Addresses that bounced before, any case.
    pub bounced: &'k [String],
    /// The user's own addresses, any case.
    pub own: &'k [String],
    /// Hosts the draft's own HTML refers to (`html::references` of it).
    pub fetched_from: &'k [String],
}

/// How much a finding should hold the writer up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// It is told, in a list that can be opened.
    Told,
    /// It is shown beside the button that sends.
    Shown,
    /// It is asked about before the letter goes.
    Asked,
}

/// One thing to know before a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Name and address that stand in it as its author's.
    Author(Address),
    /// Everybody who gets it sees the addresses in To and Cc: how many.
    AddressesSeen(usize),
    /// How many get it without the others seeing.
    BlindCopies(usize),
    /// When it was sent; absent: in UTC, with it the writer's zone, in minutes east.
    Time(Option<i16>),
    /// It asks, by a picture, for a receipt at this server.
    ReceiptPicture(String),
    /// A picture was asked for, and a letter of text has none.
    ReceiptImpossible,
    /// Readers at this address are known to load no pictures.
    PicturesBlocked(String),
    /// It asks for an answer that says it was read.
    ReceiptAnswer,
    /// This picture is sent without what camera and programs wrote into it.
    PictureCleaned(String),
    /// This picture may tell place, time or device.
    PictureTells(String),
    /// This document may name its author, company or earlier versions.
    DocumentTells(String),
    /// This letter goes along whole, with the header that tells its way.
    LetterWhole(String),
    /// Its own HTML makes readers fetch from these hosts.
    FetchesFrom(Vec<String>),
    /// It quotes a letter of somebody else: how many characters.
    Quotes(usize),
    /// This address cannot be written in ASCII: not every server takes the letter.
    Smtputf8(String),
    /// The domain of this address looks mistyped; what was probably meant.
    Mistyped {
        /// The address.
        address: String,
        /// The address with the domain that was probably meant.
        meant: String,
    },
    /// Letters to this address came back before.
    BouncedBefore(String),
    /// This address says itself that nobody reads it.
    NoReply(String),
    /// It speaks of an attachment, by this word, and has none.
    AttachmentForgotten(String),
    /// It has no subject.
    SubjectMissing,
    /// It has no words.
    Empty,
    /// Many people see each other's addresses: how many. Blind copies would hide them.
    ManySeen(usize),
}

/// From here on, people who see each other's addresses are asked about.
const MANY: usize = 15;

impl Finding {
    /// Stable, short, machine-readable.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Author(_) => "author",
            Self::AddressesSeen(_) => "addresses-seen",
            Self::BlindCopies(_) => "blind-copies",
            Self::Time(_) => "time",
            Self::ReceiptPicture(_) => "receipt-picture",
            Self::ReceiptImpossible => "receipt-impossible",
            Self::PicturesBlocked(_) => "pictures-blocked",
            Self::ReceiptAnswer => "receipt-answer",
            Self::PictureCleaned(_) => "picture-cleaned",
            Self::PictureTells(_) => "picture-tells",
            Self::DocumentTells(_) => "document-tells",
            Self::LetterWhole(_) => "letter-whole",
            Self::FetchesFrom(_) => "fetches-from",
            Self::Quotes(_) => "quotes",
            Self::Smtputf8(_) => "smtputf8",
            Self::Mistyped { .. } => "mistyped",
            Self::BouncedBefore(_) => "bounced-before",
            Self::NoReply(_) => "noreply",
            Self::AttachmentForgotten(_) => "attachment-forgotten",
            Self::SubjectMissing => "subject-missing",
            Self::Empty => "empty",
            Self::ManySeen(_) => "many-seen",
        }
    }

    /// How much it should hold the writer up.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Author(_)
            | Self::AddressesSeen(_)
            | Self::BlindCopies(_)
            | Self::Time(None)
            | Self::PictureCleaned(_)
            | Self::Quotes(_) => Weight::Told,
            Self::Time(Some(_))
            | Self::ReceiptPicture(_)
            | Self::ReceiptImpossible
            | Self::PicturesBlocked(_)
            | Self::ReceiptAnswer
            | Self::PictureTells(_)
            | Self::DocumentTells(_)
            | Self::LetterWhole(_)
            | Self::FetchesFrom(_)
            | Self::Smtputf8(_)
            | Self::SubjectMissing
            | Self::Empty => Weight::Shown,
            Self::Mistyped { .. }
            | Self::BouncedBefore(_)
            | Self::NoReply(_)
            | Self::AttachmentForgotten(_)
            | Self::ManySeen(_) => Weight::Asked,
        }
    }

    /// One English sentence.
    pub fn text(&self) -> String {
        match self {
            Self::Author(address) => format!("It names you as {address}."),
            Self::AddressesSeen(count) => {
                format!("Everybody who gets it sees all {count} addresses in To and Cc.")
            }
            Self::BlindCopies(count) => format!("{count} get it without the others seeing."),
            Self::Time(None) => "It tells when it was sent, in UTC.".into(),
            Self::Time(Some(_)) => "It tells when it was sent, and your time zone.".into(),
            Self::ReceiptPicture(server) => {
                format!("It asks for a receipt: opened with its pictures, it tells {server} when.")
            }
            Self::ReceiptImpossible => {
                "A letter of text only cannot hold the picture a receipt needs.".into()
            }
            Self::PicturesBlocked(address) => format!(
                "Pictures are known not to be loaded at {address}: whether it was read will stay unknown."
            ),
            Self::ReceiptAnswer => "It asks for an answer that says it was read.".into(),
            Self::PictureCleaned(name) => {
                format!("{name} goes without the place, time and device that were written in it.")
            }
            Self::PictureTells(name) => {
                format!("{name} may tell where, when and with what it was made.")
            }
            Self::DocumentTells(name) => {
                format!("{name} may name its author, a company or earlier versions.")
            }
            Self::LetterWhole(name) => {
                format!("{name} goes along whole, with the header that tells its way to you.")
            }
            Self::FetchesFrom(hosts) => {
                format!("Its HTML makes readers fetch from {}.", hosts.join(", "))
            }
            Self::Quotes(count) => format!("It quotes {count} characters of another letter."),
            Self::Smtputf8(address) => {
                format!("Only servers that know SMTPUTF8 take a letter with {address} in it.")
            }
            Self::Mistyped { address, meant } => {
                format!("{address} looks mistyped: did you mean {meant}?")
            }
            Self::BouncedBefore(address) => format!("Letters to {address} came back before."),
            Self::NoReply(address) => {
                format!("{address} says itself that nobody reads what is sent to it.")
            }
            Self::AttachmentForgotten(word) => {
                format!("It speaks of an attachment (“{word}”), and has none.")
            }
            Self::SubjectMissing => "It has no subject.".into(),
            Self::Empty => "It has no words.".into(),
            Self::ManySeen(count) => format!(
                "{count} people see each other's addresses: put them in Bcc to keep them from each other."
            ),
        }
    }
}

/// Looks through a draft. What is asked about comes first.
pub fn look(draft: &Draft, known: Known<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    mistakes(draft, known, &mut found);
    people(draft, &mut found);
    receipts(draft, &mut found);
    files(draft, &mut found);
    words(draft, &mut found);
    if !known.fetched_from.is_empty() {
        found.push(Finding::FetchesFrom(known.fetched_from.to_vec()));
    }
    found.push(Finding::Time(draft.zone));
    found.sort_by_key(|finding| std::cmp::Reverse(finding.weight()));
    found
}

fn mistakes(draft: &Draft, known: Known<'_>, found: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for Address { addr, .. } in draft.recipients() {
        if !seen.insert(addr.to_lowercase()) {
            continue;
        }
        let is_own = known.own.iter().any(|own| own.eq_ignore_ascii_case(addr));
        if let Some((local, domain)) = addr.rsplit_once('@').filter(|_| !is_own)
            && let Some(meant) = domains::meant(domain)
        {
            let meant = format!("{local}@{meant}");
            found.push(Finding::Mistyped { address: addr.clone(), meant });
        }
        if known.bounced.iter().any(|bounced| bounced.eq_ignore_ascii_case(addr)) {
            found.push(Finding::BouncedBefore(addr.clone()));
        }
        if is_noreply(addr) {
            found.push(Finding::NoReply(addr.clone()));
        }
    }
    if draft.attachments.is_empty()
        && draft.pictures.is_empty()
        && let Some(word) =
            speaks_of_attachment(&format!("{}\n{}", draft.subject, own_words(draft)))
    {
        found.push(Finding::AttachmentForgotten(word));
    }
}

fn people(draft: &Draft, found: &mut Vec<Finding>) {
    found.push(Finding::Author(draft.identity.from.clone()));
    let seen = draft.to.len() + draft.cc.len();
    if seen > MANY {
        found.push(Finding::ManySeen(seen));
    } else if seen > 1 {
        found.push(Finding::AddressesSeen(seen));
    }
    if !draft.bcc.is_empty() {
        found.push(Finding::BlindCopies(draft.bcc.len()));
    }
    let local = |address: &Address| address.addr.rsplit_once('@').map(|(l, _)| l.to_owned());
    let beyond = draft.recipients().find(|a| local(a).is_some_and(|local| !local.is_ascii()));
    if let Some(address) = beyond {
        found.push(Finding::Smtputf8(address.addr.clone()));
    }
}

fn receipts(draft: &Draft, found: &mut Vec<Finding>) {
    if draft.receipt.mdn {
        found.push(Finding::ReceiptAnswer);
    }
    let Some(pixel) = &draft.receipt.pixel else { return };
    if matches!(draft.body, DraftBody::Text(_)) {
        found.push(Finding::ReceiptImpossible);
        return;
    }
    let host = super::host::parse(&pixel.server).and_then(|url| url.host_str().map(str::to_owned));
    found.push(Finding::ReceiptPicture(host.unwrap_or_else(|| pixel.server.clone())));
    for address in draft.recipients() {
        if address.domain().is_some_and(domains::blocks_pictures) {
            found.push(Finding::PicturesBlocked(address.addr.clone()));
        }
    }
}

fn files(draft: &Draft, found: &mut Vec<Finding>) {
    let pictures = draft.pictures.iter().map(|picture| &picture.file);
    for file in draft.attachments.iter().chain(pictures) {
        let name = file.name.clone();
        if picture::kind(&file.bytes).is_some() {
            let cleaned = picture::clean(&file.bytes);
            match cleaned {
                Some(cleaned) if !cleaned.removed => {}
                Some(_) if !draft.keep_picture_metadata => {
                    found.push(Finding::PictureCleaned(name));
                }
                _ => found.push(Finding::PictureTells(name)),
            }
            continue;
        }
        let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "pdf" | "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "odt" | "ods" | "odp"
            | "hwp" | "hwpx" | "rtf" | "pages" | "numbers" | "key" | "mp4" | "mov" | "psd" => {
                found.push(Finding::DocumentTells(name));
            }
            "eml" | "msg" => found.push(Finding::LetterWhole(name)),
            _ => {}
        }
    }
}

fn words(draft: &Draft, found: &mut Vec<Finding>) {
    if draft.subject.trim().is_empty() {
        found.push(Finding::SubjectMissing);
    }
    let nothing = own_words(draft).trim().is_empty();
    if nothing && draft.quotation.is_none() && draft.attachments.is_empty() {
        found.push(Finding::Empty);
    }
    if let Some(quotation) = &draft.quotation {
        found.push(Finding::Quotes(quotation.text.chars().count()));
    }
}

/// What the writer typed, without what is quoted in it.
fn own_words(draft: &Draft) -> String {
    let typed = match &draft.body {
        DraftBody::Text(text) | DraftBody::Marked(text) => text.clone(),
        DraftBody::Html { text: Some(text), .. } => text.clone(),
        DraftBody::Html { html, text: None } => crate::mime::html_text::to_text(html),
    };
    let own: Vec<&str> = typed.lines().filter(|line| !line.trim_start().starts_with('>')).collect();
    own.join("\n")
}

/// The word by which a text speaks of an attachment.
fn speaks_of_attachment(text: &str) -> Option<String> {
    const KOREAN: [&str; 9] = [
        "첨부",
        "붙임",
        "별첨",
        "동봉",
        "파일을 보내",
        "파일 보내",
        "파일을 드립",
        "파일 드립",
        "파일 송부",
    ];
    const ENGLISH: [&str; 8] = [
        "attached",
        "attachment",
        "attachments",
        "attaching",
        "i attach",
        "enclosed",
        "enclosing",
        "see the file",
    ];
    // "첨부하지 않", "첨부 없이", "no attachment": none is meant.
    const NONE: [&str; 8] = [
        "첨부 없",
        "첨부는 없",
        "첨부파일 없",
        "첨부 파일 없",
        "첨부하지 않",
        "no attachment",
        "without attachment",
        "not attached",
    ];
    let mut lower = text.to_lowercase();
    for none in NONE {
        lower = lower.replace(none, " ");
    }
    if let Some(word) = KOREAN.iter().find(|word| lower.contains(*word)) {
        return Some((*word).to_owned());
    }
    let has_word = |wanted: &str| {
        lower.match_indices(wanted).any(|(at, _)| {
            let before = lower.get(..at).and_then(|text| text.chars().next_back());
            let after = lower.get(at + wanted.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(char::is_alphanumeric)
                && !after.is_some_and(|c| c.is_ascii_alphanumeric())
        })
    };
    ENGLISH.iter().find(|word| has_word(word)).map(|word| (*word).to_owned())
}
