//! What follows from what happens while a letter is written.

use super::{
    Action, Due, Field, LOOKED, Left, Line, Menu, Message, Receipt, SAVED_WITHIN, Stage, State,
};
use crate::engine::protocol::{Command, When};
use crate::gui::typed;
use iced::widget::text_editor::Action as Edit;
use std::path::PathBuf;

/// Longest subject and other lines, in bytes.
const LONGEST: usize = 2_000;

impl State {
    /// Takes what happened; says what to do about it.
    pub fn update(&mut self, message: Message) -> Vec<Action> {
        // What is being sent does not change.
        let fixed = !self.is_writing();
        match message {
            Message::Engine(event) => self.told(event),
            Message::Due(Due::Save(id)) if id == self.id => {
                self.timer = false;
                self.save()
            }
            Message::Due(Due::Look(id, edits)) if id == self.id && edits == self.edits => {
                match (self.stage, self.draft) {
                    (Stage::Writing, Some(draft)) => {
                        let mut actions = self.save();
                        actions.push(Action::Ask(Command::Preflight(draft, self.edits)));
                        actions
                    }
                    _ => Vec::new(),
                }
            }
            Message::Due(_) => Vec::new(),
            Message::SentAnyway => match self.stage {
                Stage::Asking(when) => self.give(when),
                _ => Vec::new(),
            },
            Message::Corrected(wrong, right) => match self.stage {
                Stage::Asking(when) => {
                    self.stage = Stage::Writing;
                    for line in [Line::To, Line::Cc, Line::Bcc] {
                        self.people_mut(line).correct(&wrong, &right);
                    }
                    let mut actions = self.edited();
                    actions.extend(self.send(when));
                    actions
                }
                _ => Vec::new(),
            },
            Message::AskedClosed => {
                if matches!(self.stage, Stage::Asking(_)) {
                    self.stage = Stage::Writing;
                }
                vec![Action::Focus(Field::Body)]
            }
            Message::Left => self.leave(),
            Message::Suggested(typed, people) => {
                self.suggest(&typed, people);
                Vec::new()
            }
            Message::Entered(field) => vec![Action::Focus(field)],
            Message::QuoteSwitched => {
                self.quote_shown = !self.quote_shown;
                Vec::new()
            }
            Message::ToldSwitched => {
                self.told_shown = !self.told_shown;
                Vec::new()
            }
            Message::MenuToggled(menu) => self.toggle(menu),
            Message::MenuClosed => {
                self.menu = None;
                Vec::new()
            }
            Message::Preview(did) => self.preview_did(did),
            Message::PreviewSwitched => self.switch_preview(),
            Message::Edited(action) if fixed && action.is_edit() => Vec::new(),
            Message::Edited(action) => self.edit(action),
            Message::FilesOver(over) => {
                self.files_over = over;
                Vec::new()
            }
            message => {
                if matches!(message, Message::FileDropped(_)) {
                    self.files_over = false;
                }
                if fixed { Vec::new() } else { self.write(message) }
            }
        }
    }

