//! A gesture about very many letters, done in parts: each a transaction of its own, so that
//! others come to read and write in between.
//!
//! Promise: it is one gesture still, counted and undone as one. What cannot be done after all
//! takes back the parts before. What is still to be done is written down: wherever the program
//! ends, the parts that were done are whole and with their intents, and [`Store::unfinished`]
//! gives the others. No letter is removed for good that lies elsewhere by then.

use super::act::{folders_of_role, letters_of};
use super::acting::{Acting, Tally};
use super::rest::{self, Doing, Item, Unfinished};
use super::undo::{self, Undoing};
use super::{ActError, place};
use crate::model::{
    Act, FlagChange, Flags, FolderId, Gesture, GestureId, IntentId, LetterId, Role,
};
use crate::store::error::{Result, StoreError};
use crate::store::pool::Store;
use rusqlite::{Connection, Transaction};

/// Letters of a part.
const PART: usize = 200;

/// Something that is being done in parts.
#[derive(Debug)]
pub struct Work {
    job: Job,
    word: String,
    begun: Option<Begun>,
    /// Letters that could not be brought back so far.
    stay: usize,
    /// It was broken off by the end of the program: what cannot be done to one letter by now
    /// does not keep the others, nor take back what was done long ago.
    resumed: bool,
}

#[derive(Debug)]
enum Job {
    /// The letters are those that are left, the next at the end.
    Act { act: Act, letters: Vec<Meant> },
    /// The intents as well: the last first, each finds what it left.
    Undo { gesture: GestureId, intents: Vec<IntentId>, undoing: Undoing },
    /// What could not be done as a whole, or is not wanted any more, is taken back.
    Back { why: Option<StoreError>, undo: Box<Work> },
}

/// A letter, and where it lay when it was asked for, if it is meant only there.
type Meant = (LetterId, Option<FolderId>);

/// The gesture of what was done so far, written down with what was not.
#[derive(Debug)]
struct Begun {
    id: GestureId,
    tally: Tally,
}

/// How far it is after a part.
#[derive(Debug, Clone)]
pub enum Progress {
    /// There is more to do.
    More,
    /// All is done; nothing if there was nothing to do.
    Done(Option<Gesture>),
    /// It could not be done after all, or was not wanted any more: the parts before were
    /// taken back.
    TakenBack {
        /// Why, where it could not be done.
        why: Option<StoreError>,
        /// What took them back, where anything was to be.
        gesture: Option<Gesture>,
        /// Letters that could not be brought back.
        left: usize,
    },
}

impl Work {
    fn new(job: Job, word: &str) -> Self {
        Self { job, word: word.to_owned(), begun: None, stay: 0, resumed: false }
    }

    fn gone_on_with(unfinished: Unfinished) -> Self {
        let Unfinished { id, word, doing, items, tally } = unfinished;
        let job = match doing {
            Doing::Act(act) => {
                let letters = items.into_iter().map(|(id, at)| (LetterId(id), at)).rev();
                Job::Act { act, letters: letters.collect() }
            }
            Doing::Undo(gesture) => {
                let intents = items.into_iter().map(|(id, _)| IntentId(id)).collect();
                Job::Undo { gesture, intents, undoing: Undoing::default() }
            }
        };
        Self { job, word, stay: tally.left, begun: Some(Begun { id, tally }), resumed: true }
    }

    fn to_write(&self) -> (Doing, Vec<Item>) {
        match &self.job {
            Job::Act { act, letters } => {
                (Doing::Act(act.clone()), letters.iter().map(|(id, at)| (id.0, *at)).collect())
            }
            Job::Undo { gesture, intents, .. } => {
                (Doing::Undo(*gesture), intents.iter().map(|id| (id.0, None)).collect())
            }
            Job::Back { undo, .. } => undo.to_write(),
        }
    }

    /// Whether it is written down: what is not done of it is done at the next start.
    pub fn is_written(&self) -> bool {
        self.begun.is_some()
    }

    /// Whether it may remove letters for good.
    pub fn may_remove(&self) -> bool {
        matches!(&self.job, Job::Act { act, .. } if may_remove(act))
    }

