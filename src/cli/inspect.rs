//! `goyo inspect FILE…`: what letters would give away, told offline.

use super::output::rfc3339;
use super::{Context, Exit, Result};
use crate::archive::MAX_LETTER;
use crate::engine::reading::{Circumstances, Reader};
use crate::html;
use crate::html::clean::Scheme;
use crate::html::worker::Worker;
use crate::html::worker::protocol::{Request, View};
use crate::model::{Tracker, TrackerKind};
use crate::privacy::Report;
use serde::Serialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// As the window shows a letter.
const VIEW: View = View { width: 800.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Letters, as .eml files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Your own addresses: tells whether a letter was addressed to you
    #[arg(long = "own", value_name = "ADDRESS")]
    own: Vec<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let mut out = context.output();
    let mut exit = Exit::Done;
    // A build that does not draw judges by what letters declare.
    let mut reader = Worker::start().ok().map(|worker| Reader::with(Ok(worker)));
    for file in &args.files {
        let raw = match read(file) {
            Ok(raw) => raw,
            Err(error) => {
                eprintln!("goyo: {}: {error}", file.display());
                exit = Exit::Failed;
                continue;
            }
        };
        let report = look(reader.as_mut(), raw, &args.own);
        if context.json {
            out.object(&Line { file: file.display().to_string(), report: &report })?;
        } else {
            for line in lines(file, &report) {
                out.line(&line)?;
            }
        }
    }
    out.finish()?;
    Ok(exit)
}

/// What a letter would give away; what of it can be seen is told by drawing it.
fn look(reader: Option<&mut Reader>, raw: Vec<u8>, own: &[String]) -> Report {
    let Some(reader) = reader else { return html::inspect(&raw, own) };
    let with = Circumstances { own: own.to_vec(), ..Circumstances::default() };
    let (document, open) = reader.open(1, None, Arc::new(raw), &with, VIEW);
    let _ = reader.call(&Request::Close(document.doc));
    open.report
}

pub(super) fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    File::open(file)?.take(MAX_LETTER as u64 + 1).read_to_end(&mut raw)?;
    if raw.len() > MAX_LETTER {
        return Err(std::io::Error::other(format!(
            "larger than {} MB, the largest letter Goyo reads",
            MAX_LETTER / 1_000_000
        )));
    }
    Ok(raw)
}

/// The report for people.
fn lines(file: &Path, report: &Report) -> Vec<String> {
    let mut lines = vec![format!("{}", file.display())];
    let section = |lines: &mut Vec<String>, title: &str, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(format!("  {title}"));
            lines.extend(items.into_iter().map(|item| format!("    {item}")));
        }
    };
    let warnings = report.warnings.iter().map(|warning| warning.text.clone());
    section(&mut lines, "To know", warnings.collect());
    let asked = report.receipt_requests.iter().map(|request| request.text.clone());
    section(&mut lines, "Asked of you", asked.collect());
    section(&mut lines, &remote_title(report), remote(report));
    let links = report.links.iter().filter(|link| !link.warnings.is_empty()).map(|link| {
        let kinds: Vec<String> =
            link.warnings.iter().filter_map(|kind| serde_json::to_string(kind).ok()).collect();
        format!("{} → {} ({})", link.text.trim(), link.target, kinds.join(", ").replace('"', ""))
    });
    section(&mut lines, "Links to look at twice", links.collect());
    let files = report.attachments.iter().map(|attachment| {
        let name = attachment.name.as_deref().unwrap_or("(no name)");
        let warning = attachment.warning.map_or(String::new(), |warning| format!(": {warning}"));
        format!("{name} ({}, {} bytes){warning}", attachment.media_type, attachment.size)
    });
    section(&mut lines, "Attachments", files.collect());
    let hops = report.hops.iter().map(|hop| {
        let unknown = "?".to_owned();
        let tls = match hop.tls {
            Some(true) => "encrypted",
            Some(false) => "not encrypted",
            None => "encryption unknown",
        };
        let at = hop.at.map_or(String::new(), |at| format!(" {}", rfc3339(at)));
        let delay = hop.delay_s.map_or(String::new(), |delay| format!(" (+{delay} s)"));
        let (from, by) = (hop.from.as_ref(), hop.by.as_ref());
        format!("{} → {}{at}{delay}, {tls}", from.unwrap_or(&unknown), by.unwrap_or(&unknown))
    });
    section(&mut lines, "The way it came", hops.collect());
    section(&mut lines, "Its sender", vec![report.auth.summary.clone()]);
    lines
}

fn remote_title(report: &Report) -> String {
    let trackers = report.remote.iter().filter(|line| line.tracker.is_some()).count();
    match (report.remote.len(), trackers) {
        (all, 0) => format!("Things outside the letter: {all}, none fetched"),
        (all, n) => {
            format!("Things outside the letter: {all}, {n} of them for tracking, none fetched")
        }
    }
}

fn remote(report: &Report) -> Vec<String> {
    let line = |line: &crate::privacy::report::RemoteLine| {
        let tracker = match &line.tracker {
            Some(Tracker { service: Some(service), .. }) => format!("  tracks: {service}"),
            Some(Tracker { kind: TrackerKind::Invisible, .. }) => "  cannot be seen".to_owned(),
            Some(_) => "  tracks".to_owned(),
            None => String::new(),
        };
        format!("{}  {}{tracker}", line.element, line.url)
    };
    report.remote.iter().map(line).collect()
}
