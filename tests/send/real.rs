//! Through a real Postfix into a real Dovecot, and what comes back.

use super::common::desk::{ACCOUNT, Desk};
use super::common::dovecot::USER;
use super::common::lines;
use super::common::place::{Place, place, read_by_python};
use super::common::postfix::DOMAIN;
use super::{outbox, said, states};
use goyo::store::outbox::News;
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

fn hostname() -> String {
    let output = Command::new("hostname").output().map(|output| output.stdout);
    String::from_utf8_lossy(&output.unwrap_or_default()).trim().to_owned()
}

impl Place {
    pub fn send(&self, to: &[&str], subject: &str, more: &[&str]) -> (i32, Value) {
        let text = "안녕하세요.\n\n.으로 시작하는 줄과 이모지 🙂\n> 인용이 아닌 줄\n";
        let body = self.desk.home.write("body", text);
        let mut command = self.desk.command();
        command.args(["--json", "send", "--account", ACCOUNT, "--subject", subject, "--now"]);
        for user in to {
            command.arg("--to").arg(format!("{user} <{user}@{DOMAIN}>"));
        }
        command.arg("--body-file").arg(body).args(more);
        said(&command.output().unwrap())
    }

    /// Brings letters in until this holds.
    pub fn until(&self, what: &str, mut holds: impl FnMut(&Desk) -> bool) {
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(60) {
            self.desk.sync();
            if holds(&self.desk) {
                return;
            }
            // A server is at work.
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what}");
    }
}

#[test]
fn a_korean_letter_with_files_reaches_three_and_threads_and_sent_holds_one_copy() {
    let place = place();
    let pdf: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let path = place.desk.home.write("회의록 최종.pdf", &pdf);
    let subject = "회의록 보냅니다 — 다음 주 목요일에 뵙겠습니다, 늦지 않게 와 주세요 🙂";
    let path = path.to_str().unwrap();
    let more = ["--attach", path, "--bcc", &format!("park@{DOMAIN}")];
    let (code, letter) = place.send(&["lee", USER], subject, &more);
    assert_eq!((code, &letter["state"]), (0, &Value::from("sent")), "{letter}");
    assert!(letter["server_reply"].as_str().unwrap().starts_with("250 "), "{letter}");

    let id = format!("<{}>", letter["message_id"].as_str().unwrap());
    for user in ["lee", "park", USER] {
        let letters = place.dovecot.wait_for(user, 1);
        let read = read_by_python(&letters[0]);
        assert_eq!(read["subject"], subject, "{user}");
        assert_eq!(read["id"], id.as_str());
        assert_eq!(read["bcc"], false, "{user}");
        assert!(read["text"].as_str().unwrap().contains("\n.으로 시작하는 줄과 이모지 🙂"));
        let expected = goyo::model::hexadecimal(&goyo::store::sha256(&pdf));
        assert_eq!(read["files"][0][0], "회의록 최종.pdf");
        assert_eq!(
            (&read["files"][0][1], &read["files"][0][2]),
            (&pdf.len().into(), &expected.into())
        );
        // Nothing of this computer, nothing of its user, in what is ours: from Date on.
        let text = String::from_utf8_lossy(&letters[0]);
        let own = text.split_once("\r\nDate: ").unwrap().1;
        for tells in [hostname(), std::env::var("USER").unwrap_or_default(), "+0900".into()] {
            assert!(tells.is_empty() || !own.contains(&tells), "{tells}: {own}");
        }
        assert!(text.contains("[127.0.0.1]"), "EHLO");
    }

    // Sent holds one copy, here and there, and it names who got it unseen.
    place.until("the copy in Sent", |desk| {
        desk.mailbox(ACCOUNT, "Sent").is_some() && desk.letters("Sent").len() == 1
    });
    place.desk.is_true_to(&place.dovecot);
    let copies = place.dovecot.letters(USER, "Sent");
    assert_eq!(copies.len(), 1);
    let copy = read_by_python(copies.values().next().unwrap());
    assert_eq!((&copy["bcc"], &copy["id"]), (&Value::from(true), &Value::from(id.as_str())));
    let (_, _, expunged) = place.desk.sync().counts();
    assert_eq!(expunged, 0);
    assert_eq!(place.dovecot.letters(USER, "Sent").len(), 1);

    // It is answered, and the answer stands in the conversation.
    let inbox = place.desk.letters("INBOX");
    let first = inbox.values().next().unwrap().to_string();
    let (code, answer) = place.send(&["lee"], "", &["--reply-to-id", &first]);
    assert_eq!(code, 0, "{answer}");
    let letters = place.dovecot.wait_for("lee", 2);
    let read = read_by_python(&letters[1]);
    assert_eq!((&read["reply"], &read["refs"]), (&id.as_str().into(), &id.as_str().into()));
    assert_eq!(read["subject"], format!("Re: {subject}"));
    place.until("the answered flag", |desk| {
        let output = desk.command().args(["--json", "list", "--folder", "work/INBOX"]).output();
        let rows = lines(&output.unwrap());
        rows.iter().any(|row| row["flags"].as_array().unwrap().contains(&"answered".into()))
    });
    place.desk.is_true_to(&place.dovecot);
    place.desk.home.check();
}

