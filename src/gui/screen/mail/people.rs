//! Everybody a letter names: who wrote it, to whom, and who has a copy. Unfolded under the line
//! that says how it came; each has a menu of what can be done with the address.

use super::menus::Entry;
use super::open::Open;
use super::searching::plain;
use super::{Action, Menu, Message as Said, State};
use crate::engine::protocol::Start;
use crate::gui::screen::pieces::{tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::Line;
use crate::gui::widget::reach::reach;
use crate::model::Address;
use crate::store::search::quoted;
use iced::widget::{Column, Row, button, container, row, scrollable};
use iced::{Center, Fill, Padding};

/// People that are shown; a letter with more of them says how many.
const MOST: usize = 100;
/// Characters of a name, and of an address, that are shown.
const NAME: usize = 40;
const ADDRESS: usize = 80;
/// Height of what is unfolded at most, in logical pixels; the rest is scrolled to.
const HEIGHT: f32 = 168.0;
/// Width of what says who they are.
const LABEL: f32 = 76.0;

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// They are unfolded, or folded.
    Unfolded,
    /// A letter to this one is to be written.
    Write(Address),
    /// Letters from this address are looked for.
    Search(String),
}

/// Everybody, each with the name of what they are to the letter.
fn all(open: &Open) -> impl Iterator<Item = (&'static str, &Address)> {
    let letter = &open.letter;
    let from = letter.from.iter().map(|one| ("people-from", one));
    let to = letter.to.iter().map(|one| ("people-to", one));
    from.chain(to).chain(letter.cc.iter().map(|one| ("people-cc", one)))
}

impl State {
    pub(super) fn of_people(&mut self, message: Message) -> Vec<Action> {
        self.menu = None;
        match message {
            Message::Unfolded => {
                if let Some(open) = &mut self.open {
                    open.people = !open.people;
                }
                Vec::new()
            }
            Message::Write(whom) => self.write(Start::New(self.account_at_hand(), vec![whom])),
            Message::Search(addr) => self.seek(format!("from:{}", quoted(&plain(&addr)))),
        }
    }

    /// How a letter came, which unfolds who is named in it.
    pub(super) fn people_button<'a>(
        &'a self,
        open: &'a Open,
        came: Line,
        look: Look<'a>,
    ) -> Element<'a, Said> {
        let t = look.tokens;
        let mark = if open.people { Icon::Up } else { Icon::Down };
        let said = row![icon(mark, t.ink3).size(12.0), came].spacing(4).align_y(Center);
        let on = Said::People(Message::Unfolded);
        let under =
            button(said).padding([0, 2]).style(theme::quiet(t, t.ink2)).on_press(on.clone());
        let under = reach(under, Some(on), t.accent);
        let tip = if open.people { "people-fold" } else { "people-unfold" };
        super::tools::tip(under, look.say(tip), "W", look)
    }

    /// Everybody who is named, where that is unfolded.
    pub(super) fn people<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Said>> {
        if !open.people {
            return None;
        }
        let t = look.tokens;
        let mut lines: Column<'a, Said> = Column::new().spacing(4);
        for kind in ["people-from", "people-to", "people-cc"] {
            let of = all(open).enumerate().filter(|(at, (of, _))| *at < MOST && *of == kind);
            let mut chips: Vec<Element<'a, Said>> =
                of.map(|(at, (_, one))| self.person(open, at, one, look)).collect();
            let count = all(open).filter(|(of, _)| *of == kind).count();
            if let Some(more @ 1..) = count.checked_sub(chips.len()) {
                let more = i64::try_from(more).unwrap_or(i64::MAX);
                let said = look.words.say_with("people-more", &[("count", more.into())]);
                chips.push(container(words(said, size::HINT, t.ink3)).center_y(26).into());
            }
            if count == 0 {
                continue;
            }
            let label = container(words(look.say(kind), size::HINT, t.ink3)).center_y(26);
            let chips = Row::with_children(chips).spacing(4).wrap().vertical_spacing(2);
            lines = lines.push(row![label.width(LABEL), container(chips).width(Fill)]);
        }
        let lines = scrollable(container(lines).padding(Padding::ZERO.right(8)).width(Fill))
            .style(theme::scroll(t));
        let lines = container(lines).max_height(HEIGHT).width(Fill);
        Some(container(lines).padding(Padding::ZERO.top(8).left(46)).width(Fill).into())
    }

    /// What can be done with the address of the how many-th.
    pub(super) fn person_entries(&self, at: usize) -> Vec<Entry> {
        let one = self.open.as_ref().and_then(|open| all(open).nth(at));
        let Some((_, one)) = one else { return Vec::new() };
        let addr = one.addr.clone();
        let write = Said::People(Message::Write(one.clone()));
        let search = Said::People(Message::Search(addr.clone()));
        vec![
            Entry::new(Some(Icon::Copy), "people-copy", "", Said::Copied(addr)),
            Entry::new(Some(Icon::Draft), "people-write", "", write),
            Entry::new(Some(Icon::Search), "people-search", "", search),
        ]
    }

    /// One of them, and what can be done with the address.
    fn person<'a>(
        &'a self,
        open: &'a Open,
        at: usize,
        one: &Address,
        look: Look<'a>,
    ) -> Element<'a, Said> {
        let t = look.tokens;
        let addr: String = one.addr.chars().take(ADDRESS).collect();
        let name = one.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let name: Option<String> = name.map(|name| name.chars().take(NAME).collect());
        let said = match name {
            Some(name) => row![
                tight(name, size::HINT, t.ink, theme::SEMIBOLD),
                tight(addr, size::HINT, t.ink2, theme::REGULAR),
            ],
            None => row![tight(addr, size::HINT, t.ink, theme::REGULAR)],
        };
        let which = Menu::Person(at);
        let toggle = Said::MenuToggled(which);
        let chip = button(container(said.spacing(6).align_y(Center)).center_y(Fill))
            .padding([0, 8])
            .height(26)
            .style(theme::quiet(t, t.ink))
            .on_press(toggle.clone());
        let chip = reach(chip, Some(toggle), t.accent);
        let here = self.is_at_hand(open) && self.has(which);
        let content = here.then(|| self.pointed_menu(look));
        drop(chip, content, Said::MenuClosed).into()
    }
}
