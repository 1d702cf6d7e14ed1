//! The schema and its numbered migrations.
//!
//! Keys of mails (`mail.id`) grow with the mail's date: second since 1970, the
//! next free one where it is taken. That makes "newest first" the natural order
//! of every index, so that a list or a search can stop after its first page
//! (decision 0002).

use super::error::{Result, StoreError};
use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// One migration an entry; the store's form is how many of them it has had.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1_mail.sql"),
    include_str!("migrations/2_pictures.sql"),
    include_str!("migrations/3_servers.sql"),
    include_str!("migrations/4_compared.sql"),
    include_str!("migrations/5_sending.sql"),
    include_str!("migrations/6_told.sql"),
    include_str!("migrations/7_draft_files.sql"),
    include_str!("migrations/8_bundles.sql"),
    include_str!("migrations/9_unfinished.sql"),
    include_str!("migrations/10_keywords.sql"),
    include_str!("migrations/11_because.sql"),
];

/// Brings the store at `path` to form `known` (of [`MIGRATIONS`]). A store that
/// already holds something is copied beside itself first.
///
/// # Errors
/// [`StoreError::TooNew`] for a store of a newer program; else what SQLite says.
pub(super) fn migrate(conn: &mut Connection, path: &Path, known: usize) -> Result<()> {
    let form = known as i64;
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > form {
        return Err(StoreError::TooNew { found, known: form });
    }
    if found == form {
        return Ok(());
    }
    // Another process may be at it just now: whoever comes second finds it done.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found >= form {
        return Ok(());
    }
    if found > 0 {
        keep_copy(path, &path.with_extension(format!("before-form-{form}.sqlite")))?;
    }
    for sql in MIGRATIONS.iter().take(known).skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", form)?;
    tx.commit()?;
    Ok(())
}

/// Copies the store as it is. A copy that was broken off never bears the name of a
/// whole one.
fn keep_copy(path: &Path, copy: &Path) -> Result<()> {
    let half = copy.with_extension("half");
    match std::fs::remove_file(&half) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::io(&half, error));
        }
        _ => {}
    }
    // A connection of its own: the one that migrates holds the right to write.
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(Duration::from_secs(10))?;
    source.backup(MAIN_DB, &half, None::<fn(rusqlite::backup::Progress)>)?;
    std::fs::rename(&half, copy).map_err(|error| StoreError::io(copy, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use crate::mime;
    use crate::model::{Flags, LetterId, Proof, Rule, Scope};
    use crate::store::{Among, Circumstances, Incoming, Packer, Sort, Store, StoreError, prepare};
    use rusqlite::Connection;
    use std::path::Path;

    const RAW: &[u8] = b"From: a@example.org\nSubject: kept\n\nbefore the change\n";

    const LATEST: i64 = super::MIGRATIONS.len() as i64;

    /// Where a store is kept that is brought to the latest form.
    fn copy_of(profile: &Path, end: &str) -> std::path::PathBuf {
        profile.join(format!("mail.before-form-{LATEST}.{end}"))
    }

    /// A store of the first form with one letter in it.
    fn first_form(profile: &Path) {
        let store = Store::open_as(profile, 1).unwrap();
        // What writes today asks whether a folder is seen, which that form did not know.
        let alter = |sql| Connection::open(store.path()).unwrap().execute_batch(sql).unwrap();
        alter("ALTER TABLE folder ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0");
        let folder = store.ensure_folder("local/a").unwrap();
        let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
        let prepared = prepare(mime::parse(RAW), &with, &mut Packer::new(None));
        store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap();
        alter("ALTER TABLE folder DROP COLUMN hidden");
    }

    fn form(path: &Path) -> i64 {
        let conn = Connection::open(path).unwrap();
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_store_of_the_first_form_is_copied_and_brought_up() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        assert_eq!(form(&dir.path().join("mail.sqlite")), 1);

        let store = Store::open(dir.path()).unwrap();
        assert_eq!(form(store.path()), LATEST);
        assert_eq!(store.raw(LetterId(1)).unwrap(), RAW);
        assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
        let rule = Rule { scope: Scope::Sender("a@example.org".into()), proof: Proof::None };
        store.add_rule(&rule, None).unwrap();
        assert_eq!(store.rules().unwrap(), [rule]);

        // The copy is the store of before, whole.
        let copy = copy_of(dir.path(), "sqlite");
        assert_eq!(form(&copy), 1);
        let conn = Connection::open(&copy).unwrap();
        let subject: String =
            conn.query_row("SELECT subject FROM mail", [], |row| row.get(0)).unwrap();
        assert_eq!(subject, "kept");
        conn.query_row("SELECT count(*) FROM rule", [], |_| Ok(())).unwrap_err();
        assert!(!copy_of(dir.path(), "half").exists());
    }

    #[test]
    fn a_store_of_the_form_before_lists_its_conversations() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_as(dir.path(), 7).unwrap();
        let folder = store.ensure_folder("local/a").unwrap();
        let add = |store: &Store, raw: &[u8]| {
            let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
            let prepared = prepare(mime::parse(raw), &with, &mut Packer::new(None));
            store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap();
        };
        add(&store, b"From: a@x.example\nMessage-ID: <1@x>\nSubject: one\n\nx\n");
        add(&store, b"From: b@x.example\nMessage-ID: <2@x>\nSubject: two\n\nx\n");
        add(&store, b"From: b@x.example\nReferences: <1@x>\nSubject: Re: one\n\nx\n");
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(form(store.path()), LATEST);
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 7);
        let folders = [folder];
        let list = store.bundled(Among::Folders(&folders), Sort::Newest).unwrap();
        let mut sizes: Vec<usize> = (0..list.len()).map(|at| list.letters(at).len()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 2]);
        assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
    }

    #[test]
    fn a_copy_that_was_broken_off_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        std::fs::write(copy_of(dir.path(), "half"), b"half a copy").unwrap();
        Store::open(dir.path()).unwrap();
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 1);
    }

    #[test]
    fn many_programs_at_once_change_it_once() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Store::open(dir.path()).unwrap());
            }
        });
        assert_eq!(form(&dir.path().join("mail.sqlite")), LATEST);
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 1);
    }

    #[test]
    fn a_store_without_room_for_its_copy_stays_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        // A folder stands where the copy would go.
        let half = copy_of(dir.path(), "half");
        std::fs::create_dir(&half).unwrap();
        assert!(matches!(Store::open(dir.path()), Err(StoreError::Io { .. })));
        assert_eq!(form(&dir.path().join("mail.sqlite")), 1);
    }

    #[test]
    fn a_store_of_a_newer_program_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let conn = Connection::open(dir.path().join("mail.sqlite")).unwrap();
        conn.pragma_update(None, "user_version", LATEST + 1).unwrap();
        let refused = Store::open(dir.path());
        let Err(StoreError::TooNew { found, known }) = refused else { panic!("{refused:?}") };
        assert_eq!((found, known), (LATEST + 1, LATEST));
    }
}
