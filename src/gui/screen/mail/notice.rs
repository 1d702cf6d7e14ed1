//! What is said below: that something was done, and the way back from it; that something was
//! not, and why.
//!
//! Promise: what went well goes away by itself; what went wrong stays until it was read.

use super::archives_said::archived_said;
use super::deeds::{Deed, Done};
use super::not_done::{failure_said, not_done_said};
use super::view::place_name;
use super::{Action, Due, Message, Place, State};
use crate::engine::accounts::Failure;
use crate::engine::protocol::{Archived, Lacking, NoReceipts, NotDone, WriteId};
use crate::gui::screen::pieces::{icon_button, link_button};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::OutboxId;
use iced::widget::{Row, column, container, row, space, text};
use iced::{Center, Color, Fill, Padding, Shrink, Theme};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a notice takes in one line at most, in logical pixels: beside it is what can be pressed.
const LONG_NOTICE: usize = 440;
/// What went well is said so long.
const SAID: Duration = Duration::from_secs(8);

/// Something to say that goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An attachment lies here now.
    Saved(PathBuf),
    /// A printed letter lies here now, but for what it lacks.
    Printed(PathBuf, Lacking),
    /// So many attachments lie in this folder now.
    SavedAll(PathBuf, usize),
    /// It does not: where to, and why.
    NotSaved(PathBuf, NotDone),
    /// Pictures of this sender are never shown from now on.
    Blocked(String),
    /// Something with an account went wrong.
    Account(Arc<Failure>),
    /// Something else went wrong.
    Failed(NotDone),
    /// Copied.
    Copied,
    /// This was done.
    Did(Done),
    /// It was taken back.
    Undone,
    /// So was part of it; so many letters could not be brought back.
    UndoneInPart(usize),
    /// A letter is sent then, in seconds since 1970.
    Scheduled(OutboxId, i64),
    /// A server has taken the letter: its words.
    Sent(String),
    /// A letter was not sent, or nobody knows.
    NotSent(OutboxId),
    /// What was written lies among the drafts.
    PutAway,
    /// What was written is thrown away, if it is not wanted back.
    Discarded(WriteId),
    /// What was written could not be kept or sent: why. It is still here.
    NotKept(WriteId, NotDone),
    /// An import or export has ended: what came of it.
    Archived(Arc<Archived>),
    /// The receipt server is named; why it could not be tried, if it could not.
    ReceiptServer(Option<NoReceipts>),
    /// A letter was not sent: its writer is to be asked something first.
    Unanswered(WriteId),
}

/// Whether it goes away by itself: what went wrong stays until it was read.
pub(super) fn passes(notice: &Notice) -> bool {
    match notice {
        Notice::Saved(_)
        | Notice::SavedAll(..)
        | Notice::Blocked(_)
        | Notice::Copied
        | Notice::Did(_)
        | Notice::Undone
        | Notice::Scheduled(..)
        | Notice::Sent(_)
        | Notice::PutAway
        | Notice::Discarded(_)
        | Notice::ReceiptServer(None) => true,
        // It may have taken long, and be heard of late.
        Notice::Archived(_)
        | Notice::NotSent(_)
        | Notice::NotSaved(..)
        | Notice::Printed(..)
        | Notice::Account(_)
        | Notice::Failed(_)
        | Notice::NotKept(..)
        | Notice::UndoneInPart(_)
        | Notice::ReceiptServer(Some(_))
        | Notice::Unanswered(_) => false,
    }
}

impl State {
    /// Says something; what went well goes away by itself.
    pub(super) fn say(&mut self, notice: Notice) -> Vec<Action> {
        self.deeds.said += 1;
        let passes = passes(&notice);
        self.notice = Some(notice);
        let due = Due::Notice(self.deeds.said);
        passes.then_some(Action::Later(due, SAID)).into_iter().collect()
    }

