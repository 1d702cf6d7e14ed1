//! `goyo folder create|rename|delete|subscribe|read|list`

use super::{CliError, Context, Exit, Result, gesture};
use crate::model::{AccountId, Act};
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Make a folder
    Create {
        /// account/path
        name: String,
    },
    /// Give a folder, and those below it, another path in its account
    Rename {
        /// account/path
        name: String,
        /// The new path, without the account
        path: String,
    },
    /// Remove a folder; its letters go to the trash
    Delete {
        /// account/path
        name: String,
    },
    /// Subscribe to a folder
    Subscribe {
        /// account/path
        name: String,
        /// Not any more
        #[arg(long)]
        off: bool,
    },
    /// Mark all letters of a folder as read
    Read {
        /// account/path
        name: String,
    },
    /// Delete for good what is in the trash of an account
    EmptyTrash {
        /// The account
        account: String,
    },
    /// List the folders
    List,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let act = match &args.verb {
        Verb::Create { name } => {
            let (account, path) = split(&store, name)?;
            Act::CreateFolder(account, path)
        }
        Verb::Rename { name, path } => Act::RenameFolder(store.folder(name)?.id, path.clone()),
        Verb::Delete { name } => Act::DeleteFolder(store.folder(name)?.id),
        Verb::Subscribe { name, off } => Act::Subscribe(store.folder(name)?.id, !off),
        Verb::Read { name } => Act::MarkAllRead(store.folder(name)?.id),
        Verb::EmptyTrash { account } => Act::EmptyTrash(store.account(account)?.id),
        Verb::List => return list(context, &store),
    };
    gesture::act(context, &store, &act)
}

/// `account/path`.
fn split(store: &Store, name: &str) -> Result<(AccountId, String)> {
    let Some((account, path)) = name.split_once('/') else {
        return Err(CliError::Usage(format!("'{name}' names no account; write account/path")));
    };
    Ok((store.account(account)?.id, path.to_owned()))
}

fn list(context: &Context, store: &Store) -> Result {
    let mut out = context.output();
    for folder in store.folders()? {
        match context.json {
            true => out.object(&folder)?,
            false => {
                let line = format!("{:>7} {:>7}  {}", folder.unread, folder.total, folder.name());
                out.line(&line)?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
