//! Accounts on the command line: added by scripts, tested, removed; their passwords are
//! nowhere but in the sealed file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Home, lines, stderr};
use goyo::model::{Flags, Secret};
use goyo::secrets::{SecretsError, Vault};
use goyo::store::{Circumstances, Incoming, Packer, Store, prepare};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PASSWORD: &str = "맞는-p4ssw0rd!";
const PASSPHRASE: &str = "a sentence that nobody guesses";

/// The command line with a passphrase, and without any keyring in reach.
fn command(home: &Home) -> Command {
    let file = home.path("passphrase");
    if !file.exists() {
        std::fs::write(&file, format!("{PASSPHRASE}\n")).unwrap();
    }
    let mut command = home.command();
    no_keyring(&mut command).env("GOYO_PASSPHRASE_FILE", file);
    command
}

fn no_keyring(command: &mut Command) -> &mut Command {
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("GOYO_PASSPHRASE_FILE")
}

/// Runs it with a password on its standard input.
fn with_input(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that fails early need not have read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn add(home: &Home, args: &[&str]) -> Output {
    let mut command = command(home);
    command.args(["--json", "account", "add"]).args(args).arg("--password-stdin");
    with_input(&mut command, &format!("{PASSWORD}\n"))
}

fn add_work(home: &Home) -> Value {
    // Port 1 of this computer: nobody is there, and nobody is asked.
    let output = add(
        home,
        &[
            "--name",
            "work",
            "--email",
            "kim@example.org",
            "--user",
            "kim",
            "--imap",
            "127.0.0.1:1:plain",
        ],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    lines(&output).remove(0)
}

fn run(home: &Home, args: &[&str]) -> Output {
    command(home).args(args).output().unwrap()
}

fn list(home: &Home) -> Vec<Value> {
    lines(&run(home, &["--json", "account", "list"]))
}

/// Every file below holds none of these.
fn holds_none(dir: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_none(&path, secrets);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds {secret}", path.display());
        }
    }
}

#[test]
fn a_script_adds_an_account_before_its_server_runs() {
    let home = Home::new();
    assert_eq!(list(&home), [] as [Value; 0]);
    let added = add_work(&home);
    assert_eq!(added["account"], "work");
    assert_eq!(
        added,
        json!({
            "account": "work", "kind": "imap", "email": "kim@example.org", "user": "kim",
            "imap": "127.0.0.1:1:plain",
        })
    );
    assert_eq!(list(&home), [added]);

    // The same name is taken, also in another case, and the first keeps its password.
    let again = add(&home, &["--name", "WORK", "--email", "a@naver.com"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("already"), "{}", stderr(&again));
    let vault = Vault::with_passphrase(&home.profile(), Secret::new(PASSPHRASE.into()));
    assert_eq!(vault.get(2).unwrap(), Some(Secret::new(PASSWORD.into())));

    let tested = run(&home, &["--json", "account", "test", "work"]);
    assert_eq!(tested.status.code(), Some(1));
    assert_eq!(lines(&tested)[0]["ok"], false);
}

#[test]
fn the_password_is_in_no_file_and_in_no_output() {
    let home = Home::new();
    add_work(&home);
    let outputs = [
        run(&home, &["account", "list"]),
        run(&home, &["--json", "account", "test", "work"]),
        run(&home, &["account", "test", "work"]),
        run(&home, &["check"]),
    ];
    for output in &outputs {
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains(PASSWORD) && !text.contains(PASSPHRASE), "{text}");
        }
    }
    // What a login would send: PLAIN's base64 of it, too.
    let plain = "AGtpbQDrp57ripQtcDRzc3cwcmQh";
    holds_none(&home.profile(), &[PASSWORD, PASSPHRASE, plain]);
    let vault = Vault::with_passphrase(&home.profile(), Secret::new(PASSPHRASE.into()));
    let shown = format!("{vault:?} {:?}", vault.get(2).unwrap());
    assert!(!shown.contains(PASSWORD) && !shown.contains(PASSPHRASE), "{shown}");
}

#[test]
fn without_a_place_for_its_password_there_is_no_account() {
    let home = Home::new();
    let args = ["--email", "a@naver.com", "--password-stdin"];
    let mut bare = home.command();
    no_keyring(&mut bare).args(["account", "add", "--name", "n"]).args(args);
    let output = with_input(&mut bare, "secret\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("GOYO_PASSPHRASE_FILE"), "{}", stderr(&output));
    assert_eq!(list(&home), [] as [Value; 0]);

    // The passphrase's file is not there.
    let mut lost = command(&home);
    lost.env("GOYO_PASSPHRASE_FILE", home.path("nowhere"));
    let output = with_input(lost.args(["account", "add", "--name", "n"]).args(args), "secret\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere"), "{}", stderr(&output));
    assert_eq!(list(&home), [] as [Value; 0]);
}

