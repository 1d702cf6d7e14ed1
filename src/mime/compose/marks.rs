//! Simple marks → HTML, and text that says the same.
//!
//! What people type in mail anyway: `**bold**`, `*italic*` or `_italic_`, `` `code` ``,
//! `[words](address)`, bare addresses, `- ` and `1. ` lists, `> ` quotes,
//! `![words](cid:KEY)` for a picture of the letter; a backslash takes a mark its meaning.
//! A line end is a line end. No HTML passes: `<b>` is shown as typed. Unlike Markdown,
//! `**굵게**는` is bold: Korean particles follow without a blank.

use crate::mime::flowed;
use std::fmt::Write as _;

/// Marks within marks.
const MAX_DEPTH: usize = 8;
/// Bytes within which a mark must be closed.
const MAX_SPAN: usize = 4_000;
/// Lists within lists.
const MAX_LISTS: usize = 6;
/// Quotes within quotes that become elements.
const MAX_QUOTES: usize = 30;

/// How a quotation looks where nothing else is said: a line at its left.
pub(super) const QUOTE: &str = "<blockquote type=\"cite\" style=\"margin:0 0 0 0.8ex;\
     border-left:2px solid #ccc;padding-left:1ex\">";

/// A text in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// What stands in a body element.
    pub html: String,
    /// The same as plain text, quotes with `> `.
    pub text: String,
}

/// Reads text with marks.
pub fn marked(typed: &str) -> Written {
    write(typed, true)
}

/// Reads text without marks: addresses become links, quotes elements.
pub fn unmarked(typed: &str) -> Written {
    write(typed, false)
}

fn write(typed: &str, marks: bool) -> Written {
    let mut writer = Writer { marks, ..Writer::default() };
    for line in flowed::lines(typed, false, false) {
        writer.line(&line);
    }
    writer.close_lists(0);
    writer.quote(0);
    writer.out
}

/// A list that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Bullets,
    Numbers,
}

#[derive(Default)]
struct Writer {
    out: Written,
    marks: bool,
    quote: usize,
    lists: Vec<List>,
}

impl Writer {
    fn line(&mut self, line: &flowed::Line) {
        let quote = line.quote.min(MAX_QUOTES);
        if quote != self.quote {
            self.close_lists(0);
            self.quote(quote);
        }
        if line.quote > 0 {
            self.out.text.push_str(&">".repeat(line.quote));
            self.out.text.push(' ');
        }
        match item(&line.text).filter(|_| self.marks) {
            Some(item) => self.item(&item),
            None => {
                self.close_lists(0);
                self.out.html.push_str("<div>");
                if line.text.trim().is_empty() {
                    self.out.html.push_str("<br>");
                } else {
                    inline(&line.text, self.marks, 0, &mut self.out);
                }
                self.out.html.push_str("</div>\n");
            }
        }
        self.out.text.push('\n');
    }

    fn item(&mut self, item: &Item<'_>) {
        let level = (item.level + 1).min(self.lists.len() + 1).min(MAX_LISTS);
        let kind = if item.number.is_some() { List::Numbers } else { List::Bullets };
        self.close_lists(level);
        if self.lists.len() == level && self.lists.last() != Some(&kind) {
            self.close_lists(level - 1);
        }
        while self.lists.len() < level {
            self.lists.push(kind);
            match item.number {
                Some(number) if number != 1 => {
                    let _ = write!(self.out.html, "<ol start=\"{number}\">");
                }
                Some(_) => self.out.html.push_str("<ol>"),
                None => self.out.html.push_str("<ul>"),
            }
        }
        self.out.text.push_str(&"  ".repeat(level - 1));
        match item.number {
            Some(number) => {
                let _ = write!(self.out.text, "{number}. ");
            }
            None => self.out.text.push_str("- "),
        }
        self.out.html.push_str("<li>");
        inline(item.text, self.marks, 0, &mut self.out);
        self.out.html.push_str("</li>\n");
    }

