//! Cuts what a server sends into whole answers (RFC 3501, sections 2.2 and 4.3).
//!
//! Promises: never more in memory than [`Limits`] allow, whatever comes; a letter's bytes
//! go straight into a buffer of their own, and the line keeps a mark in their place, so
//! that who parses the line never sees them; long lists of numbers come in pieces.

use memchr::{memchr, memchr3_iter};

/// Stands in a line for a literal: this byte, then the literal's number, in quotes.
pub(super) const MARK: u8 = 1;
/// Longer lists of numbers are cut in pieces of about this many bytes.
const PIECE: usize = 3500;
/// Room for a literal of which nothing has come yet, in bytes.
const ROOM: usize = 1024 * 1024;
/// So many bytes tell what an answer is.
const HEAD: usize = 32;

/// How much is taken at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a line without its literals.
    pub line: usize,
    /// Bytes of one answer's literals together, where they may be letters.
    pub literal: usize,
    /// The same elsewhere.
    pub small: usize,
    /// Literals of one answer.
    pub literals: usize,
}

/// The largest letter that is taken in one piece, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self { line: 256 * 1024, literal: LARGEST, small: 64 * 1024, literals: 256 }
    }
}

/// Why the rest of a connection cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A line without end.
    #[error("it sent a line without end")]
    Line,
    /// A literal larger than any that is taken.
    #[error("it announced {0} bytes at once")]
    Literal(u64),
    /// Too many literals in one answer.
    #[error("it sent an answer of too many parts")]
    Literals,
}

/// What an answer is, by its first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `* OK`, `* NO`, `* BAD`, `* BYE`, `* PREAUTH`.
    State,
    /// `+`.
    Continue,
    /// `A1 OK …` and whatever else does not begin with `* `.
    Tagged,
    /// `* CAPABILITY`.
    Capability,
    /// `* ENABLED`.
    Enabled,
    /// `* FLAGS`.
    Flags,
    /// `* LIST`.
    List,
    /// `* LSUB`.
    Lsub,
    /// `* SEARCH`, also `* SORT`.
    Search,
    /// `* STATUS`.
    Status,
    /// `* VANISHED`.
    Vanished,
    /// `* QUOTA` and `* QUOTAROOT`.
    Quota,
    /// `* ID`.
    Id,
    /// `* n EXISTS`.
    Exists,
    /// `* n RECENT`.
    Recent,
    /// `* n EXPUNGE`.
    Expunge,
    /// `* n FETCH`.
    Fetch,
    /// Something that was not asked for.
    Other,
}

impl Kind {
    fn of(line: &[u8]) -> Self {
        if line.first() == Some(&b'+') {
            return Self::Continue;
        }
        let Some(rest) = line.strip_prefix(b"* ") else { return Self::Tagged };
        let mut words = rest
            .split(|byte| matches!(byte, b' ' | b'\r' | b'\n' | b'('))
            .filter(|word| !word.is_empty());
        let mut word = words.next().unwrap_or_default();
        let numbered = word.iter().all(u8::is_ascii_digit) && !word.is_empty();
        if numbered {
            word = words.next().unwrap_or_default();
        }
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        let plain: &[(&str, Self)] = &[
            ("OK", Self::State),
            ("NO", Self::State),
            ("BAD", Self::State),
            ("BYE", Self::State),
            ("PREAUTH", Self::State),
            ("CAPABILITY", Self::Capability),
            ("ENABLED", Self::Enabled),
            ("FLAGS", Self::Flags),
            ("LIST", Self::List),
            ("LSUB", Self::Lsub),
            ("SEARCH", Self::Search),
            ("SORT", Self::Search),
            ("STATUS", Self::Status),
            ("VANISHED", Self::Vanished),
            ("QUOTA", Self::Quota),
            ("QUOTAROOT", Self::Quota),
            ("ID", Self::Id),
        ];
        let counted: &[(&str, Self)] = &[
            ("FETCH", Self::Fetch),
            ("EXISTS", Self::Exists),
            ("EXPUNGE", Self::Expunge),
            ("RECENT", Self::Recent),
        ];
        let table = if numbered { counted } else { plain };
        table.iter().find(|(name, _)| is(name)).map_or(Self::Other, |(_, kind)| *kind)
    }

    /// Whether a line of this kind is words for a person at its end, where `{5}` is text.
    fn ends_in_text(self) -> bool {
        matches!(self, Self::State | Self::Continue | Self::Tagged)
    }

