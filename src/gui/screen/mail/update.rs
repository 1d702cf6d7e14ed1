//! What follows from what happened.

use super::deeds::SEEN_AFTER;
use super::link::is_mailto;
use super::open::{Find, Open, Seen};
use super::saving::SaveAs;
use super::{Action, Due, Field, Menu, Message, Notice, Read, Sheet, State, writing};
use crate::engine::protocol::{Command, Start};
use crate::gui::screen::compose;
use crate::gui::theme::Mode;
use crate::gui::widget::letter::Did;
use crate::html::clean::Scheme;
use crate::html::worker::protocol::{DocId, Hit, Rect, Select, View};
use crate::model::{Flags, Reason, Rule, Scope, Verdict};
use crate::window_thread;
use iced::Vector;
use std::sync::Arc;

/// Steps of zoom.
const ZOOMS: [f32; 11] = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 3.0];
/// Narrowest column a letter is laid out in.
const NARROWEST: f32 = 240.0;

impl State {
    /// Takes what happened and says what to do.
    pub fn update(&mut self, message: Message) -> Vec<Action> {
        let _marked = window_thread::marked();
        self.leave_preferences(&message);
        self.leave_pane(&message);
        let mut actions = self.follow(message);
        actions.extend(self.mind_preview());
        // However a menu went: what only it had picked is not what is shown.
        let asks = self.drag.is_some() || self.sheet.is_some();
        if self.menu.is_none() && self.list.many.by_menu && !asks {
            self.let_go();
        }
        actions
    }

