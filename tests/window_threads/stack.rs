//! The letters of a conversation below each other: several open at once.

use super::super::window_letter::{clicked, comes, one, three};
use super::super::window_stage::{LETTER, Stage, letter};
use goyo::engine::protocol::{Command, Event, OpenLedger, Redrawn};
use goyo::gui::screen::mail::stack::{MOST_OPEN, Message as Said};
use goyo::gui::screen::mail::{Action, Due, Message};
use goyo::gui::widget::letter::Did;
use goyo::gui::widget::rows::Scroll;
use goyo::gui::widget::tower::Told;
use goyo::html::worker::protocol::{DocId, Hit, Laid, Tile};
use goyo::model::{Act, Flags, LetterId};
use goyo::store::LetterRow;
use iced::Size;
use iced::keyboard::Modifiers;
use iced::keyboard::key::Named;
use std::sync::Arc;

const SETTLED: &str = "읽음 확인 요청에는 이미 답했거나";
const BAR: &str = "외부 이미지 2개를 막았어요. 그중 1개는 추적용이에요.";

/// The document that was asked for of a letter.
fn doc_of(stage: &Stage, id: i64) -> Option<DocId> {
    stage.asked().into_iter().rev().find_map(|asked| match asked {
        Command::Open(doc, letter, _) if letter == LetterId(id) => Some(doc),
        _ => None,
    })
}

fn closed(stage: &Stage) -> Vec<DocId> {
    let asked = stage.asked().into_iter();
    asked.filter_map(|c| if let Command::Close(doc) = c { Some(doc) } else { None }).collect()
}

fn opens(stage: &mut Stage, id: i64) -> DocId {
    let doc = doc_of(stage, id).unwrap_or_else(|| panic!("{id} was not asked for"));
    stage.happens(Event::Opened(doc, Arc::new(letter(LetterId(id), LETTER))));
    doc
}

fn bars(stage: &mut Stage) -> usize {
    let mut count = 0;
    for text in stage.everything() {
        count += usize::from(text == BAR);
    }
    count
}

/// With the first and the last of three unread: both open.
fn two_open() -> (Stage, DocId) {
    let mut letters = three();
    letters[0].flags = Flags::NONE;
    let mut stage = clicked(&letters);
    let doc = opens(&mut stage, 21);
    (stage, doc)
}

#[test]
fn unread_letters_are_open_each_with_its_own_bar_and_read_ones_are_lines() {
    let (mut stage, doc) = two_open();
    assert_eq!(bars(&mut stage), 2);
    stage.has("first words of 22");
    assert!(!stage.everything().contains(&"first words of 21".to_owned()));
    // What was read is not asked for.
    assert_eq!(doc_of(&stage, 22), None);
    // The letter at hand is the newest; what the engine says of the other is the other's.
    assert_eq!(stage.state.open.as_ref().unwrap().id, Some(LetterId(1)));
    stage.happens(Event::Ledger(doc, Arc::new(OpenLedger::default())));
    assert_eq!(bars(&mut stage), 1);
    assert!(!stage.ledger().ledger.entries.is_empty());
    // It is read after a moment in sight, as the one at hand is.
    let (add, remove) = (Flags::SEEN, Flags::NONE);
    let read = Command::Flag { letters: vec![LetterId(21)], add, remove };
    assert!(stage.later(Due::Seen(doc)));
    stage.send(Message::Due(Due::Seen(doc)));
    assert!(!stage.asked().contains(&read));
    stage.send(Message::InOne(doc, Box::new(Message::Letter(Did::Seen(0.0, 400.0, 20.0)))));
    stage.send(Message::Due(Due::Seen(doc)));
    assert!(stage.asked().contains(&read));
}

#[test]
fn a_letter_that_is_shown_as_text_is_read_when_its_card_is_in_sight() {
    let (mut stage, doc) = two_open();
    let text = Redrawn { text: "words".into(), ..Redrawn::default() };
    stage.happens(Event::Redrawn(doc, text));
    let stands = |tops: &[f32]| Message::Stack(Said::Told(Told::Stands(500.0, tops.to_vec())));
    let scrolls = |to| Message::Stack(Said::Told(Told::Scrolled(Scroll::To(to))));
    stage.send(stands(&[0.0, 600.0, 640.0, 3_000.0]));
    stage.send(scrolls(1_000.0));
    let read = |stage: &Stage| {
        let (add, remove) = (Flags::SEEN, Flags::NONE);
        stage.asked().contains(&Command::Flag { letters: vec![LetterId(21)], add, remove })
    };
    stage.send(Message::Due(Due::Seen(doc)));
    assert!(!read(&stage), "it was out of sight");
    let later = |stage: &Stage| {
        let seen =
            |action: &&Action| matches!(action, Action::Later(Due::Seen(of), _) if *of == doc);
        stage.actions.iter().filter(seen).count()
    };
    let before = later(&stage);
    stage.send(scrolls(300.0));
    assert_eq!(later(&stage), before + 1);
    stage.send(Message::Due(Due::Seen(doc)));
    assert!(read(&stage));
}

