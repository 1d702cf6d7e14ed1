//! Putting a letter into another folder: a small sheet of folders, of which a few typed
//! signs are enough to find one.

use super::sidebar::{folder_icon, folder_name};
use super::{Action, Field, Message, Sheet, State};
use crate::gui::screen::choice::{self, Step, step};
use crate::gui::screen::pieces::tight;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::i18n::Words;
use crate::model::FolderId;
use crate::store::Folder;
use iced::keyboard::Key;
use iced::widget::{row, text_input};

/// Folders that are shown at once; typing finds the others.
const MOST: usize = 200;

/// The choice of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moving {
    /// What is typed.
    pub text: String,
    /// Which of those found is marked.
    pub at: usize,
    /// The folder the letter lies in.
    pub from: Option<FolderId>,
    /// Its account's name.
    pub account: String,
    /// Copies are to be put there.
    pub copies: bool,
}

impl State {
    /// Something happens to the choice.
    pub(super) fn moved(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::MoveWanted => {
                let Some(moving) = self.choice() else { return Vec::new() };
                self.moving = moving;
                self.menu = None;
                self.sheet = Some(Sheet::Move);
                return vec![Action::Focus(Field::Folder)];
            }
            Message::MoveTyped(text) => {
                self.moving.text = text.chars().filter(|c| !c.is_control()).take(100).collect();
                self.moving.at = 0;
            }
            Message::MoveStepped(by) => {
                let last = self.targets().len().saturating_sub(1);
                self.moving.at = self.moving.at.saturating_add_signed(by).min(last);
            }
            Message::MoveEntered => {
                let to = self.targets().get(self.moving.at).map(|folder| folder.id);
                if let (Some(to), Some(Sheet::Move)) = (to, self.sheet) {
                    return self.move_into(to);
                }
            }
            Message::MovedTo(to) => return self.move_into(to),
            _ => {}
        }
        Vec::new()
    }

    /// A choice of folders for the letter at hand.
    pub(super) fn choice(&self) -> Option<Moving> {
        if self.is_many() {
            return Some(self.choice_of_many());
        }
        let row = self.at_hand()?;
        let from = self.folder_of(row);
        Some(Moving {
            from: from.map(|folder| folder.id),
            account: row.account.clone(),
            ..Moving::default()
        })
    }

    fn move_into(&mut self, to: FolderId) -> Vec<Action> {
        self.sheet = None;
        if self.moving.from == Some(to) {
            return Vec::new();
        }
        self.put_into(to)
    }

    /// The folders the letter can go to: those of its own account first.
    fn targets(&self) -> Vec<&Folder> {
        let moving = &self.moving;
        let words = Words::new(self.language);
        let typed = moving.text.trim().to_lowercase();
        let fits = |folder: &&Folder| {
            typed.is_empty()
                || folder.path.to_lowercase().contains(&typed)
                || super::sidebar::name_in(folder, &words).to_lowercase().contains(&typed)
        };
        let mut targets: Vec<&Folder> = super::sidebar::in_order(&self.folders)
            .into_iter()
            .filter(|folder| Some(folder.id) != moving.from)
            .filter(fits)
            .collect();
        targets.sort_by_key(|folder| folder.account != moving.account);
        targets.truncate(MOST);
        targets
    }

    pub(super) fn move_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let field = text_input(&look.say("move-hint"), &self.moving.text)
            .id(Field::Folder.id())
            .on_input(Message::MoveTyped)
            .on_submit(Message::MoveEntered);
        let several = self.accounts.len() > 1;
        let rows = self.targets().into_iter().enumerate().map(|(at, folder)| {
            let ink = if at == self.moving.at { t.accent } else { t.ink2 };
            let name = line(folder_name(folder, look), size::BODY, t.ink);
            let mut inside = row![icon(folder_icon(folder), ink), name];
            if several && folder.account != self.moving.account {
                let account = match folder.account.as_str() {
                    "local" => look.say("account-local"),
                    name => name.to_owned(),
                };
                inside = inside.push(tight(account, size::HINT, t.ink3, theme::REGULAR));
            }
            (inside, Message::MovedTo(folder.id))
        });
        let list = choice::list(rows, self.moving.at, "move-none", look);
        let (title, keys) = match self.moving.copies {
            true => ("copy-title", "copy-keys"),
            false => ("move-title", "move-keys"),
        };
        let field = choice::field(Some(Icon::Search), field, look);
        choice::sheet((title, keys), field, list, Message::SheetClosed, look)
    }
}

/// Keys of the choice, before its field sees them.
pub(super) fn first(state: &State, key: &Key) -> Option<Message> {
    let step = step(key).filter(|_| state.sheet == Some(Sheet::Move))?;
    Some(match step {
        Step::By(by) => Message::MoveStepped(by),
        Step::Entered => Message::MoveEntered,
    })
}
