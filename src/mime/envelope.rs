//! Header fields → [`Envelope`].

use super::address;
use super::date;
use super::letter::Field;
use crate::model::{Address, Envelope};

/// Reads the envelope from a letter's fields. Of fields that may stand once
/// only, the first counts; address fields that stand twice are joined.
pub(crate) fn read(fields: &[Field<'_>], hint: Option<&str>) -> Envelope {
    let mut envelope = Envelope::default();
    let mut subject = None;
    let mut list_id = None;
    for field in fields {
        let raw = field.raw;
        match Name::of(&field.name) {
            Name::Other => {}
            Name::From => add(&mut envelope.from, raw, hint),
            Name::To => add(&mut envelope.to, raw, hint),
            Name::Cc => add(&mut envelope.cc, raw, hint),
            Name::Bcc => add(&mut envelope.bcc, raw, hint),
            Name::ReplyTo => add(&mut envelope.reply_to, raw, hint),
            Name::Sender => {
                if envelope.sender.is_none() {
                    envelope.sender = address::list(raw, hint).into_iter().next();
                }
            }
            Name::Subject => {
                subject.get_or_insert(&field.value);
            }
            Name::Date => envelope.date = envelope.date.or_else(|| date::parse(raw)),
            Name::MessageId => {
                if envelope.message_id.is_none() {
                    envelope.message_id = address::ids(raw).into_iter().next();
                }
            }
            Name::InReplyTo => {
                if envelope.in_reply_to.is_empty() {
                    envelope.in_reply_to = address::ids(raw);
                }
            }
            Name::References => {
                if envelope.references.is_empty() {
                    envelope.references = address::ids(raw);
                }
            }
            Name::ListId => {
                list_id.get_or_insert(&field.value);
            }
        }
    }
    envelope.subject = subject.map(|value| value.to_string()).unwrap_or_default();
    envelope.list_id = list_id.and_then(|value| {
        let inside = value
            .rsplit_once('<')
            .and_then(|(_, rest)| rest.split_once('>'))
            .map_or(&**value, |(inside, _)| inside)
            .trim();
        (!inside.is_empty()).then(|| inside.to_owned())
    });
    envelope
}

fn add(addresses: &mut Vec<Address>, raw: &[u8], hint: Option<&str>) {
    let room = address::MAX_ADDRESSES.saturating_sub(addresses.len());
    addresses.extend(address::list(raw, hint).into_iter().take(room));
}

enum Name {
    From,
    To,
    Cc,
    Bcc,
    ReplyTo,
    Sender,
    Subject,
    Date,
    MessageId,
    InReplyTo,
    References,
    ListId,
    Other,
}

impl Name {
    fn of(name: &str) -> Self {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match name.len() {
            2 if is("to") => Self::To,
            2 if is("cc") => Self::Cc,
            3 if is("bcc") => Self::Bcc,
            4 if is("from") => Self::From,
            4 if is("date") => Self::Date,
            6 if is("sender") => Self::Sender,
            7 if is("subject") => Self::Subject,
            7 if is("list-id") => Self::ListId,
            8 if is("reply-to") => Self::ReplyTo,
            10 if is("message-id") => Self::MessageId,
            10 if is("references") => Self::References,
            11 if is("in-reply-to") => Self::InReplyTo,
            _ => Self::Other,
        }
    }
}
