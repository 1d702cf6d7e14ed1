//! An account opened in the settings: who writes from it, how much of it is kept here, the way
//! to its servers, its password.
//!
//! Promise: what is typed stays until it is saved or taken back, also while somebody is
//! elsewhere; nothing is changed before it is saved.

use super::super::{Action, Field, Notice, Part, Read, State};
use super::wrong_proxy;
use crate::engine::accounts::{self, Change, Failure, LONGEST_SIGNATURE, MOST_DAYS, Tested};
use crate::engine::protocol::{Command, Event};
use crate::engine::writing::is_address;
use crate::model::{Account, AccountId, Address, FolderPolicy, Identity, Secret};
use iced::widget::text_editor::{self, Content};
use std::sync::Arc;

/// Longest text of a field, in bytes.
const LONGEST: usize = 500;
/// Days that are offered first.
const DAYS: &str = "90";
/// Numbers of tests: far from those of the form that adds accounts.
const TESTS: u64 = 1 << 32;

/// How much is kept, as it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keep {
    /// Whole letters.
    Everything,
    /// Whole letters of some days.
    Days,
    /// Headers.
    Headers,
    /// Nothing.
    Nothing,
}

impl Keep {
    /// Every choice, from all to nothing.
    pub const ALL: [Self; 4] = [Self::Everything, Self::Days, Self::Headers, Self::Nothing];
}

/// What happens here.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// This account is opened.
    Opened(AccountId),
    /// Back to all of them.
    Left,
    /// Typed into a field.
    Typed(Field, String),
    /// Something in the signature of the how many-th who writes.
    Signed(usize, text_editor::Action),
    /// Somebody else is to write, too.
    Added,
    /// This one no longer.
    Removed(usize),
    /// So much is kept.
    Kept(Keep),
    /// Typed into the password.
    PasswordTyped(Secret),
    /// That is it.
    Saved,
    /// All as it was.
    Reverted,
    /// Does it work? What is not saved is saved first.
    Tested,
}

/// Somebody who writes, as typed.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    /// The name.
    pub name: String,
    /// The address.
    pub addr: String,
    /// Where answers go.
    pub reply: String,
    /// What stands below letters.
    pub signature: Content,
    /// It is the account's own address: it stays.
    pub own: bool,
}

impl Writer {
    fn of(account: &Account, identity: &Identity) -> Self {
        let replies: Vec<String> = identity.reply_to.iter().map(Address::typed).collect();
        Self {
            name: identity.from.name.clone().unwrap_or_default(),
            addr: identity.from.addr.clone(),
            reply: replies.join(", "),
            signature: Content::with_text(&identity.signature),
            own: accounts::is_own(account, identity),
        }
    }

    fn typed(&self) -> [String; 4] {
        let signature = self.signature.text().trim_end().to_owned();
        [self.name.clone(), self.addr.clone(), self.reply.clone(), signature]
    }

    /// Nothing was typed of it.
    fn is_empty(&self) -> bool {
        !self.own && self.typed().iter().all(|text| text.trim().is_empty())
    }
}

/// Everything that is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typed(Vec<[String; 4]>, Keep, String, String);

/// What cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The address of this one.
    Address(usize),
    /// It is there already.
    Twice(usize),
    /// Where answers to this one go.
    Reply(usize),
    /// The number of days.
    Days,
    /// The proxy: what string says why.
    Proxy(&'static str),
}

