//! Text bodies as HTML: line breaks and blanks kept, quotes with a rule by their
//! depth, signatures dimmed, addresses as links (RFC 3676 says what is a quote and
//! what a signature; its flowed lines were joined before).

use super::base::QUOTE_COLOURS;
use super::fold;
use super::output::Output;
use super::template::escape;
use crate::model::Link;
use linkify::{LinkFinder, LinkKind};
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar as _;

/// Depth of quotes that is shown.
const MAX_QUOTES: usize = 8;

/// Links of a text.
const MAX_LINKS: usize = 5_000;

/// Columns between two stops of a tabulator.
const TAB: usize = 8;

/// Blanks for tabulators, of which fonts know nothing, where white space is kept.
/// `column` is the one the text begins in, and afterwards the one behind it.
pub(super) fn without_tabs<'t>(text: &'t str, column: &mut usize) -> Cow<'t, str> {
    let has_tabs = text.contains('\t');
    let mut out = String::new();
    for c in text.chars() {
        let width = match c {
            '\t' => TAB - *column % TAB,
            c => c.width().unwrap_or(0),
        };
        *column = if c == '\n' { 0 } else { column.saturating_add(width) };
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', width)),
            c if has_tabs => out.push(c),
            _ => {}
        }
    }
    if has_tabs { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

/// The depth of a line's quote, and the line without its marks.
fn quote(line: &str) -> (usize, &str) {
    let mut rest = line;
    let mut depth = 0;
    while let Some(after) = rest.strip_prefix('>') {
        depth += 1;
        // `> > ` is written by some, `>> ` by others.
        rest = match after.strip_prefix(' ') {
            Some(next) if next.starts_with('>') => next,
            _ => after,
        };
    }
    (depth.min(MAX_QUOTES), if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

/// Writes a text body.
pub(super) fn write(text: &str, out: &mut Output<'_>) {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut depth = 0;
    let mut signature = false;
    let mut blocks = 0_usize;
    let mut first = true;
    out.html.push_str("<div class=\"goyo-text\">");
    let text = out.admit(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut folds = fold::of_lines(&lines, |line| line.starts_with('>')).into_iter().peekable();
    let mut fold_end = None;
    for (at, line) in lines.iter().enumerate() {
        if fold_end == Some(at) {
            end_blocks(&mut depth, &mut signature, out);
            out.html.push_str("</div>");
            fold::end(out);
            (fold_end, first) = (None, true);
        }
        if let Some(fold) = folds.next_if(|fold| fold.start == at) {
            end_blocks(&mut depth, &mut signature, out);
            let quoted = lines.get(fold.clone()).unwrap_or_default();
            fold::begin(fold.len(), quoted.join("\n"), out);
            out.html.push_str("<div>");
            (fold_end, first) = (Some(fold.end), true);
        }
        let (level, line) = quote(line);
        // A letter that changes its depth at every line is shown flat in the end.
        let level = if blocks > 5_000 { depth } else { level };
        if level != depth {
            if signature {
                out.html.push_str("</div>");
                signature = false;
            }
            while depth > level {
                out.html.push_str("</blockquote>");
                depth -= 1;
            }
            while depth < level {
                let colour = depth % QUOTE_COLOURS;
                let class = format!("<blockquote class=\"goyo-quote-{colour}\">");
                out.html.push_str(&class);
                depth += 1;
            }
            blocks += 1;
        } else if !first {
            out.html.push('\n');
        }
        first = false;
        if !signature && line == "-- " {
            signature = true;
            blocks += 1;
            out.html.push_str("<div class=\"goyo-signature\">");
        }
        linked(&without_tabs(line, &mut 0), &finder, out);
    }
    end_blocks(&mut depth, &mut signature, out);
    if fold_end.is_some() {
        out.html.push_str("</div>");
        fold::end(out);
    }
    if out.cut {
        out.html.push('…');
    }
    out.html.push_str("</div>");
}

fn end_blocks(depth: &mut usize, signature: &mut bool, out: &mut Output<'_>) {
    if std::mem::take(signature) {
        out.html.push_str("</div>");
    }
    for _ in 0..std::mem::take(depth) {
        out.html.push_str("</blockquote>");
    }
}

fn linked(line: &str, finder: &LinkFinder, out: &mut Output<'_>) {
    if out.links.len() >= MAX_LINKS || !line.contains([':', '@']) {
        escape(line, &mut out.html);
        return;
    }
    for span in finder.spans(line) {
        let text = span.as_str();
        let href = match span.kind() {
            Some(LinkKind::Email) => format!("mailto:{text}"),
            Some(_) => text.to_owned(),
            None => {
                escape(text, &mut out.html);
                continue;
            }
        };
        let number = out.links.len();
        out.links.push(Link { href, text: text.to_owned() });
        out.html.push_str(&format!("<a href=\"goyo-link:{number}\">"));
        escape(text, &mut out.html);
        out.html.push_str("</a>");
    }
}
