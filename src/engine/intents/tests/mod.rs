//! The user's gestures, crashes at any point, another program at the same mailbox: what
//! the user saw is what the server ends with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bench;
mod fake;
mod full;
mod parts;
mod random;
mod told;
