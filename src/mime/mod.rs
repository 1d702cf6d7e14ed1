//! Bytes → letter. RFC 5322 (header), 2045–2047 and 2231 (MIME), 3676 (flowed).
//!
//! [`parse`] never fails and never panics: what cannot be understood is kept as
//! it is, and a [`Defect`] says why in a sentence. Time and memory are bounded
//! by the size of the letter. Structure and transfer encodings are mail-parser's
//! work; charsets, header decoding and addresses are ours, because real mail
//! needs more than the standards (see `charset`).

mod letter;

pub use letter::{Content, Defect, Field, Letter, Part, parse};
