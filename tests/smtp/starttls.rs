//! Attacks on the change to TLS, class by class: whoever sits in between may write and cut
//! what he likes until the handshake is done.

use super::common::fake_smtp;
use super::*;

/// What becomes of a connection whose account wants STARTTLS; what was heard; what was
/// logged.
async fn starttls(script: &str) -> (Result<Session, SmtpError>, Vec<String>, Vec<String>) {
    let paper = Paper::new(&["localhost"]);
    let fake = fake_smtp::play(script, Some(&paper));
    let log = Log::default();
    let endpoint = pinned(fake.port, Security::StartTls, &paper);
    let opened = Session::open_with(&endpoint, Some(&kim()), &log, &options()).await;
    let heard = match opened {
        // It hangs up when it has said all.
        Ok(session) => {
            let heard = tokio::task::spawn_blocking(move || fake.heard_at_most());
            let heard = heard.await.unwrap();
            return (Ok(session), heard, log.lines());
        }
        Err(_) => fake.heard_at_most(),
    };
    (opened, heard, log.lines())
}

fn error(opened: Result<Session, SmtpError>) -> SmtpError {
    opened.map(drop).unwrap_err()
}

/// No secret went out, in whatever form.
fn told_nothing(heard: &[String]) {
    for line in heard {
        assert!(!line.contains("AUTH") && !line.contains("MAIL"), "{heard:#?}");
    }
}

const BEFORE: &str = "S: 220 hi
    C: EHLO [127.0.0.1]
    S: 250-fake
    S: 250-SIZE 10
    S: 250-DSN
    S: 250-AUTH PLAIN LOGIN
    S: 250 STARTTLS
    C: STARTTLS";

#[tokio::test]
async fn what_was_offered_before_tls_is_forgotten() {
    let (opened, heard, log) = starttls(&format!(
        "{BEFORE}
        S: 220 go on
        tls
        C: EHLO [127.0.0.1]
        S: 250-fake
        S: 250-SIZE 77
        S: 250 AUTH PLAIN
        C: AUTH PLAIN *
        S: 235 in"
    ))
    .await;
    let session = opened.unwrap_or_else(|error| panic!("{error}: {heard:#?} {log:#?}"));
    assert_eq!(session.offers().limit(), Some(77));
    assert!(!session.offers().dsn);
    assert_eq!(session.offers().auth, ["PLAIN"]);
    // And a way in that was offered before is none after.
    let (opened, heard, _) = starttls(&format!(
        "{BEFORE}
        S: 220 go on
        tls
        C: EHLO [127.0.0.1]
        S: 250 fake
        stall"
    ))
    .await;
    assert_eq!(error(opened), SmtpError::NoLogin);
    told_nothing(&heard);
}

#[tokio::test]
async fn answers_injected_before_the_handshake_are_found() {
    for injected in [
        "raw: 220 go on\\r\\n250-fake\\r\\n250 AUTH PLAIN\\r\\n",
        "raw: 220 go on\\r\\n250 AUTH PLAIN LOGIN\\r\\n235 in\\r\\n",
        "raw: 220 go on\\r\\n2",
        "raw: 220 go on\\r\\n\\r\\n",
        "raw: 220 go on\\r\\n\\x16",
    ] {
        let (opened, heard, log) = starttls(&format!("{BEFORE}\n{injected}\nstall")).await;
        assert_eq!(error(opened), SmtpError::Injected, "{injected}");
        told_nothing(&heard);
        assert!(!log.concat().contains("235 in"), "{log:#?}");
    }
}

#[tokio::test]
async fn answers_injected_before_starttls_is_asked_for_are_found() {
    for injected in [
        "raw: 220 hi\\r\\n250-fake\\r\\n250 STARTTLS\\r\\n220 go on\\r\\n\nstall",
        "S: 220 hi\nC: EHLO *\nraw: 250-fake\\r\\n250 STARTTLS\\r\\n220 go on\\r\\n\nstall",
    ] {
        let (opened, heard, _) = starttls(injected).await;
        assert!(matches!(error(opened), SmtpError::Injected | SmtpError::Protocol(_)));
        told_nothing(&heard);
        assert!(!heard.contains(&"STARTTLS".to_owned()), "{heard:#?}");
    }
}

