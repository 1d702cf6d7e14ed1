//! The engine's threads: one that reads, draws and writes, and a runtime for what is
//! fetched. Neither is the window's.

use super::archiving::Archives;
use super::closing::{Closing, Farewell, Gone, LOOK};
use super::deeds::Deeds;
use super::fetching::Fetcher;
use super::keeping::Keeping;
use super::protocol::{Command, Event};
use super::reading::{Document, Reader};
use super::remote::Brought;
use super::writing::{Saver, Typed};
use super::{EngineError, Result};
use crate::html::worker::Worker;
use crate::html::worker::protocol::{DocId, Hit, Request, Response};
use crate::model::{AccountId, DraftId, Gesture, LetterId, Remote, Rule};
use crate::net::dns::Dns;
use crate::secrets::Vault;
use crate::store::{Holder, ProfileLock, Store};
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc as wait};
use std::time::Instant;
use tokio::sync::mpsc;

/// Events that may wait for the window before the engine waits with them.
const EVENTS: usize = 1024;

/// What an engine is started with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Hosts and ports in private networks that may be reached all the same: the
    /// demo's own tracker, a test's listener.
    pub reachable: Vec<(String, u16)>,
    /// Nothing but those is ever reached: for the demo, whose letters name real hosts.
    pub only_reachable: bool,
    /// The reader's addresses, beside those of the accounts.
    pub own: Vec<String>,
    /// The name that the reader's server signs Authentication-Results with (RFC 8601),
    /// for accounts that do not know theirs.
    pub authserv: Option<String>,
    /// A SOCKS5 or HTTP proxy for everything that is fetched and belongs to no account: its
    /// address. Without one, the first that an account has is used.
    pub proxy: Option<String>,
    /// Who is asked about the domains of new accounts.
    pub dns: Dns,
    /// The program to start as drawing process, if it is not this one.
    pub program: Option<PathBuf>,
}

/// What reaches the engine's thread.
#[derive(Debug)]
pub(super) enum Inner {
    Command(Command),
    /// So many requests for a document are about to be made.
    Asking(DocId, u64, usize),
    /// A batch is done: of which opening, and which it was.
    Brought(DocId, u64, u64, Brought),
    /// What came of printing this document.
    Printed(DocId, Event),
    /// What a thread that waited for somebody has to tell.
    Answer(Event),
    /// All of this letter is here now.
    Whole(LetterId),
    /// Letters have come, or gone, or were fetched.
    News,
    /// What was typed of a draft is kept.
    Typed(DraftId),
    /// The servers of these accounts are to be told of something.
    Acted(Vec<AccountId>),
    Quit,
}

/// Sends the engine commands. Cloned freely; the engine ends when the last is gone.
#[derive(Debug, Clone)]
pub struct Commands(Arc<Line>);

#[derive(Debug)]
struct Line(wait::Sender<Inner>, Saver, Farewell);

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.0.send(Inner::Quit);
    }
}

impl Commands {
    /// Asks for something. Never waits; nothing happens if the engine has ended. What was
    /// typed is kept whatever else was asked for before.
    pub fn send(&self, command: Command) {
        let Line(engine, saver, _) = &*self.0;
        match command {
            Command::SaveDraft(id, account, draft, edits) => {
                saver.keep(Typed { id, account, draft, edits });
            }
            command => {
                let _ = engine.send(Inner::Command(command));
            }
        }
    }

    /// To wait until the engine is gone; that ends nothing by itself.
    pub fn farewell(&self) -> Farewell {
        self.0.2.clone()
    }
}

