//! `goyo receipts list|answer|server|serve|key`

mod answer;
mod key;
mod list;
mod serve;
mod server;
mod watch;

pub(super) use list::{Row, line};
pub(super) use watch::Known;

use super::{CliError, Context, Result};
use crate::engine::receipts::ReceiptsTrouble;
use crate::receipts::ReceiptsError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what is known of letters that were sent: read, fetched, delivered, come back
    List(list::Args),
    /// The receipt server that letters name: set, show, remove
    #[command(subcommand)]
    Server(server::Verb),
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
        Verb::List(args) => list::run(context, args),
        Verb::Server(verb) => server::run(context, verb),
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

impl From<ReceiptsTrouble> for CliError {
    fn from(error: ReceiptsTrouble) -> Self {
        use crate::net::receipts::ReceiptServerError::{Address, Plain};
        match error {
            ReceiptsTrouble::Store(error) => error.into(),
            ReceiptsTrouble::NoServer
            | ReceiptsTrouble::KeyForm
            | ReceiptsTrouble::Proxy(_)
            | ReceiptsTrouble::Server(Address(_) | Plain(_)) => Self::Usage(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}
