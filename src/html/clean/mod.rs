//! Untrusted HTML → HTML that may be drawn: nothing in it can reach anything.
//!
//! Order: a full-document parse (body attributes, styles, what stands after
//! `</html>`), then ammonia, then our pass. What comes out is HTML5 that names no
//! address at all: every picture is a [`Token`] into [`Cleaned::slots`], every link
//! a number into [`Cleaned::links`]. Presentational attributes have become CSS,
//! CSS has gone through a real CSS parser, nesting is limited. Time and memory are
//! bounded by the size of the letter; nothing panics.

mod base;
mod colour;
mod css;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod css_tests;
mod document;
mod elements;
mod field;
mod fold;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod fold_tests;
pub(super) mod gate;
mod grid;
mod hints;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod hostile_tests;
mod maps;
mod mend;
mod output;
mod picture;
mod slots;
mod template;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod text;
mod tree;
mod write;

use crate::model::{Link, Reference, Visible};
pub use fold::{Fold, Folding, Labels};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use template::Template;

/// A number that stands for the address of a picture in cleaned HTML.
pub type Token = u32;

/// Nested elements that are kept. The engine that draws needs stack for each.
pub const MAX_DEPTH: usize = 256;

/// What a picture of a letter is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SlotSource {
    /// Bytes outside the letter: drawn only if they were allowed and brought.
    Remote,
    /// A part of the letter, by its Content-ID or Content-Location (RFC 2392, 2557).
    Part(String),
    /// Bytes in a `data:` address, already decoded from it.
    Data(Vec<u8>),
    /// Of a kind that is never drawn.
    Never,
}

/// One place in a letter where a picture stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// Its address: equal to the `url` of the [`Reference`](crate::model::Reference)
    /// found for it. Empty for `data:`.
    pub url: String,
    /// Where it stood, as in `Reference::element`.
    pub element: String,
    /// Where its bytes are.
    pub source: SlotSource,
    /// Declared width and height in CSS pixels.
    pub size: (Option<f32>, Option<f32>),
    /// Alternative text.
    pub alt: Option<String>,
}

/// The look around a letter that its own colours do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Scheme {
    /// Dark ink on light paper.
    #[default]
    Light,
    /// Light ink on dark paper: colours are turned, pictures and brand colours kept.
    Dark,
}

/// A letter's HTML (or text), cleaned.
#[derive(Debug, Clone, Default)]
pub struct Cleaned {
    /// Pictures, by token.
    pub slots: Vec<Slot>,
    /// Links, by number: `<a href="goyo-link:N">`.
    pub links: Vec<Link>,
    /// Quoted parts that may be folded, by number: `<a href="goyo-fold:N">`.
    pub folds: Vec<Fold>,
    /// Something was left out, because there is more than can be drawn.
    pub cut: bool,
    document: Template,
}

/// What to clean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// An HTML body.
    Html(String),
    /// A text body; quotes are folded, addresses become links.
    Text(String),
}

impl Body {
    /// Bytes of its text.
    pub fn size(&self) -> usize {
        match self {
            Self::Html(text) | Self::Text(text) => text.len(),
        }
    }
}

/// Cleans the bodies of a letter, in order, into one document.
pub fn clean(bodies: &[Body]) -> Cleaned {
    document::clean(bodies)
}

impl Cleaned {
    /// The document to draw. `has` says whether the bytes of a picture are there;
    /// the others become placeholders: a box of the declared size with the
    /// alternative text, the text alone where no size is declared, nothing where
    /// there is neither.
    ///
    /// A picture that is there is `<img src="goyo:N" data-g="N">`, what stands in for
    /// one that is not has the same `data-g`, a picture of a style is `url(goyo:N)`
    /// in both cases; `N` is its [`Token`].
    pub fn html(&self, scheme: Scheme, has: &dyn Fn(Token) -> bool) -> String {
        self.folded(scheme, has, None)
    }

    /// The same with its long quoted parts folded, but for those that are open.
    /// Without `folding` there are no folds.
    pub fn folded(
        &self,
        scheme: Scheme,
        has: &dyn Fn(Token) -> bool,
        folding: Option<&Folding>,
    ) -> String {
        let mut html = String::new();
        let folds = folding.map(|folding| (folding, self.folds.as_slice()));
        self.document.write(scheme == Scheme::Dark, has, folds, &mut html);
        html
    }
}

/// Says of each reference whether it can be seen, by what the layout said of the
/// pictures it became: `visible` is by token, `None` for what stands nowhere. What was known to be unseen before
/// (after `</html>`, hidden) stays so; what the layout does not know stays as it was.
pub fn merge_visible(references: &mut [Reference], slots: &[Slot], visible: &[Option<Visible>]) {
    let mut said: HashMap<(&str, &str), Visible> = HashMap::new();
    for (slot, visible) in slots.iter().zip(visible) {
        let visible = &visible.unwrap_or(Visible::Unknown);
        said.entry((&slot.url, &slot.element))
            .and_modify(|before| {
                *before = match (*before, *visible) {
                    (Visible::Yes, _) | (_, Visible::Yes) => Visible::Yes,
                    (Visible::No, Visible::No) => Visible::No,
                    _ => Visible::Unknown,
                };
            })
            .or_insert(*visible);
    }
    for reference in references {
        let known = said.get(&(reference.url.as_str(), reference.element.as_str()));
        if let Some(visible @ (Visible::Yes | Visible::No)) = known
            && reference.visible != Visible::No
        {
            reference.visible = *visible;
        }
    }
}
