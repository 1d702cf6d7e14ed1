//! Replies of all shapes: long ones, endless ones, too many, and out of step.

use super::common::fake_smtp::{self, At, Does, Setup};
use super::*;

#[tokio::test]
async fn replies_of_many_lines_are_one() {
    let many = "250-2.1.5 first\r\n250-2.1.5 second\r\n250 2.1.5 third";
    let server = Setup::new()
        .fault(At::Recipient(None), Does::Says(many.into()))
        .fault(At::Dot, Does::Says("250-2.0.0 taken\r\n250 2.0.0 as 1234".into()))
        .start();
    let mut session = open(server.port).await;
    let said = session.envelope(&envelope(&["a@example.org"])).await.unwrap();
    assert_eq!(said[0].reply.lines, ["first", "second", "third"]);
    session.content(LETTER, |_| ()).await.unwrap();
    assert_eq!(session.commit().await.unwrap().to_string(), "250 2.0.0 taken as 1234");
    let told = session.take_conversation();
    assert!(told.contains(&"S: 250-2.1.5 first".to_owned()), "{told:#?}");
    assert!(told.contains(&"S: 250 third".to_owned()), "{told:#?}");
}

#[tokio::test]
async fn replies_without_an_end_are_cut_short() {
    for endless in [
        "say: 100000 250-more".to_owned(),
        format!("raw: 250 {}", "x".repeat(100_000)),
        "say: 300 250-more and more".to_owned(),
    ] {
        let fake = fake_smtp::play(
            &format!("S: 220 hi\nC: EHLO *\nS: 250 fake\nC: NOOP\n{endless}\nstall"),
            None,
        );
        let mut session = open(fake.port).await;
        assert!(matches!(session.noop().await, Err(SmtpError::Protocol(_))));
        assert!(!session.reusable());
        assert!(session.traffic().read == 0 || session.traffic().read < 1_000_000);
    }
}

