//! `goyo receipts server set|show|remove`

use crate::cli::account::{read_secret, wait, way};
use crate::cli::{CliError, Context, Exit, Result};
use crate::engine::receipts::{self, ReceiptsTrouble};
use crate::secrets::Vault;
use serde::Serialize;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// Name the receipt server, and give its key on standard input
    Set {
        /// Its address: https://receipts.example, or http on this computer
        #[arg(value_name = "URL")]
        url: String,
        /// Read the key from the first line of standard input
        #[arg(long, required = true)]
        key_stdin: bool,
        /// A SOCKS5 or HTTP proxy to try it through; without it, the first that an account has
        #[arg(long, value_name = "URL")]
        proxy: Option<String>,
        /// Do not ask it whether it knows the key
        #[arg(long)]
        no_test: bool,
    },
    /// Show which it is
    Show,
    /// Forget it and its key
    Remove,
}

#[derive(Serialize)]
struct Shown<'a> {
    server: &'a str,
}

pub(super) fn run(context: &Context, verb: &Verb) -> Result {
    match verb {
        Verb::Set { url, proxy, no_test, .. } => set(context, url, proxy.as_deref(), !no_test),
        Verb::Show => {
            let store = context.store()?;
            let server = receipts::server(&store)?.ok_or(ReceiptsTrouble::NoServer)?;
            shown(context, &server)
        }
        Verb::Remove => {
            let profile = context.existing()?;
            let (store, _lock) = context.store_to_write()?;
            receipts::remove_server(&store, &Vault::of(&profile))?;
            Ok(Exit::Done)
        }
    }
}

fn set(context: &Context, url: &str, proxy: Option<&str>, test: bool) -> Result {
    let key = read_secret("key")?;
    let profile = context.profile()?;
    if test {
        let proxy = way(context, proxy)?;
        match wait(receipts::test(url, &key, proxy.as_deref()))? {
            Ok(()) => {}
            // It may not be up yet: that is no reason not to keep it.
            Err(ReceiptsTrouble::Server(error)) if error.is_passing() => {
                eprintln!("goyo: {error}; it is kept all the same");
            }
            Err(error) => return Err(CliError::from(error)),
        }
    }
    let (store, _lock) = context.store_to_write()?;
    let server = receipts::set_server(&store, &Vault::of(&profile), url, &key)?;
    shown(context, &server)
}

fn shown(context: &Context, server: &str) -> Result {
    let mut out = context.output();
    match context.json {
        true => out.object(&Shown { server })?,
        false => out.line(server)?,
    }
    out.finish()?;
    Ok(Exit::Done)
}
