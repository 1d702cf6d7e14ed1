//! What became of a letter that was sent: from writing to reading, as far as anybody said;
//! and the conversation with the server that took it.

use super::open::Open;
use super::outbox::hindered;
use super::sheet::panel;
use super::talk::{Said, Speaker, shown, smtp_explained};
use super::{Action, Message, Place, Read, State};
use crate::engine::protocol::Reason;
use crate::gui::screen::pieces::{bytes, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{Delivered, LetterId, OutLetter, ReceiptState, Reported, Role, Standing, Word};
use crate::store::outbox::{News, ReportRow, Told};
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, container, row, scrollable, space};
use iced::{Center, Color, Fill, Padding};

/// Recipients shown one by one.
const MOST: usize = 50;

/// What is known of a letter that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// It.
    pub letter: OutLetter,
    /// What others said of it.
    pub reports: Vec<ReportRow>,
    /// What is known of each recipient, in their order.
    pub standings: Vec<Standing>,
    /// The conversation with the server: when, and each line.
    pub lines: Vec<(i64, String)>,
}

impl State {
    /// A letter that lies among those sent is open: what became of it?
    pub(super) fn read_journey(&mut self) -> Vec<Action> {
        self.journey = None;
        let row = self.at_hand();
        let folder = row.and_then(|row| self.folder_of(row));
        let sent = folder.and_then(super::sidebar::role) == Some(Role::Sent);
        match self.open.as_ref().and_then(|open| open.id).filter(|_| sent) {
            Some(letter) => vec![Action::Read(Read::Journey(letter))],
            None => Vec::new(),
        }
    }

    /// More is known: what is looked at is read again.
    pub(super) fn journey_again(&self) -> Vec<Action> {
        let letter = self.journey.as_ref().map(|(letter, _)| *letter);
        let letter = letter.map(|letter| Action::Read(Read::Journey(letter)));
        let list = self.list.place == Place::Receipts;
        letter.into_iter().chain(list.then_some(Action::Read(Read::Receipts))).collect()
    }

    /// Others have said something of letters that were sent.
    pub(super) fn told(&self, told: &[Told]) -> Vec<Action> {
        let mut actions = self.journey_again();
        let said: Vec<Told> = told.iter().filter(|told| told.news != News::More).copied().collect();
        if !said.is_empty() {
            actions.push(Action::NotifyTold(said));
        }
        actions
    }

    /// It was read.
    pub(super) fn journey_read(&mut self, of: LetterId, journey: Option<Box<Journey>>) {
        if self.open.as_ref().is_some_and(|open| open.id == Some(of)) {
            self.journey = journey.map(|journey| (of, journey));
        }
    }

    /// What became of the letter that is open, where it was sent from here.
    pub(super) fn journey_of(&self, open: &Open) -> Option<&Journey> {
        let (of, journey) = self.journey.as_ref()?;
        (open.id == Some(*of)).then_some(&**journey)
    }

    pub(super) fn journey_sheet<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let journey = self.journey_of(open)?;
        let mut body = Column::new().spacing(18).padding(20);
        body = body.push(Column::with_children(steps(journey, Some(open), look)));
        body = body.push(words(look.say("journey-talk"), size::BODY, t.ink).font(theme::BOLD));
        body = body.push(conversation(journey, look));
        let body = scrollable(body.width(Fill)).height(Fill).style(theme::scroll(t));
        let subject: String = journey.letter.subject.chars().take(80).collect();
        Some(panel(look.say("journey-title"), subject, body, 560.0, look))
    }
}

