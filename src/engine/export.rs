//! Store → archives, byte for byte.

use super::Result;
use crate::archive::{ArchiveError, MaildirWriter, write_mboxrd};
use crate::store::{Folder, Store, StoreError};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// It was stopped before the end.
    #[serde(skip)]
    pub stopped: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Asked for by serde.
fn is_zero(number: &u64) -> bool {
    *number == 0
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
    let letters = store.ids(folder.id)?;
    let total = letters.len() as u64;
    let mut writer = Writer::create(out, format)?;
    let mut done = Exported::default();
    for (index, (id, flags)) in letters.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            done.stopped = true;
            return Ok(done);
        }
        let row = store.letter(*id)?;
        let raw = match store.raw(*id) {
            // One letter that is lost must not keep the others here.
            Err(StoreError::Damaged(_)) => {
                done.damaged += 1;
                continue;
            }
            raw => raw?,
        };
        let sender = row.from.as_ref().map_or("", |from| from.addr.as_str());
        match &mut writer {
            Writer::Mbox { file, part } => {
                write_mboxrd(file, &raw, sender, row.date, index + 1 == letters.len())
                    .map_err(|e| ArchiveError::io(&*part, e))?;
            }
            Writer::Maildir(maildir) => {
                maildir.write(&format!("{}.{id}.goyo", row.date), &raw, *flags)?;
            }
            Writer::Eml => {
                let path = out.join(format!("{id}.eml"));
                std::fs::write(&path, &raw).map_err(|e| ArchiveError::io(path, e))?;
            }
        }
        done.exported += 1;
        progress(done.exported, total);
    }
    writer.finish(out)?;
    Ok(done)
}

enum Writer {
    Mbox { file: BufWriter<File>, part: std::path::PathBuf },
    Maildir(MaildirWriter),
    Eml,
}

impl Writer {
    fn create(out: &Path, format: ExportFormat) -> Result<Self> {
        Ok(match format {
            ExportFormat::Mboxrd => {
                let mut part = out.as_os_str().to_owned();
                part.push(".part");
                let part = std::path::PathBuf::from(part);
                let file = File::create(&part).map_err(|e| ArchiveError::io(&part, e))?;
                Self::Mbox { file: BufWriter::with_capacity(1 << 18, file), part }
            }
            ExportFormat::Maildir => Self::Maildir(MaildirWriter::create(out)?),
            ExportFormat::Eml => {
                std::fs::create_dir_all(out).map_err(|e| ArchiveError::io(out, e))?;
                Self::Eml
            }
        })
    }

    fn finish(self, out: &Path) -> Result<()> {
        if let Self::Mbox { mut file, part } = self {
            file.flush()
                .and_then(|()| file.get_ref().sync_all())
                .and_then(|()| std::fs::rename(&part, out))
                .map_err(|e| ArchiveError::io(part, e))?;
        }
        Ok(())
    }
}
