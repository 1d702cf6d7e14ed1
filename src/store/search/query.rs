//! The search language.
//!
//! Words (all of them), `"phrases"`, `prefix*`, `OR`, `-not`, parentheses, and
//! `from: to: cc: subject: filename: list: in: has:attachment is:unread is:read
//! is:flagged is:answered is:draft label: before: after: larger: smaller:`, and the Korean
//! names of these ([`KOREAN`]). Anything
//! that looks like an operator but is none is searched for as text. Parsing is
//! linear, and bounded in length, terms and depth.

use super::fold::{self, Piece};
use super::place::Place;
use crate::model::Label;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Longest question, in bytes.
const MAX_LEN: usize = 4096;
/// Most terms in a question.
const MAX_TERMS: usize = 64;
/// Deepest parentheses.
const MAX_DEPTH: usize = 16;

/// Korean names of operators, each with what it means.
pub const KOREAN: [(&str, &str); 14] = [
    ("보낸사람", "from"),
    ("보내는사람", "from"),
    ("받는사람", "to"),
    ("참조", "cc"),
    ("제목", "subject"),
    ("첨부", "filename"),
    ("편지함", "in"),
    ("상태", "is"),
    ("있음", "has"),
    ("라벨", "label"),
    ("이전", "before"),
    ("이후", "after"),
    ("크기초과", "larger"),
    ("크기미만", "smaller"),
];

/// Korean words for what may follow `is:`, `has:`, `in:` and `label:`, each with what it means.
pub const KOREAN_VALUES: [(&str, &str, &str); 19] = [
    ("is", "안읽음", "unread"),
    ("is", "읽음", "read"),
    ("is", "중요", "flagged"),
    ("is", "답장함", "answered"),
    ("is", "전달함", "forwarded"),
    ("is", "임시보관", "draft"),
    ("is", "스팸", "junk"),
    ("has", "첨부", "attachment"),
    ("in", "받은편지함", "inbox"),
    ("in", "보낸편지함", "sent"),
    ("in", "임시보관함", "drafts"),
    ("in", "보관함", "archive"),
    ("in", "스팸메일함", "junk"),
    ("in", "휴지통", "trash"),
    ("label", "먼저볼것", "important"),
    ("label", "업무", "work"),
    ("label", "개인", "personal"),
    ("label", "할일", "todo"),
    ("label", "나중에", "later"),
];

/// What an operator is called in English, whatever it was called.
pub fn english(name: &str) -> String {
    let korean = KOREAN.iter().find(|(korean, _)| *korean == name);
    korean.map_or_else(|| name.to_ascii_lowercase(), |(_, english)| (*english).to_owned())
}

/// What follows an operator, in English where it is one of its Korean words.
pub fn english_value(operator: &str, value: &str) -> Option<&'static str> {
    let mut known = KOREAN_VALUES.iter();
    let found = known.find(|(of, korean, _)| *of == operator && *korean == value);
    found.map(|(_, _, english)| *english)
}

/// An operator's Korean name: the first of several.
pub fn korean(operator: &str) -> Option<&'static str> {
    KOREAN.iter().find(|(_, english)| *english == operator).map(|(korean, _)| *korean)
}

/// The Korean word for what follows an operator.
pub fn korean_value(operator: &str, value: &str) -> Option<&'static str> {
    let mut known = KOREAN_VALUES.iter();
    known.find(|(of, _, english)| *of == operator && *english == value).map(|(_, word, _)| *word)
}

/// A question that cannot be answered, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Longer than 4,096 bytes or more than 64 terms.
    #[error("the search is too long; use fewer words")]
    TooLong,
    /// Parentheses nested deeper than 16.
    #[error("the search has too many parentheses inside each other")]
    TooDeep,
    /// `before:` or `after:` without a date.
    #[error("'{0}' is not a date; write it as 2026, 2026-11 or 2026-11-21")]
    Date(String),
    /// `larger:` or `smaller:` without a size.
    #[error("'{0}' is not a size; write it as 500k, 10M or a number of bytes")]
    Size(String),
    /// `is:` or `has:` with something unknown.
    #[error("'{0}' is not something to search for; try is:unread, is:flagged or has:attachment")]
    Property(String),
}

