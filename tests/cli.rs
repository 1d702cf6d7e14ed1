//! The command line as `--help` and the README promise it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Home, stderr};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ONE: &str = "From: =?utf-8?B?67CV7JiB7Z2s?= <younghee@example.org>\r\n\
    To: Minji Kim <minji@example.com>, team@example.com\r\n\
    Subject: =?euc-kr?B?yLjAxyDAz8GkIA==?= =?utf-8?B?7JWI64K0?=\r\n\
    Message-ID: <one@example.org>\r\n\
    Date: Sat, 21 Nov 2026 14:02:00 +0900\r\n\r\n\
    내일 회의실에서 iPhone을 보여 드릴게요.\r\n";

const ANSWER: &str = "From: Minji Kim <minji@example.com>\r\n\
    To: younghee@example.org\r\n\
    Subject: a subject that shares nothing\r\n\
    Message-ID: <two@example.com>\r\n\
    In-Reply-To: <one@example.org>\r\n\
    Date: Sat, 21 Nov 2026 06:00:00 +0000\r\n\r\n\
    Thank you, see you there.\r\n";

const OTHER_BRANCH: &str = "From: team@example.com\r\n\
    Subject: third\r\n\
    Message-ID: <three@example.com>\r\n\
    References: <one@example.org>\r\n\
    Date: Sat, 21 Nov 2026 07:00:00 +0000\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Resumé attached</p><img src=\"https://cos2.navercorp.com/received/abc\">\r\n\
    --b\r\nContent-Type: application/pdf\r\n\
    Content-Disposition: attachment; filename*=utf-8''%EA%B2%AC%EC%A0%81%EC%84%9C.pdf\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n";

fn three() -> Home {
    let home = Home::new();
    home.write("mail/1.eml", ONE);
    home.write("mail/2.eml", ANSWER);
    home.write("mail/3.eml", OTHER_BRANCH);
    let done = home.import(&home.path("mail"), "local/archive");
    assert_eq!(done, json!({"imported": 3, "duplicate": 0, "broken": 0}));
    home
}

#[test]
fn a_list_row_says_what_is_promised() {
    let home = three();
    let rows = home.json(&["list", "--folder", "local/archive"]);
    let dates: Vec<&Value> = rows.iter().map(|row| &row["date"]).collect();
    assert_eq!(dates, ["2026-11-21T07:00:00Z", "2026-11-21T06:00:00Z", "2026-11-21T05:02:00Z"]);
    assert_eq!(
        rows[2],
        json!({
            "id": rows[2]["id"],
            "account": "local",
            "folder": "local/archive",
            "from": {"name": "박영희", "addr": "younghee@example.org"},
            "to": [{"name": "Minji Kim", "addr": "minji@example.com"}, {"addr": "team@example.com"}],
            "subject": "회의 일정 안내",
            "date": "2026-11-21T05:02:00Z",
            "flags": [],
            "size": ONE.len(),
            "has_attachment": false,
            "trackers": 0,
        })
    );
    assert_eq!((&rows[0]["has_attachment"], &rows[0]["trackers"]), (&json!(true), &json!(1)));
    assert_eq!(home.json(&["list", "--limit", "1"]).len(), 1);
}

#[test]
fn search_finds_by_word_part_place_and_property() {
    let home = three();
    let rows = home.json(&["list"]);
    let [third, second, first] =
        [0, 1, 2].map(|index: usize| rows[index]["id"].as_str().unwrap().to_owned());
    let expect = |query: &str, ids: &[&String]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        assert_eq!(home.found(query), ids, "{query}");
    };
    expect("의실에", &[&first]);
    expect("의", &[&first]);
    expect("iphone을 보여", &[&first]);
    expect("resume", &[&third]);
    expect("resu*", &[&third]);
    expect("resu", &[]);
    expect("\"see you\"", &[&second]);
    expect("\"you thank\"", &[]);
    expect("from:minji", &[&second]);
    expect("to:minji", &[&first]);
    expect("subject:thank", &[]);
    expect("filename:견적서", &[&third]);
    expect("filename:적서", &[&third]);
    expect("has:attachment", &[&third]);
    expect("-has:attachment", &[&second, &first]);
    expect("see OR 회의실", &[&second, &first]);
    expect("-see -resume", &[&first]);
    expect("in:archive is:unread", &[&third, &second, &first]);
    expect("in:nowhere", &[]);
    expect("before:2026-11-22 after:2026-11-21", &[&third, &second, &first]);
    expect("before:2026-11-21", &[]);
    expect("larger:10k", &[]);
    expect("smaller:10k subject:third", &[&third]);
    let hit = &home.json(&["search", "회의실"])[0];
    assert_eq!(hit["snippet"], "내일 **회의실**에서 iPhone을 보여 드릴게요.");
}

