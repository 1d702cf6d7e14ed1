//! The store's promises, through the library: what `check` finds, what it mends,
//! and what becomes of stores that are not ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Home, stderr};
use goyo::model::{Act, FlagChange, Flags, Label, LetterId};
use goyo::store::search::{Order, Search, parse};
use goyo::store::{
    Circumstances, Holder, Incoming, LetterRow, Packer, ProfileLock, Store, StoreError, prepare,
};
use rusqlite::Connection;

fn letter(index: usize) -> Vec<u8> {
    format!(
        "From: writer{index}@example.org\nMessage-ID: <{index}@x>\nReferences: <{}@x>\n\
         Date: Mon, {} Nov 2026 10:00:{:02} +0000\nSubject: number {index}\n\n\
         apple{index} common 한국어{index}가나다\n",
        index / 3,
        1 + index % 27,
        index % 60
    )
    .into_bytes()
}

fn add(store: &Store, folder: &str, raws: impl IntoIterator<Item = Vec<u8>>) {
    let folder = store.ensure_folder(folder).unwrap();
    let mut packer = Packer::new(store.dictionary().unwrap().as_ref());
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    let batch = raws
        .into_iter()
        .map(|raw| {
            let prepared = prepare(goyo::mime::parse(&raw), &with, &mut packer);
            (folder, Incoming::New(Box::new(prepared)), Flags::NONE)
        })
        .collect::<Vec<_>>();
    store.add(&batch).unwrap();
}

fn search(store: &Store, question: &str) -> Vec<LetterRow> {
    let node = parse(question).unwrap();
    store.search(&Search { node, order: Order::Newest, limit: 1000 }).unwrap()
}

fn filled(home: &Home, letters: usize) -> Store {
    let store = Store::open(&home.profile()).unwrap();
    add(&store, "local/a", (0..letters).map(letter));
    store
}

#[test]
fn letters_added_one_by_one_are_found_like_those_added_together() {
    let home = Home::new();
    let store = Store::open(&home.profile()).unwrap();
    for index in 0..150 {
        add(&store, "local/a", [letter(index)]);
    }
    assert_eq!(search(&store, "common").len(), 150);
    assert_eq!(search(&store, "apple77").len(), 1);
    assert_eq!(search(&store, "apple7*").len(), 11);
    assert_eq!(search(&store, "어77가").len(), 1);
    assert_eq!(search(&store, "나").len(), 150);
    assert!(store.check(false, |_, _| {}).unwrap().is_sound());
    // Small segments were merged on the way.
    let conn = Connection::open(store.path()).unwrap();
    let segments: i64 = conn.query_row("SELECT count(*) FROM segment", [], |r| r.get(0)).unwrap();
    assert!(segments <= 24, "{segments} segments");
    store.tidy().unwrap();
    assert_eq!(search(&store, "apple7*").len(), 11);
    assert!(store.check(false, |_, _| {}).unwrap().is_sound());
}

#[test]
fn what_is_removed_is_found_no_more_and_its_place_is_not_taken_by_others() {
    let home = Home::new();
    let store = filled(&home, 40);
    add(&store, "local/b", [letter(7)]);
    let [copy, original] = search(&store, "apple7").try_into().unwrap();
    store.remove(&[original.id]).unwrap();
    assert_eq!(
        search(&store, "apple7"),
        std::slice::from_ref(&copy),
        "it still lies in the other folder"
    );
    store.remove(std::slice::from_ref(&copy.id)).unwrap();
    assert_eq!(search(&store, "apple7"), []);
    assert!(matches!(store.raw(copy.id), Err(StoreError::NoLetter(_))));
    // Another letter of the very same second does not inherit its words.
    let raw = String::from_utf8(letter(7)).unwrap().replace("apple7", "pear").into_bytes();
    add(&store, "local/a", [raw]);
    assert_eq!(search(&store, "apple7"), []);
    assert_eq!(search(&store, "pear").len(), 1);
    store.tidy().unwrap();
    assert_eq!(search(&store, "apple7"), []);
    assert_eq!(search(&store, "common").len(), 40);
    assert!(store.check(false, |_, _| {}).unwrap().is_sound());
}

#[test]
fn any_window_of_a_folder_is_the_same_list() {
    let home = Home::new();
    let store = filled(&home, 101);
    let folder = store.folder("local/a").unwrap();
    assert_eq!((folder.total, folder.unread), (101, 101));
    let whole = store.list(Some(folder.id), 0, 500).unwrap();
    assert_eq!(whole.len(), 101);
    assert!(whole.is_sorted_by(|a, b| a.date >= b.date));
    for (offset, limit) in [(0, 10), (40, 20), (51, 10), (60, 41), (95, 100), (101, 5), (500, 5)] {
        let window = store.list(Some(folder.id), offset, limit).unwrap();
        let end = (offset + limit).min(101);
        assert_eq!(window, whole.get(offset..end.max(offset)).unwrap_or_default(), "{offset}");
    }
    assert_eq!(store.list(None, 10, 10).unwrap(), whole[10..20]);
}

