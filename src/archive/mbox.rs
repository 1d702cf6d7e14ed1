//! The mbox family (RFC 4155 and older custom): mboxo, mboxrd, mboxcl and mboxcl2
//! read, mboxrd written.
//!
//! Reading: a letter begins at a `From ` line with a date in it, behind an empty
//! line (or, with a whole date, behind any); where the file's first `From ` line
//! has no such date, at any that an empty line precedes and a header follows. `>From ` loses one `>`, at any depth,
//! as mboxrd means it. A Content-Length is believed when a letter really ends
//! there and no letter begins before; a body that then has bare `From ` lines
//! (mboxcl2) was never quoted.
//! Writing: what is written is read back as the same bytes, whatever they are.

use super::MAX_LETTER;
use crate::window_thread::keep_out_of;
use memchr::memchr;
use std::io::{self, Read, Write};

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;
/// Longest stretch taken at once of a line that does not end.
const STRETCH: usize = 1024 * 1024;
/// Largest Content-Length that is looked ahead for.
const LOOK_AHEAD: usize = 32 * 1024 * 1024;
/// Longest `From ` line.
const FROM_LINE: usize = 1000;

const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// What comes out of an mbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MboxItem {
    /// A letter.
    Letter {
        /// Its bytes, unquoted.
        raw: Vec<u8>,
        /// The text behind `From `: sender and date of delivery.
        from_line: String,
    },
    /// A letter larger than [`MAX_LETTER`], passed over.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The text behind `From `.
        from_line: String,
    },
}

/// Reads letters one by one.
#[derive(Debug)]
pub struct MboxReader<R> {
    source: Ahead<R>,
    from_line: Option<Vec<u8>>,
    started: bool,
    /// The file's `From ` lines have no date we know: one behind an empty line and
    /// before a header is one.
    odd: bool,
}

impl<R: Read> MboxReader<R> {
    /// A reader of `inner`, which need not be buffered.
    pub fn new(inner: R) -> Self {
        keep_out_of("an archive");
        let source = Ahead { inner, buffer: Vec::new(), start: 0, ended: false, taken: 0 };
        Self { source, from_line: None, started: false, odd: false }
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        self.source.taken
    }

    /// The next letter; nothing at the end.
    ///
    /// # Errors
    /// What the reader returns; and `InvalidData` when the file does not begin
    /// as an mbox does.
    pub fn next_letter(&mut self) -> io::Result<Option<MboxItem>> {
        if !self.started {
            self.started = true;
            if !self.find_first()? {
                return Ok(None);
            }
        }
        let Some(from_line) = self.from_line.take() else {
            return Ok(None);
        };
        let crlf = from_line.ends_with(b"\r\n");
        let text = String::from_utf8_lossy(from_line.get(5..).unwrap_or_default());
        let from_line = text.trim_end().to_owned();
        let mut letter = Gathered::default();
        let mut in_header = true;
        loop {
            let line_len = self.source.line(STRETCH)?;
            let odd = self.odd
                && letter.at_line_start
                && letter.after_blank
                && self.source.peeked(line_len).starts_with(b"From ")
                && self.source.header_follows(line_len)?;
            let line = self.source.peeked(line_len);
            if line.is_empty() {
                letter.end(crlf, false);
                break;
            }
            if odd || (letter.at_line_start && is_from_line(line, letter.after_blank)) {
                self.from_line = Some(line.to_vec());
                self.source.consume(line_len);
                letter.end(crlf, true);
                break;
            }
            let blank = matches!(line, b"\n" | b"\r\n");
            letter.push(line);
            self.source.consume(line_len);
            if in_header && blank {
                in_header = false;
                if let Some(len) = content_length(&letter.raw)
                    && let Some(body) = self.counted_body(len, crlf)?
                {
                    letter.push_body(&body);
                    // The separator, and the next letter or the end.
                    let newline = self.source.line(STRETCH)?;
                    if matches!(self.source.peeked(newline), b"\n" | b"\r\n") {
                        self.source.consume(newline);
                    }
                    let next = self.source.line(STRETCH)?;
                    if next > 0 {
                        self.from_line = Some(self.source.peeked(next).to_vec());
                        self.source.consume(next);
                    }
                    break;
                }
            }
        }
        Ok(Some(letter.item(from_line)))
    }

