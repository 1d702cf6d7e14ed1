//! Menus of a row, of a folder, of an account, of the list's order, and of what else there is
//! for a letter: gone through by the pointer or by the arrows.

use super::archives;
use super::fold;
use super::in_letter::entries_in_letter;
use super::labels;
use super::picking::Pick;
use super::pins;
use super::sorting::SORTS;
use super::{Action, Message, Place, State};
use crate::gui::screen::pieces::words;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::{AccountId, AccountKind, Flags, FolderId, Role};
use iced::widget::{Column, button, container, pin, row, space};
use iced::{Center, Fill, Point};

/// Width of these menus in logical pixels.
const WIDTH: f32 = 236.0;
/// Of the one with longer names.
const WIDE: f32 = 280.0;

/// A menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Menu {
    /// Lasting decisions about the sender.
    Trust,
    /// Charsets.
    Charset,
    /// What else can be done with the letter.
    More,
    /// What can be done with an account.
    Account(AccountId),
    /// What can be done with a row of the list, or with all that is picked.
    Row,
    /// What can be done with a folder.
    Folder(FolderId),
    /// In which order the list is.
    Sort,
    /// What can be done with the address of the how many-th who is named in the letter.
    Person(usize),
    /// What can be done at a place in the open letter.
    InLetter,
}

/// A menu that was asked for somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pointed {
    /// Where: in the window, or in the letter.
    at: Point,
    /// The entry the arrows have come to.
    marked: Option<usize>,
    /// It is that of a folder where it stands on top.
    pub(super) on_top: bool,
}

impl Pointed {
    /// A menu that the pointer asked for.
    pub(super) fn at(at: Point) -> Self {
        Self { at, ..Self::default() }
    }
}

/// Something that is done to letters: its icon, name, key, and what it says.
pub(super) type Choice = (Icon, &'static str, &'static str, Message);

/// An entry.
pub(super) struct Entry {
    mark: Option<Icon>,
    name: &'static str,
    /// Its key, or what is so now.
    key: String,
    says: Message,
    /// Something else begins with it.
    begins: bool,
}

impl Entry {
    pub(super) fn new(
        mark: Option<Icon>,
        name: &'static str,
        key: impl Into<String>,
        says: Message,
    ) -> Self {
        Self { mark, name, key: key.into(), says, begins: false }
    }

    /// The same, as the first of something else.
    pub(super) fn begins(self) -> Self {
        Self { begins: true, ..self }
    }
}

impl State {
    /// Whether a menu is open.
    pub(super) fn has(&self, menu: Menu) -> bool {
        self.menu == Some(menu)
    }

    /// Whether one of these menus is open.
    pub(super) fn has_pointed_menu(&self) -> bool {
        match self.menu {
            Some(Menu::Row | Menu::Folder(_) | Menu::Sort | Menu::Account(_)) => true,
            Some(Menu::Trust | Menu::More | Menu::Charset | Menu::Person(_) | Menu::InLetter) => {
                self.open.is_some()
            }
            None => false,
        }
    }

    /// The menu of a row; without one, that of what is picked or chosen, or of the folder
    /// that one is in.
    pub(super) fn open_row_menu(&mut self, row: Option<usize>, at: Point) -> Vec<Action> {
        if row.is_none() && (self.are_places_over() || !self.is_many() && self.at_hand().is_none())
        {
            return self.open_menu_of_place();
        }
        let there = match row {
            Some(row) => self.pick_for_menu(row),
            None => self.is_many() || self.at_hand().is_some(),
        };
        if there {
            self.menu = Some(Menu::Row);
            let marked = row.is_none().then_some(0);
            self.pointed = Pointed { at, marked, ..Pointed::default() };
        }
        Vec::new()
    }

    pub(super) fn open_folder_menu(&mut self, folder: FolderId) -> Vec<Action> {
        self.menu = Some(Menu::Folder(folder));
        self.pointed = Pointed::default();
        Vec::new()
    }

    /// The menu of the folder that one is in, where it is in sight.
    pub(super) fn open_menu_of_place(&mut self) -> Vec<Action> {
        let seen = !self.is_narrow() || self.are_places_over();
        match self.list.place {
            Place::Folder(folder) if seen => self.open_menu_of(folder),
            _ => Vec::new(),
        }
    }

