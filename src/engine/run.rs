//! The engine's threads: one that reads, draws and writes, and a runtime for what is
//! fetched. Neither is the window's.

use super::protocol::{Command, Event, OpenError, STRIP, Trust};
use super::reading::{Circumstances, Document, Reader};
use super::remote::{self, Brought, Kept, Unkept};
use super::{EngineError, Result};
use crate::archive::MAX_LETTER;
use crate::html::worker::protocol::{DocId, Request, Response, Tile, View};
use crate::html::worker::{Worker, WorkerError};
use crate::mime;
use crate::model::{Flags, FolderId, Ledger, LetterId, Rule, Scope};
use crate::net::http::{Client, Proxy};
use crate::store::{ProfileLock, Store};
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc as wait};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Height of what is seen of a letter at first, in logical pixels.
const SCREEN: f32 = 720.0;

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
    /// A SOCKS5 or HTTP proxy for everything that is fetched: its address.
    pub proxy: Option<String>,
    /// The program to start as drawing process, if it is not this one.
    pub program: Option<PathBuf>,
}

/// What reaches the engine's thread.
#[derive(Debug)]
enum Inner {
    Command(Command),
    Brought(DocId, u64, Brought),
    Quit,
}

/// Sends the engine commands. Cloned freely; the engine ends when the last is gone.
#[derive(Debug, Clone)]
pub struct Commands(Arc<Line>);

#[derive(Debug)]
struct Line(wait::Sender<Inner>);

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.0.send(Inner::Quit);
    }
}

impl Commands {
    /// Asks for something. Never waits; nothing happens if the engine has ended.
    pub fn send(&self, command: Command) {
        let _ = self.0.0.send(Inner::Command(command));
    }
}

/// Starts the engine on a profile.
///
/// # Errors
/// When the profile is locked by another Goyo or its store cannot be opened.
pub fn start(profile: &Path, options: Options) -> Result<(Commands, mpsc::Receiver<Event>)> {
    // Warm before the first letter: it starts while the store is opened.
    let reader = match &options.program {
        Some(program) => Reader::with(Worker::start_program(program)),
        None => Reader::new(),
    };
    let lock = ProfileLock::take(profile)?;
    let store = Arc::new(Store::open(profile)?);
    let (sender, inbox) = wait::channel();
    let (events, out) = mpsc::channel(EVENTS);
    let back = sender.clone();
    let rules = store.rules()?;
    let engine = Engine {
        store,
        _lock: lock,
        reader,
        options,
        documents: HashMap::new(),
        rules,
        opened: 0,
        fetcher: None,
        back,
        events,
    };
    std::thread::Builder::new()
        .name("engine".into())
        .spawn(move || engine.run(&inbox))
        .map_err(EngineError::from)?;
    Ok((Commands(Arc::new(Line(sender))), out))
}

/// What fetches; made when something is first allowed.
struct Fetcher {
    runtime: Runtime,
    client: Arc<Client>,
}

struct Engine {
    store: Arc<Store>,
    _lock: ProfileLock,
    reader: Reader,
    options: Options,
    documents: HashMap<DocId, (u64, Document)>,
    rules: Vec<Rule>,
    /// Documents opened so far: tells a batch's document from a later one.
    opened: u64,
    fetcher: Option<Fetcher>,
    back: wait::Sender<Inner>,
    events: mpsc::Sender<Event>,
}

