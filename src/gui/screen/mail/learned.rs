//! What a tracker learns, or would have learned, in the user's language.

use crate::gui::theme::Look;
use crate::model::Tracker;
use crate::privacy::trackers::{Learned, learned};

/// The things `tracker` learns when it is asked, in a row.
pub(super) fn learned_said(tracker: &Tracker, look: Look<'_>) -> String {
    let things = learned(tracker).into_iter().map(|thing| {
        look.say(match thing {
            Learned::Reader => "learned-reader",
            Learned::Time => "learned-time",
            Learned::Place => "learned-place",
            Learned::HowLong => "learned-how-long",
            Learned::Elsewhere => "learned-elsewhere",
        })
    });
    things.collect::<Vec<_>>().join(", ")
}
