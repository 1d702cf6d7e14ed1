//! Bytes → letter, and letter → bytes ([`compose`]). RFC 5322 (header), 2045–2047 and 2231 (MIME), 3676 (flowed).
//!
//! [`parse`] never fails and never panics: what cannot be understood is kept as
//! it is, and a [`Defect`] says why in a sentence. Time and memory are bounded
//! by the size of the letter. The tree is built here (`structure` says why) on
//! mail-parser's transfer decoding; charsets, header decoding and addresses are
//! ours, because real mail needs more than the standards (see [`charset`]).

pub mod address;
mod body;
pub mod charset;
pub mod compose;
pub mod date;
mod encoded_word;
mod entity;
mod envelope;
pub mod file_name;
pub mod flowed;
pub mod header;
pub mod html_text;
mod html_tokens;
mod letter;
pub mod mailto;
mod params;
mod parse;
pub mod picture;
mod reading;
pub mod report;
mod structure;
pub mod subject;
mod transfer;

pub use letter::{Content, Defect, Field, Letter, Part};
pub use parse::parse;
