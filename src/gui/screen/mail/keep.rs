//! How much of a folder is kept on this computer: chosen from its menu, where it is to be
//! another share than that of its account.

use super::preferences::option;
use super::sheet::dialogue;
use super::sidebar::folder_name;
use super::{Action, Message, Sheet, State};
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{link_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::model::{FolderId, FolderPolicy};
use iced::Fill;
use iced::widget::{Row, column, row, space};

/// Days that are offered.
const DAYS: [u32; 3] = [30, 90, 365];

impl State {
    /// How much of this folder is to be kept?
    pub(super) fn want_kept(&mut self, folder: FolderId) -> Vec<Action> {
        self.menu = None;
        self.sheet = Some(Sheet::Keep(folder));
        Vec::new()
    }

    /// So much.
    pub(super) fn keep_of(
        &mut self,
        folder: FolderId,
        policy: Option<FolderPolicy>,
    ) -> Vec<Action> {
        self.sheet = None;
        let known = self.folders.iter_mut().find(|known| known.id == folder);
        match known.filter(|known| known.policy != policy) {
            Some(known) => {
                known.policy = policy;
                vec![Action::Ask(Command::KeepOfFolder(folder, policy))]
            }
            None => Vec::new(),
        }
    }

    pub(super) fn keep_sheet<'a>(&'a self, id: FolderId, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let folder = self.folders.iter().find(|folder| folder.id == id);
        let here = folder.and_then(|folder| folder.policy);
        let account = folder
            .and_then(|folder| self.accounts.iter().find(|account| account.name == folder.account));
        let mut all = vec![None, Some(FolderPolicy::Everything)];
        all.extend(DAYS.map(|days| Some(FolderPolicy::Days(days))));
        // What was said elsewhere is shown as well.
        if here.is_some_and(|here| matches!(here, FolderPolicy::Days(_))) && !all.contains(&here) {
            all.push(here);
        }
        all.extend([Some(FolderPolicy::Headers), Some(FolderPolicy::Nothing)]);
        let all = all.into_iter().map(|policy| {
            let said = match policy {
                Some(policy) => policy_said(policy, look),
                None => {
                    let of = account.map(|account| account.settings.policy).unwrap_or_default();
                    let of = policy_said(of, look);
                    look.words.say_with("keep-as-account", &[("kept", of.into())])
                }
            };
            option(said, policy == here, Message::FolderKept(id, policy), look)
        });
        let name = folder.map_or_else(String::new, |folder| folder_name(folder, look));
        let name: String = name.chars().take(60).collect();
        let title = look.words.say_with("keep-title", &[("folder", name.into())]);
        let close = link_button(look.say("cancel"), Message::SheetClosed, look);
        let body = column![
            words(title, size::SECTION, t.ink).font(theme::BOLD),
            Row::with_children(all).spacing(6).wrap().vertical_spacing(6),
            words(look.say("keep-later"), size::HINT, t.ink3),
            row![space().width(Fill), close],
        ]
        .spacing(12);
        dialogue(body, 440.0, look)
    }
}

/// How much that is.
fn policy_said(policy: FolderPolicy, look: Look<'_>) -> String {
    match policy {
        FolderPolicy::Everything => look.say("keep-everything"),
        FolderPolicy::Headers => look.say("keep-headers"),
        FolderPolicy::Nothing => look.say("keep-nothing"),
        FolderPolicy::Days(days) => {
            look.words.say_with("keep-last-days", &[("days", i64::from(days).into())])
        }
    }
}
