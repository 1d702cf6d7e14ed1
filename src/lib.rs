//! Goyo (고요, "stillness"): mail that tells nobody.
//!
//! The rooms of the house, from the ground up. A room may only open the doors
//! named beside it; `tests/doors.rs` guards them.
//!
//! | room | what it is | may import |
//! |---|---|---|
//! | [`model`] | plain types that everything speaks | nothing of ours |
//! | [`mime`] | bytes → letter: parsing, charsets, attachments, text | `model` |
//! | [`privacy`] | pure judgement, no I/O: verdicts, trackers, links, header report | `model`, `mime` |
//! | [`html`] | untrusted HTML → references (and, later, safe HTML) | `model`, `mime`, `privacy` |
//! | [`archive`] | mbox, Maildir, `.eml` on disk | `model` |
//! | [`store`] | SQLite: letters, folders, threads, search | `model`, `mime` |
//! | [`engine`] | decides: today the import of archives | everything below it |
//! | [`cli`] | one small file a verb | everything but the window |

pub mod archive;
pub mod cli;
pub mod engine;
pub mod html;
pub mod mime;
pub mod model;
pub mod privacy;
pub mod store;
