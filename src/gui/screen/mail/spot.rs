//! Where one was when the window was closed, to be there again when it opens.
//!
//! A letter whose pictures are fetched as soon as it is opened, or that is still unread, is
//! selected but not opened: starting the program tells nobody anything, and reads nothing.

use super::{Action, List, Place, State};
use crate::engine::protocol::Command;
use crate::model::{Flags, FolderId, LetterId, Reason, Verdict};
use serde::{Deserialize, Serialize};

/// Rows above the selected one that are shown.
const ABOVE: usize = 2;

/// Where one was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The place.
    pub place: Kept,
    /// The row of the selected letter.
    #[serde(default)]
    pub row: usize,
    /// That letter.
    #[serde(default)]
    pub letter: Option<i64>,
    /// It was open, and may be opened without anybody asking for it.
    #[serde(default)]
    pub open: bool,
}

/// A place, as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// All inboxes.
    Inboxes,
    /// Every letter.
    All,
    /// Those with a star.
    Starred,
    /// The folder of this number.
    Folder(i64),
    /// Letters on their way.
    Outbox,
    /// What is known of letters that were sent.
    Receipts,
}

impl Kept {
    pub(super) fn of(place: Place) -> Option<Self> {
        Some(match place {
            Place::Inboxes => Self::Inboxes,
            Place::All => Self::All,
            Place::Starred => Self::Starred,
            Place::Folder(id) => Self::Folder(id.0),
            Place::Outbox => Self::Outbox,
            Place::Receipts => Self::Receipts,
            Place::Search => return None,
        })
    }

    fn place(self) -> Place {
        match self {
            Self::Inboxes => Place::Inboxes,
            Self::All => Place::All,
            Self::Starred => Place::Starred,
            Self::Folder(id) => Place::Folder(FolderId(id)),
            Self::Outbox => Place::Outbox,
            Self::Receipts => Place::Receipts,
        }
    }
}

impl State {
    /// Where one is; nothing as long as nobody has chosen anything.
    pub fn spot(&self) -> Option<Spot> {
        if let Some(spot) = &self.back {
            return Some(spot.clone());
        }
        if !self.placed && self.list.selected.is_none() {
            return None;
        }
        let searched = self.search.before.map(|(place, _)| place);
        let place = match self.list.place {
            Place::Search => Kept::of(searched?)?,
            place => Kept::of(place)?,
        };
        let selected = self.list.selected.filter(|_| self.list.place != Place::Search);
        let open = selected.is_some_and(|(_, id)| self.opens_quietly(id));
        Some(Spot {
            place,
            row: selected.map_or(0, |(row, _)| row),
            letter: selected.map(|(_, id)| id.0),
            open,
        })
    }

    /// Whether this letter is open, and opening it anew asks nobody for anything and marks
    /// nothing as read.
    fn opens_quietly(&self, id: LetterId) -> bool {
        let Some(open) = self.open.as_ref().filter(|open| open.id == Some(id)) else {
            return false;
        };
        let of_its_own = |verdict| match verdict {
            // These end with the window.
            Verdict::Allow(Reason::Once | Reason::ByHand) | Verdict::Refuse(_) => false,
            Verdict::Allow(_) => true,
        };
        self.open_flags().has(Flags::SEEN)
            && !open.ledger.ledger.entries.iter().any(|entry| of_its_own(entry.verdict))
    }

    /// To where one was. Before [`State::start`], which reads what lies there.
    pub fn return_to(&mut self, spot: Spot) {
        self.placed = true;
        self.list.restart(spot.place.place());
        self.list.offset =
            spot.row.saturating_sub(ABOVE) as f64 * f64::from(self.list.density.row());
        self.back = spot.letter.is_some().then_some(spot);
    }

    /// What lies there is read.
    pub(super) fn read_back(&mut self) -> Vec<Action> {
        if !self.placed {
            return Vec::new();
        }
        let mut actions = self.read_first();
        if self.list.place == Place::Receipts {
            actions.push(Action::Ask(Command::AskReceipts));
        }
        actions
    }

    /// Rows have come: the letter that was selected is among them, may still come, or has
    /// gone. Whoever has chosen something meanwhile stays there.
    pub(super) fn select_back(&mut self) -> Vec<Action> {
        let Some(spot) = &self.back else { return Vec::new() };
        let elsewhere = self.open.is_some() || self.coming.is_some() || self.writing.is_some();
        if elsewhere || self.list.selected.is_some() || self.list.place != spot.place.place() {
            self.back = None;
            return Vec::new();
        }
        let found = spot.letter.and_then(|id| self.list.at(LetterId(id)));
        let Some(at) = found else {
            let comes = |list: &List| {
                list.row(spot.row).is_none() && list.total.is_none_or(|total| spot.row < total)
            };
            if !comes(&self.list) {
                self.back = None;
            }
            return Vec::new();
        };
        let open = spot.open;
        self.back = None;
        if open {
            return self.choose(at);
        }
        self.list.select(at);
        Vec::new()
    }
}
