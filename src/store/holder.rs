//! Who has a profile: whoever takes its lock writes that into the lock file, so that another
//! one can say for whom it waits. A word for people: the lock itself is the system's.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

/// Longest word in a lock file, in bytes.
const LONGEST: u64 = 64;

/// Who has a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A window.
    Window,
    /// A window that is closed, and still sends.
    Closing,
    /// A verb of the command line: its name, of letters and hyphens.
    Verb(String),
}

impl Holder {
    /// Writes it into a lock file. That it could not is no reason not to work.
    pub(super) fn write(&self, mut file: &File) {
        let word = match self {
            Self::Window => "window",
            Self::Closing => "closing",
            Self::Verb(name) => &format!("verb {name}"),
        };
        let written = file.rewind().and_then(|()| file.set_len(0));
        let _ = written.and_then(|()| file.write_all(format!("{word}\n").as_bytes()));
    }

    /// What stands in a lock file; nothing where that is no word of ours.
    pub(super) fn read(file: &File) -> Option<Self> {
        let mut said = String::new();
        file.take(LONGEST).read_to_string(&mut said).ok()?;
        match said.strip_suffix('\n')? {
            "window" => Some(Self::Window),
            "closing" => Some(Self::Closing),
            other => {
                let name = other.strip_prefix("verb ")?;
                let sound = |c: char| c.is_ascii_lowercase() || c == '-';
                (!name.is_empty() && name.chars().all(sound)).then(|| Self::Verb(name.to_owned()))
            }
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window => f.write_str("its window is open"),
            Self::Closing => f.write_str("its window was closed and still sends"),
            Self::Verb(name) => write!(f, "'goyo {name}'"),
        }
    }
}

/// In brackets, where somebody is known.
pub(super) fn named(by: Option<&Holder>) -> String {
    by.map(|by| format!(": {by}")).unwrap_or_default()
}