#[test]
fn another_passphrase_is_said_to_be_another() {
    let home = Home::new();
    add_work(&home);
    let wrong = home.write("wrong", "open sesame");
    let mut command = command(&home);
    command.env("GOYO_PASSPHRASE_FILE", wrong);
    let output = command.args(["--json", "account", "test", "work"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = &lines(&output)[0];
    assert_eq!(said["reason"], "secrets");
    assert!(said["text"].as_str().unwrap().contains("passphrase is not the one"), "{said}");
    // It still opens with the right one.
    let vault = Vault::with_passphrase(&home.profile(), Secret::new("open sesame".into()));
    assert_eq!(vault.get(2), Err(SecretsError::Passphrase));
    let vault = Vault::with_passphrase(&home.profile(), Secret::new(PASSPHRASE.into()));
    assert_eq!(vault.get(2).unwrap(), Some(Secret::new(PASSWORD.into())));
}

#[test]
fn what_cannot_work_is_refused_with_what_to_do() {
    let home = Home::new();
    let mail = ["--name", "n", "--email", "kim@example.org"];
    let refused = |args: &[&str], says: &str| {
        let output = add(&home, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    };
    let imap = |server| [&mail[..], &["--imap", server]].concat();
    refused(&mail, "--imap");
    refused(&imap("imap.example.org:143:plain"), "--allow-plain");
    refused(&imap("localhost.example.org:143:plain"), "--allow-plain");
    refused(&imap("imap.example.org"), "HOST:PORT");
    refused(&imap("imap.example.org:993:ssl"), "starttls");
    refused(&["--name", "n", "--email", "kim"], "no mail address");
    refused(
        &["--name", "n", "--email", "kim@hanbit.kr", "--proxy", "socks5://127.0.0.1:9"],
        "DNS is not asked where an account is behind a proxy",
    );
    refused(&["--name", "n", "--email", "kim@hiworks.com"], "no IMAP");
    refused(&["--name", "a/b", "--email", "kim@naver.com"], "name of an account");
    refused(&[&imap("h:993")[..], &["--trust", "12:34"]].concat(), "64");
    refused(&[&imap("h:993")[..], &["--proxy", "gopher://h:70"]].concat(), "--proxy");
    refused(&[&imap("h:993")[..], &["--proxy", "socks5://u:p@h:70"]].concat(), "no safe place");
    let mut empty = command(&home);
    empty.args(["account", "add", "--password-stdin"]).args(imap("h:993"));
    let output = with_input(&mut empty, "\n");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(list(&home), [] as [Value; 0]);

    let said = add(&home, &[&imap("imap.example.org:143:plain")[..], &["--allow-plain"]].concat());
    assert!(said.status.success(), "{}", stderr(&said));
}

#[test]
fn a_known_provider_needs_no_server() {
    let home = Home::new();
    let added = add(
        &home,
        &["--name", "네이버", "--email", "minji@naver.com", "--proxy", "socks5://[::1]:9"],
    );
    let row = lines(&added).remove(0);
    assert_eq!(row["user"], "minji");
    assert_eq!(row["imap"], "imap.naver.com:993:tls");
    assert_eq!(row["smtp"], "smtp.naver.com:465:tls");
    assert_eq!(row["proxy"], "socks5://[::1]:9");
    // Nobody is asked past it for another account either.
    let other = add(&home, &["--name", "n", "--email", "kim@hanbit.kr"]);
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    assert!(stderr(&other).contains("DNS is not asked"), "{}", stderr(&other));
    // One that cannot be read yet says so, and asks nobody.
    add(&home, &["--name", "office", "--email", "kim@outlook.com"]);
    let tested = run(&home, &["--json", "account", "test", "office"]);
    assert_eq!(tested.status.code(), Some(1));
    assert_eq!(lines(&tested)[0]["reason"], "sign-in");
}

#[test]
fn a_password_is_replaced() {
    let home = Home::new();
    add_work(&home);
    let mut command = command(&home);
    let output = with_input(
        command.args(["account", "password", "work", "--password-stdin"]),
        "another one\r\nnot this line\n",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let vault = Vault::with_passphrase(&home.profile(), Secret::new(PASSPHRASE.into()));
    assert_eq!(vault.get(2).unwrap(), Some(Secret::new("another one".into())));
}

#[test]
fn names_signatures_share_and_proxy_are_set() {
    let home = Home::new();
    add_work(&home);
    let signature = home.profile().join("signature.txt");
    std::fs::write(&signature, "Kim\r\n02-1234\n").unwrap();
    let signature = signature.to_str().unwrap();
    let set = |args: &[&str]| {
        let output = run(&home, &[&["--json", "account", "set", "work"], args].concat());
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        lines(&output).remove(0)
    };
    set(&["--sender", "Minji Kim", "--signature-file", signature]);
    set(&["--as", "Sales <sales@example.org>", "--reply-to", "desk@example.org"]);
    let row = set(&["--keep", "30", "--proxy", "socks5://127.0.0.1:9050"]);
    assert_eq!((&row["sender"], &row["keeps"]), (&"Minji Kim".into(), &"30 days".into()));
    assert_eq!(row["proxy"], "socks5://127.0.0.1:9050");
    assert_eq!(row["identities"][0]["from"]["addr"], "kim@example.org");
    assert_eq!(row["identities"][0]["signature"], "Kim\n02-1234");
    assert_eq!(row["identities"][1]["from"]["name"], "Sales");
    assert_eq!(row["identities"][1]["reply_to"][0]["addr"], "desk@example.org");
    assert_eq!(list(&home).remove(0), row);

    for (args, why) in [
        (&["--proxy", "ftp://x"][..], "is no proxy"),
        (&["--keep", "some"], "how many days"),
        (&["--as", "nobody"], "is no address"),
        (&["--no-longer", "kim@example.org"], "is no other address"),
        (&[], "say what is to be set"),
    ] {
        let output = run(&home, &[&["account", "set", "work"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
    }
    let row = set(&["--no-longer", "sales@example.org", "--proxy", "none", "--keep", "everything"]);
    assert!(row.get("proxy").is_none() && row.get("keeps").is_none(), "{row}");
    assert_eq!(row["identities"].as_array().unwrap().len(), 1);
    assert_eq!(
        run(&home, &["account", "set", "local", "--keep", "headers"]).status.code(),
        Some(2)
    );
}

#[test]
fn an_account_goes_with_all_that_is_its_own() {
    let home = Home::new();
    add_work(&home);
    let store = Store::open(&home.profile()).unwrap();
    let (work, kept) =
        (store.ensure_folder("work/INBOX").unwrap(), store.ensure_folder("local/kept").unwrap());
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    let letter = |number: u64| {
        let prepared = prepare(
            goyo::mime::parse(&common::letters::letter(number)),
            &with,
            &mut Packer::new(None),
        );
        Incoming::New(Box::new(prepared))
    };
    // More than are removed at once; two of them lie in a folder of this computer, too.
    let mut batch: Vec<_> = (0..2500).map(|n| (work, letter(n), Flags::NONE)).collect();
    batch.extend([1, 2].map(|n| (kept, letter(n), Flags::NONE)));
    store.add(&batch).unwrap();
    drop(store);

    assert_eq!(run(&home, &["account", "remove", "local"]).status.code(), Some(1));
    assert_eq!(run(&home, &["account", "remove", "nobody"]).status.code(), Some(2));
    let removed = run(&home, &["--json", "account", "remove", "work"]);
    assert!(removed.status.success(), "{}", stderr(&removed));
    assert_eq!(list(&home), [] as [Value; 0]);
    assert_eq!(home.json(&["list"]).len(), 2);
    assert!(home.json(&["list"]).iter().all(|row| row["folder"] == "local/kept"));
    home.check();
    let vault = Vault::with_passphrase(&home.profile(), Secret::new(PASSPHRASE.into()));
    assert_eq!(vault.get(2).unwrap(), None);
}

/// Runs the program in a session of its own with a real Secret Service, whose keyring lies
/// in `home`: unlocked, or locked with nobody there who could unlock it.
fn in_session(home: &Home, unlocked: bool, args: &[&str], input: &str) -> Output {
    let start = match unlocked {
        true => "printf 'key of the ring' | gnome-keyring-daemon --unlock --components=secrets",
        false => "gnome-keyring-daemon --start --components=secrets",
    };
    let run = std::fs::create_dir_all(home.path("run")).map(|()| home.path("run")).unwrap();
    let program = home.command();
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", &format!("{start} >/dev/null\nexec \"$@\""), "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .args(args)
        .env("HOME", home.path("home"))
        .env("XDG_DATA_HOME", home.path("home/data"))
        .env("XDG_RUNTIME_DIR", run)
        .env_remove("GOYO_PASSPHRASE_FILE")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    with_input(&mut command, input)
}

#[test]
fn a_keyring_keeps_the_password_and_says_so_when_it_is_locked() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("home/data")).unwrap();
    let add = [
        "account",
        "add",
        "--name",
        "work",
        "--email",
        "kim@example.org",
        "--imap",
        "127.0.0.1:1:plain",
        "--password-stdin",
    ];
    let added = in_session(&home, true, &add, PASSWORD);
    assert!(added.status.success(), "{}", stderr(&added));
    holds_none(&home.path(""), &[PASSWORD]);

    // It is there in the next session, and it was the password that was kept: a test of the
    // account goes as far as the server, which is not there.
    let test = ["--json", "account", "test", "work"];
    let tested = in_session(&home, true, &test, "");
    assert_eq!(lines(&tested)[0]["reason"], "connect", "{}", stderr(&tested));

    let locked = in_session(&home, false, &test, "");
    assert_eq!(lines(&locked)[0]["reason"], "secrets", "{}", stderr(&locked));
    assert!(stderr(&locked).contains("locked"), "{}", stderr(&locked));

    let removed = in_session(&home, true, &["account", "remove", "work"], "");
    assert!(removed.status.success(), "{}", stderr(&removed));
}