#[tokio::test]
async fn answers_inside_tls_to_commands_put_in_before_it_are_found() {
    // Somebody had the server read a command before TLS, and its answer comes within.
    let (opened, heard, _) = starttls(&format!(
        "{BEFORE}
        S: 220 go on
        tls
        raw: 250-evil\\r\\n250 AUTH LOGIN\\r\\n
        stall"
    ))
    .await;
    // Whether it came before our EHLO or with its answer.
    let found = error(opened);
    assert!(
        matches!(found, SmtpError::Protocol(_) | SmtpError::TimedOut | SmtpError::Login(_)),
        "{found:?}"
    );
    assert!(!heard.iter().any(|line| line.contains("AUTH PLAIN")), "{heard:#?}");
    let (opened, heard, _) = starttls(&format!(
        "{BEFORE}
        S: 220 go on
        tls
        C: EHLO *
        raw: 250-fake\\r\\n250 AUTH PLAIN\\r\\n250-evil\\r\\n250 AUTH PLAIN\\r\\n
        stall"
    ))
    .await;
    assert!(matches!(error(opened), SmtpError::Protocol(_)));
    told_nothing(&heard);
}

#[tokio::test]
async fn stripping_stops_everything() {
    let stripped = "S: 220 hi
        C: EHLO *
        S: 250-fake
        S: 250 AUTH PLAIN
        stall";
    let (opened, heard, _) = starttls(stripped).await;
    assert_eq!(error(opened), SmtpError::NoStartTls);
    assert_eq!(heard, ["EHLO [127.0.0.1]"]);
    for refusal in ["502 5.5.1 what", "554 5.7.3 no", "501 5.5.4 no"] {
        let (opened, heard, _) = starttls(&format!("{BEFORE}\nS: {refusal}\nstall")).await;
        assert_eq!(error(opened), SmtpError::NoStartTls, "{refusal}");
        told_nothing(&heard);
    }
    let (opened, heard, _) = starttls(&format!("{BEFORE}\nS: 454 4.7.0 not now\nstall")).await;
    let later = error(opened);
    assert!(matches!(later, SmtpError::Lost(_)) && later.is_passing(), "{later:?}");
    told_nothing(&heard);
    // An old server, or one made old.
    let old = "S: 220 hi\nC: EHLO *\nS: 500 what\nC: HELO *\nS: 250 fake\nstall";
    let (opened, _, _) = starttls(old).await;
    assert_eq!(error(opened), SmtpError::NoStartTls);
}

#[tokio::test]
async fn a_yes_without_tls_stops_everything() {
    for after in [
        "S: 220 go on\npause\nS: 250-fake\nS: 250 AUTH PLAIN\nstall",
        "S: 220 go on\npause\npause\nraw: 250 fake\\r\\n\nstall",
    ] {
        let (opened, heard, _) = starttls(&format!("{BEFORE}\n{after}")).await;
        let error = error(opened);
        assert!(matches!(error, SmtpError::Tls(_) | SmtpError::Injected), "{error:?}");
        told_nothing(&heard[..2]);
    }
    let (opened, _, _) = starttls(&format!("{BEFORE}\nS: 220 go on\nclose")).await;
    assert!(matches!(error(opened), SmtpError::Tls(_)));
    for odd in ["250 yes", "354 go on", "220-go\\r\\n250 on"] {
        let (opened, heard, _) = starttls(&format!("{BEFORE}\nraw: {odd}\\r\\n\nstall")).await;
        assert!(matches!(error(opened), SmtpError::Protocol(_)), "{odd}");
        told_nothing(&heard);
    }
}

#[tokio::test]
async fn words_from_before_tls_are_not_shown() {
    let evil = "your account is locked, visit evil.example";
    for script in [
        format!("S: 554 {evil}\nstall"),
        format!("S: 421 {evil}\nclose"),
        format!("S: 220 {evil}\nC: EHLO *\nS: 550 {evil}\nstall"),
        format!("S: 220 {evil}\nC: EHLO *\nS: 421 {evil}\nclose"),
        format!("{BEFORE}\nS: 454 {evil}\nstall"),
        format!("{BEFORE}\nS: 502 {evil}\nstall"),
        format!("{BEFORE}\nS: 421 {evil}\nclose"),
        format!("S: {evil}\nstall"),
    ] {
        let (opened, heard, log) = starttls(&script).await;
        let error = error(opened);
        assert!(!error.to_string().contains("evil") && error.reply().is_none(), "{error}");
        assert!(!log.concat().contains("evil"), "{log:#?}");
        told_nothing(&heard);
    }
}