    /// Something that changes the letter.
    fn write(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::PeopleTyped(line, text) => {
                let before = self.people(line).all();
                self.people_mut(line).type_in(text);
                self.suggested = None;
                let typed = self.people(line).typed.trim().to_owned();
                let mut actions = match self.people(line).all() == before {
                    true => Vec::new(),
                    false => self.edited(),
                };
                if !typed.is_empty() {
                    self.suggested = Some((line, Vec::new(), 0));
                    actions.push(Action::Suggest(typed));
                }
                actions
            }
            Message::PeoplePasted(line, text) => {
                self.suggested = None;
                self.people_mut(line).paste(text);
                self.edited()
            }
            Message::PeopleEntered(line) => self.enter(line),
            Message::PersonRemoved(line, at) => {
                let list = &mut self.people_mut(line).list;
                if at < list.len() {
                    list.remove(at);
                }
                let mut actions = self.edited();
                actions.push(Action::Focus(Field::People(line)));
                actions
            }
            Message::LineShown(line) => {
                match line {
                    Line::To => {}
                    Line::Cc => self.cc_shown = true,
                    Line::Bcc => self.bcc_shown = true,
                }
                vec![Action::Focus(Field::People(line))]
            }
            Message::SuggestionMoved(by) => {
                if let Some((_, people, at)) = &mut self.suggested {
                    *at = at.saturating_add_signed(by).min(people.len().saturating_sub(1));
                }
                Vec::new()
            }
            Message::SuggestionTaken(at) => {
                let Some((line, people, _)) = self.suggested.take() else { return Vec::new() };
                let Some(person) = people.into_iter().nth(at) else { return Vec::new() };
                let list = self.people_mut(line);
                list.typed.clear();
                list.add(person);
                let mut actions = self.edited();
                actions.push(Action::Focus(Field::People(line)));
                actions
            }
            Message::SubjectTyped(mut text) => {
                let mut actions = self.enter_all();
                text.truncate(text.floor_char_boundary(LONGEST));
                text.retain(|c| !c.is_control());
                self.subject = text;
                actions.extend(self.edited());
                actions
            }
            Message::Marked(mark) => {
                if self.preview.is_some() || self.plain {
                    return Vec::new();
                }
                self.html = None;
                super::marks::put(&mut self.body, mark);
                let mut actions = self.edited();
                actions.push(Action::Focus(Field::Body));
                actions
            }
            Message::PlainSwitched => {
                self.plain = !self.plain;
                self.html = None;
                // Text only has no place for a picture.
                if self.plain && self.receipt() == Receipt::Picture {
                    self.set_receipt(Receipt::None);
                }
                self.edited()
            }
            Message::QuoteRemoved => {
                self.kept.quotation = None;
                self.edited()
            }
            Message::FromChosen(at) => {
                self.menu = None;
                if let Some((account, identity)) = self.identities.get(at).cloned() {
                    self.account = account;
                    self.kept.identity = identity;
                }
                self.gone = None;
                self.written_as_another()
            }
            Message::FileDropped(path) => self.attach(vec![path]),
            Message::PathTyped(text) => {
                self.path = text;
                Vec::new()
            }
            Message::PathEntered => {
                let Some(path) = typed::path(&std::mem::take(&mut self.path)) else {
                    return Vec::new();
                };
                self.menu = None;
                self.attach(vec![path])
            }
            Message::FileRemoved(file) => {
                let Some(draft) = self.draft else { return Vec::new() };
                let mut actions = self.edited();
                self.attaching += 1;
                actions.push(Action::Ask(Command::Detach(draft, file)));
                actions
            }
            Message::ReceiptChosen(receipt) => {
                self.set_receipt(receipt);
                self.edited()
            }
            Message::NoticeTyped(mut text) => {
                text.truncate(text.floor_char_boundary(LONGEST));
                text.retain(|c| !c.is_control());
                self.notice = text;
                self.set_receipt(self.receipt());
                self.edited()
            }
            Message::Sent(when) => {
                self.menu = None;
                self.send(when)
            }
            Message::LaterTyped(text) => {
                self.later = text;
                self.later_wrong = false;
                Vec::new()
            }
            Message::LaterEntered(Some(at)) => {
                self.menu = None;
                self.send(When::At(at))
            }
            Message::LaterEntered(None) => {
                self.later_wrong = true;
                Vec::new()
            }
            Message::Saved => {
                let mut actions = self.enter_all();
                actions.extend(self.save());
                actions
            }
            Message::Discarded => {
                let Some(draft) = self.draft else { return Vec::new() };
                let mut actions = self.close_preview();
                if self.is_empty() {
                    actions.push(Action::Ask(Command::Discard(draft)));
                    actions.push(Action::Leave(Left::Empty));
                } else {
                    actions.extend(self.save());
                    actions.push(Action::Leave(Left::Discarded));
                }
                actions
            }
            _ => Vec::new(),
        }
    }

    fn edit(&mut self, action: Edit) -> Vec<Action> {
        let changes = action.is_edit();
        self.body.perform(action);
        if !changes {
            return Vec::new();
        }
        self.html = None;
        let mut actions = self.enter_all();
        actions.extend(self.edited());
        actions
    }

    fn toggle(&mut self, menu: Menu) -> Vec<Action> {
        self.menu = if self.menu == Some(menu) { None } else { Some(menu) };
        match self.menu {
            Some(Menu::Attach) => vec![Action::Focus(Field::Path)],
            _ => Vec::new(),
        }
    }

    fn attach(&mut self, paths: Vec<PathBuf>) -> Vec<Action> {
        let Some(draft) = self.draft else { return Vec::new() };
        // A change like others: what was looked through before is not this letter.
        let mut actions = self.edited();
        self.attaching += 1;
        actions.push(Action::Ask(Command::Attach(draft, paths)));
        actions
    }

    fn suggest(&mut self, typed: &str, found: Vec<crate::model::Address>) {
        let Some((line, ..)) = &self.suggested else { return };
        let line = *line;
        // An answer to what was typed before is none to this.
        if self.people(line).typed.trim() != typed {
            return;
        }
        let there = [&self.to, &self.cc, &self.bcc];
        let known = |addr: &str| {
            there.iter().any(|l| l.list.iter().any(|known| known.addr.eq_ignore_ascii_case(addr)))
        };
        let found = found.into_iter().filter(|person| !known(&person.addr)).collect();
        self.suggested = Some((line, found, 0));
    }

    /// What was typed into a list becomes people.
    fn enter(&mut self, line: Line) -> Vec<Action> {
        self.suggested = None;
        match self.people_mut(line).enter() {
            true => self.edited(),
            false => Vec::new(),
        }
    }

    /// The same, of all lists: the cursor is elsewhere.
    pub(super) fn enter_all(&mut self) -> Vec<Action> {
        [Line::To, Line::Cc, Line::Bcc].into_iter().flat_map(|line| self.enter(line)).collect()
    }

    /// Something has changed: it is saved soon, and looked through when it rests.
    pub(super) fn edited(&mut self) -> Vec<Action> {
        self.edits += 1;
        self.problem = None;
        self.failed.clear();
        let mut actions = Vec::new();
        if !std::mem::replace(&mut self.timer, true) {
            actions.push(Action::Later(Due::Save(self.id), SAVED_WITHIN));
        }
        actions.push(Action::Later(Due::Look(self.id, self.edits), LOOKED));
        actions
    }
}