/// The steps of a letter's way, from above.
pub(super) fn steps<'a>(
    journey: &Journey,
    open: Option<&Open>,
    look: Look<'a>,
) -> Vec<Element<'a, Message>> {
    let t = look.tokens;
    let letter = &journey.letter;
    let time = |at: i64| look.clock.long(look.words, at);
    let mut steps: Vec<(Icon, Color, String, String)> = Vec::new();
    steps.push((Icon::Check, t.accent, look.say("journey-written"), time(letter.queued)));
    let mut made = Vec::new();
    if let Some(open) = open {
        made.push(open.letter.charsets.join(", ").to_uppercase());
        let files = i64::try_from(open.letter.report.attachments.len()).unwrap_or(0);
        if files > 0 {
            made.push(look.words.say_with("journey-files", &[("count", files.into())]));
        }
        made.push(bytes(open.letter.raw.len()));
    }
    made.retain(|part| !part.is_empty());
    // Of a letter that is not open there is nothing to say.
    if !made.is_empty() {
        steps.push((Icon::Check, t.accent, look.say("journey-encoded"), made.join(" · ")));
    }
    steps.push(taken(letter, look));
    for (person, standing) in letter.recipients.iter().zip(&journey.standings).take(MOST) {
        let name: String = person.address.label().chars().take(40).collect();
        for report in journey.reports.iter().filter(|report| report.recipient == person.id) {
            steps.push(reported(report, &name, look));
        }
        if person.state == Delivered::Failed {
            let said = person.word.as_ref().map_or_else(String::new, Word::line);
            let title = look.words.say_with("journey-refused", &[("name", name.clone().into())]);
            steps.push((Icon::Close, t.bad, title, said));
        }
        let state = standing.state;
        if matches!(state, ReceiptState::Read | ReceiptState::Fetched) && standing.count > 0 {
            let (shape, ink, key) = match state {
                ReceiptState::Read => (Icon::Check, t.accent, "journey-read"),
                _ => (Icon::Eye, t.warn, "journey-fetched"),
            };
            let title = look.words.say_with(key, &[("name", name.clone().into())]);
            let at = standing.first.map_or_else(String::new, time);
            steps.push((shape, ink, title, at));
        }
    }
    let last = steps.len().saturating_sub(1);
    steps
        .into_iter()
        .enumerate()
        .map(|(at, (shape, ink, title, said))| step(shape, ink, title, said, at == last, look))
        .collect()
}

/// Whether the server that sends has it.
fn taken(letter: &OutLetter, look: Look<'_>) -> (Icon, Color, String, String) {
    let t = look.tokens;
    let said = letter.word.as_ref().map_or_else(String::new, Word::line);
    let quoted = match said.is_empty() {
        true => String::new(),
        false => format!("“{said}”"),
    };
    let why = letter.word.as_ref().and_then(|word| word.why).map(|why| look.say(hindered(why)));
    let time = |at: i64| look.clock.long(look.words, at);
    let join = |parts: [String; 2]| {
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    };
    match letter.state {
        _ if letter.sent.is_some() => {
            let at = letter.sent.map_or_else(String::new, time);
            (Icon::Check, t.accent, look.say("journey-taken"), join([at, quoted]))
        }
        Delivered::Unknown => {
            (Icon::Warn, t.warn, look.say("journey-unknown"), why.unwrap_or_default())
        }
        Delivered::Failed => {
            (Icon::Close, t.bad, look.say("out-failed"), join([why.unwrap_or_default(), quoted]))
        }
        Delivered::Retry => {
            (Icon::Sync, t.warn, look.say("out-retry"), join([why.unwrap_or_default(), quoted]))
        }
        _ => (Icon::Clock, t.ink3, look.say("out-queued"), String::new()),
    }
}

fn reported(report: &ReportRow, name: &str, look: Look<'_>) -> (Icon, Color, String, String) {
    let t = look.tokens;
    let named = |key: &str| look.words.say_with(key, &[("name", name.into())]);
    let (shape, ink, title) = match report.state {
        Reported::Failed => (Icon::Close, t.bad, named("journey-bounced")),
        Reported::Delayed => (Icon::Clock, t.warn, named("journey-delayed")),
        Reported::Delivered => (Icon::Check, t.accent, named("journey-delivered")),
        Reported::Relayed | Reported::Expanded => (Icon::Route, t.ink2, named("journey-relayed")),
        Reported::Displayed => (Icon::Check, t.accent, named("journey-displayed")),
        Reported::Deleted | Reported::Processed => (Icon::Info, t.ink2, named("journey-processed")),
        Reported::Denied => (Icon::EyeOff, t.ink2, named("journey-denied")),
    };
    let mut said = vec![look.clock.long(look.words, report.at)];
    if let Some(reason) = report.reason {
        said.push(look.say(bounced(reason)));
    }
    if !report.said.is_empty() {
        let words: String = report.said.chars().filter(|c| !c.is_control()).take(200).collect();
        said.push(format!("“{words}”"));
    }
    (shape, ink, title, said.join(" · "))
}

