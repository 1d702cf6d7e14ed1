//! Folders that somebody wants on top: they stand with the places above all accounts as well.
//!
//! Remembered by the number of the folder, which is its own for ever: it stays on top when it is
//! renamed, and is there no more when it is gone.

use super::sidebar::{folder_icon, folder_name};
use super::{Action, State};
use crate::gui::theme::Look;
use crate::gui::widget::icon::Icon;
use crate::model::FolderId;
use crate::store::Folder;
use serde::{Deserialize, Serialize};

/// Folders on top, at most.
const MOST: usize = 30;

/// The folders on top, in the order they were put there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pins(Vec<i64>);

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// This folder is to stand on top, or no longer.
    Toggled(FolderId),
    /// The menu of a folder, where it stands on top.
    Menu(FolderId),
}

impl Pins {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this one is.
    pub fn has(&self, folder: FolderId) -> bool {
        self.0.contains(&folder.0)
    }
}

impl State {
    pub(super) fn of_pins(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Toggled(folder) => {
                self.menu = None;
                let was = self.pins.has(folder);
                let folders = &self.folders;
                let stays =
                    |id: &i64| *id != folder.0 && folders.iter().any(|folder| folder.id.0 == *id);
                self.pins.0.retain(stays);
                if !was && self.pins.0.len() < MOST {
                    self.pins.0.push(folder.0);
                }
                vec![Action::Remember]
            }
            Message::Menu(folder) => {
                let actions = self.open_folder_menu(folder);
                self.pointed.on_top = true;
                actions
            }
        }
    }

    /// The folders on top that are there.
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Folder> {
        let one = |id: &i64| self.folders.iter().find(|folder| folder.id.0 == *id);
        self.pins.0.iter().filter_map(one)
    }

    /// One of them as a place: its icon, its name with its account where there are several, and
    /// how many are to be read.
    pub(super) fn pin_shown(&self, folder: &Folder, look: Look<'_>) -> (Icon, String, u64) {
        let name = folder_name(folder, look);
        let name = match (self.accounts_with_mail(), folder.account.as_str()) {
            (0 | 1, _) => name,
            (_, "local") => format!("{name} · {}", look.say("account-local")),
            (_, account) => format!("{name} · {account}"),
        };
        (folder_icon(folder), name, super::sidebar::count(folder))
    }

    /// The folder is seen only on top: what belongs to its account is folded away.
    pub(super) fn is_only_on_top(&self, id: FolderId) -> bool {
        let folder = self.folders.iter().find(|folder| folder.id == id);
        self.pins.has(id) && folder.is_some_and(|folder| self.is_folded(&folder.account))
    }
}
