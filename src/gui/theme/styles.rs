//! What the tokens of colour make of areas, tags, buttons, fields and what scrolls. Every style
//! names its colours by tokens alone.

use super::{Tokens, pressed_ground, side_hover};
use iced::border::Radius;
use iced::widget::{button, container, scrollable, text_editor, text_input};
use iced::{Background, Border, Color, Theme};

fn pressed(status: button::Status) -> (bool, bool) {
    (
        matches!(status, button::Status::Hovered | button::Status::Pressed),
        matches!(status, button::Status::Disabled),
    )
}

/// A border of one pixel.
pub fn border(color: Color, radius: impl Into<Radius>) -> Border {
    Border { color, width: 1.0, radius: radius.into() }
}

/// A plain area.
pub fn area(background: Color) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(Background::Color(background)),
        ..Default::default()
    }
}

/// An area with a border and round corners.
pub fn card(background: Color, line: Color, radius: f32) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(Background::Color(background)),
        border: border(line, radius),
        ..Default::default()
    }
}

/// A sheet or a menu that lies over the window. Without a shadow: the software back
/// end paints those over what it does not redraw, and takes its time.
pub fn raised(tokens: Tokens, radius: f32) -> impl Fn(&Theme) -> container::Style {
    let edge = Color { a: 0.22, ..tokens.ink3 };
    card(tokens.surface, edge, radius)
}

/// A tag: a few words on a soft ground.
pub fn tag(background: Color) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(Background::Color(background)),
        border: Border { radius: 5.0.into(), ..Default::default() },
        ..Default::default()
    }
}

/// An ordinary button.
pub fn plain(tokens: Tokens) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, off) = pressed(status);
        button::Style {
            background: Some(Background::Color(if over { tokens.hover } else { tokens.surface })),
            text_color: if off { tokens.ink3 } else { tokens.ink },
            border: border(tokens.line, 8.0),
            ..Default::default()
        }
    }
}

/// The button that is most likely wanted.
pub fn primary(tokens: Tokens) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, _) = pressed(status);
        button::Style {
            background: Some(Background::Color(match over {
                true => pressed_ground(tokens, tokens.accent),
                false => tokens.accent,
            })),
            text_color: tokens.on_accent,
            border: Border { radius: 8.0.into(), ..Default::default() },
            ..Default::default()
        }
    }
}

/// The button of what cannot be undone.
pub fn destructive(tokens: Tokens) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |theme, status| {
        let (over, _) = pressed(status);
        let ground = if over { pressed_ground(tokens, tokens.bad) } else { tokens.bad };
        button::Style {
            background: Some(Background::Color(ground)),
            text_color: tokens.surface,
            ..primary(tokens)(theme, status)
        }
    }
}

/// A button that is only its words, in a colour.
pub fn quiet(tokens: Tokens, ink: Color) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, off) = pressed(status);
        button::Style {
            background: over.then_some(Background::Color(tokens.selected)),
            text_color: if off { tokens.ink3 } else { ink },
            border: Border { radius: 7.0.into(), ..Default::default() },
            ..Default::default()
        }
    }
}

/// An entry of a menu; `marked`: the arrows have come to it.
pub fn choosable(
    tokens: Tokens,
    ink: Color,
    marked: bool,
) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |theme, status| {
        let style = quiet(tokens, ink)(theme, status);
        let ground = marked.then_some(Background::Color(tokens.selected));
        button::Style { background: ground.or(style.background), ..style }
    }
}

/// How many there are, to be pressed.
pub fn counter(tokens: Tokens) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, _) = pressed(status);
        button::Style {
            background: Some(Background::Color(if over { tokens.line } else { tokens.paper })),
            text_color: tokens.ink2,
            border: Border { radius: 5.0.into(), ..Default::default() },
            ..Default::default()
        }
    }
}

/// A folder in the sidebar.
pub fn folder(tokens: Tokens, on: bool) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, _) = pressed(status);
        let ground = match (on, over) {
            (true, _) => Some(tokens.selected),
            (false, true) => Some(side_hover(tokens)),
            (false, false) => None,
        };
        button::Style {
            background: ground.map(Background::Color),
            text_color: if on { tokens.ink } else { tokens.ink2 },
            border: Border { radius: 8.0.into(), ..Default::default() },
            ..Default::default()
        }
    }
}

/// The same while letters are carried: `lit` where they can be let go, and whether they would
/// be let go there now.
pub fn target(
    tokens: Tokens,
    on: bool,
    lit: Option<bool>,
) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |theme, status| {
        let style = folder(tokens, on)(theme, status);
        match lit {
            Some(true) => button::Style {
                background: Some(Background::Color(tokens.accent_soft)),
                border: border(tokens.accent, 8.0),
                ..style
            },
            Some(false) => {
                button::Style { border: border(Color { a: 0.35, ..tokens.accent }, 8.0), ..style }
            }
            None => style,
        }
    }
}

