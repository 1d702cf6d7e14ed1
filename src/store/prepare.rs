//! Everything about a letter that can be worked out before it is written, on any
//! thread: its compressed bytes, its row, its place in time, its search entry.

use super::outbox::{self, Claim};
use super::raw::{Packed, Packer, Sha, header_sha, sha256};
use super::search::cut::Cutter;
use super::search::entry::Entry;
use super::search::place::Place;
use super::threads;
use crate::mime::{self, Content, Letter, html_text};
use crate::model::Address;
use std::borrow::Cow;
use std::cell::RefCell;

/// `mail.props`: it has attachments.
pub(crate) const PROP_ATTACHMENT: i64 = 1;
/// `mail.props`: it has an HTML body.
pub(crate) const PROP_HTML: i64 = 2;
/// `mail.props`: it could not be understood as a letter.
pub(crate) const PROP_BROKEN: i64 = 4;
/// `mail.props`: only its header is here.
pub(crate) const PROP_PARTIAL: i64 = 8;

/// Text indexed of one letter at most, in bytes: more than the longest novel.
const MAX_TEXT: usize = 4 * 1024 * 1024;
/// Receivers kept in a list row.
const ROW_RCPTS: usize = 4;
/// A text larger than this is no text a person wrote.
const MONSTER: usize = 4 * MAX_TEXT;
const PREVIEW: usize = 100;
const MAX_SUBJECT: usize = 1000;
/// Earliest date believed: 1980, before there was mail as we know it.
const EARLIEST: i64 = 315_532_800;
const DAY: i64 = 86_400;

/// What the letter itself does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances {
    /// The moment of keeping it, in seconds since 1970.
    pub now: i64,
    /// When it was delivered, if somebody wrote that down.
    pub delivered: Option<i64>,
    /// How many of its references are trackers.
    pub trackers: usize,
    /// The SHA-256 of its bytes, if that was worked out already.
    pub sha: Option<Sha>,
}

/// A letter ready to be written.
#[derive(Debug)]
pub struct Prepared {
    pub(super) sha: Sha,
    pub(super) size: usize,
    pub(super) pieces: Vec<Packed>,
    pub(super) date: i64,
    pub(super) msgid: Option<i64>,
    pub(super) refs: Vec<i64>,
    pub(super) props: i64,
    pub(super) trackers: i64,
    pub(super) sender: String,
    pub(super) rcpt: String,
    pub(super) subject: String,
    pub(super) preview: String,
    pub(super) entry: Entry,
    pub(super) claim: Claim,
}

impl Prepared {
    /// Bytes it takes up while it waits.
    pub fn weight(&self) -> usize {
        self.pieces.iter().map(Packed::len).sum::<usize>() + self.entry.len()
    }

    /// Whether it could not be understood as a letter.
    pub fn is_broken(&self) -> bool {
        self.props & PROP_BROKEN != 0
    }
}

/// Works out all that is written of `letter`. Takes it, so that what was decoded
/// of a large letter is gone before its bytes are compressed.
pub fn prepare(letter: Letter<'_>, with: &Circumstances, packer: &mut Packer) -> Prepared {
    let raw = letter.raw;
    let mut prepared = work_out(&letter, with);
    drop(letter);
    prepared.pieces = packer.pack(raw);
    prepared
}

/// The same of a letter of which only the header has come (with the empty line behind
/// it); `size` is what the server says of the whole.
pub fn prepare_header(
    header: &[u8],
    size: u64,
    with: &Circumstances,
    packer: &mut Packer,
) -> Prepared {
    let mut prepared = prepare(mime::parse(header), with, packer);
    prepared.sha = header_sha(header, size);
    prepared.size = usize::try_from(size).unwrap_or(usize::MAX);
    prepared.props |= PROP_PARTIAL;
    prepared
}

fn work_out(letter: &Letter<'_>, with: &Circumstances) -> Prepared {
    let envelope = &letter.envelope;
    let mut props = 0;
    if !letter.attachments.is_empty() {
        props |= PROP_ATTACHMENT;
    }
    if letter.parts.iter().any(|part| matches!(part.content, Content::Html(_))) {
        props |= PROP_HTML;
    }
    if letter.defects.iter().any(|defect| defect.kind == "no-header") {
        props |= PROP_BROKEN;
    }
    let refs = threads::references(envelope);
    let sender = envelope.from.first().or(envelope.sender.as_ref());
    let to = if envelope.to.is_empty() { &envelope.cc } else { &envelope.to };
    let rcpts: Vec<&Address> = to.iter().take(ROW_RCPTS).collect();
    Prepared {
        sha: with.sha.unwrap_or_else(|| sha256(letter.raw)),
        size: letter.raw.len(),
        pieces: Vec::new(),
        date: date(letter, with),
        msgid: envelope.message_id.as_deref().map(threads::hash),
        refs,
        props,
        trackers: i64::try_from(with.trackers).unwrap_or(i64::MAX),
        sender: sender.and_then(|a| serde_json::to_string(a).ok()).unwrap_or_default(),
        rcpt: serde_json::to_string(&rcpts).unwrap_or_default(),
        subject: envelope.subject.chars().take(MAX_SUBJECT).collect(),
        preview: letter.preview(PREVIEW),
        entry: entry(letter),
        claim: outbox::claim(letter),
    }
}

