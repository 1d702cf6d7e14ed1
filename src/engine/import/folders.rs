//! Which folders an import brings its letters into.
//!
//! Promise: the same archive leads to the same folders each time. What it calls them is made
//! harmless; names that differ only by case or by Unicode's ways of writing are one folder; and
//! however many they are, [`MOST`] of them are made. Letters of the others, and of those whose
//! path is too long, go into the folder above: none is left out.

use super::super::Result;
use crate::archive::{Source, SourceKind, mbox_name};
use crate::model::{FolderId, LONGEST_PATH, folder_level};
use crate::store::Store;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use unicode_normalization::UnicodeNormalization as _;

/// Folders inside archives that get one of their own in one import, at most.
const MOST: usize = 1000;

/// The folders of an import.
pub(super) struct Folders<'a> {
    store: &'a Store,
    /// The folder that was asked for.
    asked: Option<&'a str>,
    /// The account that was asked for instead of a folder: what is in the archive goes into
    /// its own folders.
    account: Option<String>,
    /// How folders, and what is above them, are written, by how they are told apart.
    written: HashMap<String, String>,
    /// Those of whole archives, with their `account/path`, by what was asked for.
    tops: HashMap<String, (FolderId, String)>,
    /// Those inside archives.
    made: HashMap<String, FolderId>,
    /// Those that have none of their own here.
    gathered: HashSet<String>,
}

