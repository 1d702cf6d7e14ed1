//! `goyo receipts serve`

use crate::cli::{CliError, Context, Exit, Result, stop_flag};
use crate::receipts::{Options, Server};
use serde::Serialize;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to listen: 127.0.0.1:PORT or [::1]:PORT; TLS is the business of a reverse proxy
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// Where keys, tokens and counts lie; made if it is not there
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The field in which the reverse proxy names its client, such as X-Forwarded-For, to
    /// tell mail services by their addresses; addresses are never kept
    #[arg(long, value_name = "FIELD")]
    client_field: Option<String>,
}

#[derive(Serialize)]
struct Listening {
    listening: SocketAddr,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let client_field = match &args.client_field {
        Some(name) => Some(name.parse().map_err(|_| {
            CliError::Usage(format!("--client-field: '{name}' is no name of a field"))
        })?),
        None => None,
    };
    let stop = stop_flag();
    let server = Server::bind(args.listen, &args.data, Options { client_field })?;
    let mut out = context.output();
    match context.json {
        true => out.object(&Listening { listening: server.address() })?,
        false => out.line(&format!("listening on http://{}", server.address()))?,
    }
    out.finish()?;
    server.run(&stop)?;
    Ok(Exit::Done)
}
