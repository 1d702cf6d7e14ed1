//! Labels: given, taken away, made, shown and looked for.

use super::window_stage::{Stage, row};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::labels::Message as Labels;
use goyo::gui::screen::mail::{Action, Message, Read, Sheet};
use goyo::model::{Act, FlagChange, Label, LetterId};
use iced::Size;
use iced::keyboard::Modifiers;
use iced::keyboard::key::Named;

fn id(at: i64) -> LetterId {
    row(at).letter.id
}

fn acted(stage: &Stage) -> Act {
    let acts = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::Act(act) => Some(act),
        _ => None,
    });
    acts.expect("something was done")
}

fn gives(letters: &[LetterId], word: &str) -> Act {
    let change = FlagChange { add_words: vec![word.into()], ..FlagChange::default() };
    Act::Flag(letters.to_vec(), change)
}

fn takes(letters: &[LetterId], word: &str) -> Act {
    let change = FlagChange { remove_words: vec![word.into()], ..FlagChange::default() };
    Act::Flag(letters.to_vec(), change)
}

/// Types into the choice of a label.
fn seeks(stage: &mut Stage, text: &str) {
    stage.click_field("label");
    stage.types(text);
}

#[test]
fn a_label_is_found_by_a_few_signs_given_shown_and_taken_away_again() {
    for key in ["l", "ㅣ"] {
        let mut stage = Stage::reading(5);
        stage.character(key);
        assert_eq!(stage.state.sheet, Some(Sheet::Labels));
        assert!(stage.reads().contains(&Read::Labels));
        for usual in ["먼저 볼 것", "업무", "개인", "할 일", "나중에"] {
            stage.sees(usual);
        }
        seeks(&mut stage, "업");
        stage.sees_not("나중에");
        stage.key(Named::Enter);
        assert_eq!(stage.state.sheet, None);
        assert_eq!(acted(&stage), gives(&[id(1)], "$label2"));
        // Before anybody has answered: on the row and above the letter.
        let shown = stage.texts().iter().filter(|text| *text == "업무").count();
        assert_eq!(shown, 2);
        stage.happens(Event::Changed(Vec::new()));
        stage.done(7, "flag", true);
        stage.sees("라벨을 붙였어요.");
        // It is there: the same again takes it away.
        stage.character(key);
        seeks(&mut stage, "업무");
        stage.key(Named::Enter);
        assert_eq!(acted(&stage), takes(&[id(1)], "$label2"));
        stage.sees_not("업무");
    }
}

#[test]
fn a_label_that_is_not_there_is_made_by_its_name_and_one_too_long_is_not() {
    let mut stage = Stage::reading(5);
    stage.character("l");
    seeks(&mut stage, "봄 여행");
    stage.sees("새 라벨 ‘봄 여행’");
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), gives(&[id(1)], Label::named("봄 여행").unwrap().keyword()));
    stage.sees("봄 여행");
    let before = stage.asked().len();
    stage.character("l");
    seeks(&mut stage, &"아주 긴 이름 ".repeat(6));
    stage.sees("라벨 이름으로는 너무 길어요. 서버는 짧은 이름만 받아요.");
    stage.key(Named::Enter);
    assert_eq!(stage.asked().len(), before);
    // What another letter has is offered, and not made twice.
    stage.key(Named::Escape);
    stage.character("l");
    let known = vec![Label::of("Reise").unwrap()];
    stage.send(Message::Labels(Labels::Known(known)));
    stage.sees("Reise");
    seeks(&mut stage, "reise");
    stage.sees_not("새 라벨 ‘reise’");
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), gives(&[id(1)], "Reise"));
}

#[test]
fn the_usual_ones_have_keys_and_go_to_all_that_is_picked() {
    let mut stage = Stage::reading(5);
    stage.character("4");
    assert_eq!(acted(&stage), gives(&[id(1)], "$label4"));
    stage.character("4");
    assert_eq!(acted(&stage), takes(&[id(1)], "$label4"));
    stage.character("6");
    assert_eq!(acted(&stage), takes(&[id(1)], "$label4"));
    // One has it, two have not: all get it; then all have it.
    stage.character("1");
    stage.click_row(3, Modifiers::SHIFT);
    let picked = [id(1), id(2), id(3)];
    stage.character("1");
    assert_eq!(acted(&stage), gives(&picked, "$label1"));
    stage.character("1");
    assert_eq!(acted(&stage), takes(&picked, "$label1"));
    stage.happens(Event::Changed(Vec::new()));
}

#[test]
fn a_label_above_the_letter_leads_to_all_with_the_same() {
    let mut stage = Stage::reading(5);
    stage.character("4");
    stage.click_last("할 일");
    assert_eq!(stage.state.search.text, "라벨:할일");
    let asked = |action: &Action| matches!(action, Action::Read(Read::Search(_, text)) if text.contains("라벨:할일"));
    assert!(stage.actions.iter().any(asked), "{:?}", stage.actions);
}

#[test]
fn where_only_the_letter_is_shown_its_label_leads_to_the_list() {
    let mut stage = Stage::reading(5);
    stage.state.window = Size::new(506.0, 900.0);
    stage.character("4");
    stage.click_last("할 일");
    assert_eq!(stage.state.search.text, "라벨:할일");
    assert!(stage.state.open.is_none(), "the letter hides what is found");
}

#[test]
fn the_label_that_the_arrows_have_come_to_is_in_sight() {
    let mut stage = Stage::reading(5);
    stage.character("l");
    let known = (0..20).map(|n| Label::of(&format!("label-{n:02}")).unwrap()).collect();
    stage.send(Message::Labels(Labels::Known(known)));
    stage.sees_not("label-12");
    stage.keys(&[Named::ArrowDown; 5 + 12]);
    let seen = stage.texts_after(&[Named::Shift], false);
    assert!(seen.iter().any(|text| text == "label-12"), "{seen:?}");
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), gives(&[id(1)], "label-12"));
}

#[test]
fn a_search_completes_labels_usual_and_own() {
    let mut stage = Stage::reading(5);
    stage.click_field("search");
    stage.types("label:");
    assert!(stage.reads().contains(&Read::Labels));
    stage.send(Message::Labels(Labels::Known(vec![Label::named("봄 여행").unwrap()])));
    let texts: Vec<String> =
        stage.state.suggestions().into_iter().map(|suggestion| suggestion.text).collect();
    assert!(texts.contains(&"label:todo ".to_owned()), "{texts:?}");
    assert!(texts.contains(&"label:\"봄 여행\" ".to_owned()), "{texts:?}");
}
