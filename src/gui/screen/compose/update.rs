//! What follows from what happens while a letter is written.

use super::people::is_sound;
use super::{
    Action, Due, Field, LOOKED, Left, Line, Menu, Message, Receipt, SAVED_WITHIN, Stage, State,
};
use crate::engine::protocol::{Command, ComposeError, Event, NotDone, When, Writing};
use crate::gui::typed;
use crate::model::{AccountId, DraftBody, Identity};
use iced::widget::text_editor::{Action as Edit, Content};
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
    fn enter_all(&mut self) -> Vec<Action> {
        [Line::To, Line::Cc, Line::Bcc].into_iter().flat_map(|line| self.enter(line)).collect()
    }

    /// Something has changed: it is saved soon, and looked through when it rests.
    fn edited(&mut self) -> Vec<Action> {
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

    /// Name, address and signature are others: a preview shows them at once.
    fn written_as_another(&mut self) -> Vec<Action> {
        let mut actions = self.edited();
        if let Some(doc) = self.preview.as_ref().map(|preview| preview.doc) {
            actions.extend(self.save());
            let again = self.draft.map(|draft| Command::OpenDraft(doc, draft, self.how));
            actions.extend(again.map(Action::Ask));
        }
        actions
    }

    /// Who one can write as is another now: whoever writes here does so under their name and
    /// with their signature of now.
    pub fn writers_known(&mut self, writers: Vec<(AccountId, Identity)>) -> Vec<Action> {
        if !self.is_writing() || self.identities == writers {
            return Vec::new();
        }
        // Whose signature was left out on purpose gets none now either.
        let before = std::mem::replace(&mut self.identities, writers);
        let signed = find(&before, self.account, &self.kept.identity)
            .is_none_or(|(_, before)| before.signature == self.kept.identity.signature);
        match self.write_as_known(signed) {
            true => self.written_as_another(),
            false => Vec::new(),
        }
    }

    /// Takes name, signature and address for answers of whoever writes as they are now; an
    /// address nobody writes from any more becomes that of the account. Whether that changed
    /// anything.
    fn write_as_known(&mut self, signed: bool) -> bool {
        let kept = &self.kept.identity;
        let known = find(&self.identities, self.account, kept);
        let gone = known.is_none() && !kept.from.addr.is_empty();
        let own = self.identities.iter().find(|(account, _)| *account == self.account);
        let own = known.or(own.or(self.identities.first()).filter(|_| gone));
        let Some((account, mut own)) = own.cloned() else { return false };
        if gone {
            self.gone = Some(kept.from.addr.clone());
        }
        if !signed {
            own.signature.clone_from(&kept.signature);
        }
        let other = (account, &own) != (self.account, kept);
        (self.account, self.kept.identity) = (account, own);
        other
    }

    /// Hands what has changed to the store.
    pub(super) fn save(&mut self) -> Vec<Action> {
        let Some(draft) = self.draft.filter(|_| self.sent != self.edits) else {
            return Vec::new();
        };
        self.sent = self.edits;
        let written = Box::new(self.written());
        vec![Action::Ask(Command::SaveDraft(draft, self.account, written, self.edits))]
    }

    /// Sends it off: saved, then looked through, then given away.
    fn send(&mut self, when: When) -> Vec<Action> {
        let Some(draft) = self.draft else { return Vec::new() };
        let mut actions = self.enter_all();
        self.problem = None;
        let written = self.written();
        let why = match written.recipients().find(|person| !is_sound(person)) {
            Some(wrong) => Some(ComposeError::Address(wrong.addr.clone())),
            None => written.recipients().next().is_none().then_some(ComposeError::NoRecipient),
        };
        if let Some(why) = why {
            self.problem = Some(NotDone::Letter(why));
            actions.push(Action::Focus(Field::People(Line::To)));
            return actions;
        }
        actions.extend(self.save());
        actions.push(Action::Ask(Command::Preflight(draft, self.edits)));
        self.stage = Stage::Looking(when);
        actions
    }

    fn give(&mut self, when: When) -> Vec<Action> {
        let Some(draft) = self.draft else { return Vec::new() };
        self.stage = Stage::Giving(when);
        vec![Action::Ask(Command::Give(draft, when, self.looked))]
    }

    fn close_preview(&mut self) -> Vec<Action> {
        let preview = self.preview.take();
        preview.map(|preview| Action::Ask(Command::Close(preview.doc))).into_iter().collect()
    }

    /// Menus and sheets first; then the letter is put away.
    fn leave(&mut self) -> Vec<Action> {
        if self.menu.take().is_some() {
            return Vec::new();
        }
        if self.suggested.take().is_some_and(|(_, people, _)| !people.is_empty()) {
            return Vec::new();
        }
        match self.stage {
            Stage::Asking(_) => {
                self.stage = Stage::Writing;
                return Vec::new();
            }
            // The engine answers in a moment.
            Stage::Looking(_) | Stage::Giving(_) => return Vec::new(),
            Stage::Coming | Stage::Writing => {}
        }
        self.put_away()
    }

    /// Puts the letter away. One that is on its way to be sent goes on; one that could not
    /// be kept comes back: see [`Left::Awaited`].
    pub fn put_away(&mut self) -> Vec<Action> {
        self.menu = None;
        self.suggested = None;
        self.problem = None;
        self.failed.clear();
        let going = matches!(self.stage, Stage::Looking(_) | Stage::Giving(_));
        if !going {
            // A question nobody answers is no yes.
            if matches!(self.stage, Stage::Asking(_)) {
                self.stage = Stage::Writing;
            }
            self.enter_all();
        }
        let empty = self.is_empty();
        let mut actions = self.save();
        actions.extend(self.close_preview());
        if !going {
            actions.extend(self.draft.map(|draft| Action::Ask(Command::PutAway(draft))));
        }
        let left = match (empty, self.is_awaited()) {
            (true, _) => Left::Empty,
            (false, true) => Left::Awaited,
            (false, false) => Left::PutAway,
        };
        actions.push(Action::Leave(left));
        actions
    }

    /// The letter is before its writer again.
    pub fn come_back(&mut self) -> Vec<Action> {
        // Nobody heard it meanwhile.
        self.timer = false;
        let mut actions = self.save();
        if self.is_writing() {
            actions.push(Action::Focus(Field::Body));
        }
        actions
    }

    /// The engine says something.
    fn told(&mut self, event: Event) -> Vec<Action> {
        if self.has_doc(&event) {
            return self.previewed(event);
        }
        let own = |draft| self.draft == Some(draft);
        match event {
            Event::Writing(id, begun) if id == self.id && self.stage == Stage::Coming => {
                match begun {
                    Ok(writing) => self.begin(*writing),
                    Err(why) => vec![Action::Leave(Left::NotBegun(why))],
                }
            }
            Event::DraftSaved(draft, edits) if own(draft) => {
                self.saved = self.saved.max(edits);
                Vec::new()
            }
            Event::DraftNotSaved(draft, why) if own(draft) => {
                // It is tried again with the next change, or the next try to send.
                self.sent = self.saved;
                self.attaching = 0;
                self.problem = Some(why);
                self.stage = Stage::Writing;
                Vec::new()
            }
            // That there is one now is no wish to use it.
            Event::ReceiptServerSet(_, Ok((server, _))) => {
                self.receipt_server = Some(server);
                Vec::new()
            }
            Event::Files(draft, files, failed) if own(draft) => {
                self.files = files;
                self.attaching = self.attaching.saturating_sub(1);
                // A letter does not go without a file that was to be in it.
                if !failed.is_empty() && matches!(self.stage, Stage::Looking(_) | Stage::Asking(_))
                {
                    self.stage = Stage::Writing;
                }
                self.failed.extend(failed);
                vec![Action::Later(Due::Look(self.id, self.edits), LOOKED)]
            }
            Event::Preflight(draft, edits, version, findings) if own(draft) => {
                // Of a letter that is asked about, what was found stands.
                if matches!(self.stage, Stage::Asking(_) | Stage::Giving(_)) {
                    return Vec::new();
                }
                self.findings = findings;
                let sending = matches!(self.stage, Stage::Looking(_));
                // What was looked through before the last change, or before that was kept, is
                // not what goes.
                if sending && (edits != self.edits || !self.is_saved()) {
                    return Vec::new();
                }
                self.looked = version;
                match self.stage {
                    Stage::Looking(when) if self.asked().next().is_none() => self.give(when),
                    Stage::Looking(when) => {
                        self.stage = Stage::Asking(when);
                        Vec::new()
                    }
                    _ => Vec::new(),
                }
            }
            Event::Given(draft, given) if own(draft) => match given {
                Ok((letter, at)) => {
                    let at = matches!(self.stage, Stage::Giving(When::At(_))).then_some(at);
                    let mut actions = self.close_preview();
                    actions.push(Action::Leave(Left::Given(letter, at)));
                    actions
                }
                Err(why) => {
                    self.stage = Stage::Writing;
                    self.problem = Some(why);
                    Vec::new()
                }
            },
            // It is not sent unseen.
            Event::NotLookedThrough(draft, why) if own(draft) => {
                if matches!(self.stage, Stage::Looking(_)) {
                    self.stage = Stage::Writing;
                    self.problem = Some(why);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn begin(&mut self, writing: Writing) -> Vec<Action> {
        let Writing { row, identities, left_out, receipt_server } = writing;
        let mut draft = row.draft;
        self.draft = Some(row.id);
        self.account = row.account;
        self.identities = identities;
        self.left_out = left_out;
        self.receipt_server = receipt_server;
        self.files = row.files;
        self.to.list = std::mem::take(&mut draft.to);
        self.cc.list = std::mem::take(&mut draft.cc);
        self.bcc.list = std::mem::take(&mut draft.bcc);
        self.cc_shown = !self.cc.list.is_empty();
        self.bcc_shown = !self.bcc.list.is_empty();
        self.subject = std::mem::take(&mut draft.subject);
        let body = std::mem::take(&mut draft.body);
        let text = match &body {
            DraftBody::Text(text) | DraftBody::Marked(text) => text.clone(),
            DraftBody::Html { text, .. } => text.clone().unwrap_or_default(),
        };
        self.plain = matches!(body, DraftBody::Text(_));
        self.html = matches!(body, DraftBody::Html { .. }).then_some(body);
        self.body = Content::with_text(&text);
        if let Some(pixel) = &draft.receipt.pixel {
            self.notice.clone_from(&pixel.notice);
        }
        self.kept = draft;
        self.stage = Stage::Writing;
        let signed = !self.kept.identity.signature.is_empty();
        let other = self.write_as_known(signed);
        let field = match self.to.list.is_empty() {
            true => Field::People(Line::To),
            false if self.subject.is_empty() => Field::Subject,
            false => Field::Body,
        };
        let mut actions = vec![Action::Focus(field)];
        if other {
            actions.extend(self.edited());
        }
        let looks = self.draft.map(|draft| Action::Ask(Command::Preflight(draft, self.edits)));
        actions.extend(looks);
        actions
    }
}

/// Who writes from this address of an account.
fn find<'i>(
    known: &'i [(AccountId, Identity)],
    of: AccountId,
    identity: &Identity,
) -> Option<&'i (AccountId, Identity)> {
    let addr = &identity.from.addr;
    known.iter().find(|(account, own)| *account == of && own.from.addr.eq_ignore_ascii_case(addr))
}
