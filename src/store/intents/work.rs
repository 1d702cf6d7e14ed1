//! A gesture about very many letters, done in parts: each a transaction of its own, so that
//! others come to read and write in between.
//!
//! Promise: it is one gesture still, counted and undone as one. What cannot be done after all
//! takes back the parts before. A crash leaves the parts that were done, whole and with their
//! intents; those that were not are as they were.

use super::act::{ActError, folders_of_role, letters_of};
use super::acting::{Acting, Tally};
use super::undo::{self, Undoing};
use crate::model::{Act, FlagChange, Flags, Gesture, GestureId, IntentId, LetterId, Role};
use crate::store::error::{Result, StoreError};
use crate::store::pool::Store;
use std::collections::VecDeque;

/// Letters of a part.
const PART: usize = 200;

/// Something that is being done in parts.
#[derive(Debug)]
pub struct Work(Kind);

#[derive(Debug)]
enum Kind {
    Act { act: Act, word: &'static str, letters: VecDeque<LetterId>, begun: Option<Begun> },
    Undo { gesture: GestureId, intents: VecDeque<IntentId>, undoing: Undoing, begun: Option<Begun> },
}

/// The gesture of what was done so far.
#[derive(Debug)]
struct Begun {
    id: GestureId,
    tally: Tally,
}

/// How far it is after a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    More,
    /// All is done; nothing if there was nothing to do.
    Done(Option<Gesture>),
}

impl Store {
    /// Begins something, to be done by [`Store::go_on`]: nothing has changed yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn begin(&self, mut act: Act) -> Result<Work> {
        let word = act.word();
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
        let letters = match &mut act {
            Act::Flag(letters, _)
            | Act::Move(letters, _)
            | Act::Copy(letters, _)
            | Act::Trash(letters)
            | Act::Delete(letters)
            | Act::DeleteForGood(letters)
            | Act::Archive(letters)
            | Act::Junk(letters)
            | Act::NotJunk(letters) => std::mem::take(letters).into(),
            _ => VecDeque::new(),
        };
        Ok(Work(Kind::Act { act, word, letters, begun: None }))
    }

    /// Begins to take something back, as [`Store::undo`] does.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when there is nothing to take back.
    pub fn begin_undo(&self, gesture: GestureId) -> Result<Work> {
        let intents = self.read(|conn| undo::intents_of(conn, gesture))?;
        let undoing = Undoing::default();
        Ok(Work(Kind::Undo { gesture, intents: intents.into(), undoing, begun: None }))
    }

    /// Does the next part.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when it cannot be done; what was done of it is taken
    /// back, and there is no more to do.
    pub fn go_on(&self, work: &mut Work) -> Result<Progress> {
        match &mut work.0 {
            Kind::Act { act, word, letters, begun } => {
                let part: Vec<LetterId> = letters.drain(..letters.len().min(PART)).collect();
                let last = letters.is_empty();
                let part = of_letters(act, part);
                let done = self.write(|tx| {
                    let mut acting = match &*begun {
                        Some(begun) => Acting::resume(tx, begun.id, word, begun.tally.clone()),
                        None => Acting::begin(tx, word)?,
                    };
                    acting.act(&part)?;
                    finish(acting, last)
                });
                match done {
                    Ok(Part::More(so_far)) => *begun = Some(so_far),
                    Ok(Part::Done(gesture)) => return Ok(Progress::Done(gesture)),
                    Err(error) => {
                        letters.clear();
                        if let Some(begun) = begun.take() {
                            self.undo_parts(begun.id)?;
                        }
                        return Err(error);
                    }
                }
            }
            Kind::Undo { gesture, intents, undoing, begun } => {
                // The last first: each finds what it left.
                let from = intents.len().saturating_sub(PART);
                let part: Vec<IntentId> = intents.split_off(from).into_iter().rev().collect();
                let last = intents.is_empty();
                let done = self.write(|tx| {
                    let mut acting = match &*begun {
                        Some(begun) => Acting::resume(tx, begun.id, "undo", begun.tally.clone()),
                        None => Acting::begin(tx, "undo")?,
                    };
                    let undoing = undo::part(&mut acting, &part, *undoing)?;
                    if last {
                        undo::close(&acting, *gesture, undoing)?;
                    }
                    Ok((finish(acting, last)?, undoing))
                });
                let (part, so_far) = done.inspect_err(|_| intents.clear())?;
                *undoing = so_far;
                match part {
                    Part::More(so_far) => *begun = Some(so_far),
                    Part::Done(undone) => {
                        let undone = undone.ok_or(ActError::NoGesture(*gesture))?;
                        return Ok(Progress::Done(Some(undone)));
                    }
                }
            }
        }
        Ok(Progress::More)
    }

    /// Takes back the parts of what could not be done as a whole.
    fn undo_parts(&self, gesture: GestureId) -> Result<()> {
        let mut work = self.begin_undo(gesture)?;
        loop {
            match self.go_on(&mut work) {
                Ok(Progress::More) => {}
                // The parts before had nothing to do.
                Ok(Progress::Done(_)) | Err(StoreError::Act(_)) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

enum Part {
    More(Begun),
    Done(Option<Gesture>),
}

fn finish(acting: Acting<'_>, last: bool) -> Result<Part> {
    match last {
        true => acting.end().map(Part::Done),
        false => {
            let (id, tally) = acting.pause();
            Ok(Part::More(Begun { id, tally }))
        }
    }
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
