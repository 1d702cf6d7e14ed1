//! How the settings look: sections to the left, where there is room, and one of them.

use super::super::{Message as Mail, State};
use super::{Message, Preferences, Section};
use crate::gui::screen::pieces::{across, icon_button, tight, upright, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use iced::widget::text::Wrapping;
use iced::widget::{Column, Row, button, column, container, row, scrollable, space};
use iced::{Center, Fill};

/// From this width on the sections stand beside what is in them.
pub(super) const BESIDE: f32 = 640.0;
/// What is in a section is not wider.
pub(super) const WIDEST: f32 = 620.0;

impl State {
    pub(in crate::gui::screen::mail) fn preferences_view<'a>(
        &'a self,
        preferences: &'a Preferences,
        look: Look<'a>,
    ) -> Element<'a, Mail> {
        let t = look.tokens;
        let mut head = row![].spacing(10).align_y(Center);
        if self.is_narrow() {
            let places = icon_button(Icon::Menu, t.ink2, Mail::PlacesToggled, look);
            head = head.push(super::super::tools::tip(places, look.say("places"), "F6", look));
        }
        let close = icon_button(Icon::Close, t.ink2, super::TOGGLE, look);
        let head = head
            .push(tight(look.say("settings-title"), size::SECTION, t.ink, theme::BOLD))
            .push(space().width(Fill))
            .push(super::super::tools::tip(close, look.say("close"), "Esc", look));
        let head = container(head).center_y(52).padding([0, 20]).style(theme::area(t.surface));
        let inside = self.section(preferences, look).max_width(WIDEST).spacing(14).width(Fill);
        let inside = container(inside).padding([20, 24]).width(Fill);
        let inside = scrollable(inside).width(Fill).height(Fill).style(theme::scroll(t));
        let inside = column![inside].push(self.account_foot(look));
        let body: Element<'a, Mail> = if self.beside_side() >= BESIDE {
            let sections = Section::ALL.map(|one| named(one, one == preferences.section, look));
            let sections = Column::with_children(sections).spacing(1).padding([14, 8]);
            row![sections.width(196), upright(t), inside].height(Fill).into()
        } else {
            let sections = Section::ALL.map(|one| tab(one, one == preferences.section, look));
            let sections = Row::with_children(sections).spacing(6).wrap().vertical_spacing(6);
            let sections = container(sections).padding([10, 20]);
            column![sections, across(t), inside].height(Fill).into()
        };
        column![head, across(t), body].width(Fill).height(Fill).into()
    }
}

/// A section in the list of them.
fn named<'a>(section: Section, on: bool, look: Look<'a>) -> Element<'a, Mail> {
    let t = look.tokens;
    let (ink, font) = if on { (t.ink, theme::SEMIBOLD) } else { (t.ink2, theme::REGULAR) };
    let inside = row![
        icon(section.mark(), if on { t.accent } else { t.ink2 }),
        line(look.say(section.name()), size::BODY, ink).font(font)
    ]
    .spacing(10)
    .align_y(Center);
    let choose = Mail::Preferences(Message::SectionChosen(section));
    let section = button(container(inside).center_y(Fill))
        .padding([0, 10])
        .height(34)
        .width(Fill)
        .style(theme::folder(t, on))
        .on_press(choose.clone());
    reach(section, Some(choose), t.accent).radius(8.0).into()
}

/// The same where they stand above what is in them.
fn tab<'a>(section: Section, on: bool, look: Look<'a>) -> Element<'a, Mail> {
    option(look.say(section.name()), on, Mail::Preferences(Message::SectionChosen(section)), look)
}

/// What belongs together, on a card, with lines between.
pub(super) fn card<'a>(
    blocks: impl IntoIterator<Item = Element<'a, Mail>>,
    look: Look<'a>,
) -> Element<'a, Mail> {
    let t = look.tokens;
    let mut card = Column::new();
    for (at, block) in blocks.into_iter().enumerate() {
        if at > 0 {
            card = card.push(across(t));
        }
        card = card.push(container(block).padding([14, 18]).width(Fill));
    }
    container(card).width(Fill).style(theme::card(t.surface, t.line, 12.0)).into()
}

/// A name, what there is to say of it, and what can be chosen.
pub(super) fn block<'a>(
    name: String,
    hint: String,
    chosen: Option<Element<'a, Mail>>,
    look: Look<'a>,
) -> Element<'a, Mail> {
    let t = look.tokens;
    let mut block = column![words(name, size::BODY, t.ink).font(theme::SEMIBOLD)].spacing(3);
    if !hint.is_empty() {
        block = block.push(
            // A path has no spaces to break at.
            words(hint, size::SECOND, t.ink2).line_height(1.5).wrapping(Wrapping::WordOrGlyph),
        );
    }
    if let Some(chosen) = chosen {
        block = block.push(space().height(5)).push(chosen);
    }
    block.width(Fill).into()
}

/// One of a few choices; without a message it cannot be chosen now.
pub(in crate::gui::screen::mail) fn option<'a>(
    said: String,
    on: bool,
    choose: impl Into<Option<Mail>>,
    look: Look<'a>,
) -> Element<'a, Mail> {
    let t = look.tokens;
    let choose = choose.into();
    let ink = match (&choose, on) {
        (Some(_), true) => t.accent,
        (Some(_), false) | (None, true) => t.ink2,
        (None, false) => t.ink3,
    };
    let said = tight(said, size::SECOND, ink, theme::SEMIBOLD);
    let choice = button(container(said).center_y(Fill))
        .padding([0, 14])
        .height(32)
        .style(theme::choice(t, on))
        .on_press_maybe(choose.clone());
    reach(choice, choose, t.accent).radius(8.0).into()
}

/// A few choices, of which one holds.
pub(super) fn options<'a>(
    all: impl IntoIterator<Item = (String, bool, Message)>,
    look: Look<'a>,
) -> Element<'a, Mail> {
    let all =
        all.into_iter().map(|(said, on, choose)| option(said, on, Mail::Preferences(choose), look));
    Row::with_children(all).spacing(6).wrap().vertical_spacing(6).into()
}
