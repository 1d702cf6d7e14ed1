//! A letter, as it stands below an answer or is handed on: without what would tell its
//! sender of those who read the answer.
//!
//! What is quoted names no address but those of its links, and these without wrappers and
//! tracking parameters. Pictures from outside become their words; pictures the letter
//! brought go along, if the letter is handed on. Styles stay where they stand in elements.
//! Bounded as what is drawn.

use super::clean::{self, Body, Scheme, SlotSource, Token};
use crate::mime::{Content, Letter, html_text, picture};
use crate::model::{Attachment, InlinePicture, Quotation, Verdict};
use crate::privacy::{self, Policy, links};
use ammonia::Builder;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Bytes of pictures that go along.
const MAX_PICTURES: usize = 25 * 1024 * 1024;
/// Bytes of text that are quoted.
const MAX_TEXT: usize = 1024 * 1024;

/// What was left out of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeftOut {
    /// References to the outside.
    pub references: usize,
    /// How many of them are trackers.
    pub trackers: usize,
    /// Links whose wrapper or tracking parameters were taken off.
    pub links: usize,
}

/// A letter as it is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quoted {
    /// The words.
    pub quotation: Quotation,
    /// Pictures in them, for the draft.
    pub pictures: Vec<InlinePicture>,
    /// What is not in it any more.
    pub left_out: LeftOut,
}

/// Quotes a letter below `intro`, the line that says whose it is. `forwarded`: it is
/// handed on, with its pictures.
pub fn quote(letter: &Letter<'_>, intro: &str, forwarded: bool) -> Quoted {
    let ledger = privacy::ledger(letter, super::references_of(letter), &Policy::default());
    let refused = ledger.entries.iter().filter(|e| matches!(e.verdict, Verdict::Refuse(_)));
    let mut left_out =
        LeftOut { references: refused.count(), trackers: ledger.trackers(), links: 0 };
    let bodies: Vec<Body> = letter
        .html_body
        .iter()
        .filter_map(|index| match &letter.parts.get(*index)?.content {
            Content::Html(html) => Some(Body::Html(html.to_string())),
            Content::Text(_) => {
                Some(Body::Text(letter.parts.get(*index)?.plain_text().into_owned()))
            }
            _ => None,
        })
        .collect();
    let mut pictures = Vec::new();
    let has_html = bodies.iter().any(|body| matches!(body, Body::Html(_)));
    let (html, text) = if has_html {
        let html = markup(letter, &bodies, forwarded, &mut pictures, &mut left_out);
        let text = html_text::to_text(&html);
        (html, text)
    } else {
        (String::new(), plain(&letter.text().replace("\r\n", "\n"), &mut left_out))
    };
    let text = super::beginning(&text, MAX_TEXT).to_owned();
    let quotation = Quotation { intro: intro.to_owned(), text, html, forwarded };
    Quoted { quotation, pictures, left_out }
}

/// Text whose addresses lead where they lead.
fn plain(text: &str, left_out: &mut LeftOut) -> String {
    let text = super::beginning(text, MAX_TEXT);
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    let mut out = String::with_capacity(text.len());
    for span in finder.spans(text) {
        match span.kind() {
            Some(_) => out.push_str(&direct(span.as_str(), left_out)),
            None => out.push_str(span.as_str()),
        }
    }
    out
}

/// Where an address leads, without what only tracks.
fn direct(address: &str, left_out: &mut LeftOut) -> String {
    let direct = links::clean(&links::unwrap(address));
    if direct != address {
        left_out.links += 1;
    }
    direct
}

/// Schemes a quoted link may have.
fn is_harmless(address: &str) -> bool {
    let scheme = super::address::scheme(address).map(str::to_ascii_lowercase);
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "tel"))
}

fn markup(
    letter: &Letter<'_>,
    bodies: &[Body],
    forwarded: bool,
    pictures: &mut Vec<InlinePicture>,
    left_out: &mut LeftOut,
) -> String {
    let cleaned = clean::clean(bodies);
    let mut brought: HashMap<Token, String> = HashMap::new();
    let mut room = if forwarded { MAX_PICTURES } else { 0 };
    for (number, slot) in cleaned.slots.iter().enumerate() {
        let SlotSource::Part(id) = &slot.source else { continue };
        let Some(file) = part(letter, id).filter(|file| file.bytes.len() <= room) else { continue };
        let Ok(token) = Token::try_from(number) else { break };
        room -= file.bytes.len();
        let key = format!("q{number}");
        pictures.push(InlinePicture { key: key.clone(), file });
        brought.insert(token, key);
    }
    let links: Vec<Option<String>> = cleaned
        .links
        .iter()
        .map(|link| Some(direct(&link.href, left_out)).filter(|address| is_harmless(address)))
        .collect();
    let html = cleaned.html(Scheme::Light, &|token| brought.contains_key(&token));
    gate(links, brought).clean(&html).to_string()
}

/// What may be in a quotation, and its addresses put in.
fn gate(links: Vec<Option<String>>, brought: HashMap<Token, String>) -> Builder<'static> {
    let of = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut gate = clean::gate::bare();
    gate.tags(of(&[
        "a",
        "abbr",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]))
    .clean_content_tags(of(&["script", "style", "title"]))
    .generic_attributes(of(&["dir", "lang", "style"]))
    .attribute_filter(move |element, name, value| match (element, name) {
        ("a", "href") => {
            let number: usize = value.strip_prefix("goyo-link:")?.parse().ok()?;
            links.get(number)?.clone().map(Cow::Owned)
        }
        ("img", "src") => {
            let token = value.strip_prefix("goyo:")?.parse().ok()?;
            brought.get(&token).map(|key| Cow::Owned(format!("cid:{key}")))
        }
        (_, "style") => {
            // Nothing in a style may name anything, however it is written.
            let told = ["(goyo", "url", "\\", "@", "expression", "image("];
            let lower = value.to_ascii_lowercase();
            (!told.iter().any(|word| lower.contains(word))).then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    });
    gate
}

/// A picture the letter brought along, by its Content-ID or Content-Location.
fn part(letter: &Letter<'_>, id: &str) -> Option<Attachment> {
    let location = |part: &crate::mime::Part<'_>| {
        let field = part.fields.iter().find(|f| f.name.eq_ignore_ascii_case("content-location"));
        field.is_some_and(|field| field.value.trim() == id)
    };
    let index = letter
        .parts
        .iter()
        .position(|part| part.content_id.as_deref() == Some(id) || location(part))?;
    let part = letter.parts.get(index)?;
    let bytes = letter.bytes(index)?.into_owned();
    // Only what is a picture by its bytes, and is none of those that hold programs.
    let media_type = picture::kind(&bytes)?.media_type()?.to_owned();
    let name = part.file_name.clone().unwrap_or_else(|| "picture".into());
    Some(Attachment { name, media_type, bytes })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "quote_tests.rs"]
mod tests;