    fn close_lists(&mut self, to: usize) {
        while self.lists.len() > to {
            match self.lists.pop() {
                Some(List::Numbers) => self.out.html.push_str("</ol>\n"),
                _ => self.out.html.push_str("</ul>\n"),
            }
        }
    }

    fn quote(&mut self, depth: usize) {
        while self.quote < depth {
            self.out.html.push_str(QUOTE);
            self.out.html.push('\n');
            self.quote += 1;
        }
        while self.quote > depth {
            self.out.html.push_str("</blockquote>\n");
            self.quote -= 1;
        }
    }
}

struct Item<'t> {
    level: usize,
    number: Option<u32>,
    text: &'t str,
}

fn item(line: &str) -> Option<Item<'_>> {
    let text = line.trim_start_matches(' ');
    let level = (line.len() - text.len()) / 2;
    if let Some(text) = ["- ", "* ", "• "].iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some(Item { level, number: None, text });
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..digits).filter(|d| (1..=4).contains(&d.len()))?.parse().ok()?;
    let rest = text.get(digits..)?;
    let text = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))?;
    Some(Item { level, number: Some(number), text })
}

/// Writes a line's text.
fn inline(text: &str, marks: bool, depth: usize, out: &mut Written) {
    let mut plain = String::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let taken = if marks && depth < MAX_DEPTH { mark(rest, before) } else { None };
        let Some((mark, length)) = taken else {
            plain.push(c);
            before = c;
            rest = rest.get(c.len_utf8()..).unwrap_or("");
            continue;
        };
        if let Mark::Literal(c) = mark {
            plain.push(c);
        } else {
            linked(&std::mem::take(&mut plain), out);
            mark.write(depth, out);
        }
        before = rest.get(..length).and_then(|t| t.chars().next_back()).unwrap_or(' ');
        rest = rest.get(length..).unwrap_or("");
    }
    linked(&plain, out);
}

enum Mark<'t> {
    Literal(char),
    Strong(&'t str),
    Emphasis(&'t str),
    Code(&'t str),
    Link { words: &'t str, address: &'t str },
    Picture { words: &'t str, key: &'t str },
}

impl Mark<'_> {
    fn write(&self, depth: usize, out: &mut Written) {
        let mut element = |name: &str, inner: &str| {
            let _ = write!(out.html, "<{name}>");
            if name == "code" {
                escape(inner, &mut out.html);
                out.text.push_str(inner);
            } else {
                inline(inner, true, depth + 1, out);
            }
            let _ = write!(out.html, "</{name}>");
        };
        match *self {
            Self::Literal(_) => {}
            Self::Strong(inner) => element("b", inner),
            Self::Emphasis(inner) => element("i", inner),
            Self::Code(inner) => element("code", inner),
            Self::Link { words, address } => link(words, address, out),
            Self::Picture { words, key } => {
                out.html.push_str("<img src=\"cid:");
                escape(key, &mut out.html);
                out.html.push_str("\" alt=\"");
                escape(words, &mut out.html);
                out.html.push_str("\">");
                out.text.push_str(words);
            }
        }
    }
}

/// The mark a text begins with, and its length in bytes.
fn mark(rest: &str, before: char) -> Option<(Mark<'_>, usize)> {
    let c = rest.chars().next()?;
    match c {
        '\\' => {
            let literal = rest.chars().nth(1).filter(|c| r"\*_`[]!".contains(*c))?;
            Some((Mark::Literal(literal), 2))
        }
        '*' if rest.starts_with("**") => {
            let inner = closed(rest.get(2..)?, "**", |after| after != Some('*'))?;
            Some((Mark::Strong(inner), inner.len() + 4))
        }
        '*' | '_' if !before.is_alphanumeric() => {
            let follows = |after: Option<char>| {
                // A particle may follow a Korean word at once, a letter an English one not.
                !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '*' || c == '_')
            };
            let inner = closed(rest.get(1..)?, if c == '*' { "*" } else { "_" }, follows)?;
            Some((Mark::Emphasis(inner), inner.len() + 2))
        }
        '`' => {
            let inner = closed(rest.get(1..)?, "`", |_| true)?;
            Some((Mark::Code(inner), inner.len() + 2))
        }
        '!' if rest.starts_with("![") => {
            let (words, address, length) = bracketed(rest.get(1..)?)?;
            let key = address.strip_prefix("cid:").filter(|key| !key.is_empty())?;
            Some((Mark::Picture { words, key }, length + 1))
        }
        '[' => {
            let (words, address, length) = bracketed(rest)?;
            if words.trim().is_empty() || !is_linkable(address) {
                return None;
            }
            Some((Mark::Link { words, address }, length))
        }
        _ => None,
    }
}