    /// What it takes back.
    pub fn takes_back(&self) -> Option<GestureId> {
        match &self.job {
            Job::Undo { gesture, .. } => Some(*gesture),
            Job::Act { .. } | Job::Back { .. } => None,
        }
    }

    /// How many letters or intents are left of it.
    fn left(&self) -> usize {
        match &self.job {
            Job::Act { letters, .. } => letters.len(),
            Job::Undo { intents, .. } => intents.len(),
            Job::Back { undo, .. } => undo.left(),
        }
    }
}

impl Store {
    /// Begins something, to be done by [`Store::go_on`]: nothing has changed yet. What is too
    /// much for one part is written down.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn begin(&self, act: Act) -> Result<Work> {
        let word = act.word();
        let mut work = Work::new(self.meant_by(act)?, word);
        self.write_down_if_long(&mut work)?;
        Ok(work)
    }

    fn meant_by(&self, act: Act) -> Result<Job> {
        let mut act = act;
        // Which letters these are is settled here: what comes meanwhile is not meant.
        match act {
            Act::MarkAllRead(folder) => {
                let unread = self.read(|conn| letters_of(conn, folder, "AND flags & 1 = 0"))?;
                act = Act::Flag(unread, FlagChange::flags(Flags::SEEN, Flags::NONE));
            }
            Act::EmptyTrash(account) => {
                act = Act::DeleteForGood(self.read(|conn| {
                    let mut letters = Vec::new();
                    for trash in folders_of_role(conn, account, Role::Trash)? {
                        letters.extend(letters_of(conn, trash, "")?);
                    }
                    Ok(letters)
                })?);
            }
            _ => {}
        }
        let mut letters = letters_in(&mut act);
        letters.reverse();
        let letters = self.read(|conn| {
            let meant =
                |id: LetterId| Ok((id, may_remove(&act).then(|| at(conn, id)).transpose()?));
            letters.into_iter().map(meant).collect::<Result<Vec<Meant>>>()
        })?;
        Ok(Job::Act { act, letters })
    }

    /// Begins to take something back, as [`Store::undo`] does; goes on with it where that was
    /// begun before and not ended.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when there is nothing to take back.
    pub fn begin_undo(&self, gesture: GestureId) -> Result<Work> {
        if let Some(unfinished) = self.read(|conn| rest::undo_of(conn, gesture))? {
            return Ok(Work::gone_on_with(unfinished));
        }
        let intents = self.read(|conn| undo::intents_of(conn, gesture))?;
        let job = Job::Undo { gesture, intents, undoing: Undoing::default() };
        let mut work = Work::new(job, "undo");
        self.write_down_if_long(&mut work)?;
        Ok(work)
    }

    /// What was begun and not ended when the program was, in its order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unfinished(&self) -> Result<Vec<Work>> {
        let all = self.read(rest::all)?;
        Ok(all.into_iter().map(Work::gone_on_with).collect())
    }

    /// Writes down something that is about what lies in a folder when its turn comes.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_act_by(&self, act: Act) -> Result<Work> {
        let word = act.word();
        let mut work = Work::new(Job::Act { act, letters: Vec::new() }, word);
        self.put_by(&mut work)?;
        Ok(work)
    }

    /// Its turn has come: what lies in its folder is looked for.
    ///
    /// # Errors
    /// When the store cannot be read or written; then it is as it was.
    pub fn settle(&self, work: &mut Work) -> Result<()> {
        let Job::Act { act: act @ (Act::MarkAllRead(_) | Act::EmptyTrash(_)), .. } = &work.job
        else {
            return Ok(());
        };
        let mut found = Work::new(self.meant_by(act.clone())?, &work.word);
        if let Some(begun) = &work.begun {
            let (doing, items) = found.to_write();
            self.write(|tx| rest::settle(tx, begun.id, &doing, &items))?;
        }
        (found.begun, found.resumed) = (work.begun.take(), work.resumed);
        *work = found;
        Ok(())
    }

    /// Nothing more of it is done; what was done stays.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget(&self, work: Work) -> Result<()> {
        match work.begun {
            Some(begun) => self.write(|tx| rest::forget(tx, begun.id)),
            None => Ok(()),
        }
    }

    /// What is not wanted any more: the way back of what was done of it, to be gone, and
    /// written down. Nothing if nothing of it was done: it is forgotten.
    ///
    /// # Errors
    /// When the store cannot be read or written; then it is as it was.
    pub fn withdraw(&self, work: &mut Work) -> Result<bool> {
        if !matches!(work.job, Job::Act { .. }) {
            return Ok(true);
        }
        let Some(begun) = &work.begun else { return Ok(false) };
        if begun.tally.changed == 0 {
            self.write(|tx| rest::forget(tx, begun.id))?;
            return Ok(false);
        }
        let mut undo = Box::new(self.begin_undo(begun.id)?);
        self.put_by(&mut undo)?;
        work.job = Job::Back { why: None, undo };
        Ok(true)
    }

    fn write_down_if_long(&self, work: &mut Work) -> Result<()> {
        match work.left() > PART {
            true => self.put_by(work),
            false => Ok(()),
        }
    }

    /// Writes down what is to be done, for [`Store::unfinished`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_by(&self, work: &mut Work) -> Result<()> {
        if work.begun.is_some() {
            return Ok(());
        }
        // What it takes back is written down.
        if matches!(work.job, Job::Back { .. }) {
            return Ok(());
        }
        let (doing, items) = work.to_write();
        let id = self.write(|tx| rest::write(tx, &work.word, &doing, &items))?;
        work.begun = Some(Begun { id, tally: Tally::nothing() });
        Ok(())
    }

    /// Does the next part.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when it cannot be done and nothing of it was, or all
    /// of it is taken back: there is no more to do. Where the store could not be read or
    /// written, what was written down still is, and gone on with at the next start.
    pub fn go_on(&self, work: &mut Work) -> Result<Progress> {
        let Work { job, word, begun, stay, resumed } = work;
        let done = match job {
            Job::Act { act, letters } => {
                let from = letters.len().saturating_sub(PART);
                let (_, part) = letters.split_at(from);
                let done = self.write(|tx| {
                    let mut acting = resume(tx, begun.as_ref(), word)?;
                    let still: Vec<LetterId> = still_there(tx, part)?;
                    match *resumed && !part.is_empty() {
                        true => act_on_each(&mut acting, act, still)?,
                        false => acting.act(&of_letters(act, still))?,
                    }
                    finish(acting, begun.is_some(), part.iter().map(|(id, _)| id.0), from == 0)
                });
                letters.truncate(from);
                done
            }
            Job::Undo { gesture, intents, undoing } => {
                let from = self.read(|conn| undo::part_of(conn, intents, PART))?;
                let (_, part) = intents.split_at(from);
                let done = self.write(|tx| {
                    let mut acting = resume(tx, begun.as_ref(), word)?;
                    let back: Vec<IntentId> = part.iter().rev().copied().collect();
                    let undoing = undo::part(&mut acting, &back, *undoing)?;
                    *stay = acting.tally.left;
                    if from == 0 {
                        undo::close(&acting, *gesture, undoing)?;
                    }
                    let ids = part.iter().map(|id| id.0);
                    Ok((finish(acting, begun.is_some(), ids, from == 0)?, undoing))
                });
                done.map(|(part, so_far)| {
                    *undoing = so_far;
                    intents.truncate(from);
                    part
                })
            }
            Job::Back { why, undo } => {
                return match self.go_on(undo) {
                    Ok(Progress::Done(Some(gesture))) => {
                        let left = gesture.left;
                        Ok(Progress::TakenBack { why: why.clone(), gesture: Some(gesture), left })
                    }
                    Ok(Progress::More) => Ok(Progress::More),
                    Ok(_) | Err(StoreError::Act(_)) => {
                        // Nothing of the parts before could be taken back.
                        if let Some(begun) = begun {
                            self.write(|tx| rest::forget(tx, begun.id))?;
                        }
                        let left = undo.stay;
                        Ok(Progress::TakenBack { why: why.clone(), gesture: None, left })
                    }
                    Err(error) => Err(error),
                };
            }
        };
        match done {
            Ok(Part::More(tally)) => {
                if let Some(begun) = begun {
                    begun.tally = tally;
                }
                Ok(Progress::More)
            }
            Ok(Part::Done(None)) if matches!(job, Job::Undo { .. }) => {
                Err(ActError::CannotUndo("nothing of it is left").into())
            }
            Ok(Part::Done(gesture)) => Ok(Progress::Done(gesture)),
            Err(error) => self.stopped(work, error),
        }
    }

    /// What cannot be done takes back the parts before.
    fn stopped(&self, work: &mut Work, error: StoreError) -> Result<Progress> {
        let Some(begun) = &work.begun else { return Err(error) };
        // A store that cannot be written now can be later.
        if matches!(error, StoreError::Sqlite(_) | StoreError::Io { .. } | StoreError::Busy { .. })
        {
            return Err(error);
        }
        if matches!(work.job, Job::Act { .. }) && begun.tally.changed > 0 {
            let undo = Box::new(self.begin_undo(begun.id)?);
            work.job = Job::Back { why: Some(error), undo };
            return Ok(Progress::More);
        }
        if matches!((&work.job, &error), (Job::Act { .. }, _) | (_, StoreError::Act(_))) {
            self.write(|tx| rest::forget(tx, begun.id))?;
        }
        Err(error)
    }
}