/// A property of a letter that is not in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// All of the flag bits `.0` are set (`.1`) or none of them.
    Flag(crate::model::Flags, bool),
    /// Folder, as written.
    In(String),
    /// Older than this second.
    Before(i64),
    /// At this second or newer.
    After(i64),
    /// Larger than so many bytes.
    Larger(u64),
    /// Smaller than so many bytes.
    Smaller(u64),
    /// Has attachments.
    Attachment,
    /// Has this label.
    Label(Label),
}

/// A term of text, cut as the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The one place it is asked of; everywhere if absent.
    pub place: Option<Place>,
    /// Its tokens, in order; never empty.
    pub tokens: Vec<String>,
    /// The last token is a beginning.
    pub prefix: bool,
    /// The term folded, for marking hits.
    pub folded: String,
}

/// A question, as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every letter.
    All,
    /// Text.
    Text(Text),
    /// A property.
    Is(Property),
    /// All of these.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
}

impl Node {
    /// The terms of text that a hit shows, not those it must not have.
    pub fn shown(&self) -> Vec<&Text> {
        match self {
            Self::Text(text) => vec![text],
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().flat_map(Self::shown).collect(),
            Self::All | Self::Is(_) | Self::Not(_) => Vec::new(),
        }
    }
}

/// Reads a question. Dates are days of this computer's time zone.
///
/// # Errors
/// See [`QueryError`].
pub fn parse(question: &str) -> Result<Node, QueryError> {
    parse_in(question, &TimeZone::system())
}

/// Reads a question with dates in `zone`.
///
/// # Errors
/// See [`QueryError`].
pub fn parse_in(question: &str, zone: &TimeZone) -> Result<Node, QueryError> {
    if question.len() > MAX_LEN {
        return Err(QueryError::TooLong);
    }
    let mut parser = Parser { words: Words { rest: question }, terms: 0, zone };
    let mut alternatives = Vec::new();
    // A stray `)` ends a level that nobody opened: go on behind it.
    loop {
        alternatives.push(parser.any(0)?);
        if parser.words.rest.trim().is_empty() {
            break;
        }
    }
    Ok(all_of(alternatives))
}

fn all_of(mut nodes: Vec<Node>) -> Node {
    nodes.retain(|node| *node != Node::All);
    match nodes.len() {
        0 => Node::All,
        1 => nodes.pop().unwrap_or(Node::All),
        _ => Node::And(nodes),
    }
}

/// A lexical word of a question.
#[derive(Debug, PartialEq)]
enum Word<'a> {
    Open { negated: bool },
    Close,
    Or,
    Term { negated: bool, field: Option<&'a str>, text: &'a str, quoted: bool, star: bool },
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<Word<'a>> {
        let mut rest = self.rest.trim_start();
        if rest.is_empty() {
            self.rest = rest;
            return None;
        }
        if let Some(after) = rest.strip_prefix(')') {
            self.rest = after;
            return Some(Word::Close);
        }
        let negated = rest.len() > 1 && rest.starts_with('-') && !rest.starts_with("- ");
        if negated {
            rest = rest.get(1..).unwrap_or("");
        }
        if let Some(after) = rest.strip_prefix('(') {
            self.rest = after;
            return Some(Word::Open { negated });
        }
        let mut field = None;
        if let Some((name, after)) = rest.split_once(':')
            && !name.is_empty()
            && (name.bytes().all(|b| b.is_ascii_alphabetic())
                || KOREAN.iter().any(|(korean, _)| *korean == name))
            && !after.is_empty()
            && !after.starts_with(char::is_whitespace)
        {
            field = Some(name);
            rest = after;
        }
        let (text, quoted, after) = match rest.strip_prefix('"') {
            // Somebody still typing: the quote ends where the question does.
            Some(body) => match body.split_at_checked(end_of_quote(body, field.is_some())) {
                Some((text, after)) => (text, true, after.strip_prefix('"').unwrap_or(after)),
                None => (body, true, ""),
            },
            None => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || c == ')' || c == '"')
                    .unwrap_or(rest.len());
                let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (text, false, after)
            }
        };
        let (text, star, after) = match (quoted, after.strip_prefix('*'), text.strip_suffix('*')) {
            (true, Some(after), _) => (text, true, after),
            (false, _, Some(text)) => (text, true, after),
            _ => (text, false, after),
        };
        self.rest = after;
        if !negated && !quoted && field.is_none() && text == "OR" {
            return Some(Word::Or);
        }
        Some(Word::Term { negated, field, text, quoted, star })
    }
}

