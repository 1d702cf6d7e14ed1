//! What the user does to letters, one deed after the other. One about very many letters is
//! done in parts; what is read and drawn meanwhile is not kept waiting.
//!
//! Promise: each is answered once, in the order they were asked for, but what is done by the
//! way. What the end of the program breaks off is gone on with at the next start.

use super::not_done::NotDone;
use super::protocol::{Command, Event};
use super::run::Engine;
use crate::model::{AccountId, Act, FlagChange, Gesture, GestureId};
use crate::store::StoreError;
use crate::store::intents::{Progress, Work};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Others are served first for so long.
const LONGEST: Duration = Duration::from_millis(250);

/// Deeds that are being done, or wait for those before.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    waiting: VecDeque<Deed>,
    /// When a part was done last.
    last: Option<Instant>,
}

#[derive(Debug)]
struct Deed {
    whose: Whose,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The user's, who is told, and may want it undone.
    Users,
    /// What a letter's opening does to its flags, what was broken off before the start.
    ByTheWay,
    /// The taking back of this.
    Undo(GestureId),
}

#[derive(Debug)]
enum Step {
    Act(Act),
    Undo(GestureId),
    /// An account goes; what was to be done to its letters before is done.
    RemoveAccount(AccountId),
    Begun(Work),
    /// It is being done just now.
    Gone,
}

impl Deeds {
    /// Whether there is nothing to do.
    pub(super) fn are_done(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the next part is to be done now: where nobody waits (`idle`), or has let it
    /// wait for long.
    pub(super) fn are_due(&self, idle: bool) -> bool {
        !self.are_done() && (idle || self.last.is_none_or(|last| last.elapsed() > LONGEST))
    }
}

/// Whether it names its letters: which they are, and where they lie, is settled when it is
/// asked for. What is about a folder is about what lies there when its turn comes.
fn names_letters(act: &Act) -> bool {
    !matches!(
        act,
        Act::MarkAllRead(_)
            | Act::EmptyTrash(_)
            | Act::CreateFolder(..)
            | Act::RenameFolder(..)
            | Act::DeleteFolder(_)
            | Act::Subscribe(..)
    )
}

impl Engine {
    /// What was broken off when the program ended is gone on with.
    pub(super) fn take_up_deeds(&mut self) {
        match self.store.unfinished() {
            Ok(works) => {
                let deed = |work| Deed { whose: Whose::ByTheWay, step: Step::Begun(work) };
                self.deeds.waiting.extend(works.into_iter().map(deed));
            }
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }

    /// Something is to be done, behind what is being done already.
    pub(super) fn deed(&mut self, command: Command) {
        let (whose, step) = match command {
            Command::Act(act) => (Whose::Users, Step::Act(act)),
            Command::Undo(gesture) => (Whose::Undo(gesture), Step::Undo(gesture)),
            Command::Flag { letters, add, remove } => {
                (Whose::ByTheWay, Step::Act(Act::Flag(letters, FlagChange::flags(add, remove))))
            }
            Command::RemoveAccount(id) => (Whose::ByTheWay, Step::RemoveAccount(id)),
            _ => return,
        };
        // One about a few letters is done here and now, before whatever was asked after it.
        if self.deeds.are_done() {
            self.deeds.waiting.push_back(Deed { whose, step });
            self.do_part();
            return;
        }
        let step = match step {
            Step::Act(act) if names_letters(&act) => match self.store.begin(act.clone()) {
                Ok(work) => Step::Begun(work),
                // It is tried again when its turn comes.
                Err(_) => Step::Act(act),
            },
            step => step,
        };
        self.deeds.waiting.push_back(Deed { whose, step });
    }

    /// Does a part of the first deed: here at once, the servers are told by and by.
    pub(super) fn do_part(&mut self) {
        self.deeds.last = Some(Instant::now());
        let Some(deed) = self.deeds.waiting.front_mut() else { return };
        let whose = deed.whose;
        let begun = match std::mem::replace(&mut deed.step, Step::Gone) {
            Step::Act(act) => self.store.begin(act),
            Step::Undo(gesture) => self.store.begin_undo(gesture),
            Step::Begun(work) => Ok(work),
            Step::RemoveAccount(id) => {
                self.deeds.waiting.pop_front();
                self.leave(id);
                self.remove_account(id);
                return;
            }
            Step::Gone => {
                self.deeds.waiting.pop_front();
                return;
            }
        };
        let done = begun.and_then(|mut work| {
            let progress = self.store.go_on(&mut work)?;
            Ok((progress, work))
        });
        if let Ok((Progress::More, work)) = done {
            deed.step = Step::Begun(work);
            return;
        }
        self.deeds.waiting.pop_front();
        match done {
            Ok((Progress::More, _)) => {}
            Ok((Progress::Done(gesture), _)) => self.deed_done(whose, gesture),
            Ok((Progress::TakenBack(why, gesture), _)) => {
                self.acted(&gesture);
                self.deed_failed(whose, why, gesture.left);
            }
            Err(error) => self.deed_failed(whose, error, 0),
        }
    }

    fn deed_done(&self, whose: Whose, gesture: Option<Gesture>) {
        if let Some(gesture) = &gesture {
            self.acted(gesture);
        }
        match (whose, gesture) {
            (Whose::Users, None) => self.tell(Event::Unchanged),
            (Whose::Users, Some(gesture)) => self.tell(Event::Gesture(gesture)),
            (Whose::Undo(id), gesture) => {
                self.tell(Event::Undone(id, gesture.map_or(0, |gesture| gesture.left)));
            }
            (Whose::ByTheWay, _) => {}
        }
    }

    fn deed_failed(&self, whose: Whose, why: StoreError, left: usize) {
        let why = match NotDone::from(why) {
            NotDone::Act(why) if left > 0 => NotDone::ActInPart(why, left),
            why => why,
        };
        self.tell(match whose {
            Whose::Users => Event::NotActed(None, why),
            Whose::Undo(gesture) => Event::NotActed(Some(gesture), why),
            Whose::ByTheWay => Event::Failed(why),
        });
    }

    /// Leaves what is not done yet to the next start.
    pub(super) fn put_deeds_by(&mut self) {
        for deed in std::mem::take(&mut self.deeds.waiting) {
            let begun = match deed.step {
                Step::Act(act) => self.store.begin(act),
                Step::Undo(gesture) => self.store.begin_undo(gesture),
                Step::Begun(work) => Ok(work),
                Step::RemoveAccount(id) => {
                    self.leave(id);
                    self.remove_account(id);
                    continue;
                }
                Step::Gone => continue,
            };
            if let Err(error) = begun.and_then(|mut work| self.store.put_by(&mut work)) {
                self.deed_failed(deed.whose, error, 0);
            }
        }
    }
}