#[test]
fn letters_that_refer_to_each_other_are_one_thread_with_branches() {
    let home = three();
    let rows = home.json(&["list"]);
    let id = |index: usize| rows[index]["id"].as_str().unwrap();
    let shown = home.object(&["show", id(1)]);
    assert_eq!(
        shown["thread"],
        json!([
            {"id": id(2)},
            {"id": id(1), "parent": id(2)},
            {"id": id(0), "parent": id(2)},
        ])
    );
    // The same subject alone joins nothing.
    let home = Home::new();
    home.write("mail/1.eml", "From: a@x\nSubject: hello\nMessage-ID: <1@x>\n\none\n");
    home.write("mail/2.eml", "From: b@x\nSubject: Re: hello\nMessage-ID: <2@x>\n\ntwo\n");
    home.import(&home.path("mail"), "local/a");
    let id = home.json(&["list"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.object(&["show", &id])["thread"].as_array().unwrap().len(), 1);
}

#[test]
fn threads_join_whatever_order_their_letters_come_in() {
    let home = Home::new();
    let letter = |id: &str, refs: &str| {
        format!("From: a@x\nMessage-ID: <{id}@x>\nReferences: {refs}\n\n{id}\n")
    };
    // Two branches first, then the letter that both hang on, in other folders.
    home.write("1.eml", letter("leaf1", "<root@x> <mid@x>"));
    home.write("2.eml", letter("leaf2", "<other@x>"));
    home.write("3.eml", letter("join", "<mid@x> <other@x>"));
    for (file, folder) in [("1.eml", "local/a"), ("2.eml", "local/b"), ("3.eml", "local/c")] {
        home.import(&home.path(file), folder);
    }
    let id = home.json(&["list"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.object(&["show", &id])["thread"].as_array().unwrap().len(), 3);
    home.check();
}

#[test]
fn show_gives_the_bytes_the_text_and_the_header() {
    let home = three();
    let id = home.found("회의실")[0].clone();
    assert_eq!(home.run(&["show", &id, "--raw"]).stdout, ONE.as_bytes());
    let text = String::from_utf8(home.run(&["show", &id, "--text"]).stdout).unwrap();
    assert_eq!(text.trim_end(), "내일 회의실에서 iPhone을 보여 드릴게요.");
    let headers = String::from_utf8(home.run(&["show", &id, "--headers"]).stdout).unwrap();
    assert!(headers.contains("Subject: 회의 일정 안내\n"), "{headers}");
    let whole = home.object(&["show", &home.found("resume")[0]]);
    assert_eq!(
        whole["attachments"],
        json!([{"name": "견적서.pdf", "type": "application/pdf", "size": 5}])
    );
    assert_eq!(whole["envelope"]["references"], json!(["one@example.org"]));
}

#[test]
fn importing_again_doubles_nothing_and_keeps_flags() {
    let home = Home::new();
    home.write("box/cur/1.a:2,FS", ONE);
    home.write("box/new/2.a", ANSWER);
    home.write("box/.Sub.&vBvHQNO4ycDVaA-/cur/3.a:2,R", OTHER_BRANCH);
    home.import(&home.path("box"), "local/box");
    let rows = home.json(&["list"]);
    let folders: BTreeSet<&str> = rows.iter().map(|row| row["folder"].as_str().unwrap()).collect();
    assert_eq!(folders, BTreeSet::from(["local/box", "local/box/Sub/받은편지함"]));
    assert_eq!(rows[2]["flags"], json!(["seen", "flagged"]));
    assert_eq!(rows[0]["flags"], json!(["answered"]));
    assert_eq!(home.found("is:flagged").len(), 1);
    assert_eq!(home.found("is:unread").len(), 2);
    std::fs::rename(home.path("box/cur/1.a:2,FS"), home.path("box/cur/1.a:2,")).unwrap();
    let again = home.import(&home.path("box"), "local/box");
    assert_eq!(again, json!({"imported": 0, "duplicate": 3, "broken": 0}));
    assert_eq!(home.json(&["list"]), rows);
    // The same bytes in another folder are another letter.
    let other = home.import(&home.path("box"), "local/other");
    assert_eq!(other["imported"], 3);
    home.check();
}

#[test]
fn export_and_import_give_the_same_bytes_back() {
    let odd: Vec<Vec<u8>> = vec![
        ONE.into(),
        b"From: a@x\n\nFrom here to there\n>From before\n>>From\n".to_vec(),
        b"From: a@x\n\nno newline at the end".to_vec(),
        b"From: a@x\n\nblank lines at the end\n\n\n".to_vec(),
        b"From: a@x\nContent-Length: 4\n\nbody\nand more\n".to_vec(),
        b"From: a@x\r\n\r\nnul \0 and \xff bytes\r\n\r".to_vec(),
        b"no header at all".to_vec(),
        b"\n".to_vec(),
    ];
    let home = Home::new();
    for (index, raw) in odd.iter().enumerate() {
        home.write(&format!("mail/{index}.eml"), raw);
    }
    home.import(&home.path("mail"), "local/a");
    let out = |name: &str| home.path(name).to_str().unwrap().to_owned();
    for (format, name) in [("mboxrd", "a.mbox"), ("maildir", "a-maildir"), ("eml", "a-eml")] {
        let args = ["export", "--folder", "local/a", "--format", format, "--out", &out(name)];
        assert_eq!(home.object(&args), json!({"exported": odd.len()}));
        let folder = format!("local/from-{format}");
        assert_eq!(home.import(&home.path(name), &folder)["imported"], odd.len());
        let raws: BTreeSet<Vec<u8>> = home
            .json(&["list", "--folder", &folder])
            .iter()
            .map(|row| home.run(&["show", row["id"].as_str().unwrap(), "--raw"]).stdout)
            .collect();
        assert_eq!(raws, odd.iter().cloned().collect(), "{format}");
    }
    // And the archive of the imported archive is the same file.
    let args = ["export", "--folder", "local/from-mboxrd", "--out", &out("b.mbox")];
    home.object(&args);
    let read = |name: &str| std::fs::read(home.path(name)).unwrap();
    assert_eq!(read("a.mbox"), read("b.mbox"));
    home.check();
}

#[test]
fn python_reads_what_we_export() {
    let home = three();
    home.object(&[
        "export",
        "--folder",
        "local/archive",
        "--out",
        home.path("x.mbox").to_str().unwrap(),
    ]);
    let script = "import mailbox,sys\nfor m in mailbox.mbox(sys.argv[1]): print(m['Message-ID'])";
    let out = std::process::Command::new("python3")
        .args(["-c", script, home.path("x.mbox").to_str().unwrap()])
        .output()
        .unwrap();
    let ids: BTreeSet<&str> = std::str::from_utf8(&out.stdout).unwrap().lines().collect();
    let expected = ["<one@example.org>", "<two@example.com>", "<three@example.com>"];
    assert_eq!(ids, BTreeSet::from(expected));
}

#[test]
fn inspect_tells_who_would_have_known() {
    let home = Home::new();
    let file = home.write("x.eml", OTHER_BRANCH);
    let report = home.object(&["inspect", file.to_str().unwrap()]);
    let remote = &report["remote"][0];
    assert_eq!(remote["url"], "https://cos2.navercorp.com/received/abc");
    assert_eq!(remote["verdict"], "refuse");
    assert!(remote["tracker"]["service"].as_str().unwrap().to_lowercase().contains("naver"));
    assert_eq!(report["receipt_requests"][0]["kind"], "pixel");
    for key in ["headers", "warnings", "links", "hops", "attachments", "parts", "auth"] {
        assert!(report.get(key).is_some(), "{key}");
    }
    // Nothing of it needs or makes a profile.
    assert!(!home.profile().exists());
}

#[test]
fn wrong_usage_and_failure_are_told_apart() {
    let home = Home::new();
    let code = |args: &[&str]| {
        let output = home.run(args);
        assert!(!output.stderr.is_empty(), "{args:?} says nothing");
        output.status.code().unwrap()
    };
    assert_eq!(code(&["list"]), 2, "no mail yet");
    assert_eq!(code(&["frobnicate"]), 2);
    assert_eq!(code(&["import", home.path("missing").to_str().unwrap()]), 1);
    let home = three();
    let code = |args: &[&str]| home.run(args).status.code().unwrap();
    assert_eq!(code(&["list", "--folder", "local/none"]), 2);
    assert_eq!(code(&["search", "before:soon"]), 2);
    assert_eq!(code(&["show", "99999"]), 1);
    assert_eq!(code(&["search", "nothinglikethis"]), 0);
    let empty = home.write("empty/readme.bin", [0, 1, 2]);
    let output = home.run(&["import", empty.parent().unwrap().to_str().unwrap()]);
    assert!(stderr(&output).contains("no mail found"), "{}", stderr(&output));
}

#[test]
fn a_profile_has_one_writer() {
    let home = three();
    let lock = std::fs::File::open(home.profile().join("lock")).unwrap();
    lock.lock().unwrap();
    let output = home.run(&["import", home.path("mail").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("another Goyo"), "{}", stderr(&output));
    // Reading goes on.
    assert_eq!(home.json(&["list"]).len(), 3);
}

#[test]
fn nothing_of_a_letter_reaches_the_terminal_as_a_command() {
    let home = Home::new();
    home.write("x.eml", "From: a@x\nSubject: hi \x1b]0;owned\x07\n\ntext \x1b[2J\u{202e}gnp.exe\n");
    home.import(&home.path("x.eml"), "local/a");
    let id = home.found("text")[0].clone();
    for args in
        [vec!["list"], vec!["show", &id], vec!["show", &id, "--headers"], vec!["search", "text"]]
    {
        let out = String::from_utf8(home.run(&args).stdout).unwrap();
        assert!(!out.contains(['\x1b', '\x07', '\u{202e}']), "{args:?}: {out:?}");
    }
}
