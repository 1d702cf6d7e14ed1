//! A row of the list where rows stand close: sender and subject, two lines of 44 pixels.

use super::list::Row;
use super::view::{across, tight};
use super::{Message, State};
use crate::gui::taste::Density;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::i18n::grouped;
use crate::model::Flags;
use iced::widget::{button, column, container, row, space};
use iced::{Center, Fill, Padding};

impl State {
    pub(super) fn compact_row<'a>(
        &'a self,
        at: usize,
        shown: &'a Row,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let letter = &shown.letter;
        let many = self.list.many.has(at, letter.id);
        let chosen = self.list.selected.is_some_and(|(_, id)| id == letter.id);
        let on = many || (chosen && !self.shows_many());
        let unread = !letter.flags.has(Flags::SEEN);
        let font = if unread { theme::SEMIBOLD } else { theme::REGULAR };
        let sent = self.is_sent_or_draft(letter);
        let who = match (&letter.from, letter.to.first()) {
            (_, Some(to)) if sent => look.words.say_with("row-to", &[("name", to.label().into())]),
            (Some(from), _) => from.label().to_owned(),
            (None, _) => look.say("row-nobody"),
        };
        let subject = match letter.subject.trim() {
            "" => look.say("no-subject"),
            subject => subject.to_owned(),
        };
        let mut who = line(who, size::SECOND, t.ink).font(font).height(18.0);
        let mut about = line(subject, size::HINT, t.ink2).font(font).height(17.0);
        if let Some(marks) = &shown.marks {
            if !marks.from.hits.is_empty() && !sent {
                who = line(marks.from.text.clone(), size::SECOND, t.ink)
                    .font(font)
                    .height(18.0)
                    .marks(&marks.from.hits, t.accent);
            }
            if !marks.subject.hits.is_empty() {
                about = line(marks.subject.text.clone(), size::HINT, t.ink2)
                    .font(font)
                    .height(17.0)
                    .marks(&marks.subject.hits, t.accent);
            }
        }
        let mut first = row![who].spacing(6).align_y(Center).height(18);
        if letter.flags.has(Flags::FLAGGED) {
            first = first.push(icon(Icon::Star, t.warn).size(13.0).filled(true));
        }
        if letter.has_attachment {
            first = first.push(icon(Icon::Clip, t.ink3).size(13.0));
        }
        let when = look.clock.short(look.words, letter.date);
        first = first.push(tight(when, size::HINT, t.ink3, theme::REGULAR));
        let mut second = row![about].spacing(6).align_y(Center).height(17);
        if letter.trackers > 0 {
            let count = grouped(i64::try_from(letter.trackers).unwrap_or(i64::MAX));
            second = second
                .push(icon(Icon::EyeOff, t.warn).size(13.0))
                .push(tight(count, size::HINT, t.warn, theme::SEMIBOLD).height(17.0));
        }
        if shown.thread > 1 {
            let count = grouped(i64::try_from(shown.thread).unwrap_or(i64::MAX));
            second = second.push(tight(count, size::HINT, t.ink3, theme::SEMIBOLD).height(17.0));
        }
        let dot: Element<'a, Message> = match unread {
            true => container(space()).width(7).height(7).style(theme::tag(t.accent)).into(),
            false => space().width(7).into(),
        };
        // What is picked is ticked; that it is unread is seen by its weight.
        let (dot, left, right, top): (Element<'a, Message>, _, _, _) = match many {
            true => (icon(Icon::Check, t.accent).size(15.0).into(), 7.0, 4.0, 5.0),
            false => (dot, 11.0, 8.0, 9.0),
        };
        let dot = container(dot).padding(Padding { top, left, right, bottom: 0.0 });
        let text = column![first, second].padding(Padding {
            top: 4.0,
            right: 14.0,
            bottom: 0.0,
            left: 0.0,
        });
        let row = button(row![dot, text])
            .padding(0)
            .width(Fill)
            .height(Density::Compact.row() - 1.0)
            .style(theme::row(t, on))
            .on_press(Message::RowChosen(at));
        column![row, across(t)].into()
    }
}
