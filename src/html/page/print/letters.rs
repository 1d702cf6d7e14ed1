//! What the letters of a font stand for, so that printed text can be searched and copied.
//!
//! Layout knows which text each glyph was made of: that is better than what a font says
//! of itself, which knows neither ligatures nor the forms that letters take in a word.

use blitz_dom::BaseDocument;
use blitz_dom::node::{ListItemLayoutPosition, Marker, TextBrush};
use parley::Layout;
use peniko::FontData;
use std::collections::HashMap;

/// Text of one glyph, in bytes, at most: a ligature stands for a few characters.
const MAX_TEXT: usize = 32;

/// A face of a font, and how its axes are set.
pub(super) type Face = (u64, u32, Vec<i16>);

/// What is known of all glyphs of a document.
#[derive(Debug, Default)]
pub(super) struct Letters {
    said: HashMap<(u64, u32, u32), Box<str>>,
    axes: HashMap<Face, Vec<([u8; 4], f32)>>,
}

impl Letters {
    /// Learns from everything that is laid out.
    pub(super) fn learn(&mut self, document: &BaseDocument) {
        for (_, node) in document.tree().iter() {
            let Some(element) = node.element_data() else { continue };
            if let Some(lines) = element.inline_layout_data.as_deref() {
                self.learn_from(&lines.layout, &lines.text);
            }
            if let Some(item) = element.list_item_data.as_deref()
                && let ListItemLayoutPosition::Outside(layout) = &item.position
            {
                let number = match &item.marker {
                    Marker::Char(bullet) => bullet.to_string(),
                    Marker::String(number) => number.clone(),
                };
                self.learn_from(layout, &number);
            }
        }
    }

    fn learn_from(&mut self, layout: &Layout<TextBrush>, text: &str) {
        for run in layout.lines().flat_map(|line| line.runs()) {
            let font = run.font();
            let (blob, index) = (font.data.id(), font.index);
            let coords = run.normalized_coords();
            if !coords.is_empty() {
                let axes = || {
                    let synthesis = run.synthesis();
                    let settings = synthesis.variation_settings().iter();
                    settings.map(|(tag, value)| (tag.to_be_bytes(), *value)).collect()
                };
                let face = (blob, index, coords.iter().map(|at| at.to_bits()).collect());
                self.axes.entry(face).or_insert_with(axes);
            }
            let mut clusters = run.clusters().peekable();
            while let Some(cluster) = clusters.next() {
                let mut bytes = cluster.text_range();
                // What a ligature is made of.
                while let Some(next) = clusters.next_if(|next| next.is_ligature_continuation()) {
                    let more = next.text_range();
                    bytes = bytes.start.min(more.start)..bytes.end.max(more.end);
                }
                let said = text.get(bytes).unwrap_or_default();
                let mut glyphs = cluster.glyphs();
                let (Some(glyph), None) = (glyphs.next(), glyphs.next()) else { continue };
                // The box that stands for all a font has not.
                if glyph.id == 0 {
                    continue;
                }
                self.said.entry((blob, index, glyph.id)).or_insert_with(|| plain(said).into());
            }
        }
    }

    /// What a glyph says; nothing where nobody knows.
    pub(super) fn said(&self, font: &FontData, glyph: u32) -> &str {
        self.said.get(&(font.data.id(), font.index, glyph)).map_or("", AsRef::as_ref)
    }

    /// How the axes of a font are set that has some.
    pub(super) fn axes(&self, face: &Face) -> &[([u8; 4], f32)] {
        self.axes.get(face).map_or(&[], Vec::as_slice)
    }
}

/// White space of every kind is found by a blank; what breaks lines says nothing.
fn plain(said: &str) -> String {
    let said = said.get(..said.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
    let one = |c: char| match c {
        '\n' | '\r' | '\u{200b}' | '\u{feff}' | '\u{ad}' => None,
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    };
    said.chars().filter_map(one).collect()
}
