//! Text as format=flowed. RFC 3676: paragraphs are broken softly at 72 columns, quote
//! marks kept, and put together again by who reads it; where a line is broken inside a run
//! without blanks (Chinese, Japanese), DelSp says that the blank is not the writer's.

use crate::mime::flowed::lines;
use unicode_width::UnicodeWidthChar as _;

/// Columns of a line; a Chinese character takes two.
const COLUMNS: usize = 72;
/// Octets of a line, whatever its columns: room for quote marks below 998.
const OCTETS: usize = 700;

/// A text ready to be a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flowed {
    /// With CRLF line ends.
    pub text: String,
    /// Whether the blank at a soft line end is to be taken away.
    pub delsp: bool,
}

/// Flows a text as it was typed.
pub(super) fn flow(typed: &str) -> Flowed {
    let lines = lines(typed, false, false);
    let delsp = lines.iter().any(|line| {
        let room = room(line.quote);
        line.text.split(' ').any(|word| width(word) > room && has_break(word))
    });
    let mut text = String::with_capacity(typed.len() + typed.len() / 32);
    for line in &lines {
        let marks = ">".repeat(line.quote);
        // What ends in a blank would flow into the next line; the signature's line may not.
        let is_signature = line.text == "-- ";
        let content = match is_signature {
            true => line.text.as_str(),
            false => line.text.trim_end_matches(' '),
        };
        let pieces = match is_signature {
            true => vec![content.to_owned()],
            false => broken(content, room(line.quote), delsp),
        };
        for piece in &pieces {
            text.push_str(&marks);
            let stuffed = line.quote > 0
                || piece.starts_with(' ')
                || piece.starts_with('>')
                || piece.starts_with("From ");
            if stuffed {
                text.push(' ');
            }
            text.push_str(piece);
            text.push_str("\r\n");
        }
    }
    Flowed { text, delsp }
}

fn room(quote: usize) -> usize {
    COLUMNS.saturating_sub(quote + 1).max(20)
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Where a line may be broken though there is no blank: between two wide characters,
/// but not before what closes nor behind what opens. Hangul is written with blanks and
/// broken at them.
fn breaks_between(before: char, after: char) -> bool {
    is_ideograph(before)
        && is_ideograph(after)
        && !"、。，．」』）】〕》〉！？：；ー々ゃゅょっァィゥェォャュョッ".contains(after)
        && !"「『（【〔《〈".contains(before)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn has_break(word: &str) -> bool {
    word.chars().zip(word.chars().skip(1)).any(|(a, b)| breaks_between(a, b))
}

/// Breaks a paragraph: every piece but the last ends in the blank that says so.
fn broken(text: &str, room: usize, delsp: bool) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let Some(at) = break_of(rest, room, delsp) else {
            pieces.push(rest.to_owned());
            return pieces;
        };
        let (piece, tail) = rest.split_at(at);
        let mut piece = piece.to_owned();
        // With DelSp the last blank is taken away by the reader.
        if delsp {
            piece.push(' ');
        }
        pieces.push(piece);
        rest = tail;
    }
}

/// Where the first line of a text ends; `None` where it is short enough or cannot be
/// broken.
fn break_of(text: &str, room: usize, delsp: bool) -> Option<usize> {
    let mut columns = 0;
    let mut candidate = None;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if let Some(before) = previous {
            let after_blank = before == ' ' && c != ' ';
            if after_blank || (delsp && breaks_between(before, c)) {
                // A line of blanks only is none, and `-- ` alone would begin a signature.
                let line = text.get(..at)?;
                if !line.trim().is_empty() && (delsp || line != "-- ") {
                    candidate = Some(at);
                }
            }
        }
        columns += c.width().unwrap_or(0);
        // The blank at the end may hang over.
        let over = columns > room && c != ' ' || at > OCTETS;
        if over && candidate.is_some() {
            return candidate;
        }
        previous = Some(c);
    }
    None
}
