//! Lines of plain text and how deep they are quoted. RFC 3676 (format=flowed,
//! DelSp), and the conventions of text that is not flowed.

/// One line, or one paragraph of flowed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it is quoted; 0 is the writer's own.
    pub quote: usize,
    /// The text without its quote marks.
    pub text: String,
}

/// Deeper quoting than this is not counted.
const MAX_QUOTE: usize = 100;

/// Splits text into lines. With `flowed`, lines that end in a blank are joined
/// with the next; with `delsp` as well, that blank is dropped.
pub fn lines(text: &str, flowed: bool, delsp: bool) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    // The paragraph that the next line may go on with.
    let mut open = false;
    for line in physical_lines(text) {
        let (quote, rest) = if flowed { flowed_quote(line) } else { quote(line) };
        if !flowed {
            out.push(Line { quote, text: rest.to_owned() });
            continue;
        }
        // Space-stuffing: one blank in front protects `>`, `From ` and blanks.
        let content = rest.strip_prefix(' ').unwrap_or(rest);
        // The line before a signature is never flowed, though it ends in a blank.
        let signature = content == "-- ";
        let soft = content.ends_with(' ') && !signature;
        let kept =
            if soft && delsp { content.strip_suffix(' ').unwrap_or(content) } else { content };
        match out.last_mut() {
            Some(last) if open && last.quote == quote && !signature => last.text.push_str(kept),
            _ => out.push(Line { quote, text: kept.to_owned() }),
        }
        open = soft;
    }
    for line in &mut out {
        if flowed && line.text != "-- " {
            let kept = line.text.trim_end_matches(' ').len();
            line.text.truncate(kept);
        }
    }
    out
}

/// Lines of text that is not flowed, one at a time: how deep each is quoted, and its text.
pub(super) fn quoted_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    physical_lines(text).map(quote)
}

/// Lines, whichever way they end; no last empty one.
fn physical_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let Some(end) = memchr::memchr2(b'\r', b'\n', bytes) else {
            return Some(std::mem::take(&mut rest));
        };
        let width = if bytes.get(end..end + 2) == Some(b"\r\n") { 2 } else { 1 };
        let line = rest.get(..end)?;
        rest = rest.get(end + width..)?;
        Some(line)
    })
}

/// RFC 3676 section 4.5: as many `>` as stand at the very beginning.
fn flowed_quote(line: &str) -> (usize, &str) {
    let depth = line.bytes().take_while(|b| *b == b'>').count();
    (depth.min(MAX_QUOTE), line.get(depth..).unwrap_or(""))
}

/// Everybody else: `> > `, `>>`, `> >>`, up to one blank between the marks and
/// one after the last.
fn quote(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    loop {
        let unblanked = rest.strip_prefix(' ').filter(|_| depth > 0).unwrap_or(rest);
        match unblanked.strip_prefix('>') {
            // mbox's `>From ` at the start of a line is no quotation.
            Some(after) if !(depth == 0 && after.starts_with("From ")) => {
                depth += 1;
                rest = after;
            }
            _ => break,
        }
    }
    if depth > 0 {
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
    (depth.min(MAX_QUOTE), rest)
}

#[cfg(test)]
#[path = "flowed_tests.rs"]
mod tests;
