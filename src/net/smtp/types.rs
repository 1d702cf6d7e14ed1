//! What goes over an SMTP connection, in types of ours.

use super::reply::Reply;
use std::time::Duration;

/// How connections are made and waited for. The default is for everybody: the figures of
/// RFC 5321, 4.5.3.2, lower where no server needs that long, never lower for the answer to
/// the end of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Certificate authorities (DER) instead of the platform's.
    pub authorities: Option<Vec<Vec<u8>>>,
    /// For look-up and connection together.
    pub connect: Duration,
    /// For TLS.
    pub handshake: Duration,
    /// For the greeting: some servers let strangers wait on purpose.
    pub greeting: Duration,
    /// For the answer to a command: EHLO, AUTH, RSET, QUIT.
    pub answer: Duration,
    /// For the answers to MAIL and RCPT: servers ask others meanwhile.
    pub envelope: Duration,
    /// For the answer to DATA.
    pub data: Duration,
    /// For the server to take some of a letter.
    pub block: Duration,
    /// For the answer to the end of a letter. Giving up too early is how letters are doubled.
    pub commit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            authorities: None,
            connect: Duration::from_secs(20),
            handshake: Duration::from_secs(20),
            greeting: Duration::from_secs(60),
            answer: Duration::from_secs(60),
            envelope: Duration::from_secs(300),
            data: Duration::from_secs(120),
            block: Duration::from_secs(180),
            commit: Duration::from_secs(600),
        }
    }
}

/// What a server offers (EHLO), of what is used here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// SIZE (RFC 1870): the largest letter it takes, in bytes; `Some(0)`: it does not say.
    pub size: Option<u64>,
    /// DSN (RFC 3461): reports of what becomes of a letter can be asked for.
    pub dsn: bool,
    /// SMTPUTF8 (RFC 6531): addresses and headers that are not ASCII.
    pub smtputf8: bool,
    /// 8BITMIME (RFC 6152): letters that are not 7-bit.
    pub eight_bit: bool,
    /// PIPELINING (RFC 2920): commands need not wait for the answers before.
    pub pipelining: bool,
    /// ENHANCEDSTATUSCODES (RFC 2034).
    pub enhanced: bool,
    /// STARTTLS (RFC 3207).
    pub starttls: bool,
    /// Ways to log in (RFC 4954), in upper case.
    pub auth: Vec<String>,
}

impl Offers {
    /// The largest letter it takes, in bytes, if it says.
    pub fn limit(&self) -> Option<u64> {
        self.size.filter(|limit| *limit > 0)
    }
}

/// Who gets a letter, and what is to be told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Where reports go; empty: nobody is to be told (reports and receipts themselves).
    pub sender: String,
    /// Who gets it: at least one.
    pub recipients: Vec<String>,
    /// Bytes of the letter as they are handed to [`super::Session::content`].
    pub size: u64,
    /// The letter's header is not ASCII: only a server with SMTPUTF8 may have it. Addresses
    /// that need it are found without this.
    pub smtputf8: bool,
    /// The letter is not 7-bit.
    pub eight_bit: bool,
    /// What reports call this letter (ENVID), where the server offers DSN: up to 100
    /// printable characters.
    pub envelope_id: Option<String>,
    /// When a report is wanted, where the server offers DSN; `None`: as servers do by
    /// themselves (failures, often delays).
    pub notify: Option<Notify>,
}

/// When a report is wanted (NOTIFY, RFC 3461). None of these: never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notify {
    /// When it was delivered.
    pub success: bool,
    /// When it cannot be.
    pub failure: bool,
    /// When that takes long.
    pub delay: bool,
}

impl Notify {
    /// Always.
    pub const ALL: Self = Self { success: true, failure: true, delay: true };
}

/// What a server said to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// As it stands in the envelope.
    pub recipient: String,
    /// What it said: accepted if positive, else refused, for now or for good.
    pub reply: Reply,
}

impl Said {
    /// Whether the letter goes to this one.
    pub fn is_accepted(&self) -> bool {
        self.reply.is_positive()
    }
}

/// What went over a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes read from the network.
    pub read: u64,
    /// Bytes written to it.
    pub written: u64,
}
