//! Journeys through the window, with a scripted engine: what the user sees and does,
//! and what is asked of the engine. No display, no process, no network.
#![cfg(feature = "window-tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod window_accounts;
mod window_archives;
mod window_compose;
mod window_deeds;
mod window_fits;
mod window_keys;
mod window_labels;
mod window_letter;
mod window_many;
mod window_monkey;
mod window_search;
mod window_shell;
mod window_spot;
mod window_stage;
mod window_threads;

use goyo::demo::{Hit as TrackerHit, HitKind, Reader};
use goyo::engine::protocol::{Command, Event, Fallback, NotDone, OpenError, Redrawn, Trust};
use goyo::gui::screen::mail::{Action, Due, Menu, Message, Place, Read};
use goyo::gui::widget::letter::Did;
use goyo::gui::widget::lines::Cut;
use goyo::html::worker::protocol::{Hit, Laid, Rect, Select, Tile};
use goyo::model::{
    Answer, Failing, Flags, Made, Obstacle, Proof, Reason, RequestMade, Rule, Scope, Verdict,
};
use goyo::store::StoreError;
use iced::keyboard::key::Named;
use std::sync::Arc;
use window_stage::{LETTER, Stage, letter, row};

#[test]
fn a_letter_is_opened_by_a_click_told_of_and_marked_read() {
    let mut stage = Stage::with_rows(3);
    stage.click("letter 1");
    let (doc, id, _) = stage.opened();
    assert_eq!(id, row(1).letter.id);
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    stage.sees("11월 결제 내역을 알려드려요");
    stage.sees("외부 이미지 2개를 막았어요. 그중 1개는 추적용이에요.");
    stage.sees("이미지를 불러왔다면 네이버에 열람 시각과 대략적인 위치가 전해졌을 거예요.");
    stage.sees("이 메일을 여는 동안 나간 요청");
    stage.sees("0건");
    // Not for a glance in passing; after a moment.
    let read = Command::Flag { letters: vec![id], add: Flags::SEEN, remove: Flags::NONE };
    assert!(!stage.asked().contains(&read));
    assert!(stage.later(Due::Seen(doc)));
    stage.send(Message::Due(Due::Seen(doc)));
    assert!(stage.asked().contains(&read));
    // Its first strips are asked for, and nothing beyond its end.
    let strips: Vec<_> = stage
        .asked()
        .into_iter()
        .filter_map(|command| match command {
            Command::Paint(_, y, height) => Some((y, height)),
            _ => None,
        })
        .collect();
    assert!(strips.contains(&(0, 384)), "{strips:?}");
    assert!(strips.iter().all(|(y, height)| y + height <= 900), "{strips:?}");
}

/// A request that brought what was asked for.
fn made(url: &str, answer: Answer) -> RequestMade {
    RequestMade { url: url.into(), at: 1_795_238_040, bytes: 2048, answer }
}

const LOGO: &str = "https://img.navercorp.example/logo.png";

#[test]
fn pictures_are_shown_once_and_taken_back() {
    let mut stage = Stage::with_open(LETTER);
    stage.click("이번만 이미지 표시");
    assert_eq!(stage.last_asked(), Some(Command::ShowOnce(stage.doc())));
    let mut ledger = stage.ledger();
    ledger.ledger.entries[0].verdict = Verdict::Allow(Reason::Once);
    ledger.ledger.entries[1].verdict = Verdict::Refuse(Reason::Tracker);
    ledger.once = true;
    ledger.fetching = true;
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger.clone())));
    stage.sees("허용한 이미지를 불러오는 중이에요.");
    // Counted as it leaves.
    stage.sees("0건");
    stage.happens(Event::Asked(stage.doc(), 1));
    stage.sees("1건");
    ledger.fetching = false;
    ledger.since_opened = 1;
    ledger.shown = vec![LOGO.into()];
    ledger.requests = vec![made(LOGO, Answer::Status(200))];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger.clone())));
    stage.sees("허용한 이미지 1개를 표시하고 있어요. 추적용 1개는 계속 막고 있어요.");
    stage.sees(
        "이미지를 보낸 img.navercorp.example 쪽은 메일을 연 시각과 대략적인 위치를 알 수 있어요.",
    );
    stage.sees("1건");
    stage.sees_not("이번만 이미지 표시");
    stage.click("되돌리기");
    assert_eq!(stage.last_asked(), Some(Command::HideAgain(stage.doc())));
    // What was told cannot be taken back, and the bar does not say that it was.
    ledger.ledger.entries[0].verdict = Verdict::Refuse(Reason::Default);
    (ledger.once, ledger.shown) = (false, Vec::new());
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees("외부 이미지 2개를 가리고 있어요. 그중 1개는 전에 불러왔어요.");
    stage.sees(
        "전에 요청한 적이 있어서 img.navercorp.example 쪽은 메일을 연 시각과 대략적인 위치를 알 수 \
         있어요.",
    );
}

