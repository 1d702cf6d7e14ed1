//! What stands in the letter's place while several are picked: how many, the first of them,
//! and all that can be done with them.

use super::labels;
use super::menus::{Choice, places_for};
use super::picking::{Mark, Pick};
use super::tools::tip;
use super::{Message, State};
use crate::gui::screen::pieces::{
    across, icon_button, link_button, sender_said, small, subject_said, tight, words,
};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::Flags;
use iced::widget::{Column, Row, column, container, row, space};
use iced::{Center, Fill};

/// Letters that are named.
const NAMED: usize = 5;
/// Width of the card in logical pixels.
const WIDTH: f32 = 568.0;

impl State {
    /// What takes all that is picked elsewhere, and what marks it.
    fn deeds_of_many(&self) -> (Vec<Choice>, Vec<Choice>) {
        let mark = |mark| Message::Pick(Pick::Marked(mark));
        let marks = vec![
            (Icon::MailOpen, "tool-read", "U", mark(Mark::Read)),
            (Icon::Mail, "tool-unread", "U", mark(Mark::Unread)),
            (Icon::Star, "many-star", "S", mark(Mark::Starred)),
            (Icon::Star, "tool-unstar", "S", mark(Mark::Unstarred)),
            (Icon::Label, "tool-label", "L", Message::Labels(labels::Message::Wanted)),
        ];
        (places_for(self.role_of_place()), marks)
    }

    /// The same in little room, below the list: where there is none for it beside.
    pub(super) fn many_bar<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        if !self.is_single() || !self.shows_many() {
            return None;
        }
        let t = look.tokens;
        let count = i64::try_from(self.list.many.count()).unwrap_or(i64::MAX);
        let said = look.words.say_with("many-title", &[("count", count.into())]);
        let (places, marks) = self.deeds_of_many();
        let marks = marks.into_iter().take(3);
        let one = |(mark, name, key, says): Choice| {
            tip(icon_button(mark, t.ink2, says, look), look.say(name), key, look)
        };
        let close = icon_button(Icon::Close, t.ink3, Message::Escaped, look);
        let bar = row![
            line(said, size::SECOND, t.ink).font(theme::SEMIBOLD),
            Row::with_children(places.into_iter().chain(marks).map(one)).spacing(2),
            tip(close, look.say("many-let-go"), "Esc", look),
        ]
        .spacing(6)
        .align_y(Center);
        let bar = container(bar).center_y(48).padding([0, 14]).style(theme::area(t.side));
        Some(column![across(t), bar].into())
    }

    pub(super) fn many_view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let count = self.list.many.count();
        let counted = |name: &str, count: usize| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            look.words.say_with(name, &[("count", count.into())])
        };
        let head = row![
            icon(Icon::Mail, t.accent).size(22.0),
            words(counted("many-title", count), size::TITLE, t.ink).font(theme::BOLD),
            space().width(Fill),
            tip(
                link_button(look.say("many-let-go"), Message::Escaped, look),
                look.say("many-let-go-hint"),
                "Esc",
                look,
            ),
        ]
        .spacing(10)
        .align_y(Center);
        let mut named = Column::new().spacing(0);
        let mut shown = 0;
        for row in self.picked_rows().take(NAMED) {
            named = named.push((shown > 0).then(|| across(t))).push(named_row(row, look));
            shown += row.count();
        }
        if count > shown && shown > 0 {
            named = named.push(across(t));
            let more = words(counted("many-more", count - shown), size::HINT, t.ink3);
            named = named.push(container(more).padding([8, 16]));
        }
        let named = container(named).width(Fill).style(theme::card(t.surface, t.line, 10.0));
        let (places, marks) = self.deeds_of_many();
        let card = column![head, named, buttons(places, look), buttons(marks, look)]
            .spacing(16)
            .max_width(WIDTH);
        container(card).center(Fill).padding(24).style(theme::area(t.paper)).into()
    }
}

fn buttons<'a>(all: Vec<Choice>, look: Look<'a>) -> Element<'a, Message> {
    let one = |(mark, name, key, says)| {
        let button = small(Some(mark), look.say(name), Some(says), look);
        tip(button, look.say(name), key, look)
    };
    Row::with_children(all.into_iter().map(one)).spacing(6).wrap().vertical_spacing(6).into()
}

fn named_row<'a>(row: &super::list::Row, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let letter = &row.letter;
    let who = sender_said(letter.from.as_ref(), look);
    let subject = subject_said(&letter.subject, look);
    let font = if letter.flags.has(Flags::SEEN) { theme::REGULAR } else { theme::SEMIBOLD };
    let who = container(line(who, size::SECOND, t.ink).font(font)).width(150);
    let when = look.clock.short(look.words, letter.date);
    let inside = row![
        who,
        line(subject, size::SECOND, t.ink2),
        tight(when, size::HINT, t.ink3, theme::REGULAR),
    ]
    .spacing(12)
    .align_y(Center);
    container(inside).center_y(38).padding([0, 16]).into()
}
