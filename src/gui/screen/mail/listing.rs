//! The view of the list: the search, the rows, and a sentence where there are none.

use super::not_done::obstacle_said;
use super::picking::Pick;
use super::rows::waiting;
use super::tools::tip;
use super::view::place_name;
use super::{Field, Message, Place, State, searching};
use crate::gui::screen::pieces::{across, icon_button, link_button, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::pick::pick;
use crate::gui::widget::reach::reach;
use crate::gui::widget::rows::rows;
use crate::gui::widget::watch::watch;
use crate::model::{AccountKind, Role};
use crate::store::StoreError;
use crate::store::search::QueryError;
use iced::widget::{button, column, container, row, space, text_input};
use iced::{Center, Fill, Padding};

impl State {
    pub(super) fn listing<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        column![self.search_box(look)]
            .push(self.scope_chips(look))
            .push(across(t))
            .push(self.heading_of_list(look))
            .push(self.rows(look))
            .push(self.many_bar(look))
            .height(Fill)
            .into()
    }

    fn search_box<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let narrow = self.arranged().list.is_some_and(|width| width < 340.0);
        let hint = look.say(if narrow { "search-hint-short" } else { "search-hint" });
        let field = text_input(&hint, &self.search.text)
            .id(Field::Search.id())
            .on_input(Message::SearchTyped)
            .on_submit(Message::SearchEntered)
            .size(size::SECOND)
            .padding([7, 0])
            .style(theme::field(t));
        let field = watch(field, Message::Searching(searching::Message::Opened));
        let mut inside = row![icon(Icon::Search, t.ink3), field].spacing(8).align_y(Center);
        if !self.search.text.is_empty() {
            let clear = icon_button(Icon::Close, t.ink3, Message::SearchCleared, look);
            inside = inside.push(tip(clear, look.say("search-clear"), "Esc", look));
        }
        let field = container(inside)
            .padding(Padding { left: 10.0, right: 4.0, ..Padding::ZERO })
            .center_y(34)
            .width(Fill)
            .style(theme::card(t.paper, t.line, 9.0));
        let close = Message::Searching(searching::Message::Closed);
        let field = drop(field, self.suggestions_menu(look), close).of_field();
        let mut row = row![].spacing(8).align_y(Center);
        if self.is_narrow() {
            let places = icon_button(Icon::Menu, t.ink2, Message::PlacesToggled, look);
            row = row.push(tip(places, look.say("places"), "F6", look));
        }
        container(row.push(Element::from(field))).center_y(52).padding([0, 12]).into()
    }

    fn heading_of_list<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if self.list.error.is_some() {
            return space().height(0).into();
        }
        let said = self.letters_here().map_or_else(String::new, |total| {
            let count = i64::try_from(total).unwrap_or(i64::MAX);
            // A search ends somewhere; a folder does not.
            let found = matches!(self.list.place, Place::Search | Place::Starred);
            let cut = found && total >= crate::gui::shelf::FOUND;
            let key = if cut { "search-many" } else { "search-count" };
            look.words.say_with(key, &[("count", count.into())])
        });
        let name = place_name(self, self.list.place, look);
        let mut head = row![
            tight(name, size::HINT, t.ink2, theme::SEMIBOLD),
            tight(said, size::HINT, t.ink3, theme::REGULAR),
            space().width(Fill),
        ]
        .spacing(8)
        .align_y(Center);
        // In a narrow list the order has more right to the room.
        let deed = self.of_place().filter(|_| self.window.width >= 1100.0);
        if let Some((name, key, on)) = deed {
            let deed = button(words(look.say(name), size::HINT, t.accent).font(theme::SEMIBOLD))
                .padding([2, 6])
                .style(theme::quiet(t, t.accent))
                .on_press(on.clone());
            let deed = reach(deed, Some(on), t.accent);
            head = head.push(tip(deed, look.say(name), key, look));
        }
        let head = head.push(self.sort_button(look));
        let padding = Padding { left: 14.0, right: 8.0, ..Padding::ZERO };
        column![
            container(head).center_y(29).padding(padding).style(theme::area(t.paper)),
            across(t)
        ]
        .into()
    }

    /// How many letters lie here: in a list by conversation there are fewer rows.
    fn letters_here(&self) -> Option<usize> {
        let rows = self.list.total?;
        let of = |is: &dyn Fn(&crate::store::Folder) -> bool| {
            let total: u64 = self.folders.iter().filter(|f| is(f)).map(|f| f.total).sum();
            usize::try_from(total).ok()
        };
        match self.list.place {
            _ if !self.is_bundled() => Some(rows),
            Place::Folder(id) => of(&|folder| folder.id == id),
            Place::Inboxes => of(&super::is_inbox),
            // What lies in several folders is counted once: it is not known how often.
            _ => None,
        }
    }

    /// What can be done with all of the place: its name, its key, and what it asks for.
    fn of_place(&self) -> Option<(&'static str, &'static str, Message)> {
        let Place::Folder(id) = self.list.place else { return None };
        let folder = self.folders.iter().find(|folder| folder.id == id)?;
        if super::sidebar::role(folder) == Some(Role::Trash) && folder.total > 0 {
            let account = self.account_of(folder)?;
            return Some(("empty-trash", "", Message::TrashEmptied(account)));
        }
        (folder.unread > 0).then_some(("all-read", "Shift+A", Message::AllRead(id)))
    }

    fn rows<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if let Some(error) = &self.list.error {
            return self.sentence(Icon::Info, error_said(error, look), String::new(), look);
        }
        match (self.list.total, self.list.place) {
            (Some(0), Place::Search) => {
                let hint = look.say("search-none-hint");
                let said = self.sentence(Icon::Search, look.say("search-none"), hint, look);
                let missing = Message::Missing(super::missing::Message::Wanted);
                let missing = link_button(look.say("missing-entry"), missing, look);
                let missing = tip(missing, look.say("missing-entry"), "Ctrl+Shift+K", look);
                let said = container(said).height(200);
                return column![said, container(missing).center_x(Fill)].height(Fill).into();
            }
            (Some(0), Place::All) => {
                let some = self.accounts.iter().any(|account| account.kind != AccountKind::Local);
                let hint = if some { "mail-none-account" } else { "mail-none-hint" };
                let hint = look.say(hint);
                return self.sentence(Icon::Mail, look.say("mail-none"), hint, look);
            }
            (Some(0), Place::Starred) => {
                let hint = look.say("starred-none-hint");
                return self.sentence(Icon::Star, look.say("starred-none"), hint, look);
            }
            (Some(0), Place::Folder(_) | Place::Inboxes) => {
                return self.sentence(Icon::Folder, look.say("folder-none"), String::new(), look);
            }
            _ => {}
        }
        let here = self.list.head().or(self.list.selected.map(|(at, _)| at));
        let list = rows(
            self.list.window(),
            t,
            |at| match self.list.row(at) {
                Some(row) => self.row(at, row, look),
                None => waiting(self.list.density.row(), look),
            },
            Message::ListScrolled,
            Message::ListHeight,
        );
        let says = |press| Message::Pick(Pick::Press(press));
        pick(list, self.list.window(), self.drag.is_some(), here, says).into()
    }

    fn sentence<'a>(
        &'a self,
        mark: Icon,
        title: String,
        hint: String,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let said = column![
            icon(mark, t.ink3).size(28.0),
            words(title, size::BODY, t.ink2).font(theme::SEMIBOLD).center(),
            words(hint, size::HINT, t.ink3).center(),
        ]
        .spacing(8)
        .align_x(Center);
        container(said).padding([60, 28]).center_x(Fill).height(Fill).into()
    }
}

/// What is wrong, in the user's language.
fn error_said(error: &StoreError, look: Look<'_>) -> String {
    let StoreError::Query(error) = error else {
        return obstacle_said(&error.obstacle(), look);
    };
    let with = |name: &str, typed: &str| {
        let typed: String = typed.chars().take(40).collect();
        look.words.say_with(name, &[("typed", typed.into())])
    };
    match error {
        QueryError::TooLong => look.say("query-too-long"),
        QueryError::TooDeep => look.say("query-too-deep"),
        QueryError::Date(typed) => with("query-date", typed),
        QueryError::Size(typed) => with("query-size", typed),
        QueryError::Property(typed) => with("query-property", typed),
    }
}