    /// That of a folder, by keyboard.
    pub(super) fn open_menu_of(&mut self, folder: FolderId) -> Vec<Action> {
        self.menu = Some(Menu::Folder(folder));
        let on_top = self.is_only_on_top(folder);
        self.pointed = Pointed { marked: Some(0), on_top, ..Pointed::default() };
        Vec::new()
    }

    /// The menu of the account that one is at, where it is in sight; asked for again, that of
    /// the next one.
    pub(super) fn open_account_menu(&mut self) -> Vec<Action> {
        let accounts = self.accounts.iter().filter(|known| known.kind != AccountKind::Local);
        let accounts: Vec<AccountId> = accounts.map(|known| known.id).collect();
        let at = |id| accounts.iter().position(|known| *known == id);
        let next = match self.menu {
            Some(Menu::Account(id)) => {
                at(id).map(|at| (at + 1).checked_rem(accounts.len()).unwrap_or(0))
            }
            _ => self.account_at_hand().and_then(at),
        };
        let seen = !self.is_narrow() || self.are_places_over();
        match accounts.get(next.unwrap_or(0)) {
            Some(id) if seen => self.open_menu_of_account(*id),
            _ => Vec::new(),
        }
    }

    /// That of an account, by keyboard.
    pub(super) fn open_menu_of_account(&mut self, account: AccountId) -> Vec<Action> {
        self.menu = Some(Menu::Account(account));
        self.pointed = Pointed { marked: Some(0), ..Pointed::default() };
        Vec::new()
    }

    /// What the entries of the menu say that is open.
    fn choices(&self) -> Vec<Message> {
        match (self.menu, &self.open) {
            (Some(Menu::Trust), Some(open)) => super::bar::trusts(open),
            (Some(Menu::Charset), Some(_)) => {
                let says =
                    |charset: Option<&str>| Message::CharsetChosen(charset.map(str::to_owned));
                Self::charset_choices().map(says).collect()
            }
            _ => self.entries().into_iter().map(|entry| entry.says).collect(),
        }
    }

    /// Whether the arrows have come to this entry.
    pub(super) fn is_marked(&self, at: usize) -> bool {
        self.pointed.marked == Some(at)
    }

    /// The entry the arrows have come to.
    pub(super) fn marked(&self) -> Option<usize> {
        self.pointed.marked
    }

    pub(super) fn step_in_menu(&mut self, by: isize) {
        let last = self.choices().len().saturating_sub(1);
        let marked = match (self.pointed.marked, by) {
            (Some(at), _) => at.saturating_add_signed(by).min(last),
            (None, 1..) => 0,
            (None, _) => last,
        };
        self.pointed.marked = Some(marked);
    }

    pub(super) fn enter_in_menu(&mut self) -> Vec<Action> {
        let marked = self.pointed.marked;
        let actions = marked.map_or_else(Vec::new, |at| self.choose_in_menu(at));
        // One menu has led to another: the arrows go on in it.
        if marked.is_some() && self.has_pointed_menu() {
            self.pointed.marked = Some(0);
        }
        actions
    }

    pub(super) fn choose_in_menu(&mut self, at: usize) -> Vec<Action> {
        let says = self.choices().into_iter().nth(at);
        self.menu = None;
        self.pointed.marked = None;
        says.map_or_else(Vec::new, |says| self.update(says))
    }

    fn entries(&self) -> Vec<Entry> {
        match self.menu {
            Some(Menu::Row) => self.row_entries(),
            Some(Menu::Person(at)) => self.person_entries(at),
            Some(Menu::InLetter) => self.open.as_ref().map_or_else(Vec::new, entries_in_letter),
            Some(Menu::Folder(folder)) => self.folder_entries(folder),
            Some(Menu::More) => {
                self.open.as_ref().map_or_else(Vec::new, |open| self.more_entries(open))
            }
            Some(Menu::Account(id)) => vec![
                Entry::new(Some(Icon::Sync), "sync-now", "", Message::SyncWanted(id)),
                Entry::new(Some(Icon::Code), "talk-show", "", Message::TalkWanted(id)),
                Entry::new(Some(Icon::Trash), "account-remove", "", Message::RemoveWanted(id))
                    .begins(),
            ],
            Some(Menu::Sort) => {
                let here = self.sort_here();
                let entry = |(sort, name)| {
                    let mark = (sort == here).then_some(Icon::Check);
                    Entry::new(mark, name, "", Message::Pick(Pick::Sorted(sort)))
                };
                let mark = self.bundled.then_some(Icon::Check);
                let says = Message::Fold(fold::Message::Switched);
                let bundled = Entry::new(mark, "fold-switch", "", says).begins();
                let bundled = self.is_listed().then_some(bundled);
                self.sorts_here().map(entry).chain(bundled).collect()
            }
            _ => Vec::new(),
        }
    }

