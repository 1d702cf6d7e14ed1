//! Fetching what was allowed for open letters: a runtime of its own, made when
//! something is first allowed.

use super::protocol::{Event, NotDone};
use super::remote::{self, Brought, Journal, Kept, Leash, Unkept};
use super::run::{Engine, Inner};
use crate::html::worker::protocol::DocId;
use crate::model::{Allowed, LetterId, Obstacle, RequestMade};
use crate::net::http::{Client, Proxy};
use crate::privacy::Policy;
use crate::store::StoreError;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use tokio::runtime::Runtime;

/// What fetches; made when something is first allowed.
pub(super) struct Fetcher {
    /// There until it is dropped.
    runtime: Option<Runtime>,
    client: Arc<Client>,
    /// The way it goes.
    proxy: Option<String>,
}

impl Fetcher {
    fn new(proxy: Option<String>) -> Result<Self, NotDone> {
        let client = client(proxy.as_deref())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fetch")
            .enable_all()
            .build()
            .map_err(|error| NotDone::Thread(Obstacle::from(&error)))?;
        Ok(Self { runtime: Some(runtime), client, proxy })
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }
}

fn client(proxy: Option<&str>) -> Result<Arc<Client>, NotDone> {
    // A proxy that is not understood is no reason to go without one.
    let proxy = proxy.map(Proxy::parse).transpose()?;
    Ok(Arc::new(Client::new(proxy)))
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        // A look-up or a disk that stands still must not keep the window from closing.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A batch to fetch.
pub(super) struct Errand {
    pub doc: DocId,
    /// Which opening of it.
    pub opened: u64,
    /// The batch's own number.
    pub batch: u64,
    pub letter: Option<LetterId>,
    pub wanted: Vec<Allowed>,
    pub policy: Policy,
    pub leash: Leash,
}

/// A journal that lets the engine know when something is about to be asked.
struct Told<J> {
    journal: J,
    back: Sender<Inner>,
    of: (DocId, u64),
}

impl<J: Journal> Journal for Told<J> {
    type Ticket = J::Ticket;

    fn begin(&self, urls: &[&str]) -> Result<Vec<J::Ticket>, StoreError> {
        let tickets = self.journal.begin(urls)?;
        let _ = self.back.send(Inner::Asking(self.of.0, self.of.1, urls.len()));
        Ok(tickets)
    }

    fn finish(&self, ticket: J::Ticket, made: &RequestMade) -> Result<(), StoreError> {
        self.journal.finish(ticket, made)
    }
}

impl Engine {
    pub(super) fn fetch(&mut self, errand: Errand) -> Result<(), NotDone> {
        let proxy = self.way_to_pictures(errand.letter)?;
        if let Some((_, document)) = self.documents.get_mut(&errand.doc) {
            document.goes_by(errand.batch, &proxy);
        }
        let mut fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => Fetcher::new(proxy.clone())?,
        };
        // Another letter may go another way, or another was chosen since.
        if fetcher.proxy != proxy {
            fetcher.client = client(proxy.as_deref())?;
            fetcher.proxy = proxy;
        }
        let (client, back) = (Arc::clone(&fetcher.client), self.back.clone());
        let store = Arc::clone(&self.store);
        let Errand { doc, opened, batch, letter, wanted, policy, leash } = errand;
        fetcher.spawn(async move {
            let of = (doc, opened);
            let brought = match letter {
                Some(letter) => {
                    let journal = Kept { store, letter };
                    let journal = Arc::new(Told { journal, back: back.clone(), of });
                    remote::fetch_on(&leash, &client, &wanted, &policy, journal).await
                }
                None => {
                    let journal = Arc::new(Told { journal: Unkept, back: back.clone(), of });
                    remote::fetch_on(&leash, &client, &wanted, &policy, journal).await
                }
            };
            let _ = back.send(Inner::Brought(doc, opened, batch, brought));
        });
        self.fetcher = Some(fetcher);
        Ok(())
    }

    /// Another way may have been chosen: what is under way by one that no longer holds is cut.
    pub(super) fn mind_the_way(&mut self) {
        let open: Vec<(DocId, Option<LetterId>)> =
            self.documents.iter().map(|(doc, (_, document))| (*doc, document.letter)).collect();
        for (doc, letter) in open {
            let way = self.way_to_pictures(letter).ok();
            if let Some((_, document)) = self.documents.get_mut(&doc) {
                document.recall(way.as_ref());
            }
        }
    }

    /// So many requests are about to leave: counted and told at once.
    pub(super) fn asking(&mut self, doc: DocId, opened: u64, count: usize) {
        let Some((_, document)) = self.documents.get_mut(&doc).filter(|(now, _)| *now == opened)
        else {
            return;
        };
        let begun = document.count(count);
        self.tell(Event::Asked(doc, begun));
    }

    /// A batch came back.
    pub(super) fn arrived(&mut self, doc: DocId, opened: u64, batch: u64, brought: Brought) {
        if let Some(problem) = &brought.problem {
            self.tell(Event::Failed(problem.clone()));
        }
        let Some((now, document)) = self.documents.get_mut(&doc) else { return };
        if *now != opened {
            return;
        }
        let ledger = document.judge();
        let (pictures, again) = document.take_in(batch, brought, &ledger);
        let laid_out = self.reader.show(document, &pictures);
        let redrawn = laid_out.then(|| document.redrawn());
        let summary = document.summary(ledger);
        self.tell(Event::Ledger(doc, Arc::new(summary)));
        if let Some(redrawn) = redrawn {
            self.tell(Event::Redrawn(doc, redrawn));
        }
        if again {
            self.judge(doc);
        }
    }
}