/// A row of a list.
pub fn row(tokens: Tokens, on: bool) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let (over, _) = pressed(status);
        button::Style {
            background: Some(Background::Color(match (on, over) {
                (true, _) => tokens.selected,
                (false, true) => tokens.hover,
                (false, false) => tokens.surface,
            })),
            text_color: tokens.ink,
            ..Default::default()
        }
    }
}

/// A text field.
pub fn field(tokens: Tokens) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |_, _| text_input::Style {
        background: Background::Color(Color::TRANSPARENT),
        border: Border::default(),
        icon: tokens.ink3,
        placeholder: tokens.ink3,
        value: tokens.ink,
        selection: tokens.marked,
    }
}

/// A text field with a frame of its own, which shows where the cursor is.
pub fn framed_field(tokens: Tokens) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |theme, status| {
        let here = matches!(status, text_input::Status::Focused { .. });
        let edge = if here { tokens.accent } else { tokens.line };
        text_input::Style {
            background: Background::Color(tokens.surface),
            border: border(edge, 8.0),
            ..field(tokens)(theme, status)
        }
    }
}

/// The lower end of a card, as round as it.
pub fn foot(background: Color, radius: f32) -> impl Fn(&Theme) -> container::Style {
    let radius = Radius { bottom_right: radius, bottom_left: radius, ..Radius::default() };
    move |_| container::Style {
        background: Some(Background::Color(background)),
        border: Border { radius, ..Default::default() },
        ..Default::default()
    }
}

/// A text field without a frame until the cursor is in it.
pub fn bare_field(tokens: Tokens) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |theme, status| {
        let here = matches!(status, text_input::Status::Focused { .. });
        let edge = if here { tokens.accent } else { Color::TRANSPARENT };
        text_input::Style { border: border(edge, 6.0), ..field(tokens)(theme, status) }
    }
}

/// The words of a letter.
pub fn editor(tokens: Tokens) -> impl Fn(&Theme, text_editor::Status) -> text_editor::Style {
    move |_, _| text_editor::Style {
        background: Background::Color(Color::TRANSPARENT),
        border: Border::default(),
        placeholder: tokens.ink3,
        value: tokens.ink,
        selection: tokens.marked,
    }
}

/// A field of several lines: with an edge that says where one types.
pub fn framed_editor(tokens: Tokens) -> impl Fn(&Theme, text_editor::Status) -> text_editor::Style {
    move |theme, status| {
        let here = matches!(status, text_editor::Status::Focused { .. });
        let edge = if here { tokens.accent } else { tokens.line };
        text_editor::Style {
            background: Background::Color(tokens.surface),
            border: border(edge, 8.0),
            ..editor(tokens)(theme, status)
        }
    }
}

/// A person or a file, in a letter being written.
pub fn chip(tokens: Tokens, wrong: bool) -> impl Fn(&Theme) -> container::Style {
    let (ground, edge) = match wrong {
        true => (tokens.bad_soft, tokens.bad),
        false => (tokens.paper, tokens.line),
    };
    card(ground, edge, 7.0)
}

/// One of a few choices, of which one holds.
pub fn choice(tokens: Tokens, on: bool) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |theme, status| {
        let base = plain(tokens)(theme, status);
        match on {
            true if pressed(status).1 => {
                button::Style { background: Some(Background::Color(tokens.paper)), ..base }
            }
            true => button::Style {
                background: Some(Background::Color(tokens.accent_soft)),
                text_color: tokens.accent,
                border: border(tokens.accent, 8.0),
                ..base
            },
            false => base,
        }
    }
}

/// A thin scroll bar.
pub fn scroll(tokens: Tokens) -> impl Fn(&Theme, scrollable::Status) -> scrollable::Style {
    move |theme, status| {
        let over = matches!(
            status,
            scrollable::Status::Hovered { is_vertical_scrollbar_hovered: true, .. }
                | scrollable::Status::Dragged { .. }
        );
        let base = scrollable::default(theme, status);
        let rail = scrollable::Rail {
            background: None,
            border: Border::default(),
            scroller: scrollable::Scroller {
                background: Background::Color(scroller(tokens, over)),
                border: Border { radius: 3.0.into(), ..Default::default() },
            },
        };
        scrollable::Style {
            container: container::Style::default(),
            vertical_rail: rail,
            horizontal_rail: rail,
            gap: None,
            ..base
        }
    }
}

/// The colour of the part of a scroll bar that moves.
pub fn scroller(tokens: Tokens, over: bool) -> Color {
    Color { a: if over { 0.45 } else { 0.22 }, ..tokens.ink3 }
}
