//! Keys of the whole screen: those that go before any field, and those that no field has taken.

use super::fold;
use super::missing::Message as Missing;
use super::picking::Pick;
use super::saving::Message as Saving;
use super::{Field, Message, Place, Sheet, State};
use iced::keyboard::{Key, Modifiers, key::Named};

impl State {
    /// Whether something lies over it that has the keys.
    pub(super) fn is_covered(&self) -> bool {
        let shown = |sheet: Sheet| !sheet.is_of_letter() || self.open.is_some();
        self.sheet.is_some_and(shown) || self.is_closing()
    }

    /// Whether something is looked for in the letter.
    fn is_finding(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.find.is_some())
    }
}

/// Keys that no field may have.
pub(super) fn first(state: &State, key: &Key, modifiers: Modifiers) -> Option<Message> {
    if state.is_closing() {
        return None;
    }
    if state.is_covered() {
        let over = super::preview::pressed(state, key)
            .or_else(|| super::moving::first(state, key))
            .or_else(|| super::labels::first(state, key))
            .or_else(|| super::ask::first(state, key));
        let escape = || matches!(key.as_ref(), Key::Named(Named::Escape));
        return over.or_else(|| escape().then_some(Message::Escaped));
    }
    if let Some(said) = super::picking::in_menu(key).filter(|_| state.has_pointed_menu()) {
        return Some(said);
    }
    if modifiers.command() && matches!(key.as_ref(), Key::Character(",")) {
        return Some(super::preferences::TOGGLE);
    }
    // The letter being written has keys of its own.
    if state.writing.is_some() && state.preferences.is_none() {
        return None;
    }
    if let Some(help) = super::searching::first(state, key, modifiers) {
        return Some(help);
    }
    if let Some(said) = super::focus::first(state, key, modifiers) {
        return Some(said);
    }
    let letter = || state.open.is_some() && !state.shows_many() && state.preferences.is_none();
    match key.as_ref() {
        Key::Named(Named::Escape) => Some(Message::Escaped),
        Key::Character(c) if modifiers.command() => match c {
            "f" | "F" | "ㄹ" if letter() => Some(Message::FindOpened),
            "k" | "K" | "ㅏ" if modifiers.shift() => Some(Message::Missing(Missing::Wanted)),
            "k" | "K" | "ㅏ" => Some(Message::Entered(Field::Search)),
            "+" | "=" if letter() => Some(Message::Zoomed(1)),
            "-" if letter() => Some(Message::Zoomed(-1)),
            "0" if letter() => Some(Message::Zoomed(0)),
            "s" | "S" | "ㄴ" if letter() && modifiers.shift() => {
                Some(Message::Saving(Saving::All))
            }
            "s" | "S" | "ㄴ" if letter() => Some(Message::Saving(Saving::Letter)),
            "u" | "U" | "ㅕ" if letter() => Some(Message::SheetOpened(Sheet::Source)),
            "p" | "P" | "ㅔ" if letter() => Some(Message::Saving(Saving::Print)),
            _ => None,
        },
        Key::Named(Named::Enter) if modifiers.shift() && letter() && state.is_finding() => {
            Some(Message::FindMoved(-1))
        }
        Key::Named(Named::F3) if letter() => {
            Some(Message::FindMoved(if modifiers.shift() { -1 } else { 1 }))
        }
        _ => None,
    }
}

