//! Letters over the line: headers, whole letters in large ranges, large letters in
//! pieces, newest first.
//!
//! What was asked for and did not come is asked for once more: the server then says that
//! the letter is gone, or hands it over, or it is told to the user.

use super::folder::{Entry, Open, flags_of};
use super::intake::{Carried, Tally, add};
use super::{Progress, Session, SyncEvent};
use crate::archive::MAX_LETTER;
use crate::engine::Result;
use crate::model::LetterId;
use crate::net::imap::{Fetched, Request, UidSet, Wanted};
use crate::store::{Applied, Arrival, Changes, Content, header_sha};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One FETCH asks for so many letters or bytes at most; the first for fewer, so that what
/// is newest is here at once.
const RANGE_LETTERS: usize = 1_000;
const RANGE_BYTES: u64 = 8 * 1024 * 1024;
const FIRST_LETTERS: usize = 100;
/// Sizes asked for at once.
const RANGE_SIZES: usize = 4_000;
/// Headers asked for at once.
const RANGE_HEADERS: usize = 2_000;
/// What a letter is taken for whose size is not known.
const UNKNOWN_SIZE: u64 = 16 * 1024;
/// Larger letters come in pieces, of this size.
const LARGE: u64 = 2 * 1024 * 1024;
const PIECE: u32 = 1024 * 1024;
/// Pieces asked for before the first has come.
const AHEAD: u64 = 4;
/// If whole letters will take longer than this, their headers come first.
const SOON: f64 = 15.0;
/// A letter that is asked for again and again would never end.
const RETRIES: usize = 200;
/// Progress is told so often.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// A letter that is wanted.
#[derive(Debug, Clone)]
pub(super) struct Want {
    pub entry: Entry,
    /// All of it, not its header only.
    pub whole: bool,
    /// Its header is here.
    pub header: bool,
}

impl Want {
    fn size(&self) -> u64 {
        self.entry.size.unwrap_or(UNKNOWN_SIZE)
    }
}

/// Whole letters, by the way they come.
#[derive(Debug, Default)]
struct Parts {
    /// In large ranges.
    small: Vec<Want>,
    /// In pieces.
    large: Vec<Want>,
    /// Not at all: only their headers.
    too_large: Vec<Want>,
}

impl Parts {
    fn of(wants: Vec<Want>) -> Self {
        let mut parts = Self::default();
        for want in wants {
            match want.size() {
                size if size > MAX_LETTER as u64 => parts.too_large.push(want),
                size if size > LARGE => parts.large.push(want),
                _ => parts.small.push(want),
            }
        }
        parts
    }

    fn add(&mut self, more: Self) {
        self.small.extend(more.small);
        self.large.extend(more.large);
        self.too_large.extend(more.too_large);
    }

    fn letters(&self) -> usize {
        self.small.len() + self.large.len()
    }

    fn bytes(&self) -> u64 {
        self.small.iter().chain(&self.large).map(Want::size).sum()
    }

    /// Of one letter.
    fn average(&self) -> u64 {
        let letters = self.letters() as u64;
        self.bytes().checked_div(letters).unwrap_or(UNKNOWN_SIZE)
    }

    /// Those whose headers come first: all where it takes long, else those that come late
    /// or never.
    fn early(&self, slow: bool) -> impl Iterator<Item = &Want> {
        let small = self.small.iter().filter(move |_| slow);
        small.chain(&self.large).chain(&self.too_large).filter(|want| !want.header)
    }
}

/// What was brought.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub applied: Applied,
    /// All that was wanted is here, or gone from the server.
    pub complete: bool,
}

/// How far it is, for telling.
struct Way {
    told: Instant,
    since: Instant,
    /// When the first whole letter came.
    began: Option<Instant>,
    progress: Progress,
    tally: Arc<Tally>,
    /// Who hears of it; nobody of a first screenful.
    tell: Option<Arc<dyn Fn(SyncEvent) + Send + Sync>>,
}

