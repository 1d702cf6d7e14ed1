//! What the window remembers is written down a moment after it has changed, and once more
//! when the window goes.

use super::{App, Message, off_thread};
use crate::gui::notify::Telling;
use crate::gui::settings::smallest;
use crate::gui::taste::TextSize;
use iced::{Point, Size, Task, window};
use std::time::Duration;

/// What changes within this is written once.
const REST: Duration = Duration::from_millis(700);

/// How the window lies, as it was said last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lies {
    id: Option<window::Id>,
    size: Option<Size>,
    at: Option<Point>,
    /// Something of it has changed since it was written down.
    changed: bool,
    /// It has room for text of this size.
    room: Option<TextSize>,
}

impl App {
    /// Language, notifications, and how somebody likes the window are as on the screen.
    pub(super) fn remember(&mut self) -> Task<Message> {
        self.settings.language = Some(self.screen.language.code().to_owned());
        self.settings.keep_taste(self.screen.taste);
        self.settings.panes = self.screen.panes;
        self.settings.notify_shows = self.screen.notify == Telling::Full;
        self.settings.notify_off = self.screen.notify == Telling::Off;
        self.settings.pins = self.screen.pins.clone();
        self.settings.sorts = self.screen.sorts.clone();
        self.settings.letters_alone = !self.screen.stacked;
        self.settings.list_of_letters = !self.screen.bundled;
        self.settings.searches.clone_from(&self.screen.help.recent);
        self.remember_soon()
    }

    /// One may have gone elsewhere.
    pub(super) fn remember_spot(&mut self) -> Task<Message> {
        let spot = self.screen.spot();
        if spot.is_none() || spot == self.settings.spot {
            return Task::none();
        }
        self.settings.spot = spot;
        self.remember_soon()
    }

    fn remember_soon(&mut self) -> Task<Message> {
        if self.commands.is_none() {
            return Task::none();
        }
        self.change += 1;
        let change = self.change;
        Task::perform(tokio::time::sleep(REST), move |()| Message::Remember(change))
    }

    /// A moment has passed since a change.
    pub(super) fn remember_now(&mut self, change: u64) -> Task<Message> {
        if change != self.change {
            return Task::none();
        }
        if let Some(id) = self.lies.id.filter(|_| std::mem::take(&mut self.lies.changed)) {
            return window::is_maximized(id).then(move |maximized| {
                window::monitor_size(id).map(move |screen| Message::Lies(maximized, screen))
            });
        }
        let (keeper, settings) = (self.keeper.clone(), self.settings.clone());
        // A disk that is full is said by what matters more.
        let kept = off_thread(move || keeper.keep(change, &settings)).map(|_| Message::Done);
        Task::batch([self.make_room(), kept])
    }

    /// Large text wants a larger window. Not at once: the toolkit reckons with the size of
    /// text it drew with last.
    fn make_room(&mut self) -> Task<Message> {
        let text = self.screen.taste.text;
        let (Some(id), true) = (self.lies.id, self.lies.room != Some(text)) else {
            return Task::none();
        };
        self.lies.room = Some(text);
        let (least, by) = (smallest(text), text.factor());
        let of_text = |size: Size| Size::new(size.width / by, size.height / by);
        let limit = window::set_min_size(id, Some(of_text(least)));
        let wanted = self
            .lies
            .size
            .map(|now| Size::new(now.width.max(least.width), now.height.max(least.height)));
        match wanted.filter(|wanted| Some(*wanted) != self.lies.size) {
            Some(wanted) => Task::batch([limit, window::resize(id, of_text(wanted))]),
            None => limit,
        }
    }

    /// A size as it is whatever the size of text: what the toolkit tells is that of what it
    /// draws.
    fn on_screen(&self, size: Size) -> Size {
        let by = self.scale_factor();
        Size::new(size.width * by, size.height * by)
    }

    /// The window has opened.
    pub(super) fn lies_first(
        &mut self,
        id: window::Id,
        at: Option<Point>,
        size: Size,
    ) -> Task<Message> {
        let size = self.on_screen(size);
        let room = Some(self.screen.taste.text);
        self.lies = Lies { id: Some(id), size: Some(size), at, changed: false, room };
        window::monitor_size(id).map(Message::Screen)
    }

    /// It lies on this screen: if that is not the one it was on, it is put where it can be
    /// seen.
    pub(super) fn lies_on(&self, screen: Option<Size>) -> Task<Message> {
        let (Some(id), Some(frame)) = (self.lies.id, self.settings.frame) else {
            return Task::none();
        };
        if frame.maximized {
            // Asked for before a window is shown, X11 passes it over.
            return window::maximize(id, true);
        }
        let by = self.scale_factor();
        match screen.and_then(|screen| frame.moved_into(self.on_screen(screen))) {
            Some((at, size)) => {
                let size = Size::new(size.width / by, size.height / by);
                Task::batch([window::resize(id, size), window::move_to(id, at)])
            }
            None => Task::none(),
        }
    }

    /// It was moved, or its size changed.
    pub(super) fn lies_elsewhere(
        &mut self,
        at: Option<Point>,
        size: Option<Size>,
    ) -> Task<Message> {
        let by = self.scale_factor();
        self.lies.at = at.map(|at| Point::new(at.x * by, at.y * by)).or(self.lies.at);
        self.lies.size = size.map(|size| self.on_screen(size)).or(self.lies.size);
        self.lies.changed = true;
        self.remember_soon()
    }

    /// Whether it is maximized, and on what screen, is known.
    pub(super) fn lies_so(&mut self, maximized: bool, screen: Option<Size>) -> Task<Message> {
        let frame = self.settings.frame.unwrap_or_default();
        let size = self.lies.size.unwrap_or_else(|| frame.size());
        let screen = screen.map(|screen| self.on_screen(screen));
        self.settings.frame = Some(frame.now(size, self.lies.at, maximized, screen));
        self.remember_now(self.change)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if self.commands.is_some() {
            self.settings.spot = self.screen.spot().or(self.settings.spot.take());
            let _ = self.keeper.keep(self.change + 1, &self.settings);
        }
    }
}
