//! The hazards of the parser's own client, one by one.

use super::*;
use goyo::net::imap::{Resync, Store, StoreHow, Unsolicited};
use std::future::pending;

const SELECT: &str = "C: s SELECT \"INBOX\"*
    S: * 3 EXISTS
    S: * OK [UIDVALIDITY 7] ok
    S: * OK [UIDNEXT 4] ok
    S: {s} OK [READ-WRITE] open";

fn seen(uids: UidSet, unchanged_since: Option<u64>) -> Store {
    Store { uids, how: StoreHow::Add, flags: vec!["\\Seen".into()], unchanged_since }
}

#[tokio::test]
async fn hazard_1_a_refusal_is_never_an_empty_success() {
    let (fake, mut imap) = play(
        "UIDPLUS",
        "C: a UID FETCH *
        S: {a} NO not now
        C: a UID FETCH *
        S: {a} BAD what?
        C: a UID SEARCH ALL
        S: * SEARCH
        S: {a} NO [SERVERBUG] not now
        C: a UID STORE *
        S: {a} NO read-only
        C: a LIST *
        C: b LSUB *
        S: {a} NO no
        S: {b} OK
        C: a UID EXPUNGE 1
        S: {a} NO no
        C: a NOOP
        S: {a} BAD no
        C: a SELECT *
        S: {a} NO no
        C: a STATUS *
        S: {a} NO no
        C: a NOOP
        S: {a} OK still here",
    )
    .await;
    assert_eq!(fetch(&mut imap, Wanted::Flags).await, Err(ImapError::No("not now".into())));
    assert_eq!(fetch(&mut imap, Wanted::Flags).await, Err(ImapError::Bad("what?".into())));
    // SERVERBUG: it may pass.
    assert_eq!(imap.search("ALL").await, Err(ImapError::NotNow("not now".into())));
    let stored = imap.store(&seen(UidSet::of([1]), None)).await;
    assert_eq!(stored, Err(ImapError::No("read-only".into())));
    assert_eq!(imap.list().await, Err(ImapError::No("no".into())));
    assert_eq!(imap.expunge(&UidSet::of([1])).await, Err(ImapError::No("no".into())));
    assert_eq!(imap.noop().await, Err(ImapError::Bad("no".into())));
    assert_eq!(imap.select("INBOX", None).await, Err(ImapError::No("no".into())));
    let status = imap.status(&["INBOX".into()]).await.unwrap();
    assert_eq!(status, [Err(ImapError::No("no".into()))]);
    // Refusals are no reason to part.
    imap.noop().await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_1_capability_refused_is_no_server_without_abilities() {
    let fake = Fake::play("S: * OK hello\nC: a CAPABILITY\nS: {a} NO no");
    assert_eq!(plain(&fake).await.map(drop), Err(ImapError::No("no".into())));
}

#[tokio::test]
async fn hazard_2_an_end_between_answers_is_an_error() {
    for (script, what) in [
        ("C: a SELECT *\nclose", "select"),
        ("C: a SELECT *\nS: * 3 EXISTS\nclose", "select"),
        ("C: a UID SEARCH *\nS: * SEARCH 1\nclose", "search"),
        ("C: a UID FETCH *\nS: * 1 FETCH (UID 1 FLAGS ())\nclose", "fetch"),
        ("C: a UID FETCH *\nraw: * 1 FETCH (UID 1 BODY[] {100}\\r\\nhalf\nclose", "fetch"),
        ("C: a LIST *\nC: b LSUB *\nS: * LIST () \"/\" INBOX\nclose", "list"),
    ] {
        let (fake, mut imap) = play("", script).await;
        let error = match what {
            "select" => imap.select("INBOX", None).await.map(drop),
            "search" => imap.search("ALL").await.map(drop),
            "list" => imap.list().await.map(drop),
            _ => fetch(&mut imap, Wanted::Whole).await.map(drop),
        };
        assert_eq!(kind(&error.unwrap_err()), "Lost", "{script}");
        assert!(!imap.is_sound());
        drop(imap);
        fake.heard();
    }
}

#[tokio::test]
async fn hazard_3_whatever_is_said_unasked_is_kept_however_much() {
    let (fake, mut imap) = play(
        "",
        "C: a NOOP
        say: 5000 * 1 EXPUNGE
        say: 300 * {#} FETCH (FLAGS (\\Seen))
        S: * VANISHED 5,9:7
        S: * 12 EXISTS
        S: {a} OK",
    )
    .await;
    imap.noop().await.unwrap();
    let said = imap.take_unsolicited();
    assert_eq!(said.iter().filter(|one| **one == Unsolicited::Expunge(1)).count(), 5000);
    let changed = |one: &&Unsolicited| matches!(one, Unsolicited::Changed(_));
    assert_eq!(said.iter().filter(changed).count(), 300);
    // A range may be written either way round.
    assert_eq!(said[5300], Unsolicited::Vanished(UidSet(vec![(5, 5), (7, 9)])));
    assert_eq!(said[5301..], [Unsolicited::Exists(12)]);
    assert!(imap.take_unsolicited().is_empty());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_4_what_is_left_half_way_is_not_used_again() {
    let (fake, mut imap) = play(
        "",
        "C: a UID FETCH *
        S: * 1 FETCH (UID 1 FLAGS ())
        stall",
    )
    .await;
    let request = Request { set: UidSet::range(1, 2), by_sequence: false, wanted: Wanted::Flags };
    let mut fetching = imap.fetch(vec![request]).await.unwrap();
    assert_eq!(fetching.next().await.unwrap().unwrap().uid, Some(1));
    drop(fetching);
    assert!(!imap.is_sound());
    assert_eq!(kind(&imap.search("ALL").await.unwrap_err()), "Lost");
    drop(imap);
    // Nothing was asked that the rest of the answer could have been taken for.
    assert_eq!(fake.heard().len(), 2);

    let (fake, mut imap) = play("", "C: a NOOP\nstall").await;
    assert!(tokio::time::timeout(Duration::from_millis(200), imap.noop()).await.is_err());
    assert_eq!(kind(&imap.noop().await.unwrap_err()), "Lost");
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_4_the_next_command_is_sent_before_the_last_is_answered() {
    // The fake says nothing before it has heard both.
    let (fake, mut imap) = play(
        "",
        "C: a UID FETCH 3 *
        C: b UID FETCH 2 *
        S: * 3 FETCH (UID 3 FLAGS ())
        S: {a} OK
        C: c UID FETCH 1 *
        S: * 2 FETCH (UID 2 FLAGS ())
        S: {b} OK
        S: * 1 FETCH (UID 1 FLAGS ())
        S: {c} OK",
    )
    .await;
    let one = |uid| Request { set: UidSet::of([uid]), by_sequence: false, wanted: Wanted::Flags };
    let all = fetch_all(&mut imap, vec![one(3), one(2), one(1)]).await.unwrap();
    assert_eq!(uids(&all), [3, 2, 1]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_4_a_refusal_amid_pipelined_commands_loses_nothing() {
    let (fake, mut imap) = play(
        "",
        "C: a UID FETCH 3 *
        C: b UID FETCH 2 *
        S: * 3 FETCH (UID 3 FLAGS ())
        S: {a} NO some of them are gone
        S: * 2 FETCH (UID 2 FLAGS ())
        S: {b} OK
        C: c NOOP
        S: {c} OK",
    )
    .await;
    let one = |uid| Request { set: UidSet::of([uid]), by_sequence: false, wanted: Wanted::Flags };
    let mut fetching = imap.fetch(vec![one(3), one(2), one(1)]).await.unwrap();
    assert_eq!(fetching.next().await.unwrap().unwrap().uid, Some(3));
    assert_eq!(fetching.next().await.unwrap().unwrap().uid, Some(2));
    let refusal = fetching.next().await.unwrap_err();
    assert_eq!(refusal, ImapError::No("some of them are gone".into()));
    drop(fetching);
    imap.noop().await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_5_an_end_while_idling_is_an_error() {
    let (fake, mut imap) = play("IDLE", "C: a IDLE\nS: + idling\nclose").await;
    let ended = imap.idle(Duration::from_secs(9), pending()).await;
    assert_eq!(kind(&ended.unwrap_err()), "Lost");
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_5_idle_that_is_refused_becomes_noop() {
    let fake = Fake::play(&inside(
        "IDLE",
        "C: a IDLE
        S: {a} NO not here
        C: b NOOP
        S: {b} OK
        C: c NOOP
        S: * 4 EXISTS
        S: {c} OK",
    ));
    let options = Options { poll: Duration::from_millis(20), ..options() };
    let endpoint = at(&fake, Security::Plain, None);
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
    let mut imap = opened.unwrap();
    imap.idle(Duration::from_secs(9), pending()).await.unwrap();
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Exists(4)]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_5_idle_is_renewed_and_says_what_changed() {
    let fake = Fake::play(&inside(
        "IDLE",
        "C: a IDLE
        S: + idling
        S: * OK still here
        C: - DONE
        S: {a} OK
        C: a IDLE
        S: + idling
        S: * 2 EXPUNGE
        C: - DONE
        S: * 5 EXISTS
        S: {a} OK",
    ));
    let options = Options { renew: Duration::from_millis(100), ..options() };
    let endpoint = at(&fake, Security::Plain, None);
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
    let mut imap = opened.unwrap();
    imap.idle(Duration::from_secs(9), pending()).await.unwrap();
    let said = imap.take_unsolicited();
    assert_eq!(said, [Unsolicited::Expunge(2), Unsolicited::Exists(5)]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_5_the_end_of_idle_does_not_keep_us() {
    let (fake, mut imap) = play("IDLE", "C: a IDLE\nS: + idling\nC: - DONE\nstall").await;
    let begun = std::time::Instant::now();
    let ended = imap.idle(Duration::from_secs(60), async {}).await;
    assert_eq!(ended, Err(ImapError::TimedOut));
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_6_append_minds_what_is_said_before_it_may_go_on() {
    let (fake, mut imap) = play(
        "UIDPLUS",
        "C: a APPEND \"Sent\" (\\Seen) \"17-Jul-1996 09:44:25 +0000\" {5}
        S: * 8 EXISTS
        S: * OK [PARSE] by the way
        S: +
        take: 5
        C: - 
        S: * 9 EXISTS
        S: {a} OK [APPENDUID 7 42] there
        C: b APPEND \"Sent\" {5}
        S: {b} NO [TRYCREATE] nowhere
        C: c APPEND \"Sent\" {5}
        S: {c} NO [OVERQUOTA] full
        C: d NOOP
        S: {d} OK",
    )
    .await;
    let seen = ["\\Seen".to_owned()];
    let added = imap.append("Sent", &seen, Some(837_596_665), b"a\r\nb\n").await.unwrap().unwrap();
    assert_eq!((added.uidvalidity, added.uid), (7, 42));
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Exists(8), Unsolicited::Exists(9)]);
    let refused = imap.append("Sent", &[], None, b"12345").await;
    assert_eq!(refused, Err(ImapError::NoSuchMailbox("nowhere".into())));
    let refused = imap.append("Sent", &[], None, b"12345").await;
    assert_eq!(refused, Err(ImapError::OverQuota("full".into())));
    imap.noop().await.unwrap();
    drop(imap);
    assert!(fake.heard().contains(&"a\r\nb\n".to_owned()));
}

#[tokio::test]
async fn hazard_6_literals_go_along_where_that_is_offered() {
    let (fake, mut imap) = play(
        "LITERAL-",
        "C: a APPEND \"Sent\" {3+}
        take: 3
        C: - 
        S: {a} OK
        C: b APPEND \"Sent\" {5000}
        S: + go on
        take: 5000
        C: - 
        S: {b} OK",
    )
    .await;
    imap.append("Sent", &[], None, b"abc").await.unwrap();
    imap.append("Sent", &[], None, &[b'x'; 5000]).await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_7_no_secret_is_in_the_conversation_log() {
    let fake = Fake::play(
        "S: * OK [CAPABILITY IMAP4rev1] ready
        C: a LOGIN \"kim\" {14}
        S: + go on
        take: 14
        C: - 
        S: {a} OK [CAPABILITY IMAP4rev1] in",
    );
    let log = Log::default();
    let opened =
        Connection::open_with(&at(&fake, Security::Plain, None), &kim(), &log, &options()).await;
    let imap = opened.unwrap();
    assert!(!format!("{imap:?}").contains("hunter2"));
    drop(imap);
    assert!(fake.heard().contains(&PASSWORD.to_owned()));
    let said = log.lines().join("\n");
    assert!(
        said.contains("LOGIN … …") && !said.contains("hunter2") && !said.contains("kim"),
        "{said}"
    );
}

#[tokio::test]
async fn hazard_8_what_the_parser_cannot_read_harms_nothing() {
    let (fake, mut imap) = play(
        "",
        "C: a UID SEARCH ALL
        S: * NAMESPACE ((\"\" \"/\")) NIL NIL
        S: * ESEARCH (TAG \"x\") UID ALL 1:9
        S: * THREAD (2)(3 6 (4 23)(44 7 96))
        S: * SEARCH 4 2 (MODSEQ 917162500)
        S: * ACL INBOX kim lrswipkxtecda
        S: * XYZZY nothing ((((happens
        S: * 5 EXPUNGED
        S: {a} OK
        C: a STATUS *
        S: * STATUS INBOX (MESSAGES 3 SIZE 12345 APPENDLIMIT NIL MAILBOXID (F1) UIDNEXT 9)
        S: {a} OK
        C: a LIST *
        C: b LSUB *
        S: * LIST (\\HasChildren) \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))
        S: * LIST () \"/\" \"b\" ((\"OLDNAME\" (\"c\")))
        S: {a} OK
        S: {b} OK",
    )
    .await;
    assert_eq!(imap.search("ALL").await.unwrap(), [2, 4]);
    let status = imap.status(&["INBOX".into()]).await.unwrap();
    let status = status[0].as_ref().unwrap();
    assert_eq!((status.messages, status.uidnext), (3, Some(9)));
    let names: Vec<String> =
        imap.list().await.unwrap().into_iter().map(|one| one.mailbox).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(imap.take_unsolicited().is_empty());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_9_what_extensions_answer_is_handed_over() {
    let (fake, mut imap) = play(
        "ENABLE QRESYNC CONDSTORE UIDPLUS MOVE",
        "C: a ENABLE QRESYNC
        S: * ENABLED QRESYNC
        S: {a} OK
        C: a SELECT \"INBOX\" (QRESYNC (7 100 1:3))
        S: * 9 EXISTS
        S: * OK [UIDVALIDITY 7] ok
        S: * OK [HIGHESTMODSEQ 200] ok
        S: * VANISHED (EARLIER) 2,10:12
        S: * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (150))
        S: {a} OK [READ-ONLY] open
        C: a UID COPY 1:2 \"x\"
        S: {a} OK [COPYUID 5 1:2 8,7] done
        C: a UID MOVE 3 \"x\"
        S: * OK [COPYUID 5 3 9] moved
        S: * VANISHED 3
        S: {a} OK done
        C: a UID STORE 1:4 (UNCHANGEDSINCE 150) +FLAGS.SILENT (\\Seen)
        S: * 1 FETCH (UID 1 MODSEQ (201) FLAGS (\\Seen))
        S: {a} OK [MODIFIED 2,4] some were changed
        C: a UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 200 VANISHED)
        S: * VANISHED (EARLIER) 6
        S: * 1 FETCH (UID 1 MODSEQ (201) FLAGS (\\Seen))
        S: {a} OK",
    )
    .await;
    let known = Some(UidSet::range(1, 3));
    let resync = Resync { uidvalidity: 7, modseq: 100, known };
    let open = imap.select("INBOX", Some(&resync)).await.unwrap();
    assert_eq!(open.vanished, UidSet(vec![(2, 2), (10, 12)]));
    assert_eq!((open.exists, open.highestmodseq, open.read_only), (9, Some(200), true));
    assert_eq!((open.changed[0].uid, open.changed[0].modseq), (Some(1), Some(150)));
    let copied = imap.copy(&UidSet::range(1, 2), "x").await.unwrap().unwrap();
    assert_eq!((copied.uidvalidity, copied.uids), (5, vec![(1, 8), (2, 7)]));
    let moved = imap.move_to(&UidSet::of([3]), "x").await.unwrap().unwrap();
    assert_eq!(moved.uids, [(3, 9)]);
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Vanished(UidSet::of([3]))]);
    assert_eq!(imap.store(&seen(UidSet::range(1, 4), Some(150))).await.unwrap(), [2, 4]);
    imap.take_unsolicited();
    let changed = fetch(&mut imap, Wanted::Changed { since: 200, vanished: true }).await.unwrap();
    assert_eq!(changed[0].modseq, Some(201));
    assert_eq!(imap.take_unsolicited(), [Unsolicited::Vanished(UidSet::of([6]))]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn hazard_10_floods_are_cut_off() {
    for (name, flood) in [
        ("a line without end", format!("raw: * OK {}", "x".repeat(300_000))),
        ("a letter too large", "S: * 1 FETCH (UID 1 BODY[] {99999999999}".into()),
        ("a huge name", "S: * LIST () \"/\" {900000}".into()),
        ("more than was asked for", format!("say: 60000 * OK {}", "x".repeat(1000))),
    ] {
        let (fake, mut imap) = play("", &format!("C: a NOOP\n{flood}\nstall")).await;
        let error = imap.noop().await.unwrap_err();
        assert_eq!(kind(&error), "Protocol", "{name}: {error}");
        assert!(!imap.is_sound());
        drop(imap);
        fake.heard_at_most();
    }
}

#[tokio::test]
async fn hazard_10_silence_is_noticed() {
    let (fake, mut imap) = play("", "C: a NOOP\nstall").await;
    assert_eq!(imap.noop().await, Err(ImapError::TimedOut));
    drop(imap);
    fake.heard();
    // So is a greeting that never comes.
    let fake = Fake::play("stall");
    assert_eq!(plain(&fake).await.map(drop), Err(ImapError::TimedOut));
    fake.heard();
}

#[tokio::test]
async fn hazard_10_letters_are_bytes() {
    // NUL, our own mark, 8 bits, something like an answer, and a literal of nothing.
    let (fake, mut imap) = play(
        "",
        "C: a UID FETCH *
        raw: * 1 FETCH (UID 1 BODY[] {26}\\r\\n\\0\\x01\\xff\\r\\n{a} OK {5}\\r\\n* BYE\\r\\n\\n)\")\\r\\n
        raw: * 2 FETCH (BODY[] {0}\\r\\n UID 2)\\r\\n
        raw: * 3 FETCH (UID 3 BODY[] \"quoted \\\\\" and \\\\\\\\ so\")\\r\\n
        S: * 4 FETCH (UID 4 RFC822.SIZE 1 BODY[] NIL)
        S: {a} OK",
    )
    .await;
    let all = fetch(&mut imap, Wanted::Whole).await;
    let all = all.unwrap();
    assert_eq!(uids(&all), [1, 2, 3, 4]);
    let first = all[0].bytes.as_deref().unwrap();
    assert!(
        first.starts_with(b"\0\x01\xff\r\n") && first.ends_with(b"* BYE\r\n\n)\""),
        "{first:?}"
    );
    assert_eq!(all[1].bytes.as_deref(), Some(&b""[..]));
    assert_eq!(all[2].bytes.as_deref(), Some(&br#"quoted " and \ so"#[..]));
    assert_eq!(all[3].bytes, None);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn compression_is_below_everything() {
    let fake = Fake::play(&inside(
        "COMPRESS=DEFLATE",
        "C: a COMPRESS DEFLATE
        S: {a} OK
        deflate
        C: a UID FETCH *
        say: 2000 * {#} FETCH (UID {#} FLAGS (\\Seen))
        S: {a} OK",
    ));
    let options = Options { compress: Some(true), ..options() };
    let endpoint = at(&fake, Security::Plain, None);
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
    let mut imap = opened.unwrap();
    let all = fetch(&mut imap, Wanted::Flags).await.unwrap();
    assert_eq!(all.len(), 2000);
    assert!(imap.traffic().read < 40_000, "{:?}", imap.traffic());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn folders_that_change_keep_their_news_apart() {
    let rest = format!(
        "{SELECT}
        C: a NOOP
        S: * 4 EXISTS
        S: {{a}} OK
        C: b SELECT \"Sent\"
        S: * 2 EXPUNGE
        S: * 1 FETCH (FLAGS (\\Seen))
        S: * OK [CLOSED] closed
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY 8] ok
        S: {{b}} OK open"
    );
    let (fake, mut imap) = play("", &rest).await;
    assert_eq!(imap.select("INBOX", None).await.unwrap().uidnext, Some(4));
    imap.noop().await.unwrap();
    let sent = imap.select("Sent", None).await.unwrap();
    assert_eq!((sent.exists, sent.uidvalidity, sent.uidnext), (1, Some(8), None));
    assert!(imap.take_unsolicited().is_empty());
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn status_is_told_apart_by_name_and_by_place() {
    let (fake, mut imap) = play(
        "",
        "C: a STATUS \"INBOX\" *
        C: b STATUS \"A\" *
        C: c STATUS \"B\" *
        S: * STATUS inbox (MESSAGES 1)
        S: {a} OK
        S: * STATUS \"B\" (MESSAGES 3)
        S: {b} NO [UNAVAILABLE] later
        S: {c} OK",
    )
    .await;
    let names: Vec<String> = ["INBOX", "A", "B"].map(str::to_owned).into();
    let status = imap.status(&names).await.unwrap();
    assert_eq!(status[0].as_ref().unwrap().messages, 1);
    assert_eq!(kind(status[1].as_ref().unwrap_err()), "NotNow");
    assert_eq!(status[2].as_ref().unwrap().messages, 3);
    drop(imap);
    fake.heard();
}
