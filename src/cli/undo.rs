//! `goyo undo GESTURE`

use super::{Context, Result, gesture};
use crate::model::GestureId;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The number that was printed when it was done
    gesture: i64,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let undone = store.undo(GestureId(args.gesture))?;
    gesture::tell(context, Some(&undone), "undo")
}
