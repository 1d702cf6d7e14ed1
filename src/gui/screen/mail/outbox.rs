//! The outbox: letters on their way, what stands in the way of each, and what can be done
//! about it. What nobody knows is called unknown, and left to the user.

use super::{Action, Message, Notice, Place, Read, State};
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{across, icon_button, small, subject_said, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::{Delivered, Hindrance, OutLetter, OutRecipient, OutboxId, Word};
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, container, keyed_column, mouse_area, row, scrollable, space};
use iced::{Center, Fill};

/// Recipients shown of a letter.
const SHOWN: usize = 12;

/// What can be done with a letter of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Send it now, or again.
    Again,
    /// Leave it as it is.
    Leave,
    /// Make it a draft again.
    Draft,
}

/// The outbox as it was read last.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// Letters that wait, or need the user.
    pub letters: Vec<OutLetter>,
    /// The letter that keys are about: none, once it has gone.
    pub chosen: Option<OutboxId>,
    /// Where it stands, or stood last.
    at: usize,
    /// Letters that were just given away: that they were sent is said once.
    given: Vec<OutboxId>,
}

impl State {
    /// A letter was given away just now.
    pub(super) fn gave(&mut self, letter: OutboxId) {
        self.outbox.given.push(letter);
    }

    /// The outbox is to be read.
    pub(super) fn read_outbox(&self) -> Vec<Action> {
        vec![Action::Read(Read::Outbox(self.outbox.given.clone()))]
    }

    /// The outbox was read: what waits, and what became of letters just given away.
    pub(super) fn outbox_read(
        &mut self,
        letters: Vec<OutLetter>,
        given: &[OutLetter],
    ) -> Vec<Action> {
        self.outbox.letters = letters;
        self.stay_with_letter();
        let mut actions = Vec::new();
        for letter in given {
            if matches!(letter.state, Delivered::Queued | Delivered::Sending | Delivered::Retry) {
                continue;
            }
            self.outbox.given.retain(|id| *id != letter.id);
            let said = letter.word.as_ref().map_or_else(String::new, Word::line);
            actions.extend(match letter.state {
                Delivered::Sent => self.say(Notice::Sent(said)),
                _ => self.say(Notice::NotSent(letter.id)),
            });
        }
        // An empty outbox has no place.
        if self.list.place == Place::Outbox && self.outbox.letters.is_empty() {
            actions.extend(self.go(Place::All));
        }
        actions.extend(self.closing_read());
        actions
    }

    /// Something is done with a letter of the outbox.
    pub(super) fn outbox_deed(&mut self, letter: OutboxId, deed: Deed) -> Vec<Action> {
        self.notice = None;
        vec![Action::Ask(match deed {
            Deed::Again => Command::TryAgain(letter),
            Deed::Leave => Command::LeaveIt(letter),
            Deed::Draft => Command::TakeBack(letter),
        })]
    }

    /// Keys stay with the letter that they were about, wherever it stands now. Where it has
    /// gone from before the user's eyes, they are about none: not about its neighbour.
    pub(super) fn stay_with_letter(&mut self) {
        let outbox = &mut self.outbox;
        let place = |letter: OutboxId| outbox.letters.iter().position(|of| of.id == letter);
        match outbox.chosen.and_then(place) {
            Some(at) => outbox.at = at,
            None if self.list.place == Place::Outbox && outbox.chosen.is_some() => {}
            None => {
                outbox.at = 0;
                outbox.chosen = outbox.letters.first().map(|letter| letter.id);
            }
        }
    }

    /// A letter of the outbox is looked at.
    pub(super) fn outbox_chosen(&mut self, letter: OutboxId) {
        self.outbox.chosen = Some(letter);
        self.stay_with_letter();
    }

    /// To another letter of the outbox.
    pub(super) fn outbox_moved(&mut self, by: isize) -> Vec<Action> {
        let outbox = &mut self.outbox;
        let last = outbox.letters.len().saturating_sub(1);
        let is_there = outbox.letters.get(outbox.at).map(|letter| letter.id) == outbox.chosen;
        // Another has taken the place of one that has gone.
        let by = if !is_there && by > 0 { by - 1 } else { by };
        outbox.at = outbox.at.saturating_add_signed(by).min(last);
        outbox.chosen = outbox.letters.get(outbox.at).map(|letter| letter.id);
        Vec::new()
    }

    /// What needs the user: something failed, or is not known.
    pub(super) fn outbox_needs(&self) -> bool {
        let needs =
            |letter: &OutLetter| matches!(letter.state, Delivered::Failed | Delivered::Unknown);
        self.outbox.letters.iter().any(needs)
    }

