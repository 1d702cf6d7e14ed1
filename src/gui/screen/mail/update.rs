//! What follows from what happened.

use super::link::is_mailto;
use super::notice::passes;
use super::{Action, Due, Field, Message, Notice, Place, Sheet, State, writing};
use crate::engine::protocol::{Command, Start};
use crate::gui::screen::compose;
use crate::html::worker::protocol::DocId;
use crate::model::Flags;
use crate::window_thread;
use iced::Vector;

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
                if self.list.place == Place::Search {
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

    /// The time for something has come.
    fn due(&mut self, due: Due) -> Vec<Action> {
        match due {
            Due::Notice(said) => {
                if said == self.deeds.said && self.notice.as_ref().is_some_and(passes) {
                    self.notice = None;
                }
                Vec::new()
            }
            Due::Refresh => self.rested(),
            Due::Missing(typed) => self.missing_due(typed),
            Due::Talk(account) => self.talk_on(account),
            Due::Compose(due) => self.compose(compose::Message::Due(due)),
            Due::Countdown(letter) => self.countdown(letter),
            Due::Discard(id) => self.throw_away(Some(id)),
            Due::Closing(number) => {
                self.say_closing(number);
                Vec::new()
            }
            Due::Closed(limit) => self.close_late(limit),
            Due::Edge => self.pull_folders(),
            Due::Seen(doc) => {
                // Behind something else nobody reads it.
                let behind = self.shows_many()
                    || self.preferences.is_some()
                    || self.writing.is_some()
                    || matches!(self.list.place, Place::Outbox | Place::Receipts);
                if behind {
                    return Vec::new();
                }
                if let Some(actions) = self.seen_beside(doc) {
                    return actions;
                }
                let open = self.open.as_ref().filter(|open| open.doc == doc && !open.kept_unread);
                let open = open.filter(|open| !open.is_out_of_sight());
                let Some(id) = open.and_then(|open| open.id) else { return Vec::new() };
                if self.open_flags().has(Flags::SEEN) {
                    return Vec::new();
                }
                self.list.set_flags(id, Flags::SEEN, Flags::NONE);
                let (letters, add, remove) = (vec![id], Flags::SEEN, Flags::NONE);
                vec![Action::Ask(Command::Flag { letters, add, remove })]
            }
        }
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

    pub(super) fn number(&mut self) -> DocId {
        self.next_doc = self.next_doc.wrapping_add(1);
        self.next_doc
    }
}
