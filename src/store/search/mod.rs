//! Search: `cut` decides what a word is, `segment` and `index` keep where it
//! stands, `query` reads the question, `lookup` and `plan` answer it newest first,
//! `snippet` shows the hit.

pub mod cut;
pub(super) mod index;
mod lookup;
pub(super) mod place;
mod plan;
mod query;
pub(super) mod segment;
mod snippet;

pub use plan::{Order, Search};
pub use query::{Node, Property, QueryError, Text, parse, parse_in};
pub use snippet::{Snippet, mark};
