//! The open letter: its pixels, its ledger, what is selected and found in it.

use super::answering::Answering;
use super::story::Story;
use crate::engine::protocol::{Command, Fallback, OpenLedger, OpenLetter};
use crate::gui::widget::letter::{self, STRIP, Strips};
use crate::gui::widget::lines::{Cut, Marked};
use crate::html::worker::protocol::{DocId, Hit, Laid, Point, Rect, Stop};
use crate::model::LetterId;
use crate::privacy::links::LinkReport;
use iced::{Size, Vector};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A letter that is open.
#[derive(Debug)]
pub struct Open {
    /// Its number at the engine.
    pub doc: DocId,
    /// Which it is; `None` for a file.
    pub id: Option<LetterId>,
    /// Its facts.
    pub letter: Arc<OpenLetter>,
    /// What it refers to and what became of that.
    pub ledger: Arc<OpenLedger>,
    /// That, counted.
    pub story: Story,
    /// Requests for it since it was opened, those under way included.
    pub requests: usize,
    /// How it came out.
    pub laid: Option<Laid>,
    /// Why it is shown as text.
    pub fallback: Option<Fallback>,
    /// The links of what is drawn, by number.
    pub links: Arc<Vec<LinkReport>>,
    /// Its text cut into lines, where it cannot be drawn.
    pub text: Cut,
    /// What is marked of that text.
    pub marked: Option<Marked>,
    /// Its pixels.
    pub strips: Strips,
    /// How far it is scrolled, in logical pixels.
    pub offset: Vector,
    /// What is selected: where, and the text.
    pub selected: (Vec<Rect>, String),
    /// What is under the pointer.
    pub under: Hit,
    /// The link that keys have come to.
    pub stop: Option<Stop>,
    /// A place that is being asked about, and what for.
    pub wanted: Option<(Point, Wanted)>,
    /// The search inside it.
    pub find: Option<Find>,
    /// The charset chosen by hand since it was opened.
    pub charset: Option<String>,
    /// What the user says to a request for a receipt.
    pub answering: Answering,
    /// Who is named in it is unfolded.
    pub people: bool,
    /// The user has marked it unread: it stays so.
    pub kept_unread: bool,
    /// Where others stand above and below it: its first pixel that is in sight, how many are,
    /// and where it begins from the upper edge of what is seen. All in logical pixels.
    pub seen: Option<Seen>,
    asked: BTreeSet<u32>,
}

/// What is to happen at a place of the letter, once it is known what lies there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// What it leads to.
    Followed,
    /// The menu of the place: where it is in what shows the letter, in logical pixels.
    Menu(iced::Point),
}

/// How much of a letter is in sight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Its first row that is.
    pub top: f32,
    /// How many rows are.
    pub height: f32,
    /// Where it begins, from the upper edge of what is seen.
    pub begins: f32,
}

/// A search inside the letter.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// What for.
    pub text: String,
    /// Where it was found.
    pub places: Vec<Vec<Rect>>,
    /// Which of them is looked at.
    pub here: usize,
    /// Whether the answer to `text` has come.
    pub answered: bool,
}

impl Open {
    /// A letter just opened.
    pub fn new(doc: DocId, letter: Arc<OpenLetter>) -> Self {
        let mut strips = Strips::default();
        letter.strips.iter().for_each(|tile| strips.insert(tile));
        Self {
            doc,
            id: letter.letter,
            ledger: Arc::clone(&letter.ledger),
            story: Story::of(&letter.ledger),
            requests: letter.ledger.since_opened,
            laid: letter.laid,
            fallback: letter.fallback,
            links: Arc::clone(&letter.links),
            text: Cut::default(),
            marked: None,
            strips,
            offset: Vector::ZERO,
            selected: (Vec::new(), String::new()),
            under: Hit::default(),
            stop: None,
            wanted: None,
            find: None,
            charset: None,
            answering: Answering::default(),
            people: false,
            kept_unread: false,
            seen: None,
            asked: BTreeSet::new(),
            letter,
        }
    }

    /// What it refers to was judged again, or asked for.
    pub fn judged(&mut self, ledger: Arc<OpenLedger>) {
        self.story = Story::of(&ledger);
        self.requests = ledger.since_opened;
        self.ledger = ledger;
    }

