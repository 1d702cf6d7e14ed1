//! The accounts of a profile, kept in step while the engine runs.
//!
//! What happens to them rides the engine's events. Nobody waits here for a window that is
//! slow to listen: what it missed it is told to look at anew.

use super::EngineError;
use super::not_done::{NoReceipts, NotDone};
use super::outbox::{Courier, Ending, LAST_LETTER, Post, PostEvent, TellPost};
use super::protocol::Event;
use super::receipts::{Desk, Poller, TellReceipts};
use super::run::{Engine, Inner};
use super::sync::{Intake, Line, Log, SyncEvent, Tell, Watch};
use super::writing::now;
use crate::html::worker::protocol::{DocId, View};
use crate::model::{Account, AccountId, AccountKind, LetterId, Obstacle, Settings};
use crate::secrets::Vault;
use crate::store::Store;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::mpsc;

/// What is under way besides letters has so long to end.
const LEAVES: Duration = Duration::from_secs(1);

/// Accounts at work.
pub(super) struct Keeping {
    /// Until it ends.
    runtime: Option<Runtime>,
    handle: Handle,
    intake: Intake,
    tell: Tell,
    /// With the account as it was when its watch was started.
    watches: HashMap<AccountId, (Account, Watch)>,
    logs: HashMap<AccountId, Log>,
    /// The same for what is sent.
    couriers: HashMap<AccountId, (Account, Courier)>,
    /// Those that are at their last letter.
    ending: HashMap<AccountId, Ending>,
    post: TellPost,
    /// Asks the receipt server; by this proxy.
    poller: Option<(Option<String>, Poller)>,
    receipts: TellReceipts,
}

impl Keeping {
    fn start(
        store: &Arc<Store>,
        events: mpsc::Sender<Event>,
        back: std::sync::mpsc::Sender<Inner>,
    ) -> Result<Self, NotDone> {
        let thread = |error: std::io::Error| NotDone::Thread(Obstacle::from(&error));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sync")
            .enable_all()
            .build()
            .map_err(thread)?;
        let post = tell_post(events.clone(), back.clone());
        let (heard, news) = (events.clone(), back.clone());
        let receipts: TellReceipts = Arc::new(move |letters| {
            let letters = match letters {
                Ok(letters) => letters,
                Err(trouble) => {
                    let since = Some((now(), NoReceipts::from(&trouble)));
                    let _ = heard.try_send(Event::ReceiptsAsked(since));
                    return;
                }
            };
            let _ = heard.try_send(Event::ReceiptsAsked(None));
            // One that is missed is made up for when the list is looked at.
            let _ = heard.try_send(Event::Receipts(letters.into_iter().collect()));
            let _ = news.send(Inner::News);
        });
        let missed = AtomicBool::new(false);
        let tell: Tell = Arc::new(move |account, event| {
            if let SyncEvent::Whole(letter) = event {
                let _ = back.send(Inner::Whole(letter));
            }
            if let SyncEvent::New(..) = event {
                let _ = back.send(Inner::News);
            }
            let event = match event {
                SyncEvent::Changed(folder) => Event::Changed(vec![folder]),
                SyncEvent::RolledBack(back) => Event::RolledBack(back),
                event => Event::Sync(account, event),
            };
            if missed.load(Ordering::Relaxed) && events.try_send(Event::Resync).is_ok() {
                missed.store(false, Ordering::Relaxed);
            }
            if let Err(mpsc::error::TrySendError::Full(_)) = events.try_send(event) {
                missed.store(true, Ordering::Relaxed);
            }
        });
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
            intake: Intake::start_behind(store).map_err(|error| match error {
                EngineError::Store(error) => error.into(),
                other => thread(std::io::Error::other(other.to_string())),
            })?,
            tell,
            watches: HashMap::new(),
            logs: HashMap::new(),
            couriers: HashMap::new(),
            ending: HashMap::new(),
            post,
            poller: None,
            receipts,
        })
    }

    /// Watches these accounts as they are now, and no others.
    fn keep(&mut self, store: &Arc<Store>, vault: &Vault, accounts: Vec<Account>) {
        let same = |account: &Account, known: &Account| {
            // What was learnt from the letters meanwhile, or who writes, is no other account to
            // the server it is read from.
            let settings = Settings {
                authserv: account.settings.authserv.clone(),
                sender: account.settings.sender.clone(),
                identities: account.settings.identities.clone(),
                ..known.settings.clone()
            };
            account.settings == settings && account.address == known.address
        };
        self.watches.retain(|id, (known, _)| {
            accounts.iter().any(|account| account.id == *id && same(account, known))
        });
        for account in accounts {
            if self.watches.contains_key(&account.id) {
                continue;
            }
            let log = self.logs.entry(account.id).or_default().clone();
            let line = Line {
                store: Arc::clone(store),
                vault: vault.clone(),
                account: account.clone(),
                intake: self.intake.clone(),
                tell: Arc::clone(&self.tell),
                log,
            };
            let _inside = self.handle.enter();
            // What was done while there was no connection still waits.
            if let Ok(waiting @ 1..) = store.pending_count(account.id) {
                (self.tell)(account.id, SyncEvent::Waiting(waiting));
            }
            self.watches.insert(account.id, (account, Watch::start(line)));
        }
    }
}

