//! Below the words: files, the receipt, what the letter makes known; and what is asked
//! before it goes.

use super::findings::said;
use super::{Field, Message, Receipt, Stage, State};
use crate::gui::screen::mail::not_done::not_done_said;
use crate::gui::screen::mail::sheet::dialogue_of;
use crate::gui::screen::mail::tools::tip;
use crate::gui::screen::pieces::{across, link_button, small, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::privacy::preflight::{Finding, Weight};
use iced::widget::{Column, Row, button, column, container, row, scrollable, space, text_input};
use iced::{Center, Fill, Padding};

/// What stands below the words.
pub(super) fn foot<'a>(state: &'a State, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mut foot = column![];
    if let Some(files) = files(state, look) {
        foot = foot.push(files);
    }
    if state.told_shown {
        foot = foot.push(across(t)).push(told(state, look));
    }
    foot.push(across(t)).push(receipt(state, look)).into()
}

fn files<'a>(state: &'a State, look: Look<'a>) -> Option<Element<'a, Message>> {
    let t = look.tokens;
    let attached: Vec<_> = state.files.iter().filter(|file| file.picture.is_none()).collect();
    if attached.is_empty() && state.failed.is_empty() {
        return None;
    }
    let cleaned = |name: &str| {
        state.findings.iter().any(|f| matches!(f, Finding::PictureCleaned(file) if file == name))
    };
    let mut chips = Row::new().spacing(8);
    for file in attached {
        let name: String = file.name.chars().filter(|c| !c.is_control()).take(40).collect();
        let mut about = time::bytes(file.size);
        if cleaned(&file.name) {
            about = format!("{about} · {}", look.say("file-cleaned"));
        }
        let remove = button(container(icon(Icon::Close, t.ink3).size(12.0)).center(Fill))
            .padding(0)
            .width(20)
            .height(20)
            .style(theme::quiet(t, t.ink3))
            .on_press(Message::FileRemoved(file.id));
        let remove = reach(remove, Some(Message::FileRemoved(file.id)), t.accent);
        let inside = row![
            icon(Icon::Clip, t.ink2).size(15.0),
            tight(name, size::HINT, t.ink, theme::SEMIBOLD),
            tight(about, size::HINT, t.ink3, theme::REGULAR),
            tip(remove, look.say("file-remove"), "", look),
        ]
        .spacing(6)
        .align_y(Center);
        chips = chips.push(
            container(inside)
                .center_y(30)
                .padding(Padding { left: 10.0, right: 5.0, ..Padding::ZERO })
                .style(theme::chip(t, false)),
        );
    }
    let mut block = column![chips.wrap().vertical_spacing(6)].spacing(6);
    for (path, why) in &state.failed {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let name: String = name.chars().take(60).collect();
        let args = [("name", name.into()), ("why", not_done_said(why, look).into())];
        let said = look.words.say_with("file-failed", &args);
        block = block.push(words(said, size::HINT, t.bad).width(Fill));
    }
    let padding = Padding { top: 4.0, right: 12.0, bottom: 10.0, left: 20.0 };
    Some(container(block).padding(padding).width(Fill).into())
}

