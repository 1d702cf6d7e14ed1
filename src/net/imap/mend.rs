//! Lines that known servers send wrongly, written anew so that the parser takes them.
//!
//! Promises: what imap-proto would stumble over hard (a panic, a recursion without bound, a
//! range that silently is empty) never reaches it; what cannot be mended is said to be so.
//! A mended line says less than it did, never more.

use super::frame::Kind;

/// Deepest nesting of anything that is asked for.
const DEEPEST: usize = 2;

/// What is done with a line before it is parsed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Guarded {
    /// It may be parsed.
    Sound,
    /// It was written anew.
    Mended(Vec<u8>),
    /// It says nothing that can be used.
    Hopeless,
}

/// Looks at a line before the parser sees it.
pub(super) fn guard(kind: Kind, line: &mut Vec<u8>) -> Guarded {
    match kind {
        Kind::State | Kind::Continue | Kind::Tagged => {
            // Text right behind a code: the parser cuts its first byte off, and falls over
            // when that is half a character.
            let gap = |pair: &[u8]| matches!(pair, [b']', next] if *next >= 0x80);
            while let Some(at) = line.windows(2).position(gap) {
                line.insert(at + 1, b' ');
            }
            Guarded::Sound
        }
        Kind::Vanished => numbers(line, b"* VANISHED ").map_or(Guarded::Hopeless, Guarded::Mended),
        Kind::Fetch if depth(line) > DEEPEST || has(line, b"INTERNALDATE NIL") => {
            fetch(line).map_or(Guarded::Hopeless, Guarded::Mended)
        }
        Kind::Other => Guarded::Hopeless,
        _ if depth(line) > DEEPEST => mend(kind, line).map_or(Guarded::Hopeless, Guarded::Mended),
        _ => Guarded::Sound,
    }
}

/// Writes a line anew that the parser did not take.
pub(super) fn mend(kind: Kind, line: &[u8]) -> Option<Vec<u8>> {
    match kind {
        Kind::Fetch => fetch(line),
        Kind::Status => status(line),
        Kind::List => list(line, "LIST"),
        Kind::Lsub => list(line, "LSUB"),
        Kind::Search => search(line),
        Kind::Capability => Some(capability(line)),
        Kind::Flags => flags(line),
        Kind::State => state(line, b"* "),
        Kind::Continue => Some(b"+ \r\n".to_vec()),
        Kind::Tagged => {
            let space = line.iter().position(|byte| *byte == b' ')?;
            state(line, line.get(..=space)?)
        }
        Kind::Exists | Kind::Recent | Kind::Expunge => counted(line),
        _ => None,
    }
}

fn depth(line: &[u8]) -> usize {
    let (mut deepest, mut depth, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn has(line: &[u8], what: &[u8]) -> bool {
    line.windows(what.len()).any(|part| part.eq_ignore_ascii_case(what))
}

/// Reads a line word by word.
struct Cursor<'l> {
    rest: &'l [u8],
}

impl<'l> Cursor<'l> {
    /// Behind so many first words.
    fn behind(line: &'l [u8], words: usize) -> Self {
        let mut cursor = Self { rest: line.strip_suffix(b"\r\n").unwrap_or(line) };
        for _ in 0..words {
            cursor.word();
        }
        cursor.spaces();
        cursor
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.strip_prefix(&[byte]) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn split(&mut self, at: usize) -> &'l [u8] {
        let (head, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, &[]));
        self.rest = rest;
        head
    }

    /// Up to the next space or bracket; `BODY[HEADER.FIELDS (FROM)]<0>` is one word.
    fn word(&mut self) -> &'l [u8] {
        self.spaces();
        let mut square = false;
        let end = self.rest.iter().position(|byte| match byte {
            b'[' => {
                square = true;
                false
            }
            b']' => {
                square = false;
                false
            }
            b' ' | b'(' | b')' => !square,
            _ => false,
        });
        self.split(end.unwrap_or(self.rest.len()))
    }

    /// A word, a quoted string with its quotes, or all of a list with its brackets.
    fn value(&mut self) -> Option<&'l [u8]> {
        self.spaces();
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        if !matches!(self.rest.first(), Some(b'(' | b'"')) {
            let word = self.word();
            return (!word.is_empty()).then_some(word);
        }
        for (at, byte) in self.rest.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'(' if !quoted => depth += 1,
                b')' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && !quoted {
                return Some(self.split(at + 1));
            }
        }
        None
    }
}

fn is(word: &[u8], name: &str) -> bool {
    word.eq_ignore_ascii_case(name.as_bytes())
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.trim_matches(['(', ')', '"', ' ']).parse().ok()
}

