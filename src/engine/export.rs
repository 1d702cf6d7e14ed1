//! Store → archives, byte for byte.
//!
//! Promise: an mbox is there whole or not at all, whatever ends it; letters in files of their
//! own are whole, each of them.

use super::Result;
use super::saving;
use crate::archive::{ArchiveError, MaildirWriter, write_mboxrd};
use crate::model::LetterId;
use crate::store::{Folder, Store, StoreError};
use crate::window_thread::keep_out_of;
use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::NamedTempFile;

/// How the name of an mbox on its way begins and ends.
const PART: (&str, &str) = (".goyo-", ".part");
/// One of this age is not on its way any more.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// One mbox file, quoted as mboxrd.
    Mboxrd,
    /// A Maildir, flags in the names.
    Maildir,
    /// A directory of `.eml` files.
    Eml,
}

/// What an export did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Letters written.
    pub exported: u64,
    /// Letters whose bytes are damaged, passed over.
    #[serde(skip_serializing_if = "is_zero")]
    pub damaged: u64,
    /// Letters of which only the header is here, passed over: a header is no letter.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_here: u64,
    /// It was stopped before the end.
    #[serde(skip)]
    pub stopped: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Asked for by serde.
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExportProgress {
    /// Letters dealt with.
    pub letters: u64,
    /// All there are.
    pub total: u64,
    /// Bytes written.
    pub bytes: u64,
}

/// Writes all letters of `folder` to `out`, in the order they came.
///
/// An mbox is written beside its name and moved there when it is whole.
///
/// # Errors
/// When a letter cannot be read or `out` cannot be written.
pub fn export(
    store: &Store,
    folder: &Folder,
    out: &Path,
    format: ExportFormat,
    stop: &AtomicBool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Exported> {
    let mut done = Exported::default();
    let mut writer = Writer::create(out, format)?;
    let progress = |at: ExportProgress| progress(at.letters, at.total);
    if write_all(store, folder, &mut writer, stop, progress, &mut done)? {
        writer.finish(|file| file.persist(out).map(drop).map_err(|failed| failed.error))?;
    }
    Ok(done)
}

/// The same into `dir`, under the first name that is free: nothing that is there is written
/// over. `kept`: where it is, where something of it is anywhere, and what was written; whether or
/// not the rest could be.
///
/// # Errors
/// As [`export`].
pub(super) fn export_beside(
    store: &Store,
    folder: &Folder,
    (dir, name): (&Path, &str),
    format: ExportFormat,
    stop: &AtomicBool,
    progress: impl FnMut(ExportProgress),
    (kept, done): (&mut Option<PathBuf>, &mut Exported),
) -> Result<()> {
    keep_out_of("an archive");
    fs::create_dir_all(dir).map_err(|e| ArchiveError::io(dir, e))?;
    let named = format!("{name}.mbox");
    let mut writer = match format {
        ExportFormat::Mboxrd => Writer::create(&saving::called(dir, &named, 0), format)?,
        // Its folder is its own from the beginning.
        ExportFormat::Maildir | ExportFormat::Eml => {
            let made = saving::free(dir, name, 0, |path| fs::create_dir(path));
            let (out, ..) = made.map_err(|(path, e)| ArchiveError::io(path, e))?;
            let writer = Writer::create(&out, format)?;
            *kept = Some(out);
            writer
        }
    };
    if !write_all(store, folder, &mut writer, stop, progress, done)? {
        return Ok(());
    }
    writer.finish(|file| {
        let mut file = Some(file);
        let named = saving::free(dir, &named, 0, |path| {
            let Some(whole) = file.take() else { return Err(io::ErrorKind::NotFound.into()) };
            whole.persist_noclobber(path).map(drop).or_else(|failed| {
                let done = match failed.error.kind() {
                    io::ErrorKind::AlreadyExists => Err(failed.error),
                    // Some file systems know no second name for a file.
                    _ => copy_new(failed.file.path(), path),
                };
                file = Some(failed.file);
                done
            })
        });
        *kept = Some(named.map_err(|(_, error)| error)?.0);
        Ok(())
    })
}

/// Copies a file to a name that nobody has.
fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut new = fs::File::options().write(true).create_new(true).open(to)?;
    let copied = fs::File::open(from)
        .and_then(|mut whole| io::copy(&mut whole, &mut new))
        .and_then(|_| new.sync_all());
    if copied.is_err() {
        let _ = fs::remove_file(to);
    }
    copied
}

