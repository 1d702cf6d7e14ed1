//! Attacks on the change to TLS, class by class, and on certificates: whoever sits in
//! between may write and cut what he likes until the handshake is done.

use super::*;

const GREETING: &str = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready";

/// What becomes of a connection whose account wants STARTTLS; what was heard; what was
/// logged.
async fn starttls(script: &str) -> (Result<Connection>, Vec<String>, Log) {
    let paper = Paper::new(&["localhost"]);
    let fake = Fake::play_with(script, Some(&paper));
    let log = Log::default();
    let endpoint = at(&fake, Security::StartTls, Some(&paper));
    let opened = Connection::open_with(&endpoint, &kim(), &log, &options()).await;
    match opened {
        Ok(mut imap) => {
            // The connection is only looked at here.
            let said = imap.take_unsolicited();
            assert!(said.is_empty(), "{said:?}");
            let heard = tokio::task::spawn_blocking(move || {
                std::thread::sleep(Duration::from_millis(10));
                fake
            });
            let fake = heard.await.unwrap();
            let traffic = imap.traffic();
            assert!(traffic.read > 0);
            let capabilities = imap.capabilities().clone();
            drop(imap);
            let mut heard = fake.heard_at_most();
            heard.push(format!("{capabilities:?}"));
            (Err(ImapError::Unoffered("it went well")), heard, log)
        }
        Err(error) => (Err(error), fake.heard_at_most(), log),
    }
}

fn error(outcome: Result<Connection>) -> ImapError {
    outcome.map(drop).unwrap_err()
}

#[tokio::test]
async fn the_change_to_tls_goes_well() {
    let (outcome, heard, _) = starttls(&format!(
        "{GREETING}
        C: a STARTTLS
        S: {{a}} OK begin
        tls
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
        S: {{a}} OK
        C: a AUTHENTICATE PLAIN *
        S: {{a}} OK [CAPABILITY IMAP4rev1 IDLE] in"
    ))
    .await;
    assert_eq!(error(outcome), ImapError::Unoffered("it went well"), "{heard:#?}");
}

#[tokio::test]
async fn answers_injected_before_the_handshake_are_found() {
    for injected in [
        // In one go with the OK, as a whole answer, as half of one, and with nothing in it.
        "raw: {a} OK begin\\r\\n* OK [ALERT] your password has expired, go to evil.example\\r\\n",
        "raw: {a} OK begin\\r\\nA2 OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] in\\r\\n",
        "raw: {a} OK begin\\r\\n* 1 FET",
        "raw: {a} OK begin\\r\\n\\r\\n",
    ] {
        let (outcome, heard, log) =
            starttls(&format!("{GREETING}\nC: a STARTTLS\n{injected}\nstall")).await;
        assert_eq!(error(outcome), ImapError::Injected, "{injected}");
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(!log.lines().iter().any(|line| line.contains("AUTHENTICATE")));
    }
}

#[tokio::test]
async fn answers_injected_during_the_handshake_are_no_handshake() {
    let (outcome, heard, _) = starttls(&format!(
        "{GREETING}
        C: a STARTTLS
        S: {{a}} OK begin
        pause
        S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] trust me
        stall"
    ))
    .await;
    let error = error(outcome);
    assert!(matches!(&error, ImapError::Tls(_) | ImapError::Injected), "{error:?}");
    assert_eq!(heard.len(), 1);
}

#[tokio::test]
async fn preauth_does_not_talk_us_out_of_tls() {
    let (outcome, heard, _) = starttls("S: * PREAUTH [CAPABILITY IMAP4rev1] welcome\nstall").await;
    assert_eq!(error(outcome), ImapError::Preauth);
    assert!(heard.is_empty());
}

#[tokio::test]
async fn stripping_the_offer_does_not_talk_us_out_of_tls() {
    for answer in ["BAD unknown command", "NO not now", "NO [ALERT] Goyo: use port 143 plain"] {
        let script = format!(
            "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\nC: a STARTTLS\nS: {{a}} {answer}\nstall"
        );
        let (outcome, heard, _) = starttls(&script).await;
        assert_eq!(error(outcome), ImapError::NoStartTls);
        assert_eq!(heard.len(), 1);
    }
    // That it is not offered is anybody's word: it is asked for all the same.
    let (outcome, heard, _) = starttls(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
        C: a STARTTLS
        S: {a} OK
        tls
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
        S: {a} OK
        C: a AUTHENTICATE PLAIN *
        S: {a} OK [CAPABILITY IMAP4rev1] in",
    )
    .await;
    assert_eq!(error(outcome), ImapError::Unoffered("it went well"), "{heard:#?}");
}

#[tokio::test]
async fn capabilities_from_before_tls_are_not_believed() {
    let (outcome, heard, _) = starttls(
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=XOAUTH2 MOVE X-GM-EXT-1] ready
        C: a STARTTLS
        S: * CAPABILITY IMAP4rev1 AUTH=LOGIN UIDPLUS
        S: {a} OK [CAPABILITY IMAP4rev1 QUOTA] begin
        tls
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
        S: {a} OK
        C: a AUTHENTICATE PLAIN *
        S: {a} OK in
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 IDLE
        S: {a} OK",
    )
    .await;
    assert_eq!(error(outcome), ImapError::Unoffered("it went well"), "{heard:#?}");
    let capabilities = heard.last().unwrap();
    for word in ["MOVE", "X-GM", "UIDPLUS", "QUOTA", "XOAUTH2"] {
        assert!(!capabilities.contains(word), "{capabilities}");
    }
}