fn receipt<'a>(state: &'a State, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let now = state.receipt();
    let can_picture = state.receipt_server.is_some() && !state.plain;
    let mut choices = row![tight(look.say("ask-receipt"), size::SECOND, t.ink, theme::SEMIBOLD)]
        .spacing(6)
        .align_y(Center);
    for (receipt, name) in [
        (Receipt::None, "ask-receipt-none"),
        (Receipt::Answer, "ask-receipt-answer"),
        (Receipt::Picture, "ask-receipt-picture"),
    ] {
        let on = now == receipt;
        let can = receipt != Receipt::Picture || can_picture;
        let ink = match (on, can || !state.plain) {
            (true, _) => t.accent,
            (false, true) => t.ink,
            (false, false) => t.ink3,
        };
        let said = words(look.say(name), size::HINT, ink).font(theme::SEMIBOLD);
        let press = match (can, state.plain) {
            (true, _) => (!on).then_some(Message::ReceiptChosen(receipt)),
            (false, true) => None,
            (false, false) => Some(Message::ReceiptServerWanted),
        };
        let choice = button(container(said).center_y(Fill))
            .padding([0, 10])
            .height(28)
            .style(theme::choice(t, on))
            .on_press_maybe(press.clone());
        let choice = reach(choice, press, t.accent);
        let why = match (receipt, can) {
            (Receipt::None, _) => "ask-receipt-none-hint",
            (Receipt::Answer, _) => "ask-receipt-answer-hint",
            (Receipt::Picture, true) => "ask-receipt-picture-hint",
            (Receipt::Picture, false) if state.plain => "ask-receipt-plain",
            (Receipt::Picture, false) => "ask-receipt-no-server",
        };
        choices = choices.push(tip(choice, look.say(why), "", look));
    }
    let about: Element<'a, Message> = match now {
        Receipt::Picture => text_input(&look.say("ask-receipt-notice"), &state.notice)
            .id(Field::Notice.id())
            .on_input(Message::NoticeTyped)
            .size(size::HINT)
            .padding([5, 8])
            .style(theme::framed_field(t))
            .into(),
        Receipt::Answer => line(look.say("ask-receipt-answer-hint"), size::HINT, t.ink2).into(),
        Receipt::None if !can_picture && !state.plain => {
            line(look.say("ask-receipt-no-server"), size::HINT, t.ink3).into()
        }
        Receipt::None => space().width(Fill).into(),
    };
    let known = state.findings.len();
    let warned = state.shown().next().is_some();
    let ink = if warned { t.warn } else { t.accent };
    let count = i64::try_from(known).unwrap_or(i64::MAX);
    let said = look.words.say_with("told-count", &[("count", count.into())]);
    let shape = if warned { Icon::Warn } else { Icon::Shield };
    let told = button(
        container(
            row![icon(shape, ink), tight(said, size::HINT, ink, theme::SEMIBOLD)]
                .spacing(6)
                .align_y(Center),
        )
        .center_y(Fill),
    )
    .padding([0, 8])
    .height(28)
    .style(theme::quiet(t, ink))
    .on_press(Message::ToldSwitched);
    let told = reach(told, Some(Message::ToldSwitched), t.accent);
    let mut bar = row![choices, container(about).width(Fill)].spacing(12).align_y(Center);
    if known > 0 {
        bar = bar.push(tip(told, look.say("told-title"), "Ctrl+Shift+I", look));
    }
    container(bar)
        .center_y(52)
        .padding(Padding { left: 20.0, right: 12.0, ..Padding::ZERO })
        .width(Fill)
        .style(theme::foot(t.paper, 11.0))
        .into()
}

/// What it makes known, all of it.
fn told<'a>(state: &'a State, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mut list = Column::new().spacing(5);
    list = list.push(words(look.say("told-title"), size::SECOND, t.ink).font(theme::BOLD));
    for finding in &state.findings {
        let (shape, ink) = mark(finding, look);
        let said = words(said(finding, look), size::SECOND, t.ink2).width(Fill);
        list = list.push(row![icon(shape, ink).size(15.0), said].spacing(8).align_y(Center));
    }
    let list = container(list).padding([10, 20]).width(Fill);
    let shown = state.findings.len().min(6) as f32 * 24.0 + 44.0;
    scrollable(list).height(shown).width(Fill).style(theme::scroll(t)).into()
}

fn mark(finding: &Finding, look: Look<'_>) -> (Icon, iced::Color) {
    match finding.weight() {
        Weight::Told => (Icon::Info, look.tokens.ink3),
        Weight::Shown => (Icon::Warn, look.tokens.warn),
        Weight::Asked => (Icon::Warn, look.tokens.bad),
    }
}

impl State {
    /// What is asked before the letter goes, if something is.
    pub fn question<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let Stage::Asking(_) = self.stage else { return None };
        let t = look.tokens;
        let title = words(look.say("preflight-title"), size::SECTION, t.ink).font(theme::BOLD);
        let mut body = column![title].spacing(10);
        for finding in self.asked() {
            let said = words(said(finding, look), size::SECOND, t.ink).width(Fill);
            let mut block =
                column![row![icon(Icon::Warn, t.warn), said].spacing(10).align_y(Center)]
                    .spacing(6);
            if let Finding::Mistyped { address, meant } = finding {
                let right: String = meant.chars().take(60).collect();
                let right = look.words.say_with("preflight-correct", &[("meant", right.into())]);
                let correct = Message::Corrected(address.clone(), meant.clone());
                block = block.push(row![
                    space().width(26),
                    small(Some(Icon::Check), right, Some(correct), look)
                ]);
            }
            let block = container(block).padding([8, 10]).width(Fill);
            body = body.push(block.style(theme::tag(t.warn_soft)));
        }
        let anyway =
            small(Some(Icon::Sent), look.say("preflight-anyway"), Some(Message::SentAnyway), look);
        let back = link_button(look.say("preflight-back"), Message::AskedClosed, look);
        let buttons = row![line(look.say("preflight-keys"), size::HINT, t.ink3), back, anyway]
            .spacing(8)
            .align_y(Center);
        Some(dialogue_of(body.push(buttons), 540.0, Message::AskedClosed, look))
    }
}
