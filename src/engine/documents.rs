//! What is done with open letters: opened, looked at, searched, decided about, saved.

use super::accounts::check_proxy;
use super::fetching::Errand;
use super::protocol::{Event, NotDone, OpenError, STRIP, Trust};
use super::reading::{Circumstances, Document, Reader};
use super::remote::Brought;
use super::run::Engine;
use crate::archive::MAX_LETTER;
use crate::html::clean::Labels;
use crate::html::worker::WorkerError;
use crate::html::worker::protocol::{DocId, Laid, Request, Response, Tile, View};
use crate::model::{Ledger, LetterId, Obstacle, Remote, Rule, Scope, Way};
use crate::store::StoreError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// Height of what is seen of a letter at first, in logical pixels.
const SCREEN: f32 = 720.0;
/// Signs of a subject that are remembered of what was decided on its letter.
const SUBJECT: usize = 200;

/// Opens a plain file. A pipe that nobody writes to would hold everything up, also by being
/// opened alone.
fn open_plain(path: &Path) -> io::Result<File> {
    crate::window_thread::keep_out_of("a file");
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let nonblock = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(nonblock).unwrap_or_default());
    }
    let file = options.open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

impl Engine {
    pub(super) fn open(&mut self, doc: DocId, letter: LetterId, view: View) {
        match self.store.raw(letter) {
            Ok(raw) => {
                let charset = self.store.charset_choice(letter).ok().flatten();
                self.open_raw(doc, Some(letter), Arc::new(raw), charset, view);
                self.want(letter);
            }
            Err(error) => {
                self.tell(Event::NotOpened(doc, OpenError::Unreadable(error.obstacle())));
            }
        }
    }

    pub(super) fn open_file(&mut self, doc: DocId, path: &Path, view: View) {
        let mut raw = Vec::new();
        let read = open_plain(path)
            .and_then(|file| file.take(MAX_LETTER as u64 + 1).read_to_end(&mut raw));
        match read {
            Ok(_) if raw.len() <= MAX_LETTER => {
                self.open_raw(doc, None, Arc::new(raw), None, view);
            }
            Ok(_) => self.tell(Event::NotOpened(doc, OpenError::TooLarge)),
            Err(error) => {
                let obstacle = Obstacle::from(&error);
                self.tell(Event::NotOpened(doc, OpenError::Unreadable(obstacle)));
            }
        }
    }

    pub(super) fn open_raw(
        &mut self,
        doc: DocId,
        letter: Option<LetterId>,
        raw: Arc<Vec<u8>>,
        charset: Option<String>,
        view: View,
    ) {
        let with = Circumstances {
            charset,
            before: letter.and_then(|id| self.store.requests(id).ok()).unwrap_or_default(),
            ..self.around(letter)
        };
        let (mut document, mut open) = self.reader.open(doc, letter, raw, &with, view);
        // Read again in another charset: what was decided and asked for it still stands.
        let turn = match self.documents.remove(&doc) {
            Some((turn, before)) => {
                self.reader.go_on(&mut document, before);
                open.ledger = Arc::new(document.summary(document.judge()));
                turn
            }
            None => {
                self.opened += 1;
                self.opened
            }
        };
        let ledger = Arc::clone(&open.ledger);
        open.strips = first_strips(&mut self.reader, &mut document);
        document.tell_drawn(&mut open);
        self.documents.insert(doc, (turn, document));
        self.tell(Event::Opened(doc, Arc::new(open)));
        if ledger.ledger.entries.iter().any(|entry| entry.allowed().is_some()) {
            // Records it as well.
            self.judge(doc);
        } else {
            self.record(letter, &ledger.ledger);
        }
    }

    /// What is known around a letter: the rules, whose mail it is, and which server's word
    /// on its sender counts. For a file that is nobody's.
    fn around(&self, letter: Option<LetterId>) -> Circumstances {
        let accounts = self.store.accounts().unwrap_or_default();
        let account = letter.and_then(|id| self.store.account_of(id).ok());
        let named = account.and_then(|account| account.settings.authserv);
        let own = accounts.iter().filter_map(|account| account.address.clone());
        Circumstances {
            own: own.chain(self.options.own.iter().cloned()).collect(),
            used_elsewhere: letter
                .is_some_and(|id| self.store.message_id_used_elsewhere(id).unwrap_or(false)),
            server: letter.and_then(|_| named.or_else(|| self.options.authserv.clone())),
            rules: self.rules.clone(),
            never: self.remote.never,
            reachable: self.options.reachable.clone(),
            only_reachable: self.options.only_reachable,
            ..Circumstances::default()
        }
    }

    /// Keeps a letter's ledger. One that cannot be written is told; the letter is read
    /// all the same.
    pub(super) fn record(&self, letter: Option<LetterId>, ledger: &Ledger) {
        if let Some(letter) = letter
            && let Err(error) = self.store.record_ledger(letter, ledger)
        {
            self.tell(Event::Failed(error.into()));
        }
    }