#[test]
fn what_came_of_an_answer_is_said_in_the_letter_it_is_about() {
    let mut letters = three();
    letters[0].flags = Flags::NONE;
    let mut stage = clicked(&letters);
    let doc = doc_of(&stage, 21).unwrap();
    let asks = LETTER.replacen("From:", "Disposition-Notification-To: shop@shop.example\nFrom:", 1);
    stage.happens(Event::Opened(doc, Arc::new(letter(LetterId(21), &asks))));
    stage.send(Message::InOne(doc, Box::new(Message::ReceiptDecided(true))));
    // Another is at hand when the answer comes.
    stage.character("n");
    comes(&mut stage);
    assert_ne!(stage.doc(), doc);
    assert!(!stage.everything().iter().any(|said| said.contains(SETTLED)));
    stage.happens(Event::ReceiptAnswered(LetterId(21), Ok(false)));
    assert!(stage.everything().iter().any(|said| said.contains(SETTLED)));
}

#[test]
fn what_is_pressed_in_a_letter_is_about_that_letter() {
    let (mut stage, doc) = two_open();
    let newest = stage.doc();
    stage.send(Message::InOne(doc, Box::new(Message::ShownOnce)));
    assert_eq!(stage.last_asked(), Some(Command::ShowOnce(doc)));
    assert_eq!(stage.doc(), doc);
    stage.character("s");
    let Some(Command::Act(Act::Flag(ids, _))) = stage.last_asked() else { panic!() };
    assert_eq!(ids, [LetterId(21)]);
    // That the pointer goes over another changes nothing.
    stage.send(Message::InOne(newest, Box::new(Message::Letter(Did::Over(Some((3.0, 4.0)))))));
    assert_eq!((stage.last_asked(), stage.doc()), (Some(Command::Hit(newest, (3.0, 4.0))), doc));
    // Both are still open.
    assert!(closed(&stage).is_empty());
    assert_eq!(stage.state.stack.beside.len(), 1);
}

#[test]
fn n_and_p_go_from_letter_to_letter_and_leave_open_what_is_open() {
    let (mut stage, _) = two_open();
    stage.character("p");
    assert_eq!(comes(&mut stage), LetterId(22));
    stage.character("ㅔ");
    // It was open: nothing is asked for.
    assert_eq!(stage.state.open.as_ref().unwrap().id, Some(LetterId(21)));
    assert_eq!(stage.opened().1, LetterId(22));
    assert_eq!((bars(&mut stage), closed(&stage)), (3, vec![]));
    stage.character("ㅜ");
    stage.character("n");
    assert_eq!(stage.state.open.as_ref().unwrap().id, Some(LetterId(1)));
}

#[test]
fn letters_are_folded_one_by_one_and_all_at_once_and_opened_again() {
    let (mut stage, doc) = two_open();
    stage.send(Message::Stack(Said::Folded(LetterId(21))));
    assert_eq!(closed(&stage), [doc]);
    stage.has("first words of 21");
    // The last one stays.
    stage.send(Message::Stack(Said::Folded(LetterId(1))));
    assert_eq!(bars(&mut stage), 1);
    stage.named(Named::ArrowRight, Modifiers::SHIFT);
    for id in [21, 22] {
        opens(&mut stage, id);
    }
    assert_eq!(bars(&mut stage), 3);
    stage.named(Named::ArrowLeft, Modifiers::SHIFT);
    assert_eq!((bars(&mut stage), closed(&stage).len()), (1, 3));
    // The one at hand, folded, hands on to the newest that is open.
    let (mut stage, doc) = two_open();
    let newest = stage.doc();
    stage.send(Message::Stack(Said::Folded(LetterId(1))));
    assert_eq!((stage.doc(), closed(&stage)), (doc, vec![newest]));
}

