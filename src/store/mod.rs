//! The store: all mail of a profile in one SQLite database.
//!
//! Promise: a letter's bytes are kept once, exactly, under their SHA-256; a
//! letter, its thread and its search entry are written together or not at all;
//! whatever moment the program dies at, [`Store::check`] finds nothing wrong.

mod accounts;
mod bundles;
mod check;
mod choices;
mod drafts;
mod error;
mod folders;
mod holder;
pub mod intents;
mod letters;
mod mailbox;
mod order;
pub mod outbox;
mod pool;
mod prepare;
mod raw;
mod records;
mod requests;
mod rows;
mod rules;
mod schema;
pub mod search;
pub mod settings;
mod slices;
mod threads;
mod tidy;

pub use bundles::{Branch, Bundle, Bundled, DEEPEST};
pub use check::{Finding, Findings};
pub use drafts::{DraftFile, DraftRow, MAX_FILES};
pub use error::{Result, StoreError};
pub use folders::Folder;
pub use holder::Holder;
pub use letters::{Added, Incoming};
pub use mailbox::{
    Applied, Arrival, Changes, Content, Cursor, FlagsOf, Known, Mailbox, Orphan, Remote,
};
pub use order::{Among, Sort, put_in_order};
pub use pool::{DATABASE, ProfileLock, Store};
pub(crate) use prepare::PROP_ATTACHMENT;
pub use prepare::{Circumstances, Prepared, prepare, prepare_header};
pub use raw::{Dictionary, Packer, Sha, header_sha, sha256};
pub use records::MAX_LINES;
pub use requests::RequestId;
pub use rows::{LetterRow, ThreadRow};
