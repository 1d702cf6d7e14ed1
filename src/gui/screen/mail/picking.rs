//! What is done to the list as a whole: letters picked, carried, asked about in menus, and
//! put in another order.

use super::many::Span;
use super::{Action, Message, State};
use crate::gui::screen::choice::{Step, step};
use crate::gui::widget::pick::Press;
use crate::model::FolderId;
use crate::store::{Sort, StoreError};
use iced::keyboard::{Key, Modifiers, key::Named};

/// Something done to the list.
#[derive(Debug, Clone)]
pub enum Pick {
    /// By the pointer.
    Press(Press),
    /// So many rows further, all of them.
    Extended(isize),
    /// This row as well, or no longer.
    One(usize),
    /// Every letter of the place.
    All,
    /// The letters of a range are known: of which one.
    Read(u64, Result<Span, StoreError>),
    /// What is carried is over this folder.
    Over(FolderId),
    /// It is not any more.
    Left(FolderId),
    /// It was let go over this folder.
    Dropped(FolderId),
    /// The menu of a folder.
    FolderMenu(FolderId),
    /// That of the folder one is in.
    PlaceMenu,
    /// That of the account one is at, or of the next one.
    AccountMenu,
    /// A folder beside this one is to be made.
    NewFolder(FolderId),
    /// This folder is to have another name.
    Rename(FolderId),
    /// It is to go; asks first.
    RemoveFolder(FolderId),
    /// Typed into the name of a folder.
    NameTyped(String),
    /// That is its name.
    NameEntered,
    /// To the next entry of the menu, or the one before.
    Stepped(isize),
    /// The entry at hand of the menu.
    Entered,
    /// The list in this order.
    Sorted(Sort),
    /// The how many-th entry of the menu was chosen.
    Chosen(usize),
    /// Copies are to be put into another folder: which?
    CopyWanted,
    /// Set or clear a mark of all that is picked, whatever it was before.
    Marked(Mark),
}

/// A mark that is set or cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Read.
    Read,
    /// Unread.
    Unread,
    /// With a star.
    Starred,
    /// Without.
    Unstarred,
}

impl State {
    pub(super) fn picked(&mut self, pick: Pick) -> Vec<Action> {
        match pick {
            Pick::Press(Press::Range(at)) => self.extend_to(at),
            Pick::Press(Press::One(at)) | Pick::One(at) => self.pick_one(at),
            Pick::Press(Press::Menu(row, at)) => self.open_row_menu(row, at),
            Pick::Press(Press::Lifted(row, at)) => self.lift(row, at),
            Pick::Press(Press::Carried(at)) => self.carry(at),
            Pick::Press(Press::Copies(copies)) => {
                if let Some(drag) = &mut self.drag {
                    drag.copies = copies;
                }
                Vec::new()
            }
            Pick::Press(Press::LetGo) => {
                self.put_down();
                Vec::new()
            }
            Pick::Extended(by) => self.extend(by),
            Pick::All => self.pick_all(),
            Pick::Read(number, span) => self.span_read(number, span),
            Pick::Over(folder) => {
                if let Some(drag) = &mut self.drag {
                    drag.over = Some(folder);
                }
                Vec::new()
            }
            Pick::Left(folder) => {
                if let Some(drag) = self.drag.as_mut().filter(|drag| drag.over == Some(folder)) {
                    drag.over = None;
                }
                Vec::new()
            }
            Pick::Dropped(folder) => self.drop_into(folder),
            Pick::FolderMenu(folder) => self.open_folder_menu(folder),
            Pick::PlaceMenu => self.open_menu_of_place(),
            Pick::AccountMenu => self.open_account_menu(),
            Pick::NewFolder(beside) => self.want_folder(beside),
            Pick::Rename(folder) => self.want_name(folder),
            Pick::RemoveFolder(folder) => self.want_folder_gone(folder),
            Pick::NameTyped(text) => {
                self.folder_name_typed(&text);
                Vec::new()
            }
            Pick::NameEntered => self.folder_name_entered(),
            Pick::Stepped(by) => {
                self.step_in_menu(by);
                Vec::new()
            }
            Pick::Entered => self.enter_in_menu(),
            Pick::Chosen(at) => self.choose_in_menu(at),
            Pick::Sorted(sort) => self.sort_by(sort),
            Pick::CopyWanted => self.want_copy(),
            Pick::Marked(mark) => self.mark_many(mark),
        }
    }
}

/// Keys that go through an open menu: it has them before whatever it came from, which may
/// have the focus.
pub(super) fn in_menu(key: &Key) -> Option<Message> {
    Some(Message::Pick(match step(key)? {
        Step::By(by) => Pick::Stepped(by),
        Step::Entered => Pick::Entered,
    }))
}

/// The keys by which menus are asked for.
pub(super) fn asks_for_menu(key: &Key, modifiers: Modifiers) -> bool {
    match key.as_ref() {
        Key::Named(Named::ContextMenu) => true,
        Key::Named(Named::F10) => modifiers.shift(),
        _ => false,
    }
}

/// Keys that pick letters, and those of menus; what else is pressed while letters are picked
/// is not for the letter that is open behind them. `Some(None)`: it means nothing.
pub(super) fn last(state: &State, key: &Key, modifiers: Modifiers) -> Option<Option<Message>> {
    let said = |pick| Some(Some(Message::Pick(pick)));
    let rows = (state.list.height / state.list.density.row()).max(1.0) as isize;
    if state.has_pointed_menu() {
        return match key.as_ref() {
            // A key of the menu does what it says there.
            Key::Character(_) => None,
            _ => Some(None),
        };
    }
    if modifiers.command() {
        return match key.as_ref() {
            Key::Character("a" | "A" | "ㅁ") if state.picks_all() => said(Pick::All),
            Key::Character("c" | "C" | "ㅊ") if state.is_many() => Some(None),
            Key::Named(Named::ArrowUp | Named::Home) if modifiers.shift() => {
                said(Pick::Extended(isize::MIN))
            }
            Key::Named(Named::ArrowDown | Named::End) if modifiers.shift() => {
                said(Pick::Extended(isize::MAX))
            }
            _ => None,
        };
    }
    if modifiers.shift() {
        let by = match key.as_ref() {
            Key::Named(Named::ArrowDown) | Key::Character("j" | "J" | "ㅓ") => 1,
            Key::Named(Named::ArrowUp) | Key::Character("k" | "K" | "ㅏ") => -1,
            Key::Named(Named::Home) => isize::MIN,
            Key::Named(Named::End) => isize::MAX,
            Key::Named(Named::PageDown) => rows,
            Key::Named(Named::PageUp) => -rows,
            Key::Character("m" | "M" | "ㅡ") => return said(Pick::CopyWanted),
            _ => 0,
        };
        if by != 0 {
            return said(Pick::Extended(by));
        }
    }
    match key.as_ref() {
        Key::Named(Named::Space) if state.is_many() => Some(None),
        Key::Named(Named::Enter) if state.is_many() => {
            let head = state.list.head();
            Some(head.map(Message::RowChosen))
        }
        _ => None,
    }
}

impl State {
    /// Whether Ctrl+A means letters: the text of the open one, where that was clicked last.
    fn picks_all(&self) -> bool {
        !self.in_letter || self.open.is_none() || self.shows_many()
    }
}
