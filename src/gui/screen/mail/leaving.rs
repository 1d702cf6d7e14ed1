//! Having nothing more of a sender: leaving a list, and blocking. Each says first what it
//! will do and what it cannot; nothing is asked of anybody by itself.

use super::deeds::Deed;
use super::link::link_dialogue_of;
use super::open::Open;
use super::sheet::{answers, dialogue};
use super::{Action, Notice, Sheet, State};
use crate::engine::protocol::{Command, Trust};
use crate::gui::screen::pieces::{link_button, main_button, small, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{Act, Proof, Role, Rule, Scope};
use iced::widget::text::Wrapping;
use iced::widget::{column, container, row, space};
use iced::{Center, Fill};

/// Characters of an address that are shown.
const SHOWN: usize = 120;

/// What is to be done about a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Leave the list: says first how.
    Leave,
    /// Look at the page by which it is left.
    LeavePage,
    /// Block the sender: says first what that does.
    Block,
    /// Block them, and put the letter to junk where that is wanted.
    Blocked {
        /// The open letter goes to junk.
        junk: bool,
    },
    /// Block them no longer.
    Unblocked,
}

/// A sender that was blocked last: as long as nothing else is done it is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The rule.
    rule: Rule,
    /// What held for that address before.
    before: Option<Rule>,
    /// The letter went to junk in the same go.
    junk: bool,
}

impl State {
    /// The sender that was blocked last is blocked no more, and what held before holds again.
    pub(super) fn unblock(&mut self) -> Option<Vec<Action>> {
        let Blocked { rule, before, junk } = self.blocked.take()?;
        let back = before.map_or(Command::Forget(rule), Command::Restore);
        let mut actions = vec![Action::Ask(back)];
        actions.extend(if junk { self.undo() } else { self.say(Notice::Undone) });
        Some(actions)
    }

    /// Something is to be done about the sender of the open letter.
    pub(super) fn leave_sender(&mut self, message: Message) -> Vec<Action> {
        self.menu = None;
        let Some(open) = &self.open else { return Vec::new() };
        let doc = open.doc;
        match message {
            Message::Leave => {
                self.sheet = open.letter.report.unsubscribe.is_some().then_some(Sheet::Leave);
                Vec::new()
            }
            Message::LeavePage => {
                self.sheet = Some(Sheet::LeavePage);
                Vec::new()
            }
            Message::Block => {
                self.sheet = open.sender().is_some().then_some(Sheet::Block);
                Vec::new()
            }
            Message::Blocked { junk } => {
                self.sheet = None;
                let Some(whom) = open.sender().map(str::to_owned) else { return Vec::new() };
                let is_before = |rule: &&Rule| matches!(rule.scope, Scope::Sender(_));
                let before = open.ledger.rules.iter().find(is_before).cloned();
                let rule = Rule { scope: Scope::Never(whom.clone()), proof: Proof::None };
                let mut actions = vec![Action::Ask(Command::Trust(doc, Trust::Never))];
                actions.extend(self.say(Notice::Blocked(whom)));
                // Another letter may have been chosen meanwhile.
                let shown = self.open.as_ref().and_then(|open| open.id);
                let is_meant = self.at_hand().is_some_and(|row| Some(row.id) == shown);
                let junk = junk && is_meant && self.role_at_hand() != Some(Role::Junk);
                if junk {
                    actions.extend(self.put(Deed::Junked, Act::Junk));
                }
                self.blocked = Some(Blocked { rule, before, junk });
                actions
            }
            Message::Unblocked => {
                let rule = blocking(open).cloned();
                self.blocked = None;
                rule.map(|rule| Action::Ask(Command::Forget(rule))).into_iter().collect()
            }
        }
    }

