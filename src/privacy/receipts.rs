//! Requests to be told that a letter was read: by answer (MDN, RFC 8098, and the
//! fields before it) or by a service's receipt pixel. Nothing is ever answered here.

use super::headers;
use super::trackers;
use crate::mime::Letter;
pub use crate::mime::report::Unanswerable;
use crate::mime::report::request;
use crate::model::{Address, Ledger, TrackerKind};
use serde::Serialize;

/// How somebody asks to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptKind {
    /// By a field of the header: the reader's program would send an answer.
    Mdn,
    /// By a picture: fetching it is the receipt.
    Pixel,
}

/// Somebody asks to be told that this letter was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptRequest {
    /// How.
    pub kind: ReceiptKind,
    /// The service that would be told, for pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Who asks, where the letter says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asker: Option<Address>,
    /// Where it asks for an answer (RFC 8098): whom that would tell, should the user wish so,
    /// and nobody else; or why it cannot be answered.
    #[serde(skip)]
    pub answer: Option<Result<Address, Unanswerable>>,
    /// In words.
    pub text: String,
}

/// Fields that ask for a receipt.
const FIELDS: [&str; 8] = [
    "disposition-notification-to",
    "return-receipt-to",
    "return-receipt-requested",
    "x-confirm-reading-to",
    "read-receipt-to",
    "x-pmrqc",
    "generate-delivery-report",
    "x-return-receipt-to",
];

/// Every request a letter makes. The same asker is named once.
pub fn requests(letter: &Letter<'_>, ledger: &Ledger) -> Vec<ReceiptRequest> {
    let mut found: Vec<ReceiptRequest> = Vec::new();
    for name in FIELDS {
        // Some of the old fields say only that a receipt is wanted, not by whom.
        let wanted = headers::value(letter, name).is_some_and(|value| !value.is_empty());
        if wanted {
            let answer = match (name == FIELDS[0]).then(|| request(letter)) {
                None | Some(Err(Unanswerable::NotAsked)) => None,
                Some(asked) => Some(asked.map(|asked| asked.to)),
            };
            let asker = match &answer {
                // Named is who would be told.
                Some(Ok(to)) => Some(to.clone()),
                _ => headers::addresses(letter, name)
                    .next()
                    .or_else(|| letter.envelope.from.first().cloned()),
            };
            if found
                .iter()
                .any(|r| r.asker.as_ref().map(|a| &a.addr) == asker.as_ref().map(|a| &a.addr))
            {
                continue;
            }
            let who = asker.as_ref().map_or("The sender", Address::label);
            let text = match answer {
                Some(Err(Unanswerable::Several)) => {
                    format!("{who} asks that several addresses be told that you read this.")
                }
                _ => format!("{who} asks to be told that you read this."),
            };
            let kind = ReceiptKind::Mdn;
            found.push(ReceiptRequest { kind, service: None, asker, answer, text });
        }
    }
    for entry in &ledger.entries {
        let Some(tracker) = entry.tracker.as_ref().filter(|t| t.kind == TrackerKind::Service)
        else {
            continue;
        };
        let Some(service) = tracker.service.as_deref().and_then(|s| trackers::known().service(s))
        else {
            continue;
        };
        let known = |r: &ReceiptRequest| r.service.as_deref() == Some(service.vendor.as_str());
        if service.purpose != "receipt" || found.iter().any(known) {
            continue;
        }
        found.push(ReceiptRequest {
            kind: ReceiptKind::Pixel,
            service: Some(service.vendor.clone()),
            asker: letter.envelope.from.first().cloned(),
            answer: None,
            text: format!(
                "Had its picture been loaded, {} could have been told when, and roughly where, \
                 you opened this.",
                service.vendor
            ),
        });
    }
    found
}