/// Keys that no field has taken.
pub(super) fn last(state: &State, key: &Key, modifiers: Modifiers) -> Option<Message> {
    if state.is_closing() {
        let (letter, _) = state.sending?;
        let back = matches!(key.as_ref(), Key::Character("z" | "Z" | "ㅋ"));
        return back.then_some(Message::SendUndone(letter));
    }
    if state.is_covered() {
        // The source can be marked and copied; nothing is done to what lies under a sheet.
        let source = state.sheet == Some(Sheet::Source) && modifiers.command();
        return match key.as_ref() {
            Key::Character("c" | "C" | "ㅊ") if source => Some(Message::SelectionCopied),
            Key::Character("a" | "A" | "ㅁ") if source => Some(Message::AllSelected),
            // What is said below it can be taken back.
            Key::Character("z" | "Z" | "ㅋ") if state.offers_undo() => Some(Message::Undone),
            _ => None,
        };
    }
    let of_place = modifiers.command() || state.are_places_over();
    if of_place && super::picking::asks_for_menu(key, modifiers) {
        return Some(Message::Pick(Pick::PlaceMenu));
    }
    if modifiers.command() && matches!(key.as_ref(), Key::Character(".")) {
        return Some(Message::Pick(Pick::AccountMenu));
    }
    if state.preferences.is_some() && !state.are_places_over() {
        return super::preferences::pressed(state, key, modifiers);
    }
    if state.writing.is_some() {
        return None;
    }
    let is_list = !matches!(state.list.place, Place::Outbox | Place::Receipts);
    if is_list
        && !state.are_places_over()
        && let Some(said) = super::picking::last(state, key, modifiers)
    {
        return said;
    }
    if modifiers.command() {
        return match key.as_ref() {
            Key::Character("c" | "C" | "ㅊ") => Some(Message::SelectionCopied),
            Key::Character("a" | "A" | "ㅁ") => Some(Message::AllSelected),
            Key::Character("z" | "Z" | "ㅋ") => Some(Message::Undone),
            Key::Named(Named::ArrowUp | Named::Home) => Some(Message::Moved(isize::MIN)),
            Key::Named(Named::ArrowDown | Named::End) => Some(Message::Moved(isize::MAX)),
            _ => super::panes::pressed(key, modifiers),
        };
    }
    if state.are_places_over() {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) | Key::Character("j" | "ㅓ") => {
                Some(Message::PlaceMoved(1))
            }
            Key::Named(Named::ArrowUp) | Key::Character("k" | "ㅏ") => {
                Some(Message::PlaceMoved(-1))
            }
            Key::Named(Named::Home) => Some(Message::PlaceMoved(isize::MIN)),
            Key::Named(Named::End) => Some(Message::PlaceMoved(isize::MAX)),
            Key::Named(Named::Enter) | Key::Character("f" | "ㄹ") => Some(Message::PlacesToggled),
            _ => None,
        };
    }
    if state.list.place == Place::Receipts {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) => Some(Message::ReceiptsMoved(1)),
            Key::Named(Named::ArrowUp) => Some(Message::ReceiptsMoved(-1)),
            Key::Character(c @ ("c" | "ㅊ" | "z" | "ㅋ" | "g" | "ㅎ" | "?")) => {
                super::tools::pressed(state, c, modifiers)
            }
            Key::Character(character) => super::receipts::pressed(character),
            _ => None,
        };
    }
    if state.list.place == Place::Outbox {
        return match key.as_ref() {
            Key::Named(Named::ArrowDown) => Some(Message::OutboxMoved(1)),
            Key::Named(Named::ArrowUp) => Some(Message::OutboxMoved(-1)),
            // Nothing is done to a letter that is not seen.
            Key::Character(c @ ("c" | "ㅊ" | "z" | "ㅋ" | "g" | "ㅎ" | "?")) => {
                super::tools::pressed(state, c, modifiers)
            }
            Key::Character(character) => super::outbox::pressed(state, character),
            _ => None,
        };
    }
    let rows = (state.list.height / state.list.density.row()).max(1.0) as isize;
    match key.as_ref() {
        Key::Named(Named::ArrowDown) | Key::Character("j" | "ㅓ") => Some(Message::Moved(1)),
        Key::Named(Named::ArrowUp) | Key::Character("k" | "ㅏ") => Some(Message::Moved(-1)),
        Key::Named(Named::ArrowRight) if modifiers.shift() => {
            Some(Message::Stack(super::stack::Message::All(true)))
        }
        Key::Named(Named::ArrowLeft) if modifiers.shift() => {
            Some(Message::Stack(super::stack::Message::All(false)))
        }
        Key::Named(Named::ArrowRight) => Some(Message::Fold(fold::Message::Unfolded)),
        Key::Named(Named::ArrowLeft) => Some(Message::Fold(fold::Message::Folded)),
        Key::Named(Named::Home) => Some(Message::Moved(isize::MIN)),
        Key::Named(Named::End) => Some(Message::Moved(isize::MAX)),
        Key::Named(Named::PageDown) => Some(Message::Moved(rows)),
        Key::Named(Named::PageUp) => Some(Message::Moved(-rows)),
        Key::Named(Named::Enter) if state.open.is_some() && state.is_draft() => {
            Some(Message::DraftWanted)
        }
        Key::Named(Named::Enter) => state.list.selected.map(|(at, _)| Message::RowChosen(at)),
        Key::Named(Named::Space) if state.open.is_some() => {
            Some(Message::Paged(if modifiers.shift() { -0.9 } else { 0.9 }))
        }
        Key::Character("f" | "ㄹ") if state.is_narrow() && state.open.is_none() => {
            Some(Message::PlacesToggled)
        }
        Key::Character("/") => Some(Message::Entered(Field::Search)),
        Key::Character(way @ ("]" | "[")) if state.open.is_some() && !state.shows_many() => {
            Some(Message::Focus(super::focus::Message::Step(way == "[")))
        }
        Key::Named(Named::Delete) => Some(Message::Deleted),
        Key::Character(character) => super::tools::pressed(state, character, modifiers),
        _ => None,
    }
}
