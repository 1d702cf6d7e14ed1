//! Accounts in the window: the form, several of them in the sidebar, what is said while
//! letters come, the conversation with a server, and leaving one.

use super::window_stage::{Stage, row};
use goyo::engine::accounts::{Failure, Trouble, provider_for, settings_for};
use goyo::engine::protocol::{Command, Event};
use goyo::engine::sync::{Progress, SyncEvent};
use goyo::gui::notify::Telling;
use goyo::gui::screen::account::{self, Field, Stage as FormStage};
use goyo::gui::screen::mail::{Action, Due, Message, Place, Read, Sheet};
use goyo::gui::theme::{self, Look, Mode, Tokens};
use goyo::gui::time::Clock;
use goyo::i18n::{Language, Words};
use goyo::model::{Account, AccountId, AccountKind, FolderId, Settings};
use goyo::store::Folder;
use iced::Size;
use iced::keyboard::{self, Key, Location, Modifiers, key};
use iced_test::Simulator;
use iced_test::selector::Candidate;
use std::sync::Arc;
use std::time::Duration;

/// What is done with the form, and what it makes of that.
fn form(
    state: &account::State,
    language: Language,
    act: impl FnOnce(&mut Simulator<'_, account::Message>),
) -> Vec<account::Message> {
    form_in(Size::new(1280.0, 800.0), state, language, act)
}

/// The same in a window of this size.
fn form_in(
    size: Size,
    state: &account::State,
    language: Language,
    act: impl FnOnce(&mut Simulator<'_, account::Message>),
) -> Vec<account::Message> {
    goyo::gui::load_fonts();
    let settings = iced::Settings { default_font: theme::REGULAR, ..Default::default() };
    let (words, clock) = (Words::new(language), Clock::standing(1_795_239_000));
    let look = Look { tokens: Tokens::of(Mode::Light), words: &words, clock: &clock };
    let mut simulator = Simulator::with_size(settings, size, state.view(look));
    goyo::gui::as_window(|| act(&mut simulator));
    simulator.into_messages().collect()
}

/// Every text of the form.
fn texts(state: &account::State, language: Language) -> Vec<String> {
    let mut texts = Vec::new();
    form(state, language, |simulator| {
        let _ = simulator.find(|candidate: Candidate<'_>| {
            if let Candidate::Text { content, .. } = candidate {
                texts.push(content.to_owned());
            }
            None::<()>
        });
    });
    texts
}

fn filled(address: &str) -> account::State {
    let mut state = account::State::new(false);
    state.update(account::Message::Typed(Field::Address, address.into()));
    let secret = goyo::model::Secret::new("secret".into());
    state.update(account::Message::PasswordTyped(secret));
    state
}

#[test]
fn what_is_typed_right_after_the_tabulator_goes_into_the_next_field() {
    let state = account::State::new(false);
    let back = || {
        let key = Key::Named(key::Named::Tab);
        iced::Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key,
            physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
            location: Location::Standard,
            modifiers: Modifiers::SHIFT,
            text: None,
            repeat: false,
        })
    };
    let said = form(&state, Language::Korean, |simulator| {
        simulator.click(iced::widget::Id::new("account-sender")).unwrap();
        let _ = simulator.tap_key(key::Named::Tab);
        let _ = simulator.typewrite("a");
        let _ = simulator.tap_key(key::Named::Tab);
        let _ = simulator.typewrite("p");
        // And back.
        let _ = simulator.simulate([back()]);
        let _ = simulator.typewrite("k");
    });
    let secret =
        |text: &str| account::Message::PasswordTyped(goyo::model::Secret::new(text.to_owned()));
    let typed = |field, text: &str| account::Message::Typed(field, text.to_owned());
    assert_eq!(said, [typed(Field::Address, "a"), secret("p"), typed(Field::Address, "ak")]);
}

