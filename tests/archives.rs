//! Mail from archives and into them, as the window asks for it: through the engine's commands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::engine::protocol::{
    Archived, Archiving, Command, Doing, Event, ExportFormat, Exported, Imported, NotDone, Passed,
    Refusal,
};
use goyo::engine::{self, Commands, Options};
use goyo::model::{Act, Flags, FolderId};
use goyo::store::Store;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

/// An engine on a profile of its own, beside which archives lie.
struct Desk {
    dir: TempDir,
    commands: Commands,
    events: Receiver<Event>,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_goyo")));
        let options = Options { program, ..Options::default() };
        let (commands, events) = engine::start(&dir.path().join("profile"), options).unwrap();
        Self { dir, commands, events }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn store(&self) -> Store {
        Store::open(&self.path("profile")).unwrap()
    }

    fn until<T>(&mut self, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            let event = self.events.blocking_recv().expect("the engine is there");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    }

    fn archived(&mut self) -> Arc<Archived> {
        self.until(|event| match event {
            Event::Archived(archived) => Some(Arc::clone(archived)),
            _ => None,
        })
    }

    fn imported(&mut self) -> (Imported, Option<NotDone>) {
        match (*self.archived()).clone() {
            Archived::Import(done, trouble) => (done, trouble),
            Archived::Export(..) => panic!("that was an export"),
        }
    }

    fn exported(&mut self) -> (Option<PathBuf>, Exported, Option<NotDone>) {
        match (*self.archived()).clone() {
            Archived::Export(out, done, trouble) => (out, done, trouble),
            Archived::Import(..) => panic!("that was an import"),
        }
    }

    /// Brings in what lies there, and waits for its end.
    fn import(&mut self, paths: &[PathBuf], folder: &str) -> Imported {
        let folder = Some(folder.to_owned());
        self.commands.send(Command::Import { paths: paths.to_vec(), folder });
        let (done, trouble) = self.imported();
        assert_eq!(trouble, None);
        done
    }

    /// The letters of a folder: their bytes and flags.
    fn letters(&self, name: &str) -> Vec<(Vec<u8>, Flags)> {
        let store = self.store();
        let folder = store.folder(name).unwrap();
        let letters = store.ids(folder.id).unwrap().into_iter();
        letters.map(|(id, flags)| (store.raw(id).unwrap(), flags)).collect()
    }

    fn count(&self, name: &str) -> u64 {
        self.store().folder(name).unwrap().total
    }

    fn export(&self, folder: FolderId, form: ExportFormat, dir: &Path) {
        let name = "나간 메일".to_owned();
        self.commands.send(Command::Export { folder, form, dir: dir.to_owned(), name });
    }
}

/// Letters that are hard on an archive.
fn odd() -> Vec<Vec<u8>> {
    vec![
        b"Subject: plain\n\ntext\n".to_vec(),
        b"Subject: no end of line\n\ntext".to_vec(),
        b"Subject: From lines\n\nFrom me\n>From you\n>>From both\n\nFrom a@x Thu Jan  1 00:00:00 1970\n"
            .to_vec(),
        b"Subject: crlf\r\n\r\nFrom one\r\n\r\n".to_vec(),
        b"Subject: counted\nContent-Length: 3\n\nmore than that\n".to_vec(),
        b"Subject: bytes\n\n\x00\xff\xfe\x80\n\n\n".to_vec(),
        "Subject: 한글\n\n안녕하세요\n".as_bytes().to_vec(),
        b"\n\n\n".to_vec(),
    ]
}

fn many(count: usize) -> String {
    let mut mbox = String::new();
    for at in 0..count {
        mbox += &format!(
            "From a@example.com Thu Jan  1 00:00:00 1970\nFrom: a@example.com\n\
             Subject: letter {at}\nMessage-ID: <{at}@example.com>\n\nThis is number {at}.\n\n"
        );
    }
    mbox
}

#[test]
fn an_archive_of_too_many_folders_brings_every_letter_and_says_where_it_is() {
    let mut desk = Desk::new();
    for at in 0..1003 {
        let letter = format!("Subject: {at}\n\ntext {at}\n");
        desk.write(&format!("mail/{at:04}\u{202e}/1.eml"), letter);
    }
    let deep = "deep/".repeat(70);
    desk.write(&format!("mail/{deep}2.eml"), "Subject: deep\n\n");
    let before = desk.store().folders().unwrap().len();
    for came in [1003, 0] {
        let done = desk.import(&[desk.path("mail")], "local/old");
        assert_eq!((done.imported, done.duplicate, done.gathered), (came, 1003 - came, 4));
        // What is not followed is told.
        let refused: Vec<_> = done.refused.iter().map(|refused| &refused.why).collect();
        assert_eq!((done.passed, refused), (1, vec![&Refusal::TooDeep]));
        assert_eq!(desk.store().folders().unwrap().len(), before + 1 + 1000);
        assert_eq!((desk.count("local/old"), desk.count("local/old/0007")), (3, 1));
    }
}

