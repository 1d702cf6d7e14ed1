//! 수신확인: what is known of letters that were sent, a line for each recipient; and a
//! polite question as the next step where nothing is known.

use super::journey::{Journey, state_means, state_tag, steps};
use super::receipt_server::no_receipts_said;
use super::{Action, Message, Read, State};
use crate::engine::protocol::{FollowUp, NoReceipts, Start};
use crate::gui::screen::pieces::{
    across, icon_button, link_button, small, subject_said, tight, upright, words,
};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::i18n::Words;
use crate::model::{Address, OutboxId, ReceiptState, Standing};
use iced::widget::{Column, button, column, container, keyed_column, row, scrollable, space};
use iced::{Center, Fill};
use std::hash::{Hash as _, Hasher as _};

/// Letters whose recipients are listed: the newest.
pub const LETTERS: u32 = 200;
/// Lines that are shown; the filters find the others.
const SHOWN: usize = 300;
/// Height of a line in logical pixels.
const ROW: f32 = 60.0;

/// A letter and one of its recipients.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The letter.
    pub letter: OutboxId,
    /// Its subject.
    pub subject: String,
    /// The recipient.
    pub address: String,
    /// When it was taken for them, in seconds since 1970.
    pub sent: Option<i64>,
    /// What is known.
    pub standing: Standing,
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those read, or fetched.
    Seen,
    /// Those of which nothing was seen.
    Unseen,
    /// Those that came back.
    Bounced,
    /// Those of which nothing can be known.
    Unconfirmable,
}

