//! What the user does to letters, one deed after the other. One about very many letters is
//! done in parts; what is read and drawn meanwhile is not kept waiting.
//!
//! Promise: each is answered once, in the order they were asked for, but what is done by the
//! way. What the end of the program breaks off is gone on with at the next start, and said;
//! but nothing is deleted that nobody sees being deleted. An account goes only when all that
//! was asked for before is done.

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
    /// The user's too, but not wanted any more: by this number.
    Withdrawn(u64),
    /// What a letter's opening does to its flags.
    ByTheWay,
    /// What was broken off before the start.
    Resumed,
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
    /// What was broken off when the program ended is gone on with, but for deleting.
    pub(super) fn take_up_deeds(&mut self) {
        let works = match self.store.unfinished() {
            Ok(works) => works,
            Err(error) => return self.tell(Event::Failed(error.into())),
        };
        for work in works {
            if work.may_remove() {
                let forgotten = self.store.forget(work);
                self.tell(Event::Failed(match forgotten {
                    Ok(()) => NotDone::DeletingBrokenOff,
                    Err(error) => error.into(),
                }));
                continue;
            }
            let whose = work.takes_back().map_or(Whose::Resumed, Whose::Undo);
            self.deeds.waiting.push_back(Deed { whose, step: Step::Begun(work) });
        }
    }

    /// Something is to be done, behind what is being done already.
    pub(super) fn deed(&mut self, command: Command) {
        let (whose, step) = match command {
            Command::Act(act) => (Whose::Users, Step::Act(act)),
            Command::Undo(gesture) => (Whose::Undo(gesture), Step::Undo(gesture)),
            Command::Withdraw(number) => return self.withdraw(number),
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
        // Written down, so that the end of the program loses nothing of it; what cannot be
        // is tried again when its turn comes.
        let step = match step {
            Step::Act(act) => self.written(act.clone()).map_or(Step::Act(act), Step::Begun),
            // One that is asked for twice finds out when its turn comes.
            Step::Undo(gesture) if self.deeds.waiting.iter().all(|deed| deed.whose != whose) => {
                let written = self.put_by(self.store.begin_undo(gesture));
                written.map_or(Step::Undo(gesture), Step::Begun)
            }
            step => step,
        };
        self.deeds.waiting.push_back(Deed { whose, step });
    }

    fn written(&self, act: Act) -> Result<Work, StoreError> {
        match names_letters(&act) {
            true => self.put_by(self.store.begin(act)),
            false => self.store.put_act_by(act),
        }
    }

    /// Writes down what was begun, if it could be.
    fn put_by(&self, begun: Result<Work, StoreError>) -> Result<Work, StoreError> {
        let mut work = begun?;
        self.store.put_by(&mut work)?;
        Ok(work)
    }

    /// The user does not want any more what was asked for last: it is not begun, or the way
    /// back is gone.
    fn withdraw(&mut self, number: u64) {
        let waiting = &self.deeds.waiting;
        let Some(at) = waiting.iter().rposition(|deed| deed.whose == Whose::Users) else { return };
        let Some(deed) = self.deeds.waiting.get_mut(at) else { return };
        let done = match &mut deed.step {
            Step::Begun(work) => self.store.withdraw(work),
            _ => Ok(false),
        };
        match done {
            Ok(true) => deed.whose = Whose::Withdrawn(number),
            Ok(false) => {
                self.deeds.waiting.remove(at);
                self.tell(Event::Withdrawn(number, 0));
            }
            // It is done to its end, and taken back then.
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }

    /// Does a part of the first deed: here at once, the servers are told by and by.
    pub(super) fn do_part(&mut self) {
        self.deeds.last = Some(Instant::now());
        let Some(deed) = self.deeds.waiting.front_mut() else { return };
        let whose = deed.whose;
        let begun = match std::mem::replace(&mut deed.step, Step::Gone) {
            Step::Act(act) => self.store.begin(act),
            Step::Undo(gesture) => self.store.begin_undo(gesture),
            Step::Begun(mut work) => match self.store.settle(&mut work) {
                Ok(()) => Ok(work),
                Err(error) => {
                    self.deeds.waiting.pop_front();
                    let why = self.broken_off(work, error);
                    return self.deed_failed(whose, why);
                }
            },
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
        let mut work = match begun {
            Ok(work) => work,
            Err(error) => {
                self.deeds.waiting.pop_front();
                return self.deed_failed(whose, error.into());
            }
        };
        let done = self.store.go_on(&mut work);
        if matches!(done, Ok(Progress::More)) {
            deed.step = Step::Begun(work);
            return;
        }
        self.deeds.waiting.pop_front();
        match done {
            Ok(Progress::More) => {}
            Ok(Progress::Done(gesture)) => self.deed_done(whose, gesture),
            Ok(Progress::TakenBack { why, gesture, left }) => {
                if let Some(gesture) = &gesture {
                    self.acted(gesture);
                }
                match (why.map(NotDone::from), whose) {
                    (None, Whose::Withdrawn(number)) => {
                        self.tell(Event::Withdrawn(number, left));
                    }
                    (None, _) => {}
                    (Some(why), _) if left > 0 => {
                        self.deed_failed(whose, NotDone::InPart(Box::new(why), left));
                    }
                    (Some(why), _) => self.deed_failed(whose, why),
                }
            }
            Err(error) => {
                let why = self.broken_off(work, error);
                self.deed_failed(whose, why);
            }
        }
    }

    /// Why something was not done to its end, and what becomes of the rest.
    fn broken_off(&self, work: Work, error: StoreError) -> NotDone {
        let removes = work.may_remove();
        let is_written = work.is_written();
        match NotDone::from(error) {
            NotDone::Store(why) if is_written && removes => {
                // Where that cannot be written either, it is forgotten at the next start.
                let _ = self.store.forget(work);
                NotDone::DeletingStopped(why)
            }
            NotDone::Store(why) if is_written => NotDone::PutOff(why),
            why => why,
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
            (Whose::Resumed, Some(gesture)) if is_news(&gesture) => {
                self.tell(Event::GoneOn(gesture));
            }
            (Whose::Withdrawn(number), _) => self.tell(Event::Withdrawn(number, 0)),
            (Whose::ByTheWay | Whose::Resumed, _) => {}
        }
    }

    fn deed_failed(&mut self, whose: Whose, why: NotDone) {
        self.tell(match whose {
            Whose::Users | Whose::Withdrawn(_) => Event::NotActed(None, why),
            Whose::Undo(gesture) => Event::NotActed(Some(gesture), why),
            Whose::ByTheWay | Whose::Resumed => Event::Failed(why),
        });
        // What is not done yet must not go with its account.
        if whose != Whose::ByTheWay {
            let before = self.deeds.waiting.len();
            self.deeds.waiting.retain(|deed| !matches!(deed.step, Step::RemoveAccount(_)));
            if self.deeds.waiting.len() < before {
                self.tell(Event::Failed(NotDone::AccountStays));
            }
        }
    }

    /// Leaves what is not done yet to the next start.
    pub(super) fn put_deeds_by(&mut self) {
        for deed in std::mem::take(&mut self.deeds.waiting) {
            let begun = match deed.step {
                Step::Act(act) => self.store.begin(act),
                Step::Undo(gesture) => self.store.begin_undo(gesture),
                Step::Begun(work) => Ok(work),
                Step::RemoveAccount(_) => {
                    // With it would go what is still to be done.
                    self.tell(Event::Failed(NotDone::AccountStays));
                    continue;
                }
                Step::Gone => continue,
            };
            if let Err(error) = self.put_by(begun) {
                self.deed_failed(deed.whose, error.into());
            }
        }
    }
}

/// Whether it is worth saying at the start: that a letter was read is not.
fn is_news(gesture: &Gesture) -> bool {
    gesture.kind != "flag" || gesture.changed > 1
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