enum Part {
    More(Tally),
    Done(Option<Gesture>),
}

fn resume<'t>(tx: &'t Transaction<'t>, begun: Option<&Begun>, word: &str) -> Result<Acting<'t>> {
    match begun {
        Some(begun) => Ok(Acting::resume(tx, begun.id, word, begun.tally.clone())),
        None => Acting::begin(tx, word),
    }
}

fn finish(
    acting: Acting<'_>,
    written: bool,
    items: impl Iterator<Item = i64>,
    last: bool,
) -> Result<Part> {
    if last {
        if written {
            rest::ended(acting.tx, acting.id)?;
        }
        return acting.end().map(Part::Done);
    }
    rest::done(acting.tx, acting.id, items, &acting.tally)?;
    Ok(Part::More(acting.pause()))
}

/// The letters of an act, which is without them then.
fn letters_in(act: &mut Act) -> Vec<LetterId> {
    match act {
        Act::Flag(letters, _)
        | Act::Move(letters, _)
        | Act::Copy(letters, _)
        | Act::Trash(letters)
        | Act::Delete(letters)
        | Act::DeleteForGood(letters)
        | Act::Archive(letters)
        | Act::Junk(letters)
        | Act::NotJunk(letters) => std::mem::take(letters),
        _ => Vec::new(),
    }
}

