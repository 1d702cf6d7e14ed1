//! The small pieces all views are made of, and how what a letter lacks is said.

use crate::gui::theme::{self, Look, Tokens, size};
use crate::gui::time;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::{Line, line};
use crate::gui::widget::reach::reach;
use crate::model::Address;
use iced::widget::{button, column, container, row, space, text};
use iced::{Center, Color, Fill, Font, Shrink};

/// A border across.
pub(super) fn across<'a, M: 'a>(t: Tokens) -> Element<'a, M> {
    container(space()).width(Fill).height(1).style(theme::area(t.line)).into()
}

/// A border upright.
pub(super) fn upright<'a, M: 'a>(t: Tokens) -> Element<'a, M> {
    container(space()).width(1).height(Fill).style(theme::area(t.line)).into()
}

/// Words in a size and a colour, wrapping.
pub(super) fn words<'a>(said: String, size: f32, color: Color) -> iced::widget::Text<'a> {
    text(said).size(size).color(color)
}

/// A small button: icon and words.
pub(super) fn small<'a, M: Clone + 'a>(
    mark: Option<Icon>,
    said: String,
    on: Option<M>,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let ink = if on.is_some() { t.ink } else { t.ink3 };
    let button = button(label(mark, said, ink))
        .padding([0, 10])
        .height(28)
        .style(theme::plain(t))
        .on_press_maybe(on.clone());
    reach(button, on, t.accent).into()
}

/// A button that is only words, in the accent.
pub(super) fn link_button<'a, M: Clone + 'a>(
    said: String,
    on: M,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let button = button(label(None, said, t.accent))
        .padding([0, 8])
        .height(28)
        .style(theme::quiet(t, t.accent))
        .on_press(on.clone());
    reach(button, Some(on), t.accent).into()
}

/// A button that is only an icon: it goes into a view by way of a tip that says what it does
/// and by which key, [`tip`](super::mail::tools::tip).
pub(super) struct IconButton<'a, M>(Element<'a, M>);

/// What a tip may be of.
pub(super) trait Tipped<'a, M> {
    /// It, without the tip.
    fn bare(self) -> Element<'a, M>;
}

impl<'a, M> Tipped<'a, M> for IconButton<'a, M> {
    fn bare(self) -> Element<'a, M> {
        self.0
    }
}

impl<'a, M, T: Into<Element<'a, M>>> Tipped<'a, M> for T {
    fn bare(self) -> Element<'a, M> {
        self.into()
    }
}

/// A button that is only an icon.
pub(super) fn icon_button<'a, M: Clone + 'a>(
    mark: Icon,
    ink: Color,
    on: M,
    look: Look<'a>,
) -> IconButton<'a, M> {
    let button = button(container(icon(mark, ink)).center(Fill))
        .padding(0)
        .width(28)
        .height(28)
        .style(theme::quiet(look.tokens, ink))
        .on_press(on.clone());
    IconButton(reach(button, Some(on), look.tokens.accent).into())
}

/// The button of what somebody came for; without a message it waits.
pub(super) fn main_button<'a, M: Clone + 'a>(
    mark: Option<Icon>,
    said: String,
    on: Option<M>,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let button = button(label(mark, said, t.on_accent))
        .padding([0, 14])
        .height(34)
        .style(theme::primary(t))
        .on_press_maybe(on.clone());
    // On the accent itself the ring would not be seen.
    reach(button, on, t.ink).into()
}

/// What stands in a button.
pub(super) fn label<'a, M: 'a>(mark: Option<Icon>, said: String, ink: Color) -> Element<'a, M> {
    let mut inside = row![].spacing(6).align_y(Center);
    if let Some(mark) = mark {
        inside = inside.push(icon(mark, ink));
    }
    if !said.is_empty() {
        inside = inside.push(text(said).size(size::HINT).font(theme::SEMIBOLD).color(ink));
    }
    container(inside).center_y(Fill).into()
}

/// A tag: an icon and a few words on a soft ground.
pub(super) fn tag<'a, M: 'a>(
    mark: Option<Icon>,
    said: String,
    ink: Color,
    ground: Color,
) -> Element<'a, M> {
    let mut inside = row![].spacing(4).align_y(Center);
    if let Some(mark) = mark {
        inside = inside.push(icon(mark, ink).size(15.0));
    }
    inside = inside.push(tight(said, size::HINT, ink, theme::SEMIBOLD));
    container(inside).padding([1, 6]).style(theme::tag(ground)).into()
}

/// One line as wide as its words.
pub(super) fn tight(said: String, size: f32, ink: Color, font: Font) -> Line {
    line(said, size, ink).font(font).width(Shrink)
}

/// An entry of a menu.
pub(super) fn entry<'a, M: Clone + 'a>(
    mark: Option<Icon>,
    title: String,
    hint: Option<String>,
    on: M,
    look: Look<'a>,
) -> Element<'a, M> {
    entry_at(false, (mark, title, hint), on, look)
}

/// The same; `marked`: the arrows have come to it.
pub(super) fn entry_at<'a, M: Clone + 'a>(
    marked: bool,
    (mark, title, hint): (Option<Icon>, String, Option<String>),
    on: M,
    look: Look<'a>,
) -> Element<'a, M> {
    let t = look.tokens;
    let mut said = column![text(title).size(size::SECOND).color(t.ink)].spacing(1);
    if let Some(hint) = hint {
        said = said.push(text(hint).size(size::HINT).color(t.ink3));
    }
    let mark: Element<'a, M> = match mark {
        Some(mark) => icon(mark, t.ink2).into(),
        None => space().width(16).into(),
    };
    button(row![mark, said].spacing(10).align_y(Center))
        .padding([7, 12])
        .width(Fill)
        .style(theme::choosable(t, t.ink, marked))
        .on_press(on)
        .into()
}

/// A menu of entries.
pub(super) fn menu<'a, M: 'a>(
    entries: Vec<Element<'a, M>>,
    width: f32,
    look: Look<'a>,
) -> Element<'a, M> {
    container(iced::widget::Column::with_children(entries))
        .padding(5)
        .width(width)
        .style(theme::raised(look.tokens, 10.0))
        .into()
}

/// Bytes in words.
pub(super) fn bytes(count: usize) -> String {
    time::bytes(u64::try_from(count).unwrap_or(u64::MAX))
}

/// What a letter is about, also where it does not say so.
pub(super) fn subject_said(subject: &str, look: Look<'_>) -> String {
    match subject.trim() {
        "" => look.say("no-subject"),
        subject => subject.to_owned(),
    }
}

/// Whose a letter is, also where it does not say so.
pub(super) fn sender_said(from: Option<&Address>, look: Look<'_>) -> String {
    from.map_or_else(|| look.say("row-nobody"), |from| from.label().to_owned())
}
