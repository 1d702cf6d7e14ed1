//! What the window remembers: language, how somebody likes it, its size and place and that
//! of its panes, and where one was, in a small file of the profile.

use super::notify::Telling;
use super::screen::mail::panes::Panes;
use super::screen::mail::pins::Pins;
use super::screen::mail::sorting::Sorts;
use super::screen::mail::spot::Spot;
use super::taste::{Density, Light, Taste, TextSize};
use super::theme::Mode;
use crate::i18n::Language;
use iced::{Point, Size};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const FILE: &str = "window.json";
/// Smallest and largest sides of a window in logical pixels.
pub const SIDES: (Size, Size) = (Size::new(760.0, 480.0), Size::new(16_384.0, 16_384.0));

/// What there must be room for, as large as it is drawn, in logical pixels.
const ROOM: Size = Size::new(608.0, 384.0);

/// The smallest window on the screen where text is this large, in logical pixels.
pub fn smallest(text: TextSize) -> Size {
    let (least, by) = (SIDES.0, text.factor());
    Size::new(least.width.max(ROOM.width * by), least.height.max(ROOM.height * by))
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `ko` or `en`; absent: the computer's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `desktop`, `light` or `dark`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light: Option<String>,
    /// Dark or light, as it was written down before there was a third choice.
    #[serde(skip_serializing)]
    dark: Option<bool>,
    /// The size of text in percent; absent: 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<u32>,
    /// The rows of the list stand close.
    pub compact: bool,
    /// Widths of panes, where somebody has moved their borders.
    pub panes: Panes,
    /// Notifications name the sender and the subject.
    pub notify_shows: bool,
    /// There are no notifications.
    pub notify_off: bool,
    /// What was searched for, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub searches: Vec<String>,
    /// Letters are shown alone, not with those of their conversation.
    pub letters_alone: bool,
    /// Lists stand letter by letter, not by conversation.
    pub list_of_letters: bool,
    /// Size and place of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
    /// The order of lists that are not in the usual one.
    #[serde(skip_serializing_if = "Sorts::is_empty")]
    pub sorts: Sorts,
    /// Folders on top.
    #[serde(skip_serializing_if = "Pins::is_empty")]
    pub pins: Pins,
    /// Where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot: Option<Spot>,
}

/// Size and place of a window that is not maximized, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Width and height.
    size: (u32, u32),
    /// The upper left corner, where the desktop tells it: Wayland does not.
    #[serde(default)]
    at: Option<(i32, i32)>,
    /// It is maximized.
    #[serde(default)]
    pub maximized: bool,
    /// The screen it was on: on another one its place may be out of sight.
    #[serde(default)]
    screen: Option<(u32, u32)>,
}

impl Default for Frame {
    fn default() -> Self {
        Self { size: (1280, 800), at: None, maximized: false, screen: None }
    }
}

impl Frame {
    /// Its size, within sense.
    pub fn size(&self) -> Size {
        let side = |side: u32, least: f32, most: f32| (side as f32).clamp(least, most);
        let (least, most) = SIDES;
        Size::new(
            side(self.size.0, least.width, most.width),
            side(self.size.1, least.height, most.height),
        )
    }

    /// Its place.
    pub fn at(&self) -> Option<Point> {
        let near = |side: i32| (-32_000..=32_000).contains(&side);
        let at = self.at.filter(|(x, y)| near(*x) && near(*y));
        at.map(|(x, y)| Point::new(x as f32, y as f32))
    }

    /// As it is now. What it is while it is maximized is not what it is otherwise.
    #[must_use]
    pub fn now(self, size: Size, at: Option<Point>, maximized: bool, screen: Option<Size>) -> Self {
        let sides = |size: Size| (size.width.round() as u32, size.height.round() as u32);
        let screen = screen.map(sides);
        if maximized {
            return Self { maximized, screen, ..self };
        }
        let at = at.map(|at| (at.x.round() as i32, at.y.round() as i32));
        Self { size: sides(size), at, maximized, screen }
    }

