//! The sidebar: places, folders with what is unread, and the way to the settings.

use super::focus::Stop;
use super::picking::Pick;
use super::{Menu, Message, Place, State};
use crate::engine::protocol::Start;
use crate::gui::screen::pieces::label;
use crate::gui::theme::{self, Look, Tokens, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, Logo, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::ring::ring;
use crate::i18n::{Words, grouped};
use crate::model::{Account, AccountKind, Role};
use crate::store::Folder;
use iced::widget::{Column, button, column, container, mouse_area, row, scrollable, space, text};
use iced::{Center, Fill};
use std::str::FromStr;

/// Folders shown of an account; more are scrolled to.
const MOST: usize = 2_000;

impl State {
    pub(super) fn sidebar<'a>(&'a self, width: f32, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let logo = Logo { size: 24.0, ink: t.ink, seal: t.seal };
        let brand =
            row![logo, text(look.say("name")).size(size::SECTION).font(theme::BOLD).color(t.ink)]
                .spacing(8)
                .align_y(Center)
                .padding([6, 8]);
        let write = Message::WriteWanted(Start::New(self.account_at_hand(), Vec::new()));
        let write = button(
            container(label(Some(Icon::Draft), look.say("write"), t.on_accent)).center_x(Fill),
        )
        .padding(0)
        .height(36)
        .width(Fill)
        .style(theme::primary(t))
        .on_press(write);
        let write = super::tools::tip(write, look.say("write"), "C", look);
        let write = container(write).padding([0, 4]);
        let mut list = Column::new().spacing(0);
        list = list.push(self.heading(look.say("side-places"), look));
        if self.inboxes() > 1 {
            let inboxes = self.folders.iter().filter(|folder| super::is_inbox(folder));
            let unread = inboxes.map(|folder| folder.unread).sum();
            let inboxes = (Icon::Inbox, look.say("place-inboxes"), unread);
            list = list.push(self.place(Place::Inboxes, inboxes, look));
        }
        // What is unread is counted where it lies.
        let all = (Icon::Mail, look.say("place-all"), 0);
        list = list.push(self.place(Place::All, all, look));
        let starred = (Icon::Star, look.say("place-starred"), 0);
        list = list.push(self.place(Place::Starred, starred, look));
        let receipts = (Icon::Eye, look.say("place-receipts"), 0);
        list = list.push(self.place(Place::Receipts, receipts, look));
        if !self.outbox.letters.is_empty() {
            let waiting = u64::try_from(self.outbox.letters.len()).unwrap_or(u64::MAX);
            let mark = if self.outbox_needs() { Icon::Warn } else { Icon::Outbox };
            let outbox = (mark, look.say("folder-outbox"), waiting);
            list = list.push(self.place(Place::Outbox, outbox, look));
        }
        for folder in self.pinned() {
            let place = Place::Folder(folder.id);
            list = list.push(self.place_at(place, true, self.pin_shown(folder, look), look));
        }
        let mut account = None;
        for folder in in_order(&self.folders).into_iter().take(MOST) {
            if account != Some(&folder.account) {
                account = Some(&folder.account);
                list = list.push(self.account(&folder.account, look));
            }
            if self.is_folded(&folder.account) {
                continue;
            }
            let shown = (folder_icon(folder), folder_name(folder, look), count(folder));
            list = list.push(self.place(Place::Folder(folder.id), shown, look));
            if let Some(share) = self.share_of(folder.id) {
                list = list.push(container(progress(share, t)).padding([0, 10]));
            }
        }
        // An account that has no folders yet is an account all the same.
        for account in self.bare_accounts() {
            list = list.push(self.account(&account.name, look));
        }
        let on = self.preferences.is_some();
        let settings = self.foot(Icon::Settings, look.say("settings-title"), on, look);
        let foot = super::tools::tip(settings, look.say("settings-title"), "Ctrl+,", look);
        let folders = scrollable(list.padding(iced::Padding::ZERO.right(2.0)))
            .id(super::FOLDERS)
            .height(Fill)
            .style(theme::scroll(t))
            .direction(scrollable::Direction::Vertical(
                scrollable::Scrollbar::new().width(4).scroller_width(4),
            ));
        container(column![brand, write, folders, foot].spacing(4))
            .padding([10, 8])
            .width(width)
            .height(Fill)
            .style(theme::area(t.side))
            .into()
    }

    /// Every place, in the order of the sidebar.
    pub(super) fn places(&self) -> Vec<Place> {
        let place = |stop| match stop {
            Stop::Place(place) => Some(place),
            Stop::Account(_) => None,
        };
        self.stops().into_iter().filter_map(place).collect()
    }

    /// Every line of the sidebar with which something can be done.
    pub(super) fn stops(&self) -> Vec<Stop> {
        let inboxes = (self.inboxes() > 1).then_some(Place::Inboxes);
        let outbox = (!self.outbox.letters.is_empty()).then_some(Place::Outbox);
        let first = [Place::All, Place::Starred, Place::Receipts];
        let first = inboxes.into_iter().chain(first).chain(outbox);
        let pinned = self.pinned().map(|folder| Place::Folder(folder.id));
        let mut stops: Vec<Stop> = first.chain(pinned).map(Stop::Place).collect();
        let headed = |name: &str| {
            let account = self.account_named(name);
            account.filter(|account| account.kind != AccountKind::Local).map(|known| known.id)
        };
        let mut account = None;
        for folder in in_order(&self.folders).into_iter().take(MOST) {
            if account != Some(&folder.account) {
                account = Some(&folder.account);
                stops.extend(headed(&folder.account).map(Stop::Account));
            }
            // What stands on top as well is gone to there.
            if !self.is_folded(&folder.account) && !self.pins.has(folder.id) {
                stops.push(Stop::Place(Place::Folder(folder.id)));
            }
        }
        let bare = self.bare_accounts().map(|account| Stop::Account(account.id));
        stops.extend(bare);
        stops
    }

    /// Accounts that have no folders yet.
    fn bare_accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.iter().filter(|account| {
            account.kind != AccountKind::Local
                && !self.folders.iter().any(|folder| folder.account == account.name)
        })
    }

    /// How many accounts have folders.
    pub(super) fn accounts_with_mail(&self) -> usize {
        let names: std::collections::BTreeSet<&str> =
            self.folders.iter().map(|folder| folder.account.as_str()).collect();
        names.len()
    }

    fn account_named(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    pub(super) fn is_folded(&self, account: &str) -> bool {
        self.account_named(account).is_some_and(|account| self.folded.contains(&account.id))
    }

    /// The heading of an account: folds its folders away, and has its menu.
    fn account<'a>(&'a self, name: &str, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let Some(account) = self.account_named(name).filter(|a| a.kind != AccountKind::Local)
        else {
            let name = match name {
                "local" => look.say("account-local"),
                name => name.to_owned(),
            };
            return self.heading(name, look);
        };
        let id = account.id;
        let folded = self.folded.contains(&id);
        let mut head = row![line(name.to_owned(), size::HINT, t.ink3).font(theme::SEMIBOLD)]
            .spacing(6)
            .align_y(Center);
        if let Some((mark, ink)) = self.not_well(id, look) {
            head = head.push(icon(mark, ink).size(13.0));
        }
        if folded {
            let inboxes = self.folders.iter().filter(|f| f.account == name && super::is_inbox(f));
            let unread: u64 = inboxes.map(|folder| folder.unread).sum();
            if unread > 0 {
                let count = grouped(i64::try_from(unread).unwrap_or(i64::MAX));
                head = head.push(text(count).size(size::HINT).color(t.ink3));
            }
            head = head.push(icon(Icon::Down, t.ink3).size(12.0));
        }
        let head = button(container(head).center_y(Fill))
            .padding([0, 10])
            .height(24)
            .width(Fill)
            .style(theme::folder(t, false))
            .on_press(Message::AccountFolded(id));
        let head = self.stop(Stop::Account(id), head, look);
        let toggle = Message::MenuToggled(Menu::Account(id));
        let more = button(container(icon(Icon::More, t.ink3).size(14.0)).center(Fill))
            .padding(0)
            .width(24)
            .height(24)
            .style(theme::quiet(t, t.ink3))
            .on_press(toggle);
        let more = super::tools::tip(more, look.say("account-menu"), "Ctrl+.", look);
        let content = self.has(Menu::Account(id)).then(|| self.pointed_menu(look));
        let head = row![head, drop(more, content, Message::MenuClosed)].align_y(Center);
        container(head)
            .padding(iced::Padding { top: 10.0, right: 0.0, bottom: 2.0, left: 0.0 })
            .into()
    }

    fn heading<'a>(&self, name: String, look: Look<'a>) -> Element<'a, Message> {
        let said = line(name, size::HINT, look.tokens.ink3).font(theme::SEMIBOLD);
        container(said)
            .padding(iced::Padding { top: 14.0, right: 10.0, bottom: 4.0, left: 10.0 })
            .into()
    }

    fn place<'a>(
        &'a self,
        place: Place,
        shown: (Icon, String, u64),
        look: Look<'a>,
    ) -> Element<'a, Message> {
        self.place_at(place, false, shown, look)
    }

    /// A place; `on_top`: a folder that somebody wants there.
    fn place_at<'a>(
        &'a self,
        place: Place,
        on_top: bool,
        (mark, name, unread): (Icon, String, u64),
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let on = self.list.place == place && self.preferences.is_none();
        let ink = if on { t.ink } else { t.ink2 };
        let font = if on { theme::SEMIBOLD } else { theme::REGULAR };
        let mut inside = row![
            icon(mark, if on { t.accent } else { ink }),
            line(name, size::BODY, ink).font(font)
        ]
        .spacing(10)
        .align_y(Center);
        if unread > 0 {
            let count = grouped(i64::try_from(unread).unwrap_or(i64::MAX));
            let ink = if on { t.accent } else { t.ink3 };
            inside = inside.push(text(count).size(size::HINT).font(theme::SEMIBOLD).color(ink));
        }
        let lit = match (place, self.drag) {
            (Place::Folder(id), Some(drag)) if self.is_target(id) => Some(drag.over == Some(id)),
            _ => None,
        };
        let button = button(container(inside).center_y(Fill))
            .padding([0, 10])
            .height(32)
            .width(Fill)
            .style(theme::target(t, on, lit))
            .on_press(Message::PlaceChosen(place));
        // What stands on top as well is come to there.
        let is_stop = on_top || !matches!(place, Place::Folder(id) if self.pins.has(id));
        let button = match is_stop {
            true => self.stop(Stop::Place(place), button, look),
            false => button.into(),
        };
        let Place::Folder(id) = place else { return button };
        let asked = match on_top {
            true => Message::Pins(super::pins::Message::Menu(id)),
            false => Message::Pick(Pick::FolderMenu(id)),
        };
        let mut area = mouse_area(button).on_right_press(asked);
        if self.is_target(id) {
            area = area
                .on_enter(Message::Pick(Pick::Over(id)))
                .on_exit(Message::Pick(Pick::Left(id)))
                .on_release(Message::Pick(Pick::Dropped(id)));
        }
        let here = self.has(Menu::Folder(id)) && self.pointed.on_top == on_top;
        let menu = here.then(|| self.pointed_menu(look));
        drop(area, menu, Message::MenuClosed).into()
    }

    /// A line of the sidebar, with a ring and a name where the keys are for it.
    fn stop<'a>(
        &self,
        stop: Stop,
        line: impl Into<Element<'a, Message>>,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let color = self.ring_of(stop, look);
        let line = container(line);
        let line = if color.is_some() { line.id(super::PLACE) } else { line };
        ring(line.width(Fill), color, 8.0).into()
    }

    fn foot<'a>(&self, mark: Icon, said: String, on: bool, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (ink, font) = if on { (t.ink, theme::SEMIBOLD) } else { (t.ink2, theme::REGULAR) };
        let inside = row![
            icon(mark, if on { t.accent } else { ink }),
            line(said, size::BODY, ink).font(font)
        ]
        .spacing(10)
        .align_y(Center);
        button(container(inside).center_y(Fill))
            .padding([0, 10])
            .height(32)
            .width(Fill)
            .style(theme::folder(t, on))
            .on_press(super::preferences::TOGGLE)
            .into()
    }
}

