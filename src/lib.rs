//! Goyo (고요, "stillness"): mail that tells nobody.
//!
//! The rooms of the house, from the ground up. A room may only open the doors
//! named beside it; `tests/doors.rs` guards them.
//!
//! | room | what it is | may import |
//! |---|---|---|
//! | [`model`] | plain types that everything speaks | nothing of ours |
//! | [`mime`] | bytes → letter and letter → bytes: parsing, charsets, attachments, text, composing, reports | `model` |
//! | [`privacy`] | pure judgement, no I/O: verdicts, trackers, links, header report, what a letter makes known before it goes | `model`, `mime` |
//! | [`html`] | untrusted HTML → references and safe HTML; layout and painting; the drawing process | `model`, `mime`, `privacy` |
//! | [`archive`] | mbox, Maildir, `.eml` on disk | `model` |
//! | [`store`] | SQLite: letters, folders, threads, search | `model`, `mime` |
//! | [`secrets`] | passwords: the keyring, or an encrypted file | `model` |
//! | [`net`] | sockets and protocols only: remote pictures, IMAP, SMTP | `model` |
//! | [`handover`] | one window per profile: a later start hands over what it was given | nothing of ours |
//! | [`receipts`] | the self-hosted receipt server: tokens, one picture, who fetched it | `model` |
//! | [`engine`] | decides: today the import of archives | everything below it |
//! | [`cli`] | one small file a verb | everything but the window |

pub mod archive;
pub mod cli;
pub mod demo;
pub mod engine;
mod fail;
#[cfg(feature = "gui")]
pub mod gui;
pub mod handover;
pub mod html;
pub mod i18n;
pub mod memory;
pub mod mime;
pub mod model;
pub mod net;
pub mod privacy;
pub mod receipts;
pub mod secrets;
pub mod store;
mod window_thread;
