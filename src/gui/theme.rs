//! How the window looks: tokens of colour, light and dark, and the styles made of
//! them. Nothing else in the window names a colour.

mod styles;

pub use styles::{
    area, bare_field, border, card, chip, choice, choosable, counter, destructive, editor, field,
    folder, foot, framed_editor, framed_field, plain, primary, quiet, raised, row, scroll,
    scroller, tag, target,
};

use crate::i18n::Words;
use iced::{Color, Font, Theme, color, font};

/// The typeface that comes with the program.
pub const REGULAR: Font = Font::with_name("Pretendard");
/// For what stands out.
pub const SEMIBOLD: Font = Font { weight: font::Weight::Semibold, ..REGULAR };
/// For titles.
pub const BOLD: Font = Font { weight: font::Weight::Bold, ..REGULAR };

/// Text sizes in logical pixels.
pub mod size {
    /// Hints, dates, counts.
    pub const HINT: f32 = 12.0;
    /// Secondary text.
    pub const SECOND: f32 = 13.0;
    /// Body.
    pub const BODY: f32 = 14.0;
    /// Section titles.
    pub const SECTION: f32 = 16.0;
    /// The title of a letter.
    pub const TITLE: f32 = 20.0;
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Ink on paper.
    #[default]
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// The colours of a mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tokens {
    /// Which mode they are of.
    pub mode: Mode,
    /// The window.
    pub paper: Color,
    /// List, cards, letter.
    pub surface: Color,
    /// Sidebar, status line.
    pub side: Color,
    /// Borders.
    pub line: Color,
    /// Text.
    pub ink: Color,
    /// Secondary text.
    pub ink2: Color,
    /// Hints.
    pub ink3: Color,
    /// The one accent.
    pub accent: Color,
    /// Behind what the accent marks.
    pub accent_soft: Color,
    /// A selected row.
    pub selected: Color,
    /// A row under the pointer.
    pub hover: Color,
    /// Things to know.
    pub warn: Color,
    /// Behind them.
    pub warn_soft: Color,
    /// Spoofed, failed.
    pub bad: Color,
    /// Behind that.
    pub bad_soft: Color,
    /// Text on the accent.
    pub on_accent: Color,
    /// The paper of a letter: what its tiles are painted on.
    pub letter: Color,
    /// Over the window behind a sheet.
    pub scrim: Color,
    /// Over selected text.
    pub marked: Color,
    /// Over text that was found.
    pub found: Color,
    /// Over the found text that is being looked at.
    pub found_here: Color,
    /// The seal in the logo.
    pub seal: Color,
}

const LIGHT: Tokens = Tokens {
    mode: Mode::Light,
    paper: color!(0xF6F5F1),
    surface: color!(0xFFFFFF),
    side: color!(0xEDEBE5),
    line: color!(0xE2DFD7),
    ink: color!(0x1E2226),
    ink2: color!(0x4A5058),
    ink3: color!(0x63696F),
    accent: color!(0x1C766E),
    accent_soft: color!(0xE1F0ED),
    selected: color!(0xE4F0EE),
    hover: color!(0xF6F5F1),
    warn: color!(0x8A5A0C),
    warn_soft: color!(0xFAF1DD),
    bad: color!(0xAE3128),
    bad_soft: color!(0xFBE8E5),
    on_accent: color!(0xFFFFFF),
    letter: color!(0xFFFFFF),
    scrim: color!(0x1E2226, 0.28),
    marked: color!(0x1C766E, 0.26),
    found: color!(0xE0B25A, 0.40),
    found_here: color!(0xD9822B, 0.45),
    seal: color!(0xB5402F),
};

const DARK: Tokens = Tokens {
    mode: Mode::Dark,
    paper: color!(0x15181A),
    surface: color!(0x1B1F22),
    side: color!(0x121416),
    line: color!(0x2A2F33),
    ink: color!(0xE7E9EB),
    ink2: color!(0xB4BBC1),
    ink3: color!(0x8E969E),
    accent: color!(0x63BFB4),
    accent_soft: color!(0x17302D),
    selected: color!(0x1C302E),
    hover: color!(0x22272A),
    warn: color!(0xE0B25A),
    warn_soft: color!(0x33290F),
    bad: color!(0xEE8277),
    bad_soft: color!(0x3A1C19),
    on_accent: color!(0x0E1A19),
    letter: color!(0x1B1F22),
    scrim: color!(0x000000, 0.45),
    marked: color!(0x63BFB4, 0.30),
    found: color!(0xE0B25A, 0.22),
    found_here: color!(0xE0B25A, 0.38),
    seal: color!(0xB5402F),
};

impl Tokens {
    /// The tokens of a mode.
    pub fn of(mode: Mode) -> Self {
        match mode {
            Mode::Light => LIGHT,
            Mode::Dark => DARK,
        }
    }

    /// The toolkit's own theme, for what is drawn without a style of ours.
    pub fn theme(&self) -> Theme {
        let name = match self.mode {
            Mode::Light => "Goyo",
            Mode::Dark => "Goyo dark",
        };
        Theme::custom(
            name,
            iced::theme::Palette {
                background: self.paper,
                text: self.ink,
                primary: self.accent,
                success: self.accent,
                warning: self.warn,
                danger: self.bad,
            },
        )
    }
}

