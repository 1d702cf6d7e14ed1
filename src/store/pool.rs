//! Connections: one that writes, a few that only read, and the profile's lock.

use super::error::{Result, StoreError};
use super::holder::Holder;
use super::raw::Unpacker;
use super::schema;
use crate::{fail, window_thread};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Name of the database inside a profile.
pub const DATABASE: &str = "mail.sqlite";
/// Readers kept open; more are opened when needed and closed after use.
const IDLE_READERS: usize = 4;
/// How long whoever has the profile's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The store of one profile.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// Who writes next.
    turn: Mutex<()>,
    writer: Mutex<Connection>,
    /// Held by who makes the search index compact.
    pub(super) tidying: Mutex<()>,
    readers: Mutex<Vec<Connection>>,
    pub(super) unpacker: Unpacker,
    /// Fail points left until one is hit: for tests.
    #[cfg(test)]
    failing: std::sync::atomic::AtomicU32,
    /// Writes the disk has room for: for tests.
    #[cfg(test)]
    room: std::sync::atomic::AtomicU32,
}

/// The right to change a profile: one process at a time has it.
#[derive(Debug)]
pub struct ProfileLock {
    file: File,
}

impl ProfileLock {
    /// Takes the lock of `profile`, which is created if it is not there. A verb that has it
    /// for a moment is waited for, two seconds at most.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process has it.
    pub fn take(profile: &Path) -> Result<Self> {
        let since = Instant::now();
        loop {
            match Self::take_at_once(profile) {
                Err(StoreError::Busy { .. }) if since.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                taken => return taken,
            }
        }
    }

    /// The same without waiting.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process has it.
    pub fn take_at_once(profile: &Path) -> Result<Self> {
        window_thread::keep_out_of("the store");
        std::fs::create_dir_all(profile).map_err(|e| StoreError::io(profile, e))?;
        let path = profile.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|e| StoreError::io(&path, e))?;
        match file.try_lock() {
            Ok(()) => {
                // Whoever had it last has it no more.
                let _ = file.set_len(0);
                Ok(Self { file })
            }
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::Busy { path, by: Holder::read(&file) })
            }
            Err(TryLockError::Error(e)) => Err(StoreError::io(path, e)),
        }
    }

    /// Says who has it, to those that it keeps out.
    pub fn say(&self, holder: &Holder) {
        holder.write(&self.file);
    }
}

impl Store {
    /// Opens the store of `profile`, creating or migrating it.
    ///
    /// # Errors
    /// When the profile cannot be created, or the store is not ours to open.
    pub fn open(profile: &Path) -> Result<Self> {
        Self::open_as(profile, schema::MIGRATIONS.len())
    }

