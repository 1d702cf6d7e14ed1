//! The pane of the open letter, from its tools to its pixels.

use super::open::Open;
use super::{Message, State};
use crate::gui::screen::pieces::across;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::letter::{Drawn, letter};
use crate::gui::widget::lines::lines;
use crate::gui::widget::ring::ring;
use iced::widget::{Column, column, container, stack};
use iced::{Fill, Padding, Vector};

impl State {
    pub(super) fn letter_view<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        if self.is_short() {
            return self.short_letter(open, look);
        }
        if self.is_stack() {
            return self.stack_view(open, look);
        }
        let t = look.tokens;
        let mut above: Column<'a, Message> = column![].spacing(6);
        let parts = [
            self.privacy_bar(open, look),
            self.receipt_lines(open, look),
            self.journey_of(open).map(|journey| super::journey::standings(journey, look)),
            self.fallback_line(open, look),
            self.attachment_strip(open, look),
        ];
        let mut some = false;
        for part in parts.into_iter().flatten() {
            above = above.push(part);
            some = true;
        }
        let top = if some { 12.0 } else { 0.0 };
        let above = container(above).padding(Padding { top, right: 24.0, bottom: 0.0, left: 24.0 });
        let paper = container(self.pixels(open, look))
            .padding(6)
            .width(Fill)
            .height(Fill)
            .style(theme::card(t.letter, t.line, 10.0));
        let paper = container(ring(paper, self.ring_of_letter(look), 10.0))
            .padding(Padding { top: 12.0, right: 24.0, bottom: 12.0, left: 24.0 })
            .width(Fill)
            .height(Fill);
        column![self.tools(open, look), across(t), self.head(open, look), across(t)]
            .push(self.find_bar(open, look))
            .push(above)
            .push(paper)
            .width(Fill)
            .height(Fill)
            .into()
    }

    pub(super) fn pixels<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        self.drawn(open, false, look)
    }

    /// The letter itself; `tall`: as high as it is, to stand in something that is scrolled.
    pub(super) fn drawn<'a>(
        &'a self,
        open: &'a Open,
        tall: bool,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let Some(laid) = open.laid else {
            let written = (theme::REGULAR, size::BODY + 1.0, 25.0);
            let on = |marked| Message::Marked(false, marked);
            return lines(&open.text, open.marked, on, look, written).into();
        };
        let found = open.find.as_ref();
        let drawn = Drawn {
            laid,
            scale: self.scale,
            offset: if tall { Vector::new(open.offset.x, 0.0) } else { open.offset },
            strips: &open.strips,
            selected: &open.selected.0,
            found: found.map_or(&[], |find| find.places.as_slice()),
            here: found.map_or(0, |find| find.here),
            stop: open.stop.as_ref().map_or(&[], |stop| stop.boxes.as_slice()),
            link: open.under.link.is_some() || open.under.fold.is_some(),
            text: open.under.text,
            view: self.view,
            tall: tall.then(|| {
                open.seen.map_or((0.0, -1.0, 0.0), |seen| (seen.top, seen.height, seen.begins))
            }),
            tokens: look.tokens,
        };
        let letter = letter(drawn, Message::Letter);
        stack![letter].push(self.menu_in_letter(open, look)).into()
    }
}
