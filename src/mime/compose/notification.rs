//! The bytes of a receipt by answer: multipart/report of words and
//! message/disposition-notification (RFC 8098, 6522). The letter itself is not sent back.

use super::field::Field;
use super::flowed;
use super::mailbox::Mailbox;
use super::transfer::Encoding;
use super::{ComposeError, derived, seal, sendable};
use crate::model::{Address, Identity, Seal};

/// What it says.
pub(crate) struct Notification<'n> {
    pub identity: &'n Identity,
    pub to: &'n Address,
    pub subject: &'n str,
    pub words: &'n str,
    /// The Message-ID of the letter.
    pub about: Option<&'n str>,
    /// The value of `Disposition`: ours, ASCII.
    pub disposition: &'n str,
}

/// An answer's envelope and bytes.
pub(crate) struct Notified {
    pub recipient: String,
    pub bytes: Vec<u8>,
    pub message_id: String,
    pub smtputf8: bool,
}

pub(crate) fn build(what: &Notification<'_>, seal: &Seal) -> Result<Notified, ComposeError> {
    let from = Mailbox::of(&what.identity.from)?;
    let to = Mailbox::of(what.to)?;
    let message_id = format!("{}@{}", derived(seal, "message-id"), from.domain);
    let about: Vec<String> = what.about.map(str::to_owned).into_iter().collect();
    let about = sendable(&about);
    let boundary = format!("=_{}", derived(seal, "boundary"));
    let mut out = Field::new("Date").text(&seal::date(seal.date, None));
    out.push_str(&Field::new("From").mailboxes(std::slice::from_ref(&from)));
    out.push_str(&Field::new("To").mailboxes(std::slice::from_ref(&to)));
    out.push_str(&Field::new("Subject").text(what.subject));
    out.push_str(&Field::new("Message-ID").plain(&format!("<{message_id}>")));
    if !about.is_empty() {
        out.push_str(&Field::new("In-Reply-To").ids(about.iter().copied()));
        out.push_str(&Field::new("References").ids(about.iter().copied()));
    }
    // Nobody's holiday note answers it (RFC 3834 section 5).
    out.push_str(&Field::new("Auto-Submitted").plain("auto-replied"));
    out.push_str(&Field::new("MIME-Version").plain("1.0"));
    let report = Field::new("Content-Type")
        .value("multipart/report")
        .parameter("report-type", "disposition-notification")
        .parameter("boundary", &boundary);
    out.push_str(&report.end());
    out.push_str(&format!("\r\n\r\n--{boundary}\r\n"));
    let flowed = flowed::flow(what.words);
    let encoding = Encoding::of(&flowed.text);
    let text = Field::new("Content-Type").value("text/plain").parameter("charset", "utf-8");
    let text = text.parameter("format", "flowed");
    let text = if flowed.delsp { text.parameter("delsp", "yes") } else { text };
    out.push_str(&text.end());
    out.push_str(&Field::new("Content-Transfer-Encoding").plain(encoding.name()));
    out.push_str("\r\n");
    let mut bytes = out.into_bytes();
    encoding.write(&flowed.text, &mut bytes);
    // An address beyond ASCII needs the kinds RFC 6533 made for it.
    let (kind, of) = match from.needs_utf8() {
        true => ("message/global-disposition-notification", "utf-8"),
        false => ("message/disposition-notification", "rfc822"),
    };
    let mut report = format!("\r\n--{boundary}\r\n");
    report.push_str(&Field::new("Content-Type").value(kind).end());
    report.push_str("\r\n");
    report.push_str(&Field::new("Final-Recipient").plain(&format!("{of};{}", from.path())));
    if let Some(id) = about.first() {
        report.push_str(&Field::new("Original-Message-ID").plain(&format!("<{id}>")));
    }
    report.push_str(&Field::new("Disposition").text(what.disposition));
    report.push_str(&format!("\r\n--{boundary}--\r\n"));
    bytes.extend_from_slice(report.as_bytes());
    Ok(Notified {
        smtputf8: from.needs_utf8() || to.needs_utf8(),
        recipient: to.path(),
        bytes,
        message_id,
    })
}
