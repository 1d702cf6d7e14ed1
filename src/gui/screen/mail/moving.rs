//! Putting a letter into another folder: a small sheet of folders, of which a few typed
//! signs are enough to find one.

use super::sheet::dialogue;
use super::sidebar::{folder_icon, folder_name};
use super::{Action, Field, Message, Sheet, State};
use crate::gui::screen::pieces::{tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::marked::{marked, showing};
use crate::i18n::Words;
use crate::model::FolderId;
use crate::store::Folder;
use iced::keyboard::{Key, key::Named};
use iced::widget::{Column, button, column, container, row, scrollable, space, text_input};
use iced::{Center, Fill};

/// Folders that are shown at once; typing finds the others.
const MOST: usize = 200;
/// Rows that are seen without scrolling.
const SEEN: usize = 8;
/// Height of a row in logical pixels.
const ROW: f32 = 34.0;

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
            .on_submit(Message::MoveEntered)
            .size(size::BODY)
            .padding([9, 0])
            .style(theme::field(t));
        let field = container(row![icon(Icon::Search, t.ink3), field].spacing(8).align_y(Center))
            .padding([0, 12])
            .width(Fill)
            .style(theme::card(t.paper, t.line, 8.0));
        let targets = self.targets();
        let several = self.accounts.len() > 1;
        let mut rows: Column<'a, Message> = Column::new();
        for (at, folder) in targets.iter().enumerate() {
            let on = at == self.moving.at;
            let ink = if on { t.accent } else { t.ink2 };
            let mut inside = row![
                icon(folder_icon(folder), ink),
                line(folder_name(folder, look), size::BODY, t.ink),
            ]
            .spacing(10)
            .align_y(Center);
            if several && folder.account != self.moving.account {
                let account = match folder.account.as_str() {
                    "local" => look.say("account-local"),
                    name => name.to_owned(),
                };
                inside = inside.push(tight(account, size::HINT, t.ink3, theme::REGULAR));
            }
            let row = button(container(inside).center_y(Fill))
                .padding([0, 10])
                .height(ROW)
                .width(Fill)
                .style(theme::folder(t, on))
                .on_press(Message::MovedTo(folder.id));
            rows = rows.push(marked(on, row));
        }
        let shown = targets.len().clamp(1, SEEN) as f32 * ROW;
        let list: Element<'a, Message> = if targets.is_empty() {
            container(words(look.say("move-none"), size::SECOND, t.ink3)).center_y(ROW).into()
        } else {
            let rows = scrollable(rows).height(shown).width(Fill).style(theme::scroll(t));
            showing(rows, Some(self.moving.at)).into()
        };
        let (title, keys) = match self.moving.copies {
            true => ("copy-title", "copy-keys"),
            false => ("move-title", "move-keys"),
        };
        let keys = words(look.say(keys), size::HINT, t.ink3);
        let body = column![
            words(look.say(title), size::SECTION, t.ink).font(theme::BOLD),
            field,
            list,
            row![keys, space().width(Fill)],
        ]
        .spacing(12);
        dialogue(body, 420.0, look)
    }
}

/// Keys of the choice, before its field sees them.
pub(super) fn first(state: &State, key: &Key) -> Option<Message> {
    if state.sheet != Some(Sheet::Move) {
        return None;
    }
    match key.as_ref() {
        Key::Named(Named::ArrowDown) => Some(Message::MoveStepped(1)),
        Key::Named(Named::ArrowUp) => Some(Message::MoveStepped(-1)),
        Key::Named(Named::Enter) => Some(Message::MoveEntered),
        _ => None,
    }
}