    fn row_entries(&self) -> Vec<Entry> {
        let one = self.at_hand();
        let count = self.list.many.count().max(usize::from(one.is_some()));
        let role = match one {
            Some(row) => self.folder_of(row).and_then(super::sidebar::role),
            None => self.role_of_place(),
        };
        let entry = Entry::new;
        let mut entries = Vec::new();
        if count == 1 && role == Some(Role::Drafts) {
            entries.push(entry(
                Some(Icon::Draft),
                "tool-edit-draft",
                "Enter",
                Message::DraftWanted,
            ));
        } else if count == 1 {
            entries.push(entry(Some(Icon::Reply), "tool-reply", "R", Message::AnswerWanted));
            let all = Message::AnswerAllWanted;
            entries.push(entry(Some(Icon::ReplyAll), "tool-reply-all", "A", all));
            entries.push(entry(Some(Icon::Forward), "tool-forward", "F", Message::ForwardWanted));
        }
        let first = entries.len();
        let places = places_for(role).into_iter();
        entries.extend(places.map(|(mark, name, key, says)| entry(Some(mark), name, key, says)));
        let second = entries.len();
        let marked = |flag| match one {
            Some(_) => self.flags_at_hand().is_some_and(|flags| flags.has(flag)),
            None => !self.some_picked_without(flag),
        };
        let seen = match marked(Flags::SEEN) {
            true => (Icon::Mail, "tool-unread"),
            false => (Icon::MailOpen, "tool-read"),
        };
        entries.push(entry(Some(seen.0), seen.1, "U", Message::SeenToggled));
        let star = if marked(Flags::FLAGGED) { "tool-unstar" } else { "many-star" };
        entries.push(entry(Some(Icon::Star), star, "S", Message::StarToggled));
        let label = Message::Labels(labels::Message::Wanted);
        entries.push(entry(Some(Icon::Label), "tool-label", "L", label));
        for at in [first, second] {
            if let Some(entry) = entries.get_mut(at).filter(|_| at > 0) {
                entry.begins = true;
            }
        }
        entries
    }

    fn folder_entries(&self, id: FolderId) -> Vec<Entry> {
        let Some(folder) = self.folders.iter().find(|folder| folder.id == id) else {
            return Vec::new();
        };
        let entry = Entry::new;
        let open = Message::PlaceChosen(Place::Folder(id));
        let mut entries = vec![entry(Some(Icon::Folder), "folder-open", "", open)];
        if folder.unread > 0 {
            let key = if self.list.place == Place::Folder(id) { "Shift+A" } else { "" };
            entries.push(entry(Some(Icon::MailOpen), "all-read", key, Message::AllRead(id)));
        }
        let pin = if self.pins.has(id) { "folder-unpin" } else { "folder-pin" };
        let toggle = Message::Pins(pins::Message::Toggled(id));
        entries.push(entry(Some(Icon::Up), pin, "", toggle));
        let account = self.account_of(folder);
        if let Some(account) = account.filter(|_| folder.account != "local") {
            entries.push(entry(Some(Icon::Sync), "sync-now", "", Message::SyncWanted(account)));
            entries.push(entry(Some(Icon::Disk), "folder-keep", "", Message::KeepWanted(id)));
        }
        if folder.total > 0 {
            let export = Message::Archives(archives::Message::ExportWanted(Some(id)));
            entries.push(entry(Some(Icon::Save), "archive-export", "", export));
        }
        if account.is_some() {
            let new = Message::Pick(Pick::NewFolder(id));
            entries.push(entry(Some(Icon::Plus), "folder-new", "", new).begins());
            if self.may_change(id) {
                let rename = Message::Pick(Pick::Rename(id));
                entries.push(entry(Some(Icon::Draft), "folder-rename", "", rename));
                let remove = Message::Pick(Pick::RemoveFolder(id));
                entries.push(entry(Some(Icon::Trash), "folder-remove", "", remove));
            }
        }
        if super::sidebar::role(folder) == Some(Role::Trash)
            && folder.total > 0
            && let Some(account) = account
        {
            let empty = Message::TrashEmptied(account);
            entries.push(entry(Some(Icon::Trash), "empty-trash", "", empty).begins());
        }
        entries
    }

