//! The whole screen: folders, list, letter, status line.

use super::archives_said::{doing_said, far_said};
use super::keys::{first, last};
use super::link::may_open;
use super::not_done::not_opened_said;
use super::{Menu, Message, Place, State};
use crate::gui::screen::pieces::across;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::keys::keys;
use crate::gui::widget::line::line;
use crate::i18n::Words;
use iced::widget::{column, container, mouse_area, opaque, row, space, stack, text};
use iced::{Center, Fill, Shrink};

impl State {
    /// The screen.
    pub fn view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let _marked = crate::window_thread::marked();
        let beside = if let Some(preferences) = &self.preferences {
            tabbed(self.preferences_view(preferences, look))
        } else if let Some(writing) = &self.writing {
            writing.view(self.beside_side(), look).map(Message::Compose)
        } else if self.list.place == Place::Outbox {
            tabbed(self.outbox_view(look))
        } else if self.list.place == Place::Receipts {
            tabbed(self.receipts_view(look))
        } else {
            keys(self.list_and_letter(look), |_, _| None, |_, _| None).with_tabs().passing().into()
        };
        let mut page = column![self.with_side(beside, look)];
        if let Some(strip) = self.demo(look) {
            page = page.push(strip);
        }
        // What is typed over it is not for it.
        let page = keys(page, |_, _| None, |_, _| None).deaf(self.is_covered());
        // The window itself is paper: it is not painted twice.
        let page = container(page).width(Fill).height(Fill);
        let mut layers = stack![page];
        if self.are_places_over() {
            let places = keys(self.places_over(look), |_, _| None, |_, _| None);
            layers = layers.push(places.deaf(self.is_covered()));
        }
        // What is said stands below whatever lies on top, not over it.
        let mut said = self.notices(look);
        let closing = self.closing_over(look);
        let closing = closing.map(|over| self.over_notices(over, said.take(), look));
        let shown = self.writing.as_ref().filter(|_| self.preferences.is_none());
        let question = shown.and_then(|writing| writing.question(look));
        let question = question.map(|over| over.map(Message::Compose));
        let question = question.map(|over| self.over_notices(over, said.take(), look));
        if let Some(sheet) = self.sheet_over(look) {
            let sheet = self.over_notices(sheet, said.take(), look);
            let sheet = keys(sheet, |_, _| None, |_, _| None).with_tabs();
            layers = layers.push(sheet.deaf(self.is_closing()));
        }
        for over in [question, closing].into_iter().flatten() {
            layers = layers.push(tabbed(over));
        }
        for over in [self.row_menu_over(look), self.drag_over(look)].into_iter().flatten() {
            layers = layers.push(over);
        }
        let notices = self.goals_over(look).or_else(|| said.map(|said| self.notices_over(said)));
        if let Some(notices) = notices {
            layers = layers.push(notices);
        }
        let elsewhere = Message::Focus(super::focus::Message::Left);
        let led = self.focus() != super::focus::Focus::List && !self.are_places_over();
        keys(
            layers,
            |key, modifiers| first(self, key, modifiers),
            |key, modifiers| last(self, key, modifiers),
        )
        .left_by_click(led.then_some(elsewhere))
        .with_second(self.going, |said| matches!(said, Message::Going), super::go::second)
        .into()
    }

    /// Whether the sidebar lies over the list.
    pub(super) fn are_places_over(&self) -> bool {
        self.places_shown && self.is_narrow()
    }

    fn places_over<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let scrim = container(space()).width(Fill).height(Fill).style(theme::area(t.scrim));
        let scrim = opaque(mouse_area(scrim).on_press(Message::PlacesToggled));
        let side = container(self.sidebar(super::panes::OVER, look))
            .height(Fill)
            .style(theme::raised(t, 0.0));
        stack![scrim, opaque(side)].into()
    }

    pub(super) fn reading<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let body = match &self.open {
            _ if self.shows_many() => self.many_view(look),
            Some(open) => self.letter_view(open, look),
            None => self.nothing_open(look),
        };
        let body = match self.way_back(look).filter(|_| self.open.is_none()) {
            Some(back) => column![container(back).center_y(52).padding([0, 12]), body].into(),
            None => body,
        };
        column![self.way_outside(look), body, across(t), self.status(look)]
            .width(Fill)
            .height(Fill)
            .into()
    }

    fn nothing_open<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (title, hint) = if self.ended {
            (look.say("engine-ended"), String::new())
        } else if let Some(why) = &self.not_opened {
            (look.say("open-failed"), not_opened_said(why, look))
        } else if self.coming.is_some() {
            (look.say("open-coming"), String::new())
        } else {
            (look.say("empty-title"), look.say("empty-hint"))
        };
        let words = column![
            icon(Icon::Mail, t.ink3).size(36.0),
            space().height(4),
            text(title).size(size::SECTION).font(theme::SEMIBOLD).color(t.ink2),
            text(hint).size(size::SECOND).color(t.ink3).center().width(Shrink),
        ]
        .spacing(6)
        .align_x(Center)
        .max_width(420);
        container(words).center(Fill).into()
    }

    fn status<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let left: Element<'a, Message> = match self.link_under() {
            Some(link) => line(link, size::HINT, t.ink2).into(),
            None => self.state_of_mail(look),
        };
        let mut bar = row![left].spacing(14).align_y(Center);
        if let Some(open) = self.open.as_ref().filter(|_| !self.shows_many()) {
            let count = i64::try_from(open.requests).unwrap_or(i64::MAX);
            let ink = if count == 0 { t.ink3 } else { t.warn };
            bar = bar.push(text(look.say("status-requests")).size(size::HINT).color(ink)).push(
                text(look.words.say_with("status-count", &[("count", count.into())]))
                    .size(size::HINT)
                    .font(theme::BOLD)
                    .color(if count == 0 { t.ink } else { t.warn }),
            );
            bar = bar.spacing(6);
        }
        container(bar)
            .height(26)
            .center_y(26)
            .padding([0, 14])
            .width(Fill)
            .style(theme::area(t.side))
            .into()
    }

    fn state_of_mail<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if self.ended {
            return line(look.say("engine-ended"), size::HINT, t.bad).into();
        }
        if let Some(count) = self.deeds.at_work() {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let said = look.words.say_with("status-at-work", &[("count", count.into())]);
            return line(said, size::HINT, t.ink2).into();
        }
        if let Some(far) = &self.archives.job {
            let (doing, far) = (doing_said(far.doing, look), far_said(far, look));
            let said = line(format!("{doing} · {far}"), size::HINT, t.ink2);
            let said = row![icon(Icon::Sync, t.accent).size(13.0), said];
            return said.spacing(8).align_y(Center).width(Fill).into();
        }
        if let Some(line) = self.sync_line(look) {
            return line;
        }
        let total: u64 = self.folders.iter().map(|f| f.total).sum();
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        let said = look.words.say_with("status-mail", &[("count", total.into())]);
        row![icon(Icon::Lock, t.ink3).size(13.0), line(said, size::HINT, t.ink3)]
            .spacing(8)
            .align_y(Center)
            .width(Fill)
            .into()
    }

    /// Where the link leads that is under the pointer, or that keys have come to.
    fn link_under(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        let stop = || open.come_to()?.link;
        let (_, link) = open.link(open.under.link.or_else(stop))?;
        let target = &link.target;
        Some(may_open(target).unwrap_or_else(|| target.clone()))
    }
}

