//! `goyo flag ID… [--add FLAG,…] [--remove FLAG,…]`

use super::{CliError, Context, Result, gesture};
use crate::model::{Act, FlagChange, Flags};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ids of letters, as list and search print them
    #[arg(required = true)]
    ids: Vec<i64>,
    /// Flags to set: seen, answered, flagged, draft, forwarded, junk; or keywords
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    add: Vec<String>,
    /// Flags to clear
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    remove: Vec<String>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let (add, add_words) = sorted(&args.add)?;
    let (remove, remove_words) = sorted(&args.remove)?;
    let change = FlagChange { add, remove, add_words, remove_words };
    if change.is_empty() {
        return Err(CliError::Usage("name a flag with --add or --remove".into()));
    }
    let letters = gesture::letters(&store, &args.ids)?;
    gesture::act(context, &store, &Act::Flag(letters, change))
}

/// Flags, and what is a keyword (RFC 9051: an atom).
fn sorted(words: &[String]) -> Result<(Flags, Vec<String>)> {
    let (mut flags, mut keywords) = (Flags::NONE, Vec::new());
    for word in words {
        let atom = |b: u8| b.is_ascii_graphic() && !b"(){%*\"\\]".contains(&b);
        match Flags::named(word) {
            Some(flag) => flags = flags.with(flag),
            None if !word.is_empty() && word.bytes().all(atom) => keywords.push(word.clone()),
            None => return Err(CliError::Usage(format!("'{word}' is no flag"))),
        }
    }
    Ok((flags, keywords))
}
