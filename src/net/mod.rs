//! Sockets and protocols only. Nothing here decides: what is fetched carries leave.

mod dial;
pub mod dns;
pub mod http;
pub mod imap;
mod log;
mod proxy;
mod reach;
pub mod receipts;
mod sasl;
mod scram;
pub mod smtp;
mod stream;
mod tls;

pub use log::Log;
pub use reach::{Credentials, Endpoint};