#[test]
fn what_was_allowed_but_never_came_told_nobody() {
    let mut stage = Stage::with_open(LETTER);
    let mut ledger = stage.ledger();
    ledger.ledger.entries[0].verdict = Verdict::Allow(Reason::Once);
    ledger.ledger.entries[1].verdict = Verdict::Refuse(Reason::Tracker);
    // Shown as text, say: nothing was asked.
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger.clone())));
    stage.sees("허용한 이미지 1개를 표시하지 못했어요.");
    stage.sees("어느 서버에도 닿지 않았어요. 메일을 연 것은 알려지지 않았어요.");
    // Offline: asked, but nobody was reached.
    ledger.requests = vec![made(LOGO, Answer::Unreached(Failing::Name))];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger.clone())));
    stage.sees("어느 서버에도 닿지 않았어요. 메일을 연 것은 알려지지 않았어요.");
    // Refused by its server, which knows now.
    ledger.requests = vec![made(LOGO, Answer::Status(404))];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees("허용한 이미지 1개를 표시하지 못했어요.");
    stage.sees(
        "전에 요청한 적이 있어서 img.navercorp.example 쪽은 메일을 연 시각과 대략적인 위치를 알 수 \
         있어요.",
    );
}

#[test]
fn a_receipt_that_was_allowed_is_given_only_when_it_was_asked_for() {
    let pixel = "https://cos2.navercorp.com/received/a1b2";
    let mut stage = Stage::with_open(LETTER);
    let mut ledger = stage.ledger();
    ledger.ledger.entries[1].verdict = Verdict::Allow(Reason::ByHand);
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger.clone())));
    stage.sees("네이버 수신확인이 들어 있어요. 알리지 않았어요.");
    ledger.requests = vec![made(pixel, Answer::Status(200))];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees("네이버 수신확인 이미지를 불러왔어요. 보낸 쪽이 읽은 것을 알 수 있어요.");
}

#[test]
fn trackers_are_counted_among_the_pictures_they_are_said_to_be_of() {
    let raw = LETTER.replace(
        "<p>총 12건</p>",
        "<link rel=prefetch href=\"https://cos2.navercorp.com/received/c3d4\">",
    );
    let mut stage = Stage::with_open(&raw);
    stage.sees("외부 이미지 2개를 막았어요. 그중 1개는 추적용이에요.");
}

#[test]
fn a_sender_is_trusted_in_a_menu_and_the_rule_taken_back_in_the_same_bar() {
    let mut stage = Stage::with_open(LETTER);
    stage.sees_not("pay@navercorp.example 전체 항상 표시");
    stage.click("이 발신자 ▾");
    stage.sees("navercorp.example 전체 항상 표시");
    stage.sees("이 발신자 항상 차단");
    stage.click("이 발신자 항상 표시");
    assert_eq!(stage.last_asked(), Some(Command::Trust(stage.doc(), Trust::Sender)));
    stage.sees_not("이 발신자 항상 차단");

    let rule = Rule { scope: Scope::Sender("pay@navercorp.example".into()), proof: Proof::None };
    let mut ledger = stage.ledger();
    ledger.ledger.entries[0].verdict = Verdict::Allow(Reason::Sender);
    ledger.rules = vec![rule.clone()];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.click("되돌리기");
    assert_eq!(stage.last_asked(), Some(Command::Forget(rule)));
}

#[test]
fn a_menu_closes_by_a_click_elsewhere_and_by_escape() {
    let mut stage = Stage::with_open(LETTER);
    stage.click("이 발신자 ▾");
    stage.sees("이 발신자 항상 차단");
    stage.key(Named::Escape);
    stage.sees_not("이 발신자 항상 차단");
    stage.click("이 발신자 ▾");
    stage.click_at(700.0, 700.0);
    stage.sees_not("이 발신자 항상 차단");
}