/// A thin line under a folder: how much of it has come.
pub(super) fn progress<'a>(share: f32, t: Tokens) -> Element<'a, Message> {
    let done = (share * 1000.0) as u16;
    let part = |share: u16, color| {
        container(space().height(2)).width(iced::FillPortion(share)).style(theme::area(color))
    };
    row![part(done.max(1), t.accent), part((1000 - done).max(1), t.line)].into()
}

/// How many letters of a folder wait: of drafts all, each is to be written on.
pub(super) fn count(folder: &Folder) -> u64 {
    match role(folder) {
        Some(Role::Drafts) => folder.total,
        _ => folder.unread,
    }
}

/// What a folder is for.
pub(super) fn role(folder: &Folder) -> Option<Role> {
    folder.role.as_deref().and_then(|role| Role::from_str(role).ok())
}

/// What a folder is called: by its role, else the last level of its path.
pub(super) fn folder_name(folder: &Folder, look: Look<'_>) -> String {
    name_in(folder, look.words)
}

/// The same, in a language.
pub(super) fn name_in(folder: &Folder, words: &Words) -> String {
    match role(folder) {
        Some(Role::Inbox) => words.say("folder-inbox"),
        Some(Role::Sent) => words.say("folder-sent"),
        Some(Role::Drafts) => words.say("folder-drafts"),
        Some(Role::Archive) => words.say("folder-archive"),
        Some(Role::Junk) => words.say("folder-junk"),
        Some(Role::Trash) => words.say("folder-trash"),
        Some(Role::All) => words.say("folder-all"),
        None if folder.path.eq_ignore_ascii_case("inbox") => words.say("folder-inbox"),
        None => folder.path.clone(),
    }
}