    pub(super) fn outbox_view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let count = i64::try_from(self.outbox.letters.len()).unwrap_or(i64::MAX);
        let mut head = row![].spacing(10).align_y(Center);
        if self.is_narrow() {
            let places = Message::PlacesToggled;
            let places = icon_button(Icon::Menu, t.ink2, places, look);
            head = head.push(super::tools::tip(places, look.say("places"), "F6", look));
        }
        let head = head
            .push(tight(look.say("folder-outbox"), size::SECTION, t.ink, theme::BOLD))
            .push(line(
                look.words.say_with("search-count", &[("count", count.into())]),
                size::HINT,
                t.ink3,
            ))
            .push(tight(look.say("out-keys"), size::HINT, t.ink3, theme::REGULAR));
        let head = container(head).center_y(52).padding([0, 20]).style(theme::area(t.surface));
        // By letter: a click that began on one does not end on another.
        let mut cards = keyed_column([]).spacing(12).width(Fill);
        for letter in &self.outbox.letters {
            let on = self.outbox.chosen == Some(letter.id);
            cards = cards.push(letter.id.0, card(letter, on, look));
        }
        let cards = container(cards).padding([16, 20]).width(Fill);
        let cards = scrollable(cards).width(Fill).height(Fill).style(theme::scroll(t));
        column![head, across(t), cards].width(Fill).height(Fill).into()
    }
}

fn card<'a>(letter: &OutLetter, on: bool, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let subject = subject_said(&letter.subject, look);
    let (shape, ink, ground, name) = state_tag(letter.state, look);
    let head = row![
        line(subject, size::BODY, t.ink).font(theme::SEMIBOLD),
        tag(Some(shape), look.say(name), ink, ground),
    ]
    .spacing(10)
    .align_y(Center);
    let mut block = column![head].spacing(8);
    let people: Vec<&str> =
        letter.recipients.iter().take(SHOWN).map(|person| person.address.label()).collect();
    let more = letter.recipients.len().saturating_sub(SHOWN);
    let mut to = people.join(", ");
    if more > 0 {
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        to = look.words.say_with("names-and-more", &[("names", to.into()), ("count", more.into())]);
    }
    let to = look.words.say_with("row-to", &[("name", to.into())]);
    block = block.push(line(to, size::SECOND, t.ink2));
    let why = letter.word.as_ref().and_then(|word| word.why);
    // Why it failed comes before what to do about it; the time of the next try before why.
    let mut told = story(letter, look);
    if let Some(why) = why {
        let at = if letter.state == Delivered::Failed { 0 } else { told.len() };
        told.insert(at, look.say(hindered(why)));
    }
    for said in told {
        block = block.push(words(said, size::SECOND, t.ink).width(Fill));
    }
    if let Some(word) = letter.word.as_ref().filter(|word| word.code.is_some()) {
        block = block.push(server_said(&word.line(), look));
    }
    let differ = letter.recipients.iter().any(|person| person.state != letter.state);
    if differ {
        let mut people = Column::new().spacing(4);
        for person in letter.recipients.iter().take(SHOWN) {
            people = people.push(recipient(person, look));
        }
        block = block.push(people);
    }
    block = block.push(buttons(letter, look));
    let edge = if on { t.accent } else { t.line };
    let card = container(block)
        .padding([14, 16])
        .width(Fill)
        .max_width(860)
        .style(theme::card(t.surface, edge, 10.0));
    mouse_area(card).on_press(Message::OutboxChosen(letter.id)).into()
}

fn state_tag(state: Delivered, look: Look<'_>) -> (Icon, iced::Color, iced::Color, &'static str) {
    let t = look.tokens;
    match state {
        Delivered::Queued => (Icon::Clock, t.accent, t.accent_soft, "out-queued"),
        Delivered::Sending => (Icon::Sent, t.accent, t.accent_soft, "out-sending"),
        Delivered::Sent => (Icon::Check, t.accent, t.accent_soft, "out-sent"),
        Delivered::Retry => (Icon::Sync, t.warn, t.warn_soft, "out-retry"),
        Delivered::Failed => (Icon::Close, t.bad, t.bad_soft, "out-failed"),
        Delivered::Unknown => (Icon::Warn, t.warn, t.warn_soft, "out-unknown"),
    }
}

/// What happens next, in a sentence or two.
fn story(letter: &OutLetter, look: Look<'_>) -> Vec<String> {
    let timed = |name: &str, at: i64| {
        let at = look.clock.short_time(look.words, at);
        look.words.say_with(name, &[("time", at.into())])
    };
    let now = look.clock.now.as_second();
    match (letter.state, letter.next_attempt) {
        (Delivered::Queued, _) if letter.not_before > now + 60 => {
            vec![timed("out-goes-at", letter.not_before)]
        }
        (Delivered::Queued, _) => vec![look.say("out-goes-soon")],
        (Delivered::Sending, _) => Vec::new(),
        (Delivered::Retry, Some(at)) => {
            let count = i64::from(letter.attempts);
            let tried = look.words.say_with("out-tried", &[("count", count.into())]);
            vec![format!("{} {tried}", timed("out-again-at", at))]
        }
        (Delivered::Unknown, _) => vec![look.say("out-unknown-why"), look.say("out-unknown-what")],
        (Delivered::Failed, _) => vec![look.say("out-failed-what")],
        _ => Vec::new(),
    }
}

