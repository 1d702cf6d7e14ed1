use super::*;

fn typed(fields: &[(Field, &str)]) -> State {
    let mut state = State::new(false);
    for (field, text) in fields {
        assert_eq!(state.update(typing(*field, text)), []);
    }
    state
}

fn typing(field: Field, text: &str) -> Message {
    match field {
        Field::Password => Message::PasswordTyped(Secret::new(text.to_owned())),
        field => Message::Typed(field, text.to_owned()),
    }
}

fn wanted(actions: Vec<Action>) -> (u64, NewAccount) {
    let [Action::Ask(Command::TestAccount(number, wanted))] = &actions[..] else {
        panic!("{actions:?}")
    };
    (*number, (**wanted).clone())
}

fn failed(number: u64, trouble: Trouble) -> Message {
    Message::Engine(Event::AccountTested(number, Err(Arc::new(Failure::of(trouble)))))
}

fn works(number: u64) -> Message {
    let tested = accounts::Tested { folders: 3, capabilities: Vec::new(), sends: None };
    Message::Engine(Event::AccountTested(number, Ok(tested)))
}

#[test]
fn an_address_and_a_password_are_enough_where_the_provider_is_known() {
    let mut state = typed(&[
        (Field::Sender, " 김민지 "),
        (Field::Address, "minji@naver.com "),
        (Field::Password, "열려라"),
    ]);
    let (number, wanted) = wanted(state.update(Message::Connected));
    assert_eq!(state.stage, Stage::Trying);
    assert_eq!(
        (wanted.address.as_str(), wanted.name.as_str()),
        ("minji@naver.com", "minji@naver.com")
    );
    assert_eq!(wanted.settings.sender, "김민지");
    assert_eq!(wanted.settings.user, "minji");
    assert_eq!(wanted.settings.imap.unwrap().host, "imap.naver.com");
    assert_eq!(wanted.secret.reveal(), "열려라");
    // Once is enough, and what is under way is not changed.
    assert_eq!(state.update(Message::Connected), []);
    state.update(Message::Typed(Field::Address, "other@naver.com".into()));
    assert_eq!(state.address, "minji@naver.com ");
    // It works: it is kept, and the form goes.
    let kept = state.update(works(number));
    assert!(matches!(&kept[..], [Action::Ask(Command::AddAccount(_))]), "{kept:?}");
    let added = Event::AccountAdded(Ok(crate::model::AccountId(2)));
    assert_eq!(state.update(Message::Engine(added)), [Action::Leave]);
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_does_nothing() {
    let mut state = typed(&[(Field::Address, "a@naver.com"), (Field::Password, "x")]);
    let (first, _) = wanted(state.update(Message::Connected));
    state.update(Message::Cancelled);
    assert_eq!(state.update(works(first)), []);
    state.update(failed(first, Trouble::TimedOut));
    assert_eq!(state.stage, Stage::Filling);
    let (second, _) = wanted(state.update(Message::Connected));
    assert_eq!(state.update(works(first)), []);
    assert_eq!(state.stage, Stage::Trying);
    state.update(failed(second, Trouble::TimedOut));
    assert!(matches!(state.stage, Stage::Failed(_)));
}

fn asked(actions: &[Action]) -> (u64, String) {
    let [Action::Ask(Command::FindServers(number, address))] = actions else {
        panic!("{actions:?}")
    };
    (*number, address.clone())
}

fn named(host: &str, elsewhere: bool) -> Option<Box<Known>> {
    let mut known = accounts::settings_for("kim@hanbit.kr").unwrap();
    known.settings.imap.as_mut().unwrap().host = host.to_owned();
    known.source = Source::Domain { elsewhere };
    Some(Box::new(known))
}

fn found(number: u64, known: Option<Box<Known>>) -> Message {
    Message::Engine(Event::ServersFound(number, known))
}

#[test]
fn dns_is_asked_once_and_only_when_the_address_is_written_to_its_end() {
    // No letter of an address is worth a question, nor is one whose provider is known.
    let mut state = typed(&[(Field::Address, "kim@hanbit.k"), (Field::Address, "kim@hanbit.kr")]);
    let actions = state.update(typing(Field::Password, "x"));
    assert_eq!(asked(&actions), (1, "kim@hanbit.kr".to_owned()));
    assert_eq!(state.update(typing(Field::Password, "xy")), []);
    state.update(found(1, named("mail.hanbit.kr", false)));
    assert_eq!(state.update(typing(Field::Password, "xyz")), []);
    let (_, first) = wanted(state.update(Message::Connected));
    assert_eq!(first.settings.imap.unwrap().host, "mail.hanbit.kr");
    typed(&[(Field::Address, "kim@naver.com"), (Field::Password, "x")]);
    typed(&[(Field::Address, "kim@hanbit.example"), (Field::Password, "x")]);
}

#[test]
fn whoever_connects_at_once_waits_for_dns_and_is_connected_then() {
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    asked(&state.update(typing(Field::Password, "x")));
    assert_eq!(state.update(Message::Connected), []);
    assert_eq!(state.stage, Stage::Finding);
    // An answer about an address that stood there before changes nothing.
    assert_eq!(state.update(found(7, named("evil.kr", false))), []);
    let (_, tried) = wanted(state.update(found(1, None)));
    assert_eq!(tried.settings.imap.unwrap().host, "imap.hanbit.kr");
    // Whoever does not want to wait goes on with the guess.
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::Connected);
    state.update(Message::Cancelled);
    assert_eq!(state.stage, Stage::Filling);
    wanted(state.update(Message::Connected));
    // Another address, another question; the first one's answer is late.
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::Typed(Field::Address, "kim@haneul.kr".into()));
    state.update(found(1, named("mail.hanbit.kr", false)));
    let actions = state.update(Message::Connected);
    assert_eq!(asked(&actions), (2, "kim@haneul.kr".to_owned()));
    let (_, tried) = wanted(state.update(found(2, None)));
    assert_eq!(tried.settings.imap.unwrap().host, "imap.haneul.kr");
}

