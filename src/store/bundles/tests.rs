use super::*;
use crate::mime;
use crate::model::{Act, FolderId};
use crate::store::{Circumstances, Incoming, Packer, prepare};
use std::time::{Duration, Instant};

/// A letter: its number, what it refers to, and its sender.
fn raw(id: usize, references: &[usize], from: &str) -> Vec<u8> {
    let references: Vec<String> = references.iter().map(|id| format!("<{id}@x>")).collect();
    format!(
        "From: {from}\r\nMessage-ID: <{id}@x>\r\nReferences: {}\r\nDate: {} Nov 2026 {:02}:{:02}:{:02} \
         +0000\r\nSubject: number {id}\r\n\r\nx\r\n",
        references.join("\r\n "),
        1 + id / 86_400,
        id / 3_600 % 24,
        id / 60 % 60,
        id % 60,
    )
    .into_bytes()
}

fn prepared(raw: &[u8]) -> Incoming {
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    Incoming::New(Box::new(prepare(mime::parse(raw), &with, &mut Packer::new(None))))
}

fn add(store: &Store, folder: FolderId, letters: &[(usize, &[usize])]) {
    let letters: Vec<_> = letters
        .iter()
        .map(|(id, refs)| (folder, prepared(&raw(*id, refs, "a@example.org")), Flags::NONE))
        .collect();
    store.add(&letters).unwrap();
}

struct Shop {
    _dir: tempfile::TempDir,
    store: Store,
    folder: FolderId,
}

fn shop() -> Shop {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let folder = store.ensure_folder("local/inbox").unwrap();
    Shop { _dir: dir, store, folder }
}

impl Shop {
    fn bundled(&self, sort: Sort) -> Bundled {
        self.store.bundled(Among::Folders(&[self.folder]), sort).unwrap()
    }

    /// The bundles by the numbers in their letters' subjects.
    fn numbers(&self, bundled: &Bundled) -> Vec<Vec<usize>> {
        let number = |row: LetterRow| row.subject["number ".len()..].parse().unwrap();
        (0..bundled.len())
            .map(|at| {
                let rows = self.store.rows_of(bundled.letters(at)).unwrap();
                rows.into_iter().map(number).collect()
            })
            .collect()
    }

    /// The branches of a conversation: number, depth, lines, whether it is the last.
    fn tree(&self, bundled: &Bundled, at: usize) -> Vec<(usize, u8, u8, bool)> {
        let branches = self.store.branches(bundled.threads()[at], bundled.letters(at)).unwrap();
        let number =
            |id| self.store.letter(id).unwrap().subject["number ".len()..].parse().unwrap();
        branches.iter().map(|b| (number(b.letter), b.depth, b.lines, b.last)).collect()
    }
}

#[test]
fn a_conversation_is_one_row_where_its_newest_letter_is() {
    let shop = shop();
    add(&shop.store, shop.folder, &[(1, &[]), (2, &[]), (3, &[1]), (4, &[]), (5, &[1, 3])]);
    let other = shop.store.ensure_folder("local/else").unwrap();
    // Part of it lies elsewhere: it is not of this list.
    add(&shop.store, other, &[(6, &[5])]);
    let newest = shop.bundled(Sort::Newest);
    assert_eq!(shop.numbers(&newest), [vec![5, 3, 1], vec![4], vec![2]]);
    assert_eq!(shop.numbers(&shop.bundled(Sort::Oldest)), [vec![2], vec![4], vec![5, 3, 1]]);
    // Of all mail it is one with what lies elsewhere, each letter once.
    add(&shop.store, other, &[(3, &[1])]);
    let all = shop.store.bundled(Among::All, Sort::Newest).unwrap();
    assert_eq!(shop.numbers(&all), [vec![6, 5, 3, 1], vec![4], vec![2]]);
    assert_eq!(newest.letters(17), []);
}

