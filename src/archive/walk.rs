//! Finds the mail in what a user points at.

use super::ArchiveError;
use super::maildir::folder_of_dir;
use crate::window_thread::keep_out_of;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Directories inside directories that are followed.
const MAX_DEPTH: usize = 64;

/// How the letters lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// One file of many letters.
    Mbox,
    /// `cur` and `new` with a file a letter.
    Maildir,
    /// Files of one letter each.
    Letters(Vec<PathBuf>),
}

/// One place where letters lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How.
    pub kind: SourceKind,
    /// Where.
    pub path: PathBuf,
    /// The levels of the folder its letters go to, below the one asked for, as the archive
    /// calls them; may be none.
    pub below: Vec<String>,
}

/// What lies at `path`. Symbolic links to directories inside it are not followed. Where `stop`
/// is set meanwhile, that is what was found until then.
///
/// # Errors
/// When it cannot be read, or there is no mail in it.
pub fn find(path: &Path, stop: &AtomicBool) -> Result<Vec<Source>, ArchiveError> {
    keep_out_of("an archive");
    let mut found = Vec::new();
    let meta = fs::metadata(path).map_err(|e| ArchiveError::io(path, e))?;
    if meta.is_dir() {
        directory(path, &[], stop, &mut found)?;
    } else if meta.is_file()
        && let Some(kind) = kind_of_file(path)?
    {
        // A pipe would wait for ever.
        found.push(Source { kind, path: path.to_owned(), below: Vec::new() });
    }
    if found.is_empty() && !stop.load(Ordering::Relaxed) {
        return Err(ArchiveError::NoMail(path.to_owned()));
    }
    Ok(found)
}

fn directory(
    dir: &Path,
    below: &[String],
    stop: &AtomicBool,
    found: &mut Vec<Source>,
) -> Result<(), ArchiveError> {
    let source =
        |kind, path: &Path, below: Vec<String>| Source { kind, path: path.to_owned(), below };
    if below.len() > MAX_DEPTH {
        // It cannot be read as a letter, and is told when its turn comes.
        let kind = SourceKind::Letters(vec![dir.to_owned()]);
        found.push(source(kind, dir, below.to_owned()));
        return Ok(());
    }
    let is_maildir = dir.join("cur").is_dir() || dir.join("new").is_dir();
    if is_maildir {
        found.push(source(SourceKind::Maildir, dir, below.to_owned()));
    }
    let mut letters = Vec::new();
    for (name, path, is_dir) in entries(dir)? {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let join = |levels: &[String]| [below, levels].concat();
        match (is_dir, is_maildir) {
            (true, true) if matches!(name.as_str(), "cur" | "new" | "tmp") => {}
            (true, true) => {
                let levels = folder_of_dir(&name).unwrap_or_else(|| vec![name]);
                directory(&path, &join(&levels), stop, found)?;
            }
            (true, false) => directory(&path, &join(&[name]), stop, found)?,
            (false, true) => {}
            (false, false) => match kind_of_file(&path) {
                // What cannot be read is told when its turn comes.
                Ok(Some(SourceKind::Letters(_))) | Err(_) => letters.push(path),
                Ok(Some(kind)) => {
                    found.push(source(kind, &path, join(&[mbox_name(&path)])));
                }
                Ok(None) => {}
            },
        }
    }
    if !letters.is_empty() {
        found.push(source(SourceKind::Letters(letters), dir, below.to_owned()));
    }
    Ok(())
}

/// The folder that an mbox file is named after.
pub fn mbox_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = [".mbox", ".mbx"].iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(&name).to_owned()
}

/// Names, paths and whether they are directories, in order of name.
fn entries(dir: &Path) -> Result<Vec<(String, PathBuf, bool)>, ArchiveError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(|e| ArchiveError::io(dir, e))? {
        let entry = entry.map_err(|e| ArchiveError::io(dir, e))?;
        let kind = entry.file_type().map_err(|e| ArchiveError::io(entry.path(), e))?;
        // Links to directories could lead in circles, pipes would wait for ever.
        if !kind.is_dir() && !entry.path().is_file() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push((name, entry.path(), kind.is_dir()));
    }
    entries.sort();
    Ok(entries)
}

/// Whether a file is an mbox, a letter, or neither, by name and first bytes.
fn kind_of_file(path: &Path) -> Result<Option<SourceKind>, ArchiveError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let letter = || Some(SourceKind::Letters(vec![path.to_owned()]));
    if name.ends_with(".eml") {
        return Ok(letter());
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(4096).read_to_end(&mut head))
        .map_err(|e| ArchiveError::io(path, e))?;
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    if head.starts_with(b"From ") {
        return Ok(Some(SourceKind::Mbox));
    }
    Ok(if starts_like_a_header(head) { letter() } else { None })
}

/// Two lines that look like header fields, or one and the end of the header.
fn starts_like_a_header(head: &[u8]) -> bool {
    let is_field = |line: &[u8]| {
        let name = line.split(|b| *b == b':').next().unwrap_or_default();
        !name.is_empty() && name.len() < line.len() && name.iter().all(|b| (33..127).contains(b))
    };
    let mut lines = head.split(|b| *b == b'\n');
    lines.next().is_some_and(is_field)
        && lines.next().is_none_or(|line| {
            is_field(line)
                || line.trim_ascii().is_empty()
                || line.starts_with(b" ")
                || line.starts_with(b"\t")
        })
}
