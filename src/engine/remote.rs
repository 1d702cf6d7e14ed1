//! Fetching what was allowed for a letter, in one batch, and writing down that it was.
//!
//! Every address has its verdict before anything moves; a redirect is judged like
//! an address of its own. A request is in the journal before it is made: what cannot
//! be written down is not asked. What came back is in the journal before the picture
//! is drawn.

use super::not_done::NotDone;
use crate::model::{Allowed, Answer, LetterId, Obstacle, Reason, RequestMade};
use crate::net::http::{Answered, Budget, Client, Fetched, Gate};
use crate::privacy::Policy;
use crate::store::{RequestId, Store, StoreError};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Addresses fetched for one letter at a time, at most.
pub const MAX_PICTURES: usize = 200;
/// Bytes fetched for one letter at a time, at most.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Requests under way at once.
const AT_ONCE: usize = 6;
/// Redirects followed from one address.
const MAX_HOPS: usize = 5;

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brought {
    /// Pictures: the address asked first, and the bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// Every request made, redirects included, in order of time.
    pub requests: Vec<RequestMade>,
    /// Redirects that were not followed.
    pub stopped: Vec<Stopped>,
    /// Why something was not asked at all, or not kept.
    pub problem: Option<NotDone>,
}

/// A redirect that was not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The address in the letter.
    pub url: String,
    /// Where its server sent us.
    pub to: String,
    /// Why we did not go; `None` when there were too many, or they went in a circle.
    pub why: Option<Reason>,
}

/// Where requests are written down before they are made.
pub trait Journal: Send + Sync {
    /// What a request is known by until it is finished.
    type Ticket: Send + 'static;

    /// Writes down that these addresses are about to be asked; a ticket for each.
    ///
    /// # Errors
    /// When it cannot be written down: then nothing is asked.
    fn begin(&self, urls: &[&str]) -> Result<Vec<Self::Ticket>, StoreError>;

    /// Writes down what came of one.
    ///
    /// # Errors
    /// When it cannot be written down.
    fn finish(&self, ticket: Self::Ticket, made: &RequestMade) -> Result<(), StoreError>;
}

/// The journal of a letter in the store.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The store.
    pub store: Arc<Store>,
    /// The letter.
    pub letter: LetterId,
}

impl Journal for Kept {
    type Ticket = RequestId;

    fn begin(&self, urls: &[&str]) -> Result<Vec<RequestId>, StoreError> {
        self.store.begin_requests(self.letter, urls)
    }

    fn finish(&self, ticket: RequestId, made: &RequestMade) -> Result<(), StoreError> {
        self.store.finish_request(ticket, made)
    }
}

/// For a letter in a file, which no store knows: [`Brought::requests`] is the journal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unkept;

impl Journal for Unkept {
    type Ticket = ();

    fn begin(&self, urls: &[&str]) -> Result<Vec<()>, StoreError> {
        Ok(vec![(); urls.len()])
    }

    fn finish(&self, (): (), _: &RequestMade) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Gate for Policy {
    fn is_opened(&self, host: &str, port: u16) -> bool {
        Self::is_opened(self, host, port)
    }

    fn may_connect(&self, host: &str, to: SocketAddr) -> bool {
        Self::may_connect(self, host, to)
    }
}

/// Fetches all of a letter's allowed pictures, the same address once. Bounded in time
/// and size; never fails as a whole: what could not be had is in the requests.
pub async fn fetch<J: Journal + 'static>(
    client: &Client,
    allowed: &[Allowed],
    policy: &Policy,
    journal: Arc<J>,
) -> Brought {
    let mut asked_as: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut leaves: Vec<&Allowed> = Vec::new();
    let mut too_many = 0_usize;
    for leave in allowed {
        // What follows the `#` is not sent.
        let sent = leave.url().split('#').next().unwrap_or_default();
        if let Some(names) = asked_as.get_mut(sent) {
            if !names.contains(&leave.url()) {
                names.push(leave.url());
            }
        } else if leaves.len() < MAX_PICTURES {
            asked_as.insert(sent, vec![leave.url()]);
            leaves.push(leave);
        } else {
            too_many += 1;
        }
    }
    let mut brought = Brought {
        problem: (too_many > 0).then_some(NotDone::TooMany { left: too_many }),
        ..Brought::default()
    };
    let batch = Arc::new(Batch {
        client: client.clone(),
        policy: policy.clone(),
        budget: Budget::new(MAX_BYTES),
        at_once: Semaphore::new(AT_ONCE),
        journal,
    });
    let urls: Vec<String> = leaves.iter().map(|leave| leave.url().to_owned()).collect();
    let tickets = match batch.begin(urls).await {
        Ok(tickets) => tickets,
        Err(problem) => {
            brought.problem = Some(problem);
            return brought;
        }
    };
    let mut chains = JoinSet::new();
    for (turn, (leave, ticket)) in leaves.iter().zip(tickets).enumerate() {
        let (batch, leave) = (Arc::clone(&batch), (*leave).clone());
        chains.spawn(async move { (turn, batch.follow(leave, ticket).await) });
    }
    let mut ended: Vec<(usize, Chain)> = Vec::with_capacity(leaves.len());
    while let Some(chain) = chains.join_next().await {
        ended.extend(chain.ok());
    }
    ended.sort_by_key(|(turn, _)| *turn);
    for (_, chain) in ended {
        brought.requests.extend(chain.requests);
        brought.stopped.extend(chain.stopped);
        if let Some(bytes) = chain.picture {
            let sent = chain.url.split('#').next().unwrap_or_default();
            let mut names = asked_as.remove(sent).unwrap_or_default();
            let last = names.pop();
            brought.pictures.extend(names.into_iter().map(|name| (name.into(), bytes.clone())));
            brought.pictures.extend(last.map(|name| (name.into(), bytes)));
        }
        brought.problem = brought.problem.or(chain.problem);
    }
    // Stable: of one second, as the letter has them.
    brought.requests.sort_by_key(|request| request.at);
    brought
}

