//! Fetching what was allowed for a letter, in one batch, and writing down that it was.
//!
//! Every address has its verdict before anything moves; a redirect is judged like
//! an address of its own. A request is in the journal before it is made: what cannot
//! be written down is not asked. What came back is in the journal before the picture
//! is drawn.

use super::not_done::NotDone;
use crate::model::{Allowed, Answer, Failing, LetterId, Obstacle, RequestMade};
use crate::net::http::{Answered, Budget, Client, FetchError, Fetched, Gate};
use crate::privacy::Policy;
use crate::store::{RequestId, Store, StoreError};
use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// Addresses fetched for one letter at a time, at most.
pub const MAX_PICTURES: usize = 200;
/// Bytes fetched for one letter at a time, at most.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Requests under way at once.
const AT_ONCE: usize = 6;
/// How long a batch may go on asking.
const MAX_TIME: Duration = Duration::from_secs(60);
/// Redirects followed from one address.
const MAX_HOPS: usize = 5;

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brought {
    /// Pictures: the address asked first, and the bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// Every request made, redirects included, in order of time.
    pub requests: Vec<RequestMade>,
    /// Addresses that nothing came of because they were taken back meanwhile.
    pub taken_back: Vec<String>,
    /// Addresses that were not asked for another reason: too many, too late, not to be
    /// written down.
    pub left_out: Vec<String>,
    /// Why something was not asked at all, or not kept.
    pub problem: Option<NotDone>,
}

/// What a batch under way may still ask. Whoever holds the other end lets it in at any
/// time: what is under way then is given up, and nothing more is asked.
#[derive(Debug, Clone)]
pub struct Leash {
    // `None`: everything.
    allowed: Arc<watch::Sender<Option<HashSet<String>>>>,
    most: Duration,
}

impl Default for Leash {
    fn default() -> Self {
        Self::of(MAX_TIME)
    }
}

impl Leash {
    /// One on which nothing is asked any more after so long.
    pub fn of(most: Duration) -> Self {
        Self { allowed: Arc::new(watch::Sender::new(None)), most }
    }

    /// From now on these addresses are allowed, and no other.
    pub fn hold(&self, allowed: HashSet<String>) {
        let _ = self.allowed.send_replace(Some(allowed));
    }

    /// From now on nothing is.
    pub fn cut(&self) {
        self.hold(HashSet::new());
    }

    fn permits(&self, names: &[String]) -> bool {
        permitted(&self.allowed.borrow(), names)
    }

    /// Waits until none of these is allowed any more.
    async fn gone(&self, names: &[String]) {
        let mut watched = self.allowed.subscribe();
        // Its other end is here: it does not close.
        let _ = watched.wait_for(|allowed| !permitted(allowed, names)).await;
    }
}

fn permitted(allowed: &Option<HashSet<String>>, names: &[String]) -> bool {
    allowed.as_ref().is_none_or(|allowed| names.iter().any(|name| allowed.contains(name)))
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
    fetch_on(&Leash::default(), client, allowed, policy, journal).await
}