impl Way {
    fn came(&mut self, letters: u64, bytes: usize) {
        if bytes > 0 {
            self.began.get_or_insert_with(Instant::now);
        }
        self.progress.letters += letters;
        self.progress.bytes += bytes as u64;
        if self.told.elapsed() >= TOLD_EVERY {
            self.say();
        }
    }

    fn say(&mut self) {
        let Some(tell) = &self.tell else { return };
        self.told = Instant::now();
        // By what was worked out: what only came is work yet.
        let passed = self.began.map_or(0.0, |began| began.elapsed().as_secs_f64());
        let done = self.tally.worked_out().min(self.progress.bytes);
        let rest = self.progress.bytes_total.saturating_sub(done);
        let left = passed * rest as f64 / done.max(1) as f64;
        let known = done > 0 && passed > 0.5 && left.is_finite();
        self.progress.left = known.then(|| Duration::from_secs_f64(left.clamp(0.0, 1e7)));
        tell(SyncEvent::Progress(self.progress.clone()));
    }
}

impl Session<'_> {
    /// Letters that lost their UIDs find the new ones, by their headers: they are not
    /// fetched again. What is left to be fetched.
    pub(super) async fn reunite(&mut self, open: &Open<'_>, wants: Vec<Want>) -> Result<Vec<Want>> {
        let orphans = self.store.orphans(open.id())?;
        if orphans.is_empty() {
            return Ok(wants);
        }
        let mut by_sha: HashMap<_, Vec<LetterId>> = HashMap::new();
        // From the last, so that the oldest is taken first.
        for orphan in orphans.iter().rev() {
            by_sha.entry(orphan.sha).or_default().push(orphan.id);
        }
        let mut arrived: Vec<Arrival> = Vec::new();
        let requests = ranges(&wants, RANGE_HEADERS, u64::MAX, Wanted::Header);
        let mut found: HashSet<u32> = HashSet::new();
        if !requests.is_empty() {
            let mut fetching = self.connection.fetch(requests).await?;
            while let Some(fetched) = fetching.next().await? {
                let Some(entry) = Entry::of(&fetched) else { continue };
                let (Some(header), Some(size)) = (&fetched.bytes, fetched.size) else { continue };
                let Some(id) = by_sha.get_mut(&header_sha(header, size)).and_then(Vec::pop) else {
                    continue;
                };
                found.insert(entry.uid);
                let content = Content::Orphan(id);
                let twin = entry.twin;
                arrived.push(Arrival { uid: entry.uid, flags: entry.flags, content, twin });
            }
        }
        let adopted: HashSet<LetterId> = arrived
            .iter()
            .filter_map(|arrival| match arrival.content {
                Content::Orphan(id) => Some(id),
                Content::Mail(_) => None,
            })
            .collect();
        let applied = self.store.apply(open.id(), &Changes { arrived, ..Changes::default() })?;
        // Those that were something else after all must come.
        applied.missing.iter().for_each(|uid| {
            found.remove(uid);
        });
        // The server has answered in full: who found no UID is not there any more.
        let lost: Vec<LetterId> =
            orphans.iter().map(|orphan| orphan.id).filter(|id| !adopted.contains(id)).collect();
        self.report.counts.expunged += self.store.drop_orphans(open.id(), &lost)?;
        self.tell(SyncEvent::Changed(open.id()));
        Ok(wants.into_iter().filter(|want| !found.contains(&want.entry.uid)).collect())
    }

    /// Brings letters in. `loud`: progress is told.
    pub(super) async fn bring(
        &mut self,
        open: &Open<'_>,
        wants: Vec<Want>,
        loud: bool,
    ) -> Result<Brought> {
        if wants.is_empty() {
            return Ok(Brought { complete: true, ..Brought::default() });
        }
        let tally = Tally::new(open.id(), self.teller());
        let (whole, headers): (Vec<Want>, Vec<Want>) =
            wants.into_iter().partition(|want| want.whole);
        let (whole, later): (Vec<Want>, Vec<Want>) =
            whole.into_iter().partition(|want| want.entry.size.is_some());
        let mut parts = Parts::of(whole);
        let bytes = parts.bytes() + parts.average() * later.len() as u64;
        let mut way = Way {
            told: Instant::now(),
            since: Instant::now(),
            began: None,
            tally: Arc::clone(&tally),
            progress: Progress {
                folder: open.id(),
                path: open.mailbox.path.clone(),
                letters: 0,
                letters_total: (parts.letters() + later.len() + headers.len()) as u64,
                bytes: 0,
                bytes_total: bytes,
                left: None,
            },
            tell: loud.then(|| self.teller()),
        };
        // Headers first, of what will take a while to come, or will not come.
        let slow = self.pace.seconds_for(bytes).is_some_and(|seconds| seconds > SOON);
        let hurried = later.iter().filter(|_| slow);
        let mut first: Vec<Want> =
            parts.early(slow).chain(hurried).chain(&headers).cloned().collect();
        first.sort_by_key(|want| std::cmp::Reverse(want.entry.uid));
        let mut absent: Vec<Want> = self.headers(&first, &tally, &mut way).await?;
        absent.retain(|want| !want.whole);
        absent.extend(self.whole(&parts.small, &tally, &mut way).await?);
        // Sizes of so many at a time that what came before is being worked out meanwhile.
        let mut unknown = later.len() as u64;
        let average = parts.average();
        for later in later.chunks(RANGE_SIZES) {
            let (sized, gone) = self.sized(later.to_vec()).await?;
            absent.extend(gone);
            let more = Parts::of(sized);
            unknown -= later.len() as u64;
            way.progress.bytes_total = parts.bytes() + more.bytes() + average * unknown;
            let early: Vec<Want> = more.early(false).cloned().collect();
            // They are asked for whole below.
            self.headers(&early, &tally, &mut way).await?;
            absent.extend(self.whole(&more.small, &tally, &mut way).await?);
            parts.add(more);
        }
        let Parts { small, large, too_large } = parts;
        for want in &large {
            if !self.in_pieces(want, &tally, &mut way).await? {
                absent.push(want.clone());
            }
        }
        let mut brought = Brought { complete: true, ..Brought::default() };
        let settled = self.intake.settled(&tally).await?;
        add(&mut brought.applied, settled.applied);
        let mut refused: Vec<u32> = settled.failed;
        let lost: HashSet<u32> = std::mem::take(&mut brought.applied.missing).into_iter().collect();
        absent.extend(small.into_iter().filter(|want| lost.contains(&want.entry.uid)));
        if !absent.is_empty() {
            refused.extend(self.once_more(open, absent, &tally, &mut way).await?);
            let settled = self.intake.settled(&tally).await?;
            add(&mut brought.applied, settled.applied);
            refused.extend(settled.failed);
        }
        for uid in &refused {
            let text = format!("letter {uid} could not be fetched; it is tried again next time");
            self.trouble(Some(open.id()), text);
        }
        for want in &too_large {
            let text = format!(
                "letter {} is {} MB large; only its header is kept here",
                want.entry.uid,
                want.size() / 1_000_000
            );
            self.trouble(Some(open.id()), text);
        }
        brought.complete = refused.is_empty() && brought.applied.missing.is_empty();
        self.pace.bytes += way.progress.bytes;
        self.pace.seconds += way.since.elapsed().as_secs_f64();
        way.say();
        Ok(brought)
    }

    /// Asks for the sizes of these: those that have one then, and those the server does
    /// not have any more.
    async fn sized(&mut self, wants: Vec<Want>) -> Result<(Vec<Want>, Vec<Want>)> {
        let set = UidSet::of(wants.iter().map(|want| want.entry.uid));
        let ask = Request { set, by_sequence: false, wanted: Wanted::Overview };
        let told: HashMap<u32, Entry> =
            self.entries(vec![ask]).await?.into_iter().map(|entry| (entry.uid, entry)).collect();
        let (mut sized, mut gone) = (Vec::new(), Vec::new());
        for mut want in wants {
            match told.get(&want.entry.uid) {
                Some(entry) => {
                    want.entry = entry.clone();
                    sized.push(want);
                }
                None => gone.push(want),
            }
        }
        Ok((sized, gone))
    }

    /// Headers of these; those that did not come.
    async fn headers(
        &mut self,
        wants: &[Want],
        tally: &Arc<Tally>,
        way: &mut Way,
    ) -> Result<Vec<Want>> {
        let requests = ranges(wants, RANGE_HEADERS, u64::MAX, Wanted::Header);
        self.stream(wants, requests, tally, way).await
    }

    /// Whole letters; those that did not come.
    async fn whole(
        &mut self,
        wants: &[Want],
        tally: &Arc<Tally>,
        way: &mut Way,
    ) -> Result<Vec<Want>> {
        let requests = ranges(wants, RANGE_LETTERS, RANGE_BYTES, Wanted::Whole);
        self.stream(wants, requests, tally, way).await
    }

    async fn stream(
        &mut self,
        wants: &[Want],
        requests: Vec<Request>,
        tally: &Arc<Tally>,
        way: &mut Way,
    ) -> Result<Vec<Want>> {
        let mut open: HashSet<u32> = wants.iter().map(|want| want.entry.uid).collect();
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let header = requests.iter().any(|request| request.wanted == Wanted::Header);
        let intake = self.intake.clone();
        let mut fetching = self.connection.fetch(requests).await?;
        loop {
            let fetched = match fetching.next().await {
                Ok(Some(fetched)) => fetched,
                Ok(None) => break,
                // What came is sound, what did not is asked for one by one.
                Err(error) if error.is_refusal() => break,
                Err(error) => return Err(error.into()),
            };
            let Some(uid) = fetched.uid else { continue };
            // What was not asked for, or came before, is not taken.
            if fetched.bytes.is_none() || !open.remove(&uid) {
                continue;
            }
            let Some(letter) = carried(fetched, header) else { continue };
            let (letters, bytes) = if header { (0, 0) } else { (1, letter.bytes.len()) };
            intake.bring(letter, tally).await?;
            way.came(letters, bytes);
        }
        Ok(wants.iter().filter(|want| open.contains(&want.entry.uid)).cloned().collect())
    }

    /// A large letter, piece by piece. False if it did not come.
    async fn in_pieces(&mut self, want: &Want, tally: &Arc<Tally>, way: &mut Way) -> Result<bool> {
        let uid = want.entry.uid;
        let size = want.size().min(MAX_LETTER as u64);
        let mut bytes: Vec<u8> = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        let mut last: Option<Fetched> = None;
        let mut ended = false;
        while !ended {
            // As many as the size says, and one more: sizes are wrong now and then.
            let at = bytes.len() as u64;
            let rest = size.saturating_sub(at) / u64::from(PIECE) + 1;
            let pieces = (0..rest.min(AHEAD)).filter_map(|index| {
                let offset = u32::try_from(at + index * u64::from(PIECE)).ok()?;
                let wanted = Wanted::Piece { offset, length: PIECE };
                Some(Request { set: UidSet::range(uid, uid), by_sequence: false, wanted })
            });
            let before = bytes.len();
            let mut fetching = self.connection.fetch(pieces.collect()).await?;
            loop {
                let fetched = match fetching.next().await {
                    Ok(Some(fetched)) => fetched,
                    Ok(None) => break,
                    Err(error) if error.is_refusal() => return Ok(false),
                    Err(error) => return Err(error.into()),
                };
                if fetched.uid != Some(uid) {
                    continue;
                }
                let Some(piece) = &fetched.bytes else { continue };
                if !ended {
                    bytes.extend_from_slice(piece);
                    ended = piece.len() < PIECE as usize;
                }
                last = Some(Fetched { bytes: None, ..fetched });
            }
            drop(fetching);
            way.came(0, bytes.len() - before);
            if bytes.len() == before && !ended || bytes.len() > MAX_LETTER {
                return Ok(false);
            }
        }
        let Some(last) = last.filter(|_| !bytes.is_empty()) else { return Ok(false) };
        way.came(1, 0);
        let letter = Carried {
            uid,
            flags: last.flags.map(|flags| flags_of(flags, &last.keywords)),
            delivered: want.entry.delivered.or(last.delivered),
            twin: want.entry.twin,
            header_of: None,
            bytes,
        };
        self.intake.bring(letter, tally).await?;
        Ok(true)
    }

    /// Asks once more for what did not come. UIDs that are still there and do not come.
    async fn once_more(
        &mut self,
        open: &Open<'_>,
        absent: Vec<Want>,
        tally: &Arc<Tally>,
        way: &mut Way,
    ) -> Result<Vec<u32>> {
        let set = UidSet::of(absent.iter().map(|want| want.entry.uid));
        let ask = Request { set, by_sequence: false, wanted: Wanted::Flags };
        let mut there: HashSet<u32> = HashSet::new();
        {
            let mut fetching = self.connection.fetch(vec![ask]).await?;
            while let Some(fetched) = fetching.next().await? {
                there.extend(fetched.uid);
            }
        }
        // The server has answered in full, and not with these: they are gone.
        let vanished: Vec<(u32, u32)> = absent
            .iter()
            .map(|want| want.entry.uid)
            .filter(|uid| !there.contains(uid))
            .map(|uid| (uid, uid))
            .collect();
        if !vanished.is_empty() {
            self.store.apply(open.id(), &Changes { vanished, ..Changes::default() })?;
        }
        let mut refused = Vec::new();
        let still: Vec<Want> =
            absent.into_iter().filter(|want| there.contains(&want.entry.uid)).collect();
        for (index, want) in still.iter().enumerate() {
            let one = std::slice::from_ref(want);
            let absent = match (index < RETRIES, want.whole) {
                (false, _) => one.to_vec(),
                (true, true) => self.whole(one, tally, way).await?,
                (true, false) => self.headers(one, tally, way).await?,
            };
            refused.extend(absent.iter().map(|want| want.entry.uid));
        }
        Ok(refused)
    }
}