#[test]
fn what_is_exported_and_imported_again_is_the_same_byte_for_byte() {
    let mut desk = Desk::new();
    let flags = Flags::SEEN.with(Flags::FLAGGED);
    for (at, letter) in odd().iter().enumerate() {
        desk.write(&format!("mail/{at}.eml"), letter);
    }
    let done = desk.import(&[desk.path("mail")], "local/a");
    assert_eq!((done.imported, done.duplicate, done.passed), (odd().len() as u64, 0, 0));
    let store = desk.store();
    let folder = store.folder("local/a").unwrap().id;
    let (first, _) = store.ids(folder).unwrap()[0];
    store.set_flags(&[(first, flags)]).unwrap();
    drop(store);
    for (form, name) in [
        (ExportFormat::Mboxrd, "나간 메일.mbox"),
        (ExportFormat::Maildir, "나간 메일"),
        (ExportFormat::Eml, "나간 메일 (1)"),
    ] {
        desk.export(folder, form, &desk.path("out"));
        let (out, done, trouble) = desk.exported();
        assert_eq!((done.exported, done.damaged, trouble), (odd().len() as u64, 0, None));
        assert_eq!(out, Some(desk.path("out").join(name)), "nothing is written over");
        let back = format!("local/back-{form:?}");
        let done = desk.import(&[out.unwrap()], &back);
        assert_eq!(done.imported, odd().len() as u64, "{form:?}");
        let (mut before, mut after) = (desk.letters("local/a"), desk.letters(&back));
        if form != ExportFormat::Maildir {
            // These forms keep no flags.
            before.iter_mut().for_each(|(_, flags)| *flags = Flags::NONE);
        }
        before.sort_by(|a, b| a.0.cmp(&b.0));
        after.sort_by(|a, b| a.0.cmp(&b.0));
        assert!(before == after, "{form:?}");
    }
}

#[test]
fn it_is_told_how_far_it_is_and_that_letters_have_come() {
    let mut desk = Desk::new();
    let mbox = desk.write("옛메일.mbox", many(300));
    desk.commands.send(Command::Import { paths: vec![mbox.clone()], folder: None });
    let (mut far, mut last): (Vec<Archiving>, _) = (Vec::new(), None);
    let done = desk.until(|event| match event {
        Event::Archiving(at) => {
            far.push(*at);
            None
        }
        Event::Archived(archived) => Some(Arc::clone(archived)),
        other => {
            last = Some(other.clone());
            None
        }
    });
    let Archived::Import(done, None) = &*done else { panic!("{done:?}") };
    assert_eq!((done.imported, done.stopped), (300, false));
    assert_eq!(far.first().map(|at| at.doing), Some(Doing::Looking));
    assert!(far.iter().any(|at| at.doing == Doing::Importing), "{far:?}");
    assert!(far.is_sorted_by_key(|at| (at.letters, at.done)), "{far:?}");
    assert!(far.iter().all(|at| at.done <= at.all), "{far:?}");
    // Named after the archive, on this computer.
    assert_eq!(desk.count("local/옛메일"), 300);
    let again = desk.import(&[mbox], "local/옛메일");
    assert_eq!((again.imported, again.duplicate), (0, 300));
}

#[test]
fn an_import_is_stopped_and_completed_later() {
    const ALL: usize = 12_000;
    let mut desk = Desk::new();
    let mbox = desk.write("a.mbox", many(ALL));
    let paths = vec![mbox.clone()];
    desk.commands.send(Command::Import { paths, folder: Some("local/a".into()) });
    desk.until(|event| matches!(event, Event::Archiving(_)).then_some(()));
    // There is one at a time.
    desk.commands.send(Command::Import { paths: vec![mbox.clone()], folder: None });
    desk.until(|event| matches!(event, Event::Failed(NotDone::Archiving)).then_some(()));
    desk.commands.send(Command::StopArchiving);
    let (done, trouble) = desk.imported();
    assert_eq!((done.stopped, trouble), (true, None));
    assert!(done.imported < ALL as u64, "{done:?}");
    let store = desk.store();
    let here = store.folders().unwrap().iter().map(|folder| folder.total).sum::<u64>();
    assert_eq!(here, done.imported, "what is told is what is here");
    drop(store);
    let rest = desk.import(&[mbox], "local/a");
    assert_eq!(rest.imported + done.imported, ALL as u64);
    assert_eq!((rest.duplicate, desk.count("local/a")), (done.imported, ALL as u64));
}

#[test]
fn a_window_that_closes_meanwhile_leaves_whole_letters() {
    const ALL: usize = 12_000;
    let mut desk = Desk::new();
    let mbox = desk.write("a.mbox", many(ALL));
    desk.commands.send(Command::Import { paths: vec![mbox], folder: Some("local/a".into()) });
    desk.until(|event| matches!(event, Event::Archiving(_)).then_some(()));
    let farewell = desk.commands.farewell();
    desk.commands.send(Command::Quit);
    assert!(farewell.wait(Duration::from_secs(60)));
    let store = desk.store();
    for folder in store.folders().unwrap() {
        assert!(folder.total < ALL as u64);
        for (id, _) in store.ids(folder.id).unwrap() {
            assert!(store.raw(id).unwrap().ends_with(b".\n"));
        }
    }
}