#[tokio::test]
async fn what_is_said_before_tls_reaches_nobody() {
    // Folders, letters, counts and alerts before the tagged OK: `starttls` looks at what is
    // left of them.
    let (outcome, heard, _) = starttls(&format!(
        "{GREETING}
        C: a STARTTLS
        S: * 99 EXISTS
        S: * 1 EXPUNGE
        S: * VANISHED 1:99
        S: * LIST () \"/\" INBOX
        S: * 1 FETCH (UID 1 FLAGS (\\Deleted))
        S: * OK [ALERT] Goyo: your mailbox moved, call us
        S: {{a}} OK begin
        tls
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
        S: {{a}} OK
        C: a AUTHENTICATE PLAIN *
        S: * 98 EXISTS
        S: {{a}} OK [CAPABILITY IMAP4rev1] in"
    ))
    .await;
    assert_eq!(error(outcome), ImapError::Unoffered("it went well"), "{heard:#?}");
}

#[tokio::test]
async fn words_from_before_tls_are_not_shown() {
    for script in [
        "S: * BYE Goyo: your account is locked, visit evil.example\nclose".to_owned(),
        "S: * NO Goyo: your account is locked, visit evil.example\nclose".to_owned(),
        format!("{GREETING}\nC: a STARTTLS\nS: * BYE visit evil.example\nclose"),
        format!("{GREETING}\nC: a STARTTLS\nS: {{a}} NO visit evil.example\nclose"),
        format!(
            "{GREETING}\nC: a STARTTLS\nS: {{a}} NO [REFERRAL imap://evil.example/] evil.example\nclose"
        ),
    ] {
        let (outcome, _, _) = starttls(&script).await;
        let error = error(outcome);
        assert!(!error.to_string().contains("evil"), "{error}");
        assert!(!error.to_string().contains("Goyo"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_of_somebody_else_stops_everything() {
    let (own, other) = (Paper::new(&["localhost"]), Paper::new(&["localhost"]));
    let fake =
        Fake::play_with(&format!("{GREETING}\nC: a STARTTLS\nS: {{a}} OK\ntls"), Some(&other));
    let endpoint = at(&fake, Security::StartTls, Some(&own));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options()).await;
    match opened.map(drop) {
        Err(ImapError::Certificate { sha256, .. }) => assert_eq!(sha256, other.fingerprint()),
        refused => panic!("{refused:?}"),
    }
    assert_eq!(fake.heard_at_most().iter().filter(|line| line.contains("AUTH")).count(), 0);
}

#[tokio::test]
async fn a_certificate_that_is_believed_is_so_for_its_own_name_only() {
    for (name, good) in [("localhost", true), ("elsewhere.example", false)] {
        let paper = Paper::new(&[name]);
        let fake = Fake::play_with(
            "tls
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
            C: a AUTHENTICATE PLAIN *
            S: {a} OK [CAPABILITY IMAP4rev1] in",
            Some(&paper),
        );
        let authorities = Some(vec![paper.certificate.clone()]);
        let options = Options { authorities, ..options() };
        let endpoint = at(&fake, Security::Tls, None);
        let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
        match opened.map(drop) {
            Ok(()) => assert!(good),
            Err(ImapError::Certificate { why, .. }) => {
                assert!(!good && why.contains("another name"), "{name}: {why}");
            }
            Err(other) => panic!("{other:?}"),
        }
        fake.heard_at_most();
    }
}

#[tokio::test]
async fn tls_that_never_comes_about_is_given_up() {
    let paper = Paper::new(&["localhost"]);
    let fake = Fake::play("stall");
    let options = Options { handshake: Duration::from_millis(300), ..options() };
    let endpoint = at(&fake, Security::Tls, Some(&paper));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
    assert_eq!(opened.map(drop), Err(ImapError::TimedOut));
    let fake = Fake::play("S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] plain here\nstall");
    let endpoint = at(&fake, Security::Tls, Some(&paper));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options).await;
    assert_eq!(kind(&opened.map(drop).unwrap_err()), "Tls");
}

#[tokio::test]
async fn an_end_inside_tls_that_was_not_announced_is_an_error() {
    let paper = Paper::new(&["localhost"]);
    let fake = Fake::play_with(
        "tls
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        C: a AUTHENTICATE PLAIN *
        S: {a} OK [CAPABILITY IMAP4rev1] in
        C: a UID SEARCH ALL
        S: * SEARCH 1 2 3
        close",
        Some(&paper),
    );
    let endpoint = at(&fake, Security::Tls, Some(&paper));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options()).await;
    let mut imap = opened.unwrap();
    assert_eq!(kind(&imap.search("ALL").await.unwrap_err()), "Lost");
}
