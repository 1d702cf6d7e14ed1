//! A row of the list: three lines of 76 pixels, or two of 44 where rows stand close.

use super::fold::Fold;
use super::fold_view::branch_lines;
use super::labels::on_row;
use super::list::Row;
use super::{Message, Place, State};
use crate::gui::screen::pieces::{across, sender_said, subject_said, tag, tight};
use crate::gui::taste::Density;
use crate::gui::theme::{self, Look, Tokens, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::{Line, line};
use crate::i18n::grouped;
use crate::model::Flags;
use crate::store::LetterRow;
use crate::store::search::Snippet;
use iced::widget::{button, column, container, row, space};
use iced::{Center, Color, Fill, Padding};

/// Characters of an account's name beside a letter.
const WHOSE: usize = 22;

/// How large a row's first two lines are.
struct Sizes {
    who: f32,
    who_height: f32,
    about: f32,
    about_height: f32,
    about_ink: Color,
}

impl State {
    pub(super) fn row<'a>(
        &'a self,
        at: usize,
        shown: &'a Row,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        match self.list.density {
            Density::Compact => self.compact_row(at, shown, look),
            Density::Comfortable => self.comfortable_row(at, shown, look),
        }
    }

    fn comfortable_row<'a>(
        &'a self,
        at: usize,
        shown: &'a Row,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let letter = &shown.letter;
        let sizes = Sizes {
            who: size::BODY,
            who_height: 20.0,
            about: size::SECOND,
            about_height: 18.0,
            about_ink: t.ink,
        };
        let (who, about) = self.who_and_about(shown, &sizes, look);
        let mut first = row![who].spacing(8).align_y(Center).height(20);
        if shown.flags().has(Flags::FLAGGED) {
            first = first.push(icon(Icon::Star, t.warn).size(14.0).filled(true));
        }
        if let Some(count) = counted(shown.trackers(), 1) {
            first = first.push(tag(Some(Icon::EyeOff), count, t.warn, t.warn_soft));
        }
        if shown.has_attachment() {
            first = first.push(icon(Icon::Clip, t.ink3).size(15.0));
        }
        if let Some(count) = self.thread_count(shown) {
            first = first.push(tag(None, count, t.ink2, t.paper));
        }
        first = first.push(self.fold_mark(at, shown, look));
        let when = look.clock.short(look.words, letter.date);
        first = first.push(tight(when, size::HINT, t.ink3, theme::REGULAR));
        let found = shown.marks.as_ref().and_then(|marks| marks.text.as_ref());
        let piece = marked(letter.preview.clone(), found, size::HINT, t.ink3, t).height(18.0);
        let mut third = row![piece].spacing(8);
        if let Some(whose) = self.whose(letter) {
            third = third.push(tight(whose, size::HINT, t.ink3, theme::REGULAR).height(18.0));
        }
        let second = row![about].push(on_row(&letter.labels, look)).spacing(8).align_y(Center);
        let text = column![first, second, third].padding(Padding {
            top: 9.0,
            right: 14.0,
            ..Padding::ZERO
        });
        let many = self.list.many.has_row(at, shown);
        let tops = if many { 12.0 } else { 16.0 };
        let dot = dot(is_unread(shown), many, tops, look);
        let inside = row![dot].push(branch(shown, 18.0, look)).push(text);
        self.pressed_row(at, shown, inside.into(), look)
    }

    fn compact_row<'a>(
        &'a self,
        at: usize,
        shown: &'a Row,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let letter = &shown.letter;
        let sizes = Sizes {
            who: size::SECOND,
            who_height: 18.0,
            about: size::HINT,
            about_height: 17.0,
            about_ink: t.ink2,
        };
        let (who, about) = self.who_and_about(shown, &sizes, look);
        let mut first = row![who].spacing(6).align_y(Center).height(18);
        if shown.flags().has(Flags::FLAGGED) {
            first = first.push(icon(Icon::Star, t.warn).size(13.0).filled(true));
        }
        if shown.has_attachment() {
            first = first.push(icon(Icon::Clip, t.ink3).size(13.0));
        }
        first = first.push(self.fold_mark(at, shown, look));
        let when = look.clock.short(look.words, letter.date);
        first = first.push(tight(when, size::HINT, t.ink3, theme::REGULAR));
        let mut second = row![about].push(on_row(&letter.labels, look));
        second = second.spacing(6).align_y(Center).height(17);
        if let Some(count) = counted(shown.trackers(), 1) {
            second = second
                .push(icon(Icon::EyeOff, t.warn).size(13.0))
                .push(tight(count, size::HINT, t.warn, theme::SEMIBOLD).height(17.0));
        }
        if let Some(count) = self.thread_count(shown) {
            second = second.push(tight(count, size::HINT, t.ink3, theme::SEMIBOLD).height(17.0));
        }
        let text =
            column![first, second].padding(Padding { top: 4.0, right: 14.0, ..Padding::ZERO });
        let many = self.list.many.has_row(at, shown);
        let tops = if many { 5.0 } else { 9.0 };
        let dot = dot(is_unread(shown), many, tops, look);
        let inside = row![dot].push(branch(shown, 12.0, look)).push(text);
        self.pressed_row(at, shown, inside.into(), look)
    }

    /// The lines that say whose a letter is and what it is about, with what a search hit.
    fn who_and_about(&self, shown: &Row, sizes: &Sizes, look: Look<'_>) -> (Line, Line) {
        let t = look.tokens;
        let letter = &shown.letter;
        let font = if is_unread(shown) { theme::SEMIBOLD } else { theme::REGULAR };
        let to = letter.to.first().filter(|_| self.is_sent_or_draft(letter));
        let who = match to {
            Some(to) => look.words.say_with("row-to", &[("name", to.label().into())]),
            None => match &shown.fold {
                Fold::Closed(bundle) => self.writers(bundle, look),
                Fold::Alone | Fold::Open(_) => None,
            }
            .unwrap_or_else(|| sender_said(letter.from.as_ref(), look)),
        };
        let hits = |found: &&Snippet| !found.hits.is_empty();
        let marks = shown.marks.as_ref();
        let in_from = marks.map(|marks| &marks.from).filter(hits).filter(|_| to.is_none());
        let who = marked(who, in_from, sizes.who, t.ink, t);
        let in_subject = marks.map(|marks| &marks.subject).filter(hits);
        let subject = subject_said(&letter.subject, look);
        let about = marked(subject, in_subject, sizes.about, sizes.about_ink, t);
        (who.font(font).height(sizes.who_height), about.font(font).height(sizes.about_height))
    }

    /// A row that opens its letter, and shows whether it is the open one, or picked.
    fn pressed_row<'a>(
        &self,
        at: usize,
        shown: &Row,
        inside: Element<'a, Message>,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let chosen = self.list.selected.is_some_and(|(row, id)| {
            shown.holds(id) || (row == at && self.stands_for_open(&shown.letter))
        });
        let on = self.list.many.has_row(at, shown) || (chosen && !self.shows_many());
        let row = button(inside)
            .padding(0)
            .width(Fill)
            .height(self.list.density.row() - 1.0)
            .style(theme::row(t, on))
            .on_press(Message::RowChosen(at));
        column![row, across(t)].into()
    }

    /// How many letters its whole conversation has, wherever they lie, where that is not what
    /// the list stands by.
    fn thread_count(&self, shown: &Row) -> Option<String> {
        counted(shown.thread, 2).filter(|_| !self.is_bundled())
    }

    /// Whose a letter is, where letters of several accounts stand below each other.
    fn whose(&self, letter: &LetterRow) -> Option<String> {
        let mixed = !matches!(self.list.place, Place::Folder(_)) && self.accounts_with_mail() > 1;
        mixed.then(|| {
            // What stands before the @ of two accounts may be the same; their domains differ.
            let name: String = letter.account.chars().take(WHOSE + 1).collect();
            match name.chars().count() {
                0..=WHOSE => name,
                _ => name.chars().take(WHOSE - 1).chain(['…']).collect(),
            }
        })
    }

    pub(super) fn is_sent_or_draft(&self, letter: &LetterRow) -> bool {
        let is_sent = |folder: &crate::store::Folder| {
            folder.path == letter.folder && folder.role.as_deref() == Some("sent")
        };
        letter.flags.has(Flags::DRAFT) || self.folders.iter().any(is_sent)
    }
}