/// Starts the engine on a profile.
///
/// # Errors
/// When the profile is locked by another Goyo or its store cannot be opened.
pub fn start(profile: &Path, options: Options) -> Result<(Commands, mpsc::Receiver<Event>)> {
    let (mut engine, inbox, out) = Engine::of(profile, options)?;
    let (sender, saver, gone) = (engine.back.clone(), engine.saver.clone(), Gone::default());
    let farewell = gone.farewell();
    std::thread::Builder::new()
        .name("engine".into())
        .spawn(move || {
            engine.tell(Event::Rules(engine.rules.clone()));
            if engine.remote != Remote::default() {
                engine.tell(Event::Remote(engine.remote.clone()));
            }
            engine.keep_accounts();
            engine.copy_drafts();
            engine.news();
            engine.take_up_deeds();
            engine.run(&inbox);
            drop(gone);
        })
        .map_err(EngineError::from)?;
    Ok((Commands(Arc::new(Line(sender, saver, farewell))), out))
}

impl Engine {
    /// The engine of a profile, at rest; what it is asked for, and what it tells.
    pub(super) fn of(
        profile: &Path,
        options: Options,
    ) -> Result<(Self, wait::Receiver<Inner>, mpsc::Receiver<Event>)> {
        let lock = ProfileLock::take(profile)?;
        lock.say(&Holder::Window);
        // Warm before the first letter: it starts while the store is opened.
        let reader = match &options.program {
            Some(program) => Reader::with(Worker::start_program(program)),
            None => Reader::new(),
        };
        let store = Arc::new(Store::open(profile)?);
        let (sender, inbox) = wait::channel();
        let (events, out) = mpsc::channel(EVENTS);
        let back = sender.clone();
        let (rules, remote) = (store.rules()?, store.remote()?);
        let saver =
            Saver::start(Arc::clone(&store), events.clone(), sender).map_err(EngineError::from)?;
        let engine = Self {
            saver,
            store,
            keeping: None,
            lock,
            reader,
            options,
            deeds: Deeds::default(),
            archives: Archives::default(),
            printing: Arc::default(),
            prints: HashSet::new(),
            documents: HashMap::new(),
            rules,
            remote,
            opened: 0,
            batches: 0,
            fetcher: None,
            vault: Vault::of(profile),
            copied: HashMap::new(),
            profile: profile.to_owned(),
            back,
            events,
        };
        Ok((engine, inbox, out))
    }
}

pub(super) struct Engine {
    pub(super) store: Arc<Store>,
    /// Keeps what is typed.
    pub(super) saver: Saver,
    /// Accounts at work, once there are any.
    pub(super) keeping: Option<Keeping>,
    lock: ProfileLock,
    pub(super) reader: Reader,
    pub(super) options: Options,
    /// What is being done to letters.
    pub(super) deeds: Deeds,
    /// Mail that comes from archives, or goes into them.
    pub(super) archives: Archives,
    /// Whoever holds it prints.
    pub(super) printing: Arc<Mutex<()>>,
    /// What is being printed, or waits for that.
    pub(super) prints: HashSet<DocId>,
    pub(super) documents: HashMap<DocId, (u64, Document)>,
    pub(super) rules: Vec<Rule>,
    /// What is done about the pictures of all letters.
    pub(super) remote: Remote,
    /// Documents opened so far: tells a batch's document from a later one.
    pub(super) opened: u64,
    /// Batches begun so far.
    pub(super) batches: u64,
    pub(super) fetcher: Option<Fetcher>,
    pub(super) vault: Vault,
    /// When drafts were copied to their servers last.
    pub(super) copied: HashMap<DraftId, Instant>,
    pub(super) profile: PathBuf,
    pub(super) back: wait::Sender<Inner>,
    pub(super) events: mpsc::Sender<Event>,
}

