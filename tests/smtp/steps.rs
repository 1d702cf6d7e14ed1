//! Every step at which sending can fail: what the server has, and what the caller is told,
//! agree each time.

use super::common::dovecot::Way;
use super::common::fake_imap::Paper;
use super::common::fake_smtp::{self, At, Does, Server, Setup};
use super::*;
use goyo::net::smtp::Step;

const TO: [&str; 3] = ["a@example.org", "b@example.org", "c@example.org"];

/// A server of one of two kinds, and how to reach it.
fn kinds() -> [(Setup, Option<String>); 2] {
    let paper = Paper::new(&["localhost"]);
    let pin = paper.fingerprint();
    let careful = Setup::new().offers(&["SIZE 50000000", "8BITMIME"]).login("kim", PASSWORD);
    let quick = Setup::new().offers(&["PIPELINING", "SIZE 50000000", "DSN"]);
    [(quick, None), (careful.over(Way::StartTls, paper), Some(pin))]
}

async fn send_to(server: &Server, pin: Option<&String>, letter: &[u8], wait: u64) -> (Came, bool) {
    let security = if pin.is_some() { Security::StartTls } else { Security::Plain };
    let who = pin.map(|_| kim());
    let endpoint = at(server.port, security, pin.cloned());
    let options = patience(Duration::from_millis(wait));
    let opened = Session::open_with(&endpoint, who.as_ref(), &Log::default(), &options).await;
    let mut session = match opened {
        Ok(session) => session,
        Err(error) => return (Came::Open(error), false),
    };
    let envelope = Envelope { size: letter.len() as u64, ..envelope(&TO) };
    let came = send(&mut session, &envelope, letter).await;
    let reusable = session.reusable();
    if reusable {
        // It is as good as it says: the next letter goes.
        let next = send(&mut session, &super::envelope(&["z@example.org"]), LETTER).await;
        assert!(matches!(next, Came::Sent(_)), "after {came:?}: {next:?}");
    }
    session.quit().await;
    (came, reusable)
}

/// The letters that were taken of those that the tests are about.
fn taken(server: &Server) -> Vec<Vec<String>> {
    let mut taken = server.taken();
    taken.retain(|letter| letter.recipients != ["z@example.org"]);
    taken.into_iter().map(|letter| letter.recipients).collect()
}

fn all_places() -> [At; 7] {
    let recipient = At::Recipient(Some(TO[1].into()));
    [At::Greeting, At::Hello, At::StartTls, At::Mail, recipient, At::Data, At::Dot]
}

