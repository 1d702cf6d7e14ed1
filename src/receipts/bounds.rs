//! How much of anything the receipt server takes.

use std::time::Duration;

/// Connections at a time; more wait to be accepted.
pub const CONNECTIONS: usize = 256;
/// Bytes of a request's head at most.
pub const HEAD: usize = 16 * 1024;
/// Fields of a request's head at most.
pub const FIELDS: usize = 64;
/// How long a head may take to arrive.
pub const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long a connection may live: one request and its answer.
pub const CONNECTION_TIME: Duration = Duration::from_secs(15);
/// Bytes of the body of a registration at most.
pub const BODY: usize = 256 * 1024;
/// Bodies of registrations at a time.
pub const BODIES: usize = 8;
/// Tokens of one registration at most.
pub const TOKENS_AT_ONCE: usize = 1_000;
/// Live tokens of one key at most.
pub const TOKENS_OF_KEY: u64 = 100_000;
/// Live tokens of all keys at most.
pub const TOKENS: u64 = 1_000_000;
/// Seconds a token may live: 400 days.
pub const LIFE: i64 = 400 * 86_400;
/// Lines kept for a token: kinds and services of fetchers.
pub const LINES: u64 = 12;
/// A line's count goes no further, and nothing is written for it any more.
pub const COUNT: u64 = 1_000;
/// Hits that wait to be written; more are answered and not counted.
pub const WAITING: usize = 8_192;
/// Hits looked at in one go.
pub const BATCH: usize = 1_024;
/// Events of one answer.
pub const EVENTS: usize = 1_000;
/// Seconds after delivery in which a fetch is hardly a reader's.
pub const SOON: i64 = 30;
/// Requests that a key may make at once.
pub const BURST: u32 = 60;
/// Requests a second that a key may make in the long run.
pub const PACE: u32 = 2;
/// Characters of a key's name.
pub const NAME: usize = 64;
/// How often what has expired is deleted.
pub const SWEEP: Duration = Duration::from_secs(2);
/// How long connections may go on when the server ends.
pub const FAREWELL: Duration = Duration::from_secs(3);