#[test]
fn the_whole_form_is_done_by_the_tabulator_in_the_order_in_which_it_is_read() {
    use account::{Message, Side};
    use goyo::model::Security::{Plain, StartTls, Tls};
    let pressed = |state: &account::State| -> Vec<Message> {
        let at = |tabs: usize| {
            let said = form(state, Language::Korean, |simulator| {
                for key in std::iter::repeat_n(key::Named::Tab, tabs).chain([key::Named::Enter]) {
                    let _ = simulator.tap_key(key);
                }
            });
            assert_eq!(said.len(), 1, "{tabs}: {said:?}");
            said
        };
        (1..40).flat_map(at).collect()
    };
    let go = Message::Connected;
    let mut state = account::State::new(false);
    let all = [vec![go.clone(); 3], vec![Message::PasswordShown, Message::ByHand, go.clone()]];
    let all = [all.concat(), vec![Message::DemoWanted]].concat();
    assert_eq!(pressed(&state)[..2 * all.len()], [all.clone(), all].concat(), "and around");
    // By hand, and what can be done about a server that is not trusted.
    state.update(Message::ByHand);
    let trouble = Trouble::Certificate { sha256: "ab".repeat(32) };
    let failure = Failure { sending: true, ..Failure::of(trouble) };
    state.stage = FormStage::Failed(Arc::new(failure));
    let server = |side| {
        let kinds = [Tls, StartTls, Plain].map(|kind| Message::Protected(side, kind));
        [vec![go.clone(); 2], kinds.to_vec()].concat()
    };
    let all = [
        vec![go.clone(); 3],
        vec![Message::PasswordShown, go.clone()],
        server(Side::Imap),
        server(Side::Smtp),
        vec![Message::CertificateTrusted, Message::AddedAnyway, Message::ByHand, go.clone()],
        vec![Message::DemoWanted],
    ]
    .concat();
    assert_eq!(pressed(&state)[..all.len()], all);
    // A field takes the space; a button is pressed by it.
    let said = form(&state, Language::Korean, |simulator| {
        for key in [key::Named::Tab; 4].into_iter().chain([key::Named::Space]) {
            let _ = simulator.tap_key(key);
        }
    });
    assert_eq!(said, [Message::PasswordShown]);
}

#[test]
fn what_the_tabulator_comes_to_is_scrolled_into_sight() {
    let mut state = account::State::new(false);
    state.update(account::Message::ByHand);
    let seen = |tabs: usize| {
        let mut seen = false;
        form_in(Size::new(520.0, 360.0), &state, Language::Korean, |simulator| {
            for _ in 0..tabs {
                let _ = simulator.tap_key(key::Named::Tab);
            }
            let _ = simulator.find(|candidate: Candidate<'_>| {
                if let Candidate::Text { content, visible_bounds: Some(_), .. } = candidate {
                    seen |= content == "체험용 메일함 열기";
                }
                None::<()>
            });
        });
        seen
    };
    assert!(!seen(1));
    assert!(seen(18), "the last");
    assert!(!seen(19), "and back to the first");
}

#[test]
fn what_does_not_work_is_said_with_what_to_do() {
    let known = settings_for("minji@naver.com").unwrap();
    let server = known.settings.imap.clone().unwrap();
    let provider = provider_for(Some("minji@naver.com"), &known.settings);
    let mut state = filled("minji@naver.com");
    let all = texts(&state, Language::Korean);
    assert!(all.contains(&"네이버 메일 설정을 찾았어요.".to_owned()), "{all:#?}");
    let said = "[AUTHENTICATIONFAILED] bad credentials".to_owned();
    let refused = goyo::net::imap::ImapError::Login(said);
    let failure = Failure::from_imap(refused, &server, provider);
    state.stage = FormStage::Failed(Arc::new(failure));
    let all = texts(&state, Language::Korean);
    for sentence in [
        "imap.naver.com 서버가 로그인을 받아들이지 않았어요.",
        "웹메일에서 IMAP을 켜야 해요: 네이버 메일의 환경설정에서 IMAP/SMTP 사용.",
    ] {
        assert!(all.iter().any(|text| text == sentence), "{sentence}: {all:#?}");
    }
    assert!(all.iter().any(|text| text.contains("앱 비밀번호가 필요해요")), "{all:#?}");
    let all = texts(&state, Language::English);
    assert!(!all.iter().any(|text| text.chars().any(|c| ('가'..='힣').contains(&c))), "{all:#?}");
    // Where it is not known, it is guessed and said so; by hand there is a field for each.
    let mut state = filled("kim@hanbit.example");
    let all = texts(&state, Language::Korean);
    assert!(all.iter().any(|text| text.contains("imap.hanbit.example")), "{all:#?}");
    state.update(account::Message::ByHand);
    let all = texts(&state, Language::Korean);
    for label in ["사용자 이름", "받는 서버(IMAP)", "보내는 서버(SMTP)"] {
        assert!(all.iter().any(|text| text == label), "{label}: {all:#?}");
    }
}

const NAMES: [&str; 3] = ["minji@naver.com", "work@hanbit.example", "kim@posteo.de"];