impl Engine {
    fn run(mut self, inbox: &wait::Receiver<Inner>) {
        let mut queue: VecDeque<Inner> = VecDeque::new();
        let mut closing: Option<Closing> = None;
        loop {
            // What waits is looked at between the parts of a deed.
            queue.extend(inbox.try_iter());
            if closing.is_some_and(Closing::is_late) {
                self.put_deeds_by();
            }
            if self.deeds.are_due(queue.is_empty()) {
                self.do_part();
                continue;
            }
            if queue.is_empty() {
                let first = match closing {
                    None => inbox.recv().map_err(|_| wait::RecvTimeoutError::Disconnected),
                    Some(_) => inbox.recv_timeout(LOOK),
                };
                match (first, closing) {
                    (Ok(first), _) => queue.push_back(first),
                    (Err(wait::RecvTimeoutError::Timeout), Some(closing)) => {
                        if self.can_end(closing) {
                            return self.end(closing);
                        }
                    }
                    (Err(_), _) => return,
                }
            }
            // Looking at all that waits lets us skip what nobody waits for any more.
            queue.extend(inbox.try_iter());
            let Some(next) = queue.pop_front() else { continue };
            match next {
                Inner::Quit | Inner::Command(Command::Quit) => {
                    if closing.is_none() {
                        self.archives.stop();
                        self.lock.say(&Holder::Closing);
                    }
                    let begun = *closing.get_or_insert_with(Closing::begin);
                    if queue.is_empty() && self.deeds.are_done() && self.can_end(begun) {
                        return self.end(begun);
                    }
                }
                Inner::Asking(doc, opened, count) => self.asking(doc, opened, count),
                Inner::Brought(doc, opened, batch, brought) => {
                    self.arrived(doc, opened, batch, brought);
                }
                Inner::Printed(doc, event) => {
                    self.prints.remove(&doc);
                    self.tell(event);
                }
                Inner::Answer(event) => self.answered(event),
                Inner::Whole(letter) => self.whole(letter),
                // Who ends does not stay to be told: it is told at the next start.
                Inner::News if closing.is_some() => {}
                Inner::News => self.news(),
                Inner::Acted(accounts) => self.acted_on(&accounts),
                Inner::Typed(draft) => self.typed(draft),
                Inner::Command(command) if is_stale(&command, &queue) => {}
                Inner::Command(command) => self.command(command),
            }
        }
    }