/// A size, also one like `9.37e+06`.
fn size(word: &[u8]) -> Option<u64> {
    if let Some(size) = number(word) {
        return Some(size);
    }
    let size: f64 = std::str::from_utf8(word).ok()?.trim_matches('"').parse().ok()?;
    // Letters are not larger than 2^53 bytes.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (size.is_finite() && (0.0..9e15).contains(&size)).then_some(size as u64)
}

/// The words of a list that can stand in one.
fn atoms(list: &[u8]) -> Vec<u8> {
    let can =
        |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'{' | b'"' | b'%');
    let inner = list.strip_prefix(b"(").and_then(|list| list.strip_suffix(b")"));
    let words = inner.unwrap_or_default().split(|byte| *byte == b' ');
    words.filter(|word| !word.is_empty() && word.iter().all(can)).collect::<Vec<_>>().join(&b' ')
}

/// FETCH: what was asked for is kept, whatever else comes is left out.
fn fetch(line: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 1);
    let sequence = number(cursor.word())?;
    if !is(cursor.word(), "FETCH") {
        return None;
    }
    cursor.spaces();
    if !cursor.eat(b'(') {
        return None;
    }
    let mut items: Vec<Vec<u8>> = Vec::new();
    loop {
        cursor.spaces();
        if cursor.rest.is_empty() || cursor.eat(b')') {
            break;
        }
        let name = cursor.word();
        let value = cursor.value()?;
        let nil = is(value, "NIL");
        let item = if is(name, "UID") {
            Some(format!("UID {}", number(value)?).into_bytes())
        } else if is(name, "FLAGS") {
            Some([b"FLAGS (", atoms(value).as_slice(), b")"].concat())
        } else if is(name, "RFC822.SIZE") {
            size(value)
                .and_then(|size| u32::try_from(size).ok())
                .map(|size| format!("RFC822.SIZE {size}").into_bytes())
        } else if is(name, "MODSEQ") {
            number(value).map(|modseq| format!("MODSEQ ({modseq})").into_bytes())
        } else if is(name, "INTERNALDATE") {
            value.starts_with(b"\"").then(|| [b"INTERNALDATE ", value].concat())
        } else if is(name, "X-GM-MSGID") {
            number(value).map(|id| format!("X-GM-MSGID {id}").into_bytes())
        } else if is(name, "X-GM-LABELS") && depth(value) == 1 {
            Some([b"X-GM-LABELS ", value].concat())
        } else if name.len() > 5 && is(name.get(..5)?, "BODY[") && depth(name) <= 1 {
            let value = if nil { b"NIL" } else { value };
            (nil || value.starts_with(b"\"")).then(|| [name, b" ", value].concat())
        } else {
            None
        };
        items.extend(item);
    }
    if items.is_empty() {
        return None;
    }
    let start = format!("* {sequence} FETCH (").into_bytes();
    Some([start, items.join(&b' '), b")\r\n".to_vec()].concat())
}

/// STATUS: the items that are asked for; a name without quotes that needs them.
fn status(line: &[u8]) -> Option<Vec<u8>> {
    let cursor = Cursor::behind(line, 2);
    let list = cursor.rest.iter().rposition(|byte| *byte == b'(').filter(|_| {
        // Items of items are not asked for: `MAILBOXID (…)` would be one.
        depth(cursor.rest) == 1
    });
    let (name, items) = match list {
        Some(at) => cursor.rest.split_at_checked(at)?,
        None => {
            let mut rest = Cursor { rest: cursor.rest };
            let name = rest.value()?;
            (name, rest.rest.trim_ascii_start())
        }
    };
    let name = name.trim_ascii_end();
    let name = match name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")) {
        Some(_) => name.to_vec(),
        None => quoted(name),
    };
    let mut items = Cursor { rest: items };
    items.eat(b'(');
    let mut kept: Vec<String> = Vec::new();
    while let Some(item) = items.value() {
        let Some(value) = items.value() else { break };
        let known = ["MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "RECENT", "HIGHESTMODSEQ"];
        let known = known.into_iter().find(|known| is(item, known));
        if let (Some(known), Some(value)) = (known, number(value)) {
            kept.push(format!("{known} {value}"));
        }
    }
    Some([b"* STATUS ", name.as_slice(), format!(" ({})\r\n", kept.join(" ")).as_bytes()].concat())
}