#[test]
fn the_ledger_has_a_line_for_every_reference_and_every_request() {
    let mut stage = Stage::with_open(LETTER);
    stage.click("자세히");
    stage.sees("추적 현황");
    for url in
        ["https://img.navercorp.example/logo.png", "https://cos2.navercorp.com/received/a1b2"]
    {
        stage.sees(url);
    }
    stage.sees("나간 요청이 없어요");
    stage.click("허용(이번만)");
    let first = "https://img.navercorp.example/logo.png".to_owned();
    assert_eq!(stage.last_asked(), Some(Command::AllowByHand(stage.doc(), first.clone())));

    let mut ledger = stage.ledger();
    ledger.requests = vec![RequestMade {
        url: first,
        at: 1_795_238_040,
        bytes: 2048,
        answer: Answer::Status(200),
    }];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees("14:14:00 · 2 KB");
    stage.sees_not("나간 요청이 없어요");
}

#[test]
fn a_rule_without_proof_is_said_not_to_be_used_and_not_made_anew() {
    let mut stage = Stage::with_open(LETTER);
    let mut ledger = stage.ledger();
    ledger.unproven = true;
    ledger.rules = vec![Rule {
        scope: Scope::Sender("pay@navercorp.example".into()),
        proof: Proof::ServerClaim { domain: "navercorp.example".into() },
    }];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees(
        "허용한 발신자의 주소지만 그 발신자가 보냈다는 증거가 없어서 규칙을 적용하지 않았어요.",
    );
    stage.sees("이번만 이미지 표시");
    stage.sees_not("이 발신자 ▾");
    stage.click("이 발신자 항상 차단");
    assert_eq!(stage.last_asked(), Some(Command::Trust(stage.doc(), Trust::Never)));
}

#[test]
fn a_rule_that_will_hold_without_proof_is_said_to_before_it_is_made() {
    let warning =
        "누가 보냈는지 확인되지 않았어요. 항상 표시하면 이 발신자인 척하는 메일도 표시돼요.";
    let mut stage = Stage::with_open(LETTER);
    stage.click("이 발신자 ▾");
    stage.sees(warning);
    let mut ledger = stage.ledger();
    ledger.proven = true;
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees_not(warning);
}

#[test]
fn a_domain_where_anybody_has_an_address_is_not_trusted_as_a_whole() {
    let mut stage = Stage::with_open(&LETTER.replace("pay@navercorp.example", "kim@Gmail.com"));
    stage.click("이 발신자 ▾");
    stage.sees("이 발신자 항상 표시");
    stage.sees("이 발신자 항상 차단");
    assert!(!stage.texts().iter().any(|text| text.ends_with("전체 항상 표시")));
}

#[test]
fn a_link_without_a_scheme_is_no_file() {
    let raw = LETTER.replace("http://evil.example/login?a=1&amp;utm_source=mail", "//etc/passwd");
    let mut stage = Stage::with_open(&raw);
    let at = (40.0, 60.0);
    stage.send(Message::Letter(Did::Clicked(at)));
    stage.happens(Event::Hit(stage.doc(), at, Hit { link: Some(0), text: true, fold: None }));
    stage.click("브라우저로 열기");
    assert_eq!(stage.last(), Some(Action::Visit("https://etc/passwd".into())));
}

#[test]
fn a_receipt_is_asked_for_and_not_given() {
    let raw = LETTER.replacen(
        "Subject:",
        "Disposition-Notification-To: Kim <kim@example.org>\nSubject:",
        1,
    );
    let mut stage = Stage::with_open(&raw);
    stage.sees("Kim 님이 수신확인을 요청했어요. 알리지 않았어요.");
    stage.sees("네이버 수신확인이 들어 있어요. 알리지 않았어요.");
    stage.click("이번만 알리기");
    let pixel = "https://cos2.navercorp.com/received/a1b2".to_owned();
    assert_eq!(stage.last_asked(), Some(Command::AllowByHand(stage.doc(), pixel)));
}

#[test]
fn the_language_and_the_light_change_at_once_and_are_remembered() {
    let mut stage = Stage::with_open(LETTER);
    stage.sees("받은편지함");
    stage.chord(",");
    stage.click("English");
    assert_eq!(stage.last(), Some(Action::Remember));
    stage.sees("Inbox");
    stage.key(Named::Escape);
    stage.sees("Stopped 2 remote pictures. 1 of them is there to track.");
    stage.sees("Requests made since this was opened:");
    stage.chord(",");
    stage.click("Dark");
    assert_eq!(stage.last(), Some(Action::Remember));
    let dark = stage.asked().into_iter().any(|command| {
        matches!(command, Command::View(_, view)
            if view.scheme == goyo::html::clean::Scheme::Dark)
    });
    assert!(dark);
    assert_eq!(stage.state.mode, goyo::gui::theme::Mode::Dark);
}