impl Wrong {
    /// Where it is.
    pub fn field(self) -> Field {
        match self {
            Self::Address(at) | Self::Twice(at) => Field::Writer(Part::Address, at),
            Self::Reply(at) => Field::Writer(Part::Reply, at),
            Self::Days => Field::Days,
            Self::Proxy(_) => Field::Proxy,
        }
    }
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Stage {
    /// Being filled in.
    #[default]
    Filling,
    /// What was sent is awaited: settings, password; and it is tested then.
    Saving(bool, bool, bool),
    /// It is kept.
    Saved,
    /// It is being tried.
    Testing(u64),
    /// It works.
    Works(Tested),
    /// It does not, or could not be kept.
    Failed(Arc<Failure>),
}

/// An account as it is being changed.
#[derive(Debug)]
pub struct Form {
    /// Who writes; the first one is offered first.
    pub writers: Vec<Writer>,
    /// How much is kept.
    pub keep: Keep,
    /// Of how many days.
    pub days: String,
    /// The address of the proxy.
    pub proxy: String,
    password: Secret,
    /// Where it stands.
    pub stage: Stage,
    /// What is wrong is said of every field.
    pub tried: bool,
    was: Typed,
    sent: Option<Typed>,
}

impl Form {
    /// As the account is.
    fn of(account: &Account) -> Self {
        let writers = accounts::writers(account);
        let writers = writers.iter().map(|identity| Writer::of(account, identity)).collect();
        let (keep, days) = match account.settings.policy {
            FolderPolicy::Everything => (Keep::Everything, DAYS.to_owned()),
            FolderPolicy::Headers => (Keep::Headers, DAYS.to_owned()),
            FolderPolicy::Nothing => (Keep::Nothing, DAYS.to_owned()),
            FolderPolicy::Days(days) => (Keep::Days, days.to_string()),
        };
        let mut form = Self {
            writers,
            keep,
            days,
            proxy: account.settings.proxy.clone().unwrap_or_default(),
            password: Secret::new(String::new()),
            stage: Stage::Filling,
            tried: false,
            was: Typed(Vec::new(), keep, String::new(), String::new()),
            sent: None,
        };
        form.was = form.typed();
        form
    }

    fn typed(&self) -> Typed {
        let writers = self.writers.iter().filter(|writer| !writer.is_empty());
        let days = if self.keep == Keep::Days { self.days.clone() } else { String::new() };
        Typed(writers.map(Writer::typed).collect(), self.keep, days, self.proxy.trim().to_owned())
    }

    /// The new password, as typed.
    pub fn password(&self) -> &str {
        self.password.reveal()
    }

    /// Something is typed that is not saved.
    pub fn is_changed(&self) -> bool {
        self.typed() != self.was || !self.password().is_empty()
    }

    /// Somebody is waited for: nothing is changed meanwhile.
    pub fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Saving(..) | Stage::Testing(_))
    }

    /// What is wrong with the proxy.
    pub fn wrong_proxy(&self) -> Option<Wrong> {
        wrong_proxy(&self.proxy).map(Wrong::Proxy)
    }

    /// What is wrong with the how many-th who writes.
    pub fn wrong_writer(&self, at: usize) -> Option<Wrong> {
        let writer = self.writers.get(at).filter(|writer| !writer.is_empty())?;
        let addr = writer.addr.trim();
        if !is_address(addr) {
            return Some(Wrong::Address(at));
        }
        let same = |other: &Writer| other.addr.trim().eq_ignore_ascii_case(addr);
        if self.writers.iter().take(at).any(same) {
            return Some(Wrong::Twice(at));
        }
        replies(&writer.reply).is_none().then_some(Wrong::Reply(at))
    }

    /// What is wrong with the number of days.
    pub fn wrong_days(&self) -> Option<Wrong> {
        let sound = self.number().is_some_and(|days| (1..=MOST_DAYS).contains(&days));
        (self.keep == Keep::Days && !sound).then_some(Wrong::Days)
    }

    fn number(&self) -> Option<u32> {
        self.days.trim().parse().ok()
    }

    fn wrong(&self) -> Option<Wrong> {
        let writers = (0..self.writers.len()).find_map(|at| self.wrong_writer(at));
        writers.or_else(|| self.wrong_days()).or_else(|| self.wrong_proxy())
    }

    /// What is to be changed of the account: what was not typed anew stays as it is by now.
    fn change(&self) -> Change {
        let writers = self.writers.iter().filter(|writer| !writer.is_empty());
        let identity = |writer: &Writer| {
            let [name, addr, reply, signature] = writer.typed();
            Identity {
                from: Address {
                    name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
                    addr: addr.trim().to_owned(),
                },
                reply_to: replies(&reply).unwrap_or_default(),
                signature,
            }
        };
        let policy = || match self.keep {
            Keep::Everything => FolderPolicy::Everything,
            Keep::Headers => FolderPolicy::Headers,
            Keep::Nothing => FolderPolicy::Nothing,
            Keep::Days => FolderPolicy::Days(self.number().unwrap_or(MOST_DAYS)),
        };
        let Typed(was_writers, was_keep, was_days, was_proxy) = &self.was;
        let Typed(now_writers, keep, days, proxy) = self.typed();
        Change {
            identities: (now_writers != *was_writers).then(|| writers.map(identity).collect()),
            policy: ((keep, &days) != (*was_keep, was_days)).then(policy),
            proxy: (proxy != *was_proxy).then(|| Some(proxy).filter(|proxy| !proxy.is_empty())),
        }
    }

    /// Hands over what is changed; what is wrong is said, and where.
    fn save(&mut self, id: AccountId, test: bool) -> Vec<Action> {
        if let Some(wrong) = self.wrong() {
            self.tried = true;
            self.stage = Stage::Filling;
            return vec![Action::Focus(wrong.field())];
        }
        let typed = self.typed();
        let (change, password) = (typed != self.was, !self.password().is_empty());
        let mut actions = Vec::new();
        if change {
            self.sent = Some(typed);
            actions.push(Action::Ask(Command::ChangeAccount(id, Box::new(self.change()))));
        }
        if password {
            actions.push(Action::Ask(Command::SetPassword(id, self.password.clone())));
        }
        if change || password {
            self.stage = Stage::Saving(change, password, test);
        }
        actions
    }

    fn type_in(&mut self, field: Field, mut text: String) {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.retain(|c| !c.is_control());
        self.stage = Stage::Filling;
        match field {
            Field::Writer(part, at) => {
                let Some(writer) = self.writers.get_mut(at) else { return };
                match part {
                    Part::Name => writer.name = text,
                    Part::Address if writer.own => {}
                    Part::Address => writer.addr = text,
                    Part::Reply => writer.reply = text,
                }
            }
            Field::Days => {
                text.retain(|c| c.is_ascii_digit());
                text.truncate(5);
                self.days = text;
            }
            Field::Proxy => self.proxy = text,
            _ => {}
        }
    }

    fn sign(&mut self, at: usize, action: text_editor::Action) {
        let Some(writer) = self.writers.get_mut(at) else { return };
        if !action.is_edit() {
            return writer.signature.perform(action);
        }
        self.stage = Stage::Filling;
        let before = writer.signature.clone();
        writer.signature.perform(action);
        if writer.signature.text().len() > LONGEST_SIGNATURE {
            writer.signature = before;
        }
    }
}