/// The same on a leash.
pub async fn fetch_on<J: Journal + 'static>(
    leash: &Leash,
    client: &Client,
    allowed: &[Allowed],
    policy: &Policy,
    journal: Arc<J>,
) -> Brought {
    let (mut waiting, mut brought) = sorted(allowed);
    let batch = Arc::new(Batch {
        client: client.clone(),
        policy: policy.clone(),
        budget: Budget::new(MAX_BYTES),
        at_once: Arc::new(Semaphore::new(AT_ONCE)),
        leash: leash.clone(),
        late: Instant::now() + leash.most,
        journal,
    });
    let mut chains = JoinSet::new();
    while !waiting.is_empty() {
        let Some(turns) = batch.turns(waiting.len()).await else {
            brought.problem = Some(NotDone::TooLong { left: waiting.len() });
            break;
        };
        let mut group: Vec<Wanted> = Vec::new();
        while group.len() < turns.len()
            && let Some(wanted) = waiting.pop_front()
        {
            if leash.permits(&wanted.names) {
                group.push(wanted);
            } else {
                brought.taken_back.extend(wanted.names);
            }
        }
        let urls = group.iter().map(|wanted| wanted.leave.url().to_owned()).collect();
        let tickets = match batch.begin(urls).await {
            Ok(tickets) => tickets,
            Err(problem) => {
                brought.problem = Some(problem);
                waiting.extend(group);
                break;
            }
        };
        for ((wanted, ticket), turn) in group.into_iter().zip(tickets).zip(turns) {
            let batch = Arc::clone(&batch);
            chains.spawn(async move { batch.follow(wanted, ticket, turn).await });
        }
    }
    brought.left_out.extend(waiting.into_iter().flat_map(|wanted| wanted.names));
    let mut ended: Vec<Chain> = Vec::new();
    while let Some(chain) = chains.join_next().await {
        ended.extend(chain.ok());
    }
    ended.sort_by_key(|chain| chain.place);
    for chain in ended {
        brought.requests.extend(chain.requests);
        brought.problem = brought.problem.or(chain.problem);
        if chain.taken_back {
            brought.taken_back.extend(chain.names);
        } else if let Some(bytes) = chain.picture {
            let mut names = chain.names;
            let last = names.pop();
            brought.pictures.extend(names.into_iter().map(|name| (name, bytes.clone())));
            brought.pictures.extend(last.map(|name| (name, bytes)));
        }
    }
    // Stable: of one second, as the letter has them.
    brought.requests.sort_by_key(|request| request.at);
    brought
}

/// An address to ask.
#[derive(Debug)]
struct Wanted {
    /// Which it is in the letter.
    place: usize,
    leave: Allowed,
    /// As the letter names it: with and without something behind a `#`.
    names: Vec<String>,
}

/// What is asked, in the letter's order; what is too much is left out.
fn sorted(allowed: &[Allowed]) -> (VecDeque<Wanted>, Brought) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut waiting: VecDeque<Wanted> = VecDeque::new();
    let (mut left_out, mut left) = (Vec::new(), HashSet::new());
    for leave in allowed {
        let name = leave.url().to_owned();
        // What follows the `#` is not sent.
        let sent = leave.url().split('#').next().unwrap_or_default();
        if let Some(wanted) = places.get(sent).and_then(|place| waiting.get_mut(*place)) {
            if !wanted.names.contains(&name) {
                wanted.names.push(name);
            }
        } else if waiting.len() < MAX_PICTURES {
            let place = waiting.len();
            places.insert(sent, place);
            waiting.push_back(Wanted { place, leave: leave.clone(), names: vec![name] });
        } else {
            left.insert(sent);
            left_out.push(name);
        }
    }
    let problem = (!left.is_empty()).then_some(NotDone::TooMany { left: left.len() });
    (waiting, Brought { left_out, problem, ..Brought::default() })
}

/// What the requests of one letter share.
struct Batch<J> {
    client: Client,
    policy: Policy,
    budget: Budget,
    at_once: Arc<Semaphore>,
    leash: Leash,
    /// When nothing more is asked.
    late: Instant,
    journal: Arc<J>,
}

/// One address of the letter and where it led.
#[derive(Default)]
struct Chain {
    place: usize,
    names: Vec<String>,
    picture: Option<Vec<u8>>,
    requests: Vec<RequestMade>,
    taken_back: bool,
    problem: Option<NotDone>,
}