#[test]
fn every_order_has_each_letter_once_and_stars_and_unread_ones_lead_their_conversation() {
    let shop = shop();
    add(&shop.store, shop.folder, &[(1, &[]), (2, &[]), (3, &[1]), (4, &[])]);
    let list = shop.bundled(Sort::Newest);
    let oldest = *list.letters(1).last().unwrap();
    assert_eq!(shop.store.letter(oldest).unwrap().subject, "number 1");
    let star = crate::model::FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    shop.store.act(&Act::Flag(vec![oldest], star)).unwrap();
    assert_eq!(shop.numbers(&shop.bundled(Sort::Starred)), [vec![3, 1], vec![4], vec![2]]);
    for sort in [Sort::Sender, Sort::Subject, Sort::Size, Sort::Unread] {
        let mut all: Vec<usize> = shop.numbers(&shop.bundled(sort)).concat();
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4], "{sort:?}");
    }
    // In an order that was settled before.
    let threads: Vec<_> = list.threads().iter().rev().copied().chain([ThreadId(99)]).collect();
    assert_eq!(shop.numbers(&list.arranged(&threads)), [vec![2], vec![3, 1], vec![4]]);
}

#[test]
fn a_row_says_who_wrote_and_what_any_of_its_letters_has() {
    let shop = shop();
    let writers = ["Ara <a@example.org>", "Bora <b@example.org>", "Ara <A@example.org>"];
    for (id, from) in (1..).zip(writers) {
        let refs: &[usize] = if id > 1 { &[1] } else { &[] };
        let mut raw = raw(id, refs, from);
        if id == 2 {
            let mixed = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
            let parts = "\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\n\
                         Content-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n";
            let text = String::from_utf8(raw).unwrap();
            let head = text.split("\r\n\r\n").next().unwrap();
            raw = format!("{head}\r\n{mixed}{parts}").into_bytes();
        }
        let flags = if id == 3 { Flags::SEEN } else { Flags::FLAGGED };
        shop.store.add(&[(shop.folder, prepared(&raw), flags)]).unwrap();
    }
    let list = shop.bundled(Sort::Newest);
    let gone: &[LetterId] = &[LetterId(900)];
    let mut rows = shop.store.bundles(&[gone, list.letters(0)]).unwrap();
    assert_eq!(rows.len(), 1);
    let (newest, bundle) = rows.remove(0);
    let bundle = bundle.unwrap();
    assert_eq!(newest.subject, "number 3");
    assert!(!newest.has_attachment && bundle.has_attachment);
    let who: Vec<_> = bundle.who.iter().map(|who| who.label()).collect();
    assert_eq!(who, ["Ara", "Bora"], "who wrote last comes first, and each once");
    let flags: Vec<_> = bundle.letters.iter().map(|(_, flags)| *flags).collect();
    assert_eq!(flags, [Flags::SEEN, Flags::FLAGGED, Flags::FLAGGED]);
    // Of one nothing is said but itself.
    let one = &list.letters(0)[..1];
    assert_eq!(shop.store.bundles(&[one]).unwrap()[0].1, None);
}

#[test]
fn answers_stand_below_what_they_answer_also_where_that_lies_elsewhere() {
    let shop = shop();
    let sent = shop.store.ensure_folder("local/sent").unwrap();
    // 1 ── 2 (sent) ── 4, 1 ── 3 ── 5, and 6 that answers something nobody has.
    add(&shop.store, shop.folder, &[(1, &[]), (3, &[1])]);
    add(&shop.store, sent, &[(2, &[1])]);
    // A program that names only what it answers.
    add(&shop.store, shop.folder, &[(4, &[2]), (5, &[1, 3]), (6, &[1, 77])]);
    let list = shop.bundled(Sort::Newest);
    assert_eq!(list.len(), 1);
    assert_eq!(
        shop.tree(&list, 0),
        [(1, 0, 0, true), (3, 1, 0, false), (5, 2, 0b10, true), (4, 1, 0, false), (6, 1, 0, true),]
    );
}

#[test]
fn of_circles_every_letter_is_shown_once() {
    let shop = shop();
    add(&shop.store, shop.folder, &[(1, &[3]), (2, &[1]), (3, &[2]), (4, &[4]), (5, &[4, 5, 6])]);
    add(&shop.store, shop.folder, &[(6, &[5])]);
    let list = shop.bundled(Sort::Newest);
    assert_eq!(shop.numbers(&list), [vec![6, 5, 4], vec![3, 2, 1]]);
    for at in 0..2 {
        let mut shown: Vec<usize> = shop.tree(&list, at).iter().map(|row| row.0).collect();
        shown.sort_unstable();
        assert_eq!(shown.len(), 3);
        shown.dedup();
        assert_eq!(shown.len(), 3);
    }
}