fn quoted(name: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in name {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text.push(b'"');
    text
}

/// LIST: attributes, delimiter and name; what extensions add behind is left out.
fn list(line: &[u8], what: &str) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 2);
    let attributes = match cursor.value()? {
        list if list.starts_with(b"(") => atoms(list),
        nil if is(nil, "NIL") => Vec::new(),
        _ => return None,
    };
    let attributes = attributes.split(|byte| *byte == b' ');
    let attributes: Vec<&[u8]> =
        attributes.filter(|word| word.starts_with(b"\\") && !word.contains(&b'*')).collect();
    let delimiter = match cursor.value()? {
        text if text.starts_with(b"\"") => text.to_vec(),
        nil if is(nil, "NIL") => nil.to_vec(),
        bare => quoted(bare),
    };
    cursor.spaces();
    let name = match cursor.rest.first()? {
        b'"' => cursor.value()?.to_vec(),
        // Names with spaces, brackets and more that should have been quoted.
        _ => {
            let extended = cursor.rest.windows(3).position(|part| matches!(part, b" ((" | b" (\""));
            let name = extended.and_then(|at| cursor.rest.get(..at)).unwrap_or(cursor.rest);
            quoted(name.trim_ascii_end())
        }
    };
    let start = format!("* {what} (").into_bytes();
    let parts = [start, attributes.join(&b' '), b") ".to_vec(), delimiter, b" ".to_vec(), name];
    Some([parts.concat(), b"\r\n".to_vec()].concat())
}

/// SEARCH: its numbers; `(MODSEQ n)` at its end is left out.
fn search(line: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 2);
    let mut mended = b"* SEARCH".to_vec();
    loop {
        cursor.spaces();
        match cursor.rest.first() {
            None => break,
            Some(b'(') => {
                let _ = cursor.value()?;
            }
            Some(_) => {
                let found = u32::try_from(number(cursor.word())?).ok()?;
                mended.extend_from_slice(format!(" {found}").as_bytes());
            }
        }
    }
    mended.extend_from_slice(b"\r\n");
    Some(mended)
}

/// VANISHED: ranges either way round, spaces between them, nothing at all.
fn numbers(line: &[u8], start: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 2);
    let mut mended = start.to_vec();
    if cursor.rest.first() == Some(&b'(') {
        if !is(cursor.value()?, "(EARLIER)") {
            return None;
        }
        mended.extend_from_slice(b"(EARLIER) ");
    }
    let mut ranges: Vec<String> = Vec::new();
    let separator = |byte: &u8| matches!(byte, b',' | b' ');
    for word in cursor.rest.split(separator).filter(|word| !word.is_empty()) {
        let mut ends = word.splitn(2, |byte| *byte == b':');
        let read = |word: &[u8]| number(word).and_then(|uid| u32::try_from(uid).ok());
        let from = read(ends.next()?)?;
        let to = ends.next().map_or(Some(from), read)?;
        // No letter has the UID 0.
        let (from, to) = (from.min(to).max(1), from.max(to));
        if from <= to {
            ranges.push(format!("{from}:{to}"));
        }
    }
    // A set of nothing cannot be written: a range that is empty is.
    mended.extend_from_slice(
        if ranges.is_empty() { "1:0".into() } else { ranges.join(",") }.as_bytes(),
    );
    mended.extend_from_slice(b"\r\n");
    Some(mended)
}

/// CAPABILITY: the words that can stand there; the parser wants to see the first revision.
fn capability(line: &[u8]) -> Vec<u8> {
    let mut cursor = Cursor::behind(line, 2);
    let mut mended = b"* CAPABILITY IMAP4rev1".to_vec();
    while !cursor.rest.is_empty() {
        let word = cursor.word();
        if word.is_empty() {
            cursor.split(1);
        } else if word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"=+-_./".contains(byte))
            && !is(word, "IMAP4rev1")
        {
            mended.push(b' ');
            mended.extend_from_slice(word);
        }
        cursor.spaces();
    }
    mended.extend_from_slice(b"\r\n");
    mended
}

fn flags(line: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 2);
    Some([b"* FLAGS (", atoms(cursor.value()?).as_slice(), b")\r\n"].concat())
}

/// `* OK …`, `A1 NO …`: the word and its text, without a code that could not be read.
fn state(line: &[u8], start: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor { rest: line.get(start.len()..)?.trim_ascii() };
    let words = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    let all = cursor.rest;
    let word = words.into_iter().find(|word| {
        all.get(..word.len()).is_some_and(|head| is(head, word))
            && !all.get(word.len()).is_some_and(u8::is_ascii_alphanumeric)
    })?;
    cursor.split(word.len());
    let text: Vec<u8> = String::from_utf8_lossy(cursor.rest.trim_ascii())
        .chars()
        .filter(|character| !character.is_control())
        .collect::<String>()
        .into_bytes();
    Some([start, word.as_bytes(), b" ", &text, b"\r\n"].concat())
}

