//! How the accounts stand: what the engine is doing now, how far it is, what went wrong.

use super::not_done::failure_said;
use super::sidebar::folder_name;
use super::{Action, Message, State};
use crate::engine::accounts::Failure;
use crate::engine::sync::{Progress, SyncEvent};
use crate::gui::theme::{self, Look, size};
use crate::gui::time::bytes;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::i18n::grouped;
use crate::model::{AccountId, FolderId};
use iced::widget::{button, row};
use iced::{Center, Color, Fill};
use std::sync::Arc;
use std::time::Duration;

/// An account is nearly full from this share on, in thousandths.
const NEARLY_FULL: u64 = 900;

/// What is being done for an account.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Phase {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// A connection is being made.
    Connecting,
    /// This folder is being looked at: its number and its path.
    Folder(FolderId, String),
    /// Letters are coming.
    Receiving(Progress),
    /// Everything is in step.
    InStep,
    /// There is no connection.
    Offline,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// In somebody's words: a server's, mostly.
    Said(String),
    /// Something that the user can do something about.
    Failure(Arc<Failure>),
}

/// How an account stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// What is being done.
    pub phase: Phase,
    /// All has been in step since it was connected.
    pub settled: bool,
    /// What went wrong last, until all is in step again.
    pub trouble: Option<Trouble>,
    /// Changes of the user's that the server has not heard of yet.
    pub waiting: u64,
    /// What the server wanted to be read last: its words.
    pub alert: Option<String>,
    /// Bytes taken and allowed at the server, where it tells.
    pub quota: Option<(u64, u64)>,
}

impl State {
    /// The engine tells of an account.
    pub(super) fn sync_told(&mut self, account: AccountId, event: SyncEvent) -> Vec<Action> {
        let standing = self.sync.entry(account).or_default();
        match event {
            SyncEvent::Connecting => {
                standing.phase = Phase::Connecting;
                standing.settled = false;
            }
            // A quick look into a folder while all is in step is no news.
            SyncEvent::Folder { .. } if standing.phase == Phase::InStep => {}
            SyncEvent::Folder { folder, path } => standing.phase = Phase::Folder(folder, path),
            SyncEvent::Progress(progress) => {
                let settled = standing.settled || standing.phase == Phase::InStep;
                // And what comes then is all there is to come.
                standing.phase = match settled && progress.letters >= progress.letters_total {
                    true => Phase::InStep,
                    false => Phase::Receiving(progress),
                };
                standing.settled = settled;
            }
            SyncEvent::Waiting(count) => standing.waiting = count,
            SyncEvent::Idle => {
                standing.phase = Phase::InStep;
                standing.settled = true;
                standing.trouble = None;
            }
            SyncEvent::Quota { used, allowed } => standing.quota = Some((used, allowed)),
            SyncEvent::Offline(_) => {
                standing.phase = Phase::Offline;
                standing.settled = false;
            }
            SyncEvent::Alert(text) => standing.alert = Some(text),
            SyncEvent::Error { text, .. } => standing.trouble = Some(Trouble::Said(text)),
            SyncEvent::Stopped(failure) => standing.trouble = Some(Trouble::Failure(failure)),
            SyncEvent::New(_, letters) if !letters.is_empty() => {
                return vec![Action::Notify(letters)];
            }
            SyncEvent::New(..)
            // The engine tells of changed rows, and minds what came whole, by itself.
            | SyncEvent::Changed(_)
            | SyncEvent::Whole(_)
            // Told as an event of its own.
            | SyncEvent::RolledBack(_)
            | SyncEvent::FolderDone { .. }
            | SyncEvent::Done(_) => {}
        }
        Vec::new()
    }

    /// How far the folder is that letters are coming into, from 0 to 1.
    pub(super) fn share_of(&self, folder: FolderId) -> Option<f32> {
        self.sync.values().find_map(|standing| match &standing.phase {
            Phase::Receiving(progress) if progress.folder == folder => {
                Some(share(progress.bytes, progress.bytes_total))
            }
            _ => None,
        })
    }

    /// The account that is fullest at its server, if it is nearly full.
    fn fullest(&self) -> Option<(u64, u64)> {
        let quotas = self.sync.values().filter_map(|standing| standing.quota);
        let share = |(used, allowed): &(u64, u64)| used.saturating_mul(1000) / (*allowed).max(1);
        quotas.filter(|quota| share(quota) >= NEARLY_FULL).max_by_key(share)
    }

    /// Changes of the user's that servers have not heard of yet.
    fn waiting(&self) -> u64 {
        self.sync.values().map(|standing| standing.waiting).sum()
    }