fn is_unread(shown: &Row) -> bool {
    !shown.flags().has(Flags::SEEN)
}

/// The lines that lead to a letter of an unfolded conversation; `middle`: where its first line
/// is, in logical pixels.
fn branch<'a>(shown: &Row, middle: f32, look: Look<'a>) -> Option<Element<'a, Message>> {
    match shown.fold {
        Fold::Open(stand) => branch_lines(stand, middle, look),
        Fold::Alone | Fold::Closed(_) => None,
    }
}

/// What a line says; where a search hit it, what it hit is marked.
fn marked(said: String, found: Option<&Snippet>, size: f32, ink: Color, t: Tokens) -> Line {
    match found {
        Some(found) => line(found.text.clone(), size, ink).marks(&found.hits, t.accent),
        None => line(said, size, ink),
    }
}

/// A count that is worth to be said.
fn counted(count: impl TryInto<i64>, from: i64) -> Option<String> {
    let count = count.try_into().unwrap_or(i64::MAX);
    (count >= from).then(|| grouped(count))
}

/// What stands before a row: that it is unread. What is picked is ticked; that it is
/// unread is seen by its weight.
fn dot<'a>(unread: bool, many: bool, top: f32, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (dot, left, right): (Element<'a, Message>, _, _) = match (many, unread) {
        (true, _) => (icon(Icon::Check, t.accent).size(15.0).into(), 7.0, 4.0),
        (false, true) => {
            let dot = container(space()).width(7).height(7).style(theme::tag(t.accent));
            (dot.into(), 11.0, 8.0)
        }
        (false, false) => (space().width(7).into(), 11.0, 8.0),
    };
    container(dot).padding(Padding { top, left, right, bottom: 0.0 }).into()
}

/// A row that has not been read yet.
pub(super) fn waiting<'a>(height: f32, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let bar = |width: f32| container(space()).width(width).height(8).style(theme::tag(t.paper));
    let third = (height > Density::Compact.row()).then(|| bar(180.0));
    let body = column![bar(120.0), bar(220.0)].push(third).spacing(10).padding(Padding {
        top: if height > Density::Compact.row() { 14.0 } else { 9.0 },
        left: 26.0,
        ..Padding::ZERO
    });
    column![container(body).height(height - 1.0), across(t)].into()
}
