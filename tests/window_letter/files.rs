//! What is kept of the open letter as files, where, and how what is attached stands there.

use crate::window_stage::{LETTER, Stage};
use goyo::engine::protocol::{Command, Event, NotDone};
use goyo::gui::chooser::Kind;
use goyo::gui::screen::mail::choosing::Choose;
use goyo::gui::screen::mail::saving::{Kept, Message as Saving, SaveAs};
use goyo::gui::screen::mail::{Action, Menu, Message, Sheet};
use iced::Rectangle;
use iced::keyboard::{Key, Modifiers, key::Named};
use std::path::PathBuf;

#[test]
fn a_letter_is_kept_as_a_file_by_a_key_and_by_the_menu() {
    let mut stage = Stage::with_open(LETTER);
    let name = "11월 결제 내역을 알려드려요.eml".to_owned();
    let save = Action::SaveLetter(stage.doc(), name);
    stage.chord("s");
    assert_eq!(stage.last(), Some(save.clone()));
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("메일을 파일로 저장 (.eml)");
    assert_eq!(stage.actions.iter().filter(|action| **action == save).count(), 2);
    stage.happens(Event::Saved(PathBuf::from("/home/minji/a.eml")));
    stage.sees("저장했어요: /home/minji/a.eml");
}

/// With two files, one of which may report its opening.
fn two_files() -> String {
    LETTER.replace(
        "--b--\n",
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=b.txt\n\n\
         plain\n--b--\n",
    )
}

#[test]
fn all_that_is_attached_is_saved_together_after_what_is_to_be_known_of_it() {
    let mut stage = Stage::with_open(&two_files());
    stage.click("모두 저장");
    stage.sees("첨부 2개를 모두 저장할까요?");
    stage.sees("다른 프로그램에서 열면 열었다는 사실이 밖으로 알려질 수 있어요.");
    let saved =
        |stage: &Stage| stage.actions.iter().any(|action| matches!(action, Action::SaveAll(..)));
    assert!(!saved(&stage));
    stage.key(Named::Escape);
    stage.sees_not("첨부 2개를 모두 저장할까요?");
    stage.in_field("search", Key::Character("S".into()), Modifiers::COMMAND | Modifiers::SHIFT);
    stage.click("그래도 저장");
    let Some(Action::SaveAll(doc, parts)) = stage.last() else { panic!("{:?}", stage.last()) };
    let names: Vec<&str> = parts.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!((doc, names), (stage.doc(), vec!["영수증.html", "b.txt"]));
    stage.happens(Event::SavedAll(PathBuf::from("/home/minji"), 2));
    stage.sees("2개를 저장했어요: /home/minji");
}

/// With so many more files.
fn files(count: usize) -> String {
    let file = |at| {
        format!(
            "--b\nContent-Type: text/plain\n\
             Content-Disposition: attachment; filename=quarterly-report-{at}.txt\n\nplain\n"
        )
    };
    let files: String = (1..=count).map(file).collect();
    LETTER.replace("--b--\n", &format!("{files}--b--\n"))
}

/// Whether all of it is in sight.
fn is_whole(bounds: Rectangle, seen: Option<Rectangle>) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < 0.1;
    seen.is_some_and(|seen| near(seen.width, bounds.width) && near(seen.height, bounds.height))
}

#[test]
fn what_is_attached_stands_on_as_many_lines_as_it_takes_and_very_many_are_scrolled() {
    let mut stage = Stage::with_open(&files(4));
    let mut lines = Vec::new();
    for at in 1..=4 {
        let (bounds, seen) = stage.place_of(&format!("quarterly-report-{at}.txt"));
        assert!(is_whole(bounds, seen), "{at} is cut: {seen:?} of {bounds:?}");
        lines.push(bounds.y as i32);
    }
    lines.dedup();
    assert!(lines.len() > 1, "{lines:?}");
    stage.click("quarterly-report-4.txt");
    let looked = stage.last_asked();
    assert!(matches!(looked, Some(Command::OpenPart { .. })), "{looked:?}");
    stage.key(Named::Escape);
    // Sixty leave the letter its room, and "all" stands beside the first of them.
    let mut stage = Stage::with_open(&files(60));
    let (first, _) = stage.place_of("quarterly-report-1.txt");
    assert!(stage.texts().iter().any(|text| text == "quarterly-report-5.txt"));
    stage.sees_not("quarterly-report-60.txt");
    stage.has("quarterly-report-60.txt");
    let (all, seen) = stage.place_of("모두 저장");
    assert!(is_whole(all, seen));
    assert!((all.center_y() - first.center_y()).abs() < 2.0, "{all:?} {first:?}");
}

#[test]
fn a_name_that_is_too_long_for_its_line_leaves_room_for_what_the_file_weighs() {
    let long = format!("filename={}.txt", "a-very-long-name-".repeat(12));
    let mut stage = Stage::with_open(&two_files().replace("filename=b.txt", &long));
    let weighs = stage.place_of("5 B");
    assert!(is_whole(weighs.0, weighs.1) && weighs.0.width > 10.0, "{weighs:?}");
}

