//! How much room mail takes on this computer. Worked out on a thread of its own: a profile may
//! have many files, and lie on a slow disk.
//!
//! Promise: the walk ends, whatever lies there, and follows no link out of the profile.

use super::protocol::{Event, NotDone, Storage};
use super::run::{Engine, Inner};
use crate::model::Obstacle;
use crate::store::DATABASE;
use std::fs;
use std::path::Path;

/// Folders in folders that are looked into.
const DEEPEST: usize = 8;
/// Files that are counted.
const MOST: usize = 200_000;

impl Engine {
    /// Measures the profile; [`Event::Storage`] tells.
    pub(super) fn measure_storage(&self) {
        let (profile, back) = (self.profile.clone(), self.back.clone());
        let started = std::thread::Builder::new().name("storage".into()).spawn(move || {
            let storage = measure(&profile);
            drop(back.send(Inner::Answer(Event::Storage(storage))));
        });
        if let Err(error) = started {
            self.tell(Event::Failed(NotDone::Thread(Obstacle::from(&error))));
        }
    }
}

fn measure(profile: &Path) -> Storage {
    crate::window_thread::keep_out_of("a file");
    let mut storage = Storage { place: profile.to_owned(), ..Storage::default() };
    let mut left = MOST;
    let mut folders = vec![(profile.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        // What cannot be read, or has just gone, takes no room that could be told.
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Some(fewer) = left.checked_sub(1) else { return storage };
            left = fewer;
            // Of a link the link itself.
            let Ok(known) = entry.metadata() else { continue };
            if known.is_dir() {
                if depth < DEEPEST {
                    folders.push((entry.path(), depth + 1));
                }
                continue;
            }
            storage.profile = storage.profile.saturating_add(known.len());
            // With what is written but not yet put into its place.
            let name = entry.file_name();
            let is_database = name
                .to_string_lossy()
                .strip_prefix(DATABASE)
                .is_some_and(|rest| matches!(rest, "" | "-wal" | "-shm" | "-journal"));
            if depth == 0 && is_database {
                storage.database = storage.database.saturating_add(known.len());
            }
        }
    }
    storage
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_told_from_all_that_lies_in_the_profile() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: usize| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![0; bytes]).unwrap();
        };
        write("mail.sqlite", 4096);
        write("mail.sqlite-wal", 1000);
        write("mail.before-form-1.sqlite", 500);
        write("window.json", 100);
        write("pictures/a/b", 7);
        // The same name elsewhere is another thing.
        write("pictures/mail.sqlite", 20);
        let storage = measure(dir.path());
        assert_eq!((storage.database, storage.profile), (5096, 5723));
        assert_eq!(storage.place, dir.path());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_nowhere() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(other.path().join("large"), vec![0; 1 << 20]).unwrap();
        std::os::unix::fs::symlink(other.path(), dir.path().join("out")).unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("round")).unwrap();
        assert!(measure(dir.path()).profile < 4096);
    }

    #[test]
    fn a_profile_that_has_gone_takes_no_room() {
        assert_eq!(measure(Path::new("/nowhere/at/all")).profile, 0);
    }
}
