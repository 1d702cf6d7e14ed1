//! Above the letter: what it is called, who it is from, and how it came.

use super::open::Open;
use super::tools::tip;
use super::{Message, Sheet, State};
use crate::gui::screen::choice::in_card;
use crate::gui::screen::pieces::{across, bytes, icon_button, subject_said, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time;
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::model::Address;
use iced::widget::{Row, button, column, container, row, space, text};
use iced::{Center, Fill};

/// Charsets that can be chosen by hand.
pub(super) const CHARSETS: [&str; 20] = [
    "utf-8",
    "euc-kr",
    "iso-2022-kr",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "gb18030",
    "big5",
    "utf-16le",
    "utf-7",
    "hz-gb-2312",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1252",
    "iso-8859-2",
    "windows-1251",
    "koi8-r",
    "windows-1253",
    "windows-1254",
    "windows-874",
];

/// Longest subject that is shown, in characters.
const SUBJECT: usize = 300;

impl State {
    pub(super) fn head<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let padding = iced::Padding { top: 0.0, right: 24.0, bottom: 12.0, left: 24.0 };
        let who = container(self.who(open, look)).padding(padding);
        let head = column![self.title(open, look)].push(self.letters_before(open, look)).push(who);
        container(head).width(Fill).style(theme::area(t.surface)).into()
    }

    /// What it is about, and of how many it is one.
    pub(super) fn title<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let subject: String =
            subject_said(&open.letter.subject, look).chars().take(SUBJECT).collect();
        let title = words(subject, size::TITLE, t.ink).font(theme::BOLD).line_height(1.35);
        let title = row![title.width(Fill)].push(self.conversation_count(open, look)).spacing(12);
        let padding = iced::Padding { top: 14.0, right: 24.0, bottom: 8.0, left: 24.0 };
        let title = column![title.align_y(Center)].push(self.labels_above(look)).spacing(6);
        container(title).padding(padding).width(Fill).into()
    }

    /// Whom it is from, and how it came.
    pub(super) fn who<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let letter = &open.letter;
        let nobody = Address { name: Some(look.say("row-nobody")), addr: String::new() };
        let from = letter.from.first().unwrap_or(&nobody);
        let initial = from.label().chars().find(|c| c.is_alphanumeric()).unwrap_or('?');
        let face = container(
            text(initial.to_uppercase().to_string())
                .size(size::BODY)
                .font(theme::BOLD)
                .color(t.accent),
        )
        .center(36)
        .style(move |_| container::Style {
            background: Some(t.accent_soft.into()),
            border: iced::Border { radius: 18.0.into(), ..Default::default() },
            ..Default::default()
        });
        let mut name = Row::new().spacing(6).align_y(Center);
        if let Some(named) = from.name.as_deref().filter(|name| !name.trim().is_empty()) {
            let named: String = named.chars().take(60).collect();
            name = name.push(tight(named, size::BODY, t.ink, theme::SEMIBOLD).height(20.0));
            name = name.push(line(from.addr.clone(), size::SECOND, t.ink2).height(20.0));
        } else {
            name = name.push(line(from.addr.clone(), size::BODY, t.ink).font(theme::SEMIBOLD));
        }
        let about = line(self.how_it_came(open, look), size::HINT, t.ink3).height(18.0);
        let mut badges = column![].spacing(4).align_x(iced::Right);
        // What one wrote oneself needs no proof.
        if let Some(badge) = proof(open, look).filter(|_| !self.wrote(open)) {
            badges = badges.push(badge);
        }
        if letter.report.unsubscribe.is_some() && !self.wrote(open) {
            let leave = Message::Leaving(super::leaving::Message::Leave);
            let button =
                button(tight(look.say("tool-leave"), size::HINT, t.accent, theme::SEMIBOLD))
                    .padding([1, 6])
                    .style(theme::quiet(t, t.accent))
                    .on_press(leave.clone());
            let leave = reach(button, Some(leave), t.accent);
            badges = badges.push(tip(leave, look.say("leave-tip"), "", look));
        }
        let odd = letter.report.warnings.len();
        if odd > 0 {
            let count = i64::try_from(odd).unwrap_or(i64::MAX);
            let said = look.words.say_with("badge-odd", &[("count", count.into())]);
            let badge = button(tag(Some(Icon::Warn), said, t.warn, t.warn_soft))
                .padding(0)
                .style(theme::quiet(t, t.warn))
                .on_press(Message::SheetOpened(Sheet::Header));
            let badge = reach(badge, Some(Message::SheetOpened(Sheet::Header)), t.warn);
            badges = badges.push(tip(badge, look.say("tool-header"), "I", look));
        }
        let about = self.people_button(open, about, look);
        let line = row![face, column![name, about].spacing(1).width(Fill), badges]
            .spacing(10)
            .align_y(Center);
        column![line].push(self.people(open, look)).into()
    }

    /// 나에게 · 11월 21일 오후 2:14 · 경로 4곳 · 3초 · 모두 암호화.
    fn how_it_came(&self, open: &Open, look: Look<'_>) -> String {
        let letter = &open.letter;
        let mut parts: Vec<String> = Vec::new();
        let delivered = letter
            .report
            .headers
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case("delivered-to"))
            .map(|field| field.value.trim_matches(['<', '>', ' ']).to_owned());
        let others = letter.to.len() + letter.cc.len();
        let mine = |to: &&Address| {
            delivered.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&to.addr))
        };
        if let Some(first) = letter.to.iter().find(mine).or_else(|| letter.to.first()) {
            let name: String = first.label().chars().take(40).collect();
            let more = i64::try_from(others.saturating_sub(1)).unwrap_or(0);
            parts.push(match (mine(&first), more) {
                (true, 0) => look.say("to-me"),
                (true, more) => look.words.say_with("to-me-and", &[("count", more.into())]),
                (false, 0) => look.words.say_with("to-one", &[("name", name.into())]),
                (false, more) => look
                    .words
                    .say_with("to-several", &[("name", name.into()), ("count", more.into())]),
            });
        }
        if let Some(date) = letter.date {
            parts.push(look.clock.long(look.words, date));
        }
        let hops = &letter.report.hops;
        if !hops.is_empty() {
            let count = i64::try_from(hops.len()).unwrap_or(i64::MAX);
            parts.push(look.words.say_with("route-count", &[("count", count.into())]));
            let times: Vec<i64> = hops.iter().filter_map(|hop| hop.at).collect();
            if let (Some(first), Some(last)) = (times.first(), times.last())
                && last >= first
                && times.len() > 1
            {
                parts.push(time::stretch(look.words, last.saturating_sub(*first)));
            }
            let open = hops.iter().filter(|hop| hop.tls == Some(false)).count();
            if open > 0 {
                let count = i64::try_from(open).unwrap_or(i64::MAX);
                parts.push(look.words.say_with("route-open", &[("count", count.into())]));
            } else if hops.iter().all(|hop| hop.tls == Some(true)) {
                parts.push(look.say("route-encrypted"));
            }
        }
        if open.id.is_none() {
            parts.push(bytes(letter.raw.len()));
        }
        parts.join(" · ")
    }

    /// The search inside the letter.
    pub(super) fn find_bar<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let find = open.find.as_ref()?;
        let field = iced::widget::text_input(&look.say("find-hint"), &find.text)
            .id(super::Field::Find.id())
            .on_input(Message::FindTyped)
            .on_submit(Message::FindMoved(1))
            .size(size::SECOND)
            .padding([6, 0]);
        let said = match (find.answered, find.places.len()) {
            (false, _) => String::new(),
            (true, 0) => look.say("find-none"),
            (true, count) => format!("{} / {count}", find.here + 1),
        };
        let field = in_card(Some(Icon::Search), field, look).padding([0, 10]).width(280);
        let one = |mark, name: &str, key: &str, says| {
            tip(icon_button(mark, t.ink2, says, look), look.say(name), key, look)
        };
        let bar =
            row![field, tight(said, size::HINT, t.ink2, theme::REGULAR), space().width(Fill),]
                .push(one(Icon::Up, "find-back", "Shift+Enter", Message::FindMoved(-1)))
                .push(one(Icon::Down, "find-on", "Enter", Message::FindMoved(1)))
                .push(one(Icon::Close, "close", "Esc", Message::FindClosed))
                .spacing(8)
                .align_y(Center);
        let bar = container(bar).padding([6, 24]).width(Fill).style(theme::area(t.surface));
        Some(column![bar, across(t)].into())
    }
}