#[test]
fn one_attachment_needs_no_button_for_all() {
    let mut stage = Stage::with_open(LETTER);
    stage.sees("영수증.html");
    stage.sees_not("모두 저장");
}

#[test]
fn a_letter_is_printed_by_a_key_and_by_the_menu() {
    let printed = |stage: &Stage| -> Vec<(u32, String)> {
        let asked = stage.actions.iter().filter_map(|action| match action {
            Action::Print(doc, order, name) => {
                assert_eq!(order.title, "11월 결제 내역을 알려드려요");
                assert_eq!(order.language, "ko");
                assert_eq!(order.lines[0].0, "보낸사람");
                assert!(
                    order.lines.iter().any(|(name, value)| name == "날짜" && value.contains("년"))
                );
                Some((*doc, name.clone()))
            }
            _ => None,
        });
        asked.collect()
    };
    let mut stage = Stage::with_open(LETTER);
    let one = (stage.doc(), "11월 결제 내역을 알려드려요.pdf".to_owned());
    stage.chord("p");
    assert_eq!(printed(&stage), std::slice::from_ref(&one));
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("PDF로 인쇄");
    assert_eq!(printed(&stage), [one.clone(), one]);
    stage.happens(Event::NotSaved(PathBuf::from("/home/minji/a.pdf"), NotDone::TooLargeToPrint));
    stage.sees("‘a.pdf’ 파일을 저장하지 못했어요: 너무 커서 인쇄할 수 없어요.");
}

#[test]
fn what_is_kept_is_put_where_it_was_chosen_and_where_all_is_saved_if_nobody_asks() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    stage.send(Message::MenuToggled(Menu::More));
    stage.sees_not("메일을 다른 곳에 저장…");
    stage.send(Message::MenuClosed);
    stage.send(Message::ChooserFound);
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("메일을 다른 곳에 저장…");
    let letter = Choose::Save(doc, SaveAs::Letter);
    assert_eq!(stage.last(), Some(Action::Choose(letter)));
    let name = "11월 결제 내역을 알려드려요";
    assert_eq!(stage.state.chooses(letter), Kind::Save(format!("{name}.eml")));
    let there = PathBuf::from("/usb/mine.eml");
    stage.send(Message::Chosen(letter, Some(vec![there.clone()])));
    assert_eq!(stage.last(), Some(Action::SaveAs(doc, Kept::Letter, there)));
    // Whoever changes their mind saves nothing.
    let before = stage.actions.len();
    stage.send(Message::Chosen(letter, Some(Vec::new())));
    assert_eq!(stage.actions.len(), before);
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("PDF를 다른 곳에 저장…");
    let print = Choose::Save(doc, SaveAs::Print);
    assert_eq!(stage.last(), Some(Action::Choose(print)));
    stage.send(Message::Chosen(print, Some(vec!["/usb/a.pdf".into()])));
    assert!(matches!(stage.last(), Some(Action::SaveAs(_, Kept::Printed(_), _))));
    // What has to be known of a file is said first, however it is asked for.
    stage.right_click("영수증.html");
    assert_eq!(stage.state.sheet, Some(Sheet::Attachment(0)));
    stage.click("다른 곳에 저장…");
    let part = Choose::Save(doc, SaveAs::Attachment(0));
    assert_eq!((stage.last(), stage.state.sheet), (Some(Action::Choose(part)), None));
    assert_eq!(stage.state.chooses(part), Kind::Save("영수증.html".into()));
    stage.send(Message::Chosen(part, Some(vec!["/usb/r.html".into()])));
    assert!(matches!(stage.last(), Some(Action::SaveAs(_, Kept::Part(_), _))));
    // The chooser has gone since.
    stage.send(Message::Chosen(letter, None));
    assert_eq!(stage.last(), Some(Action::SaveLetter(doc, format!("{name}.eml"))));
    stage.send(Message::Saving(Saving::As(SaveAs::Letter)));
    assert_eq!(stage.last(), Some(Action::SaveLetter(doc, format!("{name}.eml"))));
    // As has the letter: that is said.
    stage.send(Message::Chosen(Choose::Save(doc + 7, SaveAs::Letter), Some(vec!["/a".into()])));
    assert!(stage.texts().iter().any(|text| text.starts_with("‘a’ 파일을 저장하지 못했어요")));
}

#[test]
fn all_that_is_attached_is_put_into_the_folder_that_was_chosen() {
    let mut stage = Stage::with_open(&two_files());
    stage.send(Message::ChooserFound);
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("첨부를 다른 곳에 저장…");
    assert_eq!(stage.state.sheet, Some(Sheet::AllAttachments));
    stage.click("다른 곳에 저장…");
    let all = Choose::Save(stage.doc(), SaveAs::All);
    assert_eq!(
        (stage.last(), stage.state.chooses(all)),
        (Some(Action::Choose(all)), Kind::Directory)
    );
    stage.send(Message::Chosen(all, Some(vec!["/usb".into()])));
    let Some(Action::SaveAs(_, Kept::Parts(parts), dir)) = stage.last() else { panic!() };
    assert_eq!((parts.len(), dir), (2, PathBuf::from("/usb")));
}