#[test]
fn typing_searches_after_a_moment_and_escape_leaves_the_search() {
    let mut stage = Stage::with_rows(5);
    stage.click_field("search");
    stage.types("회의");
    let Some(Action::SearchSoon(first)) = stage.last() else { panic!("{:?}", stage.last()) };
    stage.types("실");
    let Some(Action::SearchSoon(second)) = stage.last() else { panic!() };
    // Only the last is due.
    stage.send(Message::SearchDue(first));
    assert!(stage.reads().iter().all(|read| !matches!(read, Read::Search(..))));
    stage.send(Message::SearchDue(second));
    let Some(Read::Search(generation, question)) = stage.reads().pop() else { panic!() };
    assert_eq!(question, "회의실");
    let mut found = row(77);
    found.marks = Some(Box::default());
    stage.send(Message::Found(generation, Ok(vec![found])));
    stage.sees("letter 77");
    stage.sees("1통");
    // A late answer to an older question is passed over.
    stage.send(Message::Found(generation - 1, Ok(vec![])));
    stage.sees("letter 77");
    stage.key(Named::Escape);
    assert_eq!(stage.state.list.place, Place::All);
    assert_eq!(stage.state.search.text, "");
}

#[test]
fn a_word_being_written_is_a_beginning_and_an_error_is_a_sentence() {
    let mut stage = Stage::with_rows(1);
    stage.click_field("search");
    stage.types("repo");
    stage.send(Message::SearchEntered);
    let Some(Read::Search(generation, question)) = stage.reads().pop() else { panic!() };
    assert_eq!(question, "repo*");
    let error = StoreError::from(goyo::store::search::parse("before:soon").unwrap_err());
    stage.send(Message::Found(generation, Err(error)));
    stage.sees("‘soon’은 날짜가 아니에요. 2026, 2026-11, 2026-11-21처럼 써 주세요.");
}

#[test]
fn keys_move_in_the_list_but_not_while_one_types() {
    let mut stage = Stage::with_rows(30);
    stage.key(Named::ArrowDown);
    assert_eq!(stage.opened().1, row(0).letter.id);
    stage.key(Named::ArrowDown);
    assert_eq!(stage.opened().1, row(1).letter.id);
    // The letter nobody waits for any more is closed.
    assert!(stage.asked().iter().any(|c| matches!(c, Command::Close(_))));
    stage.character("j");
    assert_eq!(stage.opened().1, row(2).letter.id);
    stage.character("k");
    assert_eq!(stage.opened().1, row(1).letter.id);
    stage.key(Named::End);
    assert_eq!(stage.opened().1, row(29).letter.id);
    stage.key(Named::Home);
    assert_eq!(stage.opened().1, row(0).letter.id);
    stage.click_field("search");
    stage.types("jk");
    assert_eq!(stage.state.search.text, "jk");
    assert_eq!(stage.opened().1, row(0).letter.id);
}

#[test]
fn of_a_hundred_thousand_letters_a_screenful_exists() {
    let mut stage = Stage::with_total(100_000);
    let on_screen = stage.texts().iter().filter(|text| text.starts_with("letter ")).count();
    assert!((5..=20).contains(&on_screen), "{on_screen}");
    // To the very end by one key: read there, then selected.
    stage.key(Named::End);
    let reads = stage.reads();
    let last = reads.iter().rev().find_map(|read| match read {
        Read::Page(generation, _, first) if *first == 99_900 => Some(*generation),
        _ => None,
    });
    let rows = (99_900..100_000).map(row).collect();
    stage.send(Message::Page(last.expect("the last page is read"), 99_900, Ok((rows, 100_000))));
    assert_eq!(stage.opened().1, row(99_999).letter.id);
    stage.sees("letter 99999");
    let on_screen = stage.texts().iter().filter(|text| text.starts_with("letter ")).count();
    assert!(on_screen <= 20, "{on_screen}");
}

#[test]
fn a_link_is_shown_before_it_is_opened() {
    let mut stage = Stage::with_open(LETTER);
    let at = (40.0, 60.0);
    stage.send(Message::Letter(Did::Clicked(at)));
    assert_eq!(stage.last_asked(), Some(Command::Hit(stage.doc(), at)));
    stage.happens(Event::Hit(stage.doc(), at, Hit { link: Some(0), text: true, fold: None }));
    stage.sees("이 링크를 열까요?");
    stage.sees("보이는 글자 “https://www.navercorp.example”와 실제 가는 곳이 달라요.");
    stage.sees("암호화하지 않는 주소예요. 중간에서 볼 수 있어요.");
    stage.sees("추적에 쓰는 꼬리표를 뗐어요.");
    assert!(stage.actions.iter().all(|action| !matches!(action, Action::Visit(_))));
    stage.click("브라우저로 열기");
    assert_eq!(stage.last(), Some(Action::Visit("http://evil.example/login?a=1".into())));
    stage.sees_not("이 링크를 열까요?");
}

