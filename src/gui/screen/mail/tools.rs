//! What can be done with a letter: buttons above it, and the keys their tooltips name.

use super::conversation::Message as Conversation;
use super::labels;
use super::open::Open;
use super::{Menu, Message, Place, Sheet, State};
use crate::engine::protocol::Start;
use crate::gui::screen::pieces::{Tipped, icon_button, link_button, small, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::reach::reach;
use crate::i18n::grouped;
use crate::model::{Flags, Role};
use iced::keyboard::Modifiers;
use iced::widget::{button, container, row, space, tooltip};
use iced::{Center, Fill};
use std::time::Duration;

/// From this width of a letter on, in logical pixels, buttons have names.
const NAMED: f32 = 680.0;
/// And from this one on there is room for the place of the letter in its list.
const COUNTED: f32 = 520.0;
/// A tooltip comes after the pointer has stood so long.
const PATIENCE: Duration = Duration::from_millis(500);

impl State {
    pub(super) fn tools<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut tools = row![].spacing(6).align_y(Center).push(self.way_back(look));
        if open.id.is_some() {
            tools = tools.push(self.deeds_tools(look));
        }
        tools = tools.push(space().width(Fill));
        if self.journey_of(open).is_some() {
            let journey = Message::SheetOpened(Sheet::Journey);
            let journey = icon_button(Icon::Route, t.accent, journey, look);
            tools = tools.push(tip(journey, look.say("journey-title"), "T", look));
        }
        if (self.zoom - 1.0).abs() > 0.01 {
            let percent = format!("{:.0}%", self.zoom * 100.0);
            tools = tools.push(link_button(percent, Message::Zoomed(0), look));
        }
        let find = icon_button(Icon::Search, t.ink2, Message::FindOpened, look);
        tools = tools
            .push(tip(find, look.say("tool-find"), "Ctrl+F", look))
            .push(self.more_menu(open, look));
        if let (Some((at, _)), Some(total)) = (self.list.selected, self.list.total)
            && open.id.is_some()
            && self.letter_width() >= COUNTED
        {
            let number = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
            let of = format!("{} / {}", number(at + 1), number(total));
            tools = tools.push(space().width(4));
            tools = tools.push(tight(of, size::HINT, t.ink3, theme::REGULAR));
        }
        container(tools)
            .center_y(52)
            .padding([0, 12])
            .width(Fill)
            .style(theme::area(t.surface))
            .into()
    }

    fn deeds_tools<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let flags = self.flags_at_hand().unwrap_or_else(|| self.open_flags());
        let several = self.meant().len();
        let role =
            self.at_hand().and_then(|row| self.folder_of(row)).and_then(super::sidebar::role);
        let wide = self.letter_width() >= NAMED;
        let said = |name: &str| if wide { look.say(name) } else { String::new() };
        let mut tools = row![].spacing(6).align_y(Center);
        if role == Some(Role::Drafts) {
            let edit = small(
                Some(Icon::Draft),
                look.say("tool-edit-draft"),
                Some(Message::DraftWanted),
                look,
            );
            tools = tools.push(tip(edit, look.say("tool-edit-draft"), "Enter", look));
        } else {
            let reply =
                small(Some(Icon::Reply), said("tool-reply"), Some(Message::AnswerWanted), look);
            let all = icon_button(Icon::ReplyAll, t.ink2, Message::AnswerAllWanted, look);
            let forward = icon_button(Icon::Forward, t.ink2, Message::ForwardWanted, look);
            tools = tools
                .push(tip(reply, look.say("tool-reply"), "R", look))
                .push(tip(all, look.say("tool-reply-all"), "A", look))
                .push(tip(forward, look.say("tool-forward"), "F", look))
                .push(space().width(2));
        }
        if !matches!(role, Some(Role::Archive | Role::All)) {
            let archive =
                small(Some(Icon::Archive), said("tool-archive"), Some(Message::Archived), look);
            tools = tools.push(tip(archive, look.say("tool-archive"), "E", look));
        }
        let delete = small(Some(Icon::Trash), said("tool-delete"), Some(Message::Deleted), look);
        let for_good = role == Some(Role::Trash);
        let deletes = if for_good { "tool-delete-for-good" } else { "tool-delete-hint" };
        tools = tools.push(tip(delete, look.say(deletes), "#, Del", look));
        let (mark, name) = match role {
            Some(Role::Junk) => (Icon::Inbox, "tool-not-junk"),
            _ => (Icon::Junk, "tool-junk"),
        };
        let junk = icon_button(mark, t.ink2, Message::Junked, look);
        let moves = icon_button(Icon::Folder, t.ink2, Message::MoveWanted, look);
        let wanted = Message::Labels(labels::Message::Wanted);
        let label = icon_button(Icon::Label, t.ink2, wanted, look);
        let (seen, seen_said) = match flags.has(Flags::SEEN) {
            true => (Icon::Mail, "tool-unread"),
            false => (Icon::MailOpen, "tool-read"),
        };
        let seen = icon_button(seen, t.ink2, Message::SeenToggled, look);
        let starred = flags.has(Flags::FLAGGED);
        let ink = if starred { t.warn } else { t.ink2 };
        let star = button(container(icon(Icon::Star, ink).filled(starred)).center(Fill))
            .padding(0)
            .width(28)
            .height(28)
            .style(theme::quiet(t, ink))
            .on_press(Message::StarToggled);
        let star = reach(star, Some(Message::StarToggled), t.accent);
        let star_said = if starred { "tool-unstar" } else { "tool-star" };
        // What is done to a folded conversation is done to all its letters.
        let several = (several > 1).then(|| {
            let count = i64::try_from(several).unwrap_or(i64::MAX);
            let said = look.words.say_with("fold-all", &[("count", count.into())]);
            let hint = look.words.say_with("fold-all-hint", &[("count", count.into())]);
            tip(tag(None, said, t.accent, t.accent_soft), hint, "", look)
        });
        tools
            .push(several)
            .push(space().width(2))
            .push(tip(junk, look.say(name), "!", look))
            .push(tip(moves, look.say("tool-move"), "M", look))
            .push(tip(label, look.say("tool-label"), "L", look))
            .push(tip(seen, look.say(seen_said), "U", look))
            .push(tip(star, look.say(star_said), "S", look))
            .into()
    }
}

