//! Maildir: flags in file names, Maildir++ folder names, writing.

use super::ArchiveError;
use crate::model::{Flags, utf7};
use crate::window_thread::keep_out_of;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Flags by their letter in `:2,` file names.
const LETTERS: [(char, Flags); 6] = [
    ('D', Flags::DRAFT),
    ('F', Flags::FLAGGED),
    ('P', Flags::FORWARDED),
    ('R', Flags::ANSWERED),
    ('S', Flags::SEEN),
    ('T', Flags::DELETED),
];

/// Flags in a Maildir file name. Systems without `:` in names write `;` or `!`.
pub fn flags_of_name(name: &str) -> Flags {
    let info = [":2,", ";2,", "!2,"].iter().find_map(|mark| name.rsplit_once(mark));
    let letters = info.map_or("", |(_, letters)| letters);
    LETTERS
        .into_iter()
        .filter(|(letter, _)| letters.contains(*letter))
        .fold(Flags::NONE, |flags, (_, flag)| flags.with(flag))
}

/// A Maildir file name with flags, letters in order as the format wants them.
pub fn name_with_flags(base: &str, flags: Flags) -> String {
    let letters =
        LETTERS.into_iter().filter(|(_, flag)| flags.has(*flag)).map(|(letter, _)| letter);
    format!("{base}:2,{}", letters.collect::<String>())
}

/// The levels of the folder that a Maildir++ directory name means: `.Lists.Rust` is `Rust`
/// in `Lists`. Such names inherit the modified UTF-7 of IMAP.
pub(super) fn folder_of_dir(name: &str) -> Option<Vec<String>> {
    let levels = name.strip_prefix('.')?;
    let levels: Vec<String> =
        levels.split('.').filter(|level| !level.is_empty()).map(utf7::shown).collect();
    (!levels.is_empty()).then_some(levels)
}

/// Writes letters into a Maildir.
#[derive(Debug)]
pub struct MaildirWriter {
    root: PathBuf,
}

impl MaildirWriter {
    /// Makes the Maildir if it is not there.
    ///
    /// # Errors
    /// When its directories cannot be made.
    pub fn create(root: &Path) -> Result<Self, ArchiveError> {
        keep_out_of("an archive");
        for sub in ["tmp", "new", "cur"] {
            let dir = root.join(sub);
            std::fs::create_dir_all(&dir).map_err(|e| ArchiveError::io(dir, e))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Writes one letter: whole under its final name, or not at all. `base` must
    /// be unlike any other in this Maildir.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, base: &str, raw: &[u8], flags: Flags) -> Result<(), ArchiveError> {
        let tmp = self.root.join("tmp").join(base);
        let mut file = File::create(&tmp).map_err(|e| ArchiveError::io(&tmp, e))?;
        let cur = self.root.join("cur").join(name_with_flags(base, flags));
        let written = file
            .write_all(raw)
            .map_err(|e| ArchiveError::io(&tmp, e))
            .and_then(|()| std::fs::rename(&tmp, &cur).map_err(|e| ArchiveError::io(cur, e)));
        if written.is_err() {
            // A full disk is not filled with what nobody will find.
            let _ = std::fs::remove_file(&tmp);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_go_both_ways() {
        assert_eq!(
            flags_of_name("1.a.host:2,FRS").words().collect::<Vec<_>>(),
            ["seen", "answered", "flagged"]
        );
        assert_eq!(flags_of_name("1.a.host"), Flags::NONE);
        assert_eq!(flags_of_name("1.a.host;2,T"), Flags::DELETED);
        let flags = Flags::SEEN.with(Flags::DRAFT).with(Flags::FORWARDED);
        assert_eq!(name_with_flags("1.a", flags), "1.a:2,DPS");
        assert_eq!(flags_of_name(&name_with_flags("1.a", flags)), flags);
    }

    #[test]
    fn directory_names_are_folder_paths() {
        let folder_of_dir = |name| folder_of_dir(name).map(|levels| levels.join(" in "));
        assert_eq!(folder_of_dir(".Lists.Rust").as_deref(), Some("Lists in Rust"));
        // python3: '받은편지함' as Dovecot writes it.
        assert_eq!(folder_of_dir(".&vBvHQNO4ycDVaA-").as_deref(), Some("받은편지함"));
        assert_eq!(folder_of_dir(".A&-B").as_deref(), Some("A&B"));
        assert_eq!(folder_of_dir(".A&broken").as_deref(), Some("A&broken"));
        assert_eq!(folder_of_dir("cur"), None);
    }
}