fn accounts() -> Vec<Account> {
    let account = |(name, id): (&&str, i64)| Account {
        id: AccountId(id),
        name: (*name).to_owned(),
        kind: AccountKind::Imap,
        address: Some((*name).to_owned()),
        settings: Settings::default(),
    };
    NAMES.iter().zip(2..).map(account).collect()
}

/// Of each account an inbox (11, 21, 31) with so many unread, and a folder of its own.
fn folders(unread: [u64; 3]) -> Vec<Folder> {
    let folder = |id, account: &str, path: &str, role: Option<&str>, unread| Folder {
        id: FolderId(id),
        account: account.into(),
        path: path.into(),
        role: role.map(str::to_owned),
        total: 40,
        unread,
        policy: None,
    };
    let mut folders = Vec::new();
    for ((name, unread), at) in NAMES.iter().zip(unread).zip(1..) {
        folders.push(folder(at * 10 + 1, name, "INBOX", Some("inbox"), unread));
        folders.push(folder(at * 10 + 2, name, &format!("Own{at}"), None, 0));
    }
    folders
}

fn three() -> Stage {
    let mut stage = Stage::new();
    stage.send(Message::Accounts(accounts(), false));
    stage.send(Message::Folders(Ok(folders([3, 20, 1]))));
    stage
}

#[test]
fn several_accounts_have_one_inbox_and_each_its_own() {
    let mut stage = three();
    assert_eq!(stage.state.list.place, Place::Inboxes);
    let Some(Read::Page(generation, Place::Inboxes, 0)) = stage.reads().pop() else { panic!() };
    let mut rows = vec![row(0), row(1)];
    rows[0].letter.account = NAMES[0].into();
    rows[1].letter.account = NAMES[1].into();
    rows[1].letter.folder = "INBOX".into();
    stage.send(Message::Page(generation, 0, Ok((rows, 120))));
    stage.sees("모든 받은편지함");
    stage.sees("24");
    for unread in ["3", "20", "1"] {
        stage.sees(unread);
    }
    // Whose each letter is stands beside it, and at the head of the account's folders.
    let texts = stage.texts();
    for name in &NAMES[..2] {
        assert_eq!(texts.iter().filter(|text| text == name).count(), 2, "{texts:#?}");
    }
    // What is put away leaves the one inbox as well.
    stage.click("letter 1");
    stage.character("e");
    assert_eq!(stage.rows(), [0]);
    // An account's folders are folded away, and its unread letters still counted.
    stage.sees("Own2");
    stage.send(Message::AccountFolded(AccountId(3)));
    stage.sees_not("Own2");
    stage.sees("20");
    stage.click("Own3");
    assert_eq!(stage.state.list.place, Place::Folder(FolderId(32)));
}

#[test]
fn one_account_has_no_second_name_for_its_inbox() {
    let mut stage = Stage::in_folder("INBOX", 2);
    stage.sees_not("모든 받은편지함");
    stage.sees_not("이 컴퓨터");
}

#[test]
fn what_is_going_on_is_said_with_whose_it_is_how_far_and_how_long() {
    let mut stage = three();
    let progress = |letters, bytes, left| {
        SyncEvent::Progress(Progress {
            folder: FolderId(21),
            path: "INBOX".into(),
            letters,
            letters_total: 30_000,
            bytes,
            bytes_total: 100,
            left,
        })
    };
    stage.happens(Event::Sync(AccountId(2), SyncEvent::Idle));
    stage.sees("동기화 완료");
    stage.happens(Event::Sync(AccountId(3), SyncEvent::Connecting));
    stage.sees("work@hanbit.example · 메일 서버에 연결하는 중…");
    let folder = SyncEvent::Folder { folder: FolderId(21), path: "INBOX".into() };
    stage.happens(Event::Sync(AccountId(3), folder));
    stage.sees("work@hanbit.example · 받은편지함 확인하는 중…");
    stage.happens(Event::Sync(AccountId(3), progress(1204, 4, Some(Duration::from_secs(100)))));
    stage.sees("work@hanbit.example · 받은편지함 받는 중 1,204 / 30,000 · 약 2분 남음");
    stage.happens(Event::Sync(AccountId(3), SyncEvent::Idle));
    stage.sees("동기화 완료");
    // A look into the inbox that finds nothing, or all there was, ends by itself.
    let folder = SyncEvent::Folder { folder: FolderId(21), path: "INBOX".into() };
    stage.happens(Event::Sync(AccountId(3), folder));
    stage.sees("동기화 완료");
    stage.happens(Event::Sync(AccountId(3), progress(1204, 4, None)));
    stage.sees("work@hanbit.example · 받은편지함 받는 중 1,204 / 30,000");
    stage.happens(Event::Sync(AccountId(3), progress(30_000, 100, None)));
    stage.sees("동기화 완료");
    // One that is offline is told of, by name.
    stage.happens(Event::Sync(AccountId(4), SyncEvent::Offline(Duration::from_secs(9))));
    stage.sees("kim@posteo.de · 오프라인이에요. 연결되면 이어서 받아요.");
    // What the user has to do something about is said in the user's language.
    let failure = Failure { ..Failure::of(Trouble::NoPassword) };
    stage.happens(Event::Sync(AccountId(4), SyncEvent::Stopped(Arc::new(failure))));
    stage.sees(
        "kim@posteo.de · 이 계정의 비밀번호가 저장되어 있지 않아요. 비밀번호를 다시 넣어 주세요.",
    );
}

