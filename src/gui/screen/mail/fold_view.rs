//! What a row says of its conversation: who is part of it, how many letters it stands for,
//! and whom a letter answers.

use super::fold::{Fold, Message as Said, Stand};
use super::list::Row;
use super::tools::tip;
use super::{Message, State};
use crate::gui::screen::pieces::tight;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::i18n::grouped;
use crate::store::Bundle;
use iced::widget::{Row as Across, button, column, container, row, space};
use iced::{Center, Fill, Padding};

/// Writers that are named.
const NAMED: usize = 4;
/// Width of a step to the right, in logical pixels.
const STEP: f32 = 14.0;

impl State {
    /// Who wrote a conversation: who wrote last comes first.
    pub(super) fn writers(&self, bundle: &Bundle, look: Look<'_>) -> Option<String> {
        let mut said: Vec<String> = Vec::new();
        for who in &bundle.who {
            let name = match self.is_of_account(&who.addr) {
                true => look.say("thread-me"),
                false => who.label().to_owned(),
            };
            if !said.contains(&name) {
                said.push(name);
            }
            if said.len() == NAMED {
                break;
            }
        }
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// Whether an address is of one of the accounts.
    pub(super) fn is_of_account(&self, addr: &str) -> bool {
        let mut own = self.accounts.iter().filter_map(|account| account.address.as_deref());
        own.any(|own| own.eq_ignore_ascii_case(addr))
    }

    /// How many letters a row stands for, which unfolds it or folds it again.
    pub(super) fn fold_mark<'a>(
        &self,
        at: usize,
        shown: &Row,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let (mark, count, name, key) = match &shown.fold {
            Fold::Closed(_) => (Icon::Right, shown.count(), "fold-unfold", "→"),
            Fold::Open(stand) if stand.nth == 0 => (Icon::Down, stand.of, "fold-fold", "←"),
            Fold::Open(_) | Fold::Alone => return None,
        };
        let count = grouped(i64::try_from(count).unwrap_or(i64::MAX));
        let inside = row![
            icon(mark, t.ink2).size(12.0),
            tight(count, size::HINT, t.ink2, theme::SEMIBOLD).height(18.0)
        ]
        .spacing(2)
        .align_y(Center);
        let mark = button(inside)
            .padding(Padding { left: 3.0, right: 6.0, ..Padding::ZERO })
            .height(20)
            .style(theme::counter(t))
            .on_press(Message::Fold(Said::Toggled(at)));
        Some(tip(mark, look.say(name), key, look))
    }
}

/// The lines that lead to a letter from the one it answers.
pub(super) fn branch_lines<'a>(
    stand: Stand,
    middle: f32,
    look: Look<'a>,
) -> Option<Element<'a, Message>> {
    let t = look.tokens;
    let ink = iced::Color { a: 0.45, ..t.ink3 };
    let across = |width: f32| container(space()).width(width).height(1).style(theme::area(ink));
    let branch = stand.branch;
    if branch.depth == 0 {
        return None;
    }
    let down = || container(space()).width(1).style(theme::area(ink));
    let left = (STEP / 2.0).floor();
    let mut lines = Across::new().height(Fill);
    for step in 1..branch.depth {
        let on = branch.lines & (1 << step) != 0;
        let line: Element<'a, Message> = match on {
            true => row![space().width(left), down().height(Fill)].into(),
            false => space().into(),
        };
        lines = lines.push(container(line).width(STEP).height(Fill));
    }
    let elbow = row![space().width(left), across(STEP - left)];
    let rest: Element<'a, Message> = match branch.last {
        true => space().height(Fill).into(),
        false => row![space().width(left), down().height(Fill)].height(Fill).into(),
    };
    let own = column![row![space().width(left), down().height(middle)], elbow, rest];
    lines = lines.push(container(own).width(STEP).height(Fill));
    let lines = container(lines).padding(Padding { right: 6.0, ..Padding::ZERO });
    Some(lines.height(Fill).into())
}