#[test]
fn a_server_elsewhere_is_shown_before_the_password_goes_there() {
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::Connected);
    assert_eq!(state.update(found(1, named("mail.hosting.kr", true))), []);
    assert_eq!(state.stage, Stage::Confirming);
    // Typing is no yes.
    state.update(typing(Field::Password, "xy"));
    assert_eq!(state.update(Message::Connected), []);
    assert_eq!(state.stage, Stage::Confirming);
    let (_, tried) = wanted(state.update(Message::Connected));
    assert_eq!(tried.settings.imap.unwrap().host, "mail.hosting.kr");
}

#[test]
fn what_failed_elsewhere_is_no_yes_to_a_server_that_nobody_has_seen() {
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::ByHand);
    state.update(Message::Typed(Field::ImapHost, "own.hanbit.kr".into()));
    let (number, _) = wanted(state.update(Message::Connected));
    state.update(failed(number, Trouble::Connect));
    state.update(Message::ByHand);
    state.update(found(1, named("mail.hosting.kr", true)));
    assert_eq!(state.update(Message::Connected), []);
    assert_eq!(state.stage, Stage::Confirming);
    let (number, tried) = wanted(state.update(Message::Connected));
    assert_eq!(tried.settings.imap.unwrap().host, "mail.hosting.kr");
    // Said yes to once, it is not asked about again; for another address it is.
    state.update(failed(number, Trouble::Connect));
    state.update(typing(Field::Password, "y"));
    let (number, _) = wanted(state.update(Message::Connected));
    state.update(failed(number, Trouble::Connect));
    state.update(Message::Typed(Field::Address, "lee@hanbit.kr".into()));
    state.update(typing(Field::Password, "z"));
    state.update(found(2, named("mail.hosting.kr", true)));
    assert_eq!(state.update(Message::Connected), []);
    assert_eq!(state.stage, Stage::Confirming);
}

#[test]
fn servers_that_the_user_wrote_stay_when_dns_answers() {
    let mut state = typed(&[(Field::Address, "kim@hanbit.kr")]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::ByHand);
    state.update(Message::Typed(Field::ImapHost, "own.hanbit.kr".into()));
    state.update(found(1, named("mail.hosting.kr", true)));
    let (_, tried) = wanted(state.update(Message::Connected));
    assert_eq!(tried.settings.imap.unwrap().host, "own.hanbit.kr");
}

