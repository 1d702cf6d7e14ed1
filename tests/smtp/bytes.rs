//! What goes over the wire, byte by byte: commands as the RFCs write them, letters that
//! cannot end early, nothing about this computer.

use super::common::fake_smtp::{self, Setup};
use super::*;
use goyo::net::smtp::{Notify, check};
use proptest::prelude::*;

#[tokio::test]
async fn a_whole_conversation_is_what_it_should_be() {
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250-fake
        S: 250-SIZE 1000
        S: 250-8bitmime
        S: 250-dsn
        S: 250 SMTPUTF8
        C: MAIL FROM:<kim@example.org> SIZE=55 RET=HDRS ENVID=a+2Bb
        S: 250 fine
        C: RCPT TO:<a+b@example.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.org
        S: 250 fine
        C: DATA
        S: 354 go on
        letter
        S: 250 taken
        C: MAIL FROM:<> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS
        S: 250 fine
        C: RCPT TO:<김@xn--vv4b11d.xn--3e0b707e> NOTIFY=NEVER ORCPT=utf-8;\\x{AE40}@xn--vv4b11d.xn--3e0b707e
        S: 550 no
        C: RSET
        S: 250 fine
        C: QUIT
        S: 221 bye",
        None,
    );
    let mut session = open(fake.port).await;
    assert_eq!(session.offers().limit(), Some(1000));
    let first = Envelope {
        envelope_id: Some("a+b".into()),
        notify: Some(Notify::ALL),
        ..envelope(&["a+b@example.org"])
    };
    assert!(matches!(send(&mut session, &first, LETTER).await, Came::Sent(_)));
    let told = session.take_conversation();
    assert!(told.contains(&format!("C: (… {} bytes)", LETTER.len())), "{told:#?}");
    assert!(!told.concat().contains("A line"), "{told:#?}");
    let second = Envelope {
        sender: String::new(),
        size: 10,
        eight_bit: true,
        notify: Some(Notify::default()),
        ..envelope(&["김@예시.한국"])
    };
    let came = send(&mut session, &second, LETTER).await;
    session.quit().await;
    let heard = fake.heard();
    assert!(matches!(came, Came::Nobody(_)), "{came:?}");
    // One dot more where a line begins with one, and the dot that ends it.
    let sent = "From: kim@example.org\r\nSubject: hello\r\n\r\nA line\r\n..dot\r\n.\r\n";
    assert!(heard.contains(&sent.to_owned()), "{heard:#?}");
}

#[tokio::test]
async fn nothing_is_said_that_is_not_offered() {
    let server = Setup::new().offers(&[]).start();
    let mut session = open(server.port).await;
    let everything = Envelope {
        envelope_id: Some("id".into()),
        notify: Some(Notify::ALL),
        ..envelope(&["a@example.org"])
    };
    assert!(matches!(send(&mut session, &everything, LETTER).await, Came::Sent(_)));
    let taken = server.taken();
    assert_eq!(taken[0].envelope, ["MAIL FROM:<kim@example.org>", "RCPT TO:<a@example.org>"]);
    session.take_conversation();
    let eight = Envelope { eight_bit: true, ..everything.clone() };
    assert_eq!(session.envelope(&eight).await, Err(SmtpError::NoEightBit));
    let utf8 = Envelope { smtputf8: true, ..everything.clone() };
    assert_eq!(session.envelope(&utf8).await, Err(SmtpError::NoUtf8));
    let hangul = Envelope { recipients: vec!["김@example.org".into()], ..everything };
    assert_eq!(session.envelope(&hangul).await, Err(SmtpError::NoUtf8));
    // Not a word of it went out.
    assert_eq!(session.take_conversation(), Vec::<String>::new());
    assert!(session.reusable());
}

#[tokio::test]
async fn the_server_learns_nothing_of_this_computer() {
    let fake = fake_smtp::play(
        "S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250 fake
        C: QUIT
        S: 221 bye",
        None,
    );
    open(fake.port).await.quit().await;
    assert_eq!(fake.heard(), ["EHLO [127.0.0.1]", "QUIT"]);
}

#[tokio::test]
async fn addresses_cannot_bring_commands_along() {
    let server = Setup::new().start();
    let mut session = open(server.port).await;
    session.take_conversation();
    for bad in ["a@b>\r\nRCPT TO:<c@d", "a@b> NOTIFY=NEVER", "a b@c", "a\u{0}@b", "plain", ""] {
        let to =
            Envelope { recipients: vec!["fine@example.org".into(), bad.into()], ..envelope(&[]) };
        let refused = session.envelope(&to).await.unwrap_err();
        assert!(matches!(refused, SmtpError::Address(_)), "{bad:?}: {refused:?}");
        assert!(!refused.to_string().contains(['\r', '\n', '\0']));
        let from = Envelope { sender: format!("{bad} "), ..envelope(&["a@example.org"]) };
        assert!(matches!(session.envelope(&from).await, Err(SmtpError::Address(_))));
    }
    assert_eq!(session.take_conversation(), Vec::<String>::new());
}