impl Keeping {
    /// Sends for these accounts as they are now, and for no others.
    fn send_for(&mut self, store: &Arc<Store>, vault: &Vault, accounts: Vec<Account>) {
        let gone: Vec<AccountId> = self
            .couriers
            .keys()
            .filter(|id| !accounts.iter().any(|account| account.id == **id))
            .copied()
            .collect();
        for id in gone {
            self.dismiss(id);
        }
        for account in accounts {
            let before = self.couriers.remove(&account.id);
            let same = |known: &Account| {
                known.settings.smtp == account.settings.smtp
                    && known.settings.user == account.settings.user
                    && known.settings.proxy == account.settings.proxy
                    && known.settings.files_sent == account.settings.files_sent
            };
            let courier = match before {
                Some((known, courier)) if same(&known) => courier,
                before => {
                    let post = Post {
                        store: Arc::clone(store),
                        vault: vault.clone(),
                        account: account.clone(),
                        tell: Arc::clone(&self.post),
                        log: self.logs.entry(account.id).or_default().clone(),
                    };
                    let before = before.and_then(|(_, courier)| courier.end());
                    let before = before.or_else(|| self.ending.remove(&account.id));
                    let _inside = self.handle.enter();
                    Courier::start(post, before)
                }
            };
            self.couriers.insert(account.id, (account, courier));
        }
    }
}

impl Keeping {
    /// Asks the receipt server from now on. Who does so already goes on.
    fn ask_receipts_of(&mut self, store: &Arc<Store>, vault: &Vault, proxy: Option<String>) {
        if self.poller.as_ref().is_some_and(|(known, _)| *known == proxy) {
            return;
        }
        let desk = Desk { store: Arc::clone(store), vault: vault.clone(), proxy: proxy.clone() };
        let _inside = self.handle.enter();
        self.poller = Some((proxy, Poller::start(desk, Arc::clone(&self.receipts))));
    }
}

impl Keeping {
    /// Sends nothing more for an account.
    fn dismiss(&mut self, account: AccountId) {
        let ending = self.couriers.remove(&account).and_then(|(_, courier)| courier.end());
        self.ending.extend(ending.map(|ending| (account, ending)));
    }
}

impl Keeping {
    /// The accounts that letters are sent for.
    pub(super) fn senders(&self) -> impl Iterator<Item = AccountId> {
        self.couriers.keys().copied()
    }

    /// Ends: couriers may finish the letter they are at for so long.
    pub(super) fn end(mut self, longest: Duration) {
        self.see_off(longest);
    }

