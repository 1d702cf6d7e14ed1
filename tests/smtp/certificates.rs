//! Certificates that are not good, and the one that the user pinned.

use super::common::fake_smtp;
use super::*;

const INSIDE: &str = "C: EHLO *
    S: 250-fake
    S: 250 AUTH PLAIN
    C: AUTH PLAIN *
    S: 235 in";

/// Opens a connection to a server with this certificate, in both ways.
async fn shown(
    paper: &Paper,
    trusted: &[&Paper],
    pin: Option<String>,
) -> Vec<Result<(), SmtpError>> {
    let mut all = Vec::new();
    for (security, script) in [
        (Security::Tls, format!("tls\nS: 220 hi\n{INSIDE}")),
        (
            Security::StartTls,
            format!(
                "S: 220 hi\nC: EHLO *\nS: 250-fake\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go on\ntls\n{INSIDE}"
            ),
        ),
    ] {
        let fake = fake_smtp::play(&script, Some(paper));
        let authorities = trusted.iter().map(|paper| paper.certificate.clone()).collect();
        let options = Options { authorities: Some(authorities), ..options() };
        let at = at(fake.port, security, pin.clone());
        let opened = Session::open_with(&at, Some(&kim()), &Log::default(), &options).await;
        let failed = opened.is_err();
        all.push(opened.map(drop));
        let heard = fake.heard_at_most();
        // A password is shown to nobody who has not shown a good certificate.
        assert!(!failed || !heard.iter().any(|line| line.starts_with("AUTH PLAIN")), "{heard:#?}");
    }
    all
}

fn refused(opened: Vec<Result<(), SmtpError>>, paper: &Paper, words: &str) {
    for opened in opened {
        match opened {
            Err(SmtpError::Certificate { sha256, why }) => {
                assert_eq!(sha256, paper.fingerprint());
                assert!(why.contains(words), "{why}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_vouched_for_is_good_for_its_name() {
    let paper = Paper::new(&["localhost"]);
    assert_eq!(shown(&paper, &[&paper], None).await, [Ok(()), Ok(())]);
    let other = Paper::new(&["elsewhere.example"]);
    refused(shown(&other, &[&other], None).await, &other, "another name");
}

#[tokio::test]
async fn one_that_nobody_vouches_for_is_refused_with_its_fingerprint() {
    let (paper, other) = (Paper::new(&["localhost"]), Paper::new(&["localhost"]));
    refused(shown(&paper, &[], None).await, &paper, "nobody");
    refused(shown(&paper, &[&other], None).await, &paper, "");
    refused(shown(&paper, &[], Some(other.fingerprint())).await, &paper, "nobody");
    assert_eq!(shown(&paper, &[], Some(paper.fingerprint())).await, [Ok(()), Ok(())]);
}

#[tokio::test]
async fn one_that_has_expired_is_refused() {
    let paper = Paper::expired();
    refused(shown(&paper, &[&paper], None).await, &paper, "expired");
}

#[tokio::test]
async fn a_server_without_tls_is_found_out() {
    let paper = Paper::new(&["localhost"]);
    let fake = fake_smtp::play("S: 220 hi\nstall", None);
    let at = pinned(fake.port, Security::Tls, &paper);
    let opened = Session::open_with(&at, Some(&kim()), &Log::default(), &options()).await;
    assert!(matches!(opened.map(drop), Err(SmtpError::Tls(_))));
    let fake = fake_smtp::play("stall", None);
    let at = pinned(fake.port, Security::Tls, &paper);
    let options = Options { handshake: Duration::from_millis(300), ..options() };
    let opened = Session::open_with(&at, Some(&kim()), &Log::default(), &options).await;
    assert_eq!(opened.map(drop).unwrap_err(), SmtpError::TimedOut);
}

#[tokio::test]
async fn nobody_there_and_no_such_name_are_told_apart() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let open = async |host: &str| {
        let server = Server { host: host.into(), port, security: Security::Plain, pin: None };
        let at = Endpoint { server, proxy: None };
        let opened = Session::open_with(&at, None, &Log::default(), &options()).await;
        opened.map(drop).unwrap_err()
    };
    assert!(matches!(open("127.0.0.1").await, SmtpError::Connect(_)));
    assert!(matches!(open("not a name").await, SmtpError::Name(_)));
    assert!(open("127.0.0.1").await.is_passing());
}