#[test]
fn flags_are_counted_and_searched() {
    let home = Home::new();
    let store = filled(&home, 10);
    let all = search(&store, "common");
    store
        .set_flags(&[(all[0].id, Flags::SEEN), (all[1].id, Flags::SEEN.with(Flags::FLAGGED))])
        .unwrap();
    assert_eq!(store.folder("local/a").unwrap().unread, 8);
    assert_eq!(search(&store, "is:unread").len(), 8);
    assert_eq!(search(&store, "common is:flagged").len(), 1);
    assert_eq!(search(&store, "is:read -is:flagged").len(), 1);
    assert_eq!(search(&store, "is:flagged OR apple0").len(), 2);
}

#[test]
fn labels_are_listed_shown_and_searched_whatever_their_case() {
    let home = Home::new();
    let store = filled(&home, 10);
    let all = search(&store, "common");
    let give = |at: usize, words: &[&str]| {
        let add_words = words.iter().map(|word| (*word).to_owned()).collect();
        let change = FlagChange { add_words, ..FlagChange::default() };
        store.act(&Act::Flag(vec![all[at].id], change)).unwrap();
    };
    let trip = Label::named("봄 여행").unwrap();
    give(0, &["$label2", "NonJunk"]);
    give(1, &["NonJunk", trip.keyword()]);
    give(2, &["NonJunk"]);
    give(3, &["work"]);
    give(4, &["worker"]);
    let names: Vec<String> = store.labels().unwrap().iter().map(Label::searched).collect();
    assert_eq!(names, ["work", "work", "worker", "봄 여행"]);
    let found = |question: &str| -> Vec<LetterId> {
        search(&store, question).iter().map(|row| row.id).collect()
    };
    // The usual one, and the one that somebody called so; not what only begins so.
    assert_eq!(found("label:WORK"), [all[0].id, all[3].id]);
    assert_eq!(found("라벨:업무"), [all[0].id]);
    assert_eq!(found("label:\"봄 여행\""), [all[1].id]);
    assert_eq!(found("label:$label2 common"), [all[0].id]);
    assert_eq!(found("common -label:work").len(), 8);
    // Programs' own words are no labels, and nothing that is no name finds everything.
    for none in ["label:NonJunk", "label:$Forwarded", "label:여행", "label:\"\""] {
        assert_eq!(found(none), [], "{none}");
    }
    assert_eq!(store.letter(all[1].id).unwrap().labels, [trip]);
    assert_eq!(store.letter(all[2].id).unwrap().labels, []);
}

#[test]
fn best_first_puts_the_subject_before_the_text() {
    let home = Home::new();
    let store = Store::open(&home.profile()).unwrap();
    let mail = |day: u8, subject: &str, text: &str| {
        format!("From: a@x\nDate: {day} Nov 2026 10:00:00 +0000\nSubject: {subject}\n\n{text}\n")
            .into_bytes()
    };
    add(&store, "local/a", [mail(1, "budget", "x"), mail(9, "lunch", "the budget again")]);
    let node = parse("budget").unwrap();
    let order = |order| {
        let search = Search { node: node.clone(), order, limit: 10 };
        store.search(&search).unwrap().into_iter().map(|row| row.subject).collect::<Vec<_>>()
    };
    assert_eq!(order(Order::Newest), ["lunch", "budget"]);
    assert_eq!(order(Order::Best), ["budget", "lunch"]);
}