    /// Asks the drawing process something about a document; a letter that kills it is
    /// drawn again as text.
    pub(super) fn call(&mut self, doc: DocId, request: &Request) -> Option<Response> {
        if !self.documents.contains_key(&doc) {
            return None;
        }
        match self.reader.call(request) {
            Ok(response) => Some(response),
            Err(WorkerError::NotOpen) => {
                self.again(doc);
                None
            }
            Err(WorkerError::Refused(_) | WorkerError::Start(_) | WorkerError::OtherVersion) => {
                None
            }
            Err(error) => {
                self.recover(doc, &error);
                None
            }
        }
    }

    /// The drawing process had no room for this document any more: it is drawn anew.
    fn again(&mut self, doc: DocId) {
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            self.reader.redraw(document);
            let redrawn = document.redrawn();
            self.tell(Event::Redrawn(doc, redrawn));
        }
    }

    /// The process died under this document: it becomes text, the others are drawn anew.
    pub(super) fn recover(&mut self, doc: DocId, error: &WorkerError) {
        let mut told = Vec::new();
        for (id, (_, document)) in &mut self.documents {
            if *id == doc {
                self.reader.recover(document, error);
            } else {
                self.reader.redraw(document);
            }
            told.push((*id, document.redrawn()));
        }
        for (id, redrawn) in told {
            self.tell(Event::Redrawn(id, redrawn));
        }
    }

    pub(super) fn ask(&mut self, doc: DocId, request: &Request) {
        match self.call(doc, request) {
            Some(Response::Tile(tile)) => self.tell(Event::Tile(doc, Arc::new(tile))),
            Some(Response::Stop(stop)) => self.tell(Event::Stop(doc, stop)),
            Some(Response::Selection(rects, text)) => {
                self.tell(Event::Selection(doc, rects, text));
            }
            _ => {}
        }
    }

    /// Looks for a text in a letter. A letter in which that takes too long is searched no
    /// more; it is read on as it is.
    pub(super) fn find(&mut self, doc: DocId, text: String) {
        let places = match self.documents.get(&doc) {
            None => return,
            Some((_, document)) if document.unsearchable => Vec::new(),
            Some(_) => match self.reader.call(&Request::Find(doc, text.clone())) {
                Ok(Response::Found(places, opened)) => {
                    if let Some(laid) = opened {
                        self.laid(doc, laid);
                    }
                    places
                }
                Ok(_) | Err(WorkerError::Refused(_)) => Vec::new(),
                Err(WorkerError::Start(_) | WorkerError::OtherVersion) => Vec::new(),
                Err(WorkerError::NotOpen) => {
                    // What follows looks again.
                    self.again(doc);
                    Vec::new()
                }
                Err(_) => {
                    if let Some((_, document)) = self.documents.get_mut(&doc) {
                        document.unsearchable = true;
                    }
                    self.draw_all();
                    Vec::new()
                }
            },
        };
        self.tell(Event::Found(doc, text, places));
    }

    /// The process died, and no letter is to blame for it: all are drawn anew.
    fn draw_all(&mut self) {
        let mut told = Vec::new();
        for (id, (_, document)) in &mut self.documents {
            self.reader.redraw(document);
            told.push((*id, document.redrawn()));
        }
        for (id, redrawn) in told {
            self.tell(Event::Redrawn(id, redrawn));
        }
    }

    pub(super) fn view(&mut self, doc: DocId, view: View) {
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            document.view = view;
        }
        self.lay_out(doc, &Request::View(doc, view));
    }

    /// Asks for something that lays a document out again.
    pub(super) fn lay_out(&mut self, doc: DocId, request: &Request) {
        if let Some(Response::Laid(laid)) = self.call(doc, request) {
            self.laid(doc, laid);
        }
    }

    fn laid(&mut self, doc: DocId, laid: Laid) {
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            document.laid = Some(laid);
        }
        self.tell(Event::Laid(doc, laid));
    }

    /// Other words on folded parts.
    pub(super) fn folds(&mut self, labels: Labels) {
        self.reader.folds = Some(labels);
        let mut told = Vec::new();
        // One that was too much for the drawing process is not tried again for this.
        let drawn = self.documents.iter_mut().filter(|(_, (_, d))| d.fallback.is_none());
        for (id, (_, document)) in drawn {
            self.reader.redraw(document);
            told.push((*id, document.redrawn()));
        }
        for (id, redrawn) in told {
            self.tell(Event::Redrawn(id, redrawn));
        }
    }

    pub(super) fn charset(&mut self, doc: DocId, charset: Option<String>) {
        let Some((_, document)) = self.documents.get(&doc) else { return };
        let (letter, raw, view) = (document.letter, Arc::clone(&document.raw), document.view);
        if let Some(letter) = letter
            && let Err(error) = self.store.set_charset_choice(letter, charset.as_deref())
        {
            self.tell(Event::Failed(error.into()));
        }
        self.open_raw(doc, letter, raw, charset, view);
    }

    /// Changes what the user decided of one letter, and does what follows.
    pub(super) fn decide(&mut self, doc: DocId, change: impl FnOnce(&mut crate::privacy::Policy)) {
        // Where nothing is ever fetched, nothing is decided for a later time either.
        if let Some((_, document)) =
            self.documents.get_mut(&doc).filter(|(_, document)| !document.policy.never)
        {
            change(&mut document.policy);
            self.judge(doc);
        }
    }

    /// Decides about the pictures of all letters, those that are open too.
    pub(super) fn set_remote(&mut self, remote: Remote) {
        let sound = match &remote.by {
            Way::Proxy(proxy) => check_proxy(proxy).map_err(|_| NotDone::Proxy(proxy.clone())),
            Way::Accounts | Way::Direct => Ok(()),
        };
        match sound.and_then(|()| Ok(self.store.set_remote(&remote)?)) {
            Ok(()) => self.remote = remote,
            Err(error) => self.tell(Event::Failed(error)),
        }
        self.tell(Event::Remote(self.remote.clone()));
        self.mind_the_way();
        for (_, document) in self.documents.values_mut() {
            document.policy.never = self.remote.never;
            // What was shown this time is not asked for again when that is over.
            if self.remote.never {
                document.policy.once = false;
                document.policy.by_hand.clear();
            }
        }
        self.judge_all();
    }

    fn judge_all(&mut self) {
        let open: Vec<DocId> = self.documents.keys().copied().collect();
        for doc in open {
            self.judge(doc);
        }
    }

    pub(super) fn trust(&mut self, doc: DocId, trust: Trust) {
        let Some((_, document)) = self.documents.get(&doc) else { return };
        let Some(from) = document.sender().map(str::to_owned) else {
            self.tell(Event::Failed(NotDone::NoSender));
            return;
        };
        if trust != Trust::Never && document.policy.lacks_proof() {
            // It would take the place of a rule that asks for more than this letter has.
            return;
        }
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain).to_owned();
        let scope = match trust {
            Trust::Sender => Scope::Sender(from),
            Trust::Domain => Scope::Domain(domain),
            Trust::Never => Scope::Never(from),
        };
        let rule = Rule { scope, proof: document.policy.proof.clone() };
        let subject = document.subject.chars().filter(|c| !c.is_control());
        let subject: String = subject.take(SUBJECT).collect();
        let done = self.store.add_rule(&rule, Some(&subject));
        // From now on the rule speaks, and "never" takes back what was shown this time.
        if let Some((_, document)) = self.documents.get_mut(&doc) {
            document.policy.once = false;
            if trust == Trust::Never {
                document.policy.by_hand.clear();
            }
        }
        self.rules_changed(done);
    }

    pub(super) fn rules_changed(&mut self, done: Result<(), StoreError>) {
        match done.and_then(|()| self.store.rules()) {
            Ok(rules) => self.rules = rules,
            Err(error) => {
                self.tell(Event::Failed(error.into()));
                return;
            }
        }
        for (_, document) in self.documents.values_mut() {
            document.policy.rules.clone_from(&self.rules);
        }
        self.tell(Event::Rules(self.rules.clone()));
        self.judge_all();
    }

    /// Judges an open letter anew: hides what is no longer allowed and stops fetching it,
    /// fetches what now is.
    pub(super) fn judge(&mut self, doc: DocId) {
        let Some((opened, document)) = self.documents.get_mut(&doc) else { return };
        let opened = *opened;
        let ledger = document.judge();
        document.rein_in(&ledger);
        let hidden = document.shows_refused(&ledger);
        if hidden {
            self.reader.redraw(document);
        }
        let wanted = document.to_fetch(&ledger);
        let batch = (!wanted.is_empty()).then(|| {
            self.batches += 1;
            (self.batches, document.send_out(self.batches, &wanted))
        });
        let (letter, policy) = (document.letter, document.policy.clone());
        let redrawn = hidden.then(|| document.redrawn());
        let summary = document.summary(ledger);
        self.record(letter, &summary.ledger);
        self.tell(Event::Ledger(doc, Arc::new(summary)));
        if let Some(redrawn) = redrawn {
            self.tell(Event::Redrawn(doc, redrawn));
        }
        let Some((batch, leash)) = batch else { return };
        let left_out = wanted.iter().map(|leave| leave.url().to_owned()).collect();
        let errand = Errand { doc, opened, batch, letter, wanted, policy, leash };
        if let Err(error) = self.fetch(errand) {
            self.tell(Event::Failed(error));
            self.arrived(doc, opened, batch, Brought { left_out, ..Brought::default() });
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
            Ok(_) | Err(WorkerError::Refused(_) | WorkerError::NotOpen) => break,
            Err(error) => {
                reader.recover(document, &error);
                return Vec::new();
            }
        }
        y += STRIP;
    }
    strips
}
