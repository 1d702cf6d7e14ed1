//! What the store keeps of decisions and of requests: rules, ledgers, requests,
//! charsets chosen by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use goyo::model::{
    Answer, Failing, Flags, Ledger, LedgerEntry, LetterId, Proof, Reason, Reference, RequestMade,
    Role, Rule, Scope, Tracker, TrackerKind, Verdict, Visible,
};
use goyo::store::{Added, Circumstances, Incoming, MAX_LINES, Packer, Store, StoreError, prepare};
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

fn add(store: &Store, folder: &str, raw: &str) -> LetterId {
    let folder = store.ensure_folder(folder).unwrap();
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    let prepared = prepare(goyo::mime::parse(raw.as_bytes()), &with, &mut Packer::new(None));
    match store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap()[0] {
        Added::New(id) | Added::Duplicate(id) => id,
        Added::Vanished => panic!("it is given whole"),
    }
}

const ONE: &str = "From: a@shop.example.org\nSubject: one\n\nfirst\n";
const TWO: &str = "From: b@example.org\nSubject: two\n\nsecond\n";

fn open(home: &Home) -> Store {
    Store::open(&home.profile()).unwrap()
}

fn sender(whom: &str) -> Rule {
    Rule { scope: Scope::Sender(whom.into()), proof: Proof::None }
}

fn domain(whom: &str) -> Rule {
    Rule { scope: Scope::Domain(whom.into()), proof: Proof::None }
}

fn never(whom: &str) -> Rule {
    Rule { scope: Scope::Never(whom.into()), proof: Proof::None }
}

fn entry(url: &str, verdict: Verdict) -> LedgerEntry {
    let reference = Reference {
        url: url.into(),
        element: "img[src]".into(),
        visible: Visible::Unknown,
        after_html: false,
        size: (None, None),
        alt: None,
        part: 1,
    };
    LedgerEntry { reference, verdict, tracker: None }
}

#[test]
fn rules_are_remembered_once_a_scope_and_taken_back() {
    let home = Home::new();
    let claim = Proof::ServerClaim { domain: "example.org".into() };
    {
        let store = open(&home);
        store.add_rule(&sender("A@Shop.example.org"), None).unwrap();
        // Deciding again, on a letter that proved itself, takes the other's place.
        let proven = Rule { proof: claim.clone(), ..sender("a@shop.EXAMPLE.org") };
        store.add_rule(&proven, None).unwrap();
        store.add_rule(&domain("Example.ORG"), None).unwrap();
    }
    let store = open(&home);
    let kept = Rule { proof: claim, ..sender("a@shop.example.org") };
    assert_eq!(store.rules().unwrap(), [domain("example.org"), kept]);
    // On which letter is known where it was one.
    store.add_rule(&never("b@x.org"), Some("가을 신상품")).unwrap();
    let made = store.rules_made().unwrap();
    let on = |at: usize| (made[at].0.clone(), made[at].1.letter.as_deref());
    assert_eq!(on(0), (never("b@x.org"), Some("가을 신상품")));
    assert_eq!(on(1), (domain("example.org"), None));
    store.remove_rule(&never("b@x.org")).unwrap();
    // A rule is taken back by its scope, however it is written.
    store.remove_rule(&sender("A@SHOP.example.org")).unwrap();
    assert_eq!(store.rules().unwrap(), [domain("example.org")]);
    store.remove_rule(&domain("example.org")).unwrap();
    assert!(store.rules().unwrap().is_empty());
}

#[test]
fn show_and_never_about_one_address_exclude_each_other() {
    let home = Home::new();
    let store = open(&home);
    store.add_rule(&sender("a@x.org"), None).unwrap();
    store.add_rule(&domain("x.org"), None).unwrap();
    store.add_rule(&never("a@x.org"), None).unwrap();
    assert_eq!(store.rules().unwrap(), [never("a@x.org"), domain("x.org")]);
    store.add_rule(&sender("a@x.org"), None).unwrap();
    assert_eq!(store.rules().unwrap(), [sender("a@x.org"), domain("x.org")]);
}