/// Whether it may remove letters for good: then each is meant where it lay.
fn may_remove(act: &Act) -> bool {
    matches!(act, Act::Delete(_) | Act::DeleteForGood(_) | Act::EmptyTrash(_))
}

/// Where a letter lies; a folder that is none where it is nowhere.
fn at(conn: &Connection, id: LetterId) -> Result<FolderId> {
    Ok(place(conn, id)?.map_or(FolderId(0), |row| row.folder))
}

/// Those that lie where they are meant.
fn still_there(conn: &Connection, letters: &[Meant]) -> Result<Vec<LetterId>> {
    let mut still = Vec::with_capacity(letters.len());
    for (id, meant) in letters.iter().rev() {
        if meant.map_or(Ok(true), |meant| at(conn, *id).map(|at| at == meant))? {
            still.push(*id);
        }
    }
    Ok(still)
}

/// Does it to each letter that it can be done to.
fn act_on_each(acting: &mut Acting<'_>, act: &Act, letters: Vec<LetterId>) -> Result<()> {
    for letter in letters {
        let act = of_letters(act, vec![letter]);
        undo::or_leave(acting, |acting| acting.act(&act).map(|()| None))?;
    }
    Ok(())
}

/// The same, of these letters.
fn of_letters(act: &Act, letters: Vec<LetterId>) -> Act {
    match act {
        Act::Flag(_, change) => Act::Flag(letters, change.clone()),
        Act::Move(_, to) => Act::Move(letters, *to),
        Act::Copy(_, to) => Act::Copy(letters, *to),
        Act::Trash(_) => Act::Trash(letters),
        Act::Delete(_) => Act::Delete(letters),
        Act::DeleteForGood(_) => Act::DeleteForGood(letters),
        Act::Archive(_) => Act::Archive(letters),
        Act::Junk(_) => Act::Junk(letters),
        Act::NotJunk(_) => Act::NotJunk(letters),
        // About a folder: done in one.
        other => other.clone(),
    }
}
