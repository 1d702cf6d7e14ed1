//! Saving letters and attachments: under a name of our making, beside what is there already, or
//! where somebody chose; whole or not at all.

use super::document::Document;
use super::protocol::{Event, NotDone};
use super::run::Engine;
use crate::html::worker::protocol::DocId;
use crate::mime;
use crate::model::Obstacle;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Longest name a file is given, in bytes, without its ending.
const LONGEST: usize = 180;

/// Names that are tried.
const TRIED: u32 = 10_000;

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Into this folder, which is made if it is not there, under this name or one like it that
    /// is free.
    In(PathBuf, String),
    /// Just there, over what is there already: who chose it was asked.
    At(PathBuf),
}

impl Target {
    /// Where it would be first.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::In(dir, name) => called(dir, name, 0),
            Self::At(path) => path.clone(),
        }
    }
}

impl Engine {
    /// Writes a part of an open letter. Whatever happens is told.
    pub(super) fn save(&self, doc: DocId, part: usize, to: &Target) {
        let told = match self.documents.get(&doc) {
            None => Event::NotSaved(to.path(), NotDone::File(Obstacle::Missing)),
            Some((_, document)) => match self.missing(document) {
                Some(why) => Event::NotSaved(to.path(), why),
                None => match mime::parse(&document.raw).bytes(part) {
                    None => Event::NotSaved(to.path(), NotDone::NoFile),
                    Some(bytes) => written(to, &bytes),
                },
            },
        };
        self.tell(told);
    }

    /// Writes an open letter, byte for byte. Whatever happens is told.
    pub(super) fn save_letter(&self, doc: DocId, to: &Target) {
        let told = match self.documents.get(&doc) {
            None => Event::NotSaved(to.path(), NotDone::File(Obstacle::Missing)),
            Some((_, document)) => match document.letter.map(|id| self.whole_letter(id)) {
                Some(Err(why @ NotDone::Act(_))) => Event::NotSaved(to.path(), why),
                Some(Ok(raw)) => written(to, &raw),
                // A file; or the letter has gone meanwhile: it is still open.
                None | Some(Err(_)) => written(to, &document.raw),
            },
        };
        self.tell(told);
    }

    /// Why nothing of a letter can be saved yet: a header alone is no letter. The rest is
    /// asked for.
    pub(super) fn missing(&self, document: &Document) -> Option<NotDone> {
        // What is open is there, whatever the store says of it.
        let is_missing = |why: &NotDone| matches!(why, NotDone::Act(_));
        self.needs_whole(document.letter?).err().filter(is_missing)
    }

    /// Writes parts of an open letter into a folder, until one cannot be written. How many
    /// were, and which could not be, is told.
    pub(super) fn save_all(&self, doc: DocId, parts: &[(usize, String)], dir: &Path) {
        let Some((_, document)) = self.documents.get(&doc) else {
            self.tell(Event::NotSaved(dir.to_owned(), NotDone::File(Obstacle::Missing)));
            return;
        };
        if let Some(why) = self.missing(document) {
            self.tell(Event::NotSaved(dir.to_owned(), why));
            return;
        }
        let letter = mime::parse(&document.raw);
        let mut written: Vec<PathBuf> = Vec::new();
        let mut trouble = None;
        // Of many of one name each would try all numbers before its own again.
        let mut next: HashMap<PathBuf, u32> = HashMap::new();
        for (part, name) in parts {
            let Some(bytes) = letter.bytes(*part) else {
                trouble = Some(Event::NotSaved(called(dir, name, 0), NotDone::NoFile));
                continue;
            };
            let number = next.entry(called(dir, name, 0)).or_default();
            match write_from(dir, name, *number, &bytes) {
                Ok((path, taken)) => {
                    written.push(path);
                    *number = taken.saturating_add(1);
                }
                Err((path, error)) => {
                    let why = NotDone::File(Obstacle::from(&error));
                    trouble = Some(Event::NotSaved(path, why));
                    break;
                }
            }
        }
        // All are on their way to the disk by now: waiting for each is waiting for one.
        let count = written.len();
        written.retain(|path| match File::open(path).and_then(|file| file.sync_all()) {
            Ok(()) => true,
            Err(error) => {
                let why = NotDone::File(Obstacle::from(&error));
                trouble = Some(Event::NotSaved(path.clone(), why));
                false
            }
        });
        if count > 0 {
            sync(dir);
        }
        let saved = written.len();
        if saved > 0 {
            self.tell(Event::SavedAll(dir.to_owned(), saved));
        }
        // Last: it is what stays to be read.
        if let Some(trouble) = trouble {
            self.tell(trouble);
        }
    }
}

/// Writes a file, and says what came of it.
pub(super) fn written(to: &Target, bytes: &[u8]) -> Event {
    let (dir, name) = match to {
        Target::In(dir, name) => (dir, name),
        Target::At(path) => return written_over(path, bytes),
    };
    let written = write_from(dir, name, 0, bytes).and_then(|(path, _)| {
        match File::open(&path).and_then(|file| file.sync_all()) {
            Ok(()) => Ok(path),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err((path, error))
            }
        }
    });
    match written {
        Ok(path) => {
            sync(dir);
            Event::Saved(path)
        }
        Err((path, error)) => Event::NotSaved(path, NotDone::File(Obstacle::from(&error))),
    }
}

/// Writes a file where somebody chose, and says what came of it.
fn written_over(path: &Path, bytes: &[u8]) -> Event {
    crate::window_thread::keep_out_of("a file");
    match put(path, bytes, true) {
        Ok(()) => {
            path.parent().into_iter().for_each(sync);
            Event::Saved(path.to_owned())
        }
        Err(error) => Event::NotSaved(path.to_owned(), NotDone::File(Obstacle::from(&error))),
    }
}