    /// What was done, as a sentence.
    fn done_said(&self, done: Done, look: Look<'_>) -> String {
        let count = i64::try_from(done.count).unwrap_or(i64::MAX);
        let counted = |name: &str| look.words.say_with(name, &[("count", count.into())]);
        let into = |to, one: &str, many: &str| {
            let name = place_name(self, Place::Folder(to), look);
            let args = [("folder", name.into()), ("count", count.into())];
            look.words.say_with(if count > 1 { many } else { one }, &args)
        };
        match done.deed {
            Deed::Copied(to) => into(to, "did-copy", "did-copy-many"),
            Deed::Moved(to) => into(to, "did-move", "did-move-many"),
            Deed::Read if count > 1 => counted("did-read-many"),
            Deed::Unread if count > 1 => counted("did-unread-many"),
            Deed::Starred if count > 1 => counted("did-star-many"),
            Deed::Unstarred if count > 1 => counted("did-unstar-many"),
            Deed::Labelled if count > 1 => counted("did-label-many"),
            Deed::Unlabelled if count > 1 => counted("did-unlabel-many"),
            Deed::Archived if count > 1 => counted("did-archive-many"),
            Deed::Trashed if count > 1 => counted("did-delete-many"),
            Deed::Gone if count > 1 => counted("did-delete-for-good-many"),
            Deed::Junked if count > 1 => counted("did-junk-many"),
            Deed::NotJunk if count > 1 => counted("did-not-junk-many"),
            Deed::Read => look.say("did-read"),
            Deed::Unread => look.say("did-unread"),
            Deed::Starred => look.say("did-star"),
            Deed::Unstarred => look.say("did-unstar"),
            Deed::Labelled => look.say("did-label"),
            Deed::Unlabelled => look.say("did-unlabel"),
            Deed::Archived => look.say("did-archive"),
            Deed::Trashed => look.say("did-delete"),
            Deed::Gone => look.say("did-delete-for-good"),
            Deed::Junked => look.say("did-junk"),
            Deed::NotJunk => look.say("did-not-junk"),
            Deed::FolderMade => look.say("did-folder-new"),
            Deed::FolderNamed => look.say("did-folder-rename"),
            Deed::FolderGone => look.say("did-folder-remove"),
            Deed::AllRead => counted("did-all-read"),
            Deed::TrashEmptied => counted("did-empty-trash"),
            Deed::Resumed => counted("did-resumed"),
            Deed::FolderResumed => look.say("did-resumed-folder"),
        }
    }

    /// Whether what is said offers to take something back.
    pub(super) fn offers_undo(&self) -> bool {
        let notice = match self.notice {
            Some(Notice::Did(done)) => done.can_undo,
            Some(Notice::Discarded(_) | Notice::Scheduled(..)) => true,
            _ => false,
        };
        notice || self.sending.is_some()
    }