    /// The first `From ` line, behind nothing but empty lines.
    fn find_first(&mut self) -> io::Result<bool> {
        loop {
            let len = self.source.line(STRETCH)?;
            let line = self.source.peeked(len);
            if line.is_empty() {
                return Ok(false);
            }
            let first = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            if first.starts_with(b"From ") {
                self.odd = !is_from_line(first, true);
                self.from_line = Some(first.to_vec());
                self.source.consume(len);
                return Ok(true);
            }
            if !line.trim_ascii().is_empty() {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "this is no mbox: it does not begin with a 'From ' line",
                ));
            }
            self.source.consume(len);
        }
    }

    /// The body as Content-Length counts it, if a letter really ends there.
    fn counted_body(&mut self, len: usize, crlf: bool) -> io::Result<Option<Vec<u8>>> {
        // Of nothing counted, the empty line may be the separator itself.
        if len == 0 || len > LOOK_AHEAD {
            return Ok(None);
        }
        let seen = self.source.fill(len + FROM_LINE)?;
        let (Some(body), Some(rest)) = (seen.get(..len), seen.get(len..)) else {
            return Ok(None);
        };
        // The empty line between letters is not counted.
        let newline: &[u8] = if crlf { b"\r\n" } else { b"\n" };
        let Some(rest) = rest.strip_prefix(newline) else {
            return Ok(None);
        };
        let next = rest.get(..memchr(b'\n', rest).map_or(rest.len(), |end| end + 1));
        if !rest.is_empty() && !next.is_some_and(|line| is_from_line(line, true)) {
            return Ok(None);
        }
        // A wrong count may reach just to the end of a later letter: nothing that
        // looks like one may be swallowed.
        let mut after_blank = true;
        for line in body.split_inclusive(|b| *b == b'\n') {
            if is_from_line(line, after_blank) {
                return Ok(None);
            }
            after_blank = matches!(line, b"\n" | b"\r\n");
        }
        let body = body.to_vec();
        self.source.consume(len);
        Ok(Some(body))
    }
}

/// A letter as it is gathered, or only its size once it is too large.
#[derive(Debug)]
struct Gathered {
    raw: Vec<u8>,
    size: u64,
    at_line_start: bool,
    after_blank: bool,
    /// The bytes at the end that may turn out to be the separator.
    tail: [u8; 2],
}

impl Default for Gathered {
    fn default() -> Self {
        Self { raw: Vec::new(), size: 0, at_line_start: true, after_blank: true, tail: [0; 2] }
    }
}

impl Gathered {
    fn push(&mut self, stretch: &[u8]) {
        let line = match self.at_line_start && is_quoted_from(stretch) {
            true => stretch.get(1..).unwrap_or_default(),
            false => stretch,
        };
        self.after_blank = self.at_line_start && matches!(stretch, b"\n" | b"\r\n");
        self.at_line_start = stretch.ends_with(b"\n");
        self.append(line);
    }

    /// A body whose length was known: unquoted unless it never was quoted.
    fn push_body(&mut self, body: &[u8]) {
        let bare = body.split_inclusive(|b| *b == b'\n').any(|line| line.starts_with(b"From "));
        if bare {
            self.append(body);
        } else {
            for line in body.split_inclusive(|b| *b == b'\n') {
                self.at_line_start = true;
                self.push(line);
            }
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        if self.size <= MAX_LETTER as u64 + 2 {
            self.raw.extend_from_slice(bytes);
        } else {
            self.raw = Vec::new();
        }
        for byte in bytes.iter().rev().take(2).rev() {
            self.tail = [self.tail[1], *byte];
        }
    }

    /// Takes off the newline that belongs to the mbox and not to the letter.
    fn end(&mut self, crlf: bool, before_letter: bool) {
        let [before, last] = self.tail;
        if last != b'\n' || !(before_letter || self.after_blank) {
            return;
        }
        let off = if crlf && before == b'\r' { 2 } else { 1 };
        self.size = self.size.saturating_sub(off);
        self.raw.truncate(self.raw.len().saturating_sub(off as usize));
    }

    fn item(self, from_line: String) -> MboxItem {
        if self.size > MAX_LETTER as u64 {
            MboxItem::TooLarge { size: self.size, from_line }
        } else {
            MboxItem::Letter { raw: self.raw, from_line }
        }
    }
}

/// `>From `, `>>From `, …
fn is_quoted_from(line: &[u8]) -> bool {
    let depth = line.iter().take_while(|b| **b == b'>').count();
    depth > 0 && line.get(depth..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// A separator: `From `, then somewhere a weekday, a month, a day and a time;
/// when no empty line stands before it, also a year at the end.
fn is_from_line(line: &[u8], after_blank: bool) -> bool {
    if !line.starts_with(b"From ") || line.len() > FROM_LINE {
        return false;
    }
    let words: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let has_date = words.windows(4).any(|four| match four {
        [weekday, month, day, time] => {
            is_one_of(weekday, b"MonTueWedThuFriSatSun")
                && is_one_of(month, MONTHS)
                && (1..=2).contains(&day.len())
                && day.iter().all(u8::is_ascii_digit)
                && time.len() >= 4
                && time.contains(&b':')
                && time.iter().all(|b| b.is_ascii_digit() || *b == b':')
        }
        _ => false,
    });
    let is_year = |word: &&&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    has_date && (after_blank || words.last().filter(is_year).is_some())
}

/// The date of delivery in a `From ` line, as the mbox gives it: asctime, which
/// names no zone, so UTC is taken.
pub fn from_line_date(from_line: &str) -> Option<i64> {
    let words: Vec<&str> = from_line.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| is_one_of(word.as_bytes(), MONTHS))?;
    let month = MONTHS.chunks(3).position(|name| {
        words.get(at).is_some_and(|word| name.eq_ignore_ascii_case(word.as_bytes()))
    })?;
    let day = words.get(at + 1)?.parse().ok()?;
    let mut time = words.get(at + 2)?.split(':');
    let mut next = || time.next().map_or(Some(0), |number| number.parse::<i8>().ok());
    let (hour, minute, second) = (next()?, next()?, next()?);
    let is_year = |word: &&&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let year = words.iter().skip(at + 3).find(is_year)?.parse().ok()?;
    jiff::civil::DateTime::new(year, i8::try_from(month + 1).ok()?, day, hour, minute, second, 0)
        .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC))
        .map(|date| date.timestamp().as_second())
        .ok()
}