/// Puts the names in a folder on the disk. Where a system has nothing like that, a file is
/// as safe as it can be.
fn sync(dir: &Path) {
    if let Ok(dir) = File::open(dir) {
        let _ = dir.sync_all();
    }
}

/// Writes a file under the first name that is free, from this number on. What is there already is never
/// written over; what is not written whole never bears the name, even if the program is killed.
/// It is not on the disk yet.
fn write_from(
    dir: &Path,
    name: &str,
    first: u32,
    bytes: &[u8],
) -> Result<(PathBuf, u32), (PathBuf, io::Error)> {
    crate::window_thread::keep_out_of("a file");
    fs::create_dir_all(dir).map_err(|error| (called(dir, name, 0), error))?;
    let beside = written_beside(dir, bytes).map_err(|error| (called(dir, name, first), error))?;
    let mut beside = Some(beside);
    let (path, number, ()) = free(dir, name, first, |path| {
        let Some(whole) = beside.take() else { return write_new(path, bytes) };
        match whole.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
                beside = Some(failed.file);
                Err(failed.error)
            }
            // Where a file cannot be given a name without taking it from another.
            Err(_) => write_new(path, bytes),
        }
    })?;
    Ok((path, number))
}

/// Makes something under the first name that is free, from this number on. `make` says that
/// one is taken, and makes nothing of it then.
pub(super) fn free<T>(
    dir: &Path,
    name: &str,
    first: u32,
    mut make: impl FnMut(&Path) -> io::Result<T>,
) -> Result<(PathBuf, u32, T), (PathBuf, io::Error)> {
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in first..first.saturating_add(TRIED) {
        let path = called(dir, name, number);
        match make(&path) {
            Ok(made) => return Ok((path, number, made)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err((path, error)),
        }
    }
    Err((called(dir, name, 0), taken))
}

/// Writes a file under a hidden name of its own in this folder.
fn written_beside(dir: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".goyo-").suffix(".part");
    // For whom files of this user are.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// Writes a file whole or not at all, over what is there already only if that is wanted.
///
/// # Errors
/// What the system says.
pub fn put(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let beside = written_beside(dir.unwrap_or(Path::new(".")), bytes)?;
    beside.as_file().sync_all()?;
    let done = match replace {
        true => beside.persist(path),
        false => beside.persist_noclobber(path),
    };
    done.map(drop).map_err(|error| error.error)
}

/// A path in `dir` for a name that came from outside, with a number if it is not the
/// first of that name.
pub(super) fn called(dir: &Path, name: &str, number: u32) -> PathBuf {
    dir.join(named(name, number))
}

/// The name of a file for one that came from outside, with a number if it is not the first.
pub fn named(name: &str, number: u32) -> String {
    let name: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            // Signs that turn the direction of writing hide the real ending.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let name = name.trim().trim_matches('.').trim();
    let name = if name.is_empty() { "attachment" } else { name };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 12 => (stem, Some(ending)),
        _ => (name, None),
    };
    let stem = stem.get(..stem.floor_char_boundary(LONGEST)).unwrap_or(stem);
    let number = if number == 0 { String::new() } else { format!(" ({number})") };
    match ending {
        Some(ending) => format!("{stem}{number}.{ending}"),
        None => format!("{stem}{number}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, (PathBuf, io::Error)> {
        write_from(dir, name, 0, bytes).map(|(path, _)| path)
    }

    #[test]
    fn names_from_outside_stay_in_the_folder_and_take_no_others_place() {
        let dir = tempfile::tempdir().unwrap();
        let named = |name: &str| {
            let path = write(dir.path(), name, b"x").unwrap();
            assert_eq!(path.parent(), Some(dir.path()), "{name}");
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(named("견적서.pdf"), "견적서.pdf");
        assert_eq!(named("견적서.pdf"), "견적서 (1).pdf");
        assert_eq!(named("견적서.pdf"), "견적서 (2).pdf");
        assert_eq!(named("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(named(""), "attachment");
        assert_eq!(named(".."), "attachment (1)");
        assert_eq!(named(".bashrc"), "bashrc");
        assert_eq!(named("a\u{202e}fdp.exe"), "a_fdp.exe");
        assert!(named(&"가".repeat(500)).len() <= LONGEST);
    }

    #[test]
    fn what_was_chosen_is_written_over_whole_and_nothing_is_written_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("내 견적.pdf");
        fs::write(&path, "old and longer").unwrap();
        assert_eq!(written(&Target::At(path.clone()), b"new"), Event::Saved(path.clone()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // In a folder of files the same name is taken by nobody.
        let beside = Target::In(dir.path().to_owned(), "내 견적.pdf".into());
        let second = dir.path().join("내 견적 (1).pdf");
        assert_eq!(written(&beside, b"other"), Event::Saved(second));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        // A folder is not written over.
        let there = dir.path().join("folder");
        fs::create_dir(&there).unwrap();
        let told = written(&Target::At(there.clone()), b"x");
        assert!(matches!(told, Event::NotSaved(path, _) if path == there));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_could_not_be_written_does_not_stay() {
        // A link to what is always full: the name is taken, nothing is written over.
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/full", dir.path().join("a.txt")).unwrap();
        assert_eq!(write(dir.path(), "a.txt", b"x").unwrap(), dir.path().join("a (1).txt"));
        let (path, _) = write(Path::new("/proc/self"), "a.txt", b"x").unwrap_err();
        assert_eq!(path, Path::new("/proc/self/a.txt"));
    }
}