    /// Whether it is a list of numbers of any length.
    fn is_numbers(self) -> bool {
        matches!(self, Self::Search | Self::Vanished)
    }
}

/// A whole answer, or a piece of a long list of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: Kind,
    /// Its line, with CR LF, and marks for its literals.
    pub line: Vec<u8>,
    /// Its literals, in order.
    pub literals: Vec<Vec<u8>>,
}

/// Cuts bytes into answers; see above.
#[derive(Debug, Default)]
pub struct Framer {
    limits: Limits,
    line: Vec<u8>,
    literals: Vec<Vec<u8>>,
    /// Bytes of `literals` together.
    held: usize,
    /// Bytes of the last literal that are still to come.
    missing: usize,
    /// Up to here the line holds nothing that cannot stand in one.
    clean: usize,
    /// The line has come to its end.
    complete: bool,
    kind: Option<Kind>,
}

impl Framer {
    /// A framer with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Whether an answer has begun and not ended.
    pub fn is_inside(&self) -> bool {
        !self.line.is_empty() || self.missing > 0
    }

    /// Takes bytes. Returns how many of them were taken, and the answer they end, if they
    /// do: call again with the rest. With no bytes: the next piece of a long list.
    ///
    /// # Errors
    /// [`FrameError`]; the connection makes no sense any more then.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(usize, Option<Frame>), FrameError> {
        let mut taken = 0;
        loop {
            if self.complete {
                return Ok((taken, Some(self.cut()?)));
            }
            let rest = bytes.get(taken..).unwrap_or_default();
            if rest.is_empty() {
                return Ok((taken, None));
            }
            if self.missing > 0 {
                let part = rest.get(..self.missing).unwrap_or(rest);
                self.make_room(part.len());
                if let Some(literal) = self.literals.last_mut() {
                    literal.extend_from_slice(part);
                }
                self.missing -= part.len();
                taken += part.len();
                continue;
            }
            let end = memchr(b'\n', rest);
            let part = end.map_or(rest, |at| rest.get(..=at).unwrap_or(rest));
            // A list may be as long as it likes: it leaves in pieces.
            let room = self.limits.line.saturating_sub(self.line.len());
            // What it is has to be known before it is too long for what it is.
            let unknown = self.kind.is_none() && self.line.len() < HEAD;
            let most = match self.is_numbers() {
                true => PIECE,
                false if unknown => HEAD - self.line.len(),
                false if part.len() > room => return Err(FrameError::Line),
                false => part.len(),
            };
            let part = part.get(..most).unwrap_or(part);
            self.line.extend_from_slice(part);
            taken += part.len();
            if part.ends_with(b"\n") {
                self.end_of_line()?;
            } else if self.is_numbers() && self.line.len() >= 2 * PIECE {
                return Ok((taken, Some(self.cut()?)));
            }
        }
    }

    /// Makes room for bytes of the last literal: more as more has come, never more than
    /// was announced.
    fn make_room(&mut self, bytes: usize) {
        let missing = self.missing;
        if let Some(literal) = self.literals.last_mut()
            && literal.capacity() - literal.len() < bytes
        {
            literal.reserve_exact(missing.min(literal.len().max(ROOM)));
        }
    }

    /// The literal that is being read and how many bytes of it are missing, if there are
    /// many: they may be read right into it, and [`Self::took`] told how many came.
    pub fn wanting(&mut self, at_least: usize) -> Option<(&mut Vec<u8>, usize)> {
        let missing = self.missing;
        self.make_room(missing.min(ROOM / 4));
        self.literals.last_mut().filter(|_| missing >= at_least.max(1)).map(|all| (all, missing))
    }

    /// So many bytes came into what [`Self::wanting`] gave.
    pub fn took(&mut self, bytes: usize) {
        self.missing = self.missing.saturating_sub(bytes);
    }

    fn is_numbers(&mut self) -> bool {
        if self.kind.is_none() && self.line.len() >= HEAD {
            self.kind = Some(Kind::of(&self.line));
        }
        self.kind.is_some_and(Kind::is_numbers)
    }

    /// A line's end: of the answer, or before a literal.
    fn end_of_line(&mut self) -> Result<(), FrameError> {
        self.line.pop();
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        scrub(self.line.get_mut(self.clean..).unwrap_or_default());
        let kind = *self.kind.get_or_insert_with(|| Kind::of(&self.line));
        let announced = if kind.ends_in_text() { None } else { announced(&self.line) };
        let Some((size, at)) = announced else {
            self.line.extend_from_slice(b"\r\n");
            self.complete = true;
            return Ok(());
        };
        let most = if kind == Kind::Fetch { self.limits.literal } else { self.limits.small };
        let size = usize::try_from(size)
            .ok()
            .filter(|size| self.held.checked_add(*size).is_some_and(|all| all <= most))
            .ok_or(FrameError::Literal(size))?;
        if self.literals.len() >= self.limits.literals {
            return Err(FrameError::Literals);
        }
        self.line.truncate(at);
        self.line.extend_from_slice(&[b'"', MARK]);
        self.line.extend_from_slice(self.literals.len().to_string().as_bytes());
        self.line.push(b'"');
        self.clean = self.line.len();
        // What was announced may never come: room is made as it does.
        self.literals.push(Vec::with_capacity(size.min(ROOM)));
        self.held += size;
        self.missing = size;
        Ok(())
    }

    /// Hands over what has come: all of it, or the first piece of a long list.
    fn cut(&mut self) -> Result<Frame, FrameError> {
        let kind = *self.kind.get_or_insert_with(|| Kind::of(&self.line));
        if kind.is_numbers() && self.line.len() > PIECE + 64 {
            return self.cut_piece(kind);
        }
        self.kind = None;
        self.complete = false;
        self.held = 0;
        self.clean = 0;
        let room = Vec::with_capacity(256);
        Ok(Frame {
            kind,
            line: std::mem::replace(&mut self.line, room),
            literals: std::mem::take(&mut self.literals),
        })
    }

    fn cut_piece(&mut self, kind: Kind) -> Result<Frame, FrameError> {
        // `* SEARCH `, `* VANISHED `, `* VANISHED (EARLIER) `: up to the first number.
        let start = self.line.iter().position(u8::is_ascii_digit).ok_or(FrameError::Line)?;
        let comma = |byte: &u8| matches!(byte, b' ' | b',');
        let head = self.line.get(..PIECE).unwrap_or_default();
        let cut = head.iter().rposition(comma).filter(|cut| *cut > start);
        let cut = cut.ok_or(FrameError::Line)?;
        let rest = self.line.split_off(cut);
        let prefix = self.line.get(..start).unwrap_or_default();
        let mut next = Vec::with_capacity(prefix.len() + rest.len());
        next.extend_from_slice(prefix);
        next.extend_from_slice(rest.get(1..).unwrap_or_default());
        let mut line = std::mem::replace(&mut self.line, next);
        line.extend_from_slice(b"\r\n");
        Ok(Frame { kind, line, literals: Vec::new() })
    }
}