/// Where a quote ends. Behind an operator a doubled `"` is one of the text: names of folders
/// have some.
fn end_of_quote(body: &str, doubled: bool) -> usize {
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(|rest| rest.find('"')) {
        let end = from + at;
        match body.get(end + 1..) {
            Some(rest) if doubled && rest.starts_with('"') => from = end + 2,
            _ => return end,
        }
    }
    body.len()
}

/// Puts a text in quotes, so that all of it follows an operator.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

struct Parser<'a> {
    words: Words<'a>,
    terms: usize,
    zone: &'a TimeZone,
}

impl Parser<'_> {
    /// Alternatives up to a closing parenthesis or the end. `OR` binds its two
    /// neighbours: `a b OR c` is a and (b or c), as in other mail programs.
    fn any(&mut self, depth: usize) -> Result<Node, QueryError> {
        if depth > MAX_DEPTH {
            return Err(QueryError::TooDeep);
        }
        let mut all: Vec<Node> = Vec::new();
        let mut join = false;
        while let Some(word) = self.words.next() {
            let node = match word {
                Word::Close => break,
                Word::Or => {
                    join = !all.is_empty();
                    continue;
                }
                Word::Open { negated } => negate(self.any(depth + 1)?, negated),
                Word::Term { negated, field, text, quoted, star } => {
                    self.terms += 1;
                    if self.terms > MAX_TERMS {
                        return Err(QueryError::TooLong);
                    }
                    negate(self.term(field, text, quoted, star)?, negated)
                }
            };
            if node == Node::All {
                continue;
            }
            match (std::mem::take(&mut join), all.pop()) {
                (true, Some(Node::Or(mut nodes))) => {
                    nodes.push(node);
                    all.push(Node::Or(nodes));
                }
                (true, Some(left)) => all.push(Node::Or(vec![left, node])),
                (_, left) => {
                    all.extend(left);
                    all.push(node);
                }
            }
        }
        Ok(all_of(all))
    }

    fn term(
        &self,
        field: Option<&str>,
        text: &str,
        quoted: bool,
        star: bool,
    ) -> Result<Node, QueryError> {
        let lower = field.map(english);
        let place = match lower.as_deref() {
            None => return Ok(text_term(None, text, star)),
            Some("from") => Place::Sender,
            Some("to") => Place::Rcpt,
            Some("cc") => Place::Cc,
            Some("subject") => Place::Subject,
            Some("filename") => Place::Files,
            Some("list") => Place::List,
            Some(name @ ("is" | "has" | "in" | "before" | "after" | "larger" | "smaller")) => {
                return self.property(name, text).map(Node::Is);
            }
            Some("label") => return Ok(labelled(text)),
            // Not ours: `http://…`, `Re:` and the like are text.
            Some(_) => {
                let whole = format!("{}:{text}", field.unwrap_or_default());
                return Ok(text_term(None, if quoted { text } else { &whole }, star));
            }
        };
        Ok(text_term(Some(place), text, star))
    }

    fn property(&self, name: &str, value: &str) -> Result<Property, QueryError> {
        use crate::model::Flags;
        let word = match english_value(name, value) {
            Some(word) => word.to_owned(),
            None => value.to_ascii_lowercase(),
        };
        Ok(match (name, word.as_str()) {
            ("is", "unread" | "unseen") => Property::Flag(Flags::SEEN, false),
            ("is", "read" | "seen") => Property::Flag(Flags::SEEN, true),
            ("is", "flagged" | "starred") => Property::Flag(Flags::FLAGGED, true),
            ("is", "answered" | "replied") => Property::Flag(Flags::ANSWERED, true),
            ("is", "forwarded") => Property::Flag(Flags::FORWARDED, true),
            ("is", "draft") => Property::Flag(Flags::DRAFT, true),
            ("is", "junk") => Property::Flag(Flags::JUNK, true),
            ("has", "attachment" | "attachments") => Property::Attachment,
            // A folder may be called as its role is: both are meant.
            ("in", _) => Property::In(value.replace("\"\"", "\"")),
            ("before", _) => Property::Before(self.day(value)?),
            ("after", _) => Property::After(self.day(value)?),
            ("larger", _) => Property::Larger(size(value)?),
            ("smaller", _) => Property::Smaller(size(value)?),
            _ => return Err(QueryError::Property(format!("{name}:{value}"))),
        })
    }

    /// The first second of a day, month or year.
    fn day(&self, text: &str) -> Result<i64, QueryError> {
        let wrong = || QueryError::Date(text.to_owned());
        let mut numbers = text.split(['-', '/', '.']);
        let year: i16 = numbers.next().and_then(|y| y.parse().ok()).ok_or_else(wrong)?;
        let mut next = || numbers.next().map_or(Ok(1), |n| n.parse::<i8>().map_err(|_| wrong()));
        let (month, day) = (next()?, next()?);
        if numbers.next().is_some() || !(1..=9999).contains(&year) {
            return Err(wrong());
        }
        let date = Date::new(year, month, day).map_err(|_| wrong())?;
        let start = date.to_zoned(self.zone.clone()).map_err(|_| wrong())?;
        Ok(start.timestamp().as_second())
    }
}

