//! The privacy report of one letter: what `goyo inspect` prints.

use super::auth::{self, Auth};
use super::headers::{self, HeaderLine};
use super::links::{self, LinkReport};
use super::oddities::{self, Known, Warning};
use super::receipts::{self, ReceiptRequest};
use super::route::{self, Hop};
use super::unsubscribe::{self, Unsubscribe};
use super::verdict::Policy;
use crate::mime::{Content, Letter, Part};
use crate::model::{Ledger, LedgerEntry, Link, Reference, Tracker, Verdict, hexadecimal};
use serde::Serialize;
use sha2::Digest as _;
use std::borrow::Cow;

/// What a letter would have done, had it been opened by a program that does not ask.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Every field of its header.
    pub headers: Vec<HeaderLine>,
    /// What is odd.
    pub warnings: Vec<Warning>,
    /// What it refers to, and what becomes of that by default.
    pub remote: Vec<RemoteLine>,
    /// Where its links lead.
    pub links: Vec<LinkReport>,
    /// Who asks to be told that it was read.
    pub receipt_requests: Vec<ReceiptRequest>,
    /// How it came.
    pub hops: Vec<Hop>,
    /// What is attached.
    pub attachments: Vec<AttachmentLine>,
    /// Its MIME tree.
    pub parts: Vec<PartLine>,
    /// How its sender proved itself.
    pub auth: Auth,
    /// How the list it came by can be left.
    #[serde(skip)]
    pub unsubscribe: Option<Unsubscribe>,
}

/// One reference, decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RemoteLine {
    /// Its address.
    pub url: String,
    /// Where it stood.
    pub element: String,
    /// Whether it would be seen; `null` when that is not known.
    pub visible: Option<bool>,
    /// `allow` or `refuse`, and `reason`.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Why it is taken for a tracker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracker: Option<Tracker>,
}

impl From<LedgerEntry> for RemoteLine {
    fn from(entry: LedgerEntry) -> Self {
        let LedgerEntry { reference, verdict, tracker } = entry;
        let Reference { url, element, visible, .. } = reference;
        Self { url, element, visible: visible.known(), verdict, tracker }
    }
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentLine {
    /// Ordinal of its part, in the letter's part list.
    #[serde(skip)]
    pub part: usize,
    /// Its file name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Bytes, decoded.
    pub size: usize,
    /// What to know before it is opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<AttachmentWarning>,
}

/// What to know of an attachment before it is opened in another program. In JSON it is
/// its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AttachmentWarning {
    /// Its name hides its ending.
    #[error("Its name is written so that it looks like another one.")]
    Disguised,
    /// A program behind the ending of a document.
    #[error("It is a program that looks like a document by its name.")]
    ProgramDisguised,
    /// A program.
    #[error("It is a program, or something that starts one.")]
    Program,
    /// A document with programs in it.
    #[error("It may run macros when it is opened.")]
    Macros,
    /// A document that can load things from outside.
    #[error("Opened in another program, it may report that it was opened.")]
    Reports,
}

impl Serialize for AttachmentWarning {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// One node of the MIME tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartLine {
    /// Its place.
    pub path: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The character set it was read with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// Bytes, decoded.
    pub size: usize,
    /// Its file name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// SHA-256 of its content: of text as UTF-8 with line feeds and without line
    /// ends at its end, of the rest as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How it was packed.
    pub encoding: String,
}

/// Puts the report together. Pure: references, links and what is known from outside the
/// letter are found elsewhere.
pub fn report(
    letter: &Letter<'_>,
    references: Vec<Reference>,
    links: &[Link],
    known: Known<'_>,
) -> Report {
    let policy = Policy::for_letter(letter, &[], super::Proof::None);
    let ledger = super::ledger(letter, references, &policy);
    let hops = route::hops(letter);
    let mut warnings = oddities::find(letter, &hops, known);
    warnings.extend(letter.defects.iter().map(|d| Warning { kind: d.kind, text: d.text.clone() }));
    let headers = headers::explain(letter);
    Report {
        unsubscribe: unsubscribe::offered(&headers),
        headers,
        warnings,
        links: links::judge_all(links),
        receipt_requests: receipts::requests(letter, &ledger),
        hops,
        attachments: attachments(letter),
        parts: letter.parts.iter().map(part).collect(),
        auth: auth::claims(letter, None),
        remote: lines(ledger),
    }
}