/// `* n EXISTS` with something behind it.
fn counted(line: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::behind(line, 1);
    let count = u32::try_from(number(cursor.word())?).ok()?;
    let word = String::from_utf8_lossy(cursor.word()).to_ascii_uppercase();
    Some(format!("* {count} {word}\r\n").into_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn mended(kind: Kind, line: &str) -> String {
        let mended = mend(kind, format!("{line}\r\n").as_bytes());
        mended.map_or("none".into(), |line| String::from_utf8(line).unwrap().trim_end().into())
    }

    #[test]
    fn fetch_keeps_what_was_asked_for() {
        for (line, want) in [
            ("* 1 FETCH (RFC822.SIZE 9.37e+06 UID 4)", "* 1 FETCH (RFC822.SIZE 9370000 UID 4)"),
            ("* 1 FETCH (MODSEQ 12 FLAGS NIL UID 4)", "* 1 FETCH (MODSEQ (12) FLAGS () UID 4)"),
            ("* 1 FETCH  ( UID  4  FLAGS (\\Seen  a{b) )", "* 1 FETCH (UID 4 FLAGS (\\Seen))"),
            ("* 1 FETCH (UID 4 INTERNALDATE NIL) junk", "* 1 FETCH (UID 4)"),
            (
                "* 1 FETCH (BODY[HEADER.FIELDS (A B)] NIL ENVELOPE ((\")\") NIL) UID 4)",
                "* 1 FETCH (BODY[HEADER.FIELDS (A B)] NIL UID 4)",
            ),
            ("* 1 FETCH (RFC822.SIZE NaN UID 4)", "* 1 FETCH (UID 4)"),
            ("* 1 FETCH (UID x)", "none"),
            ("* 1 FETCH (ENVELOPE ((", "none"),
            ("* 1 FETCH ()", "none"),
        ] {
            assert_eq!(mended(Kind::Fetch, line), want, "{line}");
        }
    }

    #[test]
    fn others_say_less_and_never_more() {
        for (kind, line, want) in [
            (
                Kind::Status,
                "* STATUS Sent Items (MESSAGES 3 SIZE 9)",
                "* STATUS \"Sent Items\" (MESSAGES 3)",
            ),
            (Kind::Status, "* STATUS \"a (b\" (MESSAGES x)", "* STATUS \"a (b\" ()"),
            (Kind::List, "* LIST NIL / Sent (2)", "* LIST () \"/\" \"Sent (2)\""),
            (Kind::List, "* LIST (\\Sent x) NIL \"a\" (\"x\" (1))", "* LIST (\\Sent) NIL \"a\""),
            (Kind::List, "* LIST (\\Sent) NIL", "none"),
            (Kind::Search, "* SEARCH 1  2 (MODSEQ 3)", "* SEARCH 1 2"),
            (Kind::Search, "* SEARCH 1 two 3", "none"),
            (
                Kind::Capability,
                "* CAPABILITY IMAP4rev2 ( A=B {x",
                "* CAPABILITY IMAP4rev1 IMAP4rev2 A=B",
            ),
            (Kind::Exists, "* 7 EXISTS now", "* 7 EXISTS"),
            (Kind::Expunge, "* 99999999999 EXPUNGE", "none"),
            (Kind::Tagged, "A1 OKAY", "none"),
            (Kind::Tagged, "A1  no\u{1}such", "A1 NO such"),
            (Kind::State, "* OK[X]", "* OK [X]"),
        ] {
            assert_eq!(mended(kind, line), want, "{line}");
        }
    }

    #[test]
    fn what_vanished_is_written_anew_always() {
        let guarded = |line: &str| {
            let mut line = format!("{line}\r\n").into_bytes();
            match guard(Kind::Vanished, &mut line) {
                Guarded::Mended(line) => String::from_utf8(line).unwrap().trim_end().to_owned(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(guarded("* VANISHED 9:7,3"), "* VANISHED 7:9,3:3");
        assert_eq!(guarded("* VANISHED (EARLIER) 1"), "* VANISHED (EARLIER) 1:1");
        assert_eq!(guarded("* VANISHED 0:2"), "* VANISHED 1:2");
        assert_eq!(guarded("* VANISHED 1:*"), "Hopeless");
        assert_eq!(guarded("* VANISHED (LATER) 1"), "Hopeless");
    }
}