    /// Where the window is to be on a screen that is not the one it was on, and how large;
    /// nothing if it is that one.
    pub fn moved_into(&self, screen: Size) -> Option<(Point, Size)> {
        let sides = (screen.width.round() as u32, screen.height.round() as u32);
        if self.screen.is_none_or(|before| before == sides) {
            return None;
        }
        let (least, wanted) = (SIDES.0, self.size());
        let size = Size::new(
            wanted.width.min(screen.width).max(least.width),
            wanted.height.min(screen.height).max(least.height),
        );
        let at = self.at().unwrap_or(Point::ORIGIN);
        let within = |at: f32, side: f32, room: f32| at.clamp(0.0, (room - side).max(0.0));
        let at = Point::new(
            within(at.x, size.width, screen.width),
            within(at.y, size.height, screen.height),
        );
        Some((at, size))
    }
}

/// Writes settings down, the newest last whatever order threads run in.
#[derive(Debug, Clone, Default)]
pub struct Keeper {
    profile: PathBuf,
    written: Arc<Mutex<u64>>,
}

impl Keeper {
    /// For this profile.
    pub fn new(profile: &Path) -> Self {
        Self { profile: profile.to_owned(), written: Arc::default() }
    }

    /// Writes the how many-th state, unless a later one has been written.
    pub fn keep(&self, change: u64, settings: &Settings) -> std::io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written >= change {
            return Ok(());
        }
        settings.save(&self.profile)?;
        *written = change;
        Ok(())
    }
}

impl Settings {
    /// What was remembered; a damaged file counts as none.
    pub fn load(profile: &Path) -> Self {
        let read = std::fs::read(profile.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&read).unwrap_or_default()
    }