#[test]
fn a_few_are_open_at_a_time_and_all_are_closed_when_it_is_left() {
    let mut letters: Vec<LetterRow> =
        (100..140).map(|id| one(id, "INBOX", "a@example.com")).collect();
    letters.iter_mut().for_each(|letter| letter.flags = Flags::NONE);
    letters.push(one(1, "INBOX", "a@example.com"));
    let mut stage = clicked(&letters);
    let asked = |stage: &Stage| -> Vec<i64> {
        let all = stage.asked().into_iter();
        all.filter_map(|c| if let Command::Open(_, id, _) = c { Some(id.0) } else { None })
            .collect()
    };
    let first = asked(&stage);
    assert_eq!(first.len(), MOST_OPEN, "{first:?}");
    let mut docs = vec![stage.doc()];
    docs.extend(first[1..].iter().map(|id| opens(&mut stage, *id)));
    // One more: another makes room.
    stage.send(Message::Conversation(goyo::gui::screen::mail::conversation::Message::Chosen(
        LetterId(101),
    )));
    comes(&mut stage);
    docs.push(stage.doc());
    assert!(stage.state.stack.beside.len() < MOST_OPEN);
    assert_eq!(closed(&stage).len(), 1);
    stage.click("letter 1");
    comes(&mut stage);
    let mut all = closed(&stage);
    all.sort_unstable();
    docs.sort_unstable();
    assert_eq!(all, docs);
    assert!(stage.state.stack.beside.is_empty());
}

#[test]
fn what_is_not_in_sight_keeps_no_pixels_and_asks_for_them_when_it_comes() {
    let (mut stage, doc) = two_open();
    let seen = |top, height, begins| {
        Message::InOne(doc, Box::new(Message::Letter(Did::Seen(top, height, begins))))
    };
    stage.send(seen(0.0, 400.0, 20.0));
    let pixels = vec![0; 654 * 384 * 4];
    stage.happens(Event::Tile(doc, Arc::new(Tile { y: 0, size: (654, 384), pixels })));
    let bytes = |stage: &Stage| stage.state.stack.beside[0].strips.bytes();
    assert!(bytes(&stage) > 0);
    stage.send(seen(0.0, 0.0, -2_000.0));
    assert_eq!(bytes(&stage), 0);
    // The letter is drawn anew elsewhere; nothing is asked for as long as it is not seen.
    let asks = |stage: &Stage| {
        let asked = stage.asked().into_iter();
        asked.filter(|c| matches!(c, Command::Paint(of, ..) if *of == doc)).count()
    };
    let before = asks(&stage);
    stage.happens(Event::Laid(doc, Laid { device: (654, 1_800), factor: 1.0, ms: 1.0 }));
    assert_eq!(asks(&stage), before);
    stage.send(seen(800.0, 300.0, -800.0));
    assert!(asks(&stage) > before);
    // From what is seen on.
    let last = stage.asked().into_iter().rev().find_map(|c| match c {
        Command::Paint(of, y, _) if of == doc => Some(y),
        _ => None,
    });
    assert!(last.is_some_and(|y| y >= 384), "{last:?}");
}

#[test]
fn what_comes_above_does_not_move_the_letter_one_reads() {
    let (mut stage, _) = two_open();
    let stands = |tops: &[f32]| Message::Stack(Said::Told(Told::Stands(500.0, tops.to_vec())));
    // 21 open, 22 a line, 1 open and at hand.
    stage.send(stands(&[0.0, 600.0, 636.0, 2_000.0]));
    stage.send(Message::Stack(Said::Told(Told::Scrolled(Scroll::To(700.0)))));
    assert_eq!(stage.state.stack.offset, 700.0);
    // The first letter grew: its pictures came.
    stage.send(stands(&[0.0, 900.0, 936.0, 2_300.0]));
    assert_eq!(stage.state.stack.offset, 1_000.0);
    // Keys page through all of it, and no further than its end.
    stage.key(Named::Space);
    assert_eq!(stage.state.stack.offset, 1_450.0);
    for _ in 0..9 {
        stage.key(Named::Space);
    }
    assert_eq!(stage.state.stack.offset, 1_800.0);
    // Another letter is brought into sight.
    stage.character("p");
    assert!(stage.state.stack.offset <= 1_800.0);
    comes(&mut stage);
    stage.send(stands(&[0.0, 900.0, 1_500.0, 2_900.0]));
    assert!((800.0..900.0).contains(&stage.state.stack.offset), "{}", stage.state.stack.offset);
}