    /// It was laid out again: everything painted, selected and found is of before.
    pub fn laid_out(&mut self, laid: Laid, view: Size, scale: f32) {
        let was = self.laid.map(|laid| letter::logical(&laid, scale).height);
        self.strips.age(&laid);
        self.asked.clear();
        self.laid = Some(laid);
        self.selected = (Vec::new(), String::new());
        // Which one it was is still known.
        if let Some(stop) = &mut self.stop {
            stop.boxes.clear();
        }
        // The same share of the letter stays in sight.
        let now = letter::logical(&laid, scale);
        if let Some(was) = was.filter(|was| *was > 1.0 && (was - now.height).abs() > 1.0) {
            self.offset.y *= now.height / was;
        }
        self.offset.x = self.offset.x.clamp(0.0, (now.width - view.width).max(0.0));
        self.offset.y = self.offset.y.clamp(0.0, (now.height - view.height).max(0.0));
    }

    /// Its first row in sight, in logical pixels.
    pub fn top(&self) -> f32 {
        self.seen.map_or(self.offset.y, |seen| seen.top)
    }

    /// Whether nothing of it is seen.
    pub fn is_out_of_sight(&self) -> bool {
        self.seen.is_some_and(|seen| seen.height <= 0.0)
    }

    /// So much of it is seen now. Out of sight it keeps no pixels.
    pub fn looked_at(&mut self, seen: Seen) {
        self.seen = Some(seen);
        if self.is_out_of_sight() {
            self.strips.clear();
            self.asked.clear();
        }
    }

    /// Asks for the strips in sight and the ones beside them, each once.
    pub fn paint(&mut self, view: Size, scale: f32) -> Vec<Command> {
        let Some(laid) = self.laid else { return Vec::new() };
        let height = laid.device.1;
        if self.is_out_of_sight() {
            return Vec::new();
        }
        let seen = self.seen.map_or(view.height, |seen| seen.height);
        let from = (self.top() * scale).max(0.0) as u32;
        let to = ((self.top() + seen) * scale).max(0.0) as u32;
        let first = (from / STRIP).saturating_sub(1);
        let last = to / STRIP + 1;
        // What was asked for far away and never came may be asked for again.
        self.asked.retain(|y| (*y / STRIP).abs_diff(first) < 40);
        let strips = &self.strips;
        let asked = &mut self.asked;
        // Those in sight first.
        let seen = from / STRIP..=to / STRIP;
        let beside = [last, first];
        seen.chain(beside)
            .map(|n| n.saturating_mul(STRIP))
            .filter(|y| *y < height && !strips.has(*y) && asked.insert(*y))
            .map(|y| Command::Paint(self.doc, y, STRIP.min(height - y)))
            .collect()
    }

    /// A strip came.
    pub fn painted(&mut self, tile: &Arc<crate::html::worker::protocol::Tile>) {
        self.asked.remove(&tile.y);
        if self.laid.is_some_and(|laid| laid.device.0 == tile.size.0) {
            self.strips.insert(tile);
        }
    }

    /// The link of this number, and where it stands among the links.
    pub fn link(&self, number: Option<u32>) -> Option<(usize, &LinkReport)> {
        let at = usize::try_from(number?).ok()?;
        Some((at, self.links.get(at)?))
    }

    /// What keys have come to, where it is seen.
    pub fn come_to(&self) -> Option<Hit> {
        let stop = self.stop.as_ref().filter(|stop| !stop.boxes.is_empty())?;
        Some(stop.hit)
    }

    /// What was found, as far as it is looked at.
    pub fn found(&self) -> Option<Rect> {
        let find = self.find.as_ref()?;
        find.places.get(find.here)?.first().copied()
    }

    /// Brings a place of it into sight.
    pub fn reveal(&mut self, rect: Rect, view: Size, scale: f32) {
        let Some(laid) = self.laid else { return };
        let to_logical = laid.factor / scale;
        let (top, bottom) = (rect.y * to_logical, (rect.y + rect.height) * to_logical);
        if top < self.offset.y + 24.0 || bottom > self.offset.y + view.height - 24.0 {
            let content = letter::logical(&laid, scale).height;
            let furthest = (content - view.height).max(0.0);
            self.offset.y = (top - view.height / 3.0).clamp(0.0, furthest);
        }
    }

    /// Scrolls by logical pixels.
    pub fn scroll(&mut self, by: Vector, view: Size, scale: f32) {
        let Some(laid) = self.laid else { return };
        let content = letter::logical(&laid, scale);
        self.offset.x = (self.offset.x + by.x).clamp(0.0, (content.width - view.width).max(0.0));
        self.offset.y = (self.offset.y + by.y).clamp(0.0, (content.height - view.height).max(0.0));
    }

    /// The sender's address, if it names one.
    pub fn sender(&self) -> Option<&str> {
        match self.letter.from.as_slice() {
            [from] => Some(&from.addr),
            _ => None,
        }
    }
}