#[test]
fn pointing_at_a_link_says_where_it_leads_and_opens_nothing() {
    let mut stage = Stage::with_open(LETTER);
    stage.send(Message::Letter(Did::Over(Some((40.0, 60.0)))));
    stage.happens(Event::Hit(
        stage.doc(),
        (40.0, 60.0),
        Hit { link: Some(0), text: true, fold: None },
    ));
    stage.sees("http://evil.example/login?a=1&utm_source=mail");
    stage.sees_not("이 링크를 열까요?");
    // A number the letter does not have is no link.
    stage.send(Message::Letter(Did::Clicked((1.0, 1.0))));
    stage.happens(Event::Hit(
        stage.doc(),
        (1.0, 1.0),
        Hit { link: Some(99), text: true, fold: None },
    ));
    stage.sees_not("이 링크를 열까요?");
}

#[test]
fn an_attachment_that_may_report_its_opening_is_said_before_it_is_saved() {
    let mut stage = Stage::with_open(LETTER);
    stage.click("영수증.html");
    stage.click("저장");
    stage.sees("다른 프로그램에서 열면 열었다는 사실이 밖으로 알려질 수 있어요.");
    assert!(stage.actions.iter().all(|action| !matches!(action, Action::Save(..))));
    stage.click("그래도 저장");
    let Some(Action::Save(doc, part, name)) = stage.last() else { panic!() };
    assert_eq!((doc, name.as_str()), (stage.doc(), "영수증.html"));
    let parsed = goyo::mime::parse(LETTER.as_bytes());
    assert_eq!(parsed.parts[part].file_name.as_deref(), Some("영수증.html"));
    stage.happens(Event::Saved("/home/a/영수증.html".into()));
    stage.sees("저장했어요: /home/a/영수증.html");
}

#[test]
fn text_is_selected_and_copied() {
    let mut stage = Stage::with_open(LETTER);
    stage.send(Message::Letter(Did::Dragged((1.0, 2.0), (30.0, 4.0))));
    let range = Select::Range((1.0, 2.0), (30.0, 4.0));
    assert_eq!(stage.last_asked(), Some(Command::Select(stage.doc(), range)));
    let rect = Rect { x: 1.0, y: 2.0, width: 29.0, height: 14.0 };
    stage.happens(Event::Selection(stage.doc(), vec![rect], "총 12건".into()));
    stage.chord("c");
    assert_eq!(stage.last(), Some(Action::Copy("총 12건".into())));
    stage.chord("a");
    assert_eq!(stage.last_asked(), Some(Command::Select(stage.doc(), Select::All)));
}

#[test]
fn a_word_is_found_in_the_letter_and_counted() {
    let mut stage = Stage::with_open(LETTER);
    stage.chord("f");
    stage.click_field("find");
    stage.types("결제");
    assert_eq!(stage.last_asked(), Some(Command::Find(stage.doc(), "결제".into())));
    let at = |y| vec![Rect { x: 0.0, y, width: 20.0, height: 14.0 }];
    let found = |text: &str, places| {
        Event::Found(stage.state.open.as_ref().unwrap().doc, text.into(), places)
    };
    let (late, answer, none) = (
        found("결", vec![at(10.0)]),
        found("결제", vec![at(10.0), at(400.0), at(800.0)]),
        found("결제", vec![]),
    );
    stage.happens(answer);
    stage.sees("1 / 3");
    // An answer to what was typed before comes late: it says nothing of this.
    stage.happens(late);
    stage.sees("1 / 3");
    stage.send(Message::FindMoved(-1));
    stage.sees("3 / 3");
    stage.happens(none);
    stage.sees("없음");
    stage.key(Named::Escape);
    stage.sees_not("없음");
}

#[test]
fn a_folded_quotation_is_opened_by_a_click_and_speaks_the_language_of_the_window() {
    let mut stage = Stage::with_open(LETTER);
    let said = |stage: &Stage| {
        let said = stage.asked().into_iter().rev().find_map(|command| match command {
            Command::Folds(labels) => Some(labels.show.replace('#', "23")),
            _ => None,
        });
        said.expect("what is written on folds was said")
    };
    assert_eq!(said(&stage), "… 인용된 23줄 보기");
    let doc = stage.doc();
    let at = (20.0, 40.0);
    let over = Hit { link: None, text: true, fold: Some(2) };
    // Pointing at it opens nothing.
    stage.send(Message::Letter(Did::Over(Some(at))));
    stage.happens(Event::Hit(doc, at, over));
    assert!(!stage.asked().contains(&Command::Fold(doc, 2)));
    stage.send(Message::Letter(Did::Clicked(at)));
    stage.happens(Event::Hit(doc, at, over));
    assert_eq!(stage.last_asked(), Some(Command::Fold(doc, 2)));
    stage.actions.clear();
    stage.happens(Event::Laid(doc, Laid { device: (654, 3000), factor: 1.0, ms: 1.0 }));
    assert!(stage.asked().contains(&Command::Paint(doc, 0, 384)));
    stage.chord(",");
    stage.click("English");
    assert_eq!(said(&stage), "… 23 lines quoted");
}