#[test]
fn whoever_has_paged_on_is_not_brought_back_to_where_the_letter_began() {
    let (mut stage, _) = two_open();
    let stands = |tops: &[f32]| Message::Stack(Said::Told(Told::Stands(500.0, tops.to_vec())));
    stage.send(stands(&[0.0, 600.0, 640.0, 3_000.0]));
    let before = stage.state.stack.offset;
    stage.key(Named::Space);
    let paged = stage.state.stack.offset;
    assert_eq!(paged - before, 450.0);
    // The letter itself grows at its end.
    stage.send(stands(&[0.0, 600.0, 640.0, 3_400.0]));
    assert_eq!(stage.state.stack.offset, paged);
}

#[test]
fn in_a_low_window_the_letter_at_hand_is_shown_alone() {
    let (mut stage, _) = two_open();
    stage.send(Message::Resized(Size::new(1_280.0, 500.0)));
    assert!(bars(&mut stage) <= 1);
    stage.send(Message::Resized(Size::new(1_280.0, 800.0)));
    assert_eq!(bars(&mut stage), 2);
}

#[test]
fn a_letter_that_is_open_already_is_not_opened_twice() {
    let (mut stage, doc) = two_open();
    // Its row is clicked.
    let mut rows: Vec<_> = (0..2).map(super::super::window_stage::row).collect();
    rows[1].letter = one(21, "INBOX", "minho@example.com");
    rows[1].letter.subject = "the first".into();
    rows[0].letter.thread = rows[1].letter.thread;
    rows.iter_mut().for_each(|row| row.thread = 3);
    let generation = stage.state.list.generation;
    stage.send(Message::Page(generation, 0, Ok((rows, 2))));
    let before = stage.asked().len();
    stage.click("the first");
    let opened = stage.asked()[before..].iter().any(|c| matches!(c, Command::Open(..)));
    assert!(!opened && closed(&stage).is_empty());
    assert_eq!((stage.doc(), bars(&mut stage)), (doc, 2));
    // One that is being opened beside is opened as the one at hand.
    let mut letters = three();
    letters[0].flags = Flags::NONE;
    let mut stage = clicked(&letters);
    let doc = doc_of(&stage, 21).unwrap();
    stage.character("p");
    stage.character("p");
    assert_eq!(comes(&mut stage), LetterId(21));
    assert!(closed(&stage).contains(&doc));
    assert_eq!(bars(&mut stage), 2);
    // One that is gone is not open any more.
    let (mut stage, doc) = two_open();
    let left = three()[1..].to_vec();
    let read = goyo::gui::screen::mail::conversation::Message::Read(LetterId(1), left);
    stage.send(Message::Conversation(read));
    assert_eq!((closed(&stage), bars(&mut stage)), (vec![doc], 1));
}

#[test]
fn what_is_hidden_behind_something_else_is_not_read() {
    let (mut stage, beside) = two_open();
    stage.character("r");
    assert!(stage.state.writing.is_some());
    let asked = stage.asked().len();
    stage.send(Message::Due(Due::Seen(beside)));
    let marked = |command: &Command| matches!(command, Command::Flag { .. });
    assert!(!stage.asked()[asked..].iter().any(marked));
}

#[test]
fn every_open_letter_is_laid_out_in_a_new_width() {
    let (mut stage, beside) = two_open();
    let hand = stage.state.open.as_ref().unwrap().doc;
    let asked = stage.asked().len();
    let sized = Message::Letter(Did::Sized(Size::new(512.0, 300.0)));
    stage.send(Message::InOne(beside, Box::new(sized)));
    let asked = stage.asked().split_off(asked);
    for doc in [hand, beside] {
        let laid = |command: &Command| matches!(command, Command::View(of, _) if *of == doc);
        assert!(asked.iter().any(laid), "{doc:?}: {asked:?}");
    }
}

#[test]
fn a_click_in_a_letter_one_has_left_opens_nothing_of_another() {
    let (mut stage, beside) = two_open();
    let hand = stage.state.open.as_ref().unwrap().doc;
    for doc in [beside, hand] {
        let click = Message::Letter(Did::Clicked((20.0, 20.0)));
        stage.send(Message::InOne(doc, Box::new(click)));
    }
    let asked = stage.asked().into_iter();
    let point = asked.filter_map(|c| if let Command::Hit(d, p) = c { Some((d, p)) } else { None });
    let (_, point) = point.into_iter().find(|(doc, _)| *doc == beside).unwrap();
    let link = Hit { link: Some(0), text: true, fold: None };
    stage.happens(Event::Hit(beside, point, link));
    assert!(stage.state.sheet.is_none());
}