#[test]
fn what_is_missing_gets_the_cursor() {
    let mut state = typed(&[]);
    assert_eq!(state.update(Message::Connected), [Action::Focus(Field::Address)]);
    let mut state = typed(&[(Field::Address, "kim@example.org")]);
    assert_eq!(state.update(Message::Connected), [Action::Focus(Field::Password)]);
    state.update(typing(Field::Password, "x"));
    state.update(Message::ByHand);
    state.update(Message::Typed(Field::ImapPort, "9a9b".into()));
    assert_eq!(state.by_hand.as_ref().unwrap().imap.port, "99");
    state.update(Message::Typed(Field::ImapPort, "0".into()));
    assert_eq!(state.update(Message::Connected), [Action::Focus(Field::ImapPort)]);
}

#[test]
fn servers_given_by_hand_are_taken_and_ports_follow_the_protection() {
    let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
    state.update(Message::ByHand);
    state.update(Message::Typed(Field::ImapHost, "mail.example.org".into()));
    state.update(Message::Protected(Side::Imap, Security::StartTls));
    state.update(Message::Typed(Field::SmtpPort, "2525".into()));
    state.update(Message::Protected(Side::Smtp, Security::Plain));
    let settings = wanted(state.update(Message::Connected)).1.settings;
    let imap = settings.imap.unwrap();
    assert_eq!((imap.host.as_str(), imap.port), ("mail.example.org", 143));
    assert_eq!(imap.security, Security::StartTls);
    assert_eq!(settings.smtp.unwrap().port, 2525);
}

#[test]
fn a_certificate_is_believed_only_when_the_user_says_so_and_for_that_server_only() {
    let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
    let (number, _) = wanted(state.update(Message::Connected));
    state.update(failed(number, Trouble::Certificate { sha256: "ab".repeat(32) }));
    let (_, trusting) = wanted(state.update(Message::CertificateTrusted));
    assert_eq!(trusting.settings.imap.unwrap().pin, Some("ab".repeat(32)));
    // The server that sends has one of its own.
    let (number, before) = (state.tries, trusting.settings.smtp.unwrap().pin);
    let other = Trouble::Certificate { sha256: "cd".repeat(32) };
    let other = Failure { sending: true, ..Failure::of(other) };
    state.update(Message::Engine(Event::AccountTested(number, Err(Arc::new(other)))));
    let (_, both) = wanted(state.update(Message::CertificateTrusted));
    assert_eq!(both.settings.imap.unwrap().pin, Some("ab".repeat(32)));
    assert_ne!(before, Some("cd".repeat(32)));
    assert_eq!(both.settings.smtp.unwrap().pin, Some("cd".repeat(32)));
    state.update(Message::Cancelled);
    state.update(Message::Typed(Field::Address, "kim@example.net".into()));
    let (_, other) = wanted(state.update(Message::Connected));
    assert_eq!(other.settings.imap.unwrap().pin, None);
    assert_eq!(other.settings.smtp.unwrap().pin, None);
}

#[test]
fn an_account_that_reads_and_does_not_send_is_added_only_when_the_user_says_so() {
    let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
    let (number, tried) = wanted(state.update(Message::Connected));
    let failure = Failure { sending: true, ..Failure::of(Trouble::Connect) };
    let told = Event::AccountTested(number, Err(Arc::new(failure)));
    assert_eq!(state.update(Message::Engine(told)), []);
    let added = state.update(Message::AddedAnyway);
    assert_eq!(added, [Action::Ask(Command::AddAccount(Box::new(tried)))]);
    assert_eq!(state.update(Message::AddedAnyway), []);
    // One that cannot be read from is not added at all.
    let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
    let (number, _) = wanted(state.update(Message::Connected));
    state.update(failed(number, Trouble::Connect));
    assert_eq!(state.update(Message::AddedAnyway), []);
}

#[test]
fn what_cannot_work_yet_is_said_instead_of_tried() {
    let mut state = typed(&[(Field::Address, "a@outlook.com"), (Field::Password, "x")]);
    assert_eq!(state.update(Message::Connected), []);
    assert!(matches!(&state.stage, Stage::Failed(failure)
        if matches!(failure.trouble, Trouble::Lacking(_))));
}

#[test]
fn the_password_is_in_no_debug_output() {
    let mut state = typed(&[(Field::Address, "a@naver.com"), (Field::Password, "hunter2")]);
    let actions = state.update(Message::Connected);
    assert!(!format!("{state:?}{actions:?}").contains("hunter2"));
}
