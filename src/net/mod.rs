//! Sockets and protocols only. Nothing here decides: what is fetched carries leave.

mod dial;
pub mod http;
pub mod imap;
mod proxy;
mod tls;
