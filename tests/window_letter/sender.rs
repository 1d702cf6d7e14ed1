//! The sender of a letter, blocked and taken back; and the charset a letter is read in.

use super::{LETTER, Stage, clicked, letter, one};
use goyo::engine::protocol::{Command, Event, Trust};
use goyo::gui::screen::mail::{Menu, Message};
use goyo::model::{Act, GestureId, LetterId, Proof, Rule, Scope};
use std::sync::Arc;

const WHOM: &str = "pay@navercorp.example";

fn blocks(stage: &mut Stage) {
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("이 발신자 차단");
}

#[test]
fn blocking_is_taken_back_where_it_is_said_and_by_its_key() {
    let never = Rule { scope: Scope::Never(WHOM.into()), proof: Proof::None };
    let mut stage = Stage::with_open(LETTER);
    blocks(&mut stage);
    stage.click("차단");
    stage.click("되돌리기");
    assert_eq!(stage.last_asked(), Some(Command::Forget(never)));
    stage.sees("되돌렸어요.");
    // Once is enough.
    let asked = stage.asked().len();
    stage.character("z");
    assert_eq!(stage.asked().len(), asked);

    // Who was trusted before is trusted again, on the proof of before.
    let proof = Proof::Own { domain: "navercorp.example".into() };
    let trusted = Rule { scope: Scope::Sender(WHOM.into()), proof };
    let mut ledger = stage.ledger();
    ledger.rules = vec![trusted.clone()];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    blocks(&mut stage);
    stage.click("차단");
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Restore(trusted)));
}

#[test]
fn what_was_blocked_and_put_to_junk_in_one_go_is_taken_back_in_one() {
    let mut stage = clicked(&[one(1, "INBOX", "a@example.com")]);
    blocks(&mut stage);
    stage.click("차단하고 이 메일은 스팸으로");
    stage.done(7, "junk", true);
    stage.character("z");
    let asked = stage.asked();
    let never = Rule { scope: Scope::Never(WHOM.into()), proof: Proof::None };
    assert!(asked.contains(&Command::Forget(never)), "{asked:?}");
    assert_eq!(asked.last(), Some(&Command::Undo(GestureId(7))));

    // What is done after it is taken back alone.
    let mut stage = clicked(&[one(1, "INBOX", "a@example.com")]);
    blocks(&mut stage);
    stage.click("차단");
    assert_eq!(stage.last_asked(), Some(Command::Trust(stage.doc(), Trust::Never)));
    stage.character("e");
    let archived = Command::Act(Act::Archive(vec![LetterId(1)]));
    assert!(stage.asked().contains(&archived), "{:?}", stage.asked());
    stage.done(8, "archive", true);
    stage.character("z");
    let asked = stage.asked();
    assert!(!asked.iter().any(|command| matches!(command, Command::Forget(_))), "{asked:?}");
    assert_eq!(asked.last(), Some(&Command::Undo(GestureId(8))));
}

#[test]
fn a_letter_is_read_in_the_charset_chosen_in_its_menu() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    stage.send(Message::MenuToggled(Menu::Charset));
    for charset in ["ISO-8859-1", "ISO-8859-15", "HZ-GB-2312", "UTF-7"] {
        stage.has(charset);
    }
    stage.click("EUC-KR");
    assert_eq!(stage.last_asked(), Some(Command::Charset(doc, Some("euc-kr".into()))));
    // It is read anew, and shown otherwise; the menu says in what.
    let mut again = letter(LetterId(1), &LETTER.replace("결제", "다른"));
    again.subject = "읽힌 제목".into();
    again.charsets = vec!["euc-kr".into()];
    stage.happens(Event::Opened(doc, Arc::new(again)));
    stage.sees("읽힌 제목");
    assert_eq!(stage.state.open.as_ref().unwrap().charset.as_deref(), Some("euc-kr"));
    stage.send(Message::MenuToggled(Menu::Charset));
    stage.click("메일에 적힌 대로");
    assert_eq!(stage.last_asked(), Some(Command::Charset(doc, None)));
}

#[test]
fn every_charset_of_the_menu_is_one_that_letters_are_read_in() {
    let mut stage = Stage::with_open(LETTER);
    stage.send(Message::MenuToggled(Menu::Charset));
    let known = |text: &&String| text.contains('-') && text.to_uppercase() == **text;
    let texts = stage.everything();
    let charsets: Vec<&String> = texts.iter().filter(known).collect();
    assert!(charsets.len() > 12, "{charsets:?}");
    for charset in charsets {
        assert!(goyo::mime::charset::decode_as(b"a", charset).is_some(), "{charset}");
    }
}
