//! The privacy bar: what was stopped, what could have been told to whom, and what one
//! can do about it.

use super::not_done::unanswerable;
use super::open::Open;
use super::preferences::{self, Section};
use super::reading::take_back;
use super::tools::tip;
use super::view::open_menu;
use super::{Menu, Message, Sheet, State};
use crate::engine::protocol::{Fallback, Trust};
use crate::gui::screen::pieces::{entry_at, link_button, menu, small, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{LedgerEntry, Reason, Scope, Verdict};
use crate::privacy::host;
use crate::privacy::receipts::{ReceiptKind, ReceiptRequest};
use iced::widget::{Column, Row, column, container, row, space};
use iced::{Center, Color, Fill};

/// Services named in a sentence.
const NAMED: usize = 2;

fn count(n: usize) -> fluent_bundle::FluentValue<'static> {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

/// The name of a service, as people here know it.
pub(super) fn service_name(service: &str, look: Look<'_>) -> String {
    let key: String = service
        .chars()
        .filter_map(|c| match c {
            'A'..='Z' => Some(c.to_ascii_lowercase()),
            'a'..='z' | '0'..='9' => Some(c),
            ' ' | '-' => Some('-'),
            _ => None,
        })
        .collect();
    look.words.find(&format!("service-{key}")).unwrap_or_else(|| service.to_owned())
}

fn some_of(names: &[String], look: Look<'_>) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => look
            .words
            .say_with("names-and-more", &[("names", shown.into()), ("count", count(more))]),
        _ => shown,
    }
}

/// The sentences of the bar: what happened, and what it means.
pub(super) fn sentences(open: &Open, look: Look<'_>) -> Option<(String, String)> {
    let (ledger, story) = (&open.ledger, &open.story);
    if ledger.ledger.entries.is_empty() {
        return None;
    }
    let words = look.words;
    let encrypted = ledger
        .ledger
        .entries
        .iter()
        .any(|entry| entry.verdict == Verdict::Refuse(Reason::Encrypted));
    let of = |key: &str, n: usize| words.say_with(key, &[("count", count(n))]);
    let with_trackers = |key: &str, n: usize| {
        words.say_with(key, &[("count", count(n)), ("trackers", count(story.trackers))])
    };
    let title = if ledger.fetching {
        words.say("bar-fetching")
    } else if story.shown > 0 && story.trackers > 0 {
        with_trackers("bar-shown-trackers", story.shown)
    } else if story.shown > 0 {
        of("bar-shown", story.shown)
    } else if story.allowed > 0 {
        of("bar-not-shown", story.allowed)
    } else if story.hidden > 0 && story.hidden == story.pictures {
        of("bar-hidden-all", story.hidden)
    } else if story.hidden > 0 {
        words.say_with(
            "bar-hidden",
            &[("count", count(story.pictures)), ("told", count(story.hidden))],
        )
    } else if story.pictures == 0 {
        of("bar-blocked-others", story.others)
    } else if story.trackers == story.pictures {
        of("bar-blocked-only-trackers", story.trackers)
    } else if story.trackers > 0 {
        with_trackers("bar-blocked-trackers", story.pictures)
    } else {
        of("bar-blocked", story.pictures)
    };
    let services: Vec<String> =
        story.services.iter().map(|service| service_name(service, look)).collect();
    let told = |key: &str, hosts: &[String]| {
        words.say_with(key, &[("hosts", some_of(hosts, look).into())])
    };
    let stopped = if story.pictures == 0 { story.others } else { story.pictures };
    let meaning = if ledger.fetching {
        told("bar-told", &story.asked)
    } else if !story.told.is_empty() {
        told(if story.shown > 0 { "bar-told" } else { "bar-told-before" }, &story.told)
    } else if encrypted {
        words.say("bar-encrypted")
    } else if story.allowed > 0 {
        words.say("bar-nobody")
    } else if !services.is_empty() {
        let services = some_of(&services, look);
        let args = [("services", services.into()), ("count", count(stopped))];
        words.say_with("bar-could-service", &args)
    } else if story.trackers > 0 {
        of("bar-could-sender", stopped)
    } else {
        of("bar-could", stopped)
    };
    Some((title, meaning))
}