/// A view whose buttons the tabulator goes through.
pub(super) fn tabbed<'a>(inside: Element<'a, Message>) -> Element<'a, Message> {
    keys(inside, |_, _| None, |_, _| None).with_tabs().into()
}

/// The name of a place, and its icon.
pub(super) fn place_name(state: &State, place: Place, look: Look<'_>) -> String {
    place_called(state, place, look.words)
}

/// The same, in a language.
pub(super) fn place_called(state: &State, place: Place, words: &Words) -> String {
    match place {
        Place::Inboxes => words.say("place-inboxes"),
        Place::All => words.say("place-all"),
        Place::Starred => words.say("place-starred"),
        Place::Search => words.say("place-search"),
        Place::Outbox => words.say("folder-outbox"),
        Place::Receipts => words.say("place-receipts"),
        Place::Folder(id) => {
            let folder = state.folders.iter().find(|folder| folder.id == id);
            folder.map_or_else(String::new, |folder| super::sidebar::name_in(folder, words))
        }
    }
}

/// Whether a menu is open, as what is shown.
pub(super) fn open_menu<'a>(
    state: &State,
    which: Menu,
    content: impl FnOnce() -> Element<'a, Message>,
) -> Option<Element<'a, Message>> {
    state.has(which).then(content)
}
