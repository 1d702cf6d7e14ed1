//! The window's thread never works: it is marked while it shows the window, and the doors to
//! the store, to letters and their layout, to files and to the network are shut to it.
//!
//! Builds without debug assertions, those that users have, know none of this.

use std::cell::Cell;
#[cfg(any(test, feature = "gui"))]
use std::marker::PhantomData;

thread_local! {
    static MARKED: Cell<bool> = const { Cell::new(false) };
}

/// This thread is the window's, as long as this is there.
#[cfg(any(test, feature = "gui"))]
#[derive(Debug)]
pub(crate) struct Marked {
    before: bool,
    /// It speaks of the thread that it was made on.
    _here: PhantomData<*const ()>,
}

/// From now on this thread is the window's.
#[cfg(any(test, feature = "gui"))]
pub(crate) fn marked() -> Marked {
    Marked { before: MARKED.replace(true), _here: PhantomData }
}

#[cfg(any(test, feature = "gui"))]
impl Drop for Marked {
    fn drop(&mut self) {
        MARKED.set(self.before);
    }
}

/// A door that the window's thread may not go through: panics there, in debug builds.
#[inline]
#[track_caller]
pub(crate) fn keep_out_of(place: &str) {
    debug_assert!(!MARKED.get(), "the window's thread is at {place}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// What is said when the window's thread does this; nothing, where it may.
    fn said(does: impl FnOnce()) -> Option<String> {
        let _marked = marked();
        let stopped = catch_unwind(AssertUnwindSafe(does)).err()?;
        stopped.downcast_ref::<String>().cloned()
    }

    #[track_caller]
    fn is_kept_out(of: &str, does: impl FnOnce()) {
        assert_eq!(said(does).unwrap_or_default(), format!("the window's thread is at {of}"));
    }

    #[test]
    fn the_windows_thread_opens_no_store_and_asks_none() {
        let dir = tempfile::tempdir().unwrap();
        let store = crate::store::Store::open(dir.path()).unwrap();
        is_kept_out("the store", || drop(crate::store::Store::open(dir.path())));
        is_kept_out("the store", || drop(store.folders()));
        is_kept_out("the store", || drop(store.set_setting("a", Some("b"))));
        // Another thread may, and this one once it shows no window.
        std::thread::scope(|scope| {
            let _marked = marked();
            scope.spawn(|| store.folders().unwrap()).join().unwrap();
        });
        store.folders().unwrap();
    }

    #[test]
    fn it_reads_no_letter() {
        is_kept_out("a letter", || drop(crate::mime::parse(b"Subject: a\r\n\r\nb")));
    }

    #[test]
    fn it_reads_and_writes_no_archive() {
        use crate::archive::{MaildirWriter, MboxReader, find};
        use crate::engine::{ExportFormat, export, import};
        use std::sync::atomic::AtomicBool;
        let dir = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        let store = crate::store::Store::open(dir.path()).unwrap();
        store.ensure_folder("local/a").unwrap();
        let folder = store.folder("local/a").unwrap();
        let paths = [dir.path().to_owned()];
        is_kept_out("an archive", || drop(find(dir.path(), &never)));
        is_kept_out("an archive", || drop(MboxReader::new(&b"From "[..])));
        is_kept_out("an archive", || drop(MaildirWriter::create(dir.path())));
        is_kept_out("an archive", || drop(import(&store, &paths, None, &never, |_| {})));
        for format in [ExportFormat::Mboxrd, ExportFormat::Maildir, ExportFormat::Eml] {
            let out = dir.path().join("out");
            let asked = || drop(export(&store, &folder, &out, format, &never, |_, _| {}));
            is_kept_out("an archive", asked);
            assert!(!out.exists());
        }
    }

    #[cfg(feature = "render")]
    #[test]
    fn it_lays_no_letter_out() {
        use crate::html::clean::{Cleaned, Scheme};
        use crate::html::page::Engine;
        use crate::html::worker::protocol::View;
        let mut engine = Engine::new();
        let view = View { width: 320.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };
        let mut page = engine.open(Cleaned::default(), view);
        is_kept_out("layout", || drop(engine.open(Cleaned::default(), view)));
        is_kept_out("layout", || page.set_view(&mut engine, view));
        is_kept_out("layout", || drop(page.paint(0, 10)));
    }

    #[test]
    fn it_reaches_nobody() {
        let resolver = "127.0.0.1:1".parse().unwrap();
        let asked = || drop(crate::net::dns::Dns::at(resolver).about("example.com"));
        is_kept_out("the network", asked);
    }

    #[test]
    fn what_it_does_within_itself_leaves_the_mark() {
        let outer = marked();
        drop(marked());
        assert!(MARKED.get());
        drop(outer);
        assert!(!MARKED.get());
    }
}
