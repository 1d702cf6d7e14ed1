//! How somebody likes the window: light or dark, the size of its text, how close the rows of
//! the list stand. Chosen in the settings, at once, and remembered.

use super::theme::Mode;

/// Light, dark, or as the desktop has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Light {
    /// As the desktop says; light where it says nothing.
    #[default]
    Desktop,
    /// Always this one.
    Always(Mode),
}

impl Light {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Desktop, Self::Always(Mode::Light), Self::Always(Mode::Dark)];

    /// What to show where the desktop says this.
    pub fn mode(self, desktop: Option<Mode>) -> Mode {
        match self {
            Self::Desktop => desktop.unwrap_or_default(),
            Self::Always(mode) => mode,
        }
    }

    /// As it is written down.
    pub fn code(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Always(Mode::Light) => "light",
            Self::Always(Mode::Dark) => "dark",
        }
    }

    /// As it was written down.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.code() == code)
    }
}

/// The size of text: of all that is in the window, as the room around text grows with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextSize(u16);

impl Default for TextSize {
    fn default() -> Self {
        Self(100)
    }
}

impl TextSize {
    /// Every choice.
    pub const ALL: [Self; 5] = [Self(90), Self(100), Self(110), Self(125), Self(150)];

    /// The choice that is nearest to so many percent.
    pub fn nearest(percent: u32) -> Self {
        let far = |size: &Self| u32::from(size.0).abs_diff(percent);
        Self::ALL.into_iter().min_by_key(far).unwrap_or_default()
    }

    /// In percent.
    pub fn percent(self) -> u16 {
        self.0
    }

    /// As a factor.
    pub fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }

    /// The next larger choice, or the next smaller one.
    #[must_use]
    pub fn step(self, larger: bool) -> Self {
        let next = match larger {
            true => Self::ALL.into_iter().find(|size| *size > self),
            false => Self::ALL.into_iter().rev().find(|size| *size < self),
        };
        next.unwrap_or(self)
    }
}

/// How close rows of the list stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Density {
    /// Sender, subject, and what the letter begins with.
    #[default]
    Comfortable,
    /// Sender and subject.
    Compact,
}

impl Density {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// Height of a row in logical pixels.
    pub fn row(self) -> f32 {
        match self {
            Self::Comfortable => 76.0,
            Self::Compact => 44.0,
        }
    }
}

/// All of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taste {
    /// Light or dark.
    pub light: Light,
    /// The size of text.
    pub text: TextSize,
    /// The rows of the list.
    pub density: Density,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_desktop_decides_where_it_is_asked_to_and_has_something_to_say() {
        assert_eq!(Light::Desktop.mode(None), Mode::Light);
        assert_eq!(Light::Desktop.mode(Some(Mode::Dark)), Mode::Dark);
        assert_eq!(Light::Always(Mode::Light).mode(Some(Mode::Dark)), Mode::Light);
        for light in Light::ALL {
            assert_eq!(Light::from_code(light.code()), Some(light));
        }
        assert_eq!(Light::from_code("purple"), None);
    }

    #[test]
    fn sizes_of_text_are_the_ones_that_can_be_chosen() {
        let of = |percent| TextSize::nearest(percent).percent();
        assert_eq!([of(0), of(100), of(104), of(126), of(u32::MAX)], [90, 100, 100, 125, 150]);
        let mut size = TextSize::ALL[0].step(false);
        let mut seen = vec![size.percent()];
        for _ in 0..6 {
            size = size.step(true);
            seen.push(size.percent());
        }
        assert_eq!(seen, [90, 100, 110, 125, 150, 150, 150]);
    }
}