/// How the sender proved itself, in a badge.
fn proof<'a>(open: &Open, look: Look<'a>) -> Option<Element<'a, Message>> {
    let t = look.tokens;
    let auth = &open.letter.report.auth;
    let from = open.sender().and_then(|addr| addr.rsplit_once('@')).map(|(_, domain)| domain);
    let trusted = || auth.claims.iter().filter(|claim| claim.trusted);
    let aligned = |domain: &Option<String>| {
        domain.as_deref().zip(from).is_some_and(|(a, b)| {
            let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
            a == b || b.ends_with(&format!(".{a}")) || a.ends_with(&format!(".{b}"))
        })
    };
    let proved = trusted().any(|claim| {
        claim.result == "pass"
            && (claim.method == "dmarc" || (claim.method == "dkim" && aligned(&claim.domain)))
    });
    let failed = trusted().any(|claim| claim.method == "dmarc" && claim.result == "fail");
    let badge = if proved {
        let domain = from.unwrap_or_default().to_owned();
        let said = look.words.say_with("badge-proved", &[("domain", domain.into())]);
        tag(Some(Icon::Check), said, t.accent, t.accent_soft)
    } else if failed {
        tag(Some(Icon::Warn), look.say("badge-failed"), t.bad, t.bad_soft)
    } else {
        tag(None, look.say("badge-unknown"), t.ink3, t.paper)
    };
    Some(badge)
}