    fn see_off(&mut self, longest: Duration) {
        let Some(runtime) = self.runtime.take() else { return };
        // Nothing more comes in meanwhile.
        self.watches.clear();
        let couriers = self.couriers.drain().filter_map(|(_, (_, courier))| courier.end());
        let mut endings: Vec<Ending> = couriers.collect();
        endings.extend(self.ending.drain().map(|(_, ending)| ending));
        runtime.block_on(Ending::all(endings, longest));
        self.poller = None;
        // Somebody may still be asked for a passphrase, and nobody waits for that.
        runtime.shutdown_timeout(LEAVES);
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.see_off(LAST_LETTER);
    }
}

/// How the engine hears of what is sent.
fn tell_post(events: mpsc::Sender<Event>, back: std::sync::mpsc::Sender<Inner>) -> TellPost {
    Arc::new(move |_, event| match event {
        // One that is missed is made up for by the next: they are many.
        PostEvent::Outbox => {
            let _ = events.try_send(Event::Outbox);
            let _ = back.send(Inner::News);
        }
        PostEvent::Filed(folders, accounts) => {
            if !folders.is_empty() {
                let _ = events.try_send(Event::Changed(folders));
            }
            if !accounts.is_empty() {
                let _ = back.send(Inner::Acted(accounts));
            }
        }
    })
}

impl Engine {
    /// Keeps the accounts that there are now in step.
    pub(super) fn keep_accounts(&mut self) {
        if let Err(error) = self.try_keep_accounts() {
            self.tell(Event::Failed(error));
        }
    }

    fn try_keep_accounts(&mut self) -> Result<(), NotDone> {
        let mut accounts = self.store.accounts()?;
        let mut senders = accounts.clone();
        senders.retain(|account| account.kind != AccountKind::Local);
        accounts
            .retain(|account| account.kind == AccountKind::Imap && account.settings.imap.is_some());
        let none = accounts.is_empty() && senders.is_empty();
        if self.options.only_reachable || (none && self.keeping.is_none()) {
            return Ok(());
        }
        let proxy = self.proxy()?;
        let mut keeping = match self.keeping.take() {
            Some(keeping) => keeping,
            None => Keeping::start(&self.store, self.events.clone(), self.back.clone())?,
        };
        keeping.keep(&self.store, &self.vault, accounts);
        keeping.ask_receipts_of(&self.store, &self.vault, proxy);
        keeping.send_for(&self.store, &self.vault, senders);
        self.keeping = Some(keeping);
        Ok(())
    }