/// Removes what an export that was killed left behind.
fn sweep(dir: &Path) {
    let is_stale = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|at| at.elapsed());
        let is_old = matches!(age, Ok(Ok(age)) if age > STALE);
        name.starts_with(PART.0) && name.ends_with(PART.1) && is_old
    };
    for entry in fs::read_dir(dir).into_iter().flatten().flatten().filter(is_stale) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Writes them all; whether it came to the end.
fn write_all(
    store: &Store,
    folder: &Folder,
    writer: &mut Writer,
    stop: &AtomicBool,
    mut progress: impl FnMut(ExportProgress),
    done: &mut Exported,
) -> Result<bool> {
    let letters = store.ids(folder.id)?;
    let mut at = ExportProgress { letters: 0, total: letters.len() as u64, bytes: 0 };
    for (id, flags) in letters {
        if stop.load(Ordering::Relaxed) {
            done.stopped = true;
            return Ok(false);
        }
        at.letters += 1;
        match whole(store, id) {
            // One letter that is lost must not keep the others here.
            Err(StoreError::Damaged(_)) => done.damaged += 1,
            // It was deleted meanwhile.
            Err(StoreError::NoLetter(_)) => {}
            Ok(None) => done.not_here += 1,
            Ok(Some(raw)) => {
                let row = match store.letter(id) {
                    Err(StoreError::NoLetter(_)) => continue,
                    row => row?,
                };
                let sender = row.from.as_ref().map_or("", |from| from.addr.as_str());
                at.bytes += raw.len() as u64;
                match writer {
                    Writer::Mbox(mbox) => {
                        mbox.write(Some(Held { raw, sender: sender.to_owned(), date: row.date }))?;
                    }
                    Writer::Maildir(maildir) => {
                        maildir.write(&format!("{}.{id}.goyo", row.date), &raw, flags)?;
                    }
                    Writer::Eml(dir) => {
                        let path = dir.join(format!("{id}.eml"));
                        if let Err(error) = fs::write(&path, &raw) {
                            let _ = fs::remove_file(&path);
                            return Err(ArchiveError::io(path, error).into());
                        }
                    }
                }
                done.exported += 1;
            }
            Err(error) => return Err(error.into()),
        }
        progress(at);
    }
    Ok(true)
}

/// A letter's bytes, if all of them are here.
fn whole(store: &Store, id: LetterId) -> crate::store::Result<Option<Vec<u8>>> {
    if store.is_whole(id)? { store.raw(id).map(Some) } else { Ok(None) }
}

enum Writer {
    Mbox(Box<Mbox>),
    Maildir(MaildirWriter),
    Eml(PathBuf),
}

impl Writer {
    fn create(out: &Path, format: ExportFormat) -> Result<Self> {
        keep_out_of("an archive");
        Ok(match format {
            ExportFormat::Mboxrd => {
                let dir = out.parent().filter(|dir| !dir.as_os_str().is_empty());
                let dir = dir.unwrap_or(Path::new("."));
                sweep(dir);
                let file = tempfile::Builder::new()
                    .prefix(PART.0)
                    .suffix(PART.1)
                    .tempfile_in(dir)
                    .map_err(|e| ArchiveError::io(dir, e))?;
                let file = BufWriter::with_capacity(1 << 18, file);
                Self::Mbox(Box::new(Mbox { file, out: out.to_owned(), held: None }))
            }
            ExportFormat::Maildir => Self::Maildir(MaildirWriter::create(out)?),
            ExportFormat::Eml => {
                fs::create_dir_all(out).map_err(|e| ArchiveError::io(out, e))?;
                Self::Eml(out.to_owned())
            }
        })
    }

    /// An mbox that is whole gets its name by `keep`.
    fn finish(self, keep: impl FnOnce(NamedTempFile) -> io::Result<()>) -> Result<()> {
        let Self::Mbox(mut mbox) = self else { return Ok(()) };
        mbox.write(None)?;
        let Mbox { file, out, .. } = *mbox;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| file.as_file().sync_all().map(|()| file))
            .and_then(keep)
            .map_err(|e| ArchiveError::io(out, e))?;
        Ok(())
    }
}

/// An mbox on its way.
struct Mbox {
    /// A file without its name yet, which goes with us.
    file: BufWriter<NamedTempFile>,
    /// The name it is to have.
    out: PathBuf,
    /// Not written yet: it may be the last, and ends otherwise then.
    held: Option<Held>,
}

