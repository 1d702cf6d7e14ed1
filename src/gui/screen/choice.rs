//! One of several is chosen in a small sheet: a few typed signs find it, arrows go to it, Enter
//! takes it.
//!
//! Promise: the row that is marked is in sight, and its keys go before those of the field.

use super::mail::sheet::dialogue_of;
use super::pieces::words;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::marked::{marked, showing};
use iced::keyboard::{Key, key::Named};
use iced::widget::{Button, Column, Container, Row, TextInput, button, column, container, row};
use iced::widget::{scrollable, space};
use iced::{Center, Fill};

/// Rows that are seen without scrolling.
const SEEN: usize = 8;
/// Height of a row in logical pixels.
const ROW: f32 = 34.0;
/// Width of the sheet in logical pixels.
const WIDTH: f32 = 420.0;

/// What a key does to a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// To the next one, or the one before.
    By(isize),
    /// The one that is marked is taken.
    Entered,
}

/// The step a key takes, if it takes one.
pub(super) fn step(key: &Key) -> Option<Step> {
    match key.as_ref() {
        Key::Named(Named::ArrowDown) => Some(Step::By(1)),
        Key::Named(Named::ArrowUp) => Some(Step::By(-1)),
        Key::Named(Named::Enter) => Some(Step::Entered),
        _ => None,
    }
}

/// What stands in a field's card: a mark, where it has one, and what is typed.
pub(super) fn in_card<'a, M: Clone + 'a>(
    mark: Option<Icon>,
    field: TextInput<'a, M>,
    look: Look<'a>,
) -> Container<'a, M> {
    let t = look.tokens;
    let inside = row![].push(mark.map(|mark| icon(mark, t.ink3)));
    container(inside.push(field.style(theme::field(t))).spacing(8).align_y(Center))
        .style(theme::card(t.paper, t.line, 8.0))
}

/// The field of a small sheet.
pub(super) fn field<'a, M: Clone + 'a>(
    mark: Option<Icon>,
    field: TextInput<'a, M>,
    look: Look<'a>,
) -> Element<'a, M> {
    in_card(mark, field.size(size::BODY).padding([9, 0]), look).padding([0, 12]).width(Fill).into()
}

/// A row that is pressed to choose what it names; `on`: it is marked, or chosen.
pub(super) fn pressed_row<'a, M: Clone + 'a>(
    inside: Row<'a, M>,
    height: f32,
    on: bool,
    press: M,
    look: Look<'a>,
) -> Button<'a, M> {
    button(container(inside.spacing(10).align_y(Center)).center_y(Fill))
        .padding([0, 10])
        .height(height)
        .width(Fill)
        .style(theme::folder(look.tokens, on))
        .on_press(press)
}

/// What can be chosen: what each row shows, and what it says when it is pressed. The how
/// many-th is marked; `none`: what is said where there is nothing.
pub(super) fn list<'a, M: Clone + 'a>(
    rows: impl Iterator<Item = (Row<'a, M>, M)>,
    at: usize,
    none: &str,
    look: Look<'a>,
) -> Element<'a, M> {
    let (mut list, mut count) = (Column::new(), 0);
    for (inside, press) in rows {
        let on = at == count;
        list = list.push(marked(on, pressed_row(inside, ROW, on, press, look)));
        count += 1;
    }
    let t = look.tokens;
    if count == 0 {
        return container(words(look.say(none), size::SECOND, t.ink3)).center_y(ROW).into();
    }
    let shown = count.min(SEEN) as f32 * ROW;
    let list = scrollable(list).height(shown).width(Fill).style(theme::scroll(t));
    showing(list, Some(at)).into()
}

/// The sheet of a field and a list; `keys`: what is said of keys below them; `close`: a click
/// beside it.
pub(super) fn sheet<'a, M: Clone + 'a>(
    (title, keys): (&str, &str),
    field: Element<'a, M>,
    list: Element<'a, M>,
    close: M,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let body = column![
        words(look.say(title), size::SECTION, t.ink).font(theme::BOLD),
        field,
        list,
        row![words(look.say(keys), size::HINT, t.ink3), space().width(Fill)],
    ]
    .spacing(12);
    dialogue_of(body, WIDTH, close, look)
}
