//! `goyo move ID… --to FOLDER [--copy]`

use super::{Context, Result, gesture};
use crate::model::Act;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ids of letters, as list and search print them
    #[arg(required = true)]
    ids: Vec<i64>,
    /// Where to: account/path; or archive, junk, trash: those of each letter's own account
    #[arg(long, value_name = "FOLDER")]
    to: String,
    /// Leave the letters where they are, and put copies there
    #[arg(long)]
    copy: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let letters = gesture::letters(&store, &args.ids)?;
    let act = match (args.to.as_str(), args.copy) {
        ("archive", false) => Act::Archive(letters),
        ("junk", false) => Act::Junk(letters),
        ("trash", false) => Act::Delete(letters),
        (to, false) => Act::Move(letters, store.folder(to)?.id),
        (to, true) => Act::Copy(letters, store.folder(to)?.id),
    };
    gesture::act(context, &store, &act)
}