#[test]
fn what_cannot_be_understood_is_named_and_takes_nothing_with_it() {
    let mut desk = Desk::new();
    // A letter without an end: larger than any that is kept, of nothing but zeros.
    let endless = desk.write("mail/b.mbox", format!("{}From x", many(1)));
    let file = fs::File::options().append(true).open(&endless).unwrap();
    let head = "From z@example.com Thu Jan  1 00:00:00 1970\nSubject: endless\n\n";
    fs::write(&endless, format!("{}{head}", many(1))).unwrap();
    file.set_len(140 << 20).unwrap();
    // What is no letter at all, and what only seems to be an mbox.
    desk.write("mail/a.eml", [0_u8, 255, 10, 13, 0, 10]);
    desk.write("mail/c.mbox", "From \n\n\nFrom \nFrom \n\0\n");
    desk.write("mail/d.eml", "Subject: good\n\nyes\n");
    // It would be waited for for ever.
    let pipe = desk.path("mail/e.mbox");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let done = desk.import(&[desk.path("mail")], "local/a");
    assert!(!done.stopped && done.imported >= 3, "{done:?}");
    assert_eq!(done.passed, done.refused.len() as u64);
    let endless: Vec<_> = done.refused.iter().map(|one| (&one.what, &one.why)).collect();
    assert!(
        matches!(endless[..], [(Passed::InMbox(path, _), Refusal::TooLarge(_))]
            if path.ends_with("mail/b.mbox")),
        "{done:?}"
    );
    let letters = desk.letters("local/a");
    assert!(letters.iter().any(|(raw, _)| raw == b"Subject: good\n\nyes\n"));
}

#[test]
fn what_holds_no_mail_is_said_by_its_name_and_nothing_is_made_of_the_rest() {
    let mut desk = Desk::new();
    let good = desk.write("good.eml", "Subject: good\n\nyes\n");
    let pipe = desk.path("pipe.mbox");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let picture = desk.write("picture.png", [0x89, b'P', b'N', b'G']);
    for (bad, why) in [
        (picture.clone(), NotDone::NoMail(picture)),
        (pipe.clone(), NotDone::NoMail(pipe)),
        (
            desk.path("gone.mbox"),
            NotDone::At(desk.path("gone.mbox"), goyo::model::Obstacle::Missing),
        ),
    ] {
        let folder = Some("local/a".to_owned());
        desk.commands.send(Command::Import { paths: vec![good.clone(), bad], folder });
        let (done, trouble) = desk.imported();
        assert_eq!((done, trouble), (Imported::default(), Some(why)));
    }
    assert!(desk.store().folder("local/a").is_err(), "no folder is made for nothing");
}

#[test]
fn what_is_brought_into_a_folder_that_was_removed_is_seen() {
    let mut desk = Desk::new();
    let mbox = [desk.write("a.mbox", many(3))];
    desk.import(&mbox, "local/a");
    let folder = desk.store().folder("local/a").unwrap().id;
    desk.commands.send(Command::Act(Act::DeleteFolder(folder)));
    desk.until(|event| matches!(event, Event::Gesture(_)).then_some(()));
    assert!(desk.store().folder("local/a").is_err());
    let again = desk.import(&mbox, "local/a");
    assert_eq!((again.imported, desk.count("local/a")), (3, 3));
}

/// As on a disk that fills up: no file may be larger than this.
#[cfg(target_os = "linux")]
#[test]
fn an_export_that_finds_no_room_leaves_nothing_half_written() {
    let mut desk = Desk::new();
    for at in 0..4 {
        // Small in the store, and larger than there is room for beside it.
        let text = format!("{}\n", "x".repeat(70)).repeat(45_000);
        desk.write(&format!("mail/{at}.eml"), format!("Subject: {at}\n\n{text}\n"));
    }
    desk.import(&[desk.path("mail")], "local/a");
    let farewell = desk.commands.farewell();
    desk.commands.send(Command::Quit);
    assert!(farewell.wait(Duration::from_secs(60)));
    for format in ["mboxrd", "maildir", "eml"] {
        let out = desk.path(&format!("out-{format}/a"));
        fs::create_dir_all(out.parent().unwrap()).unwrap();
        let goyo = env!("CARGO_BIN_EXE_goyo");
        let script = format!(
            "trap '' XFSZ; ulimit -f 2048; exec {goyo} --profile \"$1\" export \
             --folder local/a --format {format} --out \"$2\""
        );
        let mut shell = std::process::Command::new("bash");
        shell.args(["-c", &script, "bash"]).arg(desk.path("profile")).arg(&out);
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("out-"), "{output:?}");
        let mut left = Vec::new();
        let mut folders = vec![out.parent().unwrap().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false => left.push(entry.path()),
                }
            }
        }
        assert!(left.is_empty(), "{left:?}");
    }
}
