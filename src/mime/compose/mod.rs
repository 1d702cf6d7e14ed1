//! Letter → bytes. RFC 5322, 2045–2047, 2231, 2387 (related), 3676 (flowed), 6532, 8098.
//!
//! [`build`] is a pure function of a [`Draft`] and its [`Seal`]: no clock, no host name, no
//! user name, no file is read, so none can be in the bytes. What goes over the wire never
//! holds `Bcc`; it is 7-bit clean but for local parts that cannot be written in ASCII, its
//! lines are folded at 78 characters. Nothing a field is given can begin another field.
//! With a receipt's picture every recipient has a transaction, and the letters differ in
//! the token alone.

mod body;
mod field;
mod flowed;
mod mailbox;
pub mod marks;
mod media;
pub(in crate::mime) mod notification;
pub mod reply;
mod seal;
mod transfer;
mod tree;

#[cfg(test)]
mod reply_tests;
#[cfg(test)]
mod tests;

use crate::model::{Address, Draft, Seal};
use field::Field;
use mailbox::Mailbox;
pub use mailbox::is_address;
use std::collections::BTreeSet;

/// Why a draft cannot become a letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Something is no address. It is named without control characters.
    #[error(
        "`{0}` is not an address a letter can be sent to: correct it, for example name@example.com"
    )]
    Address(String),
    /// Nobody would get it.
    #[error("the letter has no recipient: add one in To, Cc or Bcc")]
    NoRecipient,
    /// The receipt server's address is not one.
    #[error("the receipt server `{0}` is not an https address: correct it in the settings")]
    ReceiptServer(String),
}

/// One transaction with the server that sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// `MAIL FROM`.
    pub sender: String,
    /// `RCPT TO`, each address once.
    pub recipients: Vec<String>,
    /// The same people as the draft names them, in the same order.
    pub people: Vec<Address>,
    /// The receipt token that is in its bytes: 128 bits, hexadecimal.
    pub token: Option<String>,
    /// `ENVID` (RFC 3461) where the server offers DSN: chance, 32 hexadecimal digits.
    pub envelope_id: String,
    /// The server must offer SMTPUTF8 (RFC 6531) for this one.
    pub smtputf8: bool,
}

/// Ids of a letter that answers keep at most: the first and the last ones.
const MAX_REFERENCES: usize = 50;
/// Longest id that is repeated: it must fit a line.
const MAX_ID: usize = 900;

/// A letter, built.
#[derive(Debug, Clone)]
pub struct Built {
    /// Its Message-ID without brackets.
    pub message_id: String,
    /// The transactions it takes: one, or one per recipient with a receipt's picture.
    pub deliveries: Vec<Delivery>,
    /// A picture was asked for, but the letter has no HTML that could hold it.
    pub unconfirmable: bool,
    /// What was taken out of its pictures, by the name of the file.
    pub pictures: Vec<PictureNote>,
    header: String,
    bcc: String,
    /// The body before the HTML's own text, the HTML, and what comes behind it.
    body: tree::Body,
    server: Option<String>,
}

/// What became of a picture that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureNote {
    /// Its file name as it is sent.
    pub name: String,
    /// Something that told more than the picture was taken out.
    pub cleaned: bool,
    /// It may still hold place, time or device: of a kind that is not cleaned here, or
    /// damaged, or the writer wants it so.
    pub may_tell: bool,
}

impl Built {
    /// The bytes for one of its [`Built::deliveries`]. They end with a line end; the dot
    /// that ends DATA, and doubling dots, are the transport's.
    pub fn bytes(&self, delivery: &Delivery) -> Vec<u8> {
        let pixel = match (&self.server, &delivery.token) {
            (Some(server), Some(token)) => Some(body::pixel(server, token)),
            _ => None,
        };
        self.write("", pixel.as_deref())
    }

    /// The sender's own copy, for Sent: it names who got a blind copy, and holds no
    /// picture whose fetching would count. Never to be sent.
    pub fn own_copy(&self) -> Vec<u8> {
        self.write(&self.bcc, None)
    }