#[tokio::test]
async fn a_drip_without_an_end_is_given_up() {
    let fake = fake_smtp::play(
        &format!(
            "S: 220 hi\nC: EHLO *\nS: 250 fake\nC: NOOP\ndrip: 250 {}\nstall",
            "x".repeat(1900)
        ),
        None,
    );
    let endpoint = at(fake.port, Security::Plain, None);
    let options = patience(Duration::from_millis(300));
    let mut session = Session::open_with(&endpoint, None, &Log::default(), &options).await.unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(session.noop().await, Err(SmtpError::TimedOut));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_not_taken_for_others() {
    // A second answer to MAIL, in the same packet, would stand for the recipient's.
    let script = "S: 220 hi
        C: EHLO *
        S: 250 fake
        C: MAIL *
        raw: 250 fine\\r\\n250 fine\\r\\n
        stall";
    let fake = fake_smtp::play(script, None);
    let mut session = open(fake.port).await;
    let said = session.envelope(&envelope(&["a@example.org"])).await;
    // Seen before RCPT is sent.
    match said {
        Err(SmtpError::Protocol(why)) => assert!(why.contains("nobody had asked"), "{why}"),
        other => panic!("{other:?}"),
    }
    // Pipelined: one answer too many, and one too few.
    let pipelined = |answers: &str| {
        format!(
            "S: 220 hi
            C: EHLO *
            S: 250-fake
            S: 250 PIPELINING
            C: MAIL *
            C: RCPT *
            C: RCPT *
            {answers}
            stall"
        )
    };
    let to = envelope(&["a@example.org", "b@example.org"]);
    let fake =
        fake_smtp::play(&pipelined("raw: 250 1\\r\\n250 2\\r\\n550 3\\r\\n250 4\\r\\n"), None);
    let mut session = open(fake.port).await;
    assert!(matches!(session.envelope(&to).await, Err(SmtpError::Protocol(_))));
    let fake = fake_smtp::play(&pipelined("raw: 250 1\\r\\n250 2\\r\\n"), None);
    let mut session = open(fake.port).await;
    assert_eq!(session.envelope(&to).await, Err(SmtpError::TimedOut));
    // Answers from before the questions.
    let fake = fake_smtp::play(
        "raw: 220 hi\\r\\n250 fake\\r\\n250 ok\\r\\n250 ok\\r\\n354 go\\r\\n250 taken\\r\\n
        stall",
        None,
    );
    let endpoint = at(fake.port, Security::Plain, None);
    let opened = Session::open_with(&endpoint, None, &Log::default(), &options()).await;
    assert!(matches!(opened.map(drop), Err(SmtpError::Protocol(_))));
    assert_eq!(fake.heard_at_most(), Vec::<String>::new());
}

#[tokio::test]
async fn a_letter_is_not_taken_for_taken_before_its_end() {
    let script = "S: 220 hi
        C: EHLO *
        S: 250 fake
        C: MAIL *
        S: 250 fine
        C: RCPT *
        S: 250 fine
        C: DATA
        raw: 354 go on\\r\\n250 taken\\r\\n
        stall";
    let fake = fake_smtp::play(script, None);
    let mut session = open(fake.port).await;
    let came = send(&mut session, &envelope(&["a@example.org"]), LETTER).await;
    match came {
        Came::Content(SmtpError::Protocol(_))
        | Came::Commit(CommitError::NotSent(SmtpError::Protocol(_))) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn answers_to_a_refused_sender_are_read_to_their_end() {
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO *
        S: 250-fake
        S: 250 PIPELINING
        C: MAIL *
        C: RCPT *
        C: RCPT *
        raw: 550 5.1.8 who are you\\r\\n503 no\\r\\n503 no\\r\\n
        C: RSET
        S: 250 forgotten
        C: NOOP
        S: 250 here
        stall",
        None,
    );
    let mut session = open(fake.port).await;
    let to = envelope(&["a@example.org", "b@example.org"]);
    match session.envelope(&to).await {
        Err(SmtpError::Refused { reply, .. }) => {
            assert_eq!(reply.to_string(), "550 5.1.8 who are you");
        }
        other => panic!("{other:?}"),
    }
    session.noop().await.unwrap();
}

#[tokio::test]
async fn many_recipients_go_in_groups() {
    let to: Vec<String> = (0..170).map(|n| format!("r{n}@example.org")).collect();
    for offers in [&["PIPELINING"][..], &[][..]] {
        let too_many = Does::Says("452 4.5.3 too many recipients".into());
        let server = Setup::new()
            .offers(offers)
            .fault(At::Recipient(Some("r120@example.org".into())), too_many)
            .start();
        let mut session = open(server.port).await;
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let said = session.envelope(&envelope(&to)).await.unwrap();
        let refused: Vec<usize> = said
            .iter()
            .enumerate()
            .filter(|(_, said)| !said.is_accepted())
            .map(|(at, _)| at)
            .collect();
        assert_eq!(refused, [120]);
        assert!(said.iter().map(|said| said.recipient.as_str()).eq(to.iter().copied()));
        session.content(LETTER, |_| ()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(server.taken()[0].recipients.len(), 169);
    }
}

#[tokio::test]
async fn an_old_server_is_greeted_as_it_knows_it() {
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO [127.0.0.1]
        S: 502 what
        C: HELO [127.0.0.1]
        S: 250 hello
        C: MAIL FROM:<kim@example.org>
        S: 250 fine
        C: RCPT TO:<a@example.org>
        S: 250 fine
        C: DATA
        S: 354 go on
        letter
        S: 250 taken
        C: QUIT
        S: 221 bye",
        None,
    );
    let mut session = open(fake.port).await;
    let came = send(&mut session, &envelope(&["a@example.org"]), LETTER).await;
    assert!(matches!(came, Came::Sent(_)), "{came:?}");
    session.quit().await;
    fake.heard();
}

#[tokio::test]
async fn a_server_that_takes_its_time_with_each_recipient_is_given_up() {
    let answers = "C: RCPT *\npause\npause\nS: 250 fine\n".repeat(40);
    let script =
        format!("S: 220 hi\nC: EHLO *\nS: 250 fake\nC: MAIL *\nS: 250 fine\n{answers}stall");
    let fake = fake_smtp::play(&script, None);
    let endpoint = at(fake.port, Security::Plain, None);
    let options = patience(Duration::from_millis(200));
    let mut session = Session::open_with(&endpoint, None, &Log::default(), &options).await.unwrap();
    let to: Vec<String> = (0..40).map(|n| format!("r{n}@example.org")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    assert_eq!(session.envelope(&envelope(&to)).await, Err(SmtpError::TimedOut));
    assert!(!session.reusable());
}