    pub(super) fn tell(&self, event: Event) {
        // Nobody listens any more: the window is closing.
        let _ = self.events.blocking_send(event);
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open(doc, letter, view) => self.open(doc, letter, view),
            Command::OpenFile(doc, path, view) => self.open_file(doc, &path, view),
            Command::OpenPart { doc, of, part, height, otherwise, view } => {
                self.open_part(doc, (of, part), (height, &otherwise), view);
            }
            Command::View(doc, view) => self.view(doc, view),
            Command::Fold(doc, number) => self.lay_out(doc, &Request::Fold(doc, number)),
            Command::Folds(labels) => self.folds(labels),
            Command::Paint(doc, y, height) => self.ask(doc, &Request::Paint(doc, y, height)),
            Command::Hit(doc, at) => {
                // Always answered: somebody waits for what a click means.
                let hit = match self.call(doc, &Request::Hit(doc, at)) {
                    Some(Response::Hit(hit)) => hit,
                    _ => Hit::default(),
                };
                self.tell(Event::Hit(doc, at, hit));
            }
            Command::Step(doc, step) => self.ask(doc, &Request::Step(doc, step)),
            Command::Select(doc, select) => self.ask(doc, &Request::Select(doc, select)),
            Command::Find(doc, text) => self.find(doc, text),
            Command::Charset(doc, charset) => self.charset(doc, charset),
            Command::ShowOnce(doc) => self.decide(doc, |policy| policy.once = true),
            Command::AllowByHand(doc, url) => {
                self.decide(doc, |policy| policy.by_hand.push(url));
            }
            Command::HideAgain(doc) => self.decide(doc, |policy| {
                policy.once = false;
                policy.by_hand.clear();
            }),
            Command::Trust(doc, trust) => self.trust(doc, trust),
            Command::Forget(rule) => {
                let done = self.store.remove_rule(&rule);
                self.rules_changed(done);
            }
            Command::Restore(rule) => {
                let done = self.store.add_rule(&rule, None);
                self.rules_changed(done);
            }
            Command::SetRemote(remote) => self.set_remote(remote),
            Command::Save { doc, part, to } => self.save(doc, part, &to),
            Command::SaveLetter { doc, to } => self.save_letter(doc, &to),
            Command::Print { doc, order, to } => self.print(doc, *order, to),
            Command::SaveAll { doc, parts, dir } => self.save_all(doc, &parts, &dir),
            Command::Close(doc) => {
                if let Some((_, document)) = self.documents.remove(&doc) {
                    document.give_up();
                    let _ = self.reader.call(&Request::Close(doc));
                }
            }
            Command::Act(_)
            | Command::Undo(_)
            | Command::Withdraw(_)
            | Command::Flag { .. }
            | Command::RemoveAccount(_) => self.deed(command),
            Command::FindServers(number, address) => self.find_servers(number, address),
            Command::TestAccount(test, new) => self.test_account(test, *new),
            Command::TestKept(test, id) => self.test_kept_account(test, id),
            Command::AddAccount(new) => self.add_account(*new),
            Command::Conversation(id) => {
                self.tell(Event::Conversation(id, Arc::new(self.conversation(id))));
            }
            Command::ChangeAccount(id, change) => self.change_account(id, *change),
            Command::KeepOfFolder(folder, policy) => self.keep_of_folder(folder, policy),
            Command::SetPassword(id, secret) => self.keep_password(id, secret),
            Command::Unlock(passphrase) => {
                self.vault = Vault::with_passphrase(&self.profile, passphrase);
                self.keep_accounts_anew(None);
            }
            Command::SyncNow(account) => self.sync_now(account),
            Command::Accounts => self.keep_accounts(),
            Command::MeasureStorage => self.measure_storage(),
            Command::Import { .. } | Command::Export { .. } | Command::StopArchiving => {
                self.archive(command);
            }
            Command::AskReceipts => self.ask_receipts(),
            Command::SetReceiptServer(number, address, key) => {
                self.set_receipt_server(number, address, key);
            }
            Command::Write(..)
            | Command::Attach(..)
            | Command::Detach(..)
            | Command::Preflight(..)
            | Command::OpenDraft(..)
            | Command::PutAway(_)
            | Command::Discard(_)
            | Command::Give(..)
            | Command::TakeBack(_)
            | Command::TryAgain(_)
            | Command::AnswerReceipt { .. }
            | Command::LeaveIt(_) => self.writing(command),
            // Kept without us: see [`Commands::send`].
            Command::SaveDraft(..) | Command::Quit => {}
        }
    }

    pub(super) fn acted(&self, gesture: &Gesture) {
        self.tell(Event::Changed(gesture.folders.clone()));
        self.acted_on(&gesture.accounts);
    }
}

/// Whether nobody waits for the answer any more: the letter is closed further down the
/// queue, or the same is asked of it anew.
fn is_stale(command: &Command, queue: &VecDeque<Inner>) -> bool {
    let later = || {
        queue.iter().filter_map(|inner| match inner {
            Inner::Command(command) => Some(command),
            _ => None,
        })
    };
    match command {
        Command::Open(doc, ..)
        | Command::OpenFile(doc, ..)
        | Command::OpenPart { doc, .. }
        | Command::Paint(doc, ..) => later().any(|next| *next == Command::Close(*doc)),
        Command::Find(doc, _) => later().any(
            |next| matches!(next, Command::Find(other, _) | Command::Close(other) if other == doc),
        ),
        Command::View(doc, _) => later().any(
            |next| matches!(next, Command::View(other, _) | Command::Close(other) if other == doc),
        ),
        Command::Hit(doc, _) => {
            later().any(|next| matches!(next, Command::Hit(other, _) if other == doc))
        }
        Command::Select(doc, _) => {
            later().any(|next| matches!(next, Command::Select(other, _) if other == doc))
        }
        _ => false,
    }
}
