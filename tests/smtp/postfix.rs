//! With a real Postfix in front of a real Dovecot.

use super::common::dovecot::{Dovecot, PASSWORD, Setup, Way};
use super::common::postfix::{DOMAIN, Postfix};
use super::{at, kim};
use base64::Engine as _;
use goyo::mime::compose::{self, Built};
use goyo::mime::{self, report};
use goyo::model::{Address, Attachment, Draft, DraftBody, Identity, Seal, Secret, Security};
use goyo::net::smtp::{
    CommitError, Credentials, Envelope, Log, Notify, Options, Session, SmtpError,
};

/// Patient: processes of Postfix may have to start first.
fn options(postfix: &Postfix) -> Options {
    let pem = std::fs::read_to_string(postfix.authority()).unwrap();
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(der).unwrap();
    Options { authorities: Some(vec![der]), ..Options::default() }
}

fn security(way: Way) -> Security {
    match way {
        Way::Plain => Security::Plain,
        Way::StartTls => Security::StartTls,
        Way::Tls => Security::Tls,
    }
}

async fn open(postfix: &Postfix, way: Way) -> Session {
    let log = Log::default();
    let at = at(postfix.port(way), security(way), None);
    let opened = Session::open_with(&at, Some(&kim()), &log, &options(postfix)).await;
    opened.unwrap_or_else(|error| panic!("{error}: {:#?}\n{}", log.lines(), postfix.log()))
}

fn with_users() -> (Dovecot, Postfix) {
    let setup = Setup::new().user("lee", PASSWORD).user("park", PASSWORD);
    let dovecot = setup.receiving().start();
    let postfix = Postfix::start(&dovecot);
    (dovecot, postfix)
}

fn envelope(to: &[&str], letter: &[u8]) -> Envelope {
    Envelope {
        sender: format!("kim@{DOMAIN}"),
        recipients: to.iter().map(|user| format!("{user}@{DOMAIN}")).collect(),
        size: letter.len() as u64,
        ..Envelope::default()
    }
}

async fn send(session: &mut Session, envelope: &Envelope, letter: &[u8]) {
    let said = session.envelope(envelope).await.unwrap();
    assert!(said.iter().all(|said| said.is_accepted()), "{said:?}");
    session.content(letter, |_| ()).await.unwrap();
    assert_eq!(session.commit().await.unwrap().code, 250);
}

const LETTER: &[u8] = b"Message-ID: <1@example.org>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\
    From: kim@example.org\r\nTo: kim@example.org\r\nSubject: hello\r\n\r\n\
    .a dot\r\n..\r\n.\t\r\n. \r\n\r\n.\r\nend\r\n";

#[tokio::test]
async fn every_way_in_works_and_a_letter_arrives_with_its_dots() {
    let (dovecot, postfix) = with_users();
    for (count, way) in [Way::Plain, Way::StartTls, Way::Tls].into_iter().enumerate() {
        let mut session = open(&postfix, way).await;
        let offers = session.offers();
        assert!(offers.dsn && offers.pipelining && offers.smtputf8 && offers.eight_bit);
        assert!(offers.enhanced && offers.limit().is_some());
        send(&mut session, &envelope(&["kim"], LETTER), LETTER).await;
        session.quit().await;
        for letter in dovecot.wait_for("kim", count + 1) {
            assert!(letter.ends_with(LETTER), "{}", String::from_utf8_lossy(&letter));
        }
    }
}

/// A letter as people here write them, built as the program builds them.
fn korean(to: &[&str]) -> Built {
    let address = |name: &str, user: &str| Address {
        name: Some(name.into()),
        addr: format!("{user}@{DOMAIN}"),
    };
    let draft = Draft {
        identity: Identity { from: address("김고요", "kim"), ..Identity::default() },
        to: to.iter().map(|user| address("이름, 받는이", user)).collect(),
        subject: "회의록 보냅니다 — 다음 주 목요일에 뵙겠습니다, 늦지 않게 와 주세요 🙂".into(),
        body: DraftBody::Marked("안녕하세요.\n\n.으로 시작하는 줄\n\n**굵게** 씁니다.".into()),
        attachments: vec![Attachment {
            name: "회의록 최종.pdf".into(),
            media_type: "application/pdf".into(),
            bytes: (0..=255).cycle().take(300_000).collect(),
        }],
        ..Draft::default()
    };
    compose::build(&draft, &Seal { seed: [7; 32], date: 1_795_338_000 }).unwrap()
}

