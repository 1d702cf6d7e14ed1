//! The whole screen: folders, list, letter, status line.

use super::archives_said::{archived_said, doing_said, far_said};
use super::deeds::{Deed, Done};
use super::fold;
use super::link::may_open;
use super::missing::Message as Missing;
use super::not_done::{failure_said, not_done_said, not_opened_said};
use super::picking::Pick;
use super::saving::Message as Saving;
use super::{Field, Menu, Message, Notice, Place, Sheet, State};
use crate::gui::screen::pieces::{across, icon_button, link_button};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::keys::keys;
use crate::gui::widget::line::line;
use crate::i18n::Words;
use crate::model::OutboxId;
use iced::keyboard::{Key, Modifiers, key::Named};
use iced::widget::{Row, column, container, mouse_area, opaque, row, space, stack, text};
use iced::{Center, Color, Fill, Padding, Shrink, Theme};

/// What a notice takes in one line at most, in logical pixels: beside it is what can be pressed.
const LONG_NOTICE: usize = 440;

impl State {
    /// The screen.
    pub fn view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let _marked = crate::window_thread::marked();
        let beside = if let Some(preferences) = &self.preferences {
            tabbed(self.preferences_view(preferences, look))
        } else if let Some(writing) = &self.writing {
            writing.view(self.beside_side(), look).map(Message::Compose)
        } else if self.list.place == Place::Outbox {
            tabbed(self.outbox_view(look))
        } else if self.list.place == Place::Receipts {
            tabbed(self.receipts_view(look))
        } else {
            keys(self.list_and_letter(look), |_, _| None, |_, _| None).with_tabs().passing().into()
        };
        let mut page = column![self.with_side(beside, look)];
        if let Some(strip) = self.demo(look) {
            page = page.push(strip);
        }
        // What is typed over it is not for it.
        let page = keys(page, |_, _| None, |_, _| None).deaf(self.is_covered());
        // The window itself is paper: it is not painted twice.
        let page = container(page).width(Fill).height(Fill);
        let mut layers = stack![page];
        if self.are_places_over() {
            let places = keys(self.places_over(look), |_, _| None, |_, _| None);
            layers = layers.push(places.deaf(self.is_covered()));
        }
        // What is said stands below whatever lies on top, not over it.
        let mut said = self.notices(look);
        let closing = self.closing_over(look);
        let closing = closing.map(|over| self.over_notices(over, said.take(), look));
        let shown = self.writing.as_ref().filter(|_| self.preferences.is_none());
        let question = shown.and_then(|writing| writing.question(look));
        let question = question.map(|over| over.map(Message::Compose));
        let question = question.map(|over| self.over_notices(over, said.take(), look));
        if let Some(sheet) = self.sheet_over(look) {
            let sheet = self.over_notices(sheet, said.take(), look);
            let sheet = keys(sheet, |_, _| None, |_, _| None).with_tabs();
            layers = layers.push(sheet.deaf(self.is_closing()));
        }
        for over in [question, closing].into_iter().flatten() {
            layers = layers.push(tabbed(over));
        }
        for over in [self.row_menu_over(look), self.drag_over(look)].into_iter().flatten() {
            layers = layers.push(over);
        }
        let notices = self.goals_over(look).or_else(|| said.map(|said| self.notices_over(said)));
        if let Some(notices) = notices {
            layers = layers.push(notices);
        }
        let elsewhere = Message::Focus(super::focus::Message::Left);
        let led = self.focus() != super::focus::Focus::List && !self.are_places_over();
        keys(
            layers,
            |key, modifiers| first(self, key, modifiers),
            |key, modifiers| last(self, key, modifiers),
        )
        .left_by_click(led.then_some(elsewhere))
        .with_second(self.going, |said| matches!(said, Message::Going), super::go::second)
        .into()
    }

    /// Whether something lies over it that has the keys.
    fn is_covered(&self) -> bool {
        let shown = |sheet: Sheet| !sheet.is_of_letter() || self.open.is_some();
        self.sheet.is_some_and(shown) || self.is_closing()
    }

    /// Whether something is looked for in the letter.
    fn is_finding(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.find.is_some())
    }

    /// Whether the sidebar lies over the list.
    pub(super) fn are_places_over(&self) -> bool {
        self.places_shown && self.is_narrow()
    }

    fn places_over<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let scrim = container(space()).width(Fill).height(Fill).style(theme::area(t.scrim));
        let scrim = opaque(mouse_area(scrim).on_press(Message::PlacesToggled));
        let side = container(self.sidebar(super::panes::OVER, look))
            .height(Fill)
            .style(theme::raised(t, 0.0));
        stack![scrim, opaque(side)].into()
    }

    pub(super) fn reading<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let body = match &self.open {
            _ if self.shows_many() => self.many_view(look),
            Some(open) => self.letter_view(open, look),
            None => self.nothing_open(look),
        };
        let body = match self.way_back(look).filter(|_| self.open.is_none()) {
            Some(back) => column![container(back).center_y(52).padding([0, 12]), body].into(),
            None => body,
        };
        column![self.way_outside(look), body, across(t), self.status(look)]
            .width(Fill)
            .height(Fill)
            .into()
    }

    fn nothing_open<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (title, hint) = if self.ended {
            (look.say("engine-ended"), String::new())
        } else if let Some(why) = &self.not_opened {
            (look.say("open-failed"), not_opened_said(why, look))
        } else if self.coming.is_some() {
            (look.say("open-coming"), String::new())
        } else {
            (look.say("empty-title"), look.say("empty-hint"))
        };
        let words = column![
            icon(Icon::Mail, t.ink3).size(36.0),
            space().height(4),
            text(title).size(size::SECTION).font(theme::SEMIBOLD).color(t.ink2),
            text(hint).size(size::SECOND).color(t.ink3).center().width(Shrink),
        ]
        .spacing(6)
        .align_x(Center)
        .max_width(420);
        container(words).center(Fill).into()
    }

    fn status<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let left: Element<'a, Message> = match self.link_under() {
            Some(link) => line(link, size::HINT, t.ink2).into(),
            None => self.state_of_mail(look),
        };
        let mut bar = row![left].spacing(14).align_y(Center);
        if let Some(open) = self.open.as_ref().filter(|_| !self.shows_many()) {
            let count = i64::try_from(open.requests).unwrap_or(i64::MAX);
            let ink = if count == 0 { t.ink3 } else { t.warn };
            bar = bar.push(text(look.say("status-requests")).size(size::HINT).color(ink)).push(
                text(look.words.say_with("status-count", &[("count", count.into())]))
                    .size(size::HINT)
                    .font(theme::BOLD)
                    .color(if count == 0 { t.ink } else { t.warn }),
            );
            bar = bar.spacing(6);
        }
        container(bar)
            .height(26)
            .center_y(26)
            .padding([0, 14])
            .width(Fill)
            .style(theme::area(t.side))
            .into()
    }

    fn state_of_mail<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if self.ended {
            return line(look.say("engine-ended"), size::HINT, t.bad).into();
        }
        if let Some(count) = self.deeds.at_work() {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let said = look.words.say_with("status-at-work", &[("count", count.into())]);
            return line(said, size::HINT, t.ink2).into();
        }
        if let Some(far) = &self.archives.job {
            let (doing, far) = (doing_said(far.doing, look), far_said(far, look));
            let said = line(format!("{doing} · {far}"), size::HINT, t.ink2);
            let said = row![icon(Icon::Sync, t.accent).size(13.0), said];
            return said.spacing(8).align_y(Center).width(Fill).into();
        }
        if let Some(line) = self.sync_line(look) {
            return line;
        }
        let total: u64 = self.folders.iter().map(|f| f.total).sum();
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        let said = look.words.say_with("status-mail", &[("count", total.into())]);
        row![icon(Icon::Lock, t.ink3).size(13.0), line(said, size::HINT, t.ink3)]
            .spacing(8)
            .align_y(Center)
            .width(Fill)
            .into()
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
    fn offers_undo(&self) -> bool {
        let notice = match self.notice {
            Some(Notice::Did(done)) => done.can_undo,
            Some(Notice::Discarded(_) | Notice::Scheduled(..)) => true,
            _ => false,
        };
        notice || self.sending.is_some()
    }

    /// Where the link leads that is under the pointer, or that keys have come to.
    fn link_under(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        let stop = || open.come_to()?.link;
        let link = usize::try_from(open.under.link.or_else(stop)?).ok()?;
        let target = &open.links.get(link)?.target;
        Some(may_open(target).unwrap_or_else(|| target.clone()))
    }

    /// What there is to say.
    fn notices<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        if self.notice.is_none() && self.sending.is_none() {
            return None;
        }
        let cards = column![]
            .push(self.notice.as_ref().map(|notice| self.notice_said(notice, look)))
            .push(self.sending.map(|(letter, left)| sending(letter, left, look)));
        Some(cards.spacing(8).align_x(Center).into())
    }

    fn notices_over<'a>(&self, said: Element<'a, Message>) -> Element<'a, Message> {
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