#[test]
fn a_letter_laid_out_again_is_painted_again() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    let tile = |y| {
        Event::Tile(doc, Arc::new(Tile { y, size: (654, 384), pixels: vec![255; 654 * 384 * 4] }))
    };
    stage.happens(tile(0));
    stage.happens(tile(384));
    stage.actions.clear();
    let laid = Some(Laid { device: (654, 2000), factor: 1.0, ms: 1.0 });
    stage.happens(Event::Redrawn(doc, Redrawn { laid, ..Redrawn::default() }));
    assert!(stage.asked().contains(&Command::Paint(doc, 0, 384)));
    // Events of a letter that is no longer open change nothing.
    stage.actions.clear();
    stage.happens(Event::Laid(doc + 1, Laid { device: (10, 10), factor: 1.0, ms: 1.0 }));
    assert!(stage.asked().is_empty());
}

#[test]
fn header_and_journey_are_explained() {
    let mut stage = Stage::with_open(LETTER);
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("헤더 보기");
    stage.sees("메일이 온 경로");
    stage.sees("mail.navercorp.example → mx.example.kr");
    stage.sees("암호화해서 받았어요");
    stage.has("Message-ID");
    stage.has("이 메일의 고유 번호예요. 하나뿐이어야 해요.");
    stage.has("text/html");
    stage.key(Named::Escape);
    stage.sees_not("메일이 온 경로");
}

#[test]
fn what_goes_wrong_is_said() {
    let mut stage = Stage::with_rows(2);
    stage.click("letter 0");
    let doc = stage.opened().0;
    stage.happens(Event::NotOpened(doc, OpenError::TooLarge));
    stage.sees("이 메일을 열 수 없어요");
    stage.sees("고요가 읽는 가장 큰 메일보다 커요.");
    stage.happens(Event::Failed(NotDone::Store(Obstacle::Full)));
    stage.sees(
        "메일 저장소를 읽거나 쓰지 못했어요. 디스크에 자리가 없어요. 자리를 비우고 다시 해 주세요.",
    );
    stage.happens(Event::NotSaved(
        "/home/minji/영수증.html".into(),
        NotDone::File(Obstacle::Denied),
    ));
    stage.sees("‘영수증.html’ 파일을 저장하지 못했어요: 읽거나 쓸 권한이 없어요.");
    // Words of ours in whatever language was chosen, whatever went wrong.
    let all = [
        NotDone::NoSender,
        NotDone::NoFile,
        NotDone::NotAsked(Obstacle::Busy),
        NotDone::NotKept(Obstacle::Damaged),
        NotDone::TooMany { left: 7 },
        NotDone::Proxy("socks9://x".into()),
        NotDone::Thread(Obstacle::Taken),
        NotDone::Browser(Obstacle::Missing),
    ];
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    for not_done in all {
        let english = not_done.to_string();
        stage.happens(Event::Failed(not_done));
        let texts = stage.texts();
        assert!(!texts.contains(&english), "{english}");
        assert!(hangul(texts.iter().rfind(|text| text.ends_with('.')).unwrap()), "{english}");
    }
    stage.happens(Event::Ended);
    stage.sees("더 진행할 수 없어요. 고요를 다시 시작해 주세요.");
}

#[test]
fn an_empty_profile_says_how_mail_comes_in() {
    let mut stage = Stage::new();
    stage.send(Message::Folders(Ok(Vec::new())));
    let Some(Read::Page(generation, Place::All, 0)) = stage.reads().pop() else { panic!() };
    stage.send(Message::Page(generation, 0, Ok((Vec::new(), 0))));
    stage.sees("아직 메일이 없어요");
    stage.sees("읽을 메일을 골라 주세요");
}

