//! Accounts brought in step with a real server, and compared with it letter by letter:
//! folders, UIDs, flags, bytes. The truth is read by a client that shares nothing with
//! Goyo, and the mailbox is changed by a second client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod attacks;
mod behind;
mod changes;
mod day;
mod first;
mod interrupted;
mod limits;
mod names;
mod odd;
mod rivals;
mod states;
mod watching;
mod ways;
