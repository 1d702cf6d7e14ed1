//! What the window asks about accounts. Each question is answered on a thread of its own:
//! a keyring may wait for the user, a server for its network, and letters are read
//! meanwhile.

use super::{Change, Failure, Log, NewAccount, Trouble};
use crate::engine::protocol::{Event, NotDone};
use crate::engine::run::{Engine, Inner};
use crate::model::{AccountId, FolderId, FolderPolicy, Obstacle, Secret};
use crate::secrets::Vault;
use crate::store::outbox::OutboxError;
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// What a thread works with.
struct Means {
    store: Arc<Store>,
    vault: Vault,
}

impl Engine {
    pub(in crate::engine) fn test_account(&self, test: u64, new: NewAccount) {
        self.on_a_thread(move |_| {
            let tested = connect(super::test_both(
                Some(&new.address),
                &new.settings,
                &new.secret,
                &Log::default(),
            ));
            Event::AccountTested(test, tested.map_err(Arc::new))
        });
    }

    pub(in crate::engine) fn test_kept_account(&self, test: u64, id: AccountId) {
        self.on_a_thread(move |means| {
            let tested = means.account(id).and_then(|account| {
                connect(super::test_kept(&account, &means.vault, &Log::default()))
            });
            Event::AccountTested(test, tested.map_err(Arc::new))
        });
    }

    /// What DNS knows of an address. Behind a proxy, and in the demo, nobody is asked.
    pub(in crate::engine) fn find_servers(&self, number: u64, address: String) {
        if self.options.only_reachable || !matches!(self.proxy(), Ok(None)) {
            return self.tell(Event::ServersFound(number, None));
        }
        let dns = self.options.dns.clone();
        self.on_a_thread(move |_| {
            let found = connect(async { Ok(super::find(&dns, &address).await) });
            Event::ServersFound(number, found.ok().and_then(Result::ok).flatten().map(Box::new))
        });
    }

    pub(in crate::engine) fn add_account(&self, new: NewAccount) {
        self.on_a_thread(move |means| {
            let added = super::add(
                &means.store,
                &means.vault,
                &new.name,
                &new.address,
                &new.settings,
                &new.secret,
            );
            Event::AccountAdded(added.map_err(|error| Arc::new(error.into())))
        });
    }

    pub(in crate::engine) fn remove_account(&self, id: AccountId) {
        self.on_a_thread(move |means| {
            let removed = super::remove(&means.store, &means.vault, id, super::Drafts::Keep);
            Event::AccountRemoved(id, removed.map_err(|error| Arc::new(error.into())))
        });
    }

    pub(in crate::engine) fn keep_password(&self, id: AccountId, secret: Secret) {
        self.on_a_thread(move |means| {
            let kept = means
                .account(id)
                .and_then(|_| Ok(means.vault.set(id.0, &secret).map_err(Trouble::Secrets)?));
            Event::PasswordKept(id, kept.map_err(Arc::new))
        });
    }

    /// Changes an account here and now: nobody is waited for.
    pub(in crate::engine) fn change_account(&mut self, id: AccountId, change: Change) {
        if self.options.only_reachable {
            return self.tell(Event::NoAccountsHere);
        }
        let changed = super::change(&self.store, id, change);
        let changed = changed.map_err(|error| Arc::new(error.into()));
        self.answered(Event::AccountChanged(id, changed));
    }

    /// Keeps so much of a folder from now on.
    pub(in crate::engine) fn keep_of_folder(
        &mut self,
        folder: FolderId,
        policy: Option<FolderPolicy>,
    ) {
        match self.store.set_policy(folder, policy) {
            Ok(()) => {
                self.tell(Event::Changed(vec![folder]));
                if let Ok(Some(mailbox)) = self.store.mailbox(folder) {
                    self.watch_anew(mailbox.account);
                }
            }
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }

    fn on_a_thread(&self, work: impl FnOnce(&Means) -> Event + Send + 'static) {
        if self.options.only_reachable {
            // The demo's letters are samples: no account, no keyring, no server is touched.
            self.tell(Event::NoAccountsHere);
            return;
        }
        let means = Means { store: Arc::clone(&self.store), vault: self.vault.clone() };
        let back = self.back.clone();
        let started = std::thread::Builder::new()
            .name("accounts".into())
            .spawn(move || drop(back.send(Inner::Answer(work(&means)))));
        if let Err(error) = started {
            self.tell(Event::Failed(NotDone::Thread(Obstacle::from(&error))));
        }
    }
}

impl Means {
    fn account(&self, id: AccountId) -> Result<crate::model::Account, Failure> {
        let found = self.store.account_by_id(id).map_err(Trouble::from)?;
        Ok(found.ok_or(Trouble::Gone)?)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AccountExists(_) => Self::NameTaken,
            StoreError::AccountName(_) => Self::BadName,
            StoreError::NoAccount(_) => Self::Gone,
            StoreError::Outbox(OutboxError::StillSending(_)) => Self::StillSending,
            StoreError::Outbox(OutboxError::StillWriting(_)) => Self::StillWriting,
            other => Self::Store(other.to_string()),
        }
    }
}

impl From<crate::engine::EngineError> for Failure {
    fn from(error: crate::engine::EngineError) -> Self {
        use crate::engine::EngineError;
        Self::of(match error {
            EngineError::Store(error) => error.into(),
            EngineError::Secrets(error) => Trouble::Secrets(error),
            EngineError::NoAddress(addr) => Trouble::NoAddress(addr),
            EngineError::AddressTwice(addr) => Trouble::AddressTwice(addr),
            EngineError::Days => Trouble::Days,
            EngineError::Proxy(_) => Trouble::NotProxy,
            EngineError::ProxyPassword => Trouble::ProxyPassword,
            other => Trouble::Store(other.to_string()),
        })
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::of(trouble)
    }
}

/// Runs a conversation with a server to its end.
fn connect<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(Trouble::Store(error.to_string()).into()),
    }
}
