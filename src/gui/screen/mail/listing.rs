//! The view of the list: the search, the rows, and a sentence where there are none.

use super::list::Row;
use super::not_done::obstacle_said;
use super::picking::Pick;
use super::tools::tip;
use super::view::{across, icon_button, link_button, place_name, tag, tight, words};
use super::{Field, Message, Place, State, searching};
use crate::gui::taste::Density;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::pick::pick;
use crate::gui::widget::rows::rows;
use crate::gui::widget::watch::watch;
use crate::i18n::grouped;
use crate::model::{AccountKind, Flags, Role};
use crate::store::StoreError;
use crate::store::search::QueryError;
use iced::widget::{button, column, container, row, space, text_input};
use iced::{Center, Fill, Padding};

/// Characters of an account's name beside a letter.
const WHOSE: usize = 22;

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
            inside = inside.push(clear);
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
            row = row.push(icon_button(Icon::Menu, t.ink2, Message::PlacesToggled, look));
        }
        container(row.push(Element::from(field))).center_y(52).padding([0, 12]).into()
    }

    fn heading_of_list<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if self.list.error.is_some() {
            return space().height(0).into();
        }
        let said = self.list.total.map_or_else(String::new, |total| {
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
                .on_press(on);
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
        let compact = self.list.density == Density::Compact;
        let list = rows(
            self.list.window(),
            t,
            |at| match self.list.row(at) {
                Some(row) if compact => self.compact_row(at, row, look),
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

    fn row<'a>(&'a self, at: usize, shown: &'a Row, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let letter = &shown.letter;
        let many = self.list.many.has(at, letter.id);
        let chosen = self.list.selected.is_some_and(|(row, id)| {
            id == letter.id || (row == at && self.stands_for_open(letter))
        });
        let on = many || (chosen && !self.shows_many());
        let unread = !letter.flags.has(Flags::SEEN);
        let (font, ink) = if unread { (theme::SEMIBOLD, t.ink) } else { (theme::REGULAR, t.ink) };
        let sent = self.is_sent_or_draft(letter);
        let who = match (&letter.from, letter.to.first()) {
            (_, Some(to)) if sent => look.words.say_with("row-to", &[("name", to.label().into())]),
            (Some(from), _) => from.label().to_owned(),
            (None, _) => look.say("row-nobody"),
        };
        let subject = match letter.subject.trim() {
            "" => look.say("no-subject"),
            subject => subject.to_owned(),
        };
        let mut who = line(who, size::BODY, ink).font(font).height(20.0);
        let mut about = line(subject, size::SECOND, t.ink).font(font).height(18.0);
        let mut piece = line(letter.preview.clone(), size::HINT, t.ink3).height(18.0);
        let whose = self.whose(letter);
        if let Some(marks) = &shown.marks {
            if !marks.from.hits.is_empty() && !sent {
                who = line(marks.from.text.clone(), size::BODY, ink)
                    .font(font)
                    .height(20.0)
                    .marks(&marks.from.hits, t.accent);
            }
            if !marks.subject.hits.is_empty() {
                about = line(marks.subject.text.clone(), size::SECOND, t.ink)
                    .font(font)
                    .height(18.0)
                    .marks(&marks.subject.hits, t.accent);
            }
            if let Some(text) = &marks.text {
                piece = line(text.text.clone(), size::HINT, t.ink3)
                    .height(18.0)
                    .marks(&text.hits, t.accent);
            }
        }
        let mut first = row![who].spacing(8).align_y(Center).height(20);
        if letter.flags.has(Flags::FLAGGED) {
            first = first.push(icon(Icon::Star, t.warn).size(14.0).filled(true));
        }
        if letter.trackers > 0 {
            let count = grouped(i64::try_from(letter.trackers).unwrap_or(i64::MAX));
            first = first.push(tag(Some(Icon::EyeOff), count, t.warn, t.warn_soft));
        }
        if letter.has_attachment {
            first = first.push(icon(Icon::Clip, t.ink3).size(15.0));
        }
        if shown.thread > 1 {
            let count = grouped(i64::try_from(shown.thread).unwrap_or(i64::MAX));
            first = first.push(tag(None, count, t.ink2, t.paper));
        }
        let when = look.clock.short(look.words, letter.date);
        first = first.push(tight(when, size::HINT, t.ink3, theme::REGULAR));
        let dot: Element<'a, Message> = if unread {
            container(space()).width(7).height(7).style(theme::tag(t.accent)).into()
        } else {
            space().width(7).into()
        };
        // What is picked is ticked; that it is unread is seen by its weight.
        let (dot, beside): (Element<'a, Message>, _) = match many {
            true => (icon(Icon::Check, t.accent).size(15.0).into(), (7.0, 4.0, 12.0)),
            false => (dot, (11.0, 8.0, 16.0)),
        };
        let (left, right, top) = beside;
        let dot = container(dot).padding(Padding { top, left, right, bottom: 0.0 });
        let mut third = row![piece].spacing(8);
        if let Some(whose) = whose {
            third = third.push(tight(whose, size::HINT, t.ink3, theme::REGULAR).height(18.0));
        }
        let text = column![first, about, third].padding(Padding {
            top: 9.0,
            right: 14.0,
            bottom: 0.0,
            left: 0.0,
        });
        let body = row![dot, text];
        let row = button(body)
            .padding(0)
            .width(Fill)
            .height(Density::Comfortable.row() - 1.0)
            .style(theme::row(t, on))
            .on_press(Message::RowChosen(at));
        column![row, across(t)].into()
    }

    /// Whose a letter is, where letters of several accounts stand below each other.
    fn whose(&self, letter: &crate::store::LetterRow) -> Option<String> {
        let mixed = !matches!(self.list.place, Place::Folder(_)) && self.accounts_with_mail() > 1;
        mixed.then(|| {
            // What stands before the @ of two accounts may be the same; their domains differ.
            let name: String = letter.account.chars().take(WHOSE + 1).collect();
            match name.chars().count() {
                0..=WHOSE => name,
                _ => name.chars().take(WHOSE - 1).chain(['…']).collect(),
            }
        })
    }

    pub(super) fn is_sent_or_draft(&self, letter: &crate::store::LetterRow) -> bool {
        let is_sent = |folder: &crate::store::Folder| {
            folder.path == letter.folder && folder.role.as_deref() == Some("sent")
        };
        letter.flags.has(Flags::DRAFT) || self.folders.iter().any(is_sent)
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

/// A row that has not been read yet.
fn waiting<'a>(height: f32, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let bar = |width: f32| container(space()).width(width).height(8).style(theme::tag(t.paper));
    let third = (height > Density::Compact.row()).then(|| bar(180.0));
    let body = column![bar(120.0), bar(220.0)].push(third).spacing(10).padding(Padding {
        top: if height > Density::Compact.row() { 14.0 } else { 9.0 },
        left: 26.0,
        ..Padding::ZERO
    });
    column![container(body).height(height - 1.0), across(t)].into()
}
