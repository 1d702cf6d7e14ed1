//! `goyo account set`: what the settings of an account in the window change.

use super::{CliError, Context, Exit, Result, Row};
use crate::cli::send::{addresses, read_text};
use crate::engine::EngineError;
use crate::engine::accounts::{self, Change};
use crate::model::{Account, AccountKind, Address, FolderPolicy, Identity};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Args {
    /// The account's name
    name: String,
    /// The name letters are sent under
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
    /// Write as 'Name <address>' too; --signature-file and --reply-to are about it then, else
    /// about the account's own address
    #[arg(long = "as", value_name = "ADDRESS")]
    writes_as: Option<String>,
    /// Write as this address no longer
    #[arg(long, value_name = "ADDRESS", conflicts_with = "writes_as")]
    no_longer: Option<String>,
    /// The signature is the text of this file, or of standard input (-); an empty one is none
    #[arg(long, value_name = "FILE")]
    signature_file: Option<PathBuf>,
    /// Answers go to this address; '' takes it back
    #[arg(long, value_name = "ADDRESS")]
    reply_to: Option<String>,
    /// How much of its folders is kept here: everything, headers, nothing, or so many days
    #[arg(long, value_name = "WHAT", value_parser = policy)]
    keep: Option<FolderPolicy>,
    /// A SOCKS5 or HTTP proxy for this account; 'none' takes it back
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
}

/// `everything`, `headers`, `nothing`, `30`.
fn policy(text: &str) -> std::result::Result<FolderPolicy, String> {
    Ok(match text {
        "everything" => FolderPolicy::Everything,
        "headers" => FolderPolicy::Headers,
        "nothing" => FolderPolicy::Nothing,
        days => match days.parse() {
            Ok(days) if (1..=accounts::MOST_DAYS).contains(&days) => FolderPolicy::Days(days),
            _ => return Err("write everything, headers, nothing, or how many days".into()),
        },
    })
}

/// The same in words.
pub(super) fn kept(policy: FolderPolicy) -> String {
    match policy {
        FolderPolicy::Everything => "everything".into(),
        FolderPolicy::Headers => "headers".into(),
        FolderPolicy::Nothing => "nothing".into(),
        FolderPolicy::Days(days) => format!("{days} days"),
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    context.existing()?;
    let (store, _lock) = context.store_to_write()?;
    let account = store.account(&args.name)?;
    if account.kind == AccountKind::Local {
        return Err(CliError::Usage("the folders of this computer have nothing to set".into()));
    }
    let change = Change {
        identities: identities(&account, args)?,
        policy: args.keep,
        proxy: args.proxy.as_deref().map(|proxy| match proxy.trim() {
            "" | "none" => None,
            proxy => Some(proxy.to_owned()),
        }),
    };
    if change == Change::default() {
        return Err(CliError::Usage("say what is to be set: see 'goyo account set --help'".into()));
    }
    accounts::change(&store, account.id, change).map_err(|error| match error {
        EngineError::NoAddress(_)
        | EngineError::AddressTwice(_)
        | EngineError::Days
        | EngineError::Proxy(_)
        | EngineError::ProxyPassword => CliError::Usage(error.to_string()),
        error => error.into(),
    })?;
    let account = store.account(&args.name)?;
    let mut out = context.output();
    if context.json {
        out.object(&Row::of(&account))?;
    } else {
        out.line(&format!("{} is changed", account.name))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Everybody the account writes as afterwards; `None` where nothing is said of that.
fn identities(account: &Account, args: &Args) -> Result<Option<Vec<Identity>>> {
    let of_somebody =
        args.writes_as.is_some() || args.signature_file.is_some() || args.reply_to.is_some();
    if args.sender.is_none() && args.no_longer.is_none() && !of_somebody {
        return Ok(None);
    }
    let mut all = accounts::writers(account);
    if let Some(gone) = &args.no_longer {
        let is = |identity: &Identity| identity.from.addr.eq_ignore_ascii_case(gone.trim());
        if !all.iter().any(|identity| is(identity) && !accounts::is_own(account, identity)) {
            let text = format!("'{gone}' is no other address that {} writes as", account.name);
            return Err(CliError::Usage(text));
        }
        all.retain(|identity| !is(identity));
    }
    let own = all.iter().position(|identity| accounts::is_own(account, identity));
    if let Some(sender) = &args.sender
        && let Some(own) = own.and_then(|at| all.get_mut(at))
    {
        own.from.name = Some(sender.clone());
    }
    if of_somebody {
        let whom = match &args.writes_as {
            Some(text) => one(text)?,
            None => Address { name: None, addr: account.address.clone().unwrap_or_default() },
        };
        let known = all.iter().position(|known| known.from.addr.eq_ignore_ascii_case(&whom.addr));
        let at = known.unwrap_or_else(|| {
            all.push(Identity { from: whom.clone(), ..Identity::default() });
            all.len() - 1
        });
        if let Some(identity) = all.get_mut(at) {
            if whom.name.is_some() {
                identity.from.name = whom.name;
            }
            if let Some(file) = &args.signature_file {
                identity.signature = read_text(file)?;
            }
            if let Some(reply_to) = &args.reply_to {
                identity.reply_to = match reply_to.trim() {
                    "" => Vec::new(),
                    text => vec![one(text)?],
                };
            }
        }
    }
    Ok(Some(all))
}

fn one(text: &str) -> Result<Address> {
    let mut found = addresses(std::slice::from_ref(&text.to_owned()))?;
    match (found.pop(), found.is_empty()) {
        (Some(address), true) => Ok(address),
        _ => Err(CliError::Usage(format!("'{text}' is more than one address"))),
    }
}