fn is_one_of(word: &[u8], names: &[u8]) -> bool {
    let word = word.strip_suffix(b",").unwrap_or(word);
    word.len() == 3 && names.chunks(3).any(|name| name.eq_ignore_ascii_case(word))
}

fn content_length(header: &[u8]) -> Option<usize> {
    header
        .split(|b| *b == b'\n')
        .find_map(|line| {
            let (name, value) = line.split_at_checked(15)?;
            name.eq_ignore_ascii_case(b"content-length:").then_some(value)
        })
        .and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok())
}

/// A reader that can look ahead.
#[derive(Debug)]
struct Ahead<R> {
    inner: R,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    taken: u64,
}

impl<R: Read> Ahead<R> {
    /// At least `want` bytes, or all there are.
    fn fill(&mut self, want: usize) -> io::Result<&[u8]> {
        while !self.ended && self.buffer.len() - self.start < want {
            self.read_more()?;
        }
        Ok(self.buffer.get(self.start..).unwrap_or_default())
    }

    fn read_more(&mut self) -> io::Result<()> {
        if self.start > CHUNK.max(self.buffer.len() / 2) {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let old = self.buffer.len();
        self.buffer.resize(old + CHUNK, 0);
        let space = self.buffer.get_mut(old..).unwrap_or_default();
        let got = loop {
            match self.inner.read(space) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer.truncate(old + *got.as_ref().unwrap_or(&0));
        let got = got?;
        self.ended = got == 0;
        self.taken += got as u64;
        Ok(())
    }

    /// Length of the next line with its newline, at most `limit`; 0 at the end.
    fn line(&mut self, limit: usize) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            let seen = self.buffer.get(self.start..).unwrap_or_default();
            let fresh = seen.get(searched..).unwrap_or_default();
            if let Some(end) = memchr(b'\n', fresh) {
                return Ok((searched + end + 1).min(limit));
            }
            searched = seen.len();
            if self.ended || searched >= limit {
                return Ok(searched.min(limit));
            }
            self.read_more()?;
        }
    }

    /// Whether the line that begins after `len` bytes looks like a header field.
    fn header_follows(&mut self, len: usize) -> io::Result<bool> {
        let line = self.fill(len + FROM_LINE)?.get(len..).unwrap_or_default();
        let name = line.iter().take_while(|b| (33..127).contains(*b) && **b != b':').count();
        Ok(name > 0 && line.get(name) == Some(&b':'))
    }

    fn peeked(&self, len: usize) -> &[u8] {
        self.buffer.get(self.start..self.start + len).unwrap_or_default()
    }

    fn consume(&mut self, len: usize) {
        self.start += len;
    }
}

/// Writes one letter as mboxrd. `last`: no letter follows.
///
/// The newline before the next `From ` line is the mbox's own; a letter that does
/// not end with a newline gets no more than that one.
///
/// # Errors
/// What the writer returns.
pub fn write_mboxrd(
    out: &mut impl Write,
    raw: &[u8],
    sender: &str,
    date: i64,
    last: bool,
) -> io::Result<()> {
    let sender: String = sender.chars().filter(char::is_ascii_graphic).collect();
    let sender = if sender.is_empty() { "MAILER-DAEMON" } else { &sender };
    writeln!(out, "From {sender} {}", asctime(date))?;
    for line in raw.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(b"From ") || is_quoted_from(line) {
            out.write_all(b">")?;
        }
        out.write_all(line)?;
    }
    if !last || raw.ends_with(b"\n") || raw.is_empty() {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// `Thu Jan  1 00:00:00 1970`, UTC.
fn asctime(date: i64) -> String {
    jiff::Timestamp::from_second(date)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%a %b %e %H:%M:%S %Y")
        .to_string()
}

#[cfg(test)]
#[path = "mbox_tests.rs"]
mod tests;
