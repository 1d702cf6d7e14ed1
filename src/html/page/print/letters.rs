//! What the letters of a font stand for, so that printed text can be searched and copied.
//!
//! Layout knows which text each glyph was made of: that is better than what a font says
//! of itself, which knows neither ligatures nor the forms that letters take in a word. The same
//! glyph may stand for several things, and several for one: what it says is looked up by the
//! glyphs it stands among.

use blitz_dom::BaseDocument;
use blitz_dom::node::{ListItemLayoutPosition, Marker, TextBrush};
use parley::layout::Run;
use parley::{Layout, PositionedLayoutItem};
use peniko::FontData;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Text of one glyph, in bytes, at most: a ligature stands for a few characters.
const MAX_TEXT: usize = 32;

/// A face of a font, and how its axes are set.
pub(super) type Face = (u64, u32, Vec<i16>);

/// What each glyph of a row says: the first of those that stand for one thing together says
/// it, the others are `None`.
pub(super) type Said = Rc<[Option<Box<str>>]>;

/// What is known of all glyphs of a document.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// By the font and the glyphs, as they are drawn.
    said: HashMap<(u64, u32, Box<[u32]>), Said>,
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
        }
        for line in layout.lines() {
            // One run may be drawn in several pieces, each in another colour.
            let mut of: Option<Range<usize>> = None;
            let mut rest = Vec::new().into_iter();
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(drawn) = item else { continue };
                let run = drawn.run();
                if of.as_ref() != Some(&run.text_range()) {
                    of = Some(run.text_range());
                    rest = said_by(run, text).into_iter();
                }
                let glyphs: Box<[u32]> = drawn.glyphs().map(|glyph| glyph.id).collect();
                let said: Said = rest.by_ref().take(glyphs.len()).collect();
                let font = run.font();
                self.said.entry((font.data.id(), font.index, glyphs)).or_insert(said);
            }
        }
    }

    /// What the glyphs of a row say; nothing where nobody knows.
    pub(super) fn said(&self, font: &FontData, glyphs: Box<[u32]>) -> Said {
        let known = self.said.get(&(font.data.id(), font.index, glyphs));
        known.map_or_else(|| Rc::from([]), Rc::clone)
    }

    /// How the axes of a font are set that has some.
    pub(super) fn axes(&self, face: &Face) -> &[([u8; 4], f32)] {
        self.axes.get(face).map_or(&[], Vec::as_slice)
    }
}

/// What each glyph of a run says, in the order in which they are drawn.
fn said_by(run: &Run<'_, TextBrush>, text: &str) -> Vec<Option<Box<str>>> {
    // What ligatures are made of, by where they begin.
    let mut whole: HashMap<usize, Range<usize>> = HashMap::new();
    let mut begun = 0;
    for cluster in run.clusters() {
        let bytes = cluster.text_range();
        if !cluster.is_ligature_continuation() {
            begun = bytes.start;
        }
        let known = whole.entry(begun).or_insert_with(|| bytes.clone());
        *known = known.start.min(bytes.start)..known.end.max(bytes.end);
    }
    let mut said = Vec::new();
    for cluster in run.visual_clusters() {
        let bytes = cluster.text_range();
        let bytes = whole.get(&bytes.start).cloned().unwrap_or(bytes);
        let mut first = Some(plain(text.get(bytes).unwrap_or_default()).into_boxed_str());
        said.extend(cluster.glyphs().map(|_| first.take()));
    }
    said
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