    /// What there is to say.
    pub(super) fn notices<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        if self.notice.is_none() && self.sending.is_none() {
            return None;
        }
        let cards = column![]
            .push(self.notice.as_ref().map(|notice| self.notice_said(notice, look)))
            .push(self.sending.map(|(letter, left)| sending(letter, left, look)));
        Some(cards.spacing(8).align_x(Center).into())
    }

    pub(super) fn notices_over<'a>(&self, said: Element<'a, Message>) -> Element<'a, Message> {
        // Above the foot of a letter being written, which is read too.
        // Or above what can be done with picked letters, in a narrow window.
        let foot = self.writing.is_some() || (self.is_single() && self.shows_many());
        let bottom = if foot { 92.0 } else { 44.0 };
        let padding = Padding::from(44).bottom(bottom);
        container(said).align_bottom(Fill).center_x(Fill).padding(padding).into()
    }

    fn notice_said<'a>(&'a self, notice: &'a Notice, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (mark, ink, said) = match notice {
            Notice::Saved(path) => {
                let path = path.display().to_string();
                let said = look.words.say_with("notice-saved", &[("path", path.into())]);
                (Icon::Check, t.accent, said)
            }
            Notice::Printed(path, lacking) => {
                let said = match (lacking.as_text, lacking.cut) {
                    (true, true) => "notice-printed-text-cut",
                    (true, false) => "notice-printed-text",
                    (false, _) => "notice-printed-cut",
                };
                let path = path.display().to_string();
                (Icon::Warn, t.warn, look.words.say_with(said, &[("path", path.into())]))
            }
            Notice::SavedAll(folder, count) => {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                let folder = folder.display().to_string();
                let args = [("count", count.into()), ("path", folder.into())];
                (Icon::Check, t.accent, look.words.say_with("notice-saved-all", &args))
            }
            Notice::Blocked(whom) => {
                let whom: String = whom.chars().filter(|c| !c.is_control()).take(80).collect();
                let said = look.words.say_with("notice-blocked", &[("whom", whom.into())]);
                (Icon::EyeOff, t.accent, said)
            }
            Notice::NotSaved(path, why) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                let why = not_done_said(why, look);
                let args = [("name", name.into_owned().into()), ("why", why.into())];
                (Icon::Warn, t.bad, look.words.say_with("notice-not-saved", &args))
            }
            Notice::Account(failure) => (Icon::Warn, t.bad, failure_said(failure, look)),
            Notice::Failed(why) => (Icon::Warn, t.bad, not_done_said(why, look)),
            Notice::Copied => (Icon::Check, t.accent, look.say("notice-copied")),
            Notice::Did(done) => (Icon::Check, t.accent, self.done_said(*done, look)),
            Notice::UndoneInPart(left) => {
                let left = i64::try_from(*left).unwrap_or(i64::MAX);
                let said = look.words.say_with("notice-undone-in-part", &[("left", left.into())]);
                (Icon::Warn, t.warn, said)
            }
            Notice::Undone => (Icon::Undo, t.accent, look.say("notice-undone")),
            Notice::Scheduled(_, at) => {
                let time = look.clock.long(look.words, *at);
                let said = look.words.say_with("notice-scheduled", &[("time", time.into())]);
                (Icon::Clock, t.accent, said)
            }
            Notice::Sent(said) => {
                let said: String = said.chars().filter(|c| !c.is_control()).take(80).collect();
                let said = look.words.say_with("notice-sent", &[("said", said.into())]);
                (Icon::Check, t.accent, said)
            }
            Notice::NotSent(_) => (Icon::Warn, t.bad, look.say("notice-not-sent")),
            Notice::PutAway => (Icon::Draft, t.accent, look.say("notice-put-away")),
            Notice::Discarded(_) => (Icon::Trash, t.accent, look.say("notice-discarded")),
            Notice::NotKept(_, why) => {
                let why = not_done_said(why, look);
                (Icon::Warn, t.bad, look.words.say_with("notice-not-kept", &[("why", why.into())]))
            }
            Notice::Archived(archived) => {
                let said = archived_said(archived, look);
                let (mark, ink) = match said.well {
                    true => (Icon::Check, t.accent),
                    false => (Icon::Warn, t.warn),
                };
                (mark, ink, said.first)
            }
            Notice::ReceiptServer(None) => (Icon::Check, t.accent, look.say("notice-server")),
            Notice::ReceiptServer(Some(why)) => {
                let why = super::receipt_server::no_receipts_said(why, look);
                (
                    Icon::Warn,
                    t.warn,
                    look.words.say_with("notice-server-away", &[("why", why.into())]),
                )
            }
            Notice::Unanswered(_) => (Icon::Warn, t.warn, look.say("notice-unanswered")),
        };
        let mut words = toast(mark, ink, said, look);
        if matches!(notice, Notice::Did(Done { can_undo: true, .. }) | Notice::Blocked(_)) {
            let undo = link_button(look.say("undo"), Message::Undone, look);
            words = words.push(super::tools::tip(undo, look.say("undo"), "Z", look));
        }
        match notice {
            Notice::Archived(_) => {
                let more = Message::Preferences(super::preferences::Message::StorageWanted);
                words = words.push(link_button(look.say("archive-more"), more, look));
            }
            Notice::Discarded(id) => {
                let undo = link_button(look.say("undo"), Message::WritingWanted(*id), look);
                words = words.push(super::tools::tip(undo, look.say("undo"), "Z", look));
            }
            Notice::NotKept(id, _) | Notice::Unanswered(id) => {
                let back = Message::WritingWanted(*id);
                words = words.push(link_button(look.say("write-on"), back, look));
            }
            _ => {}
        }
        if let Notice::Scheduled(letter, _) = notice {
            let undo = link_button(look.say("send-undo"), Message::SendUndone(*letter), look);
            words = words.push(super::tools::tip(undo, look.say("send-undo"), "Z", look));
        }
        if let Notice::NotSent(_) = notice {
            let show = Message::PlaceChosen(Place::Outbox);
            words = words.push(link_button(look.say("folder-outbox"), show, look));
        }
        let close = icon_button(Icon::Close, t.ink3, Message::NoticeClosed, look);
        let words = words.push(super::tools::tip(close, look.say("close"), "Esc", look));
        container(words).padding([6, 12]).max_width(640).style(theme::raised(t, 10.0)).into()
    }
}

/// A letter was sent, and can be taken back for so many seconds.
fn sending(letter: OutboxId, left: u32, look: Look<'_>) -> Element<'_, Message> {
    let t = look.tokens;
    let said = look.words.say_with("notice-sending", &[("count", i64::from(left).into())]);
    let undo = link_button(look.say("send-undo"), Message::SendUndone(letter), look);
    let said = toast(Icon::Sent, t.accent, said, look).push(super::tools::tip(
        undo,
        look.say("send-undo"),
        "Z",
        look,
    ));
    container(said).padding([6, 12]).max_width(640).style(theme::raised(t, 10.0)).into()
}

/// What stands first in a notice.
fn toast<'a>(mark: Icon, ink: Color, said: String, look: Look<'a>) -> Row<'a, Message, Theme> {
    // A long sentence wraps, and leaves what can be pressed its room.
    let about: usize = said.chars().map(|c| if c < '\u{1100}' { 8 } else { 13 }).sum();
    let width = if about > LONG_NOTICE { Fill } else { Shrink };
    let said = text(said).size(size::SECOND).color(look.tokens.ink).width(width);
    row![icon(mark, ink), said, space().width(4)].spacing(8).align_y(Center)
}
