//! The ledger: every reference of the letter, what was decided and why, and every
//! request that was made.

use super::bar::service_name;
use super::learned::learned_said;
use super::open::Open;
use super::sheet::panel;
use super::{Message, State};
use crate::gui::screen::pieces::{across, small, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time;
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::line::line;
use crate::gui::widget::rows::{Window, rows};
use crate::model::{
    Answer, Failing, LedgerEntry, Reason, RequestMade, TrackerKind, Verdict, Visible,
};
use iced::widget::{column, container, row, space};
use iced::{Center, Fill, Padding};

/// Height of a line.
const ROW: f32 = 82.0;

impl State {
    pub(super) fn ledger_sheet<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let entries = &open.ledger.ledger.entries;
        let requests = &open.ledger.requests;
        let story = &open.story;
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
        let hint = look.words.say_with(
            "ledger-hint",
            &[
                ("refused", count(story.pictures + story.others)),
                ("allowed", count(story.allowed)),
                ("made", count(requests.len())),
            ],
        );
        let window = self.ledger_window().unwrap_or(Window {
            total: 0,
            row: ROW,
            offset: 0.0,
            height: self.ledger.1,
        });
        let body = rows(
            window,
            look.tokens,
            |at| match (entries.get(at), at.checked_sub(entries.len() + 1)) {
                (Some(entry), _) => reference(entry, story.was_told(&entry.reference.url), look),
                (None, None) => heading(look),
                (None, Some(at)) => match requests.get(at) {
                    Some(made) => request(made, look),
                    None => none_made(look),
                },
            },
            Message::LedgerScrolled,
            Message::LedgerHeight,
        );
        panel(look.say("ledger-title"), hint, body, 620.0, look)
    }

    /// Where the ledger stands: its references, a heading, its requests.
    pub(super) fn ledger_window(&self) -> Option<Window> {
        let ledger = &self.open.as_ref()?.ledger;
        let total = ledger.ledger.entries.len() + 1 + ledger.requests.len().max(1);
        let window = Window { total, row: ROW, offset: 0.0, height: self.ledger.1 };
        Some(Window { offset: window.clamp(self.ledger.0), ..window })
    }
}

/// A reference, and whether it was really asked for.
fn reference<'a>(entry: &LedgerEntry, asked: bool, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (said, ink, ground, reason) = match entry.verdict {
        Verdict::Allow(reason) => (look.say("verdict-allow"), t.accent, t.accent_soft, reason),
        Verdict::Refuse(reason) => match entry.tracker {
            Some(_) => (look.say("verdict-refuse"), t.warn, t.warn_soft, reason),
            None => (look.say("verdict-refuse"), t.ink2, t.paper, reason),
        },
    };
    let mut about = vec![reason_said(reason, look)];
    if let Some(tracker) = &entry.tracker {
        about.insert(
            0,
            match (&tracker.service, tracker.kind) {
                (Some(service), _) => look.words.say_with(
                    "tracker-service",
                    &[("service", service_name(service, look).into())],
                ),
                (None, TrackerKind::Invisible) => look.say("tracker-invisible"),
                (None, _) => look.say("tracker-token"),
            },
        );
    }
    if entry.tracker.is_none() && entry.reference.visible == Visible::No {
        about.push(look.say("visible-no"));
    }
    let first = row![
        tag(None, said, ink, ground),
        line(about.join(" · "), size::HINT, t.ink2).height(18.0),
        tight(
            entry.reference.element.chars().take(40).collect(),
            size::HINT,
            t.ink3,
            theme::REGULAR
        )
        .height(18.0),
    ]
    .spacing(8)
    .align_y(Center);
    let url = line(entry.reference.url.clone(), size::HINT, t.ink).height(18.0);
    let mut lines = column![first, url].spacing(5).width(Fill);
    if let Some(tracker) = &entry.tracker {
        let what = learned_said(tracker, look);
        let key = if asked { "ledger-told" } else { "ledger-would" };
        let said = look.words.say_with(key, &[("what", what.into())]);
        let ink = if asked { t.warn } else { t.ink3 };
        lines = lines.push(line(said, size::HINT, ink).height(18.0));
    }
    let mut body = row![lines].spacing(12).align_y(Center);
    let can = entry.reference.is_picture()
        && matches!(
            entry.verdict,
            Verdict::Refuse(
                Reason::Default | Reason::Tracker | Reason::NeverForSender | Reason::Unproven
            )
        );
    if can {
        let allow = Message::AllowedByHand(entry.reference.url.clone());
        body = body.push(small(None, look.say("ledger-allow"), Some(allow), look));
    }
    framed(body, look)
}

