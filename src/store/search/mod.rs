//! Search: `fold` decides what a word is, `cut` takes a letter apart, `gather`,
//! `segment`, `index` and `merge` keep where a word stands, `query` reads the question, `lookup` and `plan` answer it newest first,
//! `snippet` shows the hit.

pub(super) mod cut;
pub(super) mod entry;
pub mod fold;
mod gather;
pub(super) mod index;
mod lookup;
pub(super) mod merge;
mod numbers;
pub(super) mod place;
mod plan;
mod query;
pub(super) mod segment;
mod snippet;
mod words;

pub use plan::{Order, Search};
pub use query::{
    KOREAN, Node, Property, QueryError, Text, english, korean, korean_value, parse, parse_in,
    quoted,
};
pub use snippet::{Snippet, mark};