/// What every view gets: colours, strings, the time.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The colours.
    pub tokens: Tokens,
    /// The strings.
    pub words: &'a Words,
    /// Now and here.
    pub clock: &'a super::time::Clock,
}

impl Look<'_> {
    /// A string.
    pub fn say(&self, name: &str) -> String {
        self.words.say(name)
    }
}

/// Hues of labels.
pub const HUES: usize = 6;

/// A label's ink and ground, of one of the [`HUES`].
pub fn label(tokens: Tokens, hue: usize) -> (Color, Color) {
    let hues = match tokens.mode {
        Mode::Dark => DARK_LABELS,
        Mode::Light => LIGHT_LABELS,
    };
    hues.get(hue).copied().unwrap_or((tokens.ink2, tokens.paper))
}

const LIGHT_LABELS: [(Color, Color); HUES] = [
    (color!(0x3F5468), color!(0xE6ECF2)),
    (color!(0x85406A), color!(0xF6E6EF)),
    (color!(0x76502F), color!(0xF2E8DF)),
    (color!(0x4C661F), color!(0xEAF0DC)),
    (color!(0x21617D), color!(0xE0EEF4)),
    (color!(0x5F4B8B), color!(0xECE8F5)),
];

const DARK_LABELS: [(Color, Color); HUES] = [
    (color!(0xA9BDD0), color!(0x232C35)),
    (color!(0xE0A3C6), color!(0x38202E)),
    (color!(0xD9B592), color!(0x33271C)),
    (color!(0xB3CB85), color!(0x242C17)),
    (color!(0x8CC5DF), color!(0x172C36)),
    (color!(0xBBAEE3), color!(0x2A2540)),
];

/// So much of one colour in another.
fn mix(into: Color, other: Color, share: f32) -> Color {
    let one = |into: f32, other: f32| into + (other - into) * share;
    Color { r: one(into.r, other.r), g: one(into.g, other.g), b: one(into.b, other.b), a: into.a }
}

/// A ground that says what is likely wanted, under the pointer: further from what is written
/// on it, never nearer.
fn pressed_ground(tokens: Tokens, ground: Color) -> Color {
    mix(ground, tokens.ink, 0.14)
}

/// A row of the sidebar under the pointer.
fn side_hover(tokens: Tokens) -> Color {
    mix(tokens.side, tokens.surface, 0.6)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Relative luminance and contrast of WCAG 2.
    fn contrast(a: Color, b: Color) -> f32 {
        let lum = |c: Color| {
            let f = |v: f32| {
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b)
        };
        let (x, y) = (lum(a), lum(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    /// What is seen where something half transparent lies over it.
    fn under(veil: Color, below: Color) -> Color {
        mix(below, Color { a: 1.0, ..veil }, veil.a)
    }

    #[test]
    fn text_can_be_read_everywhere_it_stands() {
        for t in [LIGHT, DARK] {
            let all = [t.ink, t.ink2, t.ink3, t.accent, t.warn, t.bad];
            // Every colour that writes, on every ground that is written on.
            let grounds = [
                t.paper,
                t.surface,
                t.side,
                t.selected,
                t.hover,
                t.letter,
                t.accent_soft,
                t.warn_soft,
                t.bad_soft,
                side_hover(t),
            ];
            let everywhere =
                all.into_iter().flat_map(|ink| grounds.into_iter().map(move |on| (ink, on)));
            let buttons = [
                (t.on_accent, t.accent),
                (t.on_accent, pressed_ground(t, t.accent)),
                (t.surface, t.bad),
                (t.surface, pressed_ground(t, t.bad)),
            ];
            // What is marked in a letter: the mark lies over its text.
            let marks = [t.marked, t.found, t.found_here];
            let marked = marks.map(|veil| (under(veil, t.ink), under(veil, t.letter)));
            let labels = (0..HUES).map(|hue| label(t, hue));
            // As icons they stand on what a sheet is made of.
            let bare = (0..HUES).map(|hue| (label(t, hue).0, t.surface));
            let labels = labels.chain(bare);
            for (ink, ground) in everywhere.chain(buttons).chain(marked).chain(labels) {
                let seen = contrast(ink, ground);
                assert!(seen >= 4.5, "{seen:.2}: {ink:?} on {ground:?}, {:?}", t.mode);
            }
        }
    }

    #[test]
    fn what_is_pointed_at_is_seen_to_be() {
        for t in [LIGHT, DARK] {
            for (before, after) in [
                (t.accent, pressed_ground(t, t.accent)),
                (t.bad, pressed_ground(t, t.bad)),
                (t.side, side_hover(t)),
                (t.surface, t.hover),
                (t.surface, t.selected),
                (t.side, t.selected),
                (t.paper, t.selected),
            ] {
                assert!(contrast(before, after) >= 1.02, "{before:?} {after:?}");
            }
            // And the two kinds of what was found from each other.
            let on = |veil| under(veil, t.letter);
            assert!(contrast(on(t.found), on(t.found_here)) >= 1.15, "{:?}", t.mode);
        }
    }
}
