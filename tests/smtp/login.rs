//! Logging in: what is sent, what is kept secret, what a refusal means.

use super::common::fake_smtp;
use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use goyo::net::smtp::Step;

/// A login on a server that offers these ways, in clear; the rest of the script is the login.
async fn log_in(
    ways: &str,
    script: &str,
    who: &Credentials,
) -> (Result<(), SmtpError>, Vec<String>, Vec<String>) {
    let fake = fake_smtp::play(
        &format!("S: 220 hi\nC: EHLO *\nS: 250-fake\nS: 250 {ways}\n{script}"),
        None,
    );
    let log = Log::default();
    let endpoint = at(fake.port, Security::Plain, None);
    let opened = Session::open_with(&endpoint, Some(who), &log, &options()).await.map(drop);
    (opened, fake.heard_at_most(), log.lines())
}

fn token() -> Credentials {
    Credentials::Token { user: "kim@example.org".into(), token: Secret::new("t0k3n".into()) }
}

fn is_secret(log: &[String]) {
    let log = log.concat();
    let password = STANDARD.encode(PASSWORD);
    let both = STANDARD.encode(format!("\0kim\0{PASSWORD}"));
    for secret in [PASSWORD, "t0k3n", password.as_str(), both.as_str()] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn each_way_says_what_it_should() {
    let plain = STANDARD.encode(format!("\0kim\0{PASSWORD}"));
    let (opened, _, log) =
        log_in("AUTH PLAIN LOGIN", &format!("C: AUTH PLAIN {plain}\nS: 235 2.7.0 in"), &kim())
            .await;
    assert_eq!(opened, Ok(()), "{log:#?}");
    assert!(log.contains(&"C: AUTH PLAIN …".to_owned()), "{log:#?}");
    is_secret(&log);
    // An old spelling of the offer, and an old way.
    let (user, password) = (STANDARD.encode("kim"), STANDARD.encode(PASSWORD));
    for question in ["VXNlcm5hbWU6", "Username:"] {
        let (opened, _, log) = log_in(
            "AUTH=LOGIN",
            &format!("C: AUTH LOGIN\nS: 334 {question}\nC: {user}\nS: 334 UGFzc3dvcmQ6\nC: {password}\nS: 235 in"),
            &kim(),
        )
        .await;
        assert_eq!(opened, Ok(()), "{log:#?}");
        is_secret(&log);
        assert!(log.contains(&"S: 334 …".to_owned()), "{log:#?}");
    }
    let bearer = STANDARD.encode("n,a=kim@example.org,\x01auth=Bearer t0k3n\x01\x01");
    let (opened, _, log) = log_in(
        "AUTH PLAIN XOAUTH2 OAUTHBEARER",
        &format!("C: AUTH OAUTHBEARER {bearer}\nS: 235 in"),
        &token(),
    )
    .await;
    assert_eq!(opened, Ok(()), "{log:#?}");
    let xoauth2 = STANDARD.encode("user=kim@example.org\x01auth=Bearer t0k3n\x01\x01");
    let (opened, _, log) = log_in(
        "AUTH PLAIN XOAUTH2",
        // What went wrong is told when it was asked for once more.
        &format!(
            "C: AUTH XOAUTH2 {xoauth2}\nS: 334 eyJzdGF0dXMiOiI0MDEifQ==\nC: \nS: 535 5.7.8 expired"
        ),
        &token(),
    )
    .await;
    match opened {
        Err(SmtpError::Login(reply)) => assert_eq!(reply.to_string(), "535 5.7.8 expired"),
        other => panic!("{other:?} {log:#?}"),
    }
    is_secret(&log);
}

#[tokio::test]
async fn refusals_say_what_they_mean() {
    let said = "534-5.7.9 Application-specific password required. Learn more at\r\n534 5.7.9  https://help.example";
    let raw = said.replace("\r\n", "\\r\\n");
    let (opened, _, _) =
        log_in("AUTH PLAIN", &format!("C: AUTH PLAIN *\nraw: {raw}\\r\\n\nstall"), &kim()).await;
    match opened {
        Err(SmtpError::Login(reply)) => {
            assert_eq!(reply.code, 534);
            assert_eq!(
                reply.text(),
                "Application-specific password required. Learn more at https://help.example"
            );
        }
        other => panic!("{other:?}"),
    }
    let (opened, _, _) =
        log_in("AUTH PLAIN", "C: AUTH PLAIN *\nS: 454 4.7.0 later\nstall", &kim()).await;
    let error = opened.unwrap_err();
    assert!(matches!(error, SmtpError::Refused { step: Step::Login, .. }) && error.is_passing());
    let (opened, _, _) =
        log_in("AUTH PLAIN", "C: AUTH PLAIN *\nS: 421 too many\nclose", &kim()).await;
    assert!(matches!(opened, Err(SmtpError::Closing(_))));
    let (opened, _, _) = log_in("AUTH PLAIN", "C: AUTH PLAIN *\nclose", &kim()).await;
    assert!(matches!(opened, Err(SmtpError::Lost(_))));
    for ways in ["SIZE 5", "AUTH CRAM-MD5 GSSAPI", "AUTH XOAUTH2"] {
        let (opened, heard, _) = log_in(ways, "stall", &kim()).await;
        assert_eq!(opened, Err(SmtpError::NoLogin), "{ways}");
        assert_eq!(heard.len(), 1);
    }
    let (opened, _, _) = log_in("AUTH PLAIN", "stall", &token()).await;
    assert_eq!(opened, Err(SmtpError::NoLogin));
    let odd = Credentials::Password { user: "ki\r\nm".into(), password: Secret::new("x".into()) };
    let (opened, heard, _) = log_in("AUTH PLAIN", "stall", &odd).await;
    assert_eq!(opened, Err(SmtpError::BadLogin));
    assert_eq!(heard.len(), 1);
}

#[tokio::test]
async fn a_login_without_an_end_or_sense_is_given_up() {
    let endless = "S: 334 AAAA\nC: *\n".repeat(12);
    let (opened, _, _) =
        log_in("AUTH XOAUTH2", &format!("C: AUTH XOAUTH2 *\n{endless}"), &token()).await;
    assert!(matches!(opened, Err(SmtpError::Protocol(_))), "{opened:?}");
    let (opened, heard, _) = log_in(
        "AUTH PLAIN",
        "C: AUTH PLAIN *\nS: 334 !!!\nC: *\nS: 501 as you like\nstall",
        &kim(),
    )
    .await;
    assert!(matches!(opened, Err(SmtpError::Protocol(_))), "{opened:?}");
    assert_eq!(heard[2].lines().next(), Some("*"), "{heard:#?}");
}

#[tokio::test]
async fn a_server_that_does_not_know_the_password_does_not_get_it() {
    // SCRAM on a line where others could read: a refusal does not bring the password out.
    let (opened, heard, log) = log_in(
        "AUTH SCRAM-SHA-256 PLAIN LOGIN",
        "C: AUTH SCRAM-SHA-256 *\nS: 535 5.7.8 no\nstall",
        &kim(),
    )
    .await;
    assert!(matches!(opened, Err(SmtpError::Login(_))), "{opened:?}");
    assert_eq!(heard.len(), 2, "{heard:#?}");
    is_secret(&log);
    // It says yes without having proved anything.
    let (opened, _, _) =
        log_in("AUTH SCRAM-SHA-256", "C: AUTH SCRAM-SHA-256 *\nS: 235 2.7.0 in\nstall", &kim())
            .await;
    assert!(matches!(opened, Err(SmtpError::Protocol(_))), "{opened:?}");
    // Fewer rounds than protect a password.
    let weak = STANDARD.encode("r=other,s=AAAA,i=1");
    let (opened, heard, _) = log_in(
        "AUTH SCRAM-SHA-256 PLAIN",
        &format!("C: AUTH SCRAM-SHA-256 *\nS: 334 {weak}\nC: *\nS: 501 given up\nstall"),
        &kim(),
    )
    .await;
    assert!(matches!(opened, Err(SmtpError::Protocol(_))), "{opened:?}");
    assert_eq!(heard.last().unwrap(), "*");
}

#[tokio::test]
async fn a_token_too_long_for_a_line_goes_when_it_is_asked_for() {
    let who = Credentials::Token {
        user: "kim@example.org".into(),
        token: Secret::new("x".repeat(20_000)),
    };
    let (opened, heard, log) =
        log_in("AUTH XOAUTH2", "C: AUTH XOAUTH2\nS: 334 \nC: *\nS: 235 in", &who).await;
    assert_eq!(opened, Ok(()), "{log:#?}");
    assert!(heard[2].len() > 20_000);
    assert!(!log.concat().contains("eHh4"), "{log:#?}");
}