#[test]
fn large_letters_are_kept_in_pieces() {
    let home = Home::new();
    let store = Store::open(&home.profile()).unwrap();
    // Does not compress, and is larger than two pieces.
    let mut raw = b"From: a@x\nContent-Type: application/octet-stream\n\n".to_vec();
    let mut state = 1_u32;
    raw.extend((0..9_000_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    add(&store, "local/a", [raw.clone()]);
    assert!(store.raw(LetterId(1)).unwrap() == raw);
    assert!(store.check(false, |_, _| {}).unwrap().is_sound());
}

/// Breaks something in a store and says what check makes of it.
fn broken(sql: &str) -> (Vec<String>, bool) {
    let home = Home::new();
    drop(filled(&home, 30));
    let conn = Connection::open(home.profile().join("mail.sqlite")).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    let store = Store::open(&home.profile()).unwrap();
    let found = store.check(false, |_, _| {}).unwrap();
    assert!(!found.is_sound(), "{sql}");
    store.check(true, |_, _| {}).unwrap();
    let after = store.check(false, |_, _| {}).unwrap();
    let mut kinds: Vec<String> = found.findings.iter().map(|f| f.kind.to_owned()).collect();
    kinds.dedup();
    (kinds, after.is_sound())
}

#[test]
fn check_finds_what_is_wrong_and_repair_mends_it() {
    let mended = |kind: &str| (vec![kind.to_owned()], true);
    assert_eq!(broken("UPDATE folder SET total = 3"), mended("count"));
    assert_eq!(broken("DELETE FROM block"), mended("index"));
    assert_eq!(broken("DELETE FROM segment"), (vec!["database".into(), "index".into()], true));
    assert_eq!(
        broken("UPDATE block SET data = substr(data, 1, length(data) / 2)"),
        mended("index")
    );
    assert_eq!(
        broken(
            "UPDATE mail SET thread_id = (SELECT max(id) FROM thread) WHERE id = (SELECT max(id) FROM mail); INSERT INTO thread (merged) VALUES (NULL); UPDATE mail SET thread_id = (SELECT max(id) FROM thread) WHERE id = (SELECT min(id) FROM mail)"
        ),
        mended("thread")
    );
    assert_eq!(broken("DELETE FROM msgid"), mended("thread"));
    assert_eq!(
        broken(
            "UPDATE thread SET merged = 2 WHERE id = 1; UPDATE thread SET merged = 1 WHERE id = 2"
        ),
        mended("thread")
    );
    assert_eq!(broken("INSERT INTO slice (data) VALUES (x'00')"), mended("room"));
    assert_eq!(
        broken("INSERT INTO raw (codec, slices, data) VALUES (0, 0, x'00')"),
        mended("room")
    );
    assert_eq!(broken("DELETE FROM place WHERE id = 5"), mended("nowhere"));
}

#[test]
fn a_letter_that_is_not_what_was_kept_is_told_and_never_shown_as_it() {
    let home = Home::new();
    drop(filled(&home, 5));
    let conn = Connection::open(home.profile().join("mail.sqlite")).unwrap();
    conn.execute_batch("UPDATE raw SET codec = 0, data = x'41' WHERE id = 1").unwrap();
    drop(conn);
    let store = Store::open(&home.profile()).unwrap();
    let found = store.check(true, |_, _| {}).unwrap();
    assert_eq!((found.wrong, found.repaired), (1, 0));
    assert_eq!(found.findings[0].kind, "raw");
    let damaged =
        (1..=5).filter(|id| matches!(store.raw(LetterId(*id)), Err(StoreError::Damaged(_))));
    assert_eq!(damaged.count(), 1);
}

#[test]
fn an_index_that_lost_a_slice_is_made_anew() {
    let home = Home::new();
    let store = Store::open(&home.profile()).unwrap();
    // Enough for lists that are cut into slices.
    add(&store, "local/a", (0..3000).map(letter));
    let conn = Connection::open(store.path()).unwrap();
    let in_index = "SELECT b.slice FROM block b WHERE b.slices > 0 LIMIT 1";
    conn.execute(&format!("DELETE FROM slice WHERE id = ({in_index})"), []).unwrap();
    drop(conn);
    let found = store.check(false, |_, _| {}).unwrap();
    assert!(found.findings.iter().any(|f| f.kind == "index"), "{found:?}");
    store.check(true, |_, _| {}).unwrap();
    assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
    assert_eq!(search(&store, "common is:unread").len(), 1000, "the limit");
    assert!((0..3000).all(|id| store.raw(LetterId(id + 1)).is_ok()), "no letter was touched");
}

#[test]
fn a_damaged_letter_keeps_no_other_back_and_can_be_imported_again() {
    let home = Home::new();
    drop(filled(&home, 5));
    let conn = Connection::open(home.profile().join("mail.sqlite")).unwrap();
    conn.execute_batch("UPDATE raw SET codec = 0, data = x'41' WHERE id = 2").unwrap();
    drop(conn);
    let out = home.path("out.mbox");
    let output = home.run(&["export", "--folder", "local/a", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 letters are damaged"), "{}", stderr(&output));
    assert_eq!(home.json(&["search", "common"]).len(), 5, "it is still found");
    home.run(&["check", "--repair"]);
    for index in 0..5 {
        home.write(&format!("again/{index}.eml"), letter(index));
    }
    let again = home.import(&home.path("again"), "local/a");
    assert_eq!((again["imported"].as_u64(), again["duplicate"].as_u64()), (Some(1), Some(4)));
}

#[test]
fn a_message_id_on_two_different_letters_is_noticed() {
    let home = Home::new();
    let store = filled(&home, 3);
    let told = |store: &Store| {
        let rows = store.list(None, 0, 100).unwrap();
        rows.iter().filter(|row| store.message_id_used_elsewhere(row.id).unwrap()).count()
    };
    assert_eq!(told(&store), 0);
    drop(store);
    let forged = String::from_utf8(letter(1)).unwrap().replace("apple1", "pear");
    home.write("forged/1.eml", forged);
    home.import(&home.path("forged"), "local/b");
    // Both of them, and no other.
    assert_eq!(told(&Store::open(&home.profile()).unwrap()), 2);
}

#[test]
fn a_letter_in_two_folders_sees_itself_in_its_conversation() {
    let home = Home::new();
    let store = filled(&home, 3);
    add(&store, "local/b", [letter(1)]);
    let copy = search(&store, "apple1 in:b").remove(0);
    let thread = store.thread(&copy).unwrap();
    assert!(thread.iter().any(|row| row.letter.id == copy.id));
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let home = Home::new();
    drop(filled(&home, 1));
    let path = home.profile().join("mail.sqlite");
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    let before = std::fs::read(&path).unwrap();
    let output = home.run(&["list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("newer Goyo"), "{}", stderr(&output));
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn what_is_no_store_is_refused_with_a_sentence() {
    let home = Home::new();
    home.write(
        "profile/mail.sqlite",
        b"this is not a database, but it is long enough to be one".repeat(40),
    );
    let output = home.run(&["list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("goyo check"), "{}", stderr(&output));
}

#[test]
fn the_lock_is_free_again_when_its_holder_goes() {
    let home = Home::new();
    let lock = ProfileLock::take(&home.profile()).unwrap();
    let by = || match ProfileLock::take_at_once(&home.profile()) {
        Err(StoreError::Busy { by, .. }) => by,
        other => panic!("{other:?}"),
    };
    assert_eq!(by(), None);
    // Whoever is kept out knows by whom, as it is now.
    for holder in [Holder::Verb("leak-test".into()), Holder::Window, Holder::Closing] {
        lock.say(&holder);
        assert_eq!(by(), Some(holder));
    }
    // Who is done soon is waited for.
    let ending = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(lock);
    });
    let lock = ProfileLock::take(&home.profile()).unwrap();
    ending.join().unwrap();
    assert_eq!(by(), None, "the one before is not named");
    // Anything may lie there.
    for odd in ["verb ", "verb \u{1b}[31m\n", "window", "x\n"] {
        std::fs::write(home.profile().join("lock"), odd).unwrap();
        assert_eq!(by(), None, "{odd:?}");
    }
    drop(lock);
}

#[test]
fn a_conversation_is_read_from_all_folders_the_newest_and_the_one_that_was_asked_for() {
    let home = Home::new();
    let store = Store::open(&home.profile()).unwrap();
    let one = |n: usize| {
        format!(
            "From: a@example.org\nMessage-ID: <{n}@talk>\nReferences: <0@talk>\n\
             Date: Mon, 2 Nov 2026 10:{:02}:{:02} +0000\nSubject: talk {n}\n\nwords{n}\n",
            n / 60,
            n % 60
        )
        .into_bytes()
    };
    add(&store, "local/a", (0..30).filter(|n| n % 2 == 0).map(one));
    add(&store, "local/b", (0..30).filter(|n| n % 2 == 1).map(one));
    // A copy of one elsewhere, and a letter of another conversation.
    add(&store, "local/c", [one(28), letter(400)]);
    let newest = search(&store, "words29").remove(0);
    let all = store.conversation(newest.id, newest.thread, 100).unwrap();
    let subjects: Vec<String> = all.iter().map(|row| row.subject.clone()).collect();
    assert_eq!(subjects, (0..30).map(|n| format!("talk {n}")).collect::<Vec<_>>());
    // Where a letter lies twice it is the one that was asked for.
    let copy = search(&store, "in:c words28").remove(0);
    let all = store.conversation(copy.id, copy.thread, 100).unwrap();
    assert_eq!(all.len(), 30);
    assert!(all.iter().any(|row| row.id == copy.id));
    // Of many the newest, and always the one that was asked for.
    let first = search(&store, "words0").remove(0);
    let some = store.conversation(first.id, first.thread, 5).unwrap();
    assert_eq!(some.len(), 6);
    assert_eq!((some[0].id, some[5].subject.as_str()), (first.id, "talk 29"));
}

#[test]
fn all_of_an_account_is_searched_by_its_name() {
    let home = Home::new();
    let store = filled(&home, 12);
    add(&store, "local/b/c", [letter(100)]);
    assert_eq!(search(&store, "in:\"local/\" (common)").len(), 13);
    assert_eq!(search(&store, "in:\"local/a\" (common)").len(), 12);
    assert_eq!(search(&store, "in:\"other/\" (common)").len(), 0);
}