fn request<'a>(made: &RequestMade, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (answer, ink, ground) = match &made.answer {
        Answer::Status(status @ 200..=299) => (status.to_string(), t.accent, t.accent_soft),
        Answer::Status(status) => (status.to_string(), t.warn, t.warn_soft),
        Answer::Redirect(_) => (look.say("answer-redirect"), t.ink2, t.paper),
        Answer::Stopped { .. } => (look.say("answer-stopped"), t.warn, t.warn_soft),
        Answer::Unreached(_) => (look.say("answer-unreached"), t.ink2, t.paper),
        Answer::Unknown => (look.say("answer-unknown"), t.ink2, t.paper),
        Answer::Failed(_) => (look.say("answer-failed"), t.bad, t.bad_soft),
    };
    let more = match &made.answer {
        Answer::Redirect(to) => format!(" → {to}"),
        Answer::Stopped { to, why: Some(why) } => format!(" → {to} · {}", reason_said(*why, look)),
        Answer::Stopped { to, why: None } => format!(" → {to} · {}", look.say("answer-circle")),
        Answer::Unreached(why) | Answer::Failed(why) => {
            format!(" · {}", look.say(failing_said(*why)))
        }
        Answer::Status(_) | Answer::Unknown => String::new(),
    };
    let about = format!("{} · {}{more}", look.clock.exact(made.at), time::bytes(made.bytes));
    let first = row![tag(None, answer, ink, ground), line(about, size::HINT, t.ink2).height(18.0)]
        .spacing(8)
        .align_y(Center);
    let url = line(made.url.clone(), size::HINT, t.ink).height(18.0);
    framed(row![column![first, url].spacing(5).width(Fill)], look)
}

/// The key of the words for why a request brought nothing.
fn failing_said(why: Failing) -> &'static str {
    match why {
        Failing::Address => "failing-address",
        Failing::Name => "failing-name",
        Failing::Private => "failing-private",
        Failing::Connection => "failing-connection",
        Failing::NoAnswer => "failing-no-answer",
        Failing::Unsafe => "failing-unsafe",
        Failing::NoRoots => "failing-no-roots",
        Failing::Proxy => "failing-proxy",
        Failing::Garbled => "failing-garbled",
        Failing::TooSlow => "failing-too-slow",
        Failing::TooLarge => "failing-too-large",
        Failing::Together => "failing-together",
        Failing::TakenBack => "failing-taken-back",
        Failing::Packed => "failing-packed",
    }
}

fn heading<'a>(look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let said = column![
        words(look.say("ledger-requests"), size::BODY, t.ink).font(theme::SEMIBOLD),
        words(look.say("ledger-requests-hint"), size::HINT, t.ink3),
    ]
    .spacing(2);
    let said = container(said).center_y(ROW - 1.0).padding([0, 20]).width(Fill);
    column![said.style(theme::area(t.paper)), across(t)].into()
}

fn none_made<'a>(look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mark = tag(Some(Icon::Check), look.say("ledger-none"), t.accent, t.accent_soft);
    container(row![mark, space().width(Fill)]).center_y(ROW).padding([0, 20]).into()
}

fn framed<'a>(body: impl Into<Element<'a, Message>>, look: Look<'a>) -> Element<'a, Message> {
    let pad = Padding { top: 0.0, right: 20.0, bottom: 0.0, left: 20.0 };
    let body = container(body).center_y(ROW - 1.0).padding(pad).width(Fill);
    column![body, across(look.tokens)].into()
}

fn reason_said(reason: Reason, look: Look<'_>) -> String {
    look.say(match reason {
        Reason::Default => "reason-default",
        Reason::Tracker => "reason-tracker",
        Reason::NotAPicture => "reason-not-a-picture",
        Reason::Address => "reason-address",
        Reason::Encrypted => "reason-encrypted",
        Reason::Never => "reason-never-at-all",
        Reason::NeverForSender => "reason-never",
        Reason::Unproven => "reason-unproven",
        Reason::Once => "reason-once",
        Reason::Sender => "reason-sender",
        Reason::Domain => "reason-domain",
        Reason::ByHand => "reason-by-hand",
    })
}