/// What the requests of one letter share.
struct Batch<J> {
    client: Client,
    policy: Policy,
    budget: Budget,
    at_once: Semaphore,
    journal: Arc<J>,
}

/// One address of the letter and where it led.
#[derive(Default)]
struct Chain {
    url: String,
    picture: Option<Vec<u8>>,
    requests: Vec<RequestMade>,
    stopped: Option<Stopped>,
    problem: Option<NotDone>,
}

impl<J: Journal + 'static> Batch<J> {
    /// Asks an address that is written down already, and those it leads to.
    async fn follow(&self, leave: Allowed, ticket: J::Ticket) -> Chain {
        let mut chain = Chain { url: leave.url().to_owned(), ..Chain::default() };
        let (mut leave, mut ticket) = (leave, ticket);
        let mut been: HashSet<String> = HashSet::new();
        loop {
            been.insert(leave.url().to_owned());
            let (made, answered) = self.ask(&leave).await;
            chain.requests.push(made.clone());
            if let Err(problem) = self.finish(ticket, made).await {
                // What is not in the journal is not drawn.
                chain.problem = Some(problem);
                return chain;
            }
            let to = match answered {
                Some(Answered::Body(bytes)) => {
                    chain.picture = Some(bytes);
                    return chain;
                }
                Some(Answered::Redirect(to)) => to,
                Some(Answered::Status(_)) | None => return chain,
            };
            let judged = match self.policy.follow(&leave, &to) {
                _ if been.len() > MAX_HOPS || been.contains(&to) => Err(None),
                judged => judged.map_err(Some),
            };
            leave = match judged {
                Ok(next) => next,
                Err(why) => {
                    chain.stopped = Some(Stopped { url: chain.url.clone(), to, why });
                    return chain;
                }
            };
            let begun = self.begin(vec![leave.url().to_owned()]).await;
            ticket = match begun.map(|mut tickets| tickets.pop()) {
                Ok(Some(ticket)) => ticket,
                Ok(None) => return chain,
                Err(problem) => {
                    chain.problem = Some(problem);
                    return chain;
                }
            };
        }
    }

    async fn ask(&self, leave: &Allowed) -> (RequestMade, Option<Answered>) {
        // Never closed: waiting cannot fail.
        let _turn = self.at_once.acquire().await.ok();
        let at = now();
        let Fetched { bytes, answer } = self.client.get(leave, &self.policy, &self.budget).await;
        let (answer, answered) = match answer {
            Ok(answered) => (told(&answered), Some(answered)),
            Err(error) => (Answer::Failed(error.to_string()), None),
        };
        (RequestMade { url: leave.url().to_owned(), at, bytes, answer }, answered)
    }

    /// The journal is on a disk: nobody waits for that on the runtime's thread.
    async fn begin(&self, urls: Vec<String>) -> Result<Vec<J::Ticket>, NotDone> {
        let journal = Arc::clone(&self.journal);
        let count = urls.len();
        let written = tokio::task::spawn_blocking(move || {
            let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
            journal.begin(&urls)
        });
        match written.await {
            Ok(Ok(tickets)) if tickets.len() == count => Ok(tickets),
            Ok(Ok(_)) => Err(NotDone::NotAsked(Obstacle::Damaged)),
            Ok(Err(error)) => Err(NotDone::NotAsked(error.obstacle())),
            Err(broken) => Err(NotDone::NotAsked(Obstacle::Other(broken.to_string()))),
        }
    }

    async fn finish(&self, ticket: J::Ticket, made: RequestMade) -> Result<(), NotDone> {
        let journal = Arc::clone(&self.journal);
        match tokio::task::spawn_blocking(move || journal.finish(ticket, &made)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(NotDone::NotKept(error.obstacle())),
            Err(broken) => Err(NotDone::NotKept(Obstacle::Other(broken.to_string()))),
        }
    }
}

fn told(answered: &Answered) -> Answer {
    match answered {
        Answered::Body(_) => Answer::Status(200),
        Answered::Redirect(to) => Answer::Redirect(to.clone()),
        Answered::Status(status) => Answer::Status(*status),
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
