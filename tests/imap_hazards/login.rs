//! Logging in: what is offered, what is sent, what is refused.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use goyo::net::imap::Unsolicited;

fn token() -> Credentials {
    Credentials::Token { user: "kim@example.org".into(), token: Secret::new("t0ken".into()) }
}

/// Logs in over a connection that the account says is plain.
async fn log_in(script: &str, who: &Credentials) -> (Vec<String>, Result<Connection>) {
    let fake = Fake::play(script);
    let endpoint = at(&fake, Security::Plain, None);
    let opened = Connection::open_with(&endpoint, who, &Log::default(), &options()).await;
    match opened {
        Ok(imap) => {
            imap.close().await;
            (fake.heard_at_most(), Err(ImapError::Unoffered("it went well")))
        }
        Err(error) => (fake.heard_at_most(), Err(error)),
    }
}

fn went_well(outcome: &Result<Connection>) -> bool {
    matches!(outcome, Err(ImapError::Unoffered("it went well")))
}

#[tokio::test]
async fn plain_with_and_without_an_initial_response() {
    let secret = STANDARD.encode(format!("\0kim\0{PASSWORD}"));
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN] ready
            C: a AUTHENTICATE PLAIN {secret}
            S: {{a}} OK [CAPABILITY IMAP4rev1] in
            C: b LOGOUT
            S: * BYE
            S: {{b}} OK"
        ),
        &kim(),
    )
    .await;
    assert!(went_well(&outcome), "{outcome:?} {heard:#?}");
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK hello
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
            S: {{a}} OK
            C: a AUTHENTICATE PLAIN
            raw: +\\r\\n
            C: - {secret}
            S: * CAPABILITY IMAP4rev1 XLIES
            S: {{a}} OK in
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 IDLE
            S: {{a}} OK
            C: b LOGOUT"
        ),
        &kim(),
    )
    .await;
    assert!(went_well(&outcome), "{outcome:?} {heard:#?}");
}

#[tokio::test]
async fn what_can_be_done_is_asked_again_after_the_login() {
    let (fake, mut imap) = play("IDLE", "C: a NOOP\nS: {a} OK").await;
    imap.noop().await.unwrap();
    let words: Vec<&str> = imap.capabilities().words.iter().map(String::as_str).collect();
    assert_eq!(words, ["IDLE", "IMAP4REV1"]);
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn login_in_two_steps_where_there_is_nothing_else() {
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=LOGIN] ready
            C: a AUTHENTICATE LOGIN
            S: + VXNlcm5hbWU6
            C: - {}
            S: + UGFzc3dvcmQ6
            C: - {}
            S: {{a}} OK [CAPABILITY IMAP4rev1] in
            C: b LOGOUT",
            STANDARD.encode("kim"),
            STANDARD.encode(PASSWORD)
        ),
        &kim(),
    )
    .await;
    assert!(went_well(&outcome), "{outcome:?} {heard:#?}");
}

#[tokio::test]
async fn logindisabled_is_honoured() {
    let script = "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\nstall";
    let (heard, outcome) = log_in(script, &kim()).await;
    assert_eq!(outcome.map(drop), Err(ImapError::NoLogin));
    assert!(heard.is_empty());
}