#[tokio::test]
async fn a_connection_dropped_at_any_step_delivers_nothing_or_is_doubt() {
    for at in all_places() {
        for does in [Does::HangsUp, Does::Stalls, Does::TakesAndHangsUp] {
            for (setup, pin) in kinds() {
                if at == At::StartTls && pin.is_none() {
                    continue;
                }
                let server = setup.fault(at.clone(), does.clone()).start();
                let (came, reusable) = send_to(&server, pin.as_ref(), LETTER, 400).await;
                assert_eq!(server.faults_left(), [], "{at:?} {does:?}");
                assert!(!reusable, "{at:?} {does:?}");
                let expected = match does {
                    Does::Stalls => SmtpError::TimedOut,
                    _ => SmtpError::Lost("the server closed it unexpectedly".into()),
                };
                let error = match (&at, came) {
                    (At::Greeting | At::Hello | At::StartTls, Came::Open(error)) => error,
                    (At::Mail | At::Recipient(_), Came::Envelope(error)) => error,
                    (At::Data, Came::Content(error)) => error,
                    (At::Dot, Came::Commit(CommitError::Doubt(error))) => error,
                    (at, came) => panic!("{at:?} {does:?}: {came:?}"),
                };
                assert_eq!(error, expected, "{at:?} {does:?}");
                let there = usize::from(at == At::Dot && does == Does::TakesAndHangsUp);
                assert_eq!(taken(&server).len(), there, "{at:?} {does:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_at_any_step_is_told_as_what_it_is() {
    for at in all_places() {
        for code in [421, 450, 451, 452, 550, 552, 554] {
            for (setup, pin) in kinds() {
                if at == At::StartTls && pin.is_none() {
                    continue;
                }
                let words = format!("{code} {}.3.0 its own words", code / 100);
                let server = setup.fault(at.clone(), Does::Says(words.clone())).start();
                let (came, reusable) = send_to(&server, pin.as_ref(), LETTER, 1500).await;
                let what = format!("{at:?} {code} {pin:?}: {came:?}");
                assert_eq!(server.faults_left(), [], "{what}");
                let is_it = |reply: &Reply| reply.to_string() == words;
                // Before TLS nobody knows whose words they are.
                let early = pin.is_some() && matches!(at, At::Greeting | At::Hello);
                let step = match at {
                    At::Greeting => Step::Greeting,
                    At::Hello => Step::Hello,
                    At::Mail => Step::Sender,
                    _ => Step::Data,
                };
                match (&at, code, &came) {
                    (At::Dot, _, Came::Commit(CommitError::Refused(reply))) => {
                        assert!(is_it(reply), "{what}");
                        assert_eq!(reusable, code != 421, "{what}");
                    }
                    (At::StartTls, 400..500, Came::Open(SmtpError::Lost(_))) => {}
                    (At::StartTls, 500.., Came::Open(SmtpError::NoStartTls)) => {}
                    (_, _, Came::Open(SmtpError::Lost(why))) if early => {
                        assert!(!why.contains("words"), "{what}");
                    }
                    (At::Greeting | At::Hello, 421, Came::Open(SmtpError::Closing(reply)))
                    | (
                        At::Mail | At::Recipient(_),
                        421,
                        Came::Envelope(SmtpError::Closing(reply)),
                    )
                    | (At::Data, 421, Came::Content(SmtpError::Closing(reply))) => {
                        assert!(is_it(reply) && !reusable, "{what}");
                    }
                    (
                        At::Greeting | At::Hello | At::Mail | At::Data,
                        _,
                        Came::Open(SmtpError::Refused { step: at, reply })
                        | Came::Envelope(SmtpError::Refused { step: at, reply })
                        | Came::Content(SmtpError::Refused { step: at, reply }),
                    ) => {
                        assert!(is_it(reply) && *at == step && code != 421, "{what}");
                        assert_eq!(reusable, matches!(step, Step::Sender | Step::Data), "{what}");
                        assert_eq!(reply.is_transient(), code < 500);
                    }
                    // One recipient is: the others get it.
                    (At::Recipient(_), _, Came::Sent(_)) if code != 421 => {
                        assert_eq!(taken(&server), [[TO[0], TO[2]]], "{what}");
                        assert!(reusable);
                        continue;
                    }
                    _ => panic!("{what}"),
                }
                assert_eq!(taken(&server), Vec::<Vec<String>>::new(), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_letter_broken_off_in_its_middle_is_not_delivered() {
    let letter =
        [LETTER, &b"a line of forty bytes, and one more dot.\r\n".repeat(400_000)].concat();
    for (setup, pin) in kinds() {
        let server = setup.fault(At::Middle(1_000_000), Does::HangsUp).start();
        let (came, reusable) = send_to(&server, pin.as_ref(), &letter, 3000).await;
        assert!(matches!(came, Came::Content(SmtpError::Lost(_))), "{came:?}");
        assert!(!reusable && taken(&server).is_empty());
    }
    for (setup, pin) in kinds() {
        let server = setup.fault(At::Middle(1_000_000), Does::Stalls).start();
        let (came, _) = send_to(&server, pin.as_ref(), &letter, 3000).await;
        // It reads on without a word: all goes, and the end is doubt.
        assert!(matches!(came, Came::Commit(CommitError::Doubt(SmtpError::TimedOut))), "{came:?}");
        assert!(taken(&server).is_empty());
    }
    for (setup, pin) in kinds() {
        let enough = Does::SaysAndHangsUp("552 5.3.4 that is enough".into());
        let server = setup.fault(At::Middle(1_000_000), enough).start();
        let (came, _) = send_to(&server, pin.as_ref(), &letter, 3000).await;
        match came {
            Came::Content(SmtpError::Refused { step: Step::Content, reply }) => {
                assert_eq!(reply.to_string(), "552 5.3.4 that is enough");
            }
            other => panic!("{other:?}"),
        }
        assert!(taken(&server).is_empty());
    }
}

#[tokio::test]
async fn a_server_that_reads_no_more_is_given_up() {
    // The fake reads nothing after 354; what the network holds does not end a letter.
    let letter =
        [LETTER, &b"a line of forty bytes, and one more dot.\r\n".repeat(400_000)].concat();
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO *
        S: 250 fake
        C: MAIL *
        S: 250
        C: RCPT *
        S: 250
        C: DATA
        S: 354 go on
        wait",
        None,
    );
    let endpoint = at(fake.port, Security::Plain, None);
    let options = patience(Duration::from_millis(500));
    let mut session = Session::open_with(&endpoint, None, &Log::default(), &options).await.unwrap();
    let came = send(&mut session, &envelope(&["a@example.org"]), &letter).await;
    assert!(matches!(came, Came::Content(SmtpError::TimedOut)), "{came:?}");
    assert!(!session.reusable());
}

#[tokio::test]
async fn a_slow_drip_is_still_an_answer() {
    for at in all_places() {
        for (setup, pin) in kinds() {
            if at == At::StartTls && pin.is_none() {
                continue;
            }
            let server = setup.fault(at.clone(), Does::Drips).start();
            let (came, reusable) = send_to(&server, pin.as_ref(), LETTER, 1500).await;
            assert!(matches!(came, Came::Sent(_)) && reusable, "{at:?}: {came:?}");
            assert_eq!(taken(&server), [TO], "{at:?}");
        }
    }
}

#[tokio::test]
async fn nonsense_at_any_step_ends_the_connection() {
    for at in all_places() {
        for nonsense in ["hello", "250-one\r\n550 another", "25", "999 x", "250~x", "354 x\n250 y"]
        {
            let nonsense = match at {
                // What is asked for there.
                At::Data => nonsense.replace("354 x\n", "250 x\n"),
                _ => nonsense.to_owned(),
            };
            for (setup, pin) in kinds() {
                if at == At::StartTls && pin.is_none() {
                    continue;
                }
                let server = setup.fault(at.clone(), Does::Says(nonsense.clone())).start();
                let (came, reusable) = send_to(&server, pin.as_ref(), LETTER, 1500).await;
                let what = format!("{at:?} {nonsense:?}: {came:?}");
                match came {
                    Came::Open(SmtpError::Protocol(_))
                    | Came::Envelope(SmtpError::Protocol(_))
                    | Came::Content(SmtpError::Protocol(_)) => {
                        assert!(at != At::Dot && taken(&server).is_empty(), "{what}");
                    }
                    Came::Commit(CommitError::Doubt(SmtpError::Protocol(_))) => {
                        assert_eq!(at, At::Dot, "{what}");
                    }
                    _ => panic!("{what}"),
                }
                assert!(!reusable, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_accepted_means_nothing_is_sent() {
    for (setup, pin) in kinds() {
        let refuses = |code: &str| Does::Says(format!("{code} no"));
        let server = setup
            .fault(At::Recipient(None), refuses("550"))
            .fault(At::Recipient(None), refuses("450"))
            .fault(At::Recipient(None), refuses("553"))
            .start();
        let (came, reusable) = send_to(&server, pin.as_ref(), LETTER, 1500).await;
        let Came::Nobody(said) = came else { panic!("{came:?}") };
        let codes: Vec<u16> = said.iter().map(|said| said.reply.code).collect();
        assert_eq!(codes, [550, 450, 553]);
        assert!(said.iter().map(|said| said.recipient.as_str()).eq(TO));
        assert!(reusable && taken(&server).is_empty());
        let heard = server.heard().concat();
        let asked: Vec<&String> = heard.iter().filter(|line| !line.starts_with("S: ")).collect();
        let reset = asked.iter().position(|line| *line == "RSET").unwrap();
        assert!(!asked[..reset].iter().any(|line| *line == "DATA"), "{asked:?}");
    }
}

#[tokio::test]
async fn a_connection_that_ended_while_idle_is_found_before_a_letter_is_begun() {
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO *
        S: 250 fake
        S: 421 4.4.2 you were silent for too long
        close",
        None,
    );
    let mut session = open(fake.port).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    match session.envelope(&envelope(&["a@example.org"])).await {
        Err(SmtpError::Closing(reply)) => assert_eq!(reply.code, 421),
        other => panic!("{other:?}"),
    }
    drop(session);
    assert_eq!(fake.heard(), ["EHLO [127.0.0.1]"]);
}

#[tokio::test]
async fn a_call_that_was_given_up_leaves_no_connection_to_use() {
    let server = Setup::new().fault(At::Data, Does::Stalls).start();
    let mut session = open(server.port).await;
    session.envelope(&envelope(&["a@example.org"])).await.unwrap();
    let given_up =
        tokio::time::timeout(Duration::from_millis(50), session.content(LETTER, |_| ())).await;
    assert!(given_up.is_err());
    assert!(!session.reusable());
    assert!(matches!(session.commit().await, Err(CommitError::NotSent(_))));
    assert!(matches!(session.noop().await, Err(SmtpError::Unusable(_))));
    session.abandon().await.unwrap();
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn steps_in_another_order_are_refused_here() {
    let server = Setup::new().start();
    let mut session = open(server.port).await;
    assert!(matches!(session.content(LETTER, |_| ()).await, Err(SmtpError::Unusable(_))));
    assert!(matches!(session.commit().await, Err(CommitError::NotSent(_))));
    session.envelope(&envelope(&["a@example.org"])).await.unwrap();
    assert!(matches!(session.commit().await, Err(CommitError::NotSent(_))));
    session.noop().await.unwrap();
    // Another envelope takes the first back.
    let came = send(&mut session, &envelope(&["b@example.org"]), LETTER).await;
    assert!(matches!(came, Came::Sent(_)));
    assert!(session.envelope(&envelope(&[])).await.is_err());
    session.quit().await;
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].recipients, ["b@example.org"]);
    let heard = server.heard().concat();
    assert_eq!(heard.iter().filter(|line| *line == "RSET").count(), 1);
    assert_eq!(heard.last().unwrap(), "S: 221 2.0.0 bye");
}