#[test]
fn ten_thousand_answers_to_answers_cost_little_and_stand_within_the_row() {
    const MANY: usize = 10_000;
    let shop = shop();
    let letters: Vec<_> = (0..MANY)
        .map(|id| {
            // Each names the one before alone: a chain as deep as it is long.
            let refs: &[usize] = &[id.wrapping_sub(1)];
            let refs = if id == 0 { &[] } else { refs };
            (shop.folder, prepared(&raw(id, refs, "a@example.org")), Flags::NONE)
        })
        .collect();
    shop.store.add(&letters).unwrap();
    let since = Instant::now();
    let list = shop.bundled(Sort::Newest);
    assert_eq!((list.len(), list.letters(0).len()), (1, MANY));
    let (_, bundle) = shop.store.bundles(&[list.letters(0)]).unwrap().remove(0);
    assert_eq!(bundle.unwrap().letters.len(), MANY);
    let branches = shop.store.branches(list.threads()[0], list.letters(0)).unwrap();
    assert_eq!(branches.len(), MANY);
    assert!(branches.iter().all(|branch| branch.depth <= DEEPEST));
    assert_eq!((branches[0].depth, branches[MANY - 1].depth), (0, DEEPEST));
    // Generous: built without care for speed, on a machine that does other things.
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

#[test]
fn a_large_folder_is_grouped_as_a_small_one_is() {
    // More than are asked for one by one: the index is walked.
    const MANY: usize = FEW + 200;
    let shop = shop();
    let letters: Vec<_> = (0..MANY)
        .map(|id| {
            let refs: &[usize] = &[id % 100];
            let refs = if id < 100 { &[] } else { refs };
            (shop.folder, prepared(&raw(id, refs, "a@example.org")), Flags::NONE)
        })
        .collect();
    shop.store.add(&letters).unwrap();
    let list = shop.bundled(Sort::Newest);
    assert_eq!(list.len(), 100);
    for (at, letters) in shop.numbers(&list).iter().enumerate() {
        let own = 99 - at;
        assert!(letters.iter().all(|number| number % 100 == own), "{at}: {letters:?}");
        assert_eq!(letters.len(), 12);
        assert!(letters.is_sorted_by(|one, other| one > other));
    }
}

/// A figure, not a test: `cargo test --release --lib -- --ignored --nocapture bundles`.
#[test]
#[ignore = "a figure"]
fn how_long_a_hundred_thousand_letters_take() {
    const MANY: usize = 100_000;
    let shop = shop();
    for first in (0..MANY).step_by(5_000) {
        let letters: Vec<_> = (first..first + 5_000)
            .map(|id| {
                // Conversations of one to twelve letters, some weeks apart.
                let root = id - id % 7_000 / 600 * 600;
                let refs: &[usize] = &[root];
                let refs = if id % 3 == 0 || root == id { &[] } else { refs };
                (
                    shop.folder,
                    prepared(&raw(id, refs, &format!("w{}@a.example", id % 50))),
                    Flags::NONE,
                )
            })
            .collect();
        shop.store.add(&letters).unwrap();
    }
    let timed = |name: &str, work: &dyn Fn() -> usize| {
        let mut took: Vec<f64> = (0..9)
            .map(|_| {
                let since = Instant::now();
                std::hint::black_box(work());
                since.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        took.sort_by(f64::total_cmp);
        println!("{name}: median {:.1} ms, slowest {:.1} ms, {}", took[4], took[8], work());
    };
    let page = |among: Among<'_>, sort| {
        let list = shop.store.bundled(among, sort).unwrap();
        let rows: Vec<_> = (0..100).map(|at| list.letters(at)).collect();
        shop.store.bundles(&rows).unwrap();
        list.len()
    };
    let folders = [shop.folder];
    for sort in [Sort::Newest, Sort::Oldest, Sort::Unread, Sort::Sender, Sort::Size] {
        timed(&format!("a folder, {sort:?}"), &|| page(Among::Folders(&folders), sort));
    }
    timed("all mail", &|| page(Among::All, Sort::Newest));
    timed("a folder, the list alone", &|| {
        shop.store.bundled(Among::Folders(&folders), Sort::Newest).unwrap().len()
    });
    timed("letter by letter", &|| shop.store.list(Some(shop.folder), 0, 100).unwrap().len());
}