impl Filter {
    const ALL: [(Self, &'static str); 5] = [
        (Self::All, "receipts-all"),
        (Self::Seen, "receipts-seen"),
        (Self::Unseen, "receipts-unseen"),
        (Self::Bounced, "receipts-bounced"),
        (Self::Unconfirmable, "receipts-unconfirmable"),
    ];

    fn lets(self, state: ReceiptState) -> bool {
        match self {
            Self::All => true,
            Self::Seen => matches!(state, ReceiptState::Read | ReceiptState::Fetched),
            Self::Unseen => matches!(state, ReceiptState::Unread | ReceiptState::Delivered),
            Self::Bounced => state == ReceiptState::Bounced,
            Self::Unconfirmable => state == ReceiptState::Unconfirmable,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    /// Everything, the newest letters first.
    pub lines: Vec<Line>,
    /// Which are shown.
    pub filter: Filter,
    /// The one that is looked at: the letter, and the address.
    chosen: Option<(OutboxId, String)>,
    /// Where it stands among those shown, or stood last.
    at: usize,
    /// What became of its letter.
    pub journey: Option<Box<Journey>>,
    /// They were read.
    pub here: bool,
    /// Since when the receipt server cannot be asked, in seconds since 1970, and why.
    trouble: Option<(i64, NoReceipts)>,
}

impl Receipts {
    /// The receipt server cannot be asked, or can again.
    pub(super) fn asked(&mut self, trouble: Option<(i64, NoReceipts)>) {
        // Since it was noticed first.
        let since = self.trouble.as_ref().map(|(since, _)| *since);
        self.trouble = trouble.map(|(at, why)| (since.unwrap_or(at), why));
    }

    fn shown(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| self.filter.lets(line.standing.state)).take(SHOWN)
    }

    fn place(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        self.shown().position(|line| (&chosen.0, &chosen.1) == (&line.letter, &line.address))
    }

    fn chosen(&self) -> Option<&Line> {
        self.shown().nth(self.place()?)
    }
}

impl State {
    /// The list was read.
    pub(super) fn receipts_read(&mut self, lines: Vec<Line>) -> Vec<Action> {
        let first = !std::mem::replace(&mut self.receipts.here, true);
        self.receipts.lines = lines;
        match self.receipts.place() {
            Some(at) => self.receipts.at = at,
            // One that has gone is not taken for its neighbour.
            None if !first && self.receipts.chosen.is_some() => {}
            None => return self.receipt_at(0),
        }
        self.receipt_looked_at()
    }

    /// A line is looked at.
    pub(super) fn receipt_chosen(&mut self, which: (OutboxId, String)) -> Vec<Action> {
        self.receipts.chosen = Some(which);
        if let Some(at) = self.receipts.place() {
            self.receipts.at = at;
        }
        self.receipt_looked_at()
    }

    fn receipt_at(&mut self, at: usize) -> Vec<Action> {
        let last = self.receipts.shown().count().saturating_sub(1);
        self.receipts.at = at.min(last);
        let line = self.receipts.shown().nth(self.receipts.at);
        self.receipts.chosen = line.map(|line| (line.letter, line.address.clone()));
        self.receipt_looked_at()
    }

    fn receipt_looked_at(&mut self) -> Vec<Action> {
        let letter = self.receipts.chosen().map(|line| line.letter);
        let shown = self.receipts.journey.as_ref().map(|journey| journey.letter.id);
        if letter != shown {
            self.receipts.journey = None;
        }
        letter.map(|letter| Action::Read(Read::Sent(letter))).into_iter().collect()
    }

    /// The next line, or the one before.
    pub(super) fn receipts_moved(&mut self, by: isize) -> Vec<Action> {
        // Another has taken the place of one that has gone.
        let by = if self.receipts.place().is_none() && by > 0 { by - 1 } else { by };
        self.receipt_at(self.receipts.at.saturating_add_signed(by))
    }

    /// Other lines are shown.
    pub(super) fn receipts_filtered(&mut self, filter: Filter) -> Vec<Action> {
        self.receipts.filter = filter;
        self.receipt_at(0)
    }

    /// What became of the letter that is looked at was read.
    pub(super) fn receipt_journey(&mut self, of: OutboxId, journey: Option<Box<Journey>>) {
        if self.receipts.chosen().is_some_and(|line| line.letter == of) {
            self.receipts.journey = journey;
        }
    }

    /// A polite question whether it arrived.
    pub(super) fn follow_up(&mut self) -> Vec<Action> {
        let Some(line) = self.receipts.chosen() else { return Vec::new() };
        let words = Words::new(self.language);
        let subject: String = line.subject.chars().take(200).collect();
        let about = words.say_with("follow-subject", &[("subject", subject.clone().into())]);
        let body = words.say_with("follow-body", &[("subject", subject.into())]).replace('¶', "\n");
        self.write(Start::FollowUp(Box::new(FollowUp {
            about: line.letter,
            to: Address { name: None, addr: line.address.clone() },
            subject: about,
            words: body,
        })))
    }

    pub(super) fn receipts_view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut head = row![].spacing(10).align_y(Center);
        if self.is_narrow() {
            let places = Message::PlacesToggled;
            let places = icon_button(Icon::Menu, t.ink2, places, look);
            head = head.push(super::tools::tip(places, look.say("places"), "F6", look));
        }
        head = head.push(tight(look.say("place-receipts"), size::SECTION, t.ink, theme::BOLD));
        let count = i64::try_from(self.receipts.lines.len()).unwrap_or(i64::MAX);
        let count = look.words.say_with("receipts-count", &[("count", count.into())]);
        head = head.push(line(count, size::HINT, t.ink3));
        let server = Message::ReceiptServerWanted;
        head = head.push(link_button(look.say("server-title"), server, look));
        let mut filters = row![].spacing(6);
        for (filter, name) in Filter::ALL {
            let on = self.receipts.filter == filter;
            let ink = if on { t.accent } else { t.ink2 };
            let said = words(look.say(name), size::HINT, ink).font(theme::SEMIBOLD);
            let choice = button(container(said).center_y(Fill))
                .padding([0, 10])
                .height(28)
                .style(theme::choice(t, on))
                .on_press(Message::ReceiptsFiltered(filter));
            filters =
                filters.push(reach(choice, Some(Message::ReceiptsFiltered(filter)), t.accent));
        }
        let head = container(head).center_y(52).padding([0, 20]).style(theme::area(t.surface));
        let filters = container(filters.wrap().vertical_spacing(6))
            .padding([8, 20])
            .width(Fill)
            .style(theme::area(t.surface));
        // By line: a click that began on one does not end on another.
        let mut rows = keyed_column([]).width(Fill);
        let on = self.receipts.place();
        for (at, line) in self.receipts.shown().enumerate() {
            let row = column![shown(line, on == Some(at), look), across(t)];
            rows = rows.push(KeyOf::of(line), row);
        }
        let body: Element<'a, Message> = if self.receipts.shown().next().is_none() {
            let said =
                if self.receipts.lines.is_empty() { "receipts-none" } else { "receipts-none-such" };
            let said = if self.receipts.here { look.say(said) } else { String::new() };
            container(words(said, size::BODY, t.ink3)).center(Fill).into()
        } else {
            scrollable(rows).width(Fill).height(Fill).style(theme::scroll(t)).into()
        };
        let trouble = self.receipts.trouble.as_ref().map(|(since, why)| {
            let time = look.clock.short_time(look.words, *since);
            let why = no_receipts_said(why, look);
            let args = [("time", time.into()), ("why", why.into())];
            let said = look.words.say_with("receipts-not-asked", &args);
            let said = row![icon(Icon::Warn, t.warn), words(said, size::SECOND, t.ink).width(Fill)]
                .spacing(10)
                .align_y(Center);
            let said = container(said).padding([8, 20]).width(Fill);
            column![said.style(theme::area(t.warn_soft)), across(t)]
        });
        let list = column![head, across(t), filters, across(t)]
            .push(trouble)
            .push(body)
            .width(Fill)
            .height(Fill);
        let list = container(list).width(Fill).height(Fill).style(theme::area(t.surface));
        match self.receipts.chosen().filter(|_| self.window.width >= 1000.0) {
            Some(line) => row![list, upright(t), self.receipt_panel(line, look)].into(),
            None => list.into(),
        }
    }