    /// Opens it in the form that so many migrations make.
    pub(super) fn open_as(profile: &Path, form: usize) -> Result<Self> {
        window_thread::keep_out_of("the store");
        std::fs::create_dir_all(profile).map_err(|e| StoreError::io(profile, e))?;
        let path = profile.join(DATABASE);
        let mut writer = Connection::open(&path)?;
        writer.busy_timeout(Duration::from_secs(10))?;
        let pages: i64 = writer.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        if pages == 0 {
            writer.execute_batch("PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL;")?;
        }
        writer.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             PRAGMA foreign_keys = ON;
             PRAGMA cell_size_check = ON;
             PRAGMA secure_delete = FAST;
             PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -16384;",
        )?;
        writer.set_prepared_statement_cache_capacity(64);
        schema::migrate(&mut writer, &path, form)?;
        Ok(Self {
            path,
            turn: Mutex::default(),
            writer: Mutex::new(writer),
            tidying: Mutex::default(),
            readers: Mutex::default(),
            unpacker: Unpacker::default(),
            #[cfg(test)]
            failing: std::sync::atomic::AtomicU32::new(u32::MAX),
            #[cfg(test)]
            room: std::sync::atomic::AtomicU32::new(u32::MAX),
        })
    }

    /// Whether `profile` holds a store already.
    pub fn exists(profile: &Path) -> bool {
        profile.join(DATABASE).exists()
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one write transaction: all of it or nothing.
    ///
    /// # Errors
    /// What `work` or SQLite returns; nothing is written then.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.commit(&mut self.writer(), work)
    }

    fn commit<T, W: FnOnce(&Transaction<'_>) -> Result<T>>(
        &self,
        writer: &mut Connection,
        work: W,
    ) -> Result<T> {
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&tx)?;
        fail::point(|| format!("store:{}:before", fail::function::<W>()));
        #[cfg(test)]
        self.fail_point()?;
        #[cfg(test)]
        self.take_room()?;
        tx.commit()?;
        fail::point(|| format!("store:{}:after", fail::function::<W>()));
        #[cfg(test)]
        self.fail_point()?;
        Ok(value)
    }

    /// Every write counts two fail points, before and after its commit; after so many the
    /// next one, and all after it, break off as if the program had died there.
    #[cfg(test)]
    pub(crate) fn fail_in(&self, points: Option<u32>) {
        let points = points.unwrap_or(u32::MAX);
        self.failing.store(points, std::sync::atomic::Ordering::SeqCst);
    }

    #[cfg(test)]
    fn fail_point(&self) -> Result<()> {
        use std::sync::atomic::Ordering::SeqCst;
        match self.failing.load(SeqCst) {
            u32::MAX => Ok(()),
            0 => Err(StoreError::Damaged("a fail point".into())),
            left => {
                self.failing.store(left - 1, SeqCst);
                Ok(())
            }
        }
    }

    /// After so many more writes the disk is full, until there is room again.
    #[cfg(test)]
    pub(crate) fn fill_in(&self, writes: Option<u32>) {
        self.room.store(writes.unwrap_or(u32::MAX), std::sync::atomic::Ordering::SeqCst);
    }

    #[cfg(test)]
    fn take_room(&self) -> Result<()> {
        use std::sync::atomic::Ordering::SeqCst;
        match self.room.load(SeqCst) {
            u32::MAX => Ok(()),
            0 => Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
                None,
            )
            .into()),
            left => {
                self.room.store(left - 1, SeqCst);
                Ok(())
            }
        }
    }

    /// The same, and on the disk when it returns, not only in the log of a system that may
    /// fail: for what must be written before something leaves this computer.
    ///
    /// # Errors
    /// What `work` or SQLite returns; nothing is written then.
    pub(super) fn write_durably<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer();
        writer.execute_batch("PRAGMA synchronous = FULL")?;
        let written = self.commit(&mut writer, work);
        writer.execute_batch("PRAGMA synchronous = NORMAL")?;
        written
    }

    /// The writing connection, outside any transaction. Who waits for it has it before who has
    /// just had it: many small steps keep nobody waiting longer than one.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        window_thread::keep_out_of("the store");
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic while writing rolled its transaction back: the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on a connection that cannot write, in one snapshot.
    ///
    /// # Errors
    /// What `work` or SQLite returns.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.look(|conn| work(&*conn.unchecked_transaction()?))
    }

    /// The same for one question, which needs no snapshot, and is asked very often.
    ///
    /// # Errors
    /// What `work` or SQLite returns.
    pub(super) fn look<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        window_thread::keep_out_of("the store");
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.reader()?,
        };
        let value = work(&conn)?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(conn);
        }
        Ok(value)
    }

    /// There may be many of them: they keep little, the system keeps the file for all.
    fn reader(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(&self.path, flags)?;
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.execute_batch(
            "PRAGMA query_only = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -4096;",
        )?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(conn)
    }

    /// Makes everything written so far durable and folds the log into the database.
    ///
    /// # Errors
    /// What SQLite returns.
    pub fn checkpoint(&self) -> Result<()> {
        self.writer()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(StoreError::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

    #[test]
    #[allow(clippy::unwrap_used)]
    fn who_waits_to_write_does_so_before_who_has_just_written() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        for _ in 0..50 {
            let other = AtomicBool::new(false);
            std::thread::scope(|scope| {
                let held = store.writer();
                scope.spawn(|| {
                    let held = store.writer();
                    other.store(true, SeqCst);
                    drop(held);
                });
                while store.turn.try_lock().is_ok() {
                    std::thread::yield_now();
                }
                drop(held);
                let again = store.writer();
                assert!(other.load(SeqCst));
                drop(again);
            });
        }
    }
}