#[tokio::test]
async fn a_letter_cannot_end_early_nor_bring_commands_along() {
    let smuggled = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\n";
    let server = Setup::new().start();
    let mut session = open(server.port).await;
    // Line ends that some server takes for one: none of them goes.
    for end in
        ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n", "\r\r\n.\r\n"]
    {
        let letter = format!("Subject: x\r\n\r\ntext{end}{smuggled}more\r\n");
        session.envelope(&envelope(&["a@example.org"])).await.unwrap();
        session.take_conversation();
        let refused = session.content(letter.as_bytes(), |_| ()).await;
        assert!(matches!(refused, Err(SmtpError::Unsendable(_))), "{end:?}: {refused:?}");
        assert_eq!(session.take_conversation(), Vec::<String>::new(), "{end:?}");
    }
    // The true end, inside a letter, is a line with a dot in it.
    let letter = format!("Subject: x\r\n\r\ntext\r\n.\r\n{smuggled}.\r\n\r\n.");
    let sized = Envelope { size: letter.len() as u64, ..envelope(&["a@example.org"]) };
    let came = send(&mut session, &sized, letter.as_bytes()).await;
    assert!(matches!(came, Came::Sent(_)), "{came:?}");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].recipients, ["a@example.org"]);
    assert_eq!(taken[0].bytes, format!("{letter}\r\n").as_bytes());
}

#[test]
fn letters_are_looked_at_before_they_go() {
    assert_eq!(check(b""), Ok(false));
    assert_eq!(check(b"a\r\nb"), Ok(false));
    assert_eq!(check("가\r\n".as_bytes()), Ok(true));
    for bad in [&b"a\nb\r\n"[..], b"a\rb\r\n", b"a\0\r\n", b"a\r", b"\n", b"\r\r\n"] {
        assert!(matches!(check(bad), Err(SmtpError::Unsendable(_))), "{bad:?}");
    }
    let line = |length: usize| format!("{}\r\n", "x".repeat(length));
    assert!(check(line(998).as_bytes()).is_ok());
    assert!(check(line(999).as_bytes()).is_err());
}

#[tokio::test]
async fn progress_is_told_up_to_the_last_byte() {
    let server = Setup::new().start();
    let mut session = open(server.port).await;
    let letter = b"x".repeat(70).into_iter().chain(*b"\r\n").collect::<Vec<u8>>().repeat(2000);
    let sized = Envelope { size: letter.len() as u64, ..envelope(&["a@example.org"]) };
    session.envelope(&sized).await.unwrap();
    let mut heard = Vec::new();
    session.content(&letter, |sent| heard.push(sent)).await.unwrap();
    assert!(server.taken().is_empty());
    session.commit().await.unwrap();
    assert!(heard.len() > 4 && heard.is_sorted(), "{heard:?}");
    assert_eq!(heard.last(), Some(&(letter.len() as u64)));
    assert_eq!(server.taken()[0].bytes, letter);
    assert!(session.traffic().written > letter.len() as u64);
}

#[test]
fn any_letter_arrives_as_it_left() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = Setup::new().start();
    let session = std::cell::RefCell::new(runtime.block_on(open(server.port)));
    let line = prop_oneof![
        Just(".".to_owned()),
        Just("..".to_owned()),
        Just(String::new()),
        "\\.[a-z .]{0,40}",
        "[ -~]{0,998}",
        "[가-힣 .]{0,60}",
    ];
    let letters = proptest::collection::vec(line, 0..60);
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() };
    proptest::test_runner::TestRunner::new(config)
        .run(&letters, |lines| {
            let letter: String = lines.iter().flat_map(|line| [line, "\r\n"]).collect();
            let mut session = session.borrow_mut();
            let to = Envelope {
                size: letter.len() as u64,
                eight_bit: true,
                ..envelope(&["a@example.org"])
            };
            let came = runtime.block_on(send(&mut session, &to, letter.as_bytes()));
            prop_assert!(matches!(came, Came::Sent(_)), "{:?}", came);
            let taken = server.taken();
            prop_assert_eq!(&taken.last().unwrap().bytes, letter.as_bytes());
            Ok(())
        })
        .unwrap();
}
