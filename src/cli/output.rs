//! What verbs print: JSON lines, or lines for people.

use crate::model::Address;
use crate::store::LetterRow;
use serde::Serialize;
use std::io::{BufWriter, IsTerminal, StdoutLock, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Standard output, buffered.
pub(super) struct Output {
    out: BufWriter<StdoutLock<'static>>,
    json: bool,
    colours: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        let stdout = std::io::stdout();
        let colours = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { out: BufWriter::new(stdout.lock()), json, colours }
    }

    /// One JSON object on a line of its own.
    pub(super) fn object(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// A line for people. Control characters of letters do not reach the terminal.
    pub(super) fn line(&mut self, text: &str) -> std::io::Result<()> {
        writeln!(self.out, "{}", harmless(text))
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)
    }

    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.out.flush()
    }

    /// A letter of a list.
    pub(super) fn letter(
        &mut self,
        row: &LetterRow,
        snippet: Option<&Marked>,
    ) -> std::io::Result<()> {
        if self.json {
            let snippet = snippet.map(|s| s.marked("**", "**"));
            return self.object(&LetterJson::new(row, snippet));
        }
        let unread = if row.flags.has(crate::model::Flags::SEEN) { ' ' } else { '●' };
        let from = row.from.as_ref().map_or("", Address::label);
        let clip = if row.has_attachment { " 📎" } else { "" };
        self.line(&format!(
            "{:>7} {unread} {}  {}  {}{clip}",
            row.id,
            local(row.date),
            column(from, 24),
            row.subject
        ))?;
        if let Some(snippet) = snippet.filter(|s| !s.text.is_empty()) {
            let (open, close) = if self.colours { ("\u{1}", "\u{2}") } else { ("", "") };
            let text = harmless(&snippet.marked(open, close))
                .replace('\u{1}', "\x1b[1m")
                .replace('\u{2}', "\x1b[0m");
            writeln!(self.out, "{:>9} {text}", "")?;
        }
        Ok(())
    }
}

pub(super) type Marked = crate::store::search::Snippet;

/// `2026-11-21 14:02`, here.
pub(super) fn local(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(jiff::tz::TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// RFC 3339, UTC.
pub(super) fn rfc3339(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// The text in just `width` columns of a terminal, where Hangul takes two.
fn column(text: &str, width: usize) -> String {
    let text = harmless(text);
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        // Keep a place for the sign that something was cut.
        if used + columns > width - 1 && text.width() > width {
            out.push('…');
            used += 1;
            break;
        }
        out.push(c);
        used += columns;
    }
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out
}

/// The text without anything a terminal would obey, line ends and tabs kept. The
/// two marks of a snippet pass.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\u{1}' | '\u{2}' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// A letter of `list` and `search`.
#[derive(Serialize)]
pub(super) struct LetterJson<'a> {
    id: String,
    account: &'a str,
    folder: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a Address>,
    to: &'a [Address],
    subject: &'a str,
    date: String,
    flags: crate::model::Flags,
    size: u64,
    has_attachment: bool,
    trackers: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<String>,
}

impl<'a> LetterJson<'a> {
    pub(super) fn new(row: &'a LetterRow, snippet: Option<String>) -> Self {
        Self {
            id: row.id.to_string(),
            account: &row.account,
            folder: format!("{}/{}", row.account, row.folder),
            from: row.from.as_ref(),
            to: &row.to,
            subject: &row.subject,
            date: rfc3339(row.date),
            flags: row.flags,
            size: row.size,
            has_attachment: row.has_attachment,
            trackers: row.trackers,
            snippet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_a_terminal_draws_them() {
        assert_eq!(column("Kim", 6), "Kim   ");
        assert_eq!(column("김민지", 8), "김민지  ");
        assert_eq!(column("김민지", 6), "김민지");
        assert_eq!(column("김민지", 5), "김민…");
        assert_eq!(column("김민지", 4), "김… ");
        assert_eq!(column("abcdef", 4), "abc…");
    }
}
