//! The reading thread: letters out of archives, in their order.

use super::job::{Job, JobKind};
use super::{Carried, Pace, Passed, Refusal, Shared, stand_back};
use crate::archive::{self, MAX_LETTER, MboxItem, MboxReader};
use crate::model::Flags;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

/// Hands letters on until they or the wish for them end.
pub(super) fn read_all(shared: &Shared<'_>, jobs: &[Job], to_work: SyncSender<Carried>) {
    if shared.pace == Pace::Beside {
        stand_back();
    }
    let mut seq = 0;
    // Hands a letter on; false when nobody wants any more.
    let mut carry = |folder, raw: Vec<u8>, flags, delivered| {
        if shared.is_over() || !shared.budget.take(raw.len(), || shared.is_over()) {
            return false;
        }
        seq += 1;
        to_work.send(Carried { seq: seq - 1, folder, raw, flags, delivered }).is_ok()
    };
    for Job { folder, kind } in jobs {
        let more = match kind {
            JobKind::Mbox(path) => read_mbox(shared, path, |raw, flags, delivered| {
                carry(*folder, raw, flags, delivered)
            }),
            JobKind::Files { files, maildir } => read_files(shared, files, |path, raw| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let flags = if *maildir { archive::flags_of_name(&name) } else { Flags::NONE };
                carry(*folder, raw, flags, None)
            }),
        };
        if !more {
            break;
        }
    }
}

/// An mbox as it is read: what is read is counted, and it ends when nobody wants any more. Of a
/// letter without an end nothing would be heard otherwise.
struct Watched<'a> {
    file: File,
    shared: &'a Shared<'a>,
}

impl Read for Watched<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if self.shared.is_over() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let read = self.file.read(space)?;
        self.shared.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

fn read_mbox(
    shared: &Shared<'_>,
    path: &Path,
    mut carry: impl FnMut(Vec<u8>, Flags, Option<i64>) -> bool,
) -> bool {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            shared.refuse(Passed::File(path.to_owned()), Refusal::from(&error));
            return true;
        }
    };
    let mut reader = MboxReader::new(Watched { file, shared });
    loop {
        match reader.next_letter() {
            Ok(Some(MboxItem::Letter { raw, from_line })) => {
                let flags = flags_of_status(&raw);
                if !carry(raw, flags, archive::from_line_date(&from_line)) {
                    return false;
                }
            }
            Ok(Some(MboxItem::TooLarge { size, from_line })) => {
                let letter = Passed::InMbox(path.to_owned(), from_line);
                shared.refuse(letter, Refusal::TooLarge(size));
            }
            Ok(None) => return true,
            Err(_) if shared.is_over() => return false,
            Err(error) => {
                shared.refuse(Passed::File(path.to_owned()), Refusal::from(&error));
                return true;
            }
        }
    }
}

fn read_files(
    shared: &Shared<'_>,
    files: &[PathBuf],
    mut carry: impl FnMut(&Path, Vec<u8>) -> bool,
) -> bool {
    for path in files {
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        shared.bytes.fetch_add(size, Ordering::Relaxed);
        if size > MAX_LETTER as u64 {
            shared.refuse(Passed::File(path.clone()), Refusal::TooLarge(size));
            continue;
        }
        let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        let read = File::open(path).and_then(|f| f.take(MAX_LETTER as u64).read_to_end(&mut raw));
        match read {
            Ok(_) if !carry(path, raw) => return false,
            Ok(_) => {}
            Err(error) => shared.refuse(Passed::File(path.clone()), Refusal::from(&error)),
        }
    }
    true
}

/// Flags that mbox programs keep in `Status` and `X-Status` fields.
fn flags_of_status(raw: &[u8]) -> Flags {
    let mut flags = Flags::NONE;
    for line in
        raw.split(|b| *b == b'\n').take_while(|line| !line.trim_ascii().is_empty()).take(200)
    {
        let Some(colon) = line.iter().position(|b| *b == b':') else {
            continue;
        };
        let (name, value) = line.split_at(colon);
        let known: &[(u8, Flags)] = match name.to_ascii_lowercase().as_slice() {
            b"status" => &[(b'R', Flags::SEEN)],
            b"x-status" => &[
                (b'A', Flags::ANSWERED),
                (b'F', Flags::FLAGGED),
                (b'T', Flags::DRAFT),
                (b'D', Flags::DELETED),
            ],
            _ => continue,
        };
        for (letter, flag) in known {
            if value.contains(letter) {
                flags = flags.with(*flag);
            }
        }
    }
    flags
}