    fn write(&self, bcc: &str, pixel: Option<&str>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.header.len() + bcc.len() + self.body.len());
        out.extend_from_slice(self.header.as_bytes());
        out.extend_from_slice(bcc.as_bytes());
        self.body.write(pixel, &mut out);
        out
    }
}

/// Builds a letter. The same draft and seal give the same bytes.
pub fn build(draft: &Draft, seal: &Seal) -> Result<Built, ComposeError> {
    let to = mailboxes(&draft.to)?;
    let cc = mailboxes(&draft.cc)?;
    let bcc = mailboxes(&draft.bcc)?;
    let everybody: Vec<&Mailbox<'_>> = to.iter().chain(&cc).chain(&bcc).collect();
    if everybody.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    let server = match &draft.receipt.pixel {
        Some(pixel) => Some(receipt_server(&pixel.server)?),
        None => None,
    };
    let from = Mailbox::of(&draft.identity.from)?;
    let reply_to = mailboxes(&draft.identity.reply_to)?;
    let message_id = format!("{}@{}", derived(seal, "message-id"), from.domain);

    let mut pictures = Vec::new();
    let body = tree::body(draft, seal, &from.domain, &mut pictures);
    let server = server.filter(|_| body.html().is_some());
    let unconfirmable = draft.receipt.pixel.is_some() && server.is_none();

    let seen = to.iter().chain(&cc).chain(&reply_to).chain([&from]);
    let utf8_header = seen.clone().any(Mailbox::needs_utf8);
    let deliveries = deliveries(&everybody, &from, seal, server.is_some(), utf8_header);
    let parties = Parties { from: &from, reply_to: &reply_to, to: &to, cc: &cc };
    let header = header(draft, seal, &parties, &message_id);
    let bcc = if bcc.is_empty() { String::new() } else { Field::new("Bcc").mailboxes(&bcc) };
    Ok(Built { message_id, deliveries, unconfirmable, pictures, header, bcc, body, server })
}

/// A draft as it is kept on a server, and what of it is not: recipients who are no
/// addresses yet. Holds `Bcc`; never to be sent.
pub fn draft_copy(draft: &Draft, seal: &Seal) -> (Vec<u8>, Vec<String>) {
    let mut left_out = Vec::new();
    let mut good = |addresses: &'_ [Address]| -> Vec<Address> {
        let (good, bad): (Vec<_>, Vec<_>) =
            addresses.iter().cloned().partition(|address| Mailbox::of(address).is_ok());
        left_out.extend(bad.into_iter().map(|address| address.addr));
        good
    };
    let (to, cc, bcc) = (good(&draft.to), good(&draft.cc), good(&draft.bcc));
    let reply_to = good(&draft.identity.reply_to);
    let from = good(std::slice::from_ref(&draft.identity.from));
    let boxes = |addresses| mailboxes(addresses).unwrap_or_default();
    let (to, cc, bcc, reply_to) = (boxes(&to), boxes(&cc), boxes(&bcc), boxes(&reply_to));
    let from = boxes(&from);
    let nobody = Mailbox::nobody();
    let from = from.first().unwrap_or(&nobody);
    let message_id = format!("{}@{}", derived(seal, "message-id"), from.domain);
    let body = tree::body(draft, seal, &from.domain, &mut Vec::new());
    let parties = Parties { from, reply_to: &reply_to, to: &to, cc: &cc };
    let mut out = header(draft, seal, &parties, &message_id).into_bytes();
    if !bcc.is_empty() {
        out.extend_from_slice(Field::new("Bcc").mailboxes(&bcc).as_bytes());
    }
    body.write(None, &mut out);
    (out, left_out)
}

fn derived(seal: &Seal, purpose: &str) -> String {
    seal::derive(seal, purpose, "")
}

fn mailboxes(addresses: &[Address]) -> Result<Vec<Mailbox<'_>>, ComposeError> {
    addresses.iter().map(Mailbox::of).collect()
}

/// HTTPS; without it only this computer, for the demo and tests.
fn receipt_server(written: &str) -> Result<String, ComposeError> {
    let refused = || ComposeError::ReceiptServer(field::one_line(written));
    let url = url::Url::parse(written.trim()).map_err(|_| refused())?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    let fits = url.scheme() == "https" || url.scheme() == "http" && loopback;
    let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if fits && bare && url.has_host() { Ok(url.to_string()) } else { Err(refused()) }
}

