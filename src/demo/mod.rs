//! The sample mailbox (`goyo --demo`) and its local tracker, which counts its hits.
//!
//! Everything is thrown away at the end. The letters are ours; their pictures and
//! pixels lie on a server of ours on loopback, which says of each hit what its owner
//! would just have learned. Some pixels keep the real address of a real service, so
//! that it is recognised by name: an engine for the demo is started with
//! [`Demo::options`], and with them nothing but the local tracker can be reached,
//! whatever is allowed by hand.

mod letters;
mod pictures;
mod template;
mod tracker;

pub use letters::{LETTERS, READER, Sample};
pub use tracker::{Hit, HitKind, Reader};

use crate::engine;
use crate::model::Role;
use crate::store::{ProfileLock, Store};
use jiff::Zoned;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;
use tempfile::TempDir;
use template::Template;
use tracker::Tracker;

/// What can go wrong with the demo.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DemoError {
    /// No room, no port, …
    #[error("the demo could not be set up: {0}")]
    SetUp(String),
}

impl DemoError {
    fn at(path: &Path, error: &std::io::Error) -> Self {
        Self::SetUp(format!("{}: {error}", path.display()))
    }
}

/// A running demo: its profile and its tracker. Dropping it removes everything.
#[derive(Debug)]
pub struct Demo {
    tracker: Tracker,
    profile: PathBuf,
    _dir: TempDir,
}

/// The sample folders: path, and what each is for.
const FOLDERS: [(&str, Role); 4] = [
    (letters::INBOX, Role::Inbox),
    (letters::SENT, Role::Sent),
    (letters::ARCHIVE, Role::Archive),
    (letters::JUNK, Role::Junk),
];

impl Demo {
    /// Makes the profile, imports the letters and starts the tracker.
    ///
    /// # Errors
    /// When there is no room or no free port.
    pub fn start() -> Result<Self, DemoError> {
        let set_up = |error: std::io::Error| DemoError::SetUp(error.to_string());
        let dir = tempfile::Builder::new().prefix("goyo-demo-").tempdir().map_err(set_up)?;
        let now = Zoned::now();
        let template = Template::new(now, ("127.0.0.1", 0));
        let subjects =
            LETTERS.iter().map(|sample| (sample.number, template.text(sample.subject))).collect();
        let tracker = Tracker::start(subjects).map_err(set_up)?;
        let (host, port) = tracker.address();
        let template = template.for_tracker((&host, port));
        let mail = dir.path().join("mail");
        for sample in &LETTERS {
            let maildir = mail.join(sample.folder);
            let path = maildir.join("cur").join(format!("{:02}{}", sample.number, sample.flags));
            for sub in ["cur", "new", "tmp"] {
                let sub = maildir.join(sub);
                std::fs::create_dir_all(&sub).map_err(|e| DemoError::at(&sub, &e))?;
            }
            std::fs::write(&path, template.letter(sample.raw))
                .map_err(|e| DemoError::at(&path, &e))?;
        }
        let profile = dir.path().join("profile");
        fill(&profile, &mail).map_err(|error| DemoError::SetUp(error.to_string()))?;
        // What was imported is in the store; the files have done their work.
        let _ = std::fs::remove_dir_all(&mail);
        Ok(Self { tracker, profile, _dir: dir })
    }

    /// The throw-away profile.
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// Host and port of the tracker, the only ones that may be reached.
    pub fn tracker(&self) -> (String, u16) {
        self.tracker.address()
    }

    /// What an engine for the demo is started with: nothing but the tracker can be
    /// reached, whatever is allowed. Letters prove themselves to the sample mailbox's
    /// server.
    pub fn options(&self) -> engine::Options {
        engine::Options {
            reachable: vec![self.tracker()],
            only_reachable: true,
            own: vec![READER.to_owned()],
            authserv: Some(letters::SERVER.to_owned()),
            ..engine::Options::default()
        }
    }

    /// Every hit so far, oldest first (of very many, the newest ten thousand).
    pub fn hits(&self) -> Vec<Hit> {
        self.tracker.hits()
    }

    /// Every hit from now on, as it happens. A receiver that does not keep up misses
    /// some; [`hits`](Self::hits) has them all. It ends with the demo.
    pub fn subscribe(&self) -> Receiver<Hit> {
        self.tracker.subscribe()
    }
}

fn fill(profile: &Path, mail: &Path) -> engine::Result<()> {
    let _lock = ProfileLock::take(profile)?;
    let store = Store::open(profile)?;
    for (path, role) in FOLDERS {
        let folder = store.ensure_folder(&format!("local/{path}"))?;
        store.set_role(folder, Some(role))?;
    }
    let never = AtomicBool::new(false);
    engine::import(&store, &[mail.to_owned()], Some("local"), &never, |_| {})?;
    Ok(())
}

/// Writes the sample letters as `.eml` files, for those who want to look at them:
/// host and port of a tracker put in, dated relative to now. Paths in the letters'
/// order.
///
/// # Errors
/// When they cannot be written.
pub fn write_letters(into: &Path, tracker: (&str, u16)) -> Result<Vec<PathBuf>, DemoError> {
    std::fs::create_dir_all(into).map_err(|e| DemoError::at(into, &e))?;
    let template = Template::new(Zoned::now(), tracker);
    LETTERS
        .iter()
        .map(|sample| {
            let path = into.join(format!("{}.eml", sample.name));
            std::fs::write(&path, template.letter(sample.raw))
                .map_err(|e| DemoError::at(&path, &e))?;
            Ok(path)
        })
        .collect()
}
