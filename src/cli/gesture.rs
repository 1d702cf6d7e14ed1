//! What the verbs that change letters and folders share: they are noted down here, and
//! `goyo sync` tells the server.

use super::{CliError, Context, Exit, Result};
use crate::model::{Act, Gesture, LetterId};
use crate::store::Store;
use serde::Serialize;

#[derive(Serialize)]
struct Done<'g> {
    /// By which it is undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    gesture: Option<String>,
    kind: &'g str,
    changed: usize,
    can_undo: bool,
    /// What did not come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<usize>,
    /// A server is yet to be told.
    waiting: bool,
}

/// Does it and says so.
pub(super) fn act(context: &Context, store: &Store, act: &Act) -> Result {
    let gesture = store.act(act)?;
    tell(context, gesture.as_ref(), act.word())
}

/// Says what was done.
pub(super) fn tell(context: &Context, gesture: Option<&Gesture>, kind: &str) -> Result {
    let done = Done {
        gesture: gesture.map(|gesture| gesture.id.to_string()),
        kind,
        changed: gesture.map_or(0, |gesture| gesture.changed),
        can_undo: gesture.is_some_and(|gesture| gesture.can_undo),
        left: gesture.map(|gesture| gesture.left).filter(|left| *left > 0),
        waiting: gesture.is_some_and(|gesture| !gesture.accounts.is_empty()),
    };
    let mut out = context.output();
    if context.json {
        out.object(&done)?;
    } else {
        match gesture {
            None => out.line("nothing to do")?,
            Some(gesture) => {
                let waiting = match done.waiting {
                    true => "; 'goyo sync' tells the server",
                    false => "",
                };
                out.line(&format!("{} changed{waiting}", done.changed))?;
                if let Some(left) = done.left {
                    out.line(&format!("{left} did not come back: gone for good, or moved on"))?;
                }
                if done.can_undo {
                    out.line(&format!("'goyo undo {}' takes it back", gesture.id))?;
                }
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Letters as they are named on the command line; every one must be there.
pub(super) fn letters(store: &Store, ids: &[i64]) -> Result<Vec<LetterId>> {
    let mut letters = Vec::with_capacity(ids.len());
    for id in ids {
        letters.push(store.letter(LetterId(*id)).map_err(CliError::from)?.id);
    }
    Ok(letters)
}