#[tokio::test]
async fn a_referral_is_not_followed() {
    let script = "S: * OK [CAPABILITY IMAP4rev1 LOGIN-REFERRALS AUTH=PLAIN SASL-IR] ready
        C: a AUTHENTICATE PLAIN *
        S: {a} NO [REFERRAL imap://kim;AUTH=*@127.0.0.1:1/] try there
        stall";
    let (heard, outcome) = log_in(script, &kim()).await;
    assert_eq!(outcome.map(drop), Err(ImapError::Login("try there".into())));
    assert_eq!(heard.len(), 1);
    // Nor is one with which the login went well (RFC 2221).
    let script = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready
        C: a AUTHENTICATE PLAIN *
        S: {a} OK [REFERRAL imap://kim@127.0.0.1:1/] in
        C: b CAPABILITY
        S: * CAPABILITY IMAP4rev1
        S: {b} OK
        C: c LOGOUT";
    let (heard, outcome) = log_in(script, &kim()).await;
    assert!(went_well(&outcome), "{outcome:?} {heard:#?}");
}

#[tokio::test]
async fn a_busy_server_is_no_wrong_password() {
    for said in ["[UNAVAILABLE] later", "Too many simultaneous connections. (Failure)"] {
        let script = format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
            C: a AUTHENTICATE PLAIN *
            S: {{a}} NO {said}"
        );
        let (_, outcome) = log_in(&script, &kim()).await;
        let error = outcome.map(drop).unwrap_err();
        assert!(error.is_passing() && kind(&error) == "No", "{error:?}");
    }
    let (_, outcome) = log_in("S: * BYE too busy", &kim()).await;
    assert_eq!(outcome.map(drop), Err(ImapError::Bye("too busy".into())));
}

#[tokio::test]
async fn bearer_tokens_and_their_errors() {
    let bearer = STANDARD.encode("n,a=kim@example.org,\x01auth=Bearer t0ken\x01\x01");
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER AUTH=XOAUTH2] ready
            C: a AUTHENTICATE OAUTHBEARER {bearer}
            S: + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=
            C: - AQ==
            S: {{a}} NO [AUTHENTICATIONFAILED] the token is no more"
        ),
        &token(),
    )
    .await;
    assert_eq!(
        outcome.map(drop),
        Err(ImapError::Login("the token is no more".into())),
        "{heard:#?}"
    );
    let x = STANDARD.encode("user=kim@example.org\x01auth=Bearer t0ken\x01\x01");
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready
            C: a AUTHENTICATE XOAUTH2 {x}
            S: + eyJzdGF0dXMiOiI0MDAifQ==
            C: - 
            S: {{a}} NO [AUTHENTICATIONFAILED] no"
        ),
        &token(),
    )
    .await;
    assert_eq!(outcome.map(drop), Err(ImapError::Login("no".into())), "{heard:#?}");
    let script = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\nstall";
    let (heard, outcome) = log_in(script, &token()).await;
    assert_eq!(outcome.map(drop), Err(ImapError::NoLogin));
    assert!(heard.is_empty());
}

#[tokio::test]
async fn scram_with_a_server_that_does_not_know_the_password_ends() {
    let first = STANDARD.encode("r=stranger,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    let (heard, outcome) = log_in(
        &format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN] ready
            C: a AUTHENTICATE SCRAM-SHA-256 *
            S: + {first}
            C: - \\*
            S: {{a}} BAD cancelled
            stall"
        )
        .replace("\\*", "*"),
        &kim(),
    )
    .await;
    // Nothing else is tried: whoever that is would get the password.
    assert_eq!(kind(&outcome.map(drop).unwrap_err()), "Protocol");
    assert_eq!(heard.len(), 2, "{heard:#?}");
    assert_eq!(heard[1], "*");
    // Nor is an OK believed that proves nothing.
    let (_, outcome) = log_in(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
        C: a AUTHENTICATE SCRAM-SHA-256 *
        S: {a} OK in
        stall",
        &kim(),
    )
    .await;
    assert_eq!(kind(&outcome.map(drop).unwrap_err()), "Protocol");
}

#[tokio::test]
async fn scram_that_is_refused_in_the_open_is_not_followed_by_the_password() {
    let (heard, outcome) = log_in(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN] ready
        C: a AUTHENTICATE SCRAM-SHA-256 *
        S: {a} NO not that
        stall",
        &kim(),
    )
    .await;
    assert_eq!(outcome.map(drop), Err(ImapError::Login("not that".into())));
    assert_eq!(heard.len(), 1);
}

#[tokio::test]
async fn scram_that_is_refused_over_tls_is_followed_by_another_way() {
    let paper = Paper::new(&["localhost"]);
    let fake = Fake::play_with(
        "tls
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN] ready
        C: a AUTHENTICATE SCRAM-SHA-256 *
        S: {a} NO not that
        C: a AUTHENTICATE PLAIN *
        S: {a} OK [CAPABILITY IMAP4rev1] in",
        Some(&paper),
    );
    let endpoint = at(&fake, Security::Tls, Some(&paper));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options()).await;
    drop(opened.unwrap());
    fake.heard();
}

#[tokio::test]
async fn a_login_without_end_is_ended() {
    let mut script =
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready\nC: a AUTHENTICATE *".to_owned();
    for _ in 0..8 {
        script.push_str("\nS: + AAAA\nC: - *");
    }
    script.push_str("\nS: + AAAA\nstall");
    let (_, outcome) = log_in(&script, &token()).await;
    assert_eq!(kind(&outcome.map(drop).unwrap_err()), "Protocol");
}