/// What stands before the mark that closes, if there is one near.
fn closed<'t>(
    text: &'t str,
    mark: &str,
    follows: impl Fn(Option<char>) -> bool,
) -> Option<&'t str> {
    if text.starts_with(char::is_whitespace) || (text.starts_with(mark) && mark.len() == 1) {
        return None;
    }
    let near = text.get(..text.floor_char_boundary(MAX_SPAN))?;
    for (at, _) in near.char_indices() {
        if !near.get(at..)?.starts_with(mark) {
            continue;
        }
        let inner = text.get(..at)?;
        let after = text.get(at + mark.len()..)?.chars().next();
        if !inner.ends_with(char::is_whitespace) && !inner.ends_with('\\') && follows(after) {
            return Some(inner);
        }
    }
    None
}

/// `[words](address)`: words, address, length.
fn bracketed(text: &str) -> Option<(&str, &str, usize)> {
    let near = text.get(..text.floor_char_boundary(MAX_SPAN))?;
    let middle = near.find("](")?;
    let words = near.get(1..middle)?;
    let rest = near.get(middle + 2..)?;
    // Addresses may hold pairs of brackets.
    let mut open = 0usize;
    let end = rest.char_indices().find_map(|(at, c)| match c {
        '(' => {
            open += 1;
            None
        }
        ')' if open == 0 => Some(at),
        ')' => {
            open -= 1;
            None
        }
        _ => None,
    })?;
    let address = rest.get(..end)?.trim();
    let fits = !words.contains(['[', '\n']) && !address.contains(char::is_whitespace);
    fits.then_some((words, address, middle + 2 + end + 1))
}

/// Addresses that become links: nothing that runs or reads files.
fn is_linkable(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "tel" | "ftp"))
}

fn link(words: &str, address: &str, out: &mut Written) {
    out.html.push_str("<a href=\"");
    escape(address, &mut out.html);
    out.html.push_str("\">");
    spaced(words, &mut out.html);
    out.html.push_str("</a>");
    out.text.push_str(words);
    if words.trim() != address {
        let _ = write!(out.text, " <{address}>");
    }
}

/// Text without marks; addresses in it become links.
fn linked(text: &str, out: &mut Written) {
    if text.is_empty() {
        return;
    }
    out.text.push_str(text);
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    for span in finder.spans(text) {
        match span.kind() {
            Some(_) if is_linkable(span.as_str()) => {
                out.html.push_str("<a href=\"");
                escape(span.as_str(), &mut out.html);
                out.html.push_str("\">");
                escape(span.as_str(), &mut out.html);
                out.html.push_str("</a>");
            }
            _ => spaced(span.as_str(), &mut out.html),
        }
    }
}

/// Text as HTML, runs of blanks kept.
fn spaced(text: &str, html: &mut String) {
    let mut blank_before = ["<div>", "<li>", " ", "&nbsp;"].iter().any(|end| html.ends_with(end));
    for c in text.chars() {
        let blank = c == ' ' || c == '\t';
        match c {
            ' ' if !blank_before => html.push(' '),
            ' ' => html.push_str("&nbsp;"),
            '\t' => html.push_str("&nbsp;&nbsp;&nbsp; "),
            c => escape_char(c, html),
        }
        blank_before = blank;
    }
}

/// Text as it may stand in HTML, also in an attribute.
pub(super) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        escape_char(c, html);
    }
}

fn escape_char(c: char, html: &mut String) {
    match c {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        c => html.push(c),
    }
}
