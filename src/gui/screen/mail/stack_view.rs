//! The view of a conversation whose letters stand below each other in one scroll.

use super::open::Open;
use super::stack::{Item, Message as Said};
use super::tools::tip;
use super::{Message, State};
use crate::gui::screen::pieces::{across, icon_button};
use crate::gui::theme::{self, Look};
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::ring::ring;
use crate::gui::widget::tower::tower;
use crate::model::LetterId;
use crate::store::LetterRow;
use iced::widget::{Column, column, container, row, space};
use iced::{Center, Fill, Padding};

/// Height of a letter that is shown as lines of text, in logical pixels.
const AS_TEXT: f32 = 360.0;
/// Space beside the letters, and below each.
const BESIDE: f32 = 24.0;
const SPACE: f32 = 6.0;

impl State {
    pub(super) fn stack_view<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (mark, name, key, all) = match self.stack.beside.is_empty() {
            true => (Icon::Down, "thread-open-all", "Shift+→", true),
            false => (Icon::Up, "thread-fold-all", "Shift+←", false),
        };
        let all = icon_button(mark, t.ink2, Message::Stack(Said::All(all)), look);
        let all = container(tip(all, look.say(name), key, look));
        let all = all.padding(Padding { top: 6.0, right: BESIDE - 6.0, ..Padding::ZERO });
        let head = row![container(self.title(open, look)).width(Fill), all].align_y(Center);
        let head = container(head).width(Fill).style(theme::area(t.surface));
        let at_hand = self.conversation.letters.iter().position(|row| Some(row.id) == open.id);
        let letter = |at: &usize| self.conversation.letters.get(*at);
        let mut things: Vec<Element<'a, Message>> = Vec::new();
        for item in self.items() {
            let thing = match item {
                Item::Line(at) => letter(&at).map(|letter| {
                    // The keys go to the ones next to the letter at hand.
                    let key = match at_hand {
                        Some(hand) if at == hand + 1 => "N",
                        Some(hand) if at + 1 == hand => "P",
                        _ => "",
                    };
                    self.line_of(letter, key, look)
                }),
                Item::Card(at) => letter(&at)
                    .and_then(|letter| self.open_one(letter.id).map(|open| (letter.id, open)))
                    .map(|(id, one)| self.card(id, one, Some(at) == at_hand, look)),
                Item::More(count, before) => {
                    let name = match (at_hand, before) {
                        (_, 0) => "thread-before",
                        (Some(hand), before) if before > hand => "thread-after",
                        _ => "thread-between",
                    };
                    Some(below(super::conversation::unfold(name, count, Icon::Down, look)))
                }
            };
            // As many as are counted.
            things.push(thing.unwrap_or_else(|| space().height(0).into()));
        }
        let on = |told| Message::Stack(Said::Told(told));
        let known = (self.stack.height, self.stack.tops.as_slice());
        let letters = tower(things, self.stack.offset, known, t, on);
        let letters = container(letters).padding(Padding::ZERO.top(10)).width(Fill).height(Fill);
        column![self.tools(open, look), across(t), head, across(t)]
            .push(self.find_bar(open, look))
            .push(ring(letters, self.ring_of_letter(look), 0.0))
            .width(Fill)
            .height(Fill)
            .into()
    }

    /// A folded letter.
    fn line_of<'a>(
        &'a self,
        letter: &'a LetterRow,
        key: &'static str,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let line = container(self.folded(letter, key, look)).clip(true);
        let line = line.style(theme::card(t.surface, t.line, 8.0)).width(Fill);
        below(line)
    }

    /// An open letter, with all that is said of it.
    fn card<'a>(
        &'a self,
        id: LetterId,
        open: &'a Open,
        at_hand: bool,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let several = !self.stack.beside.is_empty();
        let fold = several.then(|| {
            let fold = icon_button(Icon::Up, t.ink2, Message::Stack(Said::Folded(id)), look);
            tip(fold, look.say("thread-fold"), "", look)
        });
        let doc = open.doc;
        let inside = |part: Element<'a, Message>| -> Element<'a, Message> {
            part.map(move |message| Message::InOne(doc, Box::new(message)))
        };
        let who = inside(self.who(open, look));
        let who = row![container(who).width(Fill)].push(fold).spacing(8).align_y(Center);
        let who = container(who).padding([10, 14]).width(Fill);
        let journey = self.journey_of(open).map(|journey| super::journey::standings(journey, look));
        let mut above: Column<'a, Message> = column![].spacing(6);
        let mut some = false;
        let parts = [
            self.privacy_bar(open, look),
            self.receipt_lines(open, look),
            journey.filter(|_| at_hand),
            self.fallback_line(open, look),
            self.attachment_strip(open, look),
        ];
        for part in parts.into_iter().flatten() {
            above = above.push(part);
            some = true;
        }
        let bottom = if some { 8.0 } else { 0.0 };
        let above = container(above).padding(Padding { top: 0.0, right: 12.0, bottom, left: 12.0 });
        let mut paper = container(self.drawn(open, true, look)).padding(6).width(Fill);
        if open.laid.is_none() {
            paper = paper.height(AS_TEXT);
        }
        // Round at the foot, as the card is.
        let paper = paper.style(theme::card(t.letter, t.letter, 9.0));
        let inside = column![who, inside(above.into()), inside(paper.into())].width(Fill);
        let edge = if at_hand && several { t.accent } else { t.line };
        let card = container(inside).padding(1).clip(true).width(Fill);
        below(card.style(theme::card(t.surface, edge, 10.0)))
    }

    /// Whether this open letter is the one at hand.
    pub(super) fn is_at_hand(&self, open: &Open) -> bool {
        self.open.as_ref().is_some_and(|hand| hand.doc == open.doc)
    }

    /// The row of an open letter.
    pub(super) fn row_of(&self, open: &Open) -> Option<&LetterRow> {
        match self.is_at_hand(open) {
            true => self.open_row().map(|row| &row.letter),
            false => self.conversation.letters.iter().find(|row| Some(row.id) == open.id),
        }
    }

    /// Whether an open letter was written here.
    pub(super) fn wrote(&self, open: &Open) -> bool {
        match self.is_at_hand(open) {
            true => self.is_own(),
            false => self.row_of(open).is_some_and(|letter| self.is_mine(letter)),
        }
    }
}

/// One of the things below each other.
fn below<'a>(thing: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let padding = Padding { top: 0.0, right: BESIDE, bottom: SPACE, left: BESIDE };
    container(thing).padding(padding).width(Fill).into()
}
