//! A letter in a window that is not high: what stands above it is folded into one line, and
//! unfolded in the place of the letter, so that both have room.

use super::open::Open;
use super::{Message, State};
use crate::gui::screen::pieces::{across, subject_said, tag, tight};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::gui::widget::ring::ring;
use crate::i18n::grouped;
use iced::widget::{Column, button, column, container, row, scrollable};
use iced::{Center, Fill};

/// Below this height of a window, in logical pixels, a letter would hardly be seen under what
/// stands above it.
const SHORT: f32 = 560.0;
/// Characters of the sender's name that are shown.
const NAME: usize = 24;

impl State {
    /// Whether what stands above a letter is folded, or can be.
    pub(super) fn is_short(&self) -> bool {
        self.window.height < SHORT
    }

    /// The letter, or what stands above it.
    pub(super) fn short_letter<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let body: Element<'a, Message> = if self.unfolded {
            let mut above: Column<'a, Message> = column![].spacing(6).padding([12, 16]);
            let parts = [
                self.privacy_bar(open, look),
                self.receipt_lines(open, look),
                self.journey_of(open).map(|journey| super::journey::standings(journey, look)),
                self.fallback_line(open, look),
                self.attachment_strip(open, look),
            ];
            for part in parts.into_iter().flatten() {
                above = above.push(part);
            }
            let above = column![self.head(open, look), across(t), above]
                .push(self.letters_after(open, look))
                .width(Fill);
            scrollable(above).width(Fill).height(Fill).style(theme::scroll(t)).into()
        } else {
            let paper = container(self.pixels(open, look))
                .padding(6)
                .width(Fill)
                .height(Fill)
                .style(theme::card(t.letter, t.line, 10.0));
            let paper = ring(paper, self.ring_of_letter(look), 10.0);
            container(paper).padding(8).width(Fill).height(Fill).into()
        };
        column![self.tools(open, look), across(t), self.short_head(open, look), across(t)]
            .push(self.find_bar(open, look))
            .push(body)
            .width(Fill)
            .height(Fill)
            .into()
    }

    /// One line: what it is about, whose it is, what is odd and what was stopped. Pressed, it tells more.
    fn short_head<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let subject = subject_said(&open.letter.subject, look);
        let from = open.letter.from.first();
        let from: String = from.map_or("", |from| from.label()).chars().take(NAME).collect();
        let mut inside = row![line(subject, size::BODY, t.ink).font(theme::SEMIBOLD)]
            .spacing(10)
            .align_y(Center);
        if !from.is_empty() {
            inside = inside.push(tight(from, size::HINT, t.ink2, theme::REGULAR));
        }
        let number = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
        let odd = open.letter.report.warnings.len();
        if odd > 0 {
            inside = inside.push(tag(Some(Icon::Warn), number(odd), t.warn, t.warn_soft));
        }
        // Counted as in the list; where nothing tracks, what is not shown.
        let (stopped, ink, ground) = match open.story.trackers {
            0 => (open.story.pictures, t.ink2, t.paper),
            trackers => (trackers, t.warn, t.warn_soft),
        };
        if stopped > 0 {
            inside = inside.push(tag(Some(Icon::EyeOff), number(stopped), ink, ground));
        }
        let mark = if self.unfolded { Icon::Up } else { Icon::Down };
        inside = inside.push(icon(mark, t.ink2).size(14.0));
        let folded = button(container(inside).center_y(Fill))
            .padding([0, 16])
            .height(38)
            .width(Fill)
            .style(theme::row(t, false))
            .on_press(Message::Unfolded);
        let folded = reach(folded, Some(Message::Unfolded), t.accent).radius(0.0);
        let said = if self.unfolded { "short-fold" } else { "short-unfold" };
        super::tools::tip(folded, look.say(said), "H", look)
    }
}
