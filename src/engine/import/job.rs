//! What is to be imported, and where to.

use crate::archive::{MboxItem, MboxReader, Source, SourceKind};
use crate::model::FolderId;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Letters looked at to make a dictionary, and bytes of an mbox read for them.
const SAMPLES: usize = 600;
const SAMPLE_BYTES: u64 = 8 * 1024 * 1024;
/// Of each letter, so many bytes.
const SAMPLE_LETTER: usize = 16 * 1024;

/// One source and where its letters go.
pub(super) struct Job {
    pub folder: FolderId,
    pub kind: JobKind,
}

pub(super) enum JobKind {
    Mbox(PathBuf),
    /// Files of one letter each; in a Maildir their names carry flags.
    Files {
        files: Vec<PathBuf>,
        maildir: bool,
    },
}

impl JobKind {
    pub(super) fn of(source: Source) -> Self {
        match source.kind {
            SourceKind::Mbox => Self::Mbox(source.path),
            SourceKind::Letters(files) => Self::Files { files, maildir: false },
            SourceKind::Maildir => {
                Self::Files { files: maildir_files(&source.path), maildir: true }
            }
        }
    }

    /// Bytes, for the progress bar only: a few files stand for many.
    pub(super) fn size(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        match self {
            Self::Mbox(path) => size(path),
            Self::Files { files, .. } => {
                let step = files.len() / 2000 + 1;
                files.iter().step_by(step).map(|file| size(file)).sum::<u64>() * step as u64
            }
        }
    }
}

/// Letters from here and there, to make a dictionary of.
pub(super) fn samples(jobs: &[Job]) -> Vec<Vec<u8>> {
    let each = SAMPLES / jobs.len().max(1) + 1;
    let mut samples = Vec::new();
    for job in jobs.iter().take(SAMPLES) {
        match &job.kind {
            JobKind::Mbox(path) => {
                let Ok(file) = File::open(path) else { continue };
                let mut reader = MboxReader::new(file.take(SAMPLE_BYTES));
                for _ in 0..each {
                    match reader.next_letter() {
                        Ok(Some(MboxItem::Letter { mut raw, .. })) => {
                            raw.truncate(SAMPLE_LETTER);
                            raw.shrink_to_fit();
                            samples.push(raw);
                        }
                        Ok(Some(MboxItem::TooLarge { .. })) => {}
                        Ok(None) | Err(_) => break,
                    }
                }
            }
            JobKind::Files { files, .. } => {
                for path in files.iter().step_by(files.len() / each + 1) {
                    let mut raw = Vec::new();
                    let read = File::open(path)
                        .and_then(|f| f.take(SAMPLE_LETTER as u64).read_to_end(&mut raw));
                    if read.is_ok() {
                        samples.push(raw);
                    }
                }
            }
        }
    }
    samples
}

/// Files of `new` and `cur`, in order of name.
fn maildir_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for sub in ["new", "cur"] {
        let Ok(entries) = std::fs::read_dir(root.join(sub)) else {
            continue;
        };
        files.extend(
            entries
                .filter_map(Result::ok)
                .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
                .map(|entry| entry.path())
                .filter(|path| path.is_file()),
        );
    }
    files.sort_by_cached_key(|path| path.file_name().map(std::ffi::OsStr::to_owned));
    files
}