/// Letters with a label: one of the usual ones, or the one of this name.
fn labelled(value: &str) -> Node {
    let usual = english_value("label", value).map(Label::meant).unwrap_or_default();
    let mut meant: Vec<Label> = usual.into_iter().take(1).collect();
    meant.extend(Label::meant(value));
    let nodes: Vec<Node> =
        meant.into_iter().map(|label| Node::Is(Property::Label(label))).collect();
    match nodes.len() {
        // What can be no label's name no letter has.
        0 => Node::Not(Box::new(Node::All)),
        _ => Node::Or(nodes),
    }
}

fn negate(node: Node, negated: bool) -> Node {
    match node {
        node if !negated || node == Node::All => node,
        Node::Not(inner) => *inner,
        node => Node::Not(Box::new(node)),
    }
}

fn size(text: &str) -> Result<u64, QueryError> {
    let wrong = || QueryError::Size(text.to_owned());
    let lower = text.to_ascii_lowercase();
    let number = lower.strip_suffix('b').unwrap_or(&lower);
    let (number, unit) = match number.char_indices().next_back() {
        Some((at, 'k')) => (number.get(..at), 1_000),
        Some((at, 'm')) => (number.get(..at), 1_000_000),
        Some((at, 'g')) => (number.get(..at), 1_000_000_000),
        _ => (Some(number), 1),
    };
    let number: u64 = number.and_then(|n| n.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(unit).ok_or_else(wrong)
}

/// A term of text as the index would have cut it. Nothing but gaps asks nothing.
fn text_term(place: Option<Place>, text: &str, star: bool) -> Node {
    let folded = fold::fold(text);
    let pieces: Vec<Piece<'_>> = fold::pieces(&folded).collect();
    let mut tokens = Vec::new();
    let mut prefix = star;
    // What stands behind the last letter cannot be part of a beginning.
    let open_end = folded.ends_with(|c: char| !fold::is_gap(c));
    for (i, piece) in pieces.iter().enumerate() {
        let last = i + 1 == pieces.len();
        match piece {
            Piece::Word(word) => tokens.push((*word).to_owned()),
            Piece::Cjk(run) => {
                let single = run.chars().nth(1).is_none();
                tokens.extend(fold::pairs(run, !last || single).map(str::to_owned));
                if last {
                    // A run may go on behind what was asked, so its last pair is
                    // whole, and a single letter begins a pair or ends a run.
                    prefix = single && open_end;
                }
            }
        }
    }
    if tokens.is_empty() {
        return Node::All;
    }
    let prefix = prefix && (open_end || matches!(pieces.last(), Some(Piece::Cjk(_))));
    let folded = folded.trim_matches(fold::is_gap).to_owned();
    Node::Text(Text { place, tokens, prefix, folded })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Flags;

    fn ask(question: &str) -> Node {
        parse_in(question, &TimeZone::UTC).unwrap()
    }

    fn text(node: &Node) -> (String, bool) {
        match node {
            Node::Text(t) => (t.tokens.join(" "), t.prefix),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_phrases_and_beginnings() {
        assert_eq!(text(&ask("Hello")), ("hello".into(), false));
        assert_eq!(text(&ask("\"hello there\"")), ("hello there".into(), false));
        assert_eq!(text(&ask("hell*")), ("hell".into(), true));
        assert_eq!(text(&ask("he*")), ("he".into(), true));
        assert_eq!(text(&ask("\"said he*\"")), ("said he".into(), false));
        assert_eq!(text(&ask("\"said he\"*")), ("said he".into(), true));
    }

    #[test]
    fn cjk_is_asked_by_any_part() {
        assert_eq!(text(&ask("가나다")), ("가나 나다".into(), false));
        assert_eq!(text(&ask("김")), ("김".into(), true));
        assert_eq!(text(&ask("iPhone을")), ("iphone 을".into(), true));
        assert_eq!(text(&ask("호선2")), ("호선 선 2".into(), false));
        assert!(matches!(ask("subject:김"), Node::Text(t) if t.place == Some(Place::Subject)));
    }

    #[test]
    fn or_binds_its_neighbours_and_not_excludes() {
        let Node::And(nodes) = ask("a b OR c -d") else { panic!() };
        assert_eq!(nodes.len(), 3);
        assert!(matches!(&nodes[1], Node::Or(or) if or.len() == 2));
        assert!(matches!(&nodes[2], Node::Not(_)));
        assert!(matches!(ask("(a b) OR (c d) OR e"), Node::Or(or) if or.len() == 3));
        assert_eq!(ask("--a"), ask("-a"), "a second dash is no letter");
        assert_eq!(ask("OR"), Node::All);
        assert_eq!(ask("a OR"), ask("a"));
    }

    #[test]
    fn properties() {
        assert_eq!(ask("is:unread"), Node::Is(Property::Flag(Flags::SEEN, false)));
        assert_eq!(ask("before:2024-03-01"), Node::Is(Property::Before(1_709_251_200)));
        assert_eq!(ask("after:2024"), Node::Is(Property::After(1_704_067_200)));
        assert_eq!(ask("larger:10k"), Node::Is(Property::Larger(10_000)));
        assert_eq!(ask("in:\"local/두 낱말\""), Node::Is(Property::In("local/두 낱말".into())));
        for name in ["local/a \"b\" c", "\"", "local/\"\"", "x\"", "\"x"] {
            let question = format!("in:{} 가나", quoted(name));
            let Node::And(nodes) = ask(&question) else { panic!("{question}") };
            assert_eq!(nodes[0], Node::Is(Property::In(name.into())), "{question}");
        }
        assert_eq!(text(&ask("\"a\"\"b\"").shown_first()).0, "a", "two phrases");
        assert!(matches!(parse("before:soon"), Err(QueryError::Date(_))));
        assert!(matches!(parse("is:blue"), Err(QueryError::Property(_))));
        assert!(matches!(parse("larger:99999999999999999999k"), Err(QueryError::Size(_))));
    }

    #[test]
    fn operators_have_korean_names() {
        for (korean, english) in [
            ("보낸사람:영희", "from:영희"),
            ("받는사람:a@x.kr", "to:a@x.kr"),
            ("제목:\"견적 요청\"", "subject:\"견적 요청\""),
            ("첨부:견적서", "filename:견적서"),
            ("상태:안읽음", "is:unread"),
            ("-상태:중요", "-is:flagged"),
            ("있음:첨부", "has:attachment"),
            ("이후:2026-11", "after:2026-11"),
            ("크기초과:10M", "larger:10M"),
        ] {
            assert_eq!(ask(korean), ask(english), "{korean}");
        }
        // Any other word before a colon is text.
        assert_eq!(ask("회의:내일"), ask("\"회의:내일\""));
        assert!(matches!(parse("상태:파랑"), Err(QueryError::Property(_))));
    }

    #[test]
    fn what_is_no_operator_is_text() {
        assert_eq!(text(&ask("http://example.com")).0, "http example com");
        assert_eq!(text(&ask("Re: hi").shown_first()).0, "re");
        assert_eq!(ask("-"), Node::All);
        assert_eq!(ask(") )("), Node::All);
        assert_eq!(text(&ask("\"never closed")).0, "never closed");
    }

    #[test]
    fn bounds_are_kept() {
        assert_eq!(parse(&"a".repeat(5000)), Err(QueryError::TooLong));
        assert_eq!(parse(&"a ".repeat(65)), Err(QueryError::TooLong));
        assert_eq!(parse(&"(".repeat(100)), Err(QueryError::TooDeep));
    }

    impl Node {
        fn shown_first(&self) -> Node {
            Node::Text(self.shown()[0].clone())
        }
    }
}