struct Held {
    raw: Vec<u8>,
    sender: String,
    date: i64,
}

impl Mbox {
    /// Writes the letter before this one; without one, the last.
    fn write(&mut self, next: Option<Held>) -> Result<()> {
        let last = next.is_none();
        if let Some(Held { raw, sender, date }) = std::mem::replace(&mut self.held, next) {
            write_mboxrd(&mut self.file, &raw, &sender, date, last)
                .map_err(|e| ArchiveError::io(&self.out, e))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::import;

    /// A store with a folder of so many letters.
    fn folder(dir: &Path, count: usize) -> (Store, Folder) {
        let store = Store::open(&dir.join("profile")).unwrap();
        let mail = dir.join("mail");
        fs::create_dir(&mail).unwrap();
        for at in 0..count {
            let letter = format!("From: a@example.com\nSubject: letter {at}\n\nFrom here\n");
            fs::write(mail.join(format!("{at}.eml")), letter).unwrap();
        }
        import(&store, &[mail], Some("local/a"), &AtomicBool::new(false), |_| {}).unwrap();
        let folder = store.folder("local/a").unwrap();
        (store, folder)
    }

    fn names(dir: &Path) -> Vec<String> {
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Exports it, and stops after so many letters.
    fn stopped(form: ExportFormat, after: u64, out: &Path) -> (Option<PathBuf>, Exported) {
        let dir = tempfile::tempdir().unwrap();
        let (store, folder) = folder(dir.path(), 5);
        let stop = AtomicBool::new(false);
        let (mut kept, mut done) = (None, Exported::default());
        let progress = |at: ExportProgress| {
            assert_eq!(at.total, 5);
            stop.store(at.letters >= after, Ordering::Relaxed);
        };
        let to = (out, "메일");
        let results = (&mut kept, &mut done);
        export_beside(&store, &folder, to, form, &stop, progress, results).unwrap();
        (kept, done)
    }

    #[test]
    fn of_an_mbox_that_is_stopped_nothing_stays() {
        let out = tempfile::tempdir().unwrap();
        let (kept, done) = stopped(ExportFormat::Mboxrd, 3, out.path());
        assert_eq!((kept, done.exported, done.stopped), (None, 3, true));
        assert!(names(out.path()).is_empty(), "{:?}", names(out.path()));
    }

    #[test]
    fn of_letters_in_files_those_stay_that_were_written() {
        for form in [ExportFormat::Maildir, ExportFormat::Eml] {
            let out = tempfile::tempdir().unwrap();
            let (kept, done) = stopped(form, 2, out.path());
            assert_eq!((done.exported, done.stopped), (2, true));
            let kept = kept.unwrap();
            assert_eq!(kept, out.path().join("메일"));
            let letters = if form == ExportFormat::Eml { kept } else { kept.join("cur") };
            assert_eq!(names(&letters).len(), 2);
        }
    }

    #[test]
    fn nothing_that_is_there_is_written_over() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("메일.mbox"), "mine").unwrap();
        fs::create_dir(out.path().join("메일")).unwrap();
        let (kept, done) = stopped(ExportFormat::Mboxrd, 9, out.path());
        assert_eq!((kept, done.exported), (Some(out.path().join("메일 (1).mbox")), 5));
        assert_eq!(fs::read(out.path().join("메일.mbox")).unwrap(), b"mine");
        let (kept, _) = stopped(ExportFormat::Eml, 9, out.path());
        assert_eq!(kept, Some(out.path().join("메일 (1)")));
        assert!(names(&out.path().join("메일")).is_empty());
        assert_eq!(names(out.path()), ["메일", "메일 (1)", "메일 (1).mbox", "메일.mbox"]);
    }

    #[test]
    fn where_it_cannot_be_written_that_is_said_and_nothing_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (store, folder) = folder(dir.path(), 2);
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        for form in [ExportFormat::Mboxrd, ExportFormat::Maildir, ExportFormat::Eml] {
            let (mut kept, mut done) = (None, Exported::default());
            let results = (&mut kept, &mut done);
            let never = AtomicBool::new(false);
            let to = (file.as_path(), "a");
            let failed = export_beside(&store, &folder, to, form, &never, |_| {}, results);
            assert!(failed.unwrap_err().to_string().contains("file"));
            assert_eq!((kept, done), (None, Exported::default()));
        }
    }
}
