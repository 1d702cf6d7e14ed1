//! What a document may cost the tree builder, the same in both readings of it: where
//! references are collected ([`super::document`]) and where the letter is cleaned
//! ([`super::clean`]). If one reading built what the other left out, a letter could
//! show what its ledger does not tell of.

use html5ever::LocalName;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, Token, TokenSinkResult};
use std::cell::Cell;

/// Elements that are still built, those the tree builder adds included: a few
/// hundred bytes can make it open the same hundred elements again and again.
pub(super) const MAX_ELEMENTS: u32 = 200_000;

/// Comparisons of attributes, about, that may be spent on formatting elements: for
/// each the tree builder sorts and compares the attributes of all open ones of its
/// name. Beyond, they are read but not built.
const MAX_COMPARISONS: usize = 20_000_000;

/// The formatting elements of the standard (HTML 13.2.4.2) of which more than one
/// can be open.
const FORMATTING: [&str; 12] =
    ["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// What has been spent.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// Open elements that were left out.
    skipped: Cell<u32>,
    /// Formatting elements begun and not ended, by name, at most.
    formatting: [Cell<usize>; FORMATTING.len()],
    comparisons: Cell<usize>,
    /// A token came.
    told: Cell<bool>,
}

impl Limits {
    /// A token comes.
    pub fn hear(&self, token: &Token) {
        if !matches!(token, Token::ParseError(_)) {
            self.told.set(true);
        }
    }

    /// Whether a token came since this was asked last.
    pub fn take_told(&self) -> bool {
        self.told.take()
    }

    /// Whether we are inside an element that was left out.
    pub fn are_skipping(&self) -> bool {
        self.skipped.get() > 0
    }

    /// Leaves an element out; the kind of raw text that follows its tag, if it does.
    pub fn leave_out(&self, tag: &Tag, is_foreign: bool) -> Option<RawKind> {
        if !tag.self_closing && !is_void(&tag.name) {
            self.skipped.set(self.skipped.get().saturating_add(1));
        }
        raw_kind(&tag.name).filter(|_| !is_foreign)
    }

    /// Whether an end tag is that of an element that was left out.
    pub fn ends_skipped(&self) -> bool {
        let skipped = self.skipped.get();
        self.skipped.set(skipped.saturating_sub(1));
        skipped > 0
    }

    fn formatting(&self, name: &str) -> Option<&Cell<usize>> {
        let index = FORMATTING.iter().position(|known| *known == name)?;
        self.formatting.get(index)
    }

    /// Whether there is time for one more element of that kind.
    pub fn may_format(&self, tag: &Tag) -> bool {
        let Some(open) = self.formatting(&tag.name) else {
            return true;
        };
        let now = open.get() * (1 + tag.attrs.len());
        self.comparisons.set(self.comparisons.get().saturating_add(now));
        if self.comparisons.get() > MAX_COMPARISONS {
            return false;
        }
        open.set(open.get() + 1);
        true
    }

    /// An element that was built ends; `depth` is that of what was put in its place
    /// last. What closes makes room again; the next element says how much.
    pub fn end(&self, name: &str, depth: &Cell<u32>) {
        if let Some(open) = self.formatting(name) {
            open.set(open.get().saturating_sub(1));
        }
        depth.set(depth.get().saturating_sub(1));
    }
}

/// What the tokenizer is answered: no script runs here, and the charset was settled
/// before.
pub(super) fn answer<H>(result: TokenSinkResult<H>) -> TokenSinkResult<H> {
    match result {
        TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => {
            TokenSinkResult::Continue
        }
        other => other,
    }
}

pub(super) fn is_void(name: &LocalName) -> bool {
    matches!(
        &**name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "image"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// How the tokenizer goes on after elements that hold raw text.
fn raw_kind(name: &LocalName) -> Option<RawKind> {
    match &**name {
        "title" | "textarea" => Some(RawKind::Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "script" => Some(RawKind::ScriptData),
        _ => None,
    }
}
