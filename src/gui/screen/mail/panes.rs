//! Which panes there are, and how wide: sidebar, list, letter. Their borders are dragged, or
//! moved by keys; what somebody wants is remembered, and given as far as there is room.
//!
//! Promise: whatever the window's size, every pane can be come to, by a button that is seen.

use super::{Action, Message, Place, State};
use crate::gui::screen::pieces::{icon_button, upright};
use crate::gui::theme::{self, Look};
use crate::gui::widget::Element;
use crate::gui::widget::edges::{Pull, edges};
use crate::gui::widget::icon::Icon;
use iced::keyboard::{Key, Modifiers};
use iced::widget::{container, row};
use iced::{Fill, Length};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// From this width on there is room for three panes, in logical pixels.
const THREE: f32 = 980.0;
/// From this width on for two.
const TWO: f32 = 700.0;
/// Width of the sidebar.
const SIDE: f32 = 216.0;
/// Its width where it lies over the list.
pub(super) const OVER: f32 = 240.0;
/// What it can be dragged to.
const SIDES: RangeInclusive<f32> = 176.0..=340.0;
/// What the list can be dragged to.
const LISTS: RangeInclusive<f32> = 260.0..=720.0;
/// A letter is never narrower beside a list: what can be done with it has its room.
const LETTER: f32 = 440.0;
/// Width of a border.
const BORDER: f32 = 1.0;
/// How far a key moves one.
const STEP: f32 = 24.0;

/// Widths that somebody has chosen, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Panes {
    /// Of the sidebar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<u32>,
    /// Of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<u32>,
}

/// A border that can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Border {
    /// Right of the sidebar.
    Side,
    /// Right of the list.
    List,
}

/// The panes as there is room for them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arranged {
    /// Width of the sidebar, if it stands beside the list.
    pub side: Option<f32>,
    /// Width of the list, if the letter stands beside it.
    pub list: Option<f32>,
}

impl Arranged {
    /// Where what stands beside the sidebar begins.
    fn left(self) -> f32 {
        self.side.map_or(0.0, |side| side + BORDER)
    }
}

/// What the sidebar takes at most in a window of this width.
fn most_of_side(window: f32) -> f32 {
    window - LISTS.start() - LETTER - 2.0 * BORDER
}

/// What the list takes at most of this room.
fn most_of_list(room: f32) -> f32 {
    room - BORDER - LETTER
}

impl Panes {
    /// How they stand in a window of this width.
    pub fn arranged(&self, window: f32) -> Arranged {
        let wish = |wish: Option<u32>, default: f32, range: RangeInclusive<f32>| {
            wish.map_or(default, |wish| wish as f32).clamp(*range.start(), *range.end())
        };
        let side =
            (window >= THREE).then(|| wish(self.side, SIDE, SIDES).min(most_of_side(window)));
        let beside = window - Arranged { side, list: None }.left();
        let default = if beside >= 880.0 { 360.0 } else { 300.0 };
        let list = (window >= TWO).then(|| {
            let most = most_of_list(beside).max(*LISTS.start());
            wish(self.list, default, LISTS).min(most)
        });
        Arranged { side, list }
    }
}

impl State {
    /// How the panes stand.
    pub(super) fn arranged(&self) -> Arranged {
        self.panes.arranged(self.window.width)
    }

    /// Whether there is no room for the sidebar beside the list.
    pub(super) fn is_narrow(&self) -> bool {
        self.arranged().side.is_none()
    }

    /// Whether there is room for either the list or the letter.
    pub(super) fn is_single(&self) -> bool {
        self.arranged().list.is_none()
    }

    /// What takes up the room right of the sidebar, where there is one: its width.
    pub(super) fn beside_side(&self) -> f32 {
        self.window.width - self.arranged().left()
    }

    /// The room that a letter has, in logical pixels.
    pub(super) fn letter_width(&self) -> f32 {
        self.beside_side() - self.arranged().list.map_or(0.0, |list| list + BORDER)
    }

    /// Whether the letter is what is looked at where only one of both is.
    fn letter_is_shown(&self) -> bool {
        self.open.is_some() || self.coming.is_some() || self.not_opened.is_some()
    }

    /// Whether the list is what is looked at: a key moves in it and opens nothing.
    pub(super) fn only_list_is_shown(&self) -> bool {
        self.is_single() && !self.letter_is_shown()
    }

    /// Whether list and letter stand in front, and nothing else in their room.
    pub(super) fn are_letters_in_front(&self) -> bool {
        self.writing.is_none()
            && self.preferences.is_none()
            && !matches!(self.list.place, Place::Outbox | Place::Receipts)
    }

    /// Whether the letter is: there is a way back to the list.
    pub(super) fn only_letter_is_shown(&self) -> bool {
        self.is_single() && self.letter_is_shown() && self.are_letters_in_front()
    }

    /// Whether the field of the search can be seen.
    pub(super) fn search_is_shown(&self) -> bool {
        self.are_letters_in_front() && !self.only_letter_is_shown()
    }

