//! `goyo receipts serve|key|answer`

mod answer;
mod key;
mod serve;

use super::{CliError, Context, Result};
use crate::receipts::ReceiptsError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Run a receipt server: one picture for everybody, who fetched it for its owner
    Serve(serve::Args),
    /// Answer, to who asks for it in a letter, that it was shown
    Answer(answer::Args),
    /// Keys of a receipt server: make, list, remove
    #[command(subcommand)]
    Key(key::Verb),
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    match &args.verb {
        Verb::Serve(args) => serve::run(context, args),
        Verb::Answer(args) => answer::run(context, args),
        Verb::Key(verb) => key::run(context, verb),
    }
}

impl From<ReceiptsError> for CliError {
    fn from(error: ReceiptsError) -> Self {
        match error {
            ReceiptsError::NotLoopback(_)
            | ReceiptsError::Nothing(_)
            | ReceiptsError::NoKey(_)
            | ReceiptsError::NameTaken(_)
            | ReceiptsError::Name => Self::Usage(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}