#[tokio::test]
async fn names_that_would_write_commands_are_not_sent() {
    let who = Credentials::Password {
        user: "kim\r\nA9 DELETE INBOX".into(),
        password: Secret::new("x".into()),
    };
    let script = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\nstall";
    let (heard, outcome) = log_in(script, &who).await;
    assert_eq!(kind(&outcome.map(drop).unwrap_err()), "Login");
    assert!(heard.is_empty());
    let (fake, mut imap) = play("", "C: a CREATE {22}\nS: {a} NO no\nC: a NOOP\nS: {a} OK").await;
    assert!(imap.create("x\r\nA9 DELETE \"INBOX\"\r\n").await.is_err());
    assert!(imap.search("ALL\r\nA9 LOGOUT").await.is_err());
    imap.noop().await.unwrap();
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn the_servers_alerts_are_its_own_words() {
    let (fake, mut imap) = play(
        "",
        "C: a NOOP
        raw: * OK [ALERT] Goyo says: \\x1b[31myour password \\xe2\\x80\\xaehas expired\\r\\n
        S: {a} OK",
    )
    .await;
    imap.noop().await.unwrap();
    match &imap.take_unsolicited()[..] {
        [Unsolicited::Alert(words)] => {
            assert!(!words.contains(['\x1b', '\u{202e}']), "{words:?}");
        }
        other => panic!("{other:?}"),
    }
    drop(imap);
    fake.heard();
}

#[tokio::test]
async fn a_server_that_knows_us_already_is_not_logged_in_to() {
    let script = "S: * PREAUTH [CAPABILITY IMAP4rev1] hello kim\nC: a LOGOUT";
    let (heard, outcome) = log_in(script, &kim()).await;
    assert!(went_well(&outcome), "{outcome:?}");
    assert_eq!(heard.len(), 1);
}

#[tokio::test]
async fn what_is_no_mail_server_is_said_to_be_none() {
    for script in ["S: HTTP/1.1 400 Bad Request", "S: 220 smtp.example.org ESMTP", "S: +OK POP3"] {
        let (heard, outcome) = log_in(script, &kim()).await;
        assert_eq!(kind(&outcome.map(drop).unwrap_err()), "Protocol");
        assert!(heard.is_empty());
    }
    // Nobody listens there, and nobody is called so.
    let server = Server { host: "localhost".into(), port: 1, security: Security::Plain, pin: None };
    let mut nowhere = Endpoint { server, proxy: None };
    let opened = Connection::open_with(&nowhere, &kim(), &Log::default(), &options()).await;
    assert_eq!(kind(&opened.map(drop).unwrap_err()), "Connect");
    nowhere.server.host = "not a name".into();
    let opened = Connection::open_with(&nowhere, &kim(), &Log::default(), &options()).await;
    assert_eq!(kind(&opened.map(drop).unwrap_err()), "Name");
    nowhere.proxy = Some("gopher://localhost".into());
    nowhere.server.host = "localhost".into();
    let opened = Connection::open_with(&nowhere, &kim(), &Log::default(), &options()).await;
    assert_eq!(kind(&opened.map(drop).unwrap_err()), "Proxy");
}

/// What a connection through this proxy comes to, and what the proxy heard.
async fn through(scheme: &str, script: &str) -> (Result<()>, Vec<String>) {
    let fake = Fake::play(script);
    let mut endpoint = at(&fake, Security::Plain, None);
    // A name that nobody here could look up.
    endpoint.server.host = "imap.example.invalid".into();
    endpoint.server.port = 143;
    endpoint.proxy = Some(format!("{scheme}://127.0.0.1:{}", fake.port));
    let opened = Connection::open_with(&endpoint, &kim(), &Log::default(), &options()).await;
    let came = opened.map(drop);
    (came, fake.heard_at_most())
}

#[tokio::test]
async fn proxies_are_given_the_name() {
    let (came, heard) = through(
        "socks5",
        &format!(
            "take: 3
            raw: \\x05\\0
            take: 27
            raw: \\x05\\0\\0\\x01\\0\\0\\0\\0\\0\\0
            {}",
            inside("", "")
        ),
    )
    .await;
    came.unwrap_or_else(|error| panic!("{error}: {heard:#?}"));
    assert_eq!(heard[1], "\x05\x01\0\x03\x14imap.example.invalid\0\u{fffd}");
    let (came, heard) = through(
        "http",
        &format!(
            "C: - CONNECT imap.example.invalid:143 HTTP/1.1
            C: - Host: imap.example.invalid:143
            C: -
            raw: HTTP/1.1 200 OK\\r\\n\\r\\n
            {}",
            inside("", "")
        ),
    )
    .await;
    came.unwrap_or_else(|error| panic!("{error}: {heard:#?}"));
    let (came, _) = through("http", "C: - *\nC: - *\nC: -\nraw: HTTP/1.1 403 No\\r\\n\\r\\n").await;
    assert_eq!(kind(&came.unwrap_err()), "Proxy");
}