fn deliveries(
    everybody: &[&Mailbox<'_>],
    from: &Mailbox<'_>,
    seal: &Seal,
    one_each: bool,
    utf8_header: bool,
) -> Vec<Delivery> {
    let mut seen = BTreeSet::new();
    let unique = everybody.iter().filter(|mailbox| seen.insert(mailbox.key()));
    let groups: Vec<Vec<&Mailbox<'_>>> = match one_each {
        true => unique.map(|mailbox| vec![*mailbox]).collect(),
        false => vec![unique.copied().collect()],
    };
    groups
        .into_iter()
        .map(|group| {
            // By the address, so that a recipient's token stays whatever becomes of others.
            let key = if one_each { group.first().map(|m| m.key()) } else { None };
            Delivery {
                sender: from.path(),
                smtputf8: utf8_header || group.iter().any(|mailbox| mailbox.needs_utf8()),
                recipients: group.iter().map(|mailbox| mailbox.path()).collect(),
                people: group.iter().map(|mailbox| mailbox.person()).collect(),
                token: key.as_deref().map(|key| seal::derive(seal, "token", key)),
                envelope_id: seal::derive(seal, "envelope", key.as_deref().unwrap_or("")),
            }
        })
        .collect()
}

struct Parties<'p> {
    from: &'p Mailbox<'p>,
    reply_to: &'p [Mailbox<'p>],
    to: &'p [Mailbox<'p>],
    cc: &'p [Mailbox<'p>],
}

/// Everything above the body's own fields, without `Bcc`.
fn header(draft: &Draft, seal: &Seal, parties: &Parties<'_>, message_id: &str) -> String {
    let mut out = Field::new("Date").text(&seal::date(seal.date, draft.zone));
    let from = std::slice::from_ref(parties.from);
    out.push_str(&Field::new("From").mailboxes(from));
    if !parties.reply_to.is_empty() {
        out.push_str(&Field::new("Reply-To").mailboxes(parties.reply_to));
    }
    if !parties.to.is_empty() {
        out.push_str(&Field::new("To").mailboxes(parties.to));
    } else if parties.cc.is_empty() {
        // Servers that find no recipient in a header add what they like.
        out.push_str(&Field::new("To").plain("undisclosed-recipients:;"));
    }
    if !parties.cc.is_empty() {
        out.push_str(&Field::new("Cc").mailboxes(parties.cc));
    }
    out.push_str(&Field::new("Subject").text(&draft.subject));
    out.push_str(&Field::new("Message-ID").plain(&format!("<{message_id}>")));
    let context = &draft.context;
    let answered = sendable(&context.in_reply_to);
    if !answered.is_empty() {
        out.push_str(&Field::new("In-Reply-To").ids(answered.into_iter()));
    }
    let references = sendable(&context.references);
    let cut = references.len().saturating_sub(MAX_REFERENCES);
    let kept = references.iter().enumerate().filter(|(at, _)| *at == 0 || *at > cut);
    if !references.is_empty() {
        out.push_str(&Field::new("References").ids(kept.map(|(_, id)| *id)));
    }
    if draft.receipt.mdn {
        // Bare: what the answer is sent to is compared with where the letter came from.
        let asks = parties.from.without_name();
        out.push_str(&Field::new("Disposition-Notification-To").mailboxes(&[asks]));
    }
    out.push_str(&Field::new("MIME-Version").plain("1.0"));
    out
}

/// Ids that may be repeated as they are: printable ASCII without what ends them. Each once.
fn sendable(ids: &[String]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    ids.iter()
        .map(String::as_str)
        .filter(|id| !id.is_empty() && id.len() <= MAX_ID)
        .filter(|id| id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>'))
        .filter(|id| seen.insert(*id))
        .collect()
}

/// The HTML of a draft as its reader gets it, for a preview; absent for text only.
pub fn preview_html(draft: &Draft) -> Option<String> {
    body::words(draft).html.map(|(head, tail)| head + &tail)
}

/// The text of a draft as its reader gets it.
pub fn preview_text(draft: &Draft) -> String {
    body::words(draft).text
}
