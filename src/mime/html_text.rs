//! HTML → plain text a person can read.
//!
//! Works on tokens and builds no tree: linear in time, flat in memory, whatever
//! the nesting. Nothing is fetched, nothing is run.

use super::html_tokens::{Token, Tokens, attribute, unescape};

/// Deeper lists are not indented further.
const MAX_INDENT: usize = 8;
/// Numbered lists begin no higher.
const MAX_NUMBER: usize = 1_000_000;
/// No more of a letter is converted than anybody could read.
const MAX_HTML: usize = 32 * 1024 * 1024;

/// Converts an HTML letter to readable text: paragraphs parted by an empty
/// line, list items with bullets, table cells side by side, pictures by their
/// alternative text.
pub fn to_text(html: &str) -> String {
    let mut end = html.len().min(MAX_HTML);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    head(html.get(..end).unwrap_or(""), usize::MAX)
}

/// The same, up to about so many bytes of text.
pub(super) fn head(html: &str, budget: usize) -> String {
    let mut writer = Writer::default();
    for token in Tokens::of(html) {
        if writer.out.len() >= budget {
            break;
        }
        match token {
            Token::Text(text) => writer.text(&unescape(text)),
            Token::Open(name, attributes) => writer.tag(name, attributes, true),
            Token::Close(name) => writer.tag(name, "", false),
        }
    }
    writer.finish()
}

/// What must stand before the next text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Writer {
    out: String,
    gap: Gap,
    /// Lines asked for with `<br>`.
    breaks: usize,
    pre: usize,
    /// A line end right behind `<pre>` does not count.
    pre_begins: bool,
    lists: Vec<Option<usize>>,
    /// A bullet that waits for its text.
    bullet: Option<String>,
    quotes: usize,
    /// The current row has a cell already.
    in_row: bool,
}

impl Writer {
    fn tag(&mut self, name: &str, attributes: &str, open: bool) {
        let mut lower = [0u8; 12];
        let Some(buffer) = lower.get_mut(..name.len()) else {
            return;
        };
        buffer.copy_from_slice(name.as_bytes());
        buffer.make_ascii_lowercase();
        match std::str::from_utf8(buffer).unwrap_or("") {
            "br" => self.line_break(),
            "hr" if open => {
                self.ask(Gap::Paragraph);
                self.write("----------");
                self.ask(Gap::Paragraph);
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "dl" | "figure"
            | "fieldset" => {
                self.ask(Gap::Paragraph);
            }
            "pre" | "listing" => {
                self.ask(Gap::Paragraph);
                self.pre = if open { self.pre + 1 } else { self.pre.saturating_sub(1) };
                self.pre_begins = open;
            }
            "blockquote" => {
                self.ask(Gap::Paragraph);
                self.quotes = if open {
                    (self.quotes + 1).min(MAX_INDENT * 4)
                } else {
                    self.quotes.saturating_sub(1)
                };
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.ask(if self.lists.is_empty() || !open && self.lists.len() == 1 {
                    Gap::Paragraph
                } else {
                    Gap::Line
                });
                if !open {
                    self.lists.pop();
                } else if self.lists.len() < MAX_INDENT {
                    let start = attribute(attributes, "start").and_then(|n| n.trim().parse().ok());
                    let before = start.unwrap_or(1_usize).clamp(1, MAX_NUMBER) - 1;
                    self.lists.push(name.eq_ignore_ascii_case("ol").then_some(before));
                }
                self.bullet = None;
            }
            "li" => {
                self.ask(Gap::Line);
                self.bullet = if open { Some(self.next_bullet()) } else { None };
            }
            "tr" => {
                self.ask(Gap::Line);
                self.in_row = false;
            }
            "td" | "th" if open => {
                if self.in_row {
                    self.ask(Gap::Cell);
                }
                self.in_row = true;
            }
            "td" | "th" => {}
            "img" | "area" if open => {
                if let Some(alt) = attribute(attributes, "alt") {
                    self.text(&alt);
                }
            }
            "div" | "section" | "article" | "header" | "footer" | "nav" | "aside" | "main"
            | "address" | "center" | "form" | "dt" | "dd" | "tbody" | "thead" | "tfoot"
            | "caption" | "figcaption" | "body" | "html" | "head" | "option" | "legend"
            | "summary" | "details" => self.ask(Gap::Line),
            _ => {}
        }
    }

    fn ask(&mut self, gap: Gap) {
        if gap == Gap::Cell && self.gap == Gap::Space {
            self.gap = Gap::Cell;
        }
        self.gap = self.gap.max(gap);
    }

    fn line_break(&mut self) {
        self.breaks += 1;
        self.ask(Gap::Line);
    }

    fn next_bullet(&mut self) -> String {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{number}. ")
            }
            _ => format!("{indent}• "),
        }
    }

    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            self.preformatted(text);
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let blank = rest.find(|c: char| !is_blank(c)).unwrap_or(rest.len());
            if blank > 0 {
                self.ask(Gap::Space);
            }
            rest = rest.get(blank..).unwrap_or("");
            let word = rest.find(is_blank).unwrap_or(rest.len());
            if word > 0 {
                self.write(rest.get(..word).unwrap_or(""));
            }
            rest = rest.get(word..).unwrap_or("");
        }
    }

    fn preformatted(&mut self, text: &str) {
        let text = match std::mem::take(&mut self.pre_begins) {
            true => text.strip_prefix("\r\n").or(text.strip_prefix('\n')).unwrap_or(text),
            false => text,
        };
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.settle();
                self.trim_line();
                self.out.push('\n');
                self.quote_marks();
            }
            let line = line.trim_end_matches('\r');
            if !line.is_empty() {
                self.settle();
                self.out.push_str(line);
            }
        }
    }

    fn write(&mut self, word: &str) {
        self.settle();
        for c in word.chars() {
            match c {
                '\u{a0}' => self.out.push(' '),
                // Soft hyphens and zero-width fillers show nothing.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{34f}' => {}
                c if c.is_control() => {}
                c => self.out.push(c),
            }
        }
    }

    /// Writes the gap that was asked for.
    fn settle(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        let breaks = std::mem::take(&mut self.breaks);
        if self.out.is_empty() {
            self.quote_marks();
        } else {
            match gap {
                Gap::None => {}
                Gap::Space => {
                    if !self.out.ends_with([' ', '\n', '\t']) {
                        self.out.push(' ');
                    }
                }
                Gap::Cell => self.out.push('\t'),
                Gap::Line | Gap::Paragraph => {
                    let lines = if gap == Gap::Paragraph { 2 } else { 1 };
                    self.trim_line();
                    let there = self.out.len() - self.out.trim_end_matches('\n').len();
                    for _ in there..lines.max(breaks.min(2)) {
                        self.out.push('\n');
                    }
                    self.quote_marks();
                }
            }
        }
        if let Some(bullet) = self.bullet.take() {
            self.out.push_str(&bullet);
        }
    }

    fn quote_marks(&mut self) {
        if self.quotes > 0 {
            self.out.extend(std::iter::repeat_n('>', self.quotes));
            self.out.push(' ');
        }
    }

    fn trim_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(kept);
    }

    fn finish(mut self) -> String {
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        self.out
    }
}

/// What HTML collapses. The no-break space is none of it.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

#[cfg(test)]
#[path = "html_text_tests.rs"]
mod tests;