#[test]
fn rules_of_a_sender_are_those_of_its_address_and_of_the_domains_above() {
    let home = Home::new();
    let store = open(&home);
    for rule in [
        sender("a@shop.example.org"),
        sender("b@shop.example.org"),
        domain("shop.example.org"),
        domain("example.org"),
        domain("notexample.org"),
        domain("op.example.org"),
        // An address is no domain, nor the other way round.
        domain("a@shop.example.org"),
        sender("example.org"),
    ] {
        store.add_rule(&rule, None).unwrap();
    }
    assert_eq!(
        store.rules_for("A@Shop.Example.org").unwrap(),
        [sender("a@shop.example.org"), domain("shop.example.org"), domain("example.org")]
    );
    store.add_rule(&never("c@example.org"), None).unwrap();
    assert_eq!(
        store.rules_for("c@example.org").unwrap(),
        [never("c@example.org"), domain("example.org")]
    );
    assert!(store.rules_for("nobody").unwrap().is_empty());
    assert!(store.rules_for("").unwrap().is_empty());
}

#[test]
fn a_rule_whose_proof_is_damaged_shows_nothing() {
    let home = Home::new();
    let store = open(&home);
    store.add_rule(&sender("a@x.org"), None).unwrap();
    let conn = Connection::open(store.path()).unwrap();
    conn.execute("UPDATE rule SET proof = '{\"by\":\"mag'", []).unwrap();
    let rules = store.rules().unwrap();
    for proof in [Proof::None, Proof::ServerClaim { domain: "x.org".into() }] {
        assert!(!proof.satisfies(&rules[0].proof));
    }
    let found = store.check(true, |_, _| {}).unwrap();
    assert_eq!((found.wrong, found.repaired), (1, 1), "{found:?}");
    assert!(store.rules().unwrap().is_empty());
}

#[test]
fn what_is_never_shown_stays_hidden_when_the_store_is_repaired() {
    let home = Home::new();
    let store = open(&home);
    store.add_rule(&never("a@x.org"), None).unwrap();
    let conn = Connection::open(store.path()).unwrap();
    conn.execute("UPDATE rule SET proof = '{\"by\":\"mag'", []).unwrap();
    let found = store.check(true, |_, _| {}).unwrap();
    assert_eq!((found.wrong, found.repaired), (1, 1), "{found:?}");
    assert_eq!(store.rules().unwrap(), [never("a@x.org")]);
    let again = store.check(true, |_, _| {}).unwrap();
    assert_eq!(again.wrong, 0, "{again:?}");
}

#[test]
fn a_ledger_comes_back_as_it_was_and_the_last_opening_counts() {
    let home = Home::new();
    let store = open(&home);
    let letter = add(&store, "local/a", ONE);
    assert!(store.ledger(letter).unwrap().entries.is_empty());
    let mut first = Ledger::default();
    for (visible, verdict, tracker) in [
        (Visible::Yes, Verdict::Allow(Reason::Sender), None),
        (
            Visible::No,
            Verdict::Refuse(Reason::Tracker),
            Some(Tracker { service: Some("네이버".into()), kind: TrackerKind::Service }),
        ),
        (
            Visible::Unknown,
            Verdict::Refuse(Reason::NotAPicture),
            Some(Tracker { service: None, kind: TrackerKind::Token }),
        ),
    ] {
        let mut line = entry("https://x.org/그림.png?a=1&b=2", verdict);
        line.reference.visible = visible;
        line.reference.size = (Some(1.5), None);
        line.reference.alt = Some("로고".into());
        line.reference.after_html = visible == Visible::No;
        line.tracker = tracker;
        first.entries.push(line);
    }
    store.record_ledger(letter, &first).unwrap();
    assert_eq!(store.ledger(letter).unwrap(), first);
    let second =
        Ledger { entries: vec![entry("https://y.org/", Verdict::Refuse(Reason::Default))] };
    store.record_ledger(letter, &second).unwrap();
    assert_eq!(store.ledger(letter).unwrap(), second);
    // The same mail in another folder has the same ledger.
    let elsewhere = add(&store, "local/b", ONE);
    assert_ne!(letter, elsewhere);
    assert_eq!(store.ledger(elsewhere).unwrap(), second);
    store.record_ledger(letter, &Ledger::default()).unwrap();
    assert!(store.ledger(letter).unwrap().entries.is_empty());
}