/// A view whose buttons the tabulator goes through.
pub(super) fn tabbed<'a>(inside: Element<'a, Message>) -> Element<'a, Message> {
    keys(inside, |_, _| None, |_, _| None).with_tabs().into()
}

/// Keys that no field may have.
fn first(state: &State, key: &Key, modifiers: Modifiers) -> Option<Message> {
    if state.is_closing() {
        return None;
    }
    if state.is_covered() {
        let over = super::preview::pressed(state, key)
            .or_else(|| super::moving::first(state, key))
            .or_else(|| super::labels::first(state, key))
            .or_else(|| super::ask::first(state, key));
        let escape = || matches!(key.as_ref(), Key::Named(Named::Escape));
        return over.or_else(|| escape().then_some(Message::Escaped));
    }
    if let Some(said) = super::picking::in_menu(key).filter(|_| state.has_pointed_menu()) {
        return Some(said);
    }
    if modifiers.command() && matches!(key.as_ref(), Key::Character(",")) {
        return Some(super::preferences::TOGGLE);
    }
    // The letter being written has keys of its own.
    if state.writing.is_some() && state.preferences.is_none() {
        return None;
    }
    if let Some(help) = super::searching::first(state, key, modifiers) {
        return Some(help);
    }
    if let Some(said) = super::focus::first(state, key, modifiers) {
        return Some(said);
    }
    let letter = || state.open.is_some() && !state.shows_many() && state.preferences.is_none();
    match key.as_ref() {
        Key::Named(Named::Escape) => Some(Message::Escaped),
        Key::Character(c) if modifiers.command() => match c {
            "f" | "F" | "ㄹ" if letter() => Some(Message::FindOpened),
            "k" | "K" | "ㅏ" if modifiers.shift() => Some(Message::Missing(Missing::Wanted)),
            "k" | "K" | "ㅏ" => Some(Message::Entered(Field::Search)),
            "+" | "=" if letter() => Some(Message::Zoomed(1)),
            "-" if letter() => Some(Message::Zoomed(-1)),
            "0" if letter() => Some(Message::Zoomed(0)),
            "s" | "S" | "ㄴ" if letter() && modifiers.shift() => {
                Some(Message::Saving(Saving::All))
            }
            "s" | "S" | "ㄴ" if letter() => Some(Message::Saving(Saving::Letter)),
            "u" | "U" | "ㅕ" if letter() => Some(Message::SheetOpened(Sheet::Source)),
            "p" | "P" | "ㅔ" if letter() => Some(Message::Saving(Saving::Print)),
            _ => None,
        },
        Key::Named(Named::Enter) if modifiers.shift() && letter() && state.is_finding() => {
            Some(Message::FindMoved(-1))
        }
        Key::Named(Named::F3) if letter() => {
            Some(Message::FindMoved(if modifiers.shift() { -1 } else { 1 }))
        }
        _ => None,
    }
}