/// Keys of what can be done with the letter at hand; `z` takes it back.
pub(super) fn pressed(state: &State, character: &str, modifiers: Modifiers) -> Option<Message> {
    // Under a sheet nothing is done unseen.
    if state.sheet.is_some() {
        return None;
    }
    match character {
        "z" | "Z" | "ㅋ" => return Some(Message::Undone),
        "g" | "ㅎ" => return Some(Message::Going),
        "?" => return Some(Message::SheetOpened(Sheet::Keys)),
        "A" | "ㅁ" if modifiers.shift() => {
            return match state.list.place {
                Place::Folder(folder) => Some(Message::AllRead(folder)),
                _ => None,
            };
        }
        _ => {}
    }
    let plain = !modifiers.shift();
    if plain && matches!(character, "c" | "ㅊ") {
        return Some(Message::WriteWanted(Start::New(state.account_at_hand(), Vec::new())));
    }
    if plain && matches!(character, "o" | "ㅐ") && state.can_sort() {
        return Some(Message::MenuToggled(Menu::Sort));
    }
    if plain && character == "." && state.open.is_some() && !state.is_many() {
        return Some(Message::MenuToggled(Menu::More));
    }
    let folds = state.is_short() && state.open.is_some() && !state.is_many();
    if folds && matches!(character, "h" | "ㅗ") {
        return Some(Message::Unfolded);
    }
    if !state.is_many() {
        state.at_hand()?;
    }
    // One letter is answered, not several.
    let plain = plain && state.at_hand().is_some();
    match character {
        "n" | "ㅜ" if !state.is_many() => Some(Message::Conversation(Conversation::Moved(1))),
        "p" | "ㅔ" if !state.is_many() => Some(Message::Conversation(Conversation::Moved(-1))),
        "v" | "ㅍ" if !state.is_many() => Some(Message::Conversation(Conversation::Switched)),
        "w" | "ㅈ" if plain && state.open.is_some() => {
            Some(Message::People(super::people::Message::Unfolded))
        }
        "d" | "ㅇ" if plain && state.open.is_some() => Some(Message::SheetOpened(Sheet::Ledger)),
        "i" | "ㅑ" if plain && state.open.is_some() => Some(Message::SheetOpened(Sheet::Header)),
        "t" | "ㅅ" if state.journey.is_some() && !state.is_many() => {
            Some(Message::SheetOpened(Sheet::Journey))
        }
        "r" | "ㄱ" if plain => Some(Message::AnswerWanted),
        "a" | "ㅁ" if plain => Some(Message::AnswerAllWanted),
        "f" | "ㄹ" if plain => Some(Message::ForwardWanted),
        "s" | "ㄴ" => Some(Message::StarToggled),
        "u" | "ㅕ" => Some(Message::SeenToggled),
        "e" | "ㄷ" => Some(Message::Archived),
        "#" => Some(Message::Deleted),
        "!" => Some(Message::Junked),
        "m" | "ㅡ" => Some(Message::MoveWanted),
        "l" | "ㅣ" => Some(Message::Labels(labels::Message::Wanted)),
        "1" | "2" | "3" | "4" | "5" if plain || state.is_many() => {
            let number = character.parse().ok()?;
            Some(Message::Labels(labels::Message::Switched(number)))
        }
        _ => None,
    }
}

/// What a button does, and its key, shown when the pointer rests on it.
pub(in crate::gui::screen) fn tip<'a, M: 'a>(
    under: impl Tipped<'a, M>,
    said: String,
    key: &str,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let mut inside = row![words(said, size::HINT, t.ink)].spacing(8).align_y(Center);
    if !key.is_empty() {
        inside = inside.push(words(key.to_owned(), size::HINT, t.ink3).font(theme::SEMIBOLD));
    }
    let said = container(inside).padding([4, 8]).style(theme::raised(t, 6.0));
    tooltip(under.bare(), said, tooltip::Position::Bottom).gap(4).delay(PATIENCE).into()
}