impl State {
    pub(super) fn privacy_bar<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let (title, meaning) = sentences(open, look)?;
        let story = &open.story;
        let calm = story.trackers == 0;
        let (ink, ground) = if calm { (t.ink2, t.surface) } else { (t.warn, t.warn_soft) };
        let mut said = column![
            words(title, size::BODY, t.ink).font(theme::SEMIBOLD),
            words(meaning, size::HINT, t.ink2).line_height(1.5),
        ]
        .spacing(1)
        .width(Fill);
        let never = is_never(open);
        if never {
            said = said.push(words(look.say("bar-never-at-all"), size::HINT, t.ink2));
        }
        if open.ledger.unproven && !never {
            said = said.push(words(look.say("bar-unproven"), size::HINT, t.bad));
        }
        let blocked = open.ledger.rules.iter().any(|rule| matches!(rule.scope, Scope::Never(_)));
        if blocked && !never {
            said = said.push(words(look.say("bar-never"), size::HINT, t.ink2));
        }
        let always = open.ledger.rules.iter().find_map(|rule| match &rule.scope {
            Scope::Sender(whom) | Scope::Domain(whom) => Some(whom.as_str()),
            Scope::Never(_) => None,
        });
        if let Some(whom) = always.filter(|_| story.allowed > 0 && !open.ledger.once) {
            let line = look.words.say_with("bar-rule", &[("whom", whom.into())]);
            said = said.push(words(line, size::HINT, t.ink2));
        }
        let buttons = self.bar_buttons(open, look);
        let mark = icon(
            if story.shown > 0 || !story.told.is_empty() { Icon::Eye } else { Icon::EyeOff },
            ink,
        );
        // Side by side where the sentences keep their lines.
        let body: Element<'a, Message> = if self.view.width >= 820.0 {
            row![mark, said, buttons].spacing(10).align_y(Center).into()
        } else {
            let under = row![space().width(26), buttons];
            column![row![mark, said].spacing(10).align_y(Center), under].spacing(8).into()
        };
        let line = if calm { t.line } else { Color::TRANSPARENT };
        Some(
            container(body)
                .padding([10, 12])
                .width(Fill)
                .style(theme::card(ground, line, 10.0))
                .into(),
        )
    }

    fn bar_buttons<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        if is_never(open) {
            let settings = Message::Preferences(preferences::Message::Opened(Section::Privacy));
            let said = look.say("bar-settings");
            return small(Some(Icon::Shield), said, Some(settings), look);
        }
        let mut buttons: Vec<Element<'a, Message>> = Vec::new();
        let ledger = &open.ledger;
        let never = ledger.rules.iter().any(|rule| matches!(rule.scope, Scope::Never(_)));
        let can_be_shown = ledger.ledger.entries.iter().any(|entry| {
            matches!(entry.verdict, Verdict::Refuse(reason) if matches!(
                reason,
                Reason::Default | Reason::Unproven | Reason::NeverForSender
            )) && entry.reference.is_picture()
        });
        if ledger.once || take_back(open).is_some() {
            let said = look.say(if never { "bar-unnever" } else { "bar-take-back" });
            buttons.push(small(Some(Icon::Undo), said, Some(Message::TakenBack), look));
        }
        if can_be_shown && !ledger.fetching {
            let once = Some(Message::ShownOnce);
            buttons.push(small(None, look.say("bar-once"), once, look));
        }
        let lasting =
            !never && (can_be_shown || (open.story.allowed > 0 && take_back(open).is_none()));
        if lasting && open.sender().is_some() {
            buttons.push(match ledger.unproven {
                // A rule made of it would take the place of the one it does not satisfy.
                true => {
                    let never = Message::Trusted(Trust::Never);
                    small(None, look.say("trust-never"), Some(never), look)
                }
                false => self.trust_menu(open, look),
            });
        }
        let details = Message::SheetOpened(Sheet::Ledger);
        // Alone it stands where the sentences above it begin.
        let details = match buttons.is_empty() {
            true => small(None, look.say("bar-details"), Some(details), look),
            false => link_button(look.say("bar-details"), details, look),
        };
        buttons.push(tip(details, look.say("ledger-title"), "D", look));
        Row::with_children(buttons).spacing(8).align_y(Center).into()
    }

    fn trust_menu<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let toggle = Message::MenuToggled(Menu::Trust);
        let said = format!("{} ▾", look.say("bar-always"));
        let under = small(None, said, Some(toggle), look);
        let sender: String = open.sender().unwrap_or_default().chars().take(60).collect();
        let domain = domain_of(&sender).to_owned();
        let proven = open.ledger.proven;
        let at_hand = self.is_at_hand(open);
        let content = open_menu(self, Menu::Trust, || {
            let mut entries = Vec::new();
            for (at, says) in trusts(open).into_iter().enumerate() {
                let said = match says {
                    Message::Trusted(Trust::Sender) => {
                        (Some(Icon::Eye), look.say("trust-sender"), Some(sender.clone()))
                    }
                    Message::Trusted(Trust::Domain) => {
                        let domain = [("domain", domain.clone().into())];
                        let title = look.words.say_with("trust-domain", &domain);
                        (Some(Icon::Globe), title, Some(look.say("trust-domain-hint")))
                    }
                    _ => {
                        // After what makes a lasting rule.
                        if !proven {
                            let ink = look.tokens.warn;
                            let said = words(look.say("trust-no-proof"), size::HINT, ink);
                            let said = row![icon(Icon::Warn, ink), said.width(Fill)].spacing(10);
                            entries.push(container(said).padding([4, 12]).into());
                        }
                        let hint = look.say("trust-never-hint");
                        (Some(Icon::EyeOff), look.say("trust-never"), Some(hint))
                    }
                };
                entries.push(entry_at(self.is_marked(at), said, says, look));
            }
            menu(entries, 330.0, look)
        });
        drop(under, content.filter(|_| at_hand), Message::MenuClosed).into()
    }

    /// Who asks to be told that this was read. Nobody is, unless the user says so.
    pub(super) fn receipt_lines<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let requests = &open.letter.report.receipt_requests;
        let requests: Vec<&ReceiptRequest> =
            requests.iter().filter(|request| !self.is_own_request(request)).take(3).collect();
        if requests.is_empty() {
            return None;
        }
        let lines = requests.into_iter().map(|request| {
            if let Some(line) = self.answer_line(open, request, look) {
                return line;
            }
            let told = told(open, request);
            let key = match (request.kind, told.is_some()) {
                (ReceiptKind::Mdn, _) => match request.answer {
                    Some(Err(why)) => unanswerable(why),
                    _ => "receipt-mdn",
                },
                (ReceiptKind::Pixel, false) => "receipt-pixel",
                (ReceiptKind::Pixel, true) => "receipt-told",
            };
            let who = match (&request.service, &request.asker) {
                (Some(service), _) => service_name(service, look),
                (None, Some(asker)) => asker.label().chars().take(60).collect(),
                (None, None) => look.say("receipt-somebody"),
            };
            let nobody = request.service.is_none() && request.asker.is_none();
            let said = match key {
                "receipt-mdn" if nobody => look.say("receipt-mdn-somebody"),
                "receipt-several" | "receipt-no-address" => look.say(key),
                "receipt-mdn" => look.words.say_with("receipt-mdn", &[("who", who.into())]),
                "receipt-told" => look.words.say_with("receipt-told", &[("who", who.into())]),
                _ => look.words.say_with("receipt-pixel", &[("who", who.into())]),
            };
            let mut line: Row<'a, Message> =
                row![icon(Icon::Eye, t.ink3), words(said, size::HINT, t.ink2).width(Fill)]
                    .spacing(10)
                    .align_y(Center);
            if request.kind == ReceiptKind::Pixel
                && told.is_none()
                && let Some(url) = pixel(open, request)
            {
                let allow = Message::AllowedByHand(url.to_owned());
                line = line.push(link_button(look.say("receipt-once"), allow, look));
            }
            line.into()
        });
        let lines = Column::with_children(lines).spacing(2);
        Some(container(lines).padding([2, 12]).width(Fill).into())
    }

    /// Why the letter is shown as text.
    pub(super) fn fallback_line<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let said = look.say(match open.fallback? {
            Fallback::Died => "fallback-died",
            Fallback::TooLong => "fallback-too-long",
            Fallback::TooLarge => "fallback-too-large",
            Fallback::NoWorker => "fallback-no-worker",
            Fallback::OtherVersion => "fallback-other-version",
        });
        let line = row![icon(Icon::Info, t.ink3), words(said, size::HINT, t.ink2).width(Fill)]
            .spacing(10)
            .align_y(Center);
        Some(container(line).padding([2, 12]).into())
    }
}