#[test]
fn notches_of_the_wheel_add_up_though_nothing_is_drawn_between_them() {
    let mut stage = Stage::with_total(1_000);
    stage.wheel(400.0, 400.0, 3);
    assert_eq!(stage.state.list.offset, 180.0);
    stage.wheel(400.0, 400.0, -10);
    assert_eq!(stage.state.list.offset, 0.0);
    let mut stage = Stage::with_open(LETTER);
    stage.state.view = iced::Size::new(654.0, 400.0);
    stage.wheel(900.0, 600.0, 4);
    assert_eq!(stage.state.open.as_ref().unwrap().offset.y, 240.0);
    // Never beyond its end: 900 high, 400 seen.
    stage.wheel(900.0, 600.0, 100);
    assert_eq!(stage.state.open.as_ref().unwrap().offset.y, 500.0);
}

#[test]
fn a_letter_shown_as_text_is_marked_and_copied() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    let text = "첫째 줄입니다\n둘째 줄".to_owned();
    let fallback = Some(Fallback::Died);
    stage.happens(Event::Redrawn(doc, Redrawn { fallback, text, ..Redrawn::default() }));
    let Some(Read::Text(of, text, columns)) = stage.reads().pop() else { panic!() };
    assert_eq!((of, &*text), (doc, "첫째 줄입니다\n둘째 줄"));
    stage.send(Message::Lines(doc, false, Cut::new(&text, columns)));
    stage.has("둘째 줄");
    // Nothing is marked: nothing is copied.
    stage.chord("c");
    assert!(!stage.actions.iter().any(|action| matches!(action, Action::Copy(_))));
    // Twice on the first line: a word.
    let (x, y) = stage.middle_of("첫째 줄입니다");
    stage.press(&[(x, y), (x, y)]);
    stage.chord("c");
    assert_eq!(stage.last(), Some(Action::Copy("첫째".into())));
    // From before the first line to behind the last.
    stage.drag((x - 10.0, y), (x + 600.0, y + 300.0));
    stage.chord("c");
    assert_eq!(stage.last(), Some(Action::Copy(text.to_string())));
    stage.chord("a");
    stage.chord("c");
    assert_eq!(stage.last(), Some(Action::Copy(text.to_string())));
    // The engine that draws knows nothing of this text, and is not asked.
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Select(..))));
}

#[test]
fn the_source_is_marked_and_copied() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("원본 보기");
    stage.send(Message::Lines(doc, true, Cut::new("From: a@example.com\nTo: b", 96)));
    stage.chord("a");
    stage.chord("c");
    assert_eq!(stage.last(), Some(Action::Copy("From: a@example.com\nTo: b".into())));
}

#[test]
fn a_letter_drawn_anew_has_the_links_of_what_is_drawn_now() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    let link = |target: &str| {
        let text = target.to_owned();
        goyo::privacy::links::judge(&goyo::model::Link { href: target.to_owned(), text })
    };
    let laid = Some(Laid { device: (654, 300), factor: 1.0, ms: 1.0 });
    let links = Arc::new(vec![link("https://other.example/"), link("https://second.example/")]);
    let fallback = Some(Fallback::TooLong);
    let redrawn = Redrawn { laid, fallback, links, ..Redrawn::default() };
    stage.happens(Event::Redrawn(doc, redrawn));
    let hit = Hit { link: Some(1), text: true, fold: None };
    stage.happens(Event::Hit(doc, (5.0, 5.0), hit));
    stage.sees("https://second.example/");
}

#[test]
fn in_a_narrow_window_the_folders_are_shown_over_the_list() {
    let mut stage = Stage::with_rows(3);
    stage.state.window = iced::Size::new(800.0, 600.0);
    stage.sees_not("받은편지함");
    // By its button.
    stage.click_at(26.0, 26.0);
    stage.sees("받은편지함");
    stage.click("중요");
    assert_eq!(stage.state.list.place, Place::Starred);
    stage.sees_not("받은편지함");
    // By the keyboard: it moves among the places, and the list follows.
    stage.character("f");
    stage.sees("받은편지함");
    stage.key(Named::ArrowDown);
    assert_eq!(stage.state.list.place, Place::Receipts);
    stage.key(Named::ArrowDown);
    assert!(matches!(stage.state.list.place, Place::Folder(_)));
    stage.key(Named::ArrowDown);
    assert!(matches!(stage.state.list.place, Place::Folder(_)), "there is no further one");
    stage.key(Named::Home);
    assert_eq!(stage.state.list.place, Place::All);
    stage.sees("받은편지함");
    stage.key(Named::Enter);
    stage.sees_not("받은편지함");
    stage.character("ㄹ");
    stage.sees("받은편지함");
    stage.key(Named::Escape);
    stage.sees_not("받은편지함");
    // With room for both there is nothing to lay over.
    stage.state.window = iced::Size::new(1280.0, 800.0);
    stage.sees("받은편지함");
    stage.character("f");
    assert!(!stage.state.places_shown);
}

