//! Questions before something is done that cannot be undone.

use super::sheet::{answers, dialogue};
use super::{Message, State};
use crate::gui::screen::pieces::{label, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::reach::reach;
use crate::model::{AccountId, FolderId, LetterId};
use iced::keyboard::{Key, key::Named};
use iced::widget::{button, column, space};

/// What is asked before it is done: it cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Delete this letter for good.
    DeleteForGood(LetterId),
    /// Delete the picked letters, of which some go for good.
    DeleteMany {
        /// How many.
        count: usize,
        /// How many of them lie in the trash.
        trashed: usize,
    },
    /// Remove this folder; its letters go to the trash.
    RemoveFolder(FolderId),
    /// Delete for good what lies in the trash of this account.
    EmptyTrash(AccountId),
    /// Remove this account and its letters from this computer.
    RemoveAccount(AccountId),
    /// Close the window, although something of this account, or the proxy of pictures, is not
    /// saved.
    CloseUnsaved(Option<AccountId>),
}

impl State {
    /// What an account is called; nothing, where it is gone.
    pub(super) fn name_of(&self, account: AccountId) -> Option<&str> {
        let account = self.accounts.iter().find(|known| known.id == account);
        account.map(|account| account.name.as_str())
    }

    pub(super) fn question<'a>(&'a self, ask: Ask, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (title, hint, yes) = match ask {
            Ask::DeleteForGood(_) => {
                // What was imported is on no server.
                let local = self.at_hand().is_some_and(|letter| letter.account == "local");
                let hint = if local { "ask-delete-hint-local" } else { "ask-delete-hint" };
                (look.say("ask-delete"), look.say(hint), "ask-delete-yes")
            }
            Ask::DeleteMany { count, trashed } => {
                let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
                let counted = |name: &str| {
                    let args =
                        [("count", number(count).into()), ("trashed", number(trashed).into())];
                    look.words.say_with(name, &args)
                };
                match count == trashed {
                    true => (counted("ask-many"), look.say("ask-many-hint"), "ask-delete-yes"),
                    false => (counted("ask-some"), counted("ask-some-hint"), "ask-some-yes"),
                }
            }
            Ask::RemoveFolder(id) => {
                let folder = self.folders.iter().find(|folder| folder.id == id);
                let name: String =
                    folder.map_or("", |folder| folder.path.as_str()).chars().take(80).collect();
                let count = folder.map_or(0, |folder| folder.total);
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                let title = look.words.say_with("ask-folder", &[("name", name.into())]);
                let hint = look.words.say_with("ask-folder-hint", &[("count", count.into())]);
                (title, hint, "ask-folder-yes")
            }
            Ask::EmptyTrash(account) => {
                let name = self.name_of(account).unwrap_or_default();
                let trash = |folder: &&crate::store::Folder| {
                    folder.account == name && folder.role.as_deref() == Some("trash")
                };
                let count: u64 = self.folders.iter().filter(trash).map(|folder| folder.total).sum();
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                let hint = look.words.say_with("ask-trash-hint", &[("count", count.into())]);
                (look.say("ask-trash"), hint, "ask-trash-yes")
            }
            Ask::RemoveAccount(account) => {
                let name: String =
                    self.name_of(account).unwrap_or_default().chars().take(80).collect();
                let title = look.words.say_with("ask-account", &[("name", name.into())]);
                (title, look.say("ask-account-hint"), "ask-account-yes")
            }
            Ask::CloseUnsaved(None) => {
                (look.say("ask-unsaved"), look.say("ask-unsaved-proxy"), "ask-unsaved-yes")
            }
            Ask::CloseUnsaved(Some(account)) => {
                let name: String =
                    self.name_of(account).unwrap_or_default().chars().take(80).collect();
                let hint = look.words.say_with("ask-unsaved-hint", &[("name", name.into())]);
                (look.say("ask-unsaved"), hint, "ask-unsaved-yes")
            }
        };
        let yes = button(label(Some(Icon::Trash), look.say(yes), t.surface))
            .padding([0, 14])
            .height(34)
            .style(theme::destructive(t))
            .on_press(Message::Confirmed(ask));
        let yes = reach(yes, Some(Message::Confirmed(ask)), t.ink).into();
        let body = column![
            words(title, size::SECTION, t.ink).font(theme::BOLD),
            words(hint, size::SECOND, t.ink2),
            space().height(4),
            answers(yes, look),
        ]
        .spacing(10);
        dialogue(body, 440.0, look)
    }
}

/// Enter says yes.
pub(super) fn first(state: &State, key: &Key) -> Option<Message> {
    match (state.sheet, key.as_ref()) {
        (Some(super::Sheet::Ask(ask)), Key::Named(Named::Enter)) => Some(Message::Confirmed(ask)),
        _ => None,
    }
}
