//! `goyo delete ID… [--for-good]`

use super::{Context, Result, gesture};
use crate::model::Act;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ids of letters, as list and search print them
    #[arg(required = true)]
    ids: Vec<i64>,
    /// Not into the trash: for good
    #[arg(long)]
    for_good: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let letters = gesture::letters(&store, &args.ids)?;
    let act = match args.for_good {
        true => Act::DeleteForGood(letters),
        false => Act::Delete(letters),
    };
    gesture::act(context, &store, &act)
}