    /// From whatever stands in front of lists and letters back to them.
    pub(super) fn show_letters(&mut self) -> Vec<Action> {
        self.preferences = None;
        match self.list.place {
            Place::Outbox | Place::Receipts => self.update(Message::PlaceChosen(Place::All)),
            _ => self.stop_writing(),
        }
    }

    /// From the letter back to the list.
    pub(super) fn back_to_list(&mut self) -> Vec<Action> {
        let mut actions = self.cancel_coming();
        actions.extend(self.close());
        self.not_opened = None;
        self.sheet = None;
        self.menu = None;
        actions
    }

    /// A border is moved.
    pub(super) fn pulled(&mut self, border: Border, pull: Pull) -> Vec<Action> {
        let now = self.arranged();
        match pull {
            Pull::Done => return vec![Action::Remember],
            Pull::Back => {
                match border {
                    Border::Side => self.panes.side = None,
                    Border::List => self.panes.list = None,
                }
                return vec![Action::Remember];
            }
            Pull::To(x) => match border {
                Border::Side => {
                    let most = most_of_side(self.window.width);
                    let range = *SIDES.start()..=most.clamp(*SIDES.start(), *SIDES.end());
                    self.panes.side = Some(whole(x, &range));
                }
                Border::List => {
                    let most = most_of_list(self.beside_side());
                    let range = *LISTS.start()..=most.clamp(*LISTS.start(), *LISTS.end());
                    self.panes.list = Some(whole(x - now.left(), &range));
                }
            },
        }
        Vec::new()
    }

    /// A border is moved by a key.
    pub(super) fn stepped(&mut self, border: Border, by: isize) -> Vec<Action> {
        let now = self.arranged();
        let by = by as f32 * STEP;
        let to = match border {
            Border::Side => now.side.map(|side| side + by),
            Border::List => now.list.map(|list| now.left() + list + by),
        };
        let Some(to) = to else { return Vec::new() };
        let mut actions = self.pulled(border, Pull::To(to));
        actions.push(Action::Remember);
        actions
    }

    /// List and letter, or the one of both that there is room for.
    pub(super) fn list_and_letter<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let list = |width: Length| {
            container(self.listing(look)).width(width).height(Fill).style(theme::area(t.surface))
        };
        match self.arranged().list {
            Some(width) => row![list(width.into()), upright(t), self.reading(look)].into(),
            None if self.letter_is_shown() => self.reading(look),
            None => list(Fill).into(),
        }
    }

    /// The sidebar and what stands beside it, with borders that can be dragged.
    pub(super) fn with_side<'a>(
        &'a self,
        beside: Element<'a, Message>,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let now = self.arranged();
        let panes = match now.side {
            Some(width) => row![self.sidebar(width, look), upright(t), beside],
            None => row![beside],
        };
        let side = now.side.map(|side| (Border::Side, side));
        let list = now.list.filter(|_| self.are_letters_in_front());
        let list = list.map(|list| (Border::List, now.left() + list));
        let at = side.into_iter().chain(list).collect();
        edges(panes.height(Fill), at, t, Message::Pulled).into()
    }

    /// The way back to the list, where the letter has taken its room.
    pub(super) fn way_back<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        self.only_letter_is_shown().then(|| {
            let back = icon_button(Icon::Back, look.tokens.ink2, Message::BackToList, look);
            super::tools::tip(back, look.say("back-to-list"), "Esc", look)
        })
    }
}

fn whole(width: f32, range: &RangeInclusive<f32>) -> u32 {
    width.clamp(*range.start(), *range.end()).round() as u32
}

/// Keys that move borders.
pub(super) fn pressed(key: &Key, modifiers: Modifiers) -> Option<Message> {
    let border = if modifiers.shift() { Border::Side } else { Border::List };
    match key.as_ref() {
        Key::Character("[" | "{") => Some(Message::Stepped(border, -1)),
        Key::Character("]" | "}") => Some(Message::Stepped(border, 1)),
        Key::Character("\\" | "|" | "₩") => Some(Message::Pulled(border, Pull::Back)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_panes_as_there_is_room_for_and_a_letter_never_too_narrow() {
        let count = |width| {
            let now = Panes::default().arranged(width);
            1 + usize::from(now.side.is_some()) + usize::from(now.list.is_some())
        };
        assert_eq!([count(1280.0), count(960.0), count(760.0), count(506.0)], [3, 2, 2, 1]);
        let wishes = [None, Some(0), Some(216), Some(4_000_000_000)];
        for window in 320..2600 {
            for side in wishes {
                for list in wishes {
                    let now = Panes { side, list }.arranged(window as f32);
                    let taken = |width: Option<f32>| width.map_or(0.0, |width| width + BORDER);
                    let letter = window as f32 - taken(now.side) - taken(now.list);
                    let least = if now.list.is_some() { LETTER - 1.0 } else { 0.0 };
                    assert!(letter >= least, "{window} {side:?} {list:?}: {letter}");
                }
            }
        }
    }

    #[test]
    fn the_drawing_is_what_one_sees_first() {
        let now = Panes::default().arranged(1280.0);
        assert_eq!(now, Arranged { side: Some(216.0), list: Some(360.0) });
    }
}