    /// Writes it down, whole or not at all.
    pub fn save(&self, profile: &Path) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(profile)?;
        file.write_all(&serde_json::to_vec(self).map_err(std::io::Error::other)?)?;
        file.persist(profile.join(FILE)).map_err(|error| error.error)?;
        Ok(())
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language.as_deref().and_then(Language::from_code).unwrap_or_else(Language::of_system)
    }

    /// What is said when mail has come.
    pub fn notify(&self) -> Telling {
        match (self.notify_off, self.notify_shows) {
            (true, _) => Telling::Off,
            (false, true) => Telling::Full,
            (false, false) => Telling::Quiet,
        }
    }

    /// How somebody likes the window.
    pub fn taste(&self) -> Taste {
        let before = |dark: bool| Light::Always(if dark { Mode::Dark } else { Mode::Light });
        let light = self.light.as_deref().and_then(Light::from_code);
        Taste {
            light: light.or(self.dark.map(before)).unwrap_or_default(),
            text: self.text.map(TextSize::nearest).unwrap_or_default(),
            density: if self.compact { Density::Compact } else { Density::Comfortable },
        }
    }

    /// The language and how somebody likes the window, and nothing else: for the window on
    /// the sample mailbox.
    #[must_use]
    pub fn of_looks(self) -> Self {
        let mut looks = Self::default();
        looks.keep_taste(self.taste());
        Self { language: self.language, ..looks }
    }

    /// It is to be remembered.
    pub fn keep_taste(&mut self, taste: Taste) {
        self.light = Some(taste.light.code().to_owned());
        self.dark = None;
        self.text = Some(u32::from(taste.text.percent()));
        self.compact = taste.density == Density::Compact;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gui::screen::mail::spot::Kept;

    #[test]
    fn what_was_remembered_comes_back_and_a_damaged_file_harms_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(dir.path()), Settings::default());
        let settings = Settings {
            language: Some("en".into()),
            light: Some("dark".into()),
            text: Some(125),
            compact: true,
            panes: Panes { side: Some(240), list: None },
            notify_shows: true,
            notify_off: false,
            letters_alone: true,
            list_of_letters: true,
            searches: vec!["견적".into()],
            frame: Some(Frame::default().now(
                Size::new(1000.4, 700.0),
                Some(Point::new(-20.0, 30.0)),
                false,
                Some(Size::new(1920.0, 1080.0)),
            )),
            sorts: serde_json::from_str(r#"[[{"folder":7},"sender"]]"#).unwrap(),
            pins: serde_json::from_str("[7, 3]").unwrap(),
            spot: Some(Spot { place: Kept::Folder(7), row: 3, letter: Some(12), open: true }),
            ..Settings::default()
        };
        settings.save(dir.path()).unwrap();
        assert_eq!(Settings::load(dir.path()), settings);
        assert_eq!(settings.language(), Language::English);
        assert_eq!(settings.notify(), Telling::Full);
        assert_eq!(Settings::default().notify(), Telling::Quiet, "nothing is shown unasked");
        let taste = Taste {
            light: Light::Always(Mode::Dark),
            text: TextSize::nearest(125),
            density: Density::Compact,
        };
        assert_eq!(Settings::load(dir.path()).taste(), taste);
        std::fs::write(dir.path().join(FILE), b"{\"dark\":").unwrap();
        assert_eq!(Settings::load(dir.path()), Settings::default());
    }

    #[test]
    fn what_was_remembered_before_there_were_three_choices_still_holds() {
        let dir = tempfile::tempdir().unwrap();
        let light = |file: &[u8]| {
            std::fs::write(dir.path().join(FILE), file).unwrap();
            Settings::load(dir.path()).taste().light
        };
        assert_eq!(light(br#"{"dark":true}"#), Light::Always(Mode::Dark));
        assert_eq!(light(br#"{"dark":false}"#), Light::Always(Mode::Light));
        assert_eq!(light(br#"{}"#), Light::Desktop);
        assert_eq!(light(br#"{"dark":true,"light":"desktop"}"#), Light::Desktop);
        // Nonsense is none, and takes nothing else with it.
        std::fs::write(
            dir.path().join(FILE),
            br#"{"light":"purple","text":4000000,"language":"en"}"#,
        )
        .unwrap();
        let settings = Settings::load(dir.path());
        assert_eq!(settings.taste().light, Light::Desktop);
        assert_eq!(settings.taste().text.percent(), 150);
        assert_eq!(settings.language(), Language::English);
    }

    #[test]
    fn a_window_comes_back_as_it_was_where_it_can_be_seen() {
        let (size, at) = (Size::new(1000.0, 700.0), Point::new(2000.0, 40.0));
        let screen = Size::new(2560.0, 1440.0);
        let frame = Frame::default().now(size, Some(at), false, Some(screen));
        assert_eq!((frame.size(), frame.at(), frame.maximized), (size, Some(at), false));
        assert_eq!(frame.moved_into(screen), None);
        // The screen at which it could be seen there is gone.
        let (at, size) = frame.moved_into(Size::new(1366.0, 768.0)).unwrap();
        assert_eq!((at, size), (Point::new(366.0, 40.0), Size::new(1000.0, 700.0)));
        let (at, size) = frame.moved_into(Size::new(800.0, 600.0)).unwrap();
        assert_eq!((at, size), (Point::ORIGIN, Size::new(800.0, 600.0)));
        // Maximized, it remembers what it is otherwise.
        let large = frame.now(screen, Some(Point::ORIGIN), true, Some(screen));
        assert_eq!((large.size(), large.maximized), (Size::new(1000.0, 700.0), true));
        // Nonsense in the file opens no window that cannot be used.
        let odd: Frame =
            serde_json::from_str(r#"{"size":[0,4000000000],"at":[2000000000,0]}"#).unwrap();
        assert_eq!((odd.size(), odd.at()), (Size::new(760.0, 16_384.0), None));
    }

    #[test]
    fn the_smallest_window_has_room_for_large_text() {
        let of = |percent| smallest(TextSize::nearest(percent));
        assert_eq!([of(90), of(100), of(125)], [SIDES.0; 3]);
        assert_eq!(of(150), Size::new(912.0, 576.0));
    }

    #[test]
    fn what_was_written_later_stays() {
        let dir = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(dir.path());
        let dark = Settings { light: Some("dark".into()), ..Settings::default() };
        keeper.keep(2, &dark).unwrap();
        keeper.keep(1, &Settings::default()).unwrap();
        assert_eq!(Settings::load(dir.path()), dark);
    }

    #[test]
    fn the_sample_mailbox_has_the_looks_of_a_profile_and_nothing_else_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let own = r#"{"language":"en","dark":true,"text":125,"compact":true,"searches":["secret"],
            "notify_shows":true}"#;
        std::fs::write(dir.path().join(FILE), own).unwrap();
        let demo = tempfile::tempdir().unwrap();
        Settings::load(dir.path()).of_looks().save(demo.path()).unwrap();
        let looks = Settings::load(demo.path());
        assert_eq!(looks.language(), Language::English);
        assert_eq!(looks.taste(), Settings::load(dir.path()).taste());
        assert_eq!(looks.taste().light, Light::Always(Mode::Dark));
        assert_eq!(looks.searches, Vec::<String>::new());
        assert_eq!(looks.notify(), Telling::Quiet);
    }
}
