//! `goyo receipts key new|list|remove`

use crate::cli::output::{local, rfc3339};
use crate::cli::{Context, Exit, Result};
use crate::receipts::Database;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// Make a key and print it, this once; the server keeps only its hash
    New {
        /// The server's directory; made if it is not there
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Whose it is
        #[arg(long, value_name = "NAME", default_value = "default")]
        name: String,
    },
    /// List the keys by name
    List {
        /// The server's directory
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Remove a key with its tokens and all that was seen of them
    Remove {
        /// Its name
        name: String,
        /// The server's directory
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
    key: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    created: String,
    tokens: u64,
}

pub(super) fn run(context: &Context, verb: &Verb) -> Result {
    let mut out = context.output();
    match verb {
        Verb::New { data, name } => {
            let key = Database::open(data)?.new_key(name)?;
            match context.json {
                true => out.object(&New { name: name.trim(), key: &key })?,
                false => out.line(&key)?,
            }
        }
        Verb::List { data } => {
            for row in Database::open_existing(data)?.keys()? {
                match context.json {
                    true => out.object(&Row {
                        name: &row.name,
                        created: rfc3339(row.created),
                        tokens: row.tokens,
                    })?,
                    false => out.line(&format!(
                        "{}  {}  {} open",
                        local(row.created),
                        row.name,
                        row.tokens
                    ))?,
                }
            }
        }
        Verb::Remove { name, data } => {
            Database::open_existing(data)?.remove_key(name)?;
            if !context.json {
                out.line(&format!("removed {}", name.trim()))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