impl Engine {
    fn run(mut self, inbox: &wait::Receiver<Inner>) {
        let mut queue: VecDeque<Inner> = VecDeque::new();
        loop {
            if queue.is_empty() {
                match inbox.recv() {
                    Ok(first) => queue.push_back(first),
                    Err(_) => return,
                }
            }
            // Looking at all that waits lets us skip what nobody waits for any more.
            queue.extend(inbox.try_iter());
            let Some(next) = queue.pop_front() else { continue };
            match next {
                Inner::Quit | Inner::Command(Command::Quit) => return,
                Inner::Brought(doc, opened, brought) => self.arrived(doc, opened, brought),
                Inner::Command(command) if is_stale(&command, &queue) => {}
                Inner::Command(command) => self.command(command),
            }
        }
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more: the window is closing.
        let _ = self.events.blocking_send(event);
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open(doc, letter, view) => self.open(doc, letter, view),
            Command::OpenFile(doc, path, view) => self.open_file(doc, &path, view),
            Command::View(doc, view) => self.view(doc, view),
            Command::Paint(doc, y, height) => self.ask(doc, &Request::Paint(doc, y, height)),
            Command::Hit(doc, at) => {
                if let Some(Response::Hit(hit)) = self.call(doc, &Request::Hit(doc, at)) {
                    self.tell(Event::Hit(doc, at, hit));
                }
            }
            Command::Select(doc, select) => self.ask(doc, &Request::Select(doc, select)),
            Command::Find(doc, text) => self.ask(doc, &Request::Find(doc, text)),
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
                self.rules_changed(done.map_err(EngineError::from));
            }
            Command::Save(doc, part, path) => self.save(doc, part, path),
            Command::Close(doc) => {
                if self.documents.remove(&doc).is_some() {
                    let _ = self.reader.call(&Request::Close(doc));
                }
            }
            Command::Flag { letters, add, remove } => self.flag(&letters, add, remove),
            Command::Quit => {}
        }
    }

    fn open(&mut self, doc: DocId, letter: LetterId, view: View) {
        match self.store.raw(letter) {
            Ok(raw) => self.open_raw(doc, Some(letter), Arc::new(raw), view),
            Err(error) => {
                self.tell(Event::NotOpened(doc, OpenError::Unreadable(error.to_string())));
            }
        }
    }

    fn open_file(&mut self, doc: DocId, path: &Path, view: View) {
        let mut raw = Vec::new();
        let read = File::open(path)
            .and_then(|file| file.take(MAX_LETTER as u64 + 1).read_to_end(&mut raw));
        match read {
            Ok(_) if raw.len() <= MAX_LETTER => self.open_raw(doc, None, Arc::new(raw), view),
            Ok(_) => self.tell(Event::NotOpened(doc, OpenError::TooLarge)),
            Err(error) => {
                self.tell(Event::NotOpened(doc, OpenError::Unreadable(error.to_string())));
            }
        }
    }

    fn open_raw(&mut self, doc: DocId, letter: Option<LetterId>, raw: Arc<Vec<u8>>, view: View) {
        let charset = letter.and_then(|id| self.store.charset_choice(id).ok().flatten());
        let with = Circumstances {
            rules: self.rules.clone(),
            charset,
            reachable: self.options.reachable.clone(),
            only_reachable: self.options.only_reachable,
            before: letter.and_then(|id| self.store.requests(id).ok()).unwrap_or_default(),
            ..Circumstances::default()
        };
        let (mut document, mut open) = self.reader.open(doc, letter, raw, &with, view);
        let ledger = Arc::clone(&open.ledger);
        open.strips = first_strips(&mut self.reader, &mut document);
        (open.laid, open.fallback) = (document.laid, document.fallback);
        self.opened += 1;
        self.documents.insert(doc, (self.opened, document));
        self.tell(Event::Opened(doc, Arc::new(open)));
        if ledger.ledger.entries.iter().any(|entry| entry.allowed().is_some()) {
            // Records it as well.
            self.judge(doc);
        } else {
            self.record(letter, &ledger.ledger);
        }
    }

    /// Keeps a letter's ledger. One that cannot be written is told; the letter is read
    /// all the same.
    fn record(&self, letter: Option<LetterId>, ledger: &Ledger) {
        if let Some(letter) = letter
            && let Err(error) = self.store.record_ledger(letter, ledger)
        {
            self.tell(Event::Failed(error.to_string()));
        }
    }

    /// Asks the drawing process something about a document; a letter that kills it is
    /// drawn again as text.
    fn call(&mut self, doc: DocId, request: &Request) -> Option<Response> {
        if !self.documents.contains_key(&doc) {
            return None;
        }
        match self.reader.call(request) {
            Ok(response) => Some(response),
            Err(WorkerError::Refused(_) | WorkerError::Start(_)) => None,
            Err(error) => {
                self.recover(doc, &error);
                None
            }
        }
    }

    /// The process died under this document: it becomes text, the others are drawn anew.
    fn recover(&mut self, doc: DocId, error: &WorkerError) {
        let mut told = Vec::new();
        for (id, (_, document)) in &mut self.documents {
            if *id == doc {
                self.reader.recover(document, error);
            } else {
                self.reader.redraw(document);
            }
            told.push((*id, document.laid, document.fallback));
        }
        for (id, laid, fallback) in told {
            self.tell(Event::Redrawn(id, laid, fallback));
        }
    }

    fn ask(&mut self, doc: DocId, request: &Request) {
        match self.call(doc, request) {
            Some(Response::Tile(tile)) => self.tell(Event::Tile(doc, Arc::new(tile))),
            Some(Response::Selection(rects, text)) => {
                self.tell(Event::Selection(doc, rects, text));
            }
            Some(Response::Found(found)) => self.tell(Event::Found(doc, found)),
            _ => {}
        }
    }

    fn view(&mut self, doc: DocId, view: View) {
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            document.view = view;
        }
        if let Some(Response::Laid(laid)) = self.call(doc, &Request::View(doc, view)) {
            if let Some((_, document)) = self.documents.get_mut(&doc) {
                document.laid = Some(laid);
            }
            self.tell(Event::Laid(doc, laid));
        }
    }

    fn charset(&mut self, doc: DocId, charset: Option<String>) {
        let Some((_, document)) = self.documents.get(&doc) else { return };
        let (letter, raw, view) = (document.letter, Arc::clone(&document.raw), document.view);
        if let Some(letter) = letter
            && let Err(error) = self.store.set_charset_choice(letter, charset.as_deref())
        {
            self.tell(Event::Failed(error.to_string()));
        }
        self.open_raw(doc, letter, raw, view);
    }

    /// Changes what the user decided of one letter, and does what follows.
    fn decide(&mut self, doc: DocId, change: impl FnOnce(&mut crate::privacy::Policy)) {
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            change(&mut document.policy);
            self.judge(doc);
        }
    }

    fn trust(&mut self, doc: DocId, trust: Trust) {
        let Some((_, document)) = self.documents.get(&doc) else { return };
        let Some(from) = document.sender().map(str::to_owned) else {
            self.tell(Event::Failed("this letter does not say whom it is from".into()));
            return;
        };
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain).to_owned();
        let scope = match trust {
            Trust::Sender => Scope::Sender(from),
            Trust::Domain => Scope::Domain(domain),
            Trust::Never => Scope::Never(from),
        };
        let rule = Rule { scope, proof: document.policy.proof.clone() };
        let done = self.store.add_rule(&rule).map_err(EngineError::from);
        // From now on the rule speaks, and "never" takes back what was shown this time.
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            document.policy.once = false;
            if trust == Trust::Never {
                document.policy.by_hand.clear();
            }
        }
        self.rules_changed(done);
    }

    fn rules_changed(&mut self, done: Result<()>) {
        match done.and_then(|()| self.store.rules().map_err(EngineError::from)) {
            Ok(rules) => self.rules = rules,
            Err(error) => {
                self.tell(Event::Failed(error.to_string()));
                return;
            }
        }
        for (_, document) in self.documents.values_mut() {
            document.policy.rules.clone_from(&self.rules);
        }
        self.tell(Event::Rules(self.rules.clone()));
        let open: Vec<DocId> = self.documents.keys().copied().collect();
        for doc in open {
            self.judge(doc);
        }
    }

    /// Judges an open letter anew: hides what is no longer allowed, fetches what now is.
    fn judge(&mut self, doc: DocId) {
        let Some((opened, document)) = self.documents.get_mut(&doc) else { return };
        let opened = *opened;
        let ledger = document.judge_again();
        let hidden = document.shows_refused(&ledger);
        if hidden {
            self.reader.redraw(document);
        }
        let wanted = document.to_fetch(&ledger);
        if !wanted.is_empty() {
            document.fetching += 1;
        }
        let (letter, policy) = (document.letter, document.policy.clone());
        let redrawn = (document.laid, document.fallback);
        let summary = document.summary(ledger);
        self.record(letter, &summary.ledger);
        self.tell(Event::Ledger(doc, Arc::new(summary)));
        if hidden {
            self.tell(Event::Redrawn(doc, redrawn.0, redrawn.1));
        }
        if wanted.is_empty() {
            return;
        }
        if let Err(error) = self.fetch(doc, opened, letter, wanted, policy) {
            self.tell(Event::Failed(error.to_string()));
            self.arrived(doc, opened, Brought::default());
        }
    }

    fn fetch(
        &mut self,
        doc: DocId,
        opened: u64,
        letter: Option<LetterId>,
        wanted: Vec<crate::model::Allowed>,
        policy: crate::privacy::Policy,
    ) -> Result<()> {
        let fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => {
                // A proxy that is not understood is no reason to go without one.
                let proxy = self.options.proxy.as_deref().map(Proxy::parse).transpose()?;
                Fetcher {
                    runtime: tokio::runtime::Builder::new_multi_thread()
                        .worker_threads(1)
                        .thread_name("fetch")
                        .enable_all()
                        .build()?,
                    client: Arc::new(Client::new(proxy)),
                }
            }
        };
        let (client, back) = (Arc::clone(&fetcher.client), self.back.clone());
        let store = Arc::clone(&self.store);
        fetcher.runtime.spawn(async move {
            let brought = match letter {
                Some(letter) => {
                    let journal = Arc::new(Kept { store, letter });
                    remote::fetch(&client, &wanted, &policy, journal).await
                }
                None => remote::fetch(&client, &wanted, &policy, Arc::new(Unkept)).await,
            };
            let _ = back.send(Inner::Brought(doc, opened, brought));
        });
        self.fetcher = Some(fetcher);
        Ok(())
    }

    /// A batch came back.
    fn arrived(&mut self, doc: DocId, opened: u64, brought: Brought) {
        if let Some(problem) = &brought.problem {
            self.tell(Event::Failed(problem.clone()));
        }
        let Some((now, document)) = self.documents.get_mut(&doc) else { return };
        if *now != opened {
            return;
        }
        document.fetching = document.fetching.saturating_sub(1);
        let ledger = document.judge_again();
        let allowed = document.allowed(&ledger);
        let pictures: Vec<(String, Arc<Vec<u8>>)> = brought
            .pictures
            .into_iter()
            // Taken back while it was under way: it is not shown.
            .filter(|(url, _)| allowed.iter().any(|leave| leave.url() == url))
            .map(|(url, bytes)| (url, Arc::new(bytes)))
            .collect();
        document.keep(pictures.clone(), brought.requests);
        let laid_out = self.reader.show(document, &pictures);
        let redrawn = (document.laid, document.fallback);
        let summary = document.summary(ledger);
        self.tell(Event::Ledger(doc, Arc::new(summary)));
        if laid_out {
            self.tell(Event::Redrawn(doc, redrawn.0, redrawn.1));
        }
    }

    fn save(&self, doc: DocId, part: usize, path: PathBuf) {
        let Some((_, document)) = self.documents.get(&doc) else { return };
        let letter = mime::parse(&document.raw);
        let Some(bytes) = letter.bytes(part) else {
            self.tell(Event::NotSaved(path, "this part holds no file".into()));
            return;
        };
        // What is there already is never written over.
        let written = File::options()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
        match written {
            Ok(()) => self.tell(Event::Saved(path)),
            Err(error) => self.tell(Event::NotSaved(path, error.to_string())),
        }
    }

    fn flag(&self, letters: &[LetterId], add: Flags, remove: Flags) {
        let mut changes = Vec::new();
        let mut folders: Vec<FolderId> = Vec::new();
        for id in letters {
            // One that is gone needs no flags.
            let Ok(row) = self.store.letter(*id) else { continue };
            let flags = row.flags.with(add).without(remove);
            if flags != row.flags {
                changes.push((*id, flags));
                let name = format!("{}/{}", row.account, row.folder);
                if let Ok(folder) = self.store.folder(&name)
                    && !folders.contains(&folder.id)
                {
                    folders.push(folder.id);
                }
            }
        }
        if changes.is_empty() {
            return;
        }
        match self.store.set_flags(&changes) {
            Ok(()) => self.tell(Event::Changed(folders)),
            Err(error) => self.tell(Event::Failed(error.to_string())),
        }
    }
}

/// Paints what is seen first, before the letter is told of.
fn first_strips(reader: &mut Reader, document: &mut Document) -> Vec<Arc<Tile>> {
    let Some(laid) = document.laid else { return Vec::new() };
    let seen = (SCREEN * document.view.scale) as u32;
    let mut strips = Vec::new();
    let mut y = 0;
    while y < laid.device.1.min(seen) {
        match reader.call(&Request::Paint(document.doc, y, STRIP.min(laid.device.1 - y))) {
            Ok(Response::Tile(tile)) => strips.push(Arc::new(tile)),
            Ok(_) | Err(WorkerError::Refused(_)) => break,
            Err(error) => {
                reader.recover(document, &error);
                return Vec::new();
            }
        }
        y += STRIP;
    }
    strips
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
        | Command::Paint(doc, ..)
        | Command::Find(doc, _) => later().any(|next| *next == Command::Close(*doc)),
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