#[test]
fn one_unknown_recipient_bounces_and_the_others_are_told_delivered() {
    let place = place();
    let (code, letter) = place.send(&["lee", "nobody"], "두 사람에게", &["--receipt", "mdn"]);
    // Postfix takes both: what becomes of them it says later.
    assert_eq!(code, 0, "{letter}");
    assert_eq!(states(&letter)["nobody"], "sent");
    let id: i64 = letter["id"].as_str().unwrap().parse().unwrap();
    let told = |desk: &Desk| {
        let store = desk.store();
        let known = store.out_letter(goyo::model::OutboxId(id)).unwrap();
        let reports = store.reports(goyo::model::OutboxId(id)).unwrap();
        reports
            .into_iter()
            .map(|report| {
                let who = known.recipients.iter().find(|r| r.id == report.recipient).unwrap();
                (who.address.addr.clone(), report.state.name(), report.status)
            })
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    place.until("both reports", |desk| {
        found = told(desk);
        found.len() >= 2
    });
    found.sort();
    assert_eq!(found.len(), 2, "{found:?}");
    let (lee, state, status) = &found[0];
    assert_eq!((lee.as_str(), *state), ("lee@example.org", "delivered"));
    assert!(status.as_deref().unwrap().starts_with("2."), "{status:?}");
    let (nobody, state, status) = &found[1];
    assert_eq!((nobody.as_str(), *state), ("nobody@example.org", "failed"));
    assert_eq!(status.as_deref(), Some("5.1.1"));
    // They are told once, and the address is not suggested any more.
    let store = place.desk.store();
    assert_eq!(store.bounced_addresses().unwrap(), ["nobody@example.org"]);
    assert_eq!(store.addresses_like("nob", 5).unwrap(), []);
    assert_eq!(store.addresses_like("le", 5).unwrap().len(), 1);
    let mut news: Vec<_> = store.untold().unwrap().iter().map(|told| told.news).collect();
    news.sort_unstable();
    assert_eq!(news, [News::CameBack, News::More]);
    assert_eq!(store.untold().unwrap(), []);
}

#[test]
fn a_goyo_that_watches_sends_what_another_puts_into_the_outbox() {
    let place = place();
    let watching = place.desk.watch();
    watching.wait_for("idle", Duration::from_secs(30));
    let (code, letter) = place.send(&["lee"], "from beside", &[]);
    assert_eq!((code, &letter["state"]), (0, &Value::from("sent")), "{letter}");
    assert_eq!(place.dovecot.wait_for("lee", 1).len(), 1);
    watching.stop();
    assert_eq!(outbox(&place.desk).len(), 1);
}
