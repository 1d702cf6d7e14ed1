//! Keys of the letter being written.

use super::{Line, Mark, Menu, Message, Receipt, Stage, State, TAKE_BACK};
use crate::engine::protocol::When;
use iced::keyboard::{Key, Modifiers, key::Named};

/// Keys that no field may have.
pub(super) fn first(state: &State, key: &Key, modifiers: Modifiers) -> Option<Message> {
    let asking = matches!(state.stage, Stage::Asking(_));
    if let Some((_, people, at)) =
        state.suggested.as_ref().filter(|(_, people, _)| !people.is_empty())
    {
        match key.as_ref() {
            Key::Named(Named::ArrowDown) => return Some(Message::SuggestionMoved(1)),
            Key::Named(Named::ArrowUp) => return Some(Message::SuggestionMoved(-1)),
            Key::Named(Named::Enter | Named::Tab) if !modifiers.command() && !modifiers.shift() => {
                return Some(Message::SuggestionTaken(*at.min(&people.len())));
            }
            _ => {}
        }
    }
    match key.as_ref() {
        Key::Named(Named::Escape) => return Some(Message::Left),
        Key::Named(Named::Enter) if modifiers.command() => {
            return Some(match asking {
                true => Message::SentAnyway,
                false => Message::Sent(When::After(TAKE_BACK)),
            });
        }
        _ => {}
    }
    let Key::Character(c) = key.as_ref() else { return None };
    if !modifiers.command() || asking {
        return None;
    }
    let c = c.to_lowercase();
    if modifiers.shift() {
        return Some(match c.as_str() {
            "q" | "ㅃ" | "ㅂ" => Message::Marked(Mark::Quote),
            "p" | "ㅖ" | "ㅔ" => Message::PreviewSwitched,
            "a" | "ㅁ" => Message::MenuToggled(Menu::Attach),
            "l" | "ㅣ" => Message::MenuToggled(Menu::Later),
            "c" | "ㅊ" => Message::LineShown(Line::Cc),
            "b" | "ㅠ" => Message::LineShown(Line::Bcc),
            "d" | "ㅇ" => Message::Discarded,
            "i" | "ㅑ" => Message::ToldSwitched,
            "o" | "ㅒ" | "ㅐ" => Message::QuoteSwitched,
            "x" | "ㅌ" => Message::QuoteRemoved,
            "m" | "ㅡ" => Message::PlainSwitched,
            "f" | "ㄹ" => {
                let here = state.identities.iter().position(|(_, own)| own == state.identity());
                let next = here.map_or(0, |here| (here + 1) % state.identities.len().max(1));
                Message::FromChosen(next)
            }
            "r" | "ㄲ" | "ㄱ" => Message::ReceiptChosen(match state.receipt() {
                Receipt::None => Receipt::Answer,
                Receipt::Answer if state.receipt_server.is_some() && !state.plain => {
                    Receipt::Picture
                }
                Receipt::Answer | Receipt::Picture => Receipt::None,
            }),
            _ => return None,
        });
    }
    Some(match c.as_str() {
        "s" | "ㄴ" => Message::Saved,
        "b" | "ㅠ" => Message::Marked(Mark::Bold),
        "i" | "ㅑ" => Message::Marked(Mark::Italic),
        "l" | "ㅣ" => Message::Marked(Mark::List),
        "k" | "ㅏ" => Message::Marked(Mark::Link),
        _ => return None,
    })
}
