//! Letters carried to a folder by the pointer: a small card below it says how many.

use super::deeds::Deed;
use super::moving::Moving;
use super::view::place_name;
use super::{Action, Due, Message, Place, State};
use crate::gui::screen::pieces::words;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{Act, FolderId};
use iced::widget::{container, pin, row};
use iced::{Center, Point};
use std::time::Duration;

/// Where the card is, from the pointer, in logical pixels.
const BESIDE: (f32, f32) = (14.0, 12.0);

/// What stands above the folders and below them, in logical pixels.
const TOP: f32 = 92.0;
const FOOT: f32 = 46.0;
/// So near to their edge folders are scrolled: a little more than one of them is high.
const EDGE: f32 = 36.0;
/// By so much at a time, in logical pixels, and so often.
const STEP: f32 = 10.0;
const AGAIN: Duration = Duration::from_millis(30);

/// What is carried: the picked letters, or the row one is at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drag {
    /// How many letters.
    pub count: usize,
    /// Where the pointer is, in the window.
    pub at: Point,
    /// The folder below it.
    pub over: Option<FolderId>,
    /// They are to be copied.
    pub copies: bool,
    /// It is at the edge of the folders: they are scrolled by so much, up or down.
    pub pull: Option<f32>,
    /// They will be scrolled again in a moment, if it is there still.
    pub pulling: bool,
}

impl State {
    /// A row was lifted: with it all that is picked, or it alone.
    pub(super) fn lift(&mut self, row: usize, at: Point) -> Vec<Action> {
        self.menu = None;
        if !self.pick_for_menu(row) {
            return Vec::new();
        }
        // Folders that lie behind a button come out to be reached.
        self.places_shown |= self.is_narrow();
        let count = self.list.many.count().max(1);
        self.drag = Some(Drag { count, at, over: None, copies: false, pull: None, pulling: false });
        Vec::new()
    }

    pub(super) fn carry(&mut self, at: Point) -> Vec<Action> {
        let pull = self.edge_at(at);
        let Some(drag) = &mut self.drag else { return Vec::new() };
        drag.at = at;
        drag.pull = pull;
        if drag.pulling { Vec::new() } else { self.pull_folders() }
    }

    /// Where to the folders are scrolled for what is carried there: they go on above their
    /// first line that is seen, or below the last.
    fn edge_at(&self, at: Point) -> Option<f32> {
        let side = match self.are_places_over() {
            true => super::panes::OVER,
            false => self.arranged().side?,
        };
        let down = at.y - (self.window.height - FOOT - EDGE);
        match at.x <= side {
            true if down > 0.0 => Some(STEP),
            true if at.y < TOP + EDGE => Some(-STEP),
            _ => None,
        }
    }

    /// Scrolls the folders on as long as something is carried at their edge.
    pub(super) fn pull_folders(&mut self) -> Vec<Action> {
        let Some(drag) = &mut self.drag else { return Vec::new() };
        drag.pulling = drag.pull.is_some();
        let on = |by| vec![Action::ScrollFolders(by), Action::Later(Due::Edge, AGAIN)];
        drag.pull.map_or_else(Vec::new, on)
    }

    /// Let go where there is no folder, or given up: everything is as before.
    pub(super) fn put_down(&mut self) -> bool {
        let carried = self.drag.take().is_some();
        self.places_shown &= !carried;
        if carried && self.list.many.by_menu {
            self.let_go();
        }
        carried
    }

    /// Whether letters can be let go over a folder.
    pub(super) fn is_target(&self, folder: FolderId) -> bool {
        let from = self.list.place == Place::Folder(folder);
        self.drag.is_some_and(|drag| drag.copies || !from)
    }

    pub(super) fn drop_into(&mut self, to: FolderId) -> Vec<Action> {
        if !self.is_target(to) {
            self.put_down();
            return Vec::new();
        }
        let Some(drag) = self.drag.take() else { return Vec::new() };
        self.places_shown = false;
        self.moving = Moving { copies: drag.copies, ..Moving::default() };
        self.put_into(to)
    }

    /// Puts the picked letters, or the one at hand, or copies of them, into a folder.
    pub(super) fn put_into(&mut self, to: FolderId) -> Vec<Action> {
        let copies = std::mem::take(&mut self.moving.copies);
        if self.is_many() {
            return self.put_many_into(to, copies);
        }
        match copies {
            true => self.copy_into(to),
            false => self.put(Deed::Moved(to), |letters| Act::Move(letters, to)),
        }
    }

    /// The card below the pointer.
    pub(super) fn drag_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let drag = self.drag?;
        let count = i64::try_from(drag.count).unwrap_or(i64::MAX);
        let mut args = vec![("count", count.into())];
        let target = drag.over.filter(|over| self.is_target(*over));
        let (mark, ink, key) = match (target, drag.copies) {
            (Some(to), copies) => {
                args.push(("folder", place_name(self, Place::Folder(to), look).into()));
                let key = if copies { "drag-copy-to" } else { "drag-move-to" };
                (if copies { Icon::Copy } else { Icon::Folder }, t.accent, key)
            }
            (None, true) => (Icon::Copy, t.ink2, "drag-copy"),
            (None, false) => (Icon::Mail, t.ink2, "drag-move"),
        };
        let said = words(look.words.say_with(key, &args), size::SECOND, t.ink);
        let card = row![icon(mark, ink), said.font(theme::SEMIBOLD)].spacing(8).align_y(Center);
        let edge = if target.is_some() { t.accent } else { t.line };
        let card = container(card).padding([7, 12]).style(theme::card(t.surface, edge, 9.0));
        let room = (self.window.width - 220.0).max(0.0);
        let x = (drag.at.x + BESIDE.0).min(room);
        let y = (drag.at.y + BESIDE.1).min((self.window.height - 40.0).max(0.0));
        Some(pin(card).x(x).y(y).into())
    }
}