    /// How the list is left, before anything is done.
    pub(super) fn leave_dialogue<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, super::Message> {
        let t = look.tokens;
        let Some(ways) = &open.letter.report.unsubscribe else { return space().into() };
        let mut body =
            column![words(look.say("leave-title"), size::SECTION, t.ink).font(theme::BOLD)]
                .spacing(10);
        if !open.ledger.proven || self.role_at_hand() == Some(Role::Junk) {
            let said = words(look.say("leave-unproven"), size::SECOND, t.ink2).width(Fill);
            let said = row![icon(Icon::Warn, t.warn), said].spacing(10);
            let said = container(said).padding([8, 10]).width(Fill);
            body = body.push(said.style(theme::tag(t.warn_soft)));
        }
        if let Some((link, to)) = &ways.mail {
            let to: String = to.chars().take(SHOWN).collect();
            let said = look.words.say_with("leave-mail-hint", &[("to", to.into())]);
            let write = super::Message::Visited(link.clone());
            let write = small(Some(Icon::Mail), look.say("leave-mail-write"), Some(write), look);
            body = body.push(way(look.say("leave-mail"), said, write, look));
        }
        if let Some(page) = &ways.page {
            let site = page.domain.clone().unwrap_or_else(|| page.href.clone());
            let site: String = site.chars().take(SHOWN).collect();
            let said = look.words.say_with("leave-page-hint", &[("site", site.into())]);
            let see = super::Message::Leaving(Message::LeavePage);
            let see = small(Some(Icon::Link), look.say("leave-page-see"), Some(see), look);
            body = body.push(way(look.say("leave-page"), said, see, look));
        }
        if ways.one_click {
            body = body.push(words(look.say("leave-one-click"), size::HINT, t.ink3));
        }
        let block = super::Message::Leaving(Message::Block);
        let buttons = row![
            link_button(look.say("leave-block"), block, look),
            space().width(Fill),
            link_button(look.say("cancel"), super::Message::SheetClosed, look),
        ];
        dialogue(body.push(buttons.align_y(Center)), 520.0, look)
    }

    /// The page by which the list is left, as any link before it is opened.
    pub(super) fn leave_page_dialogue<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, super::Message> {
        let ways = open.letter.report.unsubscribe.as_ref();
        match ways.and_then(|ways| ways.page.as_ref()) {
            Some(page) => link_dialogue_of(page, look),
            None => space().into(),
        }
    }

    /// What blocking does and does not, before it is done.
    pub(super) fn block_dialogue<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, super::Message> {
        let t = look.tokens;
        let whom: String = open.sender().unwrap_or_default().chars().take(SHOWN).collect();
        let title = look.words.say_with("block-title", &[("whom", whom.into())]);
        let line = |mark, ink, said: &str| {
            row![icon(mark, ink), words(look.say(said), size::SECOND, t.ink2).width(Fill)]
                .spacing(10)
        };
        let mut body = column![
            words(title, size::SECTION, t.ink).font(theme::BOLD).wrapping(Wrapping::WordOrGlyph),
            line(Icon::EyeOff, t.accent, "block-pictures"),
            line(Icon::Inbox, t.ink3, "block-arrives"),
            line(Icon::Shield, t.ink3, "block-list"),
            space().height(2),
        ]
        .spacing(8);
        let blocked = |junk| super::Message::Leaving(Message::Blocked { junk });
        let can_junk = open.id.is_some()
            && self.role_at_hand().is_none_or(|role| role != Role::Junk)
            && self.at_hand().is_some();
        let only = small(None, look.say("block-only"), Some(blocked(false)), look);
        let (said, on) = match can_junk {
            true => ("block-junk", blocked(true)),
            false => ("block-only", blocked(false)),
        };
        let block = main_button(Some(Icon::EyeOff), look.say(said), Some(on), look);
        let yes = row![].push(can_junk.then_some(only)).push(block).spacing(8);
        body = body.push(answers(yes.align_y(Center).into(), look));
        dialogue(body, 500.0, look)
    }
}

/// The rule that blocks the sender of a letter.
pub(super) fn blocking(open: &Open) -> Option<&Rule> {
    open.ledger.rules.iter().find(|rule| matches!(rule.scope, Scope::Never(_)))
}

/// A way to leave a list: its name, what it does, and what begins it.
fn way<'a>(
    title: String,
    said: String,
    begin: Element<'a, super::Message>,
    look: Look<'a>,
) -> Element<'a, super::Message> {
    let t = look.tokens;
    let said = column![
        words(title, size::SECOND, t.ink).font(theme::SEMIBOLD),
        words(said, size::HINT, t.ink2).wrapping(Wrapping::WordOrGlyph),
    ]
    .spacing(2)
    .width(Fill);
    let inside = row![said, begin].spacing(12).align_y(Center);
    container(inside).padding([10, 12]).style(theme::card(t.paper, t.line, 8.0)).into()
}