    /// What a thread that waited for somebody has to tell: what it changed is minded here.
    pub(super) fn answered(&mut self, event: Event) {
        match &event {
            Event::AccountAdded(Ok(_))
            | Event::AccountRemoved(..)
            | Event::AccountChanged(_, Ok(())) => {
                self.mind_the_way();
                self.keep_accounts();
            }
            Event::PasswordKept(id, Ok(())) => self.keep_accounts_anew(Some(*id)),
            // Asked anew, and of nothing that went wrong with the one before.
            Event::ReceiptServerSet(_, Ok(_)) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.poller = None;
                }
                self.keep_accounts();
                self.tell(Event::ReceiptsAsked(None));
            }
            _ => {}
        }
        self.tell(event);
    }

    /// Tries this account, or all, again from the start: with another password.
    pub(super) fn keep_accounts_anew(&mut self, account: Option<AccountId>) {
        if let Some(keeping) = &mut self.keeping {
            let others = |id: &AccountId| account.is_some_and(|account| account != *id);
            keeping.watches.retain(|id, _| others(id));
            keeping.poller = None;
            // Begun anew when what it is at has been handed over.
            for (known, _) in keeping.couriers.values_mut().filter(|(known, _)| !others(&known.id))
            {
                known.settings.smtp = None;
            }
        }
        self.keep_accounts();
    }

    /// Keeps an account in step by what holds for its folders now: what is under way by what
    /// held before ends.
    pub(super) fn watch_anew(&mut self, account: AccountId) {
        if let Some(keeping) = &mut self.keeping {
            keeping.watches.remove(&account);
        }
        self.keep_accounts();
    }

    /// Leaves the server of an account that is to be removed.
    pub(super) fn leave(&mut self, account: AccountId) {
        if let Some(keeping) = &mut self.keeping {
            keeping.watches.remove(&account);
            keeping.dismiss(account);
        }
    }

    /// Asks the receipt server now.
    pub(super) fn ask_receipts(&self) {
        let poller = self.keeping.as_ref().and_then(|keeping| keeping.poller.as_ref());
        if let Some((_, poller)) = poller {
            poller.now();
        }
    }

    /// What was last said between an account and its server, oldest first.
    pub(super) fn conversation(&self, account: AccountId) -> Vec<String> {
        let log = self.keeping.as_ref().and_then(|keeping| keeping.logs.get(&account));
        log.map(Log::lines).unwrap_or_default()
    }

    /// Looks at all folders now: of one account, or of all.
    pub(super) fn sync_now(&self, account: Option<AccountId>) {
        for (id, (_, watch)) in self.keeping.iter().flat_map(|keeping| &keeping.watches) {
            if account.is_none_or(|account| account == *id) {
                watch.now();
            }
        }
    }

    /// All of a letter has come: where it is open, it is opened again.
    pub(super) fn whole(&mut self, letter: LetterId) {
        let open: Vec<(DocId, View)> = self
            .documents
            .iter()
            .filter(|(_, (_, document))| document.letter == Some(letter))
            .map(|(doc, (_, document))| (*doc, document.view))
            .collect();
        for (doc, view) in open {
            self.open(doc, letter, view);
        }
    }

    /// There is something to tell the servers of these accounts.
    pub(super) fn acted_on(&self, accounts: &[AccountId]) {
        for (id, (_, watch)) in self.keeping.iter().flat_map(|keeping| &keeping.watches) {
            if accounts.contains(id) {
                if let Ok(waiting) = self.store.pending_count(*id) {
                    self.tell(Event::Sync(*id, SyncEvent::Waiting(waiting)));
                }
                watch.acted();
            }
        }
    }

    /// There may be something to send.
    pub(super) fn post(&self) {
        for (_, courier) in self.keeping.iter().flat_map(|keeping| keeping.couriers.values()) {
            courier.nudge();
        }
    }

    /// More may have become known of letters that were sent: the user is told, once.
    pub(super) fn news(&self) {
        // Nobody would see it: it is told at the next start.
        if self.events.is_closed() {
            return;
        }
        match self.store.untold() {
            Ok(told) if told.is_empty() => {}
            Ok(told) => {
                self.tell(Event::Told(told));
                self.tell(Event::Outbox);
            }
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }

    /// A letter of which only the header is here is wanted whole.
    pub(super) fn want(&self, letter: LetterId) {
        let whole = self.store.is_whole(letter).unwrap_or(true);
        let Some(keeping) = self.keeping.as_ref().filter(|_| !whole) else { return };
        match self.store.account_of(letter) {
            Ok(account) => {
                if let Some((_, watch)) = keeping.watches.get(&account.id) {
                    watch.want(letter);
                }
            }
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As where the desktop asks for the passphrase of its keyring, and nobody answers.
    #[test]
    fn the_end_waits_for_nobody_who_is_asked_for_a_passphrase() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        let (events, _told) = mpsc::channel(8);
        let (back, _inbox) = std::sync::mpsc::channel();
        let (answer, asked) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = std::sync::mpsc::channel();
        let keeping = Keeping::start(&store, events, back).unwrap();
        keeping.handle.spawn_blocking(move || {
            begun.send(()).unwrap();
            let _ = asked.recv();
        });
        begins.recv().unwrap();
        let (ended, ends) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            keeping.end(Duration::ZERO);
            ended.send(()).unwrap();
        });
        ends.recv_timeout(Duration::from_secs(20)).unwrap();
        drop(answer);
    }
}
