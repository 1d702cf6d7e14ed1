//! What the user does to letters, one deed after the other. One about very many letters is
//! done in parts; what is read and drawn meanwhile is not kept waiting.

use super::protocol::{Command, Event};
use super::run::Engine;
use crate::model::{Act, FlagChange, GestureId};
use crate::store::intents::{Progress, Work};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Others are served first for so long.
const LONGEST: Duration = Duration::from_millis(250);

/// Deeds that are being done, or wait for those before.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    waiting: VecDeque<Deed>,
    /// The first of those, once it was begun.
    begun: Option<Work>,
    /// When a part was done last.
    last: Option<Instant>,
}

#[derive(Debug)]
enum Deed {
    /// Whether it was the user, who may want it undone; what a letter's opening does to its
    /// flags is not.
    Act(Act, bool),
    Undo(GestureId),
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

impl Engine {
    /// Something is to be done, behind what is being done already.
    pub(super) fn deed(&mut self, command: Command) {
        let deed = match command {
            Command::Act(act) => Deed::Act(act, true),
            Command::Undo(gesture) => Deed::Undo(gesture),
            Command::Flag { letters, add, remove } => {
                Deed::Act(Act::Flag(letters, FlagChange::flags(add, remove)), false)
            }
            _ => return,
        };
        self.deeds.waiting.push_back(deed);
        // One about a few letters is done here and now, before whatever was asked after it.
        if self.deeds.waiting.len() == 1 {
            self.do_part();
        }
    }

    /// Does a part of the first deed: here at once, the servers are told by and by.
    pub(super) fn do_part(&mut self) {
        self.deeds.last = Some(Instant::now());
        let begun = match (self.deeds.begun.take(), self.deeds.waiting.front_mut()) {
            (_, None) => return,
            (Some(work), _) => Ok(work),
            (None, Some(Deed::Act(act, _))) => {
                // It is named by what it is told as; its letters go with the work.
                self.store.begin(std::mem::replace(act, Act::Archive(Vec::new())))
            }
            (None, Some(Deed::Undo(gesture))) => self.store.begin_undo(*gesture),
        };
        let done = begun.and_then(|mut work| {
            let progress = self.store.go_on(&mut work)?;
            Ok((progress, work))
        });
        let gesture = match done {
            Ok((Progress::More, work)) => {
                self.deeds.begun = Some(work);
                return;
            }
            Ok((Progress::Done(gesture), _)) => Ok(gesture),
            Err(error) => Err(error),
        };
        let Some(deed) = self.deeds.waiting.pop_front() else { return };
        match (deed, gesture) {
            (Deed::Act(_, told), Ok(None)) => {
                if told {
                    self.tell(Event::Unchanged);
                }
            }
            (Deed::Act(_, told), Ok(Some(gesture))) => {
                self.acted(&gesture);
                if told {
                    self.tell(Event::Gesture(gesture));
                }
            }
            (Deed::Undo(id), Ok(Some(gesture))) => {
                self.acted(&gesture);
                self.tell(Event::Undone(id, gesture.left));
            }
            (Deed::Undo(_), Ok(None)) => {}
            (_, Err(error)) => self.tell(Event::Failed(error.into())),
        }
    }
}
