//! Sockets and protocols only. Nothing here decides: what is fetched carries leave.

pub mod http;
pub mod imap;