impl<J: Journal + 'static> Batch<J> {
    /// Waits for a turn, and takes all there are for so many; `None` when it is too late.
    async fn turns(&self, most: usize) -> Option<Vec<OwnedSemaphorePermit>> {
        let first = Arc::clone(&self.at_once).acquire_owned();
        let mut turns = vec![timeout_at(self.late, first).await.ok()?.ok()?];
        while turns.len() < most
            && let Ok(turn) = Arc::clone(&self.at_once).try_acquire_owned()
        {
            turns.push(turn);
        }
        (Instant::now() < self.late).then_some(turns)
    }

    /// Asks an address that is written down already, and those it leads to.
    async fn follow(&self, wanted: Wanted, ticket: J::Ticket, turn: OwnedSemaphorePermit) -> Chain {
        let mut chain =
            Chain { place: wanted.place, names: wanted.names.clone(), ..Chain::default() };
        let (mut leave, mut ticket, mut turns) = (wanted.leave, ticket, vec![turn]);
        let mut been: HashSet<String> = HashSet::new();
        loop {
            been.insert(leave.url().to_owned());
            let (mut made, answered, given_up) = self.ask(&leave, &chain.names).await;
            turns.clear();
            let next = match &answered {
                Some(Answered::Redirect(to)) => match self.policy.follow(&leave, to) {
                    _ if been.len() > MAX_HOPS || been.contains(to) => Some(Err(None)),
                    judged => Some(judged.map_err(Some)),
                },
                _ => None,
            };
            if let (Some(Answered::Redirect(to)), Some(Err(why))) = (&answered, &next) {
                made.answer = Answer::Stopped { to: to.clone(), why: *why };
            }
            chain.requests.push(made.clone());
            if let Err(problem) = self.finish(ticket, made).await {
                // What is not in the journal is not drawn.
                chain.problem = Some(problem);
                return chain;
            }
            // It may be permitted anew by now: what was given up was not had all the same.
            chain.taken_back = given_up || !self.leash.permits(&chain.names);
            if let Some(Answered::Body(bytes)) = answered {
                chain.picture = Some(bytes);
            }
            let Some(Ok(next)) = next else { return chain };
            if chain.taken_back {
                return chain;
            }
            let Some(more) = self.turns(1).await else {
                chain.problem = Some(NotDone::TooLong { left: 1 });
                return chain;
            };
            chain.taken_back = !self.leash.permits(&chain.names);
            if chain.taken_back {
                return chain;
            }
            (leave, turns) = (next, more);
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

    /// Asks; whether it was given up because its leave was taken back meanwhile.
    async fn ask(
        &self,
        leave: &Allowed,
        names: &[String],
    ) -> (RequestMade, Option<Answered>, bool) {
        let at = now();
        let Fetched { bytes, answer } = tokio::select! {
            biased;
            () = self.leash.gone(names) => Fetched { bytes: 0, answer: Err(FetchError::TakenBack) },
            fetched = self.client.get(leave, &self.policy, &self.budget) => fetched,
        };
        let given_up = matches!(answer, Err(FetchError::TakenBack));
        let (answer, answered) = match answer {
            Ok(answered) => (told(&answered), Some(answered)),
            Err(error) if error.reached_nobody() => (Answer::Unreached(failing(&error)), None),
            Err(error) => (Answer::Failed(failing(&error)), None),
        };
        (RequestMade { url: leave.url().to_owned(), at, bytes, answer }, answered, given_up)
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

fn failing(error: &FetchError) -> Failing {
    match error {
        FetchError::Address => Failing::Address,
        FetchError::Name(_) => Failing::Name,
        FetchError::Private(_) => Failing::Private,
        FetchError::Connect(_) => Failing::Connection,
        FetchError::NoAnswer => Failing::NoAnswer,
        FetchError::Tls(_) => Failing::Unsafe,
        FetchError::NoRoots => Failing::NoRoots,
        FetchError::Proxy(_) => Failing::Proxy,
        FetchError::Garbled(_) => Failing::Garbled,
        FetchError::TooSlow => Failing::TooSlow,
        FetchError::TooLarge { .. } => Failing::TooLarge,
        FetchError::Together => Failing::Together,
        FetchError::TakenBack => Failing::TakenBack,
        FetchError::Packed => Failing::Packed,
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