/// Why a letter came back.
pub(super) fn bounced(reason: Reason) -> &'static str {
    match reason {
        Reason::NoSuchUser => "bounce-no-such-user",
        Reason::NoSuchDomain => "bounce-no-such-domain",
        Reason::MailboxFull => "bounce-mailbox-full",
        Reason::Disabled => "bounce-disabled",
        Reason::TooLarge => "bounce-too-large",
        Reason::Refused => "bounce-refused",
        Reason::Unreachable => "bounce-unreachable",
        Reason::Loop => "bounce-loop",
        Reason::Other => "bounce-other",
    }
}

fn step<'a>(
    shape: Icon,
    ink: Color,
    title: String,
    said: String,
    last: bool,
    look: Look<'a>,
) -> Element<'a, Message> {
    let t = look.tokens;
    let dot =
        container(icon(shape, t.surface).size(11.0)).center(18).style(theme::card(ink, ink, 9.0));
    let mut rail = column![dot].align_x(Center).width(18);
    if !last {
        rail = rail.push(container(space()).width(1).height(34).style(theme::area(t.line)));
    }
    let mut lines = column![words(title, size::BODY, t.ink).font(theme::SEMIBOLD)].spacing(2);
    if !said.is_empty() {
        lines =
            lines.push(words(said, size::HINT, t.ink2).wrapping(Wrapping::WordOrGlyph).width(Fill));
    }
    let lines = container(lines).padding(Padding::ZERO.bottom(10.0));
    row![rail, lines.width(Fill)].spacing(12).into()
}

fn conversation<'a>(journey: &Journey, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    if journey.lines.is_empty() {
        return words(look.say("talk-none"), size::SECOND, t.ink3).into();
    }
    let mut lines = Column::new().spacing(7);
    let (mut before, mut asked) = (None, None);
    for (_, line) in &journey.lines {
        let said: Said = smtp_explained(line, asked);
        if said.speaker == Speaker::Us {
            asked = said.means;
        }
        let again = before == Some((said.speaker, said.means));
        before = Some((said.speaker, said.means));
        lines = lines.push(shown(&said, again, look));
    }
    lines.width(Fill).into()
}

/// A state, as a tag.
pub(super) fn state_tag<'a>(standing: &Standing, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (shape, ink, ground, name) = match standing.state {
        ReceiptState::Bounced => (Icon::Close, t.bad, t.bad_soft, "state-bounced"),
        ReceiptState::Read => (Icon::Check, t.accent, t.accent_soft, "state-read"),
        ReceiptState::Fetched => (Icon::Eye, t.warn, t.warn_soft, "state-fetched"),
        ReceiptState::Delivered => (Icon::Route, t.ink2, t.paper, "state-delivered"),
        ReceiptState::Unread => (Icon::EyeOff, t.ink2, t.paper, "state-unread"),
        ReceiptState::Unconfirmable => (Icon::More, t.ink2, t.paper, "state-unconfirmable"),
    };
    let mut said = look.say(name);
    if let (ReceiptState::Read, Some(at)) = (standing.state, standing.first) {
        said = format!("{said} · {}", look.clock.short_time(look.words, at));
    }
    tag(Some(shape), said, ink, ground)
}

/// What a state means, in a sentence.
pub(super) fn state_means(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Bounced => "state-bounced-means",
        ReceiptState::Read => "state-read-means",
        ReceiptState::Fetched => "state-fetched-means",
        ReceiptState::Delivered => "state-delivered-means",
        ReceiptState::Unread => "state-unread-means",
        ReceiptState::Unconfirmable => "state-unconfirmable-means",
    }
}

/// What is known of the recipients of the open letter, beside its head.
pub(super) fn standings<'a>(journey: &Journey, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mut lines = Column::new().spacing(4);
    let known = journey.letter.recipients.iter().zip(&journey.standings);
    for (person, standing) in known.take(3) {
        let name: String = person.address.label().chars().take(32).collect();
        lines = lines.push(
            row![
                tight(name, size::HINT, t.ink, theme::SEMIBOLD),
                state_tag(standing, look),
                words(look.say(state_means(standing.state)), size::HINT, t.ink3).width(Fill),
            ]
            .spacing(8)
            .align_y(Center),
        );
    }
    lines.into()
}