/// When a letter was written, as far as it can be believed: its Date, else when
/// it was received, else now.
fn date(letter: &Letter<'_>, with: &Circumstances) -> i64 {
    let believable = |date: &i64| (EARLIEST..=with.now + DAY).contains(date);
    letter
        .envelope
        .date
        .filter(believable)
        .or_else(|| received(letter).filter(believable))
        .or_else(|| with.delivered.filter(believable))
        .unwrap_or(with.now)
}

/// When the last server took it: the date at the end of the topmost Received.
fn received(letter: &Letter<'_>) -> Option<i64> {
    let field = letter.field("Received")?;
    let date = field.raw.iter().rposition(|b| *b == b';')?;
    mime::date::parse(field.raw.get(date + 1..)?)
}

/// The search entry of a letter. The same for the same letter, always: `check`
/// works it out again and compares.
pub(super) fn entry(letter: &Letter<'_>) -> Entry {
    thread_local! {
        static CUTTER: RefCell<Cutter> = RefCell::default();
    }
    CUTTER.with_borrow_mut(|cutter| {
        // One that panicked may have left something.
        cutter.clear();
        gather(letter, cutter);
        cutter.finish()
    })
}

fn gather(letter: &Letter<'_>, cutter: &mut Cutter) {
    let envelope = &letter.envelope;
    cutter.add(&envelope.subject, Place::Subject);
    for address in envelope.from.iter().chain(&envelope.sender) {
        add_address(cutter, address, Place::Sender);
    }
    for address in &envelope.to {
        add_address(cutter, address, Place::Rcpt);
    }
    for address in envelope.cc.iter().chain(&envelope.bcc) {
        add_address(cutter, address, Place::Cc);
    }
    if let Some(id) = &envelope.list_id {
        cutter.add(id, Place::List);
    }
    for name in letter.parts.iter().filter_map(|part| part.file_name.as_ref()) {
        cutter.add(name, Place::Files);
    }
    let mut left = MAX_TEXT;
    let mut shown = Vec::new();
    for index in &letter.html_body {
        if let Some(text) = part_text(letter, *index) {
            shown.push(cutter.add(clip(&text, &mut left), Place::Body));
        }
    }
    // The other rendering usually says the same: only what it says beyond.
    for index in letter.text_body.iter().filter(|index| !letter.html_body.contains(index)) {
        if let Some(text) = part_text(letter, *index) {
            cutter.add_unseen(clip(&text, &mut left), &shown, Place::Body);
        }
    }
    // Letters in the letter.
    for (index, part) in letter.parts.iter().enumerate() {
        if let Content::Message = part.content
            && let Some(nested) = letter.nested(index)
        {
            cutter.add(&nested.subject, Place::Body);
            for address in nested.from.iter().chain(&nested.to) {
                add_address(cutter, address, Place::Body);
            }
        }
    }
}

fn add_address(cutter: &mut Cutter, address: &Address, place: Place) {
    if let Some(name) = &address.name {
        cutter.add(name, place);
    }
    cutter.add(&address.addr, place);
}

fn part_text<'l>(letter: &'l Letter<'_>, index: usize) -> Option<Cow<'l, str>> {
    let part = letter.parts.get(index)?;
    match &part.content {
        // Of a monster only the beginning is converted: no more is indexed.
        Content::Text(text) if text.len() > MONSTER => Some(Cow::Borrowed(text)),
        Content::Html(html) if html.len() > MONSTER => {
            let mut left = MONSTER;
            Some(Cow::Owned(html_text::to_text(clip(html, &mut left))))
        }
        Content::Text(_) | Content::Html(_) => Some(part.plain_text()),
        _ => None,
    }
}

/// As much of `text` as `left` allows, and takes it off.
fn clip<'t>(text: &'t str, left: &mut usize) -> &'t str {
    let end = text.floor_char_boundary(*left);
    *left -= end;
    text.get(..end).unwrap_or_default()
}