#[tokio::test]
async fn a_korean_letter_reaches_three_and_reports_tell_of_each() {
    let (dovecot, postfix) = with_users();
    let built = korean(&["kim", "lee", "park", "nobody"]);
    let [delivery] = built.deliveries.as_slice() else { panic!("{:?}", built.deliveries) };
    let bytes = built.bytes(delivery);
    let envelope = Envelope {
        sender: delivery.sender.clone(),
        recipients: delivery.recipients.clone(),
        size: bytes.len() as u64,
        envelope_id: Some(delivery.envelope_id.clone()),
        notify: Some(Notify::ALL),
        smtputf8: delivery.smtputf8,
        ..Envelope::default()
    };
    let mut session = open(&postfix, Way::StartTls).await;
    send(&mut session, &envelope, &bytes).await;
    session.quit().await;
    for user in ["lee", "park"] {
        let letters = dovecot.wait_for(user, 1);
        // Every byte, behind what servers write above it.
        assert!(letters[0].ends_with(&bytes), "{user}");
        let letter = mime::parse(&letters[0]);
        assert!(letter.envelope.subject.contains("다음 주 목요일"));
    }
    // His own copy, the report of three deliveries, and that of the one who is not there.
    let mut outcomes = Vec::new();
    let mut count = 2;
    while outcomes.len() < 4 {
        outcomes.clear();
        for raw in dovecot.wait_for("kim", count) {
            let Some(report) = report::read(&mime::parse(&raw)) else { continue };
            assert_eq!(report.form, report::Form::Dsn);
            assert_eq!(report.envelope_id.as_deref(), Some(delivery.envelope_id.as_str()));
            assert_eq!(report.message_id.as_deref(), Some(built.message_id.as_str()));
            outcomes.extend(report.outcomes);
        }
        count += 1;
    }
    outcomes.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    let told: Vec<_> = outcomes.iter().map(|o| (o.recipient.as_str(), o.state)).collect();
    use report::State::{Delivered, Failed};
    assert_eq!(
        told,
        [
            ("kim@example.org", Delivered),
            ("lee@example.org", Delivered),
            ("nobody@example.org", Failed),
            ("park@example.org", Delivered),
        ]
    );
    assert_eq!(outcomes[2].status.as_deref(), Some("5.1.1"));
}

#[tokio::test]
async fn some_are_refused_and_the_others_get_it() {
    let (dovecot, postfix) = with_users();
    let mut session = open(&postfix, Way::Tls).await;
    let to = envelope(&["refused", "lee", "later"], LETTER);
    let said = session.envelope(&to).await.unwrap();
    let told: Vec<_> = said.iter().map(|said| said.reply.to_string()).collect();
    assert!(told[0].starts_with("554 5.7.1") || told[0].starts_with("550 5.7.1"), "{told:?}");
    assert!(said[0].reply.is_permanent() && told[0].contains("not to this one"));
    assert!(said[1].is_accepted());
    assert!(said[2].reply.is_transient() && told[2].contains("come back later"), "{told:?}");
    session.content(LETTER, |_| ()).await.unwrap();
    session.commit().await.unwrap();
    // None of them: nothing goes, and the connection is good for the next letter.
    let said = session.envelope(&envelope(&["refused", "later"], LETTER)).await.unwrap();
    assert!(said.iter().all(|said| !said.is_accepted()));
    assert!(session.reusable());
    assert!(matches!(session.content(LETTER, |_| ()).await, Err(SmtpError::Unusable(_))));
    // Given up in the middle of its envelope, and another.
    session.envelope(&envelope(&["lee"], LETTER)).await.unwrap();
    session.abandon().await.unwrap();
    send(&mut session, &envelope(&["park"], LETTER), LETTER).await;
    // Given up in the middle of its content: the connection goes with it.
    session.envelope(&envelope(&["park"], LETTER)).await.unwrap();
    session.content(LETTER, |_| ()).await.unwrap();
    session.abandon().await.unwrap();
    assert!(!session.reusable());
    let mut session = open(&postfix, Way::Tls).await;
    send(&mut session, &envelope(&["lee", "park"], LETTER), LETTER).await;
    assert_eq!(dovecot.wait_for("lee", 2).len(), 2);
    assert_eq!(dovecot.wait_for("park", 2).len(), 2);
}