/// Keys that no field has taken.
fn last(state: &State, key: &Key, modifiers: Modifiers) -> Option<Message> {
    if state.is_closing() {
        let (letter, _) = state.sending?;
        let back = matches!(key.as_ref(), Key::Character("z" | "Z" | "ㅋ"));
        return back.then_some(Message::SendUndone(letter));
    }
    if state.is_covered() {
        // The source can be marked and copied; nothing is done to what lies under a sheet.
        let source = state.sheet == Some(Sheet::Source) && modifiers.command();
        return match key.as_ref() {
            Key::Character("c" | "C" | "ㅊ") if source => Some(Message::SelectionCopied),
            Key::Character("a" | "A" | "ㅁ") if source => Some(Message::AllSelected),
            // What is said below it can be taken back.
            Key::Character("z" | "Z" | "ㅋ") if state.offers_undo() => Some(Message::Undone),
            _ => None,
        };
    }
    let of_place = modifiers.command() || state.are_places_over();
    if of_place && super::picking::asks_for_menu(key, modifiers) {
        return Some(Message::Pick(Pick::PlaceMenu));
    }
    if modifiers.command() && matches!(key.as_ref(), Key::Character(".")) {
        return Some(Message::Pick(Pick::AccountMenu));
    }
    if state.preferences.is_some() && !state.are_places_over() {
        return super::preferences::pressed(state, key, modifiers);
    }
    if state.writing.is_some() {
        return None;
    }
    let is_list = !matches!(state.list.place, Place::Outbox | Place::Receipts);
    if is_list
        && !state.are_places_over()
        && let Some(said) = super::picking::last(state, key, modifiers)
    {
        return said;
    }
    if modifiers.command() {
        return match key.as_ref() {
            Key::Character("c" | "C" | "ㅊ") => Some(Message::SelectionCopied),
            Key::Character("a" | "A" | "ㅁ") => Some(Message::AllSelected),
            Key::Character("z" | "Z" | "ㅋ") => Some(Message::Undone),
            Key::Named(Named::ArrowUp | Named::Home) => Some(Message::Moved(isize::MIN)),
            Key::Named(Named::ArrowDown | Named::End) => Some(Message::Moved(isize::MAX)),
            _ => super::panes::pressed(key, modifiers),
        };
    }
    if state.are_places_over() {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) | Key::Character("j" | "ㅓ") => {
                Some(Message::PlaceMoved(1))
            }
            Key::Named(Named::ArrowUp) | Key::Character("k" | "ㅏ") => {
                Some(Message::PlaceMoved(-1))
            }
            Key::Named(Named::Home) => Some(Message::PlaceMoved(isize::MIN)),
            Key::Named(Named::End) => Some(Message::PlaceMoved(isize::MAX)),
            Key::Named(Named::Enter) | Key::Character("f" | "ㄹ") => Some(Message::PlacesToggled),
            _ => None,
        };
    }
    if state.list.place == Place::Receipts {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) => Some(Message::ReceiptsMoved(1)),
            Key::Named(Named::ArrowUp) => Some(Message::ReceiptsMoved(-1)),
            Key::Character(c @ ("c" | "ㅊ" | "z" | "ㅋ" | "g" | "ㅎ" | "?")) => {
                super::tools::pressed(state, c, modifiers)
            }
            Key::Character(character) => super::receipts::pressed(character),
            _ => None,
        };
    }
    if state.list.place == Place::Outbox {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) => Some(Message::OutboxMoved(1)),
            Key::Named(Named::ArrowUp) => Some(Message::OutboxMoved(-1)),
            // Nothing is done to a letter that is not seen.
            Key::Character(c @ ("c" | "ㅊ" | "z" | "ㅋ" | "g" | "ㅎ" | "?")) => {
                super::tools::pressed(state, c, modifiers)
            }
            Key::Character(character) => super::outbox::pressed(state, character),
            _ => None,
        };
    }
    let rows = (state.list.height / state.list.density.row()).max(1.0) as isize;
    match key.as_ref() {
        Key::Named(Named::ArrowDown) | Key::Character("j" | "ㅓ") => Some(Message::Moved(1)),
        Key::Named(Named::ArrowUp) | Key::Character("k" | "ㅏ") => Some(Message::Moved(-1)),
        Key::Named(Named::ArrowRight) if modifiers.shift() => {
            Some(Message::Stack(super::stack::Message::All(true)))
        }
        Key::Named(Named::ArrowLeft) if modifiers.shift() => {
            Some(Message::Stack(super::stack::Message::All(false)))
        }
        Key::Named(Named::ArrowRight) => Some(Message::Fold(fold::Message::Unfolded)),
        Key::Named(Named::ArrowLeft) => Some(Message::Fold(fold::Message::Folded)),
        Key::Named(Named::Home) => Some(Message::Moved(isize::MIN)),
        Key::Named(Named::End) => Some(Message::Moved(isize::MAX)),
        Key::Named(Named::PageDown) => Some(Message::Moved(rows)),
        Key::Named(Named::PageUp) => Some(Message::Moved(-rows)),
        Key::Named(Named::Enter) if state.open.is_some() && state.is_draft() => {
            Some(Message::DraftWanted)
        }
        Key::Named(Named::Enter) => state.list.selected.map(|(at, _)| Message::RowChosen(at)),
        Key::Named(Named::Space) if state.open.is_some() => {
            Some(Message::Paged(if modifiers.shift() { -0.9 } else { 0.9 }))
        }
        Key::Character("f" | "ㄹ") if state.is_narrow() && state.open.is_none() => {
            Some(Message::PlacesToggled)
        }
        Key::Character("/") => Some(Message::Entered(Field::Search)),
        Key::Character(way @ ("]" | "[")) if state.open.is_some() && !state.shows_many() => {
            Some(Message::Focus(super::focus::Message::Step(way == "[")))
        }
        Key::Named(Named::Delete) => Some(Message::Deleted),
        Key::Character(character) => super::tools::pressed(state, character, modifiers),
        _ => None,
    }
}

/// The name of a place, and its icon.
pub(super) fn place_name(state: &State, place: Place, look: Look<'_>) -> String {
    place_called(state, place, look.words)
}

/// The same, in a language.
pub(super) fn place_called(state: &State, place: Place, words: &Words) -> String {
    match place {
        Place::Inboxes => words.say("place-inboxes"),
        Place::All => words.say("place-all"),
        Place::Starred => words.say("place-starred"),
        Place::Search => words.say("place-search"),
        Place::Outbox => words.say("folder-outbox"),
        Place::Receipts => words.say("place-receipts"),
        Place::Folder(id) => {
            let folder = state.folders.iter().find(|folder| folder.id == id);
            folder.map_or_else(String::new, |folder| super::sidebar::name_in(folder, words))
        }
    }
}

/// Whether a menu is open, as what is shown.
pub(super) fn open_menu<'a>(
    state: &State,
    which: Menu,
    content: impl FnOnce() -> Element<'a, Message>,
) -> Option<Element<'a, Message>> {
    state.has(which).then(content)
}