    /// The line that says what is being done; `None` where no account is.
    pub(super) fn sync_line<'a>(&self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        // What is under way is told first, then what is wrong, then that all is well.
        let told = |standing: &&Standing| match (&standing.phase, &standing.trouble) {
            (Phase::Receiving(_), _) => 5,
            (Phase::Folder(..) | Phase::Connecting, _) => 4,
            (_, Some(_)) => 3,
            (Phase::Offline, None) => 2,
            (Phase::InStep, None) => 1,
            (Phase::Unknown, None) => 0,
        };
        let (account, standing) = self.sync.iter().max_by_key(|(_, standing)| told(standing))?;
        let (mark, ink, said) = match (&standing.phase, &standing.trouble) {
            (Phase::Receiving(progress), _) => {
                (Icon::Sync, t.accent, self.receiving(progress, look))
            }
            (Phase::Folder(folder, path), _) => {
                let path = self.called(*folder, path, look).into();
                (Icon::Sync, t.ink3, look.words.say_with("sync-folder", &[("folder", path)]))
            }
            (Phase::Connecting, _) => (Icon::Route, t.ink3, look.say("sync-connecting")),
            (_, Some(trouble)) => {
                let said = match trouble {
                    Trouble::Said(why) => {
                        let why: String = why.chars().take(200).collect();
                        look.words.say_with("sync-trouble", &[("why", why.into())])
                    }
                    Trouble::Failure(failure) => failure_said(failure, look),
                };
                (Icon::Warn, t.bad, said)
            }
            (Phase::Offline, None) => (Icon::Warn, t.warn, offline(self.waiting(), look)),
            (Phase::InStep, None) if self.waiting() > 0 => {
                let count = i64::try_from(self.waiting()).unwrap_or(i64::MAX);
                let said = look.words.say_with("sync-telling", &[("count", count.into())]);
                (Icon::Up, t.ink3, said)
            }
            (Phase::InStep, None) => match &standing.alert {
                Some(alert) => {
                    let words = [("words", alert.as_str().into())];
                    (Icon::Warn, t.ink3, look.words.say_with("sync-server-says", &words))
                }
                None => match self.fullest() {
                    Some((used, allowed)) => {
                        let args =
                            [("used", bytes(used).into()), ("allowed", bytes(allowed).into())];
                        (Icon::Warn, t.warn, look.words.say_with("sync-nearly-full", &args))
                    }
                    None => (Icon::Check, t.ink3, look.say("sync-in-step")),
                },
            },
            (Phase::Unknown, None) => return None,
        };
        // Whose it is, where there are several: but for what is so of all of them.
        let all_alike = self.sync.values().all(|other| told(&other) == told(&standing));
        let whose = self.accounts.iter().find(|known| known.id == *account);
        let said = match whose.filter(|_| self.sync.len() > 1 && !all_alike) {
            Some(account) => format!("{} · {said}", account.name),
            None => said,
        };
        let line = row![icon(mark, ink).size(13.0), line(said, size::HINT, ink)];
        let line = line.spacing(8).align_y(Center).width(Fill);
        if standing.trouble.is_none() && !matches!(standing.phase, Phase::Offline) {
            return Some(line.into());
        }
        // What was said to the server tells more.
        let more = button(line).padding(0).width(Fill).style(theme::quiet(t, ink));
        let says = Message::TalkWanted(*account);
        let more = reach(more.on_press(says.clone()), Some(says), t.accent);
        Some(super::tools::tip(more, look.say("talk-show"), "", look))
    }

    /// How an account stands, where that is not well: an icon and a colour.
    pub(super) fn not_well(&self, account: AccountId, look: Look<'_>) -> Option<(Icon, Color)> {
        let standing = self.sync.get(&account)?;
        match (&standing.phase, &standing.trouble) {
            (_, Some(_)) => Some((Icon::Warn, look.tokens.bad)),
            (Phase::Offline, None) => Some((Icon::Warn, look.tokens.warn)),
            _ => None,
        }
    }

    fn called(&self, folder: FolderId, path: &str, look: Look<'_>) -> String {
        let known = self.folders.iter().find(|known| known.id == folder);
        known.map_or_else(|| path.to_owned(), |known| folder_name(known, look))
    }

    fn receiving(&self, progress: &Progress, look: Look<'_>) -> String {
        let number = |count: u64| grouped(i64::try_from(count).unwrap_or(i64::MAX));
        let args = [
            ("folder", self.called(progress.folder, &progress.path, look).into()),
            ("done", number(progress.letters).into()),
            ("all", number(progress.letters_total).into()),
        ];
        let said = look.words.say_with("sync-receiving", &args);
        match progress.left {
            Some(left) => format!("{said} · {}", time_left(left, look)),
            None => said,
        }
    }
}

/// There is no connection; what was done meanwhile waits.
fn offline(waiting: u64, look: Look<'_>) -> String {
    if waiting == 0 {
        return look.say("sync-offline");
    }
    let count = i64::try_from(waiting).unwrap_or(i64::MAX);
    look.words.say_with("sync-offline-waiting", &[("count", count.into())])
}

/// How long it will take, as people say it.
fn time_left(left: Duration, look: Look<'_>) -> String {
    let seconds = left.as_secs();
    let minutes = i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX);
    match seconds {
        0..60 => look.say("sync-left-moment"),
        60..3600 => look.words.say_with("sync-left-minutes", &[("minutes", minutes.into())]),
        _ => {
            let hours = i64::try_from(seconds.div_ceil(3600)).unwrap_or(i64::MAX);
            look.words.say_with("sync-left-hours", &[("hours", hours.into())])
        }
    }
}

fn share(done: u64, all: u64) -> f32 {
    if all == 0 { 0.0 } else { (done as f64 / all as f64).clamp(0.0, 1.0) as f32 }
}
