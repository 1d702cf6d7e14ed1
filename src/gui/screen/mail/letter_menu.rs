//! What else can be done with the open letter, and the charsets it can be read in: menus that
//! the pointer goes through, or the arrows.

use super::conversation::Message as Conversation;
use super::head::CHARSETS;
use super::leaving::Message as Leaving;
use super::menus::Entry;
use super::open::Open;
use super::picking::Pick;
use super::saving::{Message as Saving, SaveAs};
use super::tools::tip;
use super::{Menu, Message, Sheet, State};
use crate::gui::screen::pieces::{entry_at, icon_button, menu};
use crate::gui::theme::{self, Look};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::marked::{marked, showing};
use iced::widget::{Column, scrollable};

/// The charsets are not higher, in logical pixels.
const HIGHEST: f32 = 360.0;

impl State {
    /// What else can be done with it.
    pub(super) fn more_entries(&self, open: &Open) -> Vec<Entry> {
        let entry = |mark, name, key: &str, says| Entry::new(Some(mark), name, key, says);
        let save = Message::Saving;
        let charset = Message::MenuToggled(Menu::Charset);
        let mut all = vec![
            entry(Icon::Route, "tool-header", "I", Message::SheetOpened(Sheet::Header)),
            entry(Icon::Code, "tool-source", "Ctrl+U", Message::SheetOpened(Sheet::Source)),
            entry(Icon::Text, "tool-charset", &charset_said(open), charset),
            entry(Icon::Save, "tool-save-letter", "Ctrl+S", save(Saving::Letter)).begins(),
            entry(Icon::Print, "tool-print", "Ctrl+P", save(Saving::Print)),
        ];
        if self.chooser {
            let letter = save(Saving::As(SaveAs::Letter));
            all.push(entry(Icon::Save, "tool-save-letter-as", "", letter));
            let print = save(Saving::As(SaveAs::Print));
            all.push(entry(Icon::Print, "tool-print-as", "", print));
            let attached = match open.letter.report.attachments.len() {
                0 => None,
                1 => Some(Message::SaveAsWanted(0)),
                _ => Some(save(Saving::As(SaveAs::All))),
            };
            all.extend(attached.map(|says| entry(Icon::Clip, "tool-save-attached-as", "", says)));
        }
        // Whether the letter is shown alone, where it is one of several.
        if !self.stacked || self.is_stacked(open) {
            let (mark, said) = match self.stacked {
                true => (Icon::Mail, "tool-alone"),
                false => (Icon::List, "tool-stacked"),
            };
            let switch = Message::Conversation(Conversation::Switched);
            all.push(entry(mark, said, "V", switch).begins());
        }
        if self.is_own() {
            return all;
        }
        let leave = |mark, said, on| entry(mark, said, "", Message::Leaving(on));
        let list = open.letter.report.unsubscribe.is_some();
        let list = list.then(|| leave(Icon::BellOff, "tool-leave", Leaving::Leave));
        let sender = match super::leaving::blocking(open) {
            Some(_) => Some(leave(Icon::Undo, "tool-unblock", Leaving::Unblocked)),
            None => open.sender().map(|_| leave(Icon::EyeOff, "tool-block", Leaving::Block)),
        };
        let mut of_sender = list.into_iter().chain(sender);
        all.extend(of_sender.next().map(Entry::begins));
        all.extend(of_sender);
        all
    }

    /// The charsets it can be read in; `None`: as it says itself.
    pub(super) fn charset_choices() -> impl Iterator<Item = Option<&'static str>> {
        std::iter::once(None).chain(CHARSETS.map(Some))
    }

    /// The button of these menus, and the one that is open.
    pub(super) fn more_menu<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let toggle = Message::MenuToggled(Menu::More);
        let under = icon_button(Icon::More, look.tokens.ink2, toggle, look);
        let under = tip(under, look.say("tool-more"), ".", look);
        if self.has(Menu::Charset) {
            let content = Some(self.charsets(open, look));
            return drop(under, content, Message::MenuClosed).into();
        }
        let content = self.has(Menu::More).then(|| self.pointed_menu(look));
        drop(under, content, Message::MenuClosed).into()
    }

    fn charsets<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let own = open.letter.charsets.join(", ");
        let mut entries = Column::new();
        for (at, charset) in Self::charset_choices().enumerate() {
            let on = (open.charset.as_deref() == charset).then_some(Icon::Check);
            let said = match charset {
                Some(charset) => (on, charset.to_uppercase(), None),
                None => {
                    let own = Some(own.clone()).filter(|own| !own.is_empty());
                    (on, look.say("charset-own"), own)
                }
            };
            let is_marked = self.is_marked(at);
            let entry = entry_at(is_marked, said, Message::Pick(Pick::Chosen(at)), look);
            entries = entries.push(marked(is_marked, entry));
        }
        let list = scrollable(entries).height(HIGHEST).style(theme::scroll(look.tokens));
        menu(vec![showing(list, self.marked()).into()], 230.0, look)
    }
}

/// The charset it is read in.
fn charset_said(open: &Open) -> String {
    match &open.charset {
        Some(name) => name.to_uppercase(),
        None => open.letter.charsets.join(", ").to_uppercase(),
    }
}
