//! Folders made, renamed and removed, from the menu of one.

use super::deeds::Deed;
use super::picking::Pick;
use super::sheet::{answers, dialogue};
use super::sidebar::role;
use super::{Action, Ask, Field, Message, Sheet, State};
use crate::engine::protocol::Command;
use crate::gui::screen::choice;
use crate::gui::screen::pieces::{main_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::model::{AccountId, Act, FolderId};
use iced::widget::{column, text_input};

/// Characters of a folder's path.
const LONGEST: usize = 200;

/// A folder being named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    what: What,
    /// What is typed: its path, levels separated by `/`.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    New(AccountId),
    Rename(FolderId),
}

impl State {
    /// A folder beside this one is to be made.
    pub(super) fn want_folder(&mut self, beside: FolderId) -> Vec<Action> {
        let Some(folder) = self.folders.iter().find(|folder| folder.id == beside) else {
            return Vec::new();
        };
        let Some(account) = self.account_of(folder) else { return Vec::new() };
        let above = folder.path.rsplit_once('/').map(|(above, _)| format!("{above}/"));
        self.name_folder(Naming { what: What::New(account), text: above.unwrap_or_default() })
    }

    pub(super) fn want_name(&mut self, of: FolderId) -> Vec<Action> {
        let path = self.folders.iter().find(|folder| folder.id == of).map(|f| f.path.clone());
        path.map_or_else(Vec::new, |text| self.name_folder(Naming { what: What::Rename(of), text }))
    }

    fn name_folder(&mut self, naming: Naming) -> Vec<Action> {
        self.naming = Some(naming);
        self.menu = None;
        self.sheet = Some(Sheet::FolderName);
        vec![Action::Focus(Field::FolderName)]
    }

    pub(super) fn folder_name_typed(&mut self, text: &str) {
        if let Some(naming) = &mut self.naming {
            naming.text = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        }
    }

    pub(super) fn folder_name_entered(&mut self) -> Vec<Action> {
        let Some(Naming { what, text }) = self.naming.clone() else { return Vec::new() };
        let path = text.trim().trim_matches('/').to_owned();
        if path.is_empty() {
            return Vec::new();
        }
        self.naming = None;
        self.sheet = None;
        let (deed, act) = match what {
            What::New(account) => (Deed::FolderMade, Act::CreateFolder(account, path)),
            What::Rename(folder) => (Deed::FolderNamed, Act::RenameFolder(folder, path)),
        };
        self.kept(deed, None);
        vec![Action::Ask(Command::Act(act))]
    }

    pub(super) fn want_folder_gone(&mut self, folder: FolderId) -> Vec<Action> {
        self.ask(Ask::RemoveFolder(folder))
    }

    /// Whether a folder is the user's own, to be renamed and removed: others are what mail
    /// programs and the server rely on.
    pub(super) fn may_change(&self, folder: FolderId) -> bool {
        let Some(folder) = self.folders.iter().find(|known| known.id == folder) else {
            return false;
        };
        role(folder).is_none() && !super::is_inbox(folder)
    }

    pub(super) fn folder_name_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (text, title, yes) = match &self.naming {
            Some(Naming { what: What::Rename(_), text }) => {
                (text.as_str(), "folder-rename-title", "folder-rename-yes")
            }
            Some(Naming { text, .. }) => (text.as_str(), "folder-new-title", "folder-new-yes"),
            None => ("", "folder-new-title", "folder-new-yes"),
        };
        let field = text_input(&look.say("folder-name-hint"), text)
            .id(Field::FolderName.id())
            .on_input(|text| Message::Pick(Pick::NameTyped(text)))
            .on_submit(Message::Pick(Pick::NameEntered));
        let ready = !text.trim().trim_matches('/').is_empty();
        let on = ready.then_some(Message::Pick(Pick::NameEntered));
        let yes = main_button(None, look.say(yes), on, look);
        let body = column![
            words(look.say(title), size::SECTION, t.ink).font(theme::BOLD),
            choice::field(None, field, look),
            words(look.say("folder-name-levels"), size::HINT, t.ink3),
            answers(yes, look),
        ]
        .spacing(12);
        dialogue(body, 420.0, look)
    }
}