fn recipient<'a>(person: &OutRecipient, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (shape, ink, _, name) = state_tag(person.state, look);
    let said = person.word.as_ref().map_or_else(String::new, Word::line);
    row![
        icon(shape, ink).size(14.0),
        tight(person.address.addr.clone(), size::HINT, t.ink, theme::SEMIBOLD),
        tight(look.say(name), size::HINT, ink, theme::REGULAR),
        line(said, size::HINT, t.ink3),
    ]
    .spacing(8)
    .align_y(Center)
    .into()
}

fn server_said<'a>(said: &str, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let said: String = said.chars().filter(|c| !c.is_control()).take(400).collect();
    let said = look.words.say_with("trouble-said", &[("said", said.into())]);
    let said = words(said, size::HINT, t.ink2).wrapping(Wrapping::WordOrGlyph).width(Fill);
    container(said).padding([6, 10]).width(Fill).style(theme::tag(t.paper)).into()
}

fn buttons<'a>(letter: &OutLetter, look: Look<'a>) -> Element<'a, Message> {
    let deeds: &[(Deed, Icon, &str)] = match letter.state {
        Delivered::Queued | Delivered::Retry => {
            &[(Deed::Again, Icon::Sent, "out-now"), (Deed::Draft, Icon::Undo, "send-undo")]
        }
        Delivered::Unknown => &[
            (Deed::Again, Icon::Sent, "out-again"),
            (Deed::Leave, Icon::Check, "out-leave"),
            (Deed::Draft, Icon::Draft, "out-draft"),
        ],
        Delivered::Failed => &[
            (Deed::Draft, Icon::Draft, "out-fix"),
            (Deed::Again, Icon::Sent, "out-again"),
            (Deed::Leave, Icon::Trash, "out-give-up"),
        ],
        Delivered::Sending | Delivered::Sent => &[],
    };
    let mut buttons = row![].spacing(8);
    for (deed, shape, name) in deeds {
        let key = match deed {
            Deed::Again => "S",
            Deed::Leave => "L",
            Deed::Draft => "D",
        };
        let on = Message::OutboxDeed(letter.id, *deed);
        let button = small(Some(*shape), look.say(name), Some(on), look);
        buttons = buttons.push(super::tools::tip(button, look.say(name), key, look));
    }
    match deeds.is_empty() {
        true => space().into(),
        false => buttons.wrap().vertical_spacing(6).into(),
    }
}

/// Why a letter has not been taken.
pub(super) fn hindered(why: Hindrance) -> &'static str {
    match why {
        Hindrance::Refused => "hindered-refused",
        Hindrance::Offline => "hindered-offline",
        Hindrance::Tls => "hindered-tls",
        Hindrance::Password => "hindered-password",
        Hindrance::NoPassword => "hindered-no-password",
        Hindrance::NoServer => "hindered-no-server",
        Hindrance::TooLarge => "hindered-too-large",
        Hindrance::Utf8 => "hindered-utf8",
        Hindrance::Protocol => "hindered-protocol",
        Hindrance::ReceiptServer => "hindered-receipt-server",
        Hindrance::NoAnswer => "hindered-no-answer",
        Hindrance::Interrupted => "hindered-interrupted",
        Hindrance::GaveUp => "hindered-gave-up",
        Hindrance::Cancelled => "hindered-cancelled",
    }
}

/// Keys of the outbox.
pub(super) fn pressed(state: &State, character: &str) -> Option<Message> {
    match character {
        "j" | "ㅓ" => return Some(Message::OutboxMoved(1)),
        "k" | "ㅏ" => return Some(Message::OutboxMoved(-1)),
        _ => {}
    }
    let chosen = state.outbox.chosen?;
    let letter = state.outbox.letters.iter().find(|letter| letter.id == chosen)?;
    let can = |deed| Some(Message::OutboxDeed(letter.id, deed));
    let waits = matches!(letter.state, Delivered::Queued | Delivered::Retry);
    let needs = matches!(letter.state, Delivered::Failed | Delivered::Unknown);
    match character {
        "s" | "ㄴ" if waits || needs => can(Deed::Again),
        "l" | "ㅣ" if needs => can(Deed::Leave),
        "d" | "ㅇ" if waits || needs => can(Deed::Draft),
        _ => None,
    }
}