#[test]
fn a_monstrous_ledger_is_kept_by_its_beginning() {
    let home = Home::new();
    let store = open(&home);
    let letter = add(&store, "local/a", ONE);
    let long = format!("https://x.org/{}", "가".repeat(100_000));
    let mut ledger = Ledger { entries: vec![entry(&long, Verdict::Refuse(Reason::Default))] };
    ledger.entries[0].reference.size = (Some(f32::NAN), Some(f32::INFINITY));
    for index in 0..MAX_LINES {
        let url = format!("https://x.org/{index}");
        ledger.entries.push(entry(&url, Verdict::Refuse(Reason::Default)));
    }
    store.record_ledger(letter, &ledger).unwrap();
    let kept = store.ledger(letter).unwrap();
    assert_eq!(kept.entries.len(), MAX_LINES);
    assert!(long.starts_with(kept.entries[0].reference.url.trim_end_matches('…')));
    assert!(kept.entries[0].reference.url.len() < 10_000);
    assert_eq!(kept.entries[1], ledger.entries[1]);
}

#[test]
fn requests_are_there_before_they_are_made() {
    let home = Home::new();
    let store = open(&home);
    let letter = add(&store, "local/a", ONE);
    let urls = ["https://x.org/1.png", "https://x.org/2.png"];
    let ids = store.begin_requests(letter, &urls).unwrap();
    // Another program that looks now sees both, their end unknown.
    let seen = open(&home).requests(letter).unwrap();
    assert_eq!(seen.iter().map(|r| r.url.as_str()).collect::<Vec<_>>(), urls);
    assert!(seen.iter().all(|r| r.answer == Answer::Unknown && r.bytes == 0));
    let made = RequestMade {
        url: urls[1].into(),
        at: 1_800_000_123,
        bytes: 4096,
        answer: Answer::Redirect("https://y.org/".into()),
    };
    store.finish_request(ids[1], &made).unwrap();
    let seen = store.requests(letter).unwrap();
    assert_eq!(seen[0].answer, Answer::Unknown);
    assert_eq!(seen[1], made);
}

#[test]
fn a_request_for_a_letter_that_is_gone_may_not_be_made() {
    let home = Home::new();
    let store = open(&home);
    let letter = add(&store, "local/a", ONE);
    store.remove(&[letter]).unwrap();
    let refused = store.begin_requests(letter, &["https://x.org/"]);
    assert!(matches!(refused, Err(StoreError::NoLetter(id)) if id == letter));
    assert!(matches!(store.ledger(letter), Err(StoreError::NoLetter(_))));
    assert!(matches!(store.charset_choice(letter), Err(StoreError::NoLetter(_))));
    // The next one can be written all the same.
    let other = add(&store, "local/a", TWO);
    store.begin_requests(other, &["https://x.org/"]).unwrap();
}

#[test]
fn a_letter_takes_its_records_along() {
    let home = Home::new();
    let store = open(&home);
    let ledger = Ledger { entries: vec![entry("https://x.org/", Verdict::Allow(Reason::Once))] };
    let (one, two) = (add(&store, "local/a", ONE), add(&store, "local/a", TWO));
    let elsewhere = add(&store, "local/b", ONE);
    for letter in [one, two] {
        store.record_ledger(letter, &ledger).unwrap();
        store.begin_requests(letter, &["https://x.org/"]).unwrap();
        store.set_charset_choice(letter, Some("euc-kr")).unwrap();
    }
    // It still lies in the other folder.
    store.remove(&[one]).unwrap();
    assert_eq!(store.requests(elsewhere).unwrap().len(), 1);
    store.remove(&[elsewhere]).unwrap();
    let conn = Connection::open(store.path()).unwrap();
    for table in ["ledger", "request", "choice"] {
        let left: i64 =
            conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1, "{table}");
    }
    assert_eq!(store.ledger(two).unwrap(), ledger);
    // What was under way when it went is finished without complaint.
    let ids = store.begin_requests(two, &["https://x.org/"]).unwrap();
    store.remove(&[two]).unwrap();
    let made =
        RequestMade { url: "x".into(), at: 1, bytes: 2, answer: Answer::Failed(Failing::NoAnswer) };
    store.finish_request(ids[0], &made).unwrap();
    assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
}

#[test]
fn check_finds_records_of_no_mail_and_clears_them() {
    let home = Home::new();
    let store = open(&home);
    add(&store, "local/a", ONE);
    let conn = Connection::open(store.path()).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO request (mail_id, url) VALUES (77, 'https://x.org/');
         INSERT INTO choice VALUES (78, 'big5');
         INSERT INTO ledger (mail_id, ordinal, url, element, after_html, part, verdict, reason)
         VALUES (79, 0, 'https://x.org/', 'img[src]', 0, 0, 'refuse', 'default');",
    )
    .unwrap();
    let found = store.check(false, |_, _| {}).unwrap();
    assert_eq!((found.wrong, found.repaired), (3, 0), "{found:?}");
    assert!(found.findings.iter().all(|finding| finding.kind == "record"));
    assert_eq!(store.check(true, |_, _| {}).unwrap().repaired, 3);
    assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
}