#[tokio::test]
async fn a_letter_too_large_is_known_before_anything_is_sent() {
    let dovecot = Setup::new().receiving().start();
    let postfix = Postfix::start_with(&dovecot, &["message_size_limit = 2000"]);
    let mut session = open(&postfix, Way::StartTls).await;
    let mut letter = LETTER.to_vec();
    letter.extend_from_slice(&b"more of the same\r\n".repeat(120));
    session.take_conversation();
    let size = letter.len() as u64;
    let refused = session.envelope(&envelope(&["kim"], &letter)).await.unwrap_err();
    assert_eq!(refused, SmtpError::TooLarge { size, limit: 2000 });
    assert_eq!(session.take_conversation(), Vec::<String>::new());
    // Whoever says another size than it has is stopped all the same.
    let lied = Envelope { size: 1, ..envelope(&["kim"], &letter) };
    assert!(session.envelope(&lied).await.unwrap()[0].is_accepted());
    let refused = session.content(&letter, |_| ()).await.unwrap_err();
    assert_eq!(refused, SmtpError::TooLarge { size, limit: 2000 });
    send(&mut session, &envelope(&["kim"], LETTER), LETTER).await;
    assert_eq!(dovecot.wait_for("kim", 1).len(), 1);
}

#[tokio::test]
async fn postfix_refuses_a_wrong_password_and_a_stranger() {
    let (_dovecot, postfix) = with_users();
    let at = at(postfix.port(Way::Tls), Security::Tls, Some(postfix.fingerprint().to_owned()));
    let wrong = Credentials::Password { user: "kim".into(), password: Secret::new("no".into()) };
    let log = Log::default();
    // Nobody vouches for it here, but it is pinned.
    let options = Options { authorities: Some(Vec::new()), ..Options::default() };
    match Session::open_with(&at, Some(&wrong), &log, &options).await.map(drop) {
        Err(SmtpError::Login(reply)) => assert_eq!(reply.code, 535, "{reply}"),
        other => panic!("{other:?}"),
    }
    let mut session = Session::open_with(&at, None, &log, &options).await.unwrap();
    let said = session.envelope(&envelope(&["kim"], LETTER)).await.unwrap();
    assert!(said[0].reply.is_permanent(), "{said:?}");
    assert!(matches!(session.commit().await, Err(CommitError::NotSent(_))));
    session.quit().await;
    assert!(!log.lines().iter().any(|line| line.contains("horse")), "{:#?}", log.lines());
}

#[tokio::test]
async fn an_address_in_hangul_goes_as_smtputf8() {
    let (dovecot, postfix) = with_users();
    let mut session = open(&postfix, Way::StartTls).await;
    let letter = "From: kim@example.org\r\nTo: 김@example.org\r\nDate: Sun, 22 Nov 2026 09:00:00 \
                  +0000\r\nMessage-ID: <2@example.org>\r\nSubject: 안녕\r\n\r\n안녕\r\n";
    let plain = envelope(&["lee"], letter.as_bytes());
    session.envelope(&plain).await.unwrap();
    // Not announced as what it is: it does not go.
    assert!(matches!(
        session.content(letter.as_bytes(), |_| ()).await,
        Err(SmtpError::Unsendable(_))
    ));
    let utf8 = Envelope { smtputf8: true, ..envelope(&["lee"], letter.as_bytes()) };
    session.take_conversation();
    let said = session.envelope(&utf8).await.unwrap();
    assert!(said[0].is_accepted(), "{said:?}");
    let mail = session.take_conversation().into_iter().find(|line| line.contains("MAIL")).unwrap();
    assert!(mail.contains(" SMTPUTF8") && mail.contains(" BODY=8BITMIME"), "{mail}");
    session.content(letter.as_bytes(), |_| ()).await.unwrap();
    session.commit().await.unwrap();
    // A Dovecot that does not take such letters has it come back, readable.
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        if let Some(came) = dovecot.letters("lee", "INBOX").values().next() {
            assert!(came.ends_with(letter.as_bytes()));
            break;
        }
        if let Some(back) = dovecot.letters("kim", "INBOX").values().next() {
            let report = report::read(&mime::parse(back)).unwrap();
            assert_eq!(report.outcomes[0].recipient, format!("lee@{DOMAIN}"));
            assert_eq!(report.outcomes[0].state, report::State::Failed);
            assert_eq!(report.outcomes[0].status.as_deref(), Some("5.6.7"));
            break;
        }
        assert!(std::time::Instant::now() < limit, "it is nowhere");
    }
}
