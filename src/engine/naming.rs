//! The receipt server, named in the window: tried with its key, and kept with it.

use super::not_done::NoReceipts;
use super::protocol::{Event, NotDone};
use super::receipts::{self, ReceiptsTrouble};
use super::run::{Engine, Inner};
use crate::model::{Obstacle, Secret};
use crate::secrets::Vault;
use crate::store::Store;
use std::sync::Arc;

impl Engine {
    /// Tries it and keeps it, by the way it is asked later, on a thread of its own: a server
    /// may be slow, and a keyring may wait for the user. The try's number comes back with
    /// the answer.
    pub(super) fn set_receipt_server(&self, number: u64, address: String, key: Secret) {
        if self.options.only_reachable {
            // The demo's letters are samples: no keyring and no server is touched.
            self.tell(Event::ReceiptServerSet(number, Err(NoReceipts::Demo)));
            return;
        }
        let (store, vault) = (Arc::clone(&self.store), self.vault.clone());
        let proxy = match self.proxy() {
            Ok(proxy) => proxy,
            Err(error) => {
                let trouble = NoReceipts::from(&ReceiptsTrouble::from(error));
                return self.tell(Event::ReceiptServerSet(number, Err(trouble)));
            }
        };
        let back = self.back.clone();
        let started = std::thread::Builder::new().name("naming".into()).spawn(move || {
            let set = set(&store, &vault, address.trim(), &key, proxy.as_deref());
            let set = set.map_err(|trouble| NoReceipts::from(&trouble));
            let _ = back.send(Inner::Answer(Event::ReceiptServerSet(number, set)));
        });
        if let Err(error) = started {
            let why = Err(NoReceipts::Other(NotDone::Thread(Obstacle::from(&error)).to_string()));
            self.tell(Event::ReceiptServerSet(number, why));
        }
    }
}

fn set(
    store: &Store,
    vault: &Vault,
    address: &str,
    key: &Secret,
    proxy: Option<&str>,
) -> Result<(String, Option<NoReceipts>), ReceiptsTrouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tried = match runtime {
        Ok(runtime) => runtime.block_on(receipts::test(address, key, proxy)),
        // Without a runtime it is not tried; it is kept all the same.
        Err(_) => Ok(()),
    };
    let away = match tried {
        Ok(()) => None,
        // It may not be up yet: that is no reason not to keep it.
        Err(trouble) if trouble.is_passing() => Some(NoReceipts::from(&trouble)),
        Err(trouble) => return Err(trouble),
    };
    Ok((receipts::set_server(store, vault, address, key)?, away))
}
