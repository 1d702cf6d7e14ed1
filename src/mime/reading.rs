//! What a reader asks of a [`Letter`].

use super::charset;
use super::flowed;
use super::html_text;
use super::letter::{Content, Field, Letter, Part};
use super::transfer::Transfer;
use crate::model::Envelope;
use std::borrow::Cow;

impl<'a> Letter<'a> {
    /// The letter as plain text: every part of the body in order, flowed text
    /// joined to paragraphs, HTML converted where there is nothing else. Quoted
    /// lines begin with one `>` for each depth.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for part in self.text_body.iter().filter_map(|index| self.parts.get(*index)) {
            let text = part.plain_text();
            if !out.is_empty() && !text.is_empty() {
                out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
            }
            out.push_str(&text);
        }
        out
    }

    /// The letter's HTML, its parts joined; absent when the body is all plain.
    /// Plain text among it is escaped and keeps its lines.
    pub fn html(&self) -> Option<String> {
        let parts = || self.html_body.iter().filter_map(|index| self.parts.get(*index));
        if !parts().any(|part| matches!(part.content, Content::Html(_))) {
            return None;
        }
        let mut out = String::new();
        for part in parts() {
            match &part.content {
                Content::Html(html) => out.push_str(html),
                _ => {
                    out.push_str("<pre style=\"white-space: pre-wrap\">");
                    for c in part.plain_text().chars() {
                        match c {
                            '<' => out.push_str("&lt;"),
                            '>' => out.push_str("&gt;"),
                            '&' => out.push_str("&amp;"),
                            c => out.push(c),
                        }
                    }
                    out.push_str("</pre>");
                }
            }
        }
        Some(out)
    }

    /// The parts that are attachments, with their indexes.
    pub fn attachment_parts(&self) -> impl Iterator<Item = (usize, &Part<'a>)> {
        self.attachments.iter().filter_map(|index| Some((*index, self.parts.get(*index)?)))
    }

    /// The first words of the letter, for a list row: at most `max_chars`
    /// characters on one line, quotations and rules left out.
    pub fn preview(&self, max_chars: usize) -> String {
        let mut out = String::new();
        // A list row needs some lines; a letter of 100 MB is not converted.
        let budget = max_chars.saturating_mul(40).clamp(4096, 64 * 1024);
        let mut quoted = String::new();
        for part in self.text_body.iter().filter_map(|index| self.parts.get(*index)) {
            let text = part.head_as_text(budget);
            // Where the last line of the writer's own began.
            let mut last = out.len();
            for (quote, line) in flowed::quoted_lines(&text) {
                if line == "-- " {
                    break;
                }
                if quote > 0 && out.ends_with(':') {
                    // "On Monday Kim wrote:" belongs to the quotation.
                    out.truncate(last);
                }
                let target = if quote > 0 { &mut quoted } else { &mut out };
                if line.chars().any(char::is_alphanumeric) {
                    last = if quote > 0 { last } else { target.len() };
                    for word in line.split_whitespace() {
                        if !target.is_empty() {
                            target.push(' ');
                        }
                        target.extend(word.chars().filter(|c| !is_unseen(*c)));
                    }
                }
                // A little more than is shown: the line may turn out to belong
                // to a quotation.
                if out.len() >= max_chars + 200 && out.chars().count() >= max_chars + 200 {
                    break;
                }
            }
            if out.chars().count() >= max_chars {
                break;
            }
        }
        // A letter that is one quotation shows that.
        let text = if out.is_empty() { quoted } else { out };
        text.chars().take(max_chars).collect::<String>().trim_end().to_owned()
    }

    /// The letter's own header fields.
    pub fn fields(&self) -> &[Field<'a>] {
        self.parts.first().map_or(&[], |part| &part.fields)
    }

    /// The first field of that name, in the letter's own header.
    pub fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields().iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The envelope of a letter in the letter: of the `message/rfc822` part at
    /// `part_index`, or of the part that is its inside.
    pub fn nested(&self, part_index: usize) -> Option<&Envelope> {
        let inside = match self.parts.get(part_index)?.content {
            Content::Message => part_index + 1,
            _ => part_index,
        };
        let at = |wanted: usize| {
            let found = self.nested.binary_search_by_key(&wanted, |(index, _)| *index).ok()?;
            self.nested.get(found).map(|(_, envelope)| envelope)
        };
        at(inside).or_else(|| at(part_index))
    }

    /// A part's content as bytes, its transfer encoding undone and its charset
    /// untouched: what is saved to a file. Absent for what has no own content.
    pub fn bytes(&self, part_index: usize) -> Option<Cow<'_, [u8]>> {
        let part = self.parts.get(part_index)?;
        match (&part.content, &part.body_range) {
            (Content::Multipart, _) => None,
            (Content::Binary(bytes), _) => Some(Cow::Borrowed(bytes)),
            (_, Some(range)) => {
                let raw = self.raw.get(range.clone())?;
                Some(Transfer::named(&part.transfer_encoding).0.decode(raw).0)
            }
            (Content::Text(text) | Content::Html(text), None) => {
                Some(Cow::Borrowed(text.as_bytes()))
            }
            (Content::Message, None) => None,
        }
    }

    /// A text part decoded with a charset the reader chose by hand; absent when
    /// the name is not known or the part is no text.
    pub fn text_as(&self, part_index: usize, charset: &str) -> Option<String> {
        match self.parts.get(part_index)?.content {
            Content::Text(_) | Content::Html(_) => {}
            _ => return None,
        }
        let bytes = self.bytes(part_index)?;
        Some(charset::decode_as(&bytes, charset)?.into_owned())
    }
}

/// Characters senders fill preview lines with, which show nothing.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    ) || c.is_control()
}

impl Part<'_> {
    /// A parameter of its Content-Type.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Its text for a plain-text reader; empty for what is no text.
    pub fn plain_text(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Text(text) if self.is_flowed() => Cow::Owned(self.unflowed(text)),
            Content::Text(text) if self.media_type == "text/enriched" => {
                Cow::Owned(html_text::to_text(text))
            }
            Content::Text(text) => Cow::Borrowed(text),
            Content::Html(html) => Cow::Owned(html_text::to_text(html)),
            _ => Cow::Borrowed(""),
        }
    }

    fn is_flowed(&self) -> bool {
        self.media_type == "text/plain"
            && self.param("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
    }

    fn unflowed(&self, text: &str) -> String {
        let delsp = self.param("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
        let mut out = String::with_capacity(text.len());
        for line in flowed::lines(text, true, delsp) {
            if line.quote > 0 {
                out.extend(std::iter::repeat_n('>', line.quote));
                out.push(' ');
            }
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    /// The text of about the first `budget` bytes.
    fn head_as_text(&self, budget: usize) -> Cow<'_, str> {
        match &self.content {
            // HTML begins with styles and scripts: more of it is needed.
            Content::Html(html) => {
                Cow::Owned(html_text::head(up_to(html, budget.saturating_mul(8)), budget))
            }
            Content::Text(text) if self.is_flowed() => {
                Cow::Owned(self.unflowed(up_to(text, budget)))
            }
            Content::Text(text) => Cow::Borrowed(up_to(text, budget)),
            _ => Cow::Borrowed(""),
        }
    }
}

/// At most `budget` bytes of a text, cut between characters.
fn up_to(text: &str, budget: usize) -> &str {
    let mut end = budget.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}