/// The size of the literal that a line announces at its end, and where that begins.
fn announced(line: &[u8]) -> Option<(u64, usize)> {
    let inner = line.strip_suffix(b"}")?;
    let inner = inner.strip_suffix(b"+").unwrap_or(inner);
    let open = inner.iter().rposition(|byte| !byte.is_ascii_digit())?;
    let digits = inner.get(open + 1..)?;
    if inner.get(open) != Some(&b'{') || digits.is_empty() {
        return None;
    }
    // Longer than any number is larger than any limit.
    let size = std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX);
    // `~{5}` (RFC 3516).
    let at = if open > 0 && inner.get(open - 1) == Some(&b'~') { open - 1 } else { open };
    Some((size, at))
}

/// Takes out of a line what cannot stand in one, so that a mark is ours alone: NUL, our
/// mark, CR in its midst.
fn scrub(text: &mut [u8]) {
    let wrong: Vec<usize> = memchr3_iter(0, MARK, b'\r', text).collect();
    for at in wrong {
        if let Some(byte) = text.get_mut(at) {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All answers in what comes in pieces of this size.
    fn all(bytes: &[u8], piece: usize, limits: Limits) -> Result<Vec<Frame>, FrameError> {
        let mut framer = Framer::new(limits);
        let mut frames = Vec::new();
        for mut piece in bytes.chunks(piece) {
            loop {
                let (taken, frame) = framer.take(piece)?;
                piece = &piece[taken..];
                match frame {
                    Some(frame) => frames.push(frame),
                    None => break,
                }
            }
        }
        Ok(frames)
    }

    fn frames(text: &str) -> Vec<Frame> {
        all(text.as_bytes(), 7, Limits::default()).unwrap()
    }

    #[test]
    fn answers_are_cut_and_told_apart() {
        let kinds = |text: &str| frames(text).into_iter().map(|one| one.kind).collect::<Vec<_>>();
        assert_eq!(
            kinds(
                "* OK hi {3}\r\n+ go\r\nA1 NO x {9}\r\n* 3 EXISTS\r\n* 3 fetch (UID 1)\n* id NIL\r\n"
            ),
            [Kind::State, Kind::Continue, Kind::Tagged, Kind::Exists, Kind::Fetch, Kind::Id]
        );
        assert_eq!(
            kinds("* VANISHED 1\r\n* LSUB () NIL a\r\n* 12\r\n* FETCH 1\r\n\r\n"),
            [Kind::Vanished, Kind::Lsub, Kind::Other, Kind::Other, Kind::Tagged]
        );
    }

    #[test]
    fn literals_go_apart() {
        let found = frames(
            "* 1 FETCH (BODY[] {5}\r\na\r\nb) X {0}\r\n UID 1)\r\n* LIST () NIL {2+}\r\nab\r\n",
        );
        assert_eq!(found[0].line, b"* 1 FETCH (BODY[] \"\x010\" X \"\x011\" UID 1)\r\n");
        assert_eq!(found[0].literals, [b"a\r\nb)".to_vec(), Vec::new()]);
        assert_eq!(found[1].line, b"* LIST () NIL \"\x010\"\r\n");
    }

    #[test]
    fn a_line_holds_no_mark_but_ours() {
        let found = all(b"* LIST () NIL \"\x010\"\0\rx\r\n", 3, Limits::default()).unwrap();
        assert_eq!(found[0].line, b"* LIST () NIL \" 0\"  x\r\n");
    }

    #[test]
    fn too_much_is_refused() {
        let limits = Limits { line: 100, literal: 50, small: 10, literals: 2 };
        let wrong = |text: &str| all(text.as_bytes(), 16, limits).unwrap_err();
        assert_eq!(wrong(&format!("* OK {}", "x".repeat(200))), FrameError::Line);
        assert_eq!(wrong("* 1 FETCH (BODY[] {51}\r\n"), FrameError::Literal(51));
        assert_eq!(wrong("* LIST () NIL {11}\r\n"), FrameError::Literal(11));
        assert_eq!(wrong("* 1 FETCH (A {1}\r\na B {1}\r\nb C {1}\r\nc)\r\n"), FrameError::Literals);
        assert_eq!(
            wrong("* 1 FETCH (A {30}\r\n123456789012345678901234567890 B {30}\r\n"),
            FrameError::Literal(30)
        );
        let huge = "* 1 FETCH (BODY[] {99999999999999999999999999}\r\n";
        assert_eq!(wrong(huge), FrameError::Literal(u64::MAX));
        assert_eq!(wrong(&format!("* SEARCH {}", "1".repeat(9000))), FrameError::Line);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(
            text in "([*+A] ?(OK|SEARCH|1 FETCH|LIST|VANISHED)?[ (){}0-9\"\\\\a\\[\\]]{0,30}(\r\n|\n|\\{[0-9]\\}\r\n)){0,8}",
            one in 1_usize..40,
            other in 1_usize..40,
        ) {
            let limits = Limits { line: 60, ..Limits::default() };
            let (one, other) = (all(text.as_bytes(), one, limits), all(text.as_bytes(), other, limits));
            prop_assert_eq!(one, other);
        }

        #[test]
        fn long_lists_keep_every_number(count in 0_u32..9000, piece in 1_usize..70_000) {
            let numbers: Vec<String> = (0..count).map(|number| (number * 37).to_string()).collect();
            let line = format!("* SEARCH {}\r\n", numbers.join(" "));
            let found = all(line.as_bytes(), piece, Limits::default()).unwrap();
            let mut all = Vec::new();
            for frame in &found {
                prop_assert!(frame.line.len() < 4096 || found.len() == 1);
                let text = std::str::from_utf8(&frame.line).unwrap();
                let text = text.strip_prefix("* SEARCH").unwrap();
                all.extend(text.split_ascii_whitespace().map(str::to_owned));
            }
            prop_assert_eq!(all, numbers);
        }

        #[test]
        fn memory_is_bounded_by_what_came(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = all(&bytes, 11, Limits::default());
        }
    }
}