pub(super) fn folder_icon(folder: &Folder) -> Icon {
    match role(folder) {
        Some(Role::Inbox) => Icon::Inbox,
        Some(Role::Sent) => Icon::Sent,
        Some(Role::Drafts) => Icon::Draft,
        Some(Role::Archive | Role::All) => Icon::Archive,
        Some(Role::Junk) => Icon::Junk,
        Some(Role::Trash) => Icon::Trash,
        None if folder.path.eq_ignore_ascii_case("inbox") => Icon::Inbox,
        None => Icon::Folder,
    }
}

/// Folders with a role first, in the order people expect; accounts as they are.
pub(super) fn in_order(folders: &[Folder]) -> Vec<&Folder> {
    let mut accounts: Vec<&str> = Vec::new();
    for folder in folders {
        if !accounts.contains(&folder.account.as_str()) {
            accounts.push(&folder.account);
        }
    }
    let mut ordered: Vec<&Folder> = folders.iter().collect();
    ordered.sort_by_key(|folder| {
        let account = accounts.iter().position(|name| *name == folder.account);
        let role = match role(folder) {
            Some(Role::Inbox) => 0,
            None if folder.path.eq_ignore_ascii_case("inbox") => 0,
            Some(Role::Drafts) => 1,
            Some(Role::Sent) => 2,
            Some(Role::Archive | Role::All) => 3,
            Some(Role::Junk) => 4,
            Some(Role::Trash) => 5,
            None => 6,
        };
        (account, role)
    });
    ordered
}