/// The addresses that answers go to; nothing where one of them is none.
fn replies(text: &str) -> Option<Vec<Address>> {
    let people = crate::engine::writing::people(text);
    let none = people.is_empty() && !text.trim().is_empty();
    let sound = people.iter().all(|person| is_address(&person.addr));
    (sound && !none).then_some(people)
}

impl State {
    /// Something happens to an account in the settings.
    pub(in crate::gui::screen::mail) fn change_account(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Opened(id) => return self.open_account(id),
            Message::Left => {
                self.leave_account();
                return Vec::new();
            }
            _ => {}
        }
        let Some(id) = self.account_page() else { return Vec::new() };
        let account = self.accounts.iter().find(|account| account.id == id);
        let Some(form) = self.account_forms.get_mut(&id).filter(|form| !form.is_busy()) else {
            return Vec::new();
        };
        match message {
            Message::Typed(field, text) => form.type_in(field, text),
            Message::Signed(at, action) => form.sign(at, action),
            Message::Added => {
                form.stage = Stage::Filling;
                form.writers.push(Writer::default());
                return vec![Action::Focus(Field::Writer(Part::Name, form.writers.len() - 1))];
            }
            Message::Removed(at) => {
                if form.writers.get(at).is_some_and(|writer| !writer.own) {
                    form.writers.remove(at);
                    form.stage = Stage::Filling;
                }
            }
            Message::Kept(keep) => {
                form.keep = keep;
                form.stage = Stage::Filling;
                if keep == Keep::Days {
                    return vec![Action::Focus(Field::Days)];
                }
            }
            Message::PasswordTyped(secret) => {
                if secret.reveal().len() <= LONGEST {
                    form.password = secret;
                }
                form.stage = Stage::Filling;
            }
            Message::Saved => return form.save(id, false),
            Message::Reverted => {
                if let Some(account) = account {
                    *form = Form::of(account);
                }
            }
            Message::Tested if form.is_changed() => return form.save(id, true),
            Message::Tested => return self.test_account(id),
            Message::Opened(_) | Message::Left => {}
        }
        Vec::new()
    }

    /// The account that is open in the settings.
    pub(in crate::gui::screen::mail) fn account_page(&self) -> Option<AccountId> {
        self.preferences.as_ref().and_then(|preferences| preferences.account)
    }

    fn open_account(&mut self, id: AccountId) -> Vec<Action> {
        let Some(account) = self.accounts.iter().find(|account| account.id == id) else {
            return Vec::new();
        };
        let Some(preferences) = &mut self.preferences else { return Vec::new() };
        preferences.section = super::Section::Accounts;
        preferences.account = Some(id);
        // What was typed before and not saved is still there.
        let kept = self.account_forms.get(&id);
        if kept.is_none_or(|form| !form.is_changed() && !form.is_busy()) {
            self.account_forms.insert(id, Form::of(account));
        }
        vec![Action::Focus(Field::Writer(Part::Name, 0))]
    }

    /// Accounts were read: forms in which nothing is typed show them as they are now.
    pub(in crate::gui::screen::mail) fn accounts_known(&mut self) {
        for account in &self.accounts {
            let Some(form) = self.account_forms.get_mut(&account.id) else { continue };
            let now = Form::of(account);
            if !form.is_changed() && !form.is_busy() && form.was != now.was {
                *form = Form { stage: std::mem::take(&mut form.stage), ..now };
            }
        }
    }

    /// Whether there was one to leave.
    pub(in crate::gui::screen::mail) fn leave_account(&mut self) -> bool {
        let page = self.preferences.as_mut().and_then(|preferences| preferences.account.take());
        page.is_some()
    }

    /// An account of which something is typed that is not saved.
    pub(in crate::gui::screen::mail) fn unsaved_account(&self) -> Option<AccountId> {
        let mut forms = self.account_forms.iter();
        // A password waits for the keyring, and the window's end would not.
        let unsaved = |form: &Form| match form.stage {
            Stage::Saving(_, password, _) => password,
            _ => form.is_changed() && !form.is_busy(),
        };
        forms.find(|(_, form)| unsaved(form)).map(|(id, _)| *id)
    }

    /// What is typed of an account is not wanted.
    pub(in crate::gui::screen::mail) fn drop_unsaved(&mut self, id: AccountId) {
        self.account_forms.remove(&id);
        if let Some(account) = self.accounts.iter().find(|account| account.id == id) {
            self.account_forms.insert(id, Form::of(account));
        }
    }

    /// Shows it, wherever somebody is.
    pub(in crate::gui::screen::mail) fn show_unsaved(&mut self, id: AccountId) -> Vec<Action> {
        self.preferences.get_or_insert_default();
        self.open_account(id)
    }

    fn test_account(&mut self, id: AccountId) -> Vec<Action> {
        self.account_tests += 1;
        let number = TESTS + self.account_tests;
        let Some(form) = self.account_forms.get_mut(&id) else { return Vec::new() };
        form.stage = Stage::Testing(number);
        vec![Action::Ask(Command::TestKept(number, id))]
    }

    /// The engine says something of an account that was changed or tried.
    pub(in crate::gui::screen::mail) fn account_told(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::AccountChanged(id, changed) => {
                let read = changed.is_ok().then_some(Action::Read(Read::Accounts));
                let mut actions: Vec<Action> = read.into_iter().collect();
                actions.extend(self.kept_account(id, true, changed));
                actions
            }
            Event::PasswordKept(id, kept) => self.kept_account(id, false, kept),
            Event::AccountTested(number, tested) => {
                let mut forms = self.account_forms.values_mut();
                if let Some(form) = forms.find(|form| form.stage == Stage::Testing(number)) {
                    form.stage = match tested {
                        Ok(tested) => Stage::Works(tested),
                        Err(failure) => Stage::Failed(failure),
                    };
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Settings, or a password, are kept or not.
    fn kept_account(
        &mut self,
        id: AccountId,
        settings: bool,
        kept: Result<(), Arc<Failure>>,
    ) -> Vec<Action> {
        let shown = self.account_page() == Some(id);
        let Some(form) = self.account_forms.get_mut(&id) else { return Vec::new() };
        let Stage::Saving(change, password, test) = form.stage else { return Vec::new() };
        if let Err(failure) = kept {
            form.stage = Stage::Failed(Arc::clone(&failure));
            // Whoever is elsewhere hears it, and what was typed is still there.
            return if shown { Vec::new() } else { self.say(Notice::Account(failure)) };
        }
        let (change, password) = match settings {
            true => {
                if let Some(sent) = form.sent.take() {
                    form.was = sent;
                }
                (false, password)
            }
            false => {
                form.password = Secret::new(String::new());
                (change, false)
            }
        };
        if change || password {
            form.stage = Stage::Saving(change, password, test);
            return Vec::new();
        }
        form.tried = false;
        form.writers.retain(|writer| !writer.is_empty());
        form.stage = Stage::Saved;
        if test { self.test_account(id) } else { Vec::new() }
    }
}