/// A name as it is told apart from others.
fn alike(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

impl<'a> Folders<'a> {
    pub(super) fn new(store: &'a Store, asked: Option<&'a str>) -> Result<Self> {
        let account = asked.filter(|asked| !asked.contains('/'));
        let account = account.filter(|account| store.account(account).is_ok());
        let mut folders = Self {
            store,
            asked,
            account: account.map(str::to_owned),
            written: HashMap::new(),
            tops: HashMap::new(),
            made: HashMap::new(),
            gathered: HashSet::new(),
        };
        for folder in store.folders()? {
            folders.learn(&folder.name());
        }
        Ok(folders)
    }

    /// How many folders have none of their own.
    pub(super) fn gathered(&self) -> u64 {
        self.gathered.len() as u64
    }

    /// The folder for the letters of a source that was found in `path`.
    pub(super) fn of(&mut self, path: &Path, source: &Source) -> Result<FolderId> {
        let (top, mut name) = match self.account.clone() {
            Some(account) => (None, account),
            None => {
                let (top, name) = self.top(path, source)?;
                (Some(top), name)
            }
        };
        let whole = name.clone();
        let mut names = Vec::new();
        for level in &source.below {
            name = self.below(&name, level);
            names.push(name.clone());
        }
        for below in names.iter().rev() {
            if let Some(id) = self.own(below)? {
                return Ok(id);
            }
            self.gathered.insert(alike(&name));
        }
        match top {
            Some(top) => Ok(top),
            None => Ok(self.store.ensure_folder(&self.below(&whole, "import"))?),
        }
    }

    /// The folder of a whole archive, and its `account/path`.
    fn top(&mut self, path: &Path, source: &Source) -> Result<(FolderId, String)> {
        let name = match self.asked {
            Some(asked) => asked.to_owned(),
            None => {
                let name = archive_name(path, source);
                self.below("local", name.as_deref().unwrap_or("import"))
            }
        };
        if let Some(top) = self.tops.get(&name) {
            return Ok(top.clone());
        }
        let id = self.store.ensure_folder(&name)?;
        // What was asked for may have been said without its account.
        let made = self.store.folders()?.into_iter().find(|folder| folder.id == id);
        let top = (id, made.map_or_else(|| name.clone(), |folder| folder.name()));
        self.learn(&top.1);
        self.tops.insert(name, top.clone());
        Ok(top)
    }

    /// A level below a folder, as it is written: in the one way of Unicode (NFC).
    fn below(&self, above: &str, level: &str) -> String {
        let level: String = level.nfc().collect();
        let name = format!("{above}/{}", folder_level(&level));
        self.written.get(&alike(&name)).cloned().unwrap_or(name)
    }

    /// The folder of its own that a folder inside an archive has, if it may have one.
    fn own(&mut self, name: &str) -> Result<Option<FolderId>> {
        let key = alike(name);
        if let Some(id) = self.made.get(&key) {
            return Ok(Some(*id));
        }
        let path = name.split_once('/').map_or(name, |(_, path)| path);
        if self.made.len() >= MOST || path.len() > LONGEST_PATH {
            return Ok(None);
        }
        let id = self.store.ensure_folder(name)?;
        self.learn(name);
        self.made.insert(key, id);
        Ok(Some(id))
    }

    /// A folder is there: it, and what is above it, is written like this.
    fn learn(&mut self, name: &str) {
        let ends = name.match_indices('/').map(|(at, _)| at).chain([name.len()]);
        for part in ends.filter_map(|end| name.get(..end)) {
            self.written.entry(alike(part)).or_insert_with(|| part.to_owned());
        }
    }
}

/// What an archive is called; a single letter brings no folder of its own.
fn archive_name(path: &Path, source: &Source) -> Option<String> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = match path.is_dir() {
        true => path.file_name()?.to_string_lossy().into_owned(),
        false if matches!(source.kind, SourceKind::Letters(_)) => return None,
        false => mbox_name(&path),
    };
    Some(name.trim_start_matches('.').to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inside(levels: &[&str]) -> Source {
        Source {
            kind: SourceKind::Mbox,
            path: "/nowhere".into(),
            below: levels.iter().map(|level| (*level).to_owned()).collect(),
        }
    }

    fn paths(store: &Store) -> Vec<String> {
        let mut paths: Vec<String> =
            store.folders().unwrap().into_iter().map(|folder| folder.path).collect();
        paths.sort();
        paths
    }

    fn path_of(store: &Store, id: FolderId) -> String {
        store.folders().unwrap().into_iter().find(|folder| folder.id == id).unwrap().path
    }

    #[test]
    fn an_account_that_is_asked_for_has_the_folders_of_the_archive_itself() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let inbox = store.ensure_folder("local/받은편지함").unwrap();
        let mut folders = Folders::new(&store, Some("local")).unwrap();
        let mut of = |levels: &[&str]| folders.of(Path::new("/x"), &inside(levels)).unwrap();
        assert_eq!(of(&["받은편지함"]), inbox);
        let (work, loose) = (of(&["Work", "2019"]), of(&[]));
        assert_eq!(path_of(&store, work), "Work/2019");
        assert_eq!(path_of(&store, loose), "import");
    }

    #[test]
    fn names_that_are_one_to_the_eye_are_one_folder_each_time() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let before = paths(&store).len();
        for _ in 0..2 {
            let mut folders = Folders::new(&store, Some("Old")).unwrap();
            let mut of = |levels: &[&str]| folders.of(Path::new("/x"), &inside(levels)).unwrap();
            let work = of(&["Work", "2019"]);
            assert_eq!(of(&["work", "2019"]), work);
            assert_eq!(path_of(&store, of(&["wORK"])), "Old/Work");
            assert_eq!(of(&["Entwu\u{308}rfe"]), of(&["ENTWÜRFE\u{7}"]));
            assert_eq!(of(&["in\u{202e}box"]), of(&["inbox"]));
            assert_eq!(path_of(&store, of(&["a/b"])), "Old/a\u{2215}b");
            assert_eq!(path_of(&store, of(&["\u{0}", "\u{1b}"])), "Old/?/?");
            assert_eq!(path_of(&store, of(&[])), "Old");
            assert_eq!(folders.gathered(), 0);
            assert_eq!(paths(&store).len(), before + 7);
        }
    }

    #[test]
    fn a_hundred_thousand_folders_make_a_thousand_and_none_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let before = paths(&store).len();
        for _ in 0..2 {
            let mut folders = Folders::new(&store, Some("local/Old")).unwrap();
            let mut into = HashMap::new();
            for number in 0..100_000_u32 {
                let name = number.to_string();
                let deep = ["0", name.as_str()];
                let levels = if number % 2 == 0 { &deep[1..] } else { &deep[..] };
                let id = folders.of(Path::new("/x"), &inside(levels)).unwrap();
                *into.entry(id).or_insert(0) += 1;
            }
            // As many when it is brought in again.
            assert_eq!(paths(&store).len(), before + 1 + MOST);
            assert_eq!(into.len(), MOST + 1);
            assert_eq!(folders.gathered(), 100_000 - MOST as u64);
            // What has no folder of its own is right above.
            let top = store.folder("local/Old").unwrap().id;
            let zero = store.folder("local/Old/0").unwrap().id;
            assert_eq!(into[&top], 50_000 - MOST / 2);
            assert_eq!(into[&zero], 50_000 - MOST / 2 + 1);
        }
    }

    #[test]
    fn a_path_that_is_too_long_ends_where_it_still_fits() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let mut folders = Folders::new(&store, None).unwrap();
        let long = "가".repeat(80);
        let id = folders.of(Path::new("/x/mail.mbox"), &inside(&[&long, "b", &long, "c"])).unwrap();
        assert_eq!(path_of(&store, id), format!("mail/{long}/b"));
        assert_eq!(folders.gathered(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn whatever_an_archive_calls_its_folders_they_are_fit_to_be_seen(
            of in proptest::collection::vec(proptest::collection::vec(".{0,300}", 0..6), 1..12),
            called in ".{0,40}",
        ) {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::open(dir.path()).unwrap();
            let mut folders = Folders::new(&store, None).unwrap();
            let at = Path::new("/x").join(called);
            let mut first = Vec::new();
            for levels in &of {
                let source = Source { below: levels.clone(), ..inside(&[]) };
                first.push(folders.of(&at, &source).unwrap());
            }
            let mut seen = HashSet::new();
            for path in paths(&store) {
                prop_assert!(path.len() <= LONGEST_PATH, "{path:?}");
                for level in path.split('/') {
                    prop_assert_eq!(folder_level(level), level);
                }
                prop_assert!(seen.insert(alike(&path)), "{path:?} is there twice");
            }
            let mut again = Folders::new(&store, None).unwrap();
            for (levels, id) in of.iter().zip(first) {
                let source = Source { below: levels.clone(), ..inside(&[]) };
                prop_assert_eq!(again.of(&at, &source).unwrap(), id);
            }
        }
    }
}
