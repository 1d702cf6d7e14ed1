//! Which references exist to report the reading, and who would have been told.
//!
//! Three ways of knowing, the surest first: the address is that of a service we
//! know by name; nobody could see what it brings; it carries the reader's address
//! or a token of their own, be it a name that only they look up. Pure and without
//! memory: a letter is judged by itself.

mod filter;
mod learned;
mod own_names;
mod token;

use crate::model::{Reference, Tracker, TrackerKind, Visible};
use std::sync::LazyLock;

pub use filter::{List, Service};
pub use learned::{Learned, Purpose, learned};
pub use token::Recipients;

static KNOWN: LazyLock<List> =
    LazyLock::new(|| List::parse(include_str!("../../../assets/trackers.txt")));

/// The services known by name.
pub fn known() -> &'static List {
    &KNOWN
}

/// Whether a reference is a tracker, by itself, in a letter to these recipients.
pub fn judge(reference: &Reference, recipients: &[String]) -> Option<Tracker> {
    judge_for(reference, &Recipients::new(recipients))
}

/// What each reference of a letter is, in order: what they have in common counts.
pub fn judge_all(references: &[Reference], recipients: &[String]) -> Vec<Option<Tracker>> {
    let recipients = Recipients::new(recipients);
    let own = own_names::OwnNames::of(references);
    let judge = |reference: &Reference| {
        judge_for(reference, &recipients).or_else(|| {
            let token = Tracker { service: None, kind: TrackerKind::Token };
            own.are_in(&reference.url).then_some(token)
        })
    };
    references.iter().map(judge).collect()
}

fn judge_for(reference: &Reference, recipients: &Recipients) -> Option<Tracker> {
    if let Some(service) = KNOWN.find(&reference.url, reference.is_picture()) {
        return Some(Tracker { service: Some(service.vendor.clone()), kind: TrackerKind::Service });
    }
    let shown = reference.is_picture() || is_shown(&reference.element);
    if shown && reference.visible == Visible::No {
        return Some(Tracker { service: None, kind: TrackerKind::Invisible });
    }
    if recipients.named_in(&reference.url) {
        return Some(Tracker { service: None, kind: TrackerKind::Token });
    }
    // A picture people look at may well have a random name; one that says neither
    // how large it is nor what it shows has no other use for it.
    let mute = reference.alt.as_deref().is_none_or(|alt| alt.trim().is_empty());
    let suspect = reference.is_picture() && mute && reference.visible == Visible::Unknown;
    (suspect && token::is_in(&reference.url))
        .then_some(Tracker { service: None, kind: TrackerKind::Token })
}

/// What is not a picture but would be put on the page, and so is suspicious where
/// it cannot be seen.
fn is_shown(element: &str) -> bool {
    ["iframe[", "embed[", "object[", "video[", "audio[", "bgsound[", "source[", "frame["]
        .iter()
        .any(|start| element.starts_with(start))
}
