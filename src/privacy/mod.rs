//! Pure judgement, no I/O: what a letter would give away, and what is allowed.
//!
//! The same letter and the same rules always give the same answer; nothing here
//! reads a clock, a file or the network. By default everything is refused
//! ([`judge`]); every reference gets a line in the [`ledger`], whatever became of
//! it. Nothing panics, whatever the letter holds.

pub mod auth;
pub mod headers;
pub mod host;
pub mod links;
pub mod oddities;
pub mod preflight;
pub mod receipts;
pub mod report;
pub mod route;
pub mod trackers;
pub mod unsubscribe;
pub mod verdict;

pub use crate::model::{Proof, Rule, Scope};
pub use auth::proof;
pub use report::{Report, report};
pub use verdict::{Policy, judge};

use crate::mime::Letter;
use crate::model::{Ledger, LedgerEntry, Reference};

/// Decides of every reference of a letter, in order.
pub fn ledger(letter: &Letter<'_>, references: Vec<Reference>, policy: &Policy) -> Ledger {
    if references.is_empty() {
        return Ledger::default();
    }
    decided(references, &recipients(letter), policy)
}

/// The same of a letter whose policy is known, with its recipients, from
/// [`Policy::for_letter`]: without looking at the letter again.
pub fn ledger_again(references: Vec<Reference>, policy: &Policy) -> Ledger {
    decided(references, &policy.recipients, policy)
}

fn decided(references: Vec<Reference>, recipients: &[String], policy: &Policy) -> Ledger {
    let trackers = trackers::judge_all(&references, recipients);
    let entries = references
        .into_iter()
        .zip(trackers)
        .map(|(reference, tracker)| {
            let verdict = judge(policy, &reference, tracker.as_ref());
            LedgerEntry { reference, verdict, tracker }
        })
        .collect();
    Ledger { entries }
}

/// Every address a letter was sent or delivered to.
pub fn recipients(letter: &Letter<'_>) -> Vec<String> {
    let envelope = &letter.envelope;
    // Where it was delivered comes first: of round mails only some are looked at.
    let delivered = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to"]
        .into_iter()
        .flat_map(|name| headers::addresses(letter, name))
        .map(|address| address.addr);
    let listed = envelope.to.iter().chain(&envelope.cc).chain(&envelope.bcc);
    delivered.chain(listed.map(|address| address.addr.clone())).collect()
}