    /// The entries of the menu that is open.
    pub(super) fn pointed_menu<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut list = Column::new();
        for (at, entry) in self.entries().into_iter().enumerate() {
            if entry.begins {
                let rule = container(space()).width(Fill).height(1).style(theme::area(t.line));
                list = list.push(container(rule).padding([4, 8]));
            }
            let ink = match entry.mark {
                Some(Icon::Check) => t.accent,
                _ => t.ink2,
            };
            let mark: Element<'a, Message> = match entry.mark {
                Some(mark) => icon(mark, ink).into(),
                None => space().width(16).into(),
            };
            let mut inside =
                row![mark, line(look.say(entry.name), size::SECOND, t.ink)].spacing(10);
            if !entry.key.is_empty() {
                inside = inside.push(words(entry.key, size::HINT, t.ink3));
            }
            let inside = container(inside.align_y(Center)).center_y(Fill);
            list = list.push(
                button(inside)
                    .padding([0, 10])
                    .height(32)
                    .width(Fill)
                    .style(theme::folder(t, self.is_marked(at)))
                    .on_press(Message::Pick(Pick::Chosen(at))),
            );
        }
        let width = if self.has(Menu::More) { WIDE } else { WIDTH };
        container(list).padding(5).width(width).style(theme::raised(t, 10.0)).into()
    }

    /// The menu of a row, where it was asked for.
    pub(super) fn row_menu_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        (self.menu == Some(Menu::Row)).then(|| self.menu_where_asked(look))
    }

    /// The menu that is open, at the place it was asked for.
    pub(super) fn menu_where_asked<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let under = space().width(0).height(0);
        let menu = drop(under, Some(self.pointed_menu(look)), Message::MenuClosed);
        pin(menu).x(self.pointed.at.x).y(self.pointed.at.y).into()
    }

    /// The order of the list, which opens the menu of orders.
    pub(super) fn sort_button<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        if !self.can_sort() {
            return None;
        }
        let t = look.tokens;
        let here = self.sort_here();
        let name = SORTS.iter().find(|(sort, _)| *sort == here).map_or("", |(_, name)| name);
        let said = row![
            words(look.say(name), size::HINT, t.ink2).font(theme::SEMIBOLD),
            icon(Icon::Down, t.ink3).size(12.0),
        ]
        .spacing(4)
        .align_y(Center);
        let under = button(said)
            .padding([2, 6])
            .style(theme::quiet(t, t.ink2))
            .on_press(Message::MenuToggled(Menu::Sort));
        let menu = self.has(Menu::Sort).then(|| self.pointed_menu(look));
        let under = super::tools::tip(under, look.say("sort-hint"), "O", look);
        Some(drop(under, menu, Message::MenuClosed).into())
    }
}

/// What takes letters elsewhere that lie in a folder of this use.
pub(super) fn places_for(role: Option<Role>) -> Vec<Choice> {
    let mut places = Vec::new();
    if !matches!(role, Some(Role::Archive | Role::All)) {
        places.push((Icon::Archive, "tool-archive", "E", Message::Archived));
    }
    let delete = match role {
        Some(Role::Trash) => "tool-delete-for-good",
        _ => "tool-delete",
    };
    places.push((Icon::Trash, delete, "#, Del", Message::Deleted));
    places.push(match role {
        Some(Role::Junk) => (Icon::Inbox, "tool-not-junk", "!", Message::Junked),
        _ => (Icon::Junk, "tool-junk", "!", Message::Junked),
    });
    places.push((Icon::Folder, "tool-move", "M", Message::MoveWanted));
    places.push((Icon::Copy, "tool-copy-to", "Shift+M", Message::Pick(Pick::CopyWanted)));
    places
}
