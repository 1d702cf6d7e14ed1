//! What the window remembers: language and light, in a small file of the profile.

use super::notify::Telling;
use super::theme::Mode;
use crate::i18n::Language;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;

const FILE: &str = "window.json";

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `ko` or `en`; absent: the computer's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Dark.
    pub dark: bool,
    /// Notifications name the sender and the subject.
    pub notify_shows: bool,
    /// There are no notifications.
    pub notify_off: bool,
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

    /// Light or dark.
    pub fn mode(&self) -> Mode {
        if self.dark { Mode::Dark } else { Mode::Light }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_comes_back_and_a_damaged_file_harms_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(dir.path()), Settings::default());
        let settings = Settings {
            language: Some("en".into()),
            dark: true,
            notify_shows: true,
            notify_off: false,
        };
        settings.save(dir.path()).unwrap();
        assert_eq!(Settings::load(dir.path()), settings);
        assert_eq!(settings.language(), Language::English);
        assert_eq!(settings.notify(), Telling::Full);
        assert_eq!(Settings::default().notify(), Telling::Quiet, "nothing is shown unasked");
        std::fs::write(dir.path().join(FILE), b"{\"dark\":").unwrap();
        assert_eq!(Settings::load(dir.path()), Settings::default());
    }
}
