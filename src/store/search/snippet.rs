//! The piece of a letter around a hit, with the hit marked.

use super::fold;
use super::query::Text;
use std::ops::Range;

/// How much of a letter is looked through for a hit, in bytes.
const LOOK: usize = 512 * 1024;

/// A piece of text and where in it the hits are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// One line of text; `…` where it was cut.
    pub text: String,
    /// Byte ranges of hits in `text`, in order, not overlapping.
    pub hits: Vec<Range<usize>>,
}

impl Snippet {
    /// The text with `open` and `close` around every hit.
    pub fn marked(&self, open: &str, close: &str) -> String {
        let mut out = String::with_capacity(self.text.len() + 16);
        let mut at = 0;
        for hit in &self.hits {
            out.push_str(self.text.get(at..hit.start).unwrap_or_default());
            out.push_str(open);
            out.push_str(self.text.get(hit.clone()).unwrap_or_default());
            out.push_str(close);
            at = hit.end;
        }
        out.push_str(self.text.get(at..).unwrap_or_default());
        out
    }
}

/// About `width` characters of `text` around the first hit of `terms`; its
/// beginning when there is none.
pub fn mark(text: &str, terms: &[&Text], width: usize) -> Snippet {
    let look = text.get(..text.floor_char_boundary(LOOK)).unwrap_or(text);
    // One space for any white space, so that a line of text is a line.
    let mut line = String::with_capacity(look.len().min(8192));
    for word in look.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let (folded, origin) = fold_with_origin(&line);
    let hits = find_all(&line, &folded, &origin, terms);
    let first = hits.first().map_or(0, |hit| hit.start);
    window(&line, &hits, first, width)
}

/// Folds character by character; `origin[i]` is where folded byte `i` came from.
fn fold_with_origin(text: &str) -> (String, Vec<usize>) {
    let mut folded = String::with_capacity(text.len());
    let mut origin = Vec::with_capacity(text.len() + 1);
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            origin.push(at);
        } else {
            let piece = fold::fold(c.encode_utf8(&mut buffer));
            origin.extend(std::iter::repeat_n(at, piece.len()));
            folded.push_str(&piece);
        }
    }
    origin.push(text.len());
    (folded, origin)
}

fn find_all(line: &str, folded: &str, origin: &[usize], terms: &[&Text]) -> Vec<Range<usize>> {
    let mut hits: Vec<Range<usize>> = Vec::new();
    for term in terms {
        let needle = term.folded.as_str();
        if needle.is_empty() {
            continue;
        }
        for (at, _) in folded.match_indices(needle).take(200) {
            let end = at + needle.len();
            let before = folded.get(..at).and_then(|s| s.chars().next_back());
            let after = folded.get(end..).and_then(|s| s.chars().next());
            if fold::breaks_word(before, needle.chars().next())
                && (term.prefix || fold::breaks_word(needle.chars().next_back(), after))
                && let (Some(&from), Some(&last)) = (origin.get(at), origin.get(end - 1))
            {
                // One character may fold to several: it is marked as a whole.
                let width =
                    line.get(last..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
                hits.push(from..last + width);
            }
        }
    }
    hits.sort_by_key(|hit| (hit.start, hit.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => merged.push(hit),
        }
    }
    merged
}

fn window(line: &str, hits: &[Range<usize>], first: usize, width: usize) -> Snippet {
    let lead = width / 4;
    let head = line.get(..first).unwrap_or_default();
    let mut start = head.char_indices().rev().nth(lead).map_or(0, |(at, _)| at);
    if start > 0 {
        // Begin at a word where one begins soon.
        if let Some(space) = line.get(start..first).and_then(|s| s.find(' ')) {
            start += space + 1;
        }
    }
    let tail = line.get(start..).unwrap_or_default();
    let end = tail.char_indices().nth(width).map_or(line.len(), |(at, _)| start + at);
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    let shift = text.len();
    text.push_str(line.get(start..end).unwrap_or_default());
    let hits = hits
        .iter()
        .filter(|hit| hit.start >= start && hit.end <= end)
        .map(|hit| hit.start - start + shift..hit.end - start + shift)
        .collect();
    if end < line.len() {
        text.push('…');
    }
    Snippet { text, hits }
}

#[cfg(test)]
mod tests {
    use super::super::query::parse;
    use super::*;

    fn marked(text: &str, question: &str) -> String {
        let node = parse(question).unwrap();
        mark(text, &node.shown(), 40).marked("[", "]")
    }

    #[test]
    fn hits_are_marked_in_any_script() {
        assert_eq!(marked("The Café is open", "cafe"), "The [Café] is open");
        assert_eq!(marked("내일 회의실에서 만나요", "의실"), "내일 회[의실]에서 만나요");
        assert_eq!(marked("한 번만\r\n 더", "더"), "한 번만 [더]");
        assert_eq!(marked("newsletter news", "news"), "newsletter [news]");
        assert_eq!(marked("newsletter news", "news*"), "[news]letter [news]");
        // Folds to an l and a dot.
        assert_eq!(marked("co\u{140} \u{140}", "l"), "co\u{140} [\u{140}]");
    }

    #[test]
    fn a_late_hit_brings_its_surroundings() {
        let text = format!("{} needle {}", "hay ".repeat(100), "straw ".repeat(100));
        let out = marked(&text, "needle");
        assert!(out.starts_with('…') && out.ends_with('…'), "{out}");
        assert!(out.contains("hay [needle] straw"), "{out}");
        assert!(out.chars().count() < 50);
    }
}
