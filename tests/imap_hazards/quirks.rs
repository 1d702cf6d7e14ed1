//! What single servers do, by name.

use super::*;
use goyo::model::{Flags, Role};
use goyo::net::imap::{Store, StoreHow, Unsolicited};

/// What SELECT makes of these lines.
async fn select(offers: &str, lines: &str) -> Result<goyo::net::imap::Selected> {
    let (fake, mut imap) = play(offers, &format!("C: a SELECT *\n{lines}\nS: {{a}} OK")).await;
    let selected = imap.select("INBOX", None).await;
    drop(imap);
    fake.heard();
    selected
}

/// What FETCH makes of these lines.
async fn fetched(offers: &str, wanted: Wanted, lines: &str) -> Result<Vec<Fetched>> {
    let (fake, mut imap) = play(offers, &format!("C: a UID FETCH *\n{lines}\nS: {{a}} OK")).await;
    let all = fetch(&mut imap, wanted).await;
    drop(imap);
    fake.heard();
    all
}

#[tokio::test]
async fn gmail_labels_are_read() {
    let (fake, mut imap) = play(
        "X-GM-EXT-1",
        "C: a UID FETCH * (UID FLAGS RFC822.SIZE INTERNALDATE X-GM-MSGID X-GM-LABELS)
        raw: * 1 FETCH (X-GM-MSGID 1278455344230334865 X-GM-LABELS (\\\\Inbox \"\\\\\\\\Sent\" \"&vPSwuNO4ycDVaA-\" Work) UID 1 RFC822.SIZE 5)\\r\\n
        raw: * 2 FETCH (UID 2 X-GM-LABELS () RFC822.SIZE 5)\\r\\n
        raw: * 3 FETCH (UID 3 X-GM-LABELS ({5}\\r\\na \"b\\\\) RFC822.SIZE 5)\\r\\n
        S: {a} OK",
    )
    .await;
    assert!(imap.quirks().gmail && imap.quirks().files_sent);
    let all = fetch(&mut imap, Wanted::Overview).await.unwrap();
    let labels = all[0].labels.as_deref().unwrap();
    assert_eq!(labels, ["\\Inbox", "\\Sent", "보낸편지함", "Work"]);
    assert_eq!(all[0].gmail_message, Some(1_278_455_344_230_334_865));
    assert_eq!(all[1].labels.as_deref(), Some(&[][..]));
    assert_eq!(all[2].labels.as_deref(), Some(&["a \"b\\".to_owned()][..]));
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn gmail_says_highestmodseq_without_text() {
    let lines = "S: * 1 EXISTS\nS: * OK [HIGHESTMODSEQ 715194045007]";
    let selected = select("CONDSTORE", lines).await.unwrap();
    assert_eq!(selected.highestmodseq, Some(715_194_045_007));
}

#[tokio::test]
async fn exchange_has_neither_condstore_nor_special_use() {
    let (fake, mut imap) = play(
        "IDLE NAMESPACE LITERAL+ UIDPLUS",
        "C: a LIST *
        C: b LSUB *
        S: * LIST (\\HasNoChildren) \"/\" INBOX
        S: * LIST (\\HasNoChildren) \"/\" \"Sent Items\"
        S: {a} OK
        S: * LSUB () \"/\" INBOX
        S: {b} OK
        C: a STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)
        raw: * STATUS INBOX (MESSAGES 2 UNSEEN 1 UIDNEXT 3 UIDVALIDITY 9)  \\r\\n
        S: {a} OK
        C: a SELECT \"INBOX\"
        S: * 2 EXISTS
        S: {a} OK",
    )
    .await;
    let listed = imap.list().await.unwrap();
    assert_eq!(listed[0].role, Some(Role::Inbox));
    assert_eq!((listed[1].role, listed[1].subscribed), (None, false));
    assert!(imap.status(&["INBOX".into()]).await.unwrap()[0].is_ok());
    assert_eq!(imap.select("INBOX", None).await.unwrap().highestmodseq, None);
    let changed = fetch(&mut imap, Wanted::Changed { since: 1, vanished: false }).await;
    assert_eq!(kind(&changed.unwrap_err()), "Unoffered");
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn exchange_writes_bad_bodystructures() {
    let lines = "S: * 1 FETCH (UID 1 FLAGS (\\Seen) BODYSTRUCTURE ((((\"TEXT\" \"PLAIN\" NIL)) NIL \"x\" RFC822.SIZE 44 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")
        S: * 2 FETCH (UID 2 FLAGS () BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 5 1) ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL NIL) RFC822.SIZE 45)";
    let all = fetched("", Wanted::Overview, lines).await;
    // The first cannot be told what it says: that is an error, not a letter less.
    assert_eq!(kind(&all.unwrap_err()), "Protocol");
    let second = lines.lines().nth(1).unwrap();
    let all = fetched("", Wanted::Overview, second).await.unwrap();
    assert_eq!((all[0].uid, all[0].size), (Some(2), Some(45)));
}

#[tokio::test]
async fn nesting_without_end_does_not_bring_us_down() {
    let deep = "(".repeat(100_000);
    for line in [
        format!("S: * 1 FETCH (UID 1 BODYSTRUCTURE {deep}"),
        format!("S: * 1 FETCH (UID 1 FLAGS () X {deep}{})", ")".repeat(100_000)),
    ] {
        let all = fetched("", Wanted::Flags, &line).await;
        match all {
            Ok(all) => assert_eq!(uids(&all), [1]),
            Err(error) => assert_eq!(kind(&error), "Protocol"),
        }
    }
    let (fake, mut imap) = play("", &format!("C: a NOOP\nS: * THREAD {deep}\nS: {{a}} OK")).await;
    imap.noop().await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn yahoo_shows_a_part_and_has_server_bugs() {
    let fake = Fake::play(&inside(
        "ID",
        "C: a ID (\"name\" \"goyo\")
        S: * ID (\"vendor\" \"Yahoo! Inc.\" \"support-url\" \"http://help.yahoo.com/\")
        S: {a} OK
        C: a UID FETCH *
        S: * 1 FETCH (UID 1 FLAGS ())
        S: {a} NO [SERVERBUG] UID FETCH Server error while fetching messages
        C: a NOOP
        S: {a} OK",
    ));
    let mut imap = connect(&fake).await;
    assert!(imap.quirks().partial_view);
    let error = fetch(&mut imap, Wanted::Flags).await.unwrap_err();
    assert!(error.is_refusal() && error.is_passing(), "{error}");
    imap.noop().await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn icloud_enables_nothing_and_garbles_what_vanished() {
    let (fake, mut imap) = play(
        "ENABLE QRESYNC CONDSTORE",
        "C: a ENABLE QRESYNC
        S: {a} OK done
        C: a SELECT \"INBOX\" (CONDSTORE)
        S: * 5 EXISTS
        S: {a} OK
        C: a NOOP
        S: * VANISHED (EARLIER)
        S: * VANISHED 4 , 9:7
        S: * VANISHED
        S: {a} OK",
    )
    .await;
    assert!(!imap.capabilities().has("QRESYNC") && imap.capabilities().has("CONDSTORE"));
    imap.select("INBOX", None).await.unwrap();
    imap.noop().await.unwrap();
    let gone = Unsolicited::Vanished(UidSet(vec![(4, 4), (7, 9)]));
    assert_eq!(imap.take_unsolicited(), [gone]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn what_vanished_and_cannot_be_read_ends_the_connection() {
    let (fake, mut imap) = play("", "C: a NOOP\nS: * VANISHED 4:some\nS: {a} OK").await;
    assert_eq!(kind(&imap.noop().await.unwrap_err()), "Protocol");
    assert!(!imap.is_sound());
    drop(imap);
    fake.heard_at_most();
}

#[tokio::test]
async fn naver_takes_no_letter_over_40_megabytes() {
    // As the server says it; Naver's own limit is known by its name.
    let (fake, mut imap) = play("APPENDLIMIT=1000", "C: a NOOP\nS: {a} OK").await;
    let refused = imap.append("INBOX", &[], None, &[0; 1001]).await;
    assert_eq!(kind(&refused.unwrap_err()), "No");
    imap.noop().await.unwrap();
    drop(imap);
    assert_eq!(fake.heard().len(), 2);
}

#[tokio::test]
async fn coremail_says_no_uidnext_and_empty_statuses() {
    let selected = select("", "S: * 5 EXISTS\nS: * OK [UIDVALIDITY 1] ok").await.unwrap();
    assert_eq!((selected.exists, selected.uidnext), (5, None));
    let (fake, mut imap) = play("", "C: a STATUS *\nS: * STATUS \"INBOX\" ()\nS: {a} OK").await;
    // No answer is no empty folder.
    assert!(imap.status(&["INBOX".into()]).await.unwrap()[0].is_err());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn a_folder_that_was_never_counted_is_not_empty() {
    let selected = select("", "S: * OK [UIDVALIDITY 1] ok").await;
    assert_eq!(kind(&selected.unwrap_err()), "Protocol");
}

#[tokio::test]
async fn qq_wants_ascending_sets() {
    let (fake, mut imap) = play("", "C: a UID FETCH 2,5:7,9:* (UID FLAGS)\nS: {a} OK").await;
    let set = UidSet(vec![(9, u32::MAX), (5, 7), (2, 2)]);
    let request = Request { set, by_sequence: false, wanted: Wanted::Flags };
    fetch_all(&mut imap, vec![request]).await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn sets_too_long_for_a_line_are_cut() {
    let many = UidSet::of((1..=4000).map(|number| number * 3));
    let (fake, mut imap) = play(
        "",
        "C: a UID STORE 3,6,*
        S: {a} OK
        C: a UID STORE *
        S: {a} OK
        C: a UID STORE *
        S: {a} OK
        C: a UID STORE *,12000 +FLAGS.SILENT (\\Seen)
        S: {a} OK
        C: a UID STORE *
        S: {a} OK",
    )
    .await;
    let flags = vec!["\\Seen".to_owned()];
    let store = Store { uids: many, how: StoreHow::Add, flags, unchanged_since: None };
    imap.store(&store).await.unwrap();
    let store = Store { uids: UidSet::of([1]), ..store };
    imap.store(&store).await.unwrap();
    drop(imap);
    let heard = fake.heard();
    assert!(heard.iter().all(|line| line.len() < 8000));
}

#[tokio::test]
async fn mail_ru_writes_sizes_as_floating_numbers() {
    let lines = "S: * 1 FETCH (UID 1 RFC822.SIZE 9.37e+06 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" FLAGS (\\Seen))";
    let all = fetched("", Wanted::Overview, lines).await.unwrap();
    assert_eq!((all[0].size, all[0].delivered), (Some(9_370_000), Some(837_596_665)));
    assert_eq!(all[0].flags, Some(Flags::SEEN));
}

#[tokio::test]
async fn yandex_drops_who_idles() {
    let (fake, mut imap) = play("IDLE", "C: a IDLE\nS: + idling\nS: * BYE Autologout\nclose").await;
    let ended = imap.idle(Duration::from_secs(9), std::future::pending()).await;
    assert_eq!(ended, Err(ImapError::Bye("Autologout".into())));
    assert!(ended.unwrap_err().is_passing());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn a_plus_without_text_is_enough() {
    let (fake, mut imap) =
        play("IDLE", "C: a IDLE\nraw: +\\r\\n\nS: * 2 EXISTS\nC: - DONE\nS: {a} OK").await;
    imap.idle(Duration::from_secs(9), std::future::pending()).await.unwrap();
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Exists(2)]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn a_uidvalidity_of_0_is_none() {
    let lines = "S: * 5 EXISTS\nS: * OK [UIDVALIDITY 0] ok\nS: * OK [UIDNEXT 0] ok\nS: * OK [HIGHESTMODSEQ 0] ok";
    let selected = select("CONDSTORE", lines).await.unwrap();
    let nothing = (selected.uidvalidity, selected.uidnext, selected.highestmodseq);
    assert_eq!(nothing, (None, None, None));
    let selected = select("CONDSTORE", "S: * 5 EXISTS\nS: * OK [NOMODSEQ] none").await.unwrap();
    assert_eq!(selected.highestmodseq, None);
}

#[tokio::test]
async fn a_uid_of_0_is_told() {
    let lines = "S: * 1 FETCH (UID 0 FLAGS ())\nS: * 2 FETCH (UID 2 FLAGS ())";
    let all = fetched("", Wanted::Flags, lines).await;
    assert_eq!(kind(&all.unwrap_err()), "Protocol");
}

#[tokio::test]
async fn a_date_of_nil_does_not_bring_us_down() {
    let lines = "S: * 1 FETCH (UID 1 INTERNALDATE NIL RFC822.SIZE 3)\nS: * 2 FETCH (INTERNALDATE \"nonsense\" UID 2)";
    let all = fetched("", Wanted::Overview, lines).await.unwrap();
    assert_eq!(uids(&all), [1, 2]);
    assert!(all.iter().all(|one| one.delivered.is_none()));
}

#[tokio::test]
async fn text_right_behind_a_code_does_not_bring_us_down() {
    for text in ["[ALERT]é", "[PERMANENTFLAGS (a])]é", "[UIDNEXT 4]소", "[READ-WRITE]\\xff"] {
        let (fake, mut imap) =
            play("", &format!("C: a NOOP\nraw: * OK {text}\\r\\n\nraw: {{a}} OK {text}\\r\\n"))
                .await;
        imap.noop().await.unwrap();
        drop(imap);
        fake.heard();
    }
}

#[tokio::test]
async fn lines_without_text_or_with_bare_ends_are_read() {
    let (fake, mut imap) = play(
        "",
        "C: a UID SEARCH ALL
        raw: * OK\\r\\n* SEARCH 3 \\n* OK [PARSE]\\r\\n{a} OK\\n",
    )
    .await;
    assert_eq!(imap.search("ALL").await.unwrap(), [3]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn braces_at_the_end_of_a_text_announce_nothing() {
    let (fake, mut imap) =
        play("", "C: a NOOP\nS: * OK see {5}\nS: * NO [ALERT] and {99999999}\nS: {a} OK done {3}")
            .await;
    imap.noop().await.unwrap();
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Alert("and {99999999}".into())]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn names_come_in_every_spelling() {
    let (fake, mut imap) = play(
        "",
        "C: a LIST *
        C: b LSUB *
        S: * LIST (\\HasNoChildren) \"/\" inbox
        S: * LIST () \"/\" Sent Items
        raw: * LIST () \"/\" {8}\\r\\na\\\\b\"c\\xec\\x86\\x8c\\r\\n
        raw: * LIST () \"\\\\\\\\\" \"x\\\\\\\\y \\\\\"z\\\\\"\"\\r\\n
        S: * LIST (\\NonExistent \\Noselect) NIL gone
        S: * LIST () . a.&vPSwuNO4ycDVaA-
        S: * LIST () \"/\" inbox
        S: {a} OK
        S: * LSUB () \"/\" INBOX
        S: * LSUB (\\Noselect) \"/\" gone
        S: {b} OK",
    )
    .await;
    let listed = imap.list().await.unwrap();
    let names: Vec<&str> = listed.iter().map(|one| one.mailbox.as_str()).collect();
    assert_eq!(
        names,
        ["INBOX", "Sent Items", "a\\b\"c소", "x\\y \"z\"", "gone", "a.&vPSwuNO4ycDVaA-"]
    );
    assert_eq!(listed[3].levels, ["x", "y \"z\""]);
    assert_eq!(listed[5].levels, ["a", "보낸편지함"]);
    assert!(listed[0].subscribed && !listed[4].subscribed && !listed[4].selectable);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn roles_that_are_told_only_to_who_asks() {
    let (fake, mut imap) = play(
        "SPECIAL-USE",
        "C: a LIST \"\" *
        C: b LSUB *
        C: c LIST (SPECIAL-USE) *
        S: * LIST () \"/\" INBOX
        S: * LIST () \"/\" 보낸
        S: {a} OK
        S: {b} BAD no subscriptions here
        S: * LIST (\\Sent) \"/\" 보낸
        S: {c} OK",
    )
    .await;
    let listed = imap.list().await.unwrap();
    assert_eq!(listed[1].role, Some(Role::Sent));
    assert!(listed[1].subscribed);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn long_lists_of_numbers_come_whole() {
    let all: Vec<String> = (1..=200_000).map(|number: u32| number.to_string()).collect();
    let line = format!("C: a UID SEARCH ALL\nS: * SEARCH {}\nS: {{a}} OK", all.join(" "));
    let (fake, mut imap) = play("", &line).await;
    let found = imap.search("ALL").await.unwrap();
    assert_eq!(found.len(), 200_000);
    assert_eq!((found[0], found[199_999]), (1, 200_000));
    drop(imap);
    fake.heard();
    let (fake, mut imap) =
        play("", &format!("C: a NOOP\nS: * VANISHED {}\nS: {{a}} OK", all.join(","))).await;
    imap.noop().await.unwrap();
    let gone = imap.take_unsolicited().into_iter().map(|said| match said {
        Unsolicited::Vanished(uids) => uids.0.len(),
        other => panic!("{other:?}"),
    });
    assert_eq!(gone.sum::<usize>(), 200_000);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn a_tag_that_was_never_sent_ends_the_connection() {
    let (fake, mut imap) = play("", "C: a NOOP\nS: Z9 OK done").await;
    assert_eq!(kind(&imap.noop().await.unwrap_err()), "Protocol");
    assert!(!imap.is_sound());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn copies_of_millions_are_not_believed() {
    let (fake, mut imap) =
        play("", "C: a UID COPY *\nS: {a} OK [COPYUID 1 1:4294967295 1:4294967295] done").await;
    assert_eq!(imap.copy(&UidSet::of([1]), "x").await.unwrap(), None);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn changes_told_amid_letters_are_news_and_no_letters() {
    let lines = "S: * 2 FETCH (FLAGS (\\Seen))\nraw: * 1 FETCH (UID 1 RFC822.SIZE 2 BODY[] {2}\\r\\nhi)\\r\\n\nS: * 3 FETCH (UID 3 FLAGS (\\Seen))";
    let (fake, mut imap) = play("", &format!("C: a UID FETCH *\n{lines}\nS: {{a}} OK")).await;
    let all = fetch(&mut imap, Wanted::Whole).await.unwrap();
    assert_eq!(uids(&all), [1]);
    let news = imap.take_unsolicited();
    assert!(
        matches!(&news[..], [Unsolicited::Changed(a), Unsolicited::Changed(b)]
        if a.sequence == 2 && b.uid == Some(3)),
        "{news:?}"
    );
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn letters_that_went_meanwhile_leave_gaps_only() {
    let lines = "raw: * 1 FETCH (UID 1 RFC822.SIZE 2 BODY[] {2}\\r\\nhi)\\r\\n\nS: * 2 EXPUNGE\nS: * 2 FETCH (UID 3 RFC822.SIZE 9 BODY[] NIL)\nraw: * 2 FETCH (UID 3 RFC822.SIZE 5 BODY[] {2}\\r\\nho)\\r\\n";
    let all = fetched("", Wanted::Whole, lines).await.unwrap();
    // Twice the same, and a wrong size: both are told as they came.
    assert_eq!(uids(&all), [1, 3, 3]);
    assert_eq!((all[1].bytes.as_deref(), all[2].size), (None, Some(5)));
}

#[tokio::test]
async fn quotas_are_told_in_bytes() {
    let (fake, mut imap) = play(
        "QUOTA",
        "C: a GETQUOTAROOT \"INBOX\"
        S: * QUOTAROOT INBOX \"\"
        S: * QUOTA \"\" (MESSAGE 5 100 STORAGE 10 512)
        S: {a} OK",
    )
    .await;
    assert_eq!(imap.quota().await.unwrap(), Some((10_240, 524_288)));
    drop(imap);
    fake.heard();
}

#[test]
fn the_table_of_hazards_names_tests_that_are_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/sync.md")).unwrap();
    let mut named = 0;
    for name in table.split('`').filter(|word| word.contains("::") && !word.contains(' ')) {
        let (file, test) = name.split_once("::").unwrap();
        let there = ["tests/imap_hazards", "tests/sync"].iter().any(|dir| {
            std::fs::read_to_string(root.join(dir).join(format!("{file}.rs")))
                .is_ok_and(|source| source.contains(&format!("fn {test}()")))
        });
        assert!(there, "{name}");
        named += 1;
    }
    assert!(named >= 60, "{named}");
}