#[test]
fn what_a_tracker_learns_is_said_in_the_ledger_and_of_each_hit() {
    let mut stage = Stage::with_open(LETTER);
    stage.click("자세히");
    stage.has("불러왔다면 전해졌을 것: 읽은 사람, 읽은 시각, 대략적인 위치");
    let mut ledger = stage.ledger();
    ledger.requests = vec![RequestMade {
        url: "https://cos2.navercorp.com/received/a1b2".into(),
        at: 1_795_238_900,
        bytes: 43,
        answer: Answer::Status(200),
    }];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.has("불러와서 전해진 것: 읽은 사람, 읽은 시각, 대략적인 위치");
    let hit = |kind, reader| TrackerHit {
        at: 1_795_238_900,
        path: "/1".into(),
        kind,
        letter: "달빛".into(),
        reader,
        user_agent: None,
        language: None,
        referer: None,
        cookie: false,
    };
    stage.key(Named::Escape);
    stage.send(Message::Hits(vec![
        hit(HitKind::Pixel, Reader::Token),
        hit(HitKind::Picture, Reader::Nobody),
    ]));
    let texts = stage.texts();
    let ends = |end: &str| texts.iter().any(|text| text.ends_with(end));
    assert!(ends("추적 서버가 알게 된 것: 읽은 사람, 읽은 시각, 대략적인 위치"), "{texts:#?}");
    assert!(ends("알게 된 것: 읽은 시각, 대략적인 위치"), "{texts:#?}");
}

#[test]
fn lasting_decisions_are_listed_and_taken_back_without_a_letter() {
    let proof = Proof::Own { domain: "shop.example".into() };
    let rules = vec![
        Rule { scope: Scope::Sender("a@shop.example".into()), proof },
        Rule { scope: Scope::Never("b@ads.example".into()), proof: Proof::None },
    ];
    let mut stage = Stage::new();
    stage.chord(",");
    stage.click("개인정보");
    stage.click("정해 둔 것 보기");
    stage.sees("아직 정해 둔 것이 없어요.");
    stage.happens(Event::Rules(rules.clone()));
    stage.sees("정해 둔 것 2개");
    // When it was decided is read for the list.
    assert_eq!(stage.reads().pop(), Some(Read::Rules));
    let made = |letter: Option<&str>| Made { at: 1_795_152_600, letter: letter.map(str::to_owned) };
    stage.send(Message::RulesRead(vec![
        (rules[0].clone(), made(None)),
        (rules[1].clone(), made(Some("가을 신상품"))),
    ]));
    let texts = stage.texts();
    let made: Vec<&String> = texts.iter().filter(|text| text.ends_with("정했어요")).collect();
    assert_eq!(made.len(), 2, "{texts:#?}");
    assert!(made.iter().all(|made| made.contains("11월 20일")), "{made:?}");
    assert!(made[1].ends_with("‘가을 신상품’ 메일에서 정했어요"), "{made:?}");
    stage.sees("a@shop.example");
    stage.sees("항상 표시 · shop.example에서 보낸 것이 확인된 메일만");
    stage.sees("b@ads.example");
    stage.click("해제");
    assert_eq!(stage.last_asked(), Some(Command::Forget(rules[0].clone())));
    stage.happens(Event::Rules(rules[1..].to_vec()));
    stage.sees_not("a@shop.example");
}

#[test]
fn a_letter_from_a_file_is_shown_and_nothing_is_done_to_the_one_chosen_before() {
    let mut stage = Stage::with_open(LETTER);
    let before = stage.doc();
    stage.character("c");
    let file: std::path::PathBuf = "/tmp/편지.eml".into();
    stage.send(Message::FileWanted(file.clone()));
    let doc = match stage.last_asked() {
        Some(Command::OpenFile(doc, path, _)) if path == file => doc,
        other => panic!("{other:?}"),
    };
    // What was being written is put away, not thrown away.
    assert!(stage.state.writing.is_none());
    let shown = goyo::engine::protocol::OpenLetter {
        letter: None,
        subject: "파일에서 연 편지".into(),
        ..letter(row(1).letter.id, LETTER)
    };
    stage.happens(Event::Opened(doc, Arc::new(shown)));
    stage.sees("파일에서 연 편지");
    assert!(stage.asked().contains(&Command::Close(before)));
    // It lies in no folder.
    let done = stage.asked().len();
    for key in ["e", "#", "!", "s", "u", "r"] {
        stage.character(key);
    }
    assert_eq!(stage.asked().len(), done, "{:?}", stage.asked());
}
