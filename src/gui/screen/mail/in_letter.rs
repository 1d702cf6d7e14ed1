//! What can be done at a place in the open letter: with the link there, with what is selected.

use super::link::copied;
use super::menus::{Entry, Pointed};
use super::open::Open;
use super::{Action, Menu, Message, Sheet, State};
use crate::gui::theme::Look;
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use iced::Point;

/// What the menu says of the place the pointer was at when it was asked for.
pub(super) fn entries_in_letter(open: &Open) -> Vec<Entry> {
    let mut entries = Vec::new();
    let link = open.link(open.under.link);
    if let Some((at, link)) = link {
        entries.push(Entry::new(
            Some(Icon::Open),
            "letter-link",
            "",
            Message::SheetOpened(Sheet::Link(at)),
        ));
        entries.push(Entry::new(Some(Icon::Copy), "link-copy", "", copied(link)));
    }
    let copy = (!open.selected.1.is_empty())
        .then(|| Entry::new(Some(Icon::Copy), "letter-copy", "Ctrl+C", Message::SelectionCopied));
    let all = Entry::new(Some(Icon::Text), "letter-all", "Ctrl+A", Message::AllSelected);
    let find = Entry::new(Some(Icon::Search), "find-hint", "Ctrl+F", Message::FindOpened);
    let mut more = copy.into_iter().chain([all, find]);
    if link.is_some() {
        entries.extend(more.next().map(Entry::begins));
    }
    entries.extend(more);
    entries
}

impl State {
    /// What lies there is known: its menu opens.
    pub(super) fn open_menu_in_letter(&mut self, at: Point) -> Vec<Action> {
        self.menu = Some(Menu::InLetter);
        self.pointed = Pointed::at(at);
        Vec::new()
    }

    /// That menu, over the letter it is of.
    pub(super) fn menu_in_letter<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let here = self.has(Menu::InLetter) && self.is_at_hand(open);
        here.then(|| self.menu_where_asked(look))
    }
}