/// What came of a letter, as it is handed on.
fn carried(fetched: Fetched, header: bool) -> Option<Carried> {
    let uid = fetched.uid?;
    let bytes = fetched.bytes?;
    Some(Carried {
        uid,
        flags: fetched.flags.map(|flags| flags_of(flags, &fetched.keywords)),
        delivered: fetched.delivered,
        twin: fetched.gmail_message,
        header_of: header.then(|| fetched.size.unwrap_or(bytes.len() as u64)),
        bytes,
    })
}

/// Requests for letters (newest first), each for so many letters or bytes at most.
fn ranges(wants: &[Want], letters: usize, bytes: u64, wanted: Wanted) -> Vec<Request> {
    let mut requests = Vec::new();
    let mut uids: Vec<u32> = Vec::new();
    let mut sum = 0;
    for want in wants {
        let most = if requests.is_empty() { letters.min(FIRST_LETTERS) } else { letters };
        let full = uids.len() >= most || sum + want.size() > bytes;
        if full && !uids.is_empty() {
            let set = UidSet::of(uids.drain(..));
            requests.push(Request { set, by_sequence: false, wanted });
            sum = 0;
        }
        uids.push(want.entry.uid);
        sum += want.size();
    }
    if !uids.is_empty() {
        requests.push(Request { set: UidSet::of(uids), by_sequence: false, wanted });
    }
    requests
}