    fn receipt_panel<'a>(&'a self, chosen: &'a Line, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let subject: String = subject_said(&chosen.subject, look).chars().take(120).collect();
        let mut body = column![
            words(look.say("journey-title"), size::HINT, t.ink3),
            words(subject, size::SECTION, t.ink).font(theme::BOLD).width(Fill),
            space().height(6),
        ]
        .spacing(4);
        if let Some(journey) = &self.receipts.journey {
            body = body.push(Column::with_children(steps(journey, None, look)));
        }
        let means = column![
            words(look.say("receipts-means"), size::SECOND, t.ink).font(theme::BOLD),
            words(look.say(state_means(chosen.standing.state)), size::SECOND, t.ink2).width(Fill),
        ]
        .spacing(6);
        let means = container(means).padding([12, 14]).width(Fill);
        body = body.push(means.style(theme::card(t.surface, t.line, 10.0)));
        if matches!(
            chosen.standing.state,
            ReceiptState::Unread | ReceiptState::Unconfirmable | ReceiptState::Delivered
        ) {
            let ask = small(
                Some(Icon::Reply),
                look.say("follow-up"),
                Some(Message::FollowUpWanted),
                look,
            );
            let ask = super::tools::tip(ask, look.say("follow-up-hint"), "R", look);
            body = body.push(space().height(4)).push(ask);
        }
        let body = container(body).padding([20, 24]).width(Fill);
        let body = scrollable(body).height(Fill).style(theme::scroll(t));
        container(body).width(370).height(Fill).style(theme::area(t.paper)).into()
    }
}

/// What tells a line from all others.
#[derive(Clone, Copy, PartialEq)]
struct KeyOf(OutboxId, u64);

impl KeyOf {
    fn of(line: &Line) -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        line.address.hash(&mut hasher);
        Self(line.letter, hasher.finish())
    }
}

fn shown<'a>(of: &Line, on: bool, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let subject = subject_said(&of.subject, look);
    let sent = of.sent.map_or_else(String::new, |at| look.clock.short(look.words, at));
    let about = match of.standing.state {
        ReceiptState::Read | ReceiptState::Fetched if of.standing.count > 0 => {
            let count = i64::try_from(of.standing.count).unwrap_or(i64::MAX);
            look.words.say_with("receipts-fetched", &[("count", count.into())])
        }
        // The whole of it stands beside the list.
        state => {
            let means = look.say(state_means(state));
            means.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
        }
    };
    let state = column![state_tag(&of.standing, look), line(about, size::HINT, t.ink2)].spacing(3);
    let inside = row![
        container(line(of.address.clone(), size::BODY, t.ink).font(theme::SEMIBOLD))
            .width(iced::FillPortion(3)),
        container(line(subject, size::BODY, t.ink)).width(iced::FillPortion(4)),
        container(state).width(iced::FillPortion(4)),
        container(tight(sent, size::HINT, t.ink3, theme::REGULAR)).width(72).align_x(iced::Right),
    ]
    .spacing(14)
    .align_y(Center);
    button(container(inside).center_y(Fill))
        .padding([0, 20])
        .height(ROW)
        .width(Fill)
        .style(theme::row(t, on))
        .on_press(Message::ReceiptChosen(of.letter, of.address.clone()))
        .into()
}

/// Keys of the list.
pub(super) fn pressed(character: &str) -> Option<Message> {
    match character {
        "j" | "ㅓ" => Some(Message::ReceiptsMoved(1)),
        "k" | "ㅏ" => Some(Message::ReceiptsMoved(-1)),
        "r" | "ㄱ" => Some(Message::FollowUpWanted),
        digit => {
            let at = digit.parse::<usize>().ok()?.checked_sub(1)?;
            Filter::ALL.get(at).map(|(filter, _)| Message::ReceiptsFiltered(*filter))
        }
    }
}