#[test]
fn a_charset_chosen_by_hand_stays_until_it_is_taken_back() {
    let home = Home::new();
    let store = open(&home);
    let letter = add(&store, "local/a", ONE);
    assert_eq!(store.charset_choice(letter).unwrap(), None);
    store.set_charset_choice(letter, Some("iso-2022-kr")).unwrap();
    store.set_charset_choice(letter, Some("euc-kr")).unwrap();
    assert_eq!(open(&home).charset_choice(letter).unwrap().as_deref(), Some("euc-kr"));
    store.set_charset_choice(letter, None).unwrap();
    assert_eq!(store.charset_choice(letter).unwrap(), None);
}

#[test]
fn the_number_of_letters_is_that_of_the_list() {
    let home = Home::new();
    let store = open(&home);
    assert_eq!(store.total(None).unwrap(), 0);
    add(&store, "local/a", ONE);
    add(&store, "local/b", ONE);
    let two = add(&store, "local/a", TWO);
    let a = store.ensure_folder("local/a").unwrap();
    assert_eq!((store.total(None).unwrap(), store.total(Some(a)).unwrap()), (2, 2));
    store.remove(&[two]).unwrap();
    assert_eq!((store.total(None).unwrap(), store.total(Some(a)).unwrap()), (1, 1));
}

#[test]
fn a_letter_in_several_folders_comes_once_in_the_list_of_all() {
    let home = Home::new();
    let store = open(&home);
    for folder in ["local/Everything", "local/label", "local/Inbox"] {
        add(&store, folder, ONE);
    }
    add(&store, "local/Everything", TWO);
    add(&store, "local/label", TWO);
    let role = |folder: &str, role| {
        store.set_role(store.folder(folder).unwrap().id, Some(role)).unwrap();
    };
    role("local/Everything", Role::All);
    role("local/Inbox", Role::Inbox);
    let listed = |offset, limit| -> Vec<(String, String)> {
        let rows = store.list(None, offset, limit).unwrap();
        rows.into_iter().map(|row| (row.subject, row.folder)).collect()
    };
    let all = listed(0, 10);
    assert_eq!(all.len(), 2);
    assert_eq!(store.total(None).unwrap(), 2);
    // Where it is looked for first.
    let mut folders: Vec<&str> = all.iter().map(|(_, folder)| folder.as_str()).collect();
    folders.sort_unstable();
    assert_eq!(folders, ["Inbox", "label"]);
    // Pages neither repeat nor leave out.
    assert_eq!([listed(0, 1), listed(1, 1), listed(2, 1)].concat(), all);
}

const PROFILE: &str = "GOYO_TEST_REQUESTS_PROFILE";

/// Not a test of its own: what the next one starts and kills.
#[test]
fn asks_and_waits() {
    let Some(profile) = std::env::var_os(PROFILE) else { return };
    let store = Store::open(profile.as_ref()).unwrap();
    let letter = store.list(None, 0, 1).unwrap()[0].id;
    store.begin_requests(letter, &["https://x.org/asked.png"]).unwrap();
    println!("\nmay ask now");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn killed_while_asking_the_request_stays_with_its_end_unknown() {
    let home = Home::new();
    let letter = add(&open(&home), "local/a", ONE);
    for killed in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "asks_and_waits", "--nocapture"])
            .env(PROFILE, home.profile())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "may ask now"));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(&home);
        let requests = store.requests(letter).unwrap();
        assert_eq!(requests.len(), killed);
        for request in requests {
            assert_eq!(request.url, "https://x.org/asked.png");
            assert_eq!(request.answer, Answer::Unknown);
            assert!(request.at > 1_700_000_000);
        }
        assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
    }
}

#[test]
fn mail_comes_into_a_folder_that_is_seen_even_where_it_was_removed_before() {
    let home = Home::new();
    let store = open(&home);
    add(&store, "local/old", ONE);
    let folder = store.folder("local/old").unwrap().id;
    store.act(&goyo::model::Act::DeleteFolder(folder)).unwrap();
    assert!(store.folder("local/old").is_err());
    add(&store, "local/old", ONE);
    assert_eq!(store.folder("local/old").unwrap().total, 1);
}
