//! `goyo show ID [--raw|--text|--headers|--json]`

use super::output::{LetterJson, local, rfc3339};
use super::{CliError, Context, Exit, Result};
use crate::mime::{self, Letter};
use crate::model::{Address, Envelope, LetterId};
use crate::store::{LetterRow, Store};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The letter's id, as list and search print it
    id: i64,
    /// The letter byte for byte
    #[arg(long, group = "form")]
    raw: bool,
    /// Its text only
    #[arg(long, group = "form")]
    text: bool,
    /// Its header, decoded
    #[arg(long, group = "form")]
    headers: bool,
}

#[derive(Serialize)]
struct LetterWhole<'a> {
    #[serde(flatten)]
    row: LetterJson<'a>,
    envelope: EnvelopeJson<'a>,
    thread: Vec<ThreadEntry>,
    text: String,
    attachments: Vec<Attachment<'a>>,
    defects: Vec<&'a str>,
}

#[derive(Serialize)]
struct EnvelopeJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    in_reply_to: &'a [String],
    references: &'a [String],
    from: &'a [Address],
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<&'a Address>,
    reply_to: &'a [Address],
    to: &'a [Address],
    cc: &'a [Address],
    bcc: &'a [Address],
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_id: Option<&'a str>,
}

impl<'a> EnvelopeJson<'a> {
    fn new(envelope: &'a Envelope) -> Self {
        Self {
            message_id: envelope.message_id.as_deref(),
            in_reply_to: &envelope.in_reply_to,
            references: &envelope.references,
            from: &envelope.from,
            sender: envelope.sender.as_ref(),
            reply_to: &envelope.reply_to,
            to: &envelope.to,
            cc: &envelope.cc,
            bcc: &envelope.bcc,
            date: envelope.date.map(rfc3339),
            list_id: envelope.list_id.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct ThreadEntry {
    id: String,
    /// The letter it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    r#type: &'a str,
    size: usize,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let store = context.store()?;
    let id = LetterId(args.id);
    let row = store.letter(id)?;
    let raw = store.raw(id)?;
    let mut out = context.output();
    if args.raw {
        out.bytes(&raw)?;
        out.finish()?;
        return Ok(Exit::Done);
    }
    let letter = mime::parse(&raw);
    if context.json {
        out.object(&whole(&store, &row, &letter)?)?;
    } else if args.headers {
        for field in letter.fields() {
            out.line(&format!("{}: {}", field.name, field.value))?;
        }
    } else {
        if !args.text {
            for line in head(&letter, &row) {
                out.line(&line)?;
            }
        }
        out.line(letter.text().trim_end())?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn whole<'a>(
    store: &Store,
    row: &'a LetterRow,
    letter: &'a Letter<'_>,
) -> std::result::Result<LetterWhole<'a>, CliError> {
    let thread = store.thread(row)?;
    let id_of = |index: usize| thread.get(index).map(|entry| entry.letter.id.to_string());
    let entries = thread.iter().map(|entry| ThreadEntry {
        id: entry.letter.id.to_string(),
        parent: entry.parent.and_then(id_of),
    });
    Ok(LetterWhole {
        row: LetterJson::new(row, None),
        envelope: EnvelopeJson::new(&letter.envelope),
        thread: entries.collect(),
        text: letter.text(),
        attachments: letter
            .attachment_parts()
            .map(|(_, part)| Attachment {
                name: part.file_name.as_deref(),
                r#type: &part.media_type,
                size: part.size,
            })
            .collect(),
        defects: letter.defects.iter().map(|defect| defect.text.as_str()).collect(),
    })
}

/// The lines above the text.
fn head(letter: &Letter<'_>, row: &LetterRow) -> Vec<String> {
    let envelope = &letter.envelope;
    let join =
        |list: &[Address]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        format!("From:    {}", join(&envelope.from)),
        format!("To:      {}", join(&envelope.to)),
    ];
    if !envelope.cc.is_empty() {
        lines.push(format!("Cc:      {}", join(&envelope.cc)));
    }
    lines.push(format!("Date:    {}", local(envelope.date.unwrap_or(row.date))));
    lines.push(format!("Subject: {}", envelope.subject));
    for (_, part) in letter.attachment_parts() {
        let name = part.file_name.as_deref().unwrap_or("(no name)");
        lines.push(format!("File:    {name} ({}, {} bytes)", part.media_type, part.size));
    }
    for defect in &letter.defects {
        lines.push(format!("Note:    {}", defect.text));
    }
    lines.push(String::new());
    lines
}