    fn follow(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Engine(event) => self.engine(event),
            Message::Folders(Ok(folders)) => self.folders_read(folders),
            Message::Folders(Err(error)) => self.say(Notice::Failed(error.into())),
            Message::Accounts(accounts, fresh) => {
                self.accounts = accounts;
                self.accounts_known();
                let writers = crate::engine::writing::identities(&self.accounts);
                let actions = self.writers_known(writers);
                // Nothing to look at yet: the first thing to do is to say where mail is.
                match fresh && self.hits.is_none() && self.coming.is_none() && self.open.is_none() {
                    true => vec![Action::AddAccount(false)],
                    false => actions,
                }
            }
            Message::Page(generation, first, page) => self.page_read(generation, first, page),
            Message::Found(generation, rows) => self.found(generation, rows),
            Message::Snippets(generation, snippets) => {
                if generation == self.list.generation {
                    for (id, text) in snippets {
                        self.list.keep_text(id, text);
                    }
                }
                Vec::new()
            }
            Message::Lines(doc, source, cut) => {
                let at_hand = self.open.as_ref().is_some_and(|open| open.doc == doc);
                let mut open = self.open.iter_mut().chain(&mut self.stack.beside);
                match open.find(|open| open.doc == doc) {
                    // The source is that of the letter at hand.
                    Some(_) if source && at_hand => self.source = Some(cut),
                    Some(open) if !source => {
                        open.text = cut;
                        open.marked = None;
                    }
                    _ => {}
                }
                Vec::new()
            }
            Message::Hits(hits) => {
                self.hits = Some(hits);
                Vec::new()
            }
            Message::Scale(screen) => {
                let scale = screen * self.taste.text.factor();
                if (scale - self.scale).abs() < 0.001 || !(0.5..=8.0).contains(&scale) {
                    return Vec::new();
                }
                self.scale = scale;
                self.look_again()
            }
            Message::Resized(size) => {
                self.window = size;
                Vec::new()
            }
            Message::PlaceChosen(place) => {
                self.places_shown = false;
                let mut actions = self.stop_writing();
                actions.extend(self.go(place));
                actions
            }
            Message::PlaceMoved(by) => self.go_beside(by),
            Message::Going => {
                self.going = true;
                Vec::new()
            }
            Message::Gone(goal) => {
                self.going = false;
                match goal.and_then(|goal| self.place_of(goal)) {
                    Some(place) => self.update(Message::PlaceChosen(place)),
                    None => Vec::new(),
                }
            }
            Message::Pins(message) => self.of_pins(message),
            Message::People(message) => self.of_people(message),
            Message::Preview(message) => self.of_preview(message),
            Message::Saving(message) => self.keep_as_file(message),
            Message::Leaving(message) => self.leave_sender(message),
            Message::Labels(message) => self.labels(message),
            Message::Conversation(message) => self.of_conversation(message),
            Message::Fold(message) => self.of_fold(message),
            Message::Stack(message) => {
                let mut actions = self.of_stack(message);
                actions.extend(self.paint());
                actions
            }
            Message::InOne(doc, message) => self.in_one(doc, *message),
            Message::PlacesToggled => {
                self.places_shown = !self.places_shown;
                self.menu = None;
                Vec::new()
            }
            Message::Focus(message) => self.of_focus(message),
            Message::Pick(pick) => self.picked(pick),
            Message::RowChosen(at) => {
                self.forget_many();
                self.in_letter = false;
                let mut actions = self.choose(at);
                self.help.open = false;
                if self.list.place == super::Place::Search {
                    actions.extend(self.remember_search());
                }
                if self.is_draft() {
                    actions.extend(self.answer(Start::Letter));
                }
                actions
            }
            Message::Moved(by) => {
                let last = self.list.total.unwrap_or(0).saturating_sub(1);
                let head = self.list.head();
                let to = head.map(|at| at.saturating_add_signed(by).min(last));
                self.forget_many();
                self.in_letter = false;
                match to.or_else(|| self.list.beside(by)) {
                    Some(at) if self.only_list_is_shown() => self.point_to(at),
                    Some(at) => self.move_to(at),
                    None => Vec::new(),
                }
            }
            Message::ListScrolled(scroll) => {
                self.list.offset = self.list.window().clamp(scroll.applied_to(self.list.offset));
                self.read_rows()
            }
            Message::ListHeight(height) => {
                self.list.height = height;
                self.list.offset = self.list.window().clamp(self.list.offset);
                self.read_rows()
            }
            Message::SearchTyped(text) => {
                self.search.text = text;
                self.search.typed += 1;
                let mut actions = self.help_typed();
                match self.search.text.trim().is_empty() {
                    true => actions.extend(self.leave_search()),
                    false => actions.push(Action::SearchSoon(self.search.typed)),
                }
                actions
            }
            Message::SearchDue(typed) if typed != self.search.typed => Vec::new(),
            Message::SearchDue(_) => self.search_now(),
            Message::SearchEntered => {
                self.help.open = false;
                // The next keys are for what is found.
                let mut actions = vec![Action::LeaveFields];
                actions.extend(self.search_now());
                actions.extend(self.remember_search());
                actions
            }
            Message::SearchCleared => {
                self.search.text.clear();
                self.search.typed += 1;
                self.help.open = false;
                self.leave_search()
            }
            Message::Entered(field) => {
                let mut actions = Vec::new();
                if field == Field::Search {
                    if !self.search_is_shown() {
                        actions.extend(self.show_letters());
                    }
                    if self.only_letter_is_shown() {
                        actions.extend(self.back_to_list());
                    }
                    self.help.open = true;
                }
                actions.push(Action::Focus(field));
                actions
            }
            Message::Searching(message) => self.of_help(message),
            Message::Missing(message) => self.look_for(message),
            Message::Escaped => self.escape(),
            Message::Letter(did) => self.letter(did),
            Message::Paged(share) => {
                let (view, scale) = (self.view, self.scale);
                if self.is_stack() {
                    self.stack_by(share * self.stack.height);
                } else if let Some(open) = &mut self.open {
                    open.scroll(Vector::new(0.0, share * view.height), view, scale);
                }
                self.paint()
            }
            Message::MenuToggled(menu) => {
                self.menu = if self.menu == Some(menu) { None } else { Some(menu) };
                self.pointed = super::menus::Pointed::default();
                Vec::new()
            }
            Message::MenuClosed => {
                self.menu = None;
                Vec::new()
            }
            Message::SheetOpened(sheet) => self.open_sheet(sheet),
            Message::SheetClosed => {
                if self.sheet == Some(Sheet::ReceiptServer) {
                    self.leave_receipt_server();
                }
                self.sheet = None;
                self.menu = None;
                Vec::new()
            }
            Message::RulesRead(made) => {
                self.rules_made = made;
                Vec::new()
            }
            Message::RulesScrolled(scroll) => {
                if let Some(window) = self.rules_window() {
                    self.rules_at.0 = window.clamp(scroll.applied_to(window.offset));
                }
                Vec::new()
            }
            Message::RulesHeight(height) => {
                self.rules_at.1 = height;
                Vec::new()
            }
            Message::RuleForgotten(at) => {
                let rule = self.rules.get(at).cloned();
                rule.map(|rule| Action::Ask(Command::Forget(rule))).into_iter().collect()
            }
            Message::LedgerScrolled(scroll) => {
                if let Some(window) = self.ledger_window() {
                    self.ledger.0 = window.clamp(scroll.applied_to(window.offset));
                }
                Vec::new()
            }
            Message::LedgerHeight(height) => {
                self.ledger.1 = height;
                Vec::new()
            }
            // A letter is written here, not elsewhere.
            Message::Visited(url) if is_mailto(&url) => {
                let letter = self.open.as_ref().and_then(|open| open.id);
                self.write(Start::Mailto(url, letter))
            }
            Message::Visited(url) => {
                self.sheet = None;
                vec![Action::Visit(url)]
            }
            Message::Copied(text) => {
                self.menu = None;
                let mut actions = self.say(Notice::Copied);
                actions.push(Action::Copy(text));
                actions
            }
            Message::DesktopIs(mode) => {
                self.desktop = mode;
                self.light_changed()
            }
            Message::Pulled(border, pull) => self.pulled(border, pull),
            Message::Stepped(border, by) => self.stepped(border, by),
            Message::Unfolded => {
                self.unfolded = !self.unfolded;
                self.menu = None;
                Vec::new()
            }
            Message::BackToList => self.back_to_list(),
            Message::Archives(message) => self.archive(message),
            Message::ChooserFound => {
                self.chooser = true;
                Vec::new()
            }
            Message::ChooserWanted(choose) => vec![Action::Choose(choose)],
            Message::Chosen(choose, paths) => self.chosen(choose, paths),
            Message::Preferences(message) => self.prefer(message),
            Message::KeepWanted(folder) => self.want_kept(folder),
            Message::FolderKept(folder, policy) => self.keep_of(folder, policy),
            Message::PicturesProxyTyped(text) => {
                self.type_pictures_proxy(text);
                Vec::new()
            }
            Message::OfAccount(message) => self.change_account(message),
            Message::AccountWanted => vec![Action::AddAccount(true)],
            Message::AccountFolded(_)
            | Message::SyncWanted(_)
            | Message::TalkWanted(_)
            | Message::RemoveWanted(_) => self.account_deed(message),
            Message::NoticeClosed => {
                self.notice = None;
                Vec::new()
            }
            Message::Marked(true, marked) => {
                self.source_marked = marked;
                Vec::new()
            }
            Message::SelectionCopied | Message::AllSelected
                if self.sheet == Some(Sheet::Source) =>
            {
                let Some(source) = &self.source else { return Vec::new() };
                if matches!(message, Message::AllSelected) {
                    self.source_marked = source.all();
                    return Vec::new();
                }
                let copied = self.source_marked.map(|marked| Action::Copy(source.text(marked)));
                copied.into_iter().collect()
            }
            Message::Zoomed(step) => self.zoom(step),
            Message::ShownOnce
            | Message::Trusted(_)
            | Message::TakenBack
            | Message::AllowedByHand(_)
            | Message::CharsetChosen(_)
            | Message::SaveWanted(_)
            | Message::SaveConfirmed(_)
            | Message::SaveAsWanted(_)
            | Message::FindOpened
            | Message::FindTyped(_)
            | Message::FindMoved(_)
            | Message::FindClosed
            | Message::SelectionCopied
            | Message::AllSelected
            | Message::Marked(false, _) => self.of_open(message),
            Message::StarToggled
            | Message::SeenToggled
            | Message::Archived
            | Message::Deleted
            | Message::Junked
            | Message::MoveWanted
            | Message::MoveTyped(_)
            | Message::MoveStepped(_)
            | Message::MoveEntered
            | Message::MovedTo(_)
            | Message::AllRead(_)
            | Message::TrashEmptied(_)
            | Message::Confirmed(_)
            | Message::Undone => self.deed(message),
            Message::Due(due) => self.due(due),
            Message::Compose(compose::Message::ReceiptServerWanted) => {
                self.want_receipt_server(self.writing.as_ref().map(|writing| writing.id))
            }
            Message::Compose(message) => match self.attaches_by_chooser(&message) {
                Some(choose) => vec![Action::Choose(choose)],
                None => self.compose(message),
            },
            Message::FileWanted(path) => self.open_file(path),
            Message::WriteWanted(start) => self.write(start),
            Message::AnswerWanted => self.answer(writing::to_sender),
            Message::AnswerAllWanted => self.answer(writing::to_all),
            Message::ForwardWanted => self.answer(Start::Forward),
            Message::DraftWanted => self.answer(Start::Letter),
            Message::SendUndone(letter) => self.take_back(letter),
            Message::OutboxRead(Ok((letters, given))) => self.outbox_read(letters, &given),
            Message::OutboxRead(Err(error)) => {
                let mut actions = self.say(Notice::Failed(error.into()));
                actions.extend(self.closing_read());
                actions
            }
            Message::JourneyRead(of, journey) => {
                self.journey_read(of, journey);
                Vec::new()
            }
            Message::ReceiptsRead(Ok(lines)) => self.receipts_read(lines),
            Message::ReceiptsRead(Err(error)) => self.say(Notice::Failed(error.into())),
            Message::ReceiptChosen(letter, address) => self.receipt_chosen((letter, address)),
            Message::ReceiptsMoved(by) => self.receipts_moved(by),
            Message::ReceiptsFiltered(filter) => self.receipts_filtered(filter),
            Message::ReceiptJourney(of, journey) => {
                self.receipt_journey(of, journey);
                Vec::new()
            }
            Message::FollowUpWanted => self.follow_up(),
            Message::OutboxChosen(letter) => {
                self.outbox_chosen(letter);
                Vec::new()
            }
            Message::OutboxMoved(by) => self.outbox_moved(by),
            Message::OutboxDeed(letter, deed) => self.outbox_deed(letter, deed),
            Message::WritingWanted(id) => self.want_back(id),
            Message::CloseWanted => self.close_window(),
            Message::ReceiptDecided(tell) => self.decide_receipt(tell),
            Message::ReceiptServerWanted => self.want_receipt_server(None),
            Message::ReceiptServerRead(_)
            | Message::ReceiptServerTyped(_)
            | Message::ReceiptKeyTyped(_)
            | Message::ReceiptServerEntered => self.name_receipt_server(message),
        }
    }

    /// So much of the letter is seen, where others stand above and below it.
    fn letter_seen(&mut self, seen: Seen) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let (doc, id) = (open.doc, open.id);
        let before = open.seen.is_none() || open.is_out_of_sight();
        open.looked_at(seen);
        let comes = before && !open.is_out_of_sight();
        let mut actions = self.paint();
        if comes && id.is_some_and(|id| !self.flags_in_stack(id).has(Flags::SEEN)) {
            actions.push(Action::Later(Due::Seen(doc), SEEN_AFTER));
        }
        actions
    }

    /// Brings what was found into sight.
    pub(super) fn reveal_found(&mut self) {
        if let Some(rect) = self.open.as_ref().and_then(Open::found) {
            self.reveal_in_letter(rect);
        }
    }

    /// Brings a place of the open letter into sight.
    pub(super) fn reveal_in_letter(&mut self, rect: Rect) {
        let (view, scale) = (self.view, self.scale);
        let stack = self.is_stack();
        let Some(open) = &mut self.open else { return };
        if !stack {
            open.reveal(rect, view, scale);
            return;
        }
        let (Some(laid), Some(seen)) = (open.laid, open.seen) else { return };
        let down = seen.begins + rect.y * laid.factor / scale;
        if down < 24.0 || down > self.stack.height - 48.0 {
            self.stack_by(down - self.stack.height / 3.0);
        }
    }

    /// What is done with the open letter.
    fn of_open(&mut self, message: Message) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let doc = open.doc;
        let ask = |command| vec![Action::Ask(command)];
        match message {
            Message::ShownOnce => ask(Command::ShowOnce(doc)),
            Message::Trusted(trust) => {
                self.menu = None;
                ask(Command::Trust(doc, trust))
            }
            Message::TakenBack => match take_back(open) {
                Some(rule) => ask(Command::Forget(rule)),
                None => ask(Command::HideAgain(doc)),
            },
            Message::AllowedByHand(url) => ask(Command::AllowByHand(doc, url)),
            Message::CharsetChosen(charset) => {
                self.menu = None;
                open.charset.clone_from(&charset);
                ask(Command::Charset(doc, charset))
            }
            Message::SaveWanted(at) => match open.letter.report.attachments.get(at) {
                Some(attachment) if attachment.warning.is_some() => {
                    self.sheet = Some(Sheet::Attachment(at));
                    Vec::new()
                }
                Some(attachment) => {
                    let name = attachment.name.clone().unwrap_or_default();
                    vec![Action::Save(doc, attachment.part, name)]
                }
                None => Vec::new(),
            },
            Message::SaveConfirmed(at) => {
                self.sheet = None;
                let attachment = open.letter.report.attachments.get(at);
                attachment.map_or_else(Vec::new, |attachment| {
                    let name = attachment.name.clone().unwrap_or_default();
                    vec![Action::Save(doc, attachment.part, name)]
                })
            }
            Message::SaveAsWanted(at) => {
                let asked = Some(Sheet::Attachment(at));
                let attached = open.letter.report.attachments.get(at);
                if attached.is_some_and(|a| a.warning.is_some()) && self.sheet != asked {
                    (self.menu, self.sheet) = (None, asked);
                    return Vec::new();
                }
                self.sheet = None;
                self.choose_place(doc, SaveAs::Attachment(at))
            }
            Message::FindOpened => {
                if open.find.is_none() {
                    open.find = Some(Find::default());
                }
                vec![Action::Focus(Field::Find)]
            }
            Message::FindTyped(text) => {
                let empty = text.is_empty();
                open.find = Some(Find { text: text.clone(), ..Find::default() });
                if empty { Vec::new() } else { ask(Command::Find(doc, text)) }
            }
            Message::FindMoved(by) => {
                if let Some(find) = &mut open.find
                    && !find.places.is_empty()
                {
                    let count = find.places.len() as isize;
                    let here = (find.here as isize + by).rem_euclid(count);
                    find.here = here.unsigned_abs();
                }
                self.reveal_found();
                self.paint()
            }
            Message::FindClosed => {
                open.find = None;
                Vec::new()
            }
            Message::Marked(_, marked) => {
                open.marked = marked;
                Vec::new()
            }
            Message::SelectionCopied if open.laid.is_none() => {
                let copied = open.marked.map(|marked| Action::Copy(open.text.text(marked)));
                copied.into_iter().collect()
            }
            Message::AllSelected if open.laid.is_none() => {
                open.marked = open.text.all();
                Vec::new()
            }
            Message::SelectionCopied if open.selected.1.is_empty() => Vec::new(),
            Message::SelectionCopied => vec![Action::Copy(open.selected.1.clone())],
            Message::AllSelected => ask(Command::Select(doc, Select::All)),
            _ => Vec::new(),
        }
    }

    fn letter(&mut self, did: Did) -> Vec<Action> {
        if let Did::Sized(size) = did {
            let wider = (size.width - self.view.width).abs() > 0.5;
            self.view = size;
            return if wider { self.look_again() } else { self.paint() };
        }
        if let Did::Zoomed(notches) = did {
            return self.zoom(if notches > 0.0 { 1 } else { -1 });
        }
        self.in_letter |= matches!(did, Did::Clicked(_) | Did::Dragged(..) | Did::Word(_));
        let (view, scale) = (self.view, self.scale);
        let stack = self.is_stack();
        if let Did::ScrolledBy(by) = did
            && stack
        {
            self.stack_by(by.y);
        }
        if let Did::Seen(top, height, begins) = did {
            return self.letter_seen(Seen { top, height, begins });
        }
        let Some(open) = &mut self.open else { return Vec::new() };
        let doc = open.doc;
        let select = |select| vec![Action::Ask(Command::Select(doc, select))];
        match did {
            Did::Scrolled(offset) => {
                open.offset = offset;
                self.paint()
            }
            Did::ScrolledBy(by) => {
                let down = if stack { 0.0 } else { by.y };
                open.scroll(Vector::new(by.x, down), view, scale);
                self.paint()
            }
            Did::Clicked(at) => {
                open.clicked = Some(at);
                open.stop = None;
                let mut actions = vec![Action::Ask(Command::Hit(doc, at))];
                if !open.selected.0.is_empty() {
                    open.selected = (Vec::new(), String::new());
                    actions.extend(select(Select::None));
                }
                actions
            }
            Did::Dragged(from, to) => select(Select::Range(from, to)),
            Did::Word(at) => select(Select::Word(at)),
            Did::Paragraph(at) => select(Select::Paragraph(at)),
            Did::Menu(at, inside) => {
                open.menu_asked = Some((at, inside));
                vec![Action::Ask(Command::Hit(doc, at))]
            }
            // A click is being asked about: its answer must not be skipped.
            Did::Over(Some(at)) if open.clicked.is_none() && open.menu_asked.is_none() => {
                vec![Action::Ask(Command::Hit(doc, at))]
            }
            Did::Over(None) => {
                open.under = Hit::default();
                Vec::new()
            }
            Did::Over(_) | Did::Sized(_) | Did::Seen(..) | Did::Zoomed(_) => Vec::new(),
        }
    }

    fn zoom(&mut self, step: i8) -> Vec<Action> {
        let at = ZOOMS.iter().position(|zoom| (*zoom - self.zoom).abs() < 0.01).unwrap_or(4);
        let at = match step {
            0 => 4,
            1.. => (at + 1).min(ZOOMS.len() - 1),
            _ => at.saturating_sub(1),
        };
        self.zoom = ZOOMS.get(at).copied().unwrap_or(1.0);
        self.look_again()
    }

    pub(super) fn cancel_coming(&mut self) -> Vec<Action> {
        let coming = self.coming.take();
        coming.map(|(doc, _)| Action::Ask(Command::Close(doc))).into_iter().collect()
    }

    pub(super) fn close(&mut self) -> Vec<Action> {
        let mut actions = self.leave_stack();
        let open = self.open.take();
        actions.extend(open.map(|open| Action::Ask(Command::Close(open.doc))));
        actions
    }

    fn escape(&mut self) -> Vec<Action> {
        if self.put_down() {
            return Vec::new();
        }
        if self.menu.take().is_some() || self.sheet.take().is_some() {
            return Vec::new();
        }
        if std::mem::take(&mut self.places_shown) {
            return Vec::new();
        }
        if self.is_many() {
            return self.let_go();
        }
        if let Some(open) = &mut self.open
            && open.find.take().is_some()
        {
            return Vec::new();
        }
        // Back to all accounts; what is typed stays.
        if self.notice.take().is_some() || self.leave_account() || self.preferences.take().is_some()
        {
            return Vec::new();
        }
        if self.is_within() {
            return self.update(Message::Preview(super::preview::Message::Back));
        }
        if self.only_letter_is_shown() {
            return self.back_to_list();
        }
        let mut actions = vec![Action::LeaveFields];
        actions.extend(self.update(Message::SearchCleared));
        actions
    }

    pub(super) fn open_sheet(&mut self, sheet: Sheet) -> Vec<Action> {
        self.menu = None;
        self.help.open = false;
        if matches!(sheet, Sheet::Rules | Sheet::Keys) {
            self.sheet = Some(sheet);
            let made = (sheet == Sheet::Rules).then_some(Action::Read(Read::Rules));
            return made.into_iter().collect();
        }
        let Some(open) = &self.open else { return Vec::new() };
        self.sheet = Some(sheet);
        if sheet == Sheet::Source && self.source.is_none() {
            let raw = Arc::clone(&open.letter.raw);
            return vec![Action::Read(Read::Source(open.doc, raw, 96))];
        }
        Vec::new()
    }

    /// Another width, zoom or scheme.
    pub(super) fn look_again(&mut self) -> Vec<Action> {
        let how = self.how();
        let open = self.open.as_ref().map(|open| open.doc);
        let coming = self.coming.map(|(doc, _)| doc);
        let open = open.into_iter().chain(self.stack.beside.iter().map(|open| open.doc));
        let coming = coming.into_iter().chain(self.stack.coming.iter().map(|(doc, _)| *doc));
        open.chain(coming).map(|doc| Action::Ask(Command::View(doc, how))).collect()
    }

    pub(super) fn paint(&mut self) -> Vec<Action> {
        let (view, scale) = (self.view, self.scale);
        if !self.is_stack()
            && let Some(open) = &mut self.open
        {
            open.seen = None;
        }
        let mut actions = if self.is_stack() { self.texts_seen() } else { Vec::new() };
        let open = self.open.iter_mut().chain(&mut self.stack.beside);
        actions.extend(open.flat_map(|open| open.paint(view, scale)).map(Action::Ask));
        actions
    }

    pub(super) fn number(&mut self) -> DocId {
        self.next_doc = self.next_doc.wrapping_add(1);
        self.next_doc
    }

    /// How letters are looked at now.
    pub(super) fn how(&self) -> View {
        View {
            width: self.view.width.max(NARROWEST),
            scale: self.scale,
            zoom: self.zoom,
            scheme: match self.mode {
                Mode::Light => Scheme::Light,
                Mode::Dark => Scheme::Dark,
            },
            fit: self.zoom <= 1.0,
        }
    }

    /// Columns of text that fit beside each other.
    pub(super) fn columns(&self) -> usize {
        ((self.view.width - 40.0) / 7.6).clamp(24.0, 100.0) as usize
    }

    /// Whether a menu is open.
    pub(super) fn has(&self, menu: Menu) -> bool {
        self.menu == Some(menu)
    }
}

/// The rule that must go for the pictures to be hidden, or shown, again; `None` when
/// it was this time only.
pub(super) fn take_back(open: &Open) -> Option<Rule> {
    let ledger = &open.ledger;
    let rules = &ledger.rules;
    let never = rules.iter().find(|rule| matches!(rule.scope, Scope::Never(_)));
    if never.is_some() {
        return never.cloned();
    }
    ledger.ledger.entries.iter().find_map(|entry| match entry.verdict {
        Verdict::Allow(Reason::Sender) => {
            rules.iter().find(|rule| matches!(rule.scope, Scope::Sender(_))).cloned()
        }
        Verdict::Allow(Reason::Domain) => {
            rules.iter().find(|rule| matches!(rule.scope, Scope::Domain(_))).cloned()
        }
        _ => None,
    })
}
