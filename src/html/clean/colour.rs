//! Colours of letters, and what becomes of them on dark paper.
//!
//! Dark paper: lightness is turned in a perceptual space (OKLCH), hue is kept.
//! Papers (backgrounds) end dark, inks end light enough to be read on
//! [`DARK_PAPER`] (contrast 4.5, WCAG 2), lines in between.

use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

/// What a letter lies on in the dark: the window's dark surface.
pub(super) const DARK_PAPER: Colour = Colour { red: 0x1b, green: 0x1f, blue: 0x22, alpha: 1.0 };

/// Lightness of that paper.
const DARKEST: f32 = 0.2364;

/// What a letter writes with in the dark where it does not say: the window's ink.
#[cfg(test)]
const DARK_INK: Colour = Colour { red: 0xe7, green: 0xe9, blue: 0xeb, alpha: 1.0 };

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    /// 0 ..= 1.
    pub alpha: f32,
}

impl Eq for Colour {}

impl Hash for Colour {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.red, self.green, self.blue, self.alpha.to_bits()).hash(state);
    }
}

/// What a colour is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Ink,
    Paper,
    Line,
    /// Shadows stay as they are.
    Kept,
}

impl Colour {
    /// Opaque.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue, alpha: 1.0 }
    }

    /// By its CSS name; those of the system stand for the usual ones.
    pub fn named(name: &str) -> Option<Self> {
        if let Ok((red, green, blue)) = cssparser::color::parse_named_color(name) {
            return Some(Self::new(red, green, blue));
        }
        let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is(&["windowtext", "canvastext", "buttontext", "menutext", "infotext", "captiontext"]) {
            Some(Self::new(0, 0, 0))
        } else if is(&["window", "canvas", "field"]) {
            Some(Self::new(255, 255, 255))
        } else if is(&["buttonface", "threedface", "menu"]) {
            Some(Self::new(0xef, 0xef, 0xef))
        } else if is(&["graytext", "threedshadow", "buttonshadow"]) {
            Some(Self::new(0x80, 0x80, 0x80))
        } else {
            None
        }
    }

    /// `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` without the `#`.
    pub fn hash(digits: &str) -> Option<Self> {
        let (red, green, blue, alpha) =
            cssparser::color::parse_hash_color(digits.as_bytes()).ok()?;
        Some(Self { red, green, blue, alpha })
    }

    /// Hue in degrees, saturation and lightness 0 ..= 1 (CSS Color 4).
    pub fn hsl(hue: f32, saturation: f32, lightness: f32, alpha: f32) -> Self {
        let hue = hue.rem_euclid(360.0) / 30.0;
        let reach = saturation * lightness.min(1.0 - lightness);
        let channel = |offset: f32| {
            let k = (offset + hue) % 12.0;
            byte(lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
        };
        Self { red: channel(0.0), green: channel(8.0), blue: channel(4.0), alpha }
    }

    /// As HTML's old attributes write colours (HTML 2.3.6): almost anything is one.
    pub fn legacy(value: &str) -> Option<Self> {
        /// The standard looks at no more characters.
        const LONGEST: usize = 128;
        let value = value.trim_matches(|c: char| c.is_ascii_whitespace());
        if value.is_empty() || value.eq_ignore_ascii_case("transparent") {
            return None;
        }
        if let Ok((red, green, blue)) = cssparser::color::parse_named_color(value) {
            return Some(Self::new(red, green, blue));
        }
        let digit = |c: char| c.to_digit(16).unwrap_or(0) as u8;
        if let Some(short) = value.strip_prefix('#')
            && short.len() == 3
            && let [red, green, blue] = short.as_bytes()
            && short.bytes().all(|b| b.is_ascii_hexdigit())
        {
            let twice = |b: &u8| digit(char::from(*b)) * 17;
            return Some(Self::new(twice(red), twice(green), twice(blue)));
        }
        // A character beyond the basic plane counts as two zeros.
        let mut digits: Vec<u8> = Vec::new();
        for (at, c) in value.chars().enumerate() {
            if digits.len() >= LONGEST {
                break;
            }
            if at == 0 && c == '#' {
                continue;
            }
            digits.push(digit(c));
            if c > '\u{FFFF}' {
                digits.push(0);
            }
        }
        digits.truncate(LONGEST);
        if digits.is_empty() {
            digits.push(0);
        }
        while !digits.len().is_multiple_of(3) {
            digits.push(0);
        }
        let length = digits.len() / 3;
        let mut parts: Vec<&[u8]> = digits.chunks(length).collect();
        let last_eight = |part: &mut &[u8]| {
            let from = part.len().saturating_sub(8);
            *part = part.get(from..).unwrap_or(part);
        };
        parts.iter_mut().for_each(last_eight);
        while parts.iter().all(|part| part.len() > 2 && part.first() == Some(&0)) {
            for part in &mut parts {
                *part = part.get(1..).unwrap_or(part);
            }
        }
        let value = |part: Option<&&[u8]>| match part {
            Some([one]) => *one,
            Some([high, low, ..]) => high * 16 + low,
            _ => 0,
        };
        Some(Self::new(value(parts.first()), value(parts.get(1)), value(parts.get(2))))
    }

    /// Writes it in CSS.
    pub fn write(self, out: &mut String) {
        let Self { red, green, blue, alpha } = self;
        let _ = if alpha >= 1.0 {
            write!(out, "#{red:02x}{green:02x}{blue:02x}")
        } else {
            write!(out, "rgba({red},{green},{blue},{:.3})", alpha.max(0.0))
        };
    }

    /// What it becomes on dark paper.
    pub fn dark(self, role: Role) -> Self {
        if self.alpha <= 0.0 {
            return self;
        }
        let Oklch { lightness: l, chroma, hue } = self.into();
        let grey = chroma < 0.04;
        let lightness = match role {
            Role::Kept => return self,
            // White becomes the paper of the dark, dark stays dark, and what has a
            // colour of its own is darkened just so far that light ink reads on it.
            Role::Paper if grey || l > 0.8 => {
                if l <= 0.49 {
                    l
                } else {
                    DARKEST + (1.0 - l) * 0.49
                }
            }
            Role::Paper => l.min(0.5),
            Role::Ink if grey => {
                if l < 0.62 {
                    0.93 - 0.4 * l
                } else {
                    l
                }
            }
            Role::Ink => l.max(0.7),
            Role::Line if grey => 0.75 - 0.48 * l,
            Role::Line => l.clamp(0.4, 0.7),
        };
        let paper: Oklch = DARK_PAPER.into();
        let mut turned = match role {
            // Greys have the tint of the paper that white becomes.
            Role::Paper if grey && l > 0.49 => Oklch { lightness, ..paper },
            // Pale tints on dark paper are strong ones: less of them.
            Role::Paper if l > 0.8 => Oklch { lightness, chroma: chroma.min(0.05), hue },
            _ => Oklch { lightness, chroma, hue },
        };
        let mut colour = turned.colour(self.alpha);
        if role == Role::Ink {
            while contrast(colour, DARK_PAPER) < 4.5 && turned.lightness < 1.0 {
                turned.lightness += 0.02;
                colour = turned.colour(self.alpha);
            }
        }
        colour
    }

    fn luminance(self) -> f32 {
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// WCAG 2's contrast of two opaque colours.
pub(super) fn contrast(one: Colour, other: Colour) -> f32 {
    let (one, other) = (one.luminance(), other.luminance());
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn linear(channel: u8) -> f32 {
    let c = f32::from(channel) / 255.0;
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn byte(channel: f32) -> u8 {
    (channel.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn encoded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// A colour by how it looks (CSS Color 4, 9.2).
#[derive(Debug, Clone, Copy)]
struct Oklch {
    lightness: f32,
    chroma: f32,
    hue: f32,
}

impl From<Colour> for Oklch {
    fn from(colour: Colour) -> Self {
        let (r, g, b) = (linear(colour.red), linear(colour.green), linear(colour.blue));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        let lightness = 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s;
        let a = 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s;
        let b = 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s;
        Self { lightness, chroma: a.hypot(b), hue: b.atan2(a) }
    }
}

impl Oklch {
    fn rgb(self) -> [f32; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let l = (self.lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m = (self.lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s = (self.lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
    }

    /// The colour a screen can show that is nearest: less of it, not another hue.
    fn colour(self, alpha: f32) -> Colour {
        let mut shown = self;
        for _ in 0..20 {
            if shown.rgb().iter().all(|c| (-0.001..=1.001).contains(c)) {
                break;
            }
            shown.chroma *= 0.9;
        }
        let [red, green, blue] = shown.rgb().map(|c| byte(encoded(c.clamp(0.0, 1.0))));
        Colour { red, green, blue, alpha }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn old_attributes_mean_what_browsers_read() {
        // Worked out by the standard's steps, by hand.
        for (written, red, green, blue) in [
            ("red", 255, 0, 0),
            ("#fff", 255, 255, 255),
            ("#ABCDEF", 0xab, 0xcd, 0xef),
            ("ABCDEF", 0xab, 0xcd, 0xef),
            (" #010203 ", 1, 2, 3),
            ("fff", 0x0f, 0x0f, 0x0f),
            ("chucknorris", 0xc0, 0, 0),
            ("#f", 0x0f, 0, 0),
            ("#ffffff;", 255, 255, 0),
        ] {
            assert_eq!(Colour::legacy(written), Some(Colour::new(red, green, blue)), "{written}");
        }
        assert_eq!(Colour::legacy(""), None);
        assert_eq!(Colour::legacy("transparent"), None);
    }

    #[test]
    fn white_paper_becomes_the_surface() {
        assert_eq!(Colour::new(255, 255, 255).dark(Role::Paper), DARK_PAPER);
        let off_white = Colour::new(0xf4, 0xf4, 0xf4).dark(Role::Paper);
        assert!(off_white.green > DARK_PAPER.green && off_white.green < 0x40, "{off_white:?}");
    }

    #[test]
    fn a_brand_stays_its_colour() {
        let red = Colour::new(0xd0, 0x10, 0x20);
        let Oklch { hue, .. } = red.into();
        let turned: Oklch = red.dark(Role::Ink).into();
        assert!((hue - turned.hue).abs() < 0.12, "{hue} {}", turned.hue);
        let button = Colour::new(0x03, 0x60, 0x40);
        let turned = button.dark(Role::Paper);
        assert!(turned.green.abs_diff(0x60) <= 2 && turned.red.abs_diff(3) <= 3, "{turned:?}");
    }

    proptest! {
        #[test]
        fn every_ink_can_be_read_in_the_dark(red: u8, green: u8, blue: u8) {
            let ink = Colour::new(red, green, blue).dark(Role::Ink);
            prop_assert!(contrast(ink, DARK_PAPER) >= 4.5, "{:?}", ink);
        }

        #[test]
        fn dark_ink_reads_on_every_darkened_paper(red: u8, green: u8, blue: u8) {
            let paper = Colour::new(red, green, blue).dark(Role::Paper);
            prop_assert!(contrast(DARK_INK, paper) >= 4.0, "{:?}", paper);
        }

        #[test]
        fn any_text_is_a_colour_or_none(text in "\\PC*") {
            let _ = Colour::legacy(&text);
        }
    }
}
