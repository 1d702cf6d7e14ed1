//! Fetching what was allowed for open letters: a runtime of its own, made when
//! something is first allowed.

use super::protocol::{Event, NotDone};
use super::remote::{self, Brought, Kept, Unkept};
use super::run::{Engine, Inner};
use crate::html::worker::protocol::DocId;
use crate::model::{LetterId, Obstacle};
use crate::net::http::{Client, Proxy};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// What fetches; made when something is first allowed.
pub(super) struct Fetcher {
    /// There until it is dropped.
    runtime: Option<Runtime>,
    client: Arc<Client>,
}

impl Fetcher {
    fn new(proxy: Option<&str>) -> Result<Self, NotDone> {
        // A proxy that is not understood is no reason to go without one.
        let proxy = proxy.map(Proxy::parse).transpose()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fetch")
            .enable_all()
            .build()
            .map_err(|error| NotDone::Thread(Obstacle::from(&error)))?;
        Ok(Self { runtime: Some(runtime), client: Arc::new(Client::new(proxy)) })
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        // A look-up or a disk that stands still must not keep the window from closing.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Engine {
    pub(super) fn fetch(
        &mut self,
        doc: DocId,
        opened: u64,
        letter: Option<LetterId>,
        wanted: Vec<crate::model::Allowed>,
        policy: crate::privacy::Policy,
    ) -> Result<(), NotDone> {
        let fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => Fetcher::new(self.options.proxy.as_deref())?,
        };
        let (client, back) = (Arc::clone(&fetcher.client), self.back.clone());
        let store = Arc::clone(&self.store);
        fetcher.spawn(async move {
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
    pub(super) fn arrived(&mut self, doc: DocId, opened: u64, brought: Brought) {
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
        let redrawn = laid_out.then(|| document.redrawn());
        let summary = document.summary(ledger);
        self.tell(Event::Ledger(doc, Arc::new(summary)));
        if let Some(redrawn) = redrawn {
            self.tell(Event::Redrawn(doc, redrawn));
        }
    }
}