/// Whether nothing of it is fetched because nothing ever is.
fn is_never(open: &Open) -> bool {
    let mut entries = open.ledger.ledger.entries.iter();
    entries.any(|entry| entry.verdict == Verdict::Refuse(Reason::Never))
}

fn domain_of(sender: &str) -> &str {
    sender.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// The lasting decisions that can be made about the sender.
pub(super) fn trusts(open: &Open) -> Vec<Message> {
    // Whoever else has an address at a shared domain is somebody else.
    let shared = open.sender().is_none_or(|sender| host::is_shared(domain_of(sender)));
    let domain = (!shared).then_some(Trust::Domain);
    let all = std::iter::once(Trust::Sender).chain(domain).chain([Trust::Never]);
    all.map(Message::Trusted).collect()
}

fn is_of(entry: &LedgerEntry, request: &ReceiptRequest) -> bool {
    entry.tracker.as_ref().is_some_and(|tracker| tracker.service == request.service)
        && entry.reference.is_picture()
}

/// The pixel that would be the receipt.
fn pixel<'o>(open: &'o Open, request: &ReceiptRequest) -> Option<&'o str> {
    let mut entries = open.ledger.ledger.entries.iter();
    entries
        .find(|entry| {
            is_of(entry, request)
                && !matches!(
                    entry.verdict,
                    Verdict::Refuse(
                        Reason::Address | Reason::Encrypted | Reason::NotAPicture | Reason::Never
                    )
                )
        })
        .map(|entry| entry.reference.url.as_str())
}

/// Whether the receipt was given: not what was allowed counts, but what was asked for.
fn told<'o>(open: &'o Open, request: &ReceiptRequest) -> Option<&'o str> {
    let entries = open.ledger.ledger.entries.iter();
    entries
        .filter(|entry| is_of(entry, request))
        .find(|entry| open.story.was_told(&entry.reference.url))
        .map(|entry| entry.reference.url.as_str())
}