fn lines(ledger: Ledger) -> Vec<RemoteLine> {
    ledger.entries.into_iter().map(RemoteLine::from).collect()
}

fn attachments(letter: &Letter<'_>) -> Vec<AttachmentLine> {
    letter
        .attachments
        .iter()
        .filter_map(|index| Some((*index, letter.parts.get(*index)?)))
        .map(|(index, part)| AttachmentLine {
            part: index,
            name: part.file_name.clone(),
            media_type: part.media_type.clone(),
            size: part.size,
            warning: attachment_warning(part.file_name.as_deref(), &part.media_type),
        })
        .collect()
}

/// What to know of an attachment before it is opened in another program.
pub fn attachment_warning(name: Option<&str>, media_type: &str) -> Option<AttachmentWarning> {
    const PROGRAMS: [&str; 44] = [
        "exe",
        "com",
        "scr",
        "pif",
        "bat",
        "cmd",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "msi",
        "msp",
        "mst",
        "cpl",
        "jar",
        "ps1",
        "psm1",
        "reg",
        "lnk",
        "url",
        "scf",
        "inf",
        "dll",
        "sys",
        "app",
        "dmg",
        "pkg",
        "deb",
        "rpm",
        "apk",
        "sh",
        "command",
        "desktop",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "chm",
        "gadget",
        "application",
        "appx",
    ];
    const MACROS: [&str; 9] =
        ["docm", "xlsm", "pptm", "dotm", "xltm", "xlam", "ppam", "sldm", "xlsb"];
    const REPORTS: [&str; 26] = [
        "html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "pdf", "doc", "docx",
        "dot", "dotx", "rtf", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "hwp", "hwpx",
        "xml", "eml", "one",
    ];
    const HARMLESS_LOOKING: [&str; 16] = [
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "hwp", "hwpx", "txt", "jpg", "jpeg",
        "png", "gif", "zip", "mp4",
    ];
    let lower = name.unwrap_or("").to_lowercase();
    // Signs that turn the direction of writing hide the real ending.
    if lower.contains(['\u{202e}', '\u{202d}', '\u{2066}', '\u{2067}', '\u{200f}']) {
        return Some(AttachmentWarning::Disguised);
    }
    let lower = lower.trim_end_matches(['.', ' ']);
    let mut endings = lower.rsplit('.').map(str::trim);
    let ending = endings.next().filter(|ending| ending.len() < lower.len()).unwrap_or("");
    let before = endings.next().unwrap_or("");
    if PROGRAMS.contains(&ending) {
        return Some(if HARMLESS_LOOKING.contains(&before) {
            AttachmentWarning::ProgramDisguised
        } else {
            AttachmentWarning::Program
        });
    }
    if MACROS.contains(&ending) || media_type.contains("macroenabled") {
        return Some(AttachmentWarning::Macros);
    }
    let office = media_type.starts_with("application/vnd.openxmlformats")
        || media_type.starts_with("application/vnd.ms-")
        || media_type.starts_with("application/vnd.oasis")
        || media_type.starts_with("application/vnd.hancom");
    let named = matches!(
        media_type,
        "text/html"
            | "application/xhtml+xml"
            | "image/svg+xml"
            | "application/pdf"
            | "application/msword"
            | "application/rtf"
            | "text/rtf"
            | "application/x-hwp"
            | "application/haansofthwp"
            | "multipart/related"
            | "text/xml"
            | "application/xml"
    );
    if REPORTS.contains(&ending) || office || named {
        return Some(AttachmentWarning::Reports);
    }
    None
}

fn part(part: &Part<'_>) -> PartLine {
    let sha256 = match &part.content {
        Content::Text(text) | Content::Html(text) => {
            let text: Cow<'_, str> = if text.contains('\r') {
                text.replace("\r\n", "\n").into()
            } else {
                text.as_ref().into()
            };
            Some(hexadecimal(&sha2::Sha256::digest(text.trim_end_matches(['\n', '\r']))))
        }
        Content::Binary(bytes) => Some(hexadecimal(&sha2::Sha256::digest(bytes))),
        Content::Message | Content::Multipart => None,
    };
    PartLine {
        path: part.path.clone(),
        media_type: part.media_type.clone(),
        charset: part.charset.clone(),
        size: part.size,
        name: part.file_name.clone(),
        sha256,
        encoding: part.transfer_encoding.clone(),
    }
}