#[test]
fn the_conversation_with_a_server_is_shown_with_what_it_means() {
    let mut stage = three();
    stage.send(Message::MenuToggled(goyo::gui::screen::mail::Menu::Account(AccountId(3))));
    stage.click("서버와 나눈 말 보기");
    assert_eq!(stage.last_asked(), Some(Command::Conversation(AccountId(3))));
    let lines = ["C: A1 LOGIN …", "S: A1 NO [AUTHENTICATIONFAILED] no", "-- closed"];
    let lines = Arc::new(lines.map(str::to_owned).to_vec());
    stage.happens(Event::Conversation(AccountId(3), lines));
    stage.sees("work@hanbit.example 서버와 나눈 말");
    stage.sees("A1 LOGIN …");
    stage.sees("로그인해요. 비밀번호는 여기에 적지 않아요.");
    stage.sees("부탁한 일을 해 주지 않아요.");
    // It goes on while it is shown, and no longer.
    let asked = || Command::Conversation(AccountId(3));
    assert!(stage.later(Due::Talk(AccountId(3))));
    stage.send(Message::Due(Due::Talk(AccountId(3))));
    let count = |stage: &Stage| stage.asked().iter().filter(|c| **c == asked()).count();
    assert_eq!(count(&stage), 2);
    stage.key(key::Named::Escape);
    stage.send(Message::Due(Due::Talk(AccountId(3))));
    assert_eq!(count(&stage), 2);
}

#[test]
fn an_account_is_removed_only_after_asking() {
    let mut stage = three();
    stage.send(Message::MenuToggled(goyo::gui::screen::mail::Menu::Account(AccountId(3))));
    stage.click("계정 지우기");
    stage.sees("‘work@hanbit.example’ 계정을 지울까요?");
    assert!(!stage.asked().contains(&Command::RemoveAccount(AccountId(3))));
    stage.key(key::Named::Escape);
    assert_eq!(stage.state.sheet, None);
    stage.send(Message::RemoveWanted(AccountId(3)));
    assert!(matches!(stage.state.sheet, Some(Sheet::Ask(_))));
    stage.key(key::Named::Enter);
    assert_eq!(stage.last_asked(), Some(Command::RemoveAccount(AccountId(3))));
    stage.happens(Event::Sync(AccountId(3), SyncEvent::Connecting));
    stage.happens(Event::AccountRemoved(AccountId(3), Ok(())));
    assert!(!stage.state.sync.contains_key(&AccountId(3)));
    // Its folder, which was looked at, is left for what there is.
    stage.send(Message::PlaceChosen(Place::Folder(FolderId(21))));
    let mut left = folders([3, 20, 1]);
    left.retain(|folder| folder.account != NAMES[1]);
    stage.send(Message::Folders(Ok(left)));
    assert_eq!(stage.state.list.place, Place::Inboxes);
    assert_eq!(stage.reads().iter().filter(|read| **read == Read::Folders).count(), 2);
}

#[test]
fn whether_a_notification_is_shown_and_what_it_says_is_for_the_user_to_choose() {
    let mut stage = three();
    assert_eq!(stage.state.notify, Telling::Quiet);
    stage.click("설정");
    stage.click("알림");
    stage.click("보낸사람과 제목까지");
    assert_eq!(stage.state.notify, Telling::Full);
    assert_eq!(stage.last(), Some(Action::Remember));
    stage.click("알리지 않기");
    assert_eq!(stage.state.notify, Telling::Off);
    stage.click("왔다는 것만");
    assert_eq!(stage.state.notify, Telling::Quiet);
}
