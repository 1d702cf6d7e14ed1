//! The command line: one small file a verb.
//!
//! Promise to scripts: with `--json` one object (or one a line), text in it
//! English, what is absent is unknown, times RFC 3339 UTC. Exit 0 done, 1 failed
//! or partly failed, 2 wrong usage, 3 outcome unknown. Errors go to stderr and
//! say what to do.

mod account;
mod check;
mod delete;
mod drafts;
mod export;
mod flag;
mod folder;
mod gesture;
mod import;
mod inspect;
mod leak_test;
mod list;
mod moving;
mod outbox;
mod output;
mod receipts;
#[cfg(feature = "render")]
mod render;
mod search;
mod send;
mod show;
mod sync;
mod undo;

use crate::engine::EngineError;
use crate::handover::{self, Handed, Wish};
use crate::store::{Holder, ProfileLock, Store, StoreError};
use clap::{CommandFactory as _, Parser, Subcommand};
use output::Output;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Goyo: mail that tells nobody.
#[derive(Debug, Parser)]
#[command(name = "goyo", version, about, max_term_width = 100)]
struct Cli {
    /// The profile: the directory that holds mail and settings
    #[arg(long, global = true, value_name = "DIR")]
    profile: Option<PathBuf>,
    /// Print machine-readable output: one JSON object, or one a line
    #[arg(long, global = true)]
    json: bool,
    /// Open the window on a throw-away mailbox of sample letters
    #[arg(long)]
    demo: bool,
    /// A letter (.eml) or a mailto: address to open the window on
    #[arg(value_name = "FILE|MAILTO")]
    open: Option<OsString>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// The window is wanted, not a verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The profile it was asked to open.
    pub profile: Option<PathBuf>,
    /// The sample mailbox.
    pub demo: bool,
    /// What to show at once.
    pub wish: Wish,
}

/// What the command line asked for.
#[derive(Debug)]
pub enum Outcome {
    /// It was a verb, and it is done.
    Exit(ExitCode),
    /// The window.
    Window(Window),
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Bring letters in: mbox files, Maildirs, .eml files, directories of them
    Import(import::Args),
    /// Write a folder's letters out, byte for byte
    Export(export::Args),
    /// List letters, newest first
    List(list::Args),
    /// Find letters
    Search(search::Args),
    /// Show one letter
    Show(show::Args),
    /// Tell what letters in files would give away, without opening or fetching anything
    Inspect(inspect::Args),
    /// Draw letters as the window would, into PNG files
    #[cfg(feature = "render")]
    Render(render::Args),
    /// Open every leak vector we know and count what gets out: nothing
    LeakTest(leak_test::Args),
    /// Set up accounts: add, list, remove, test
    Account(account::Args),
    /// Bring accounts in step with their servers
    Sync(sync::Args),
    /// Write a letter and put it into the outbox, or send it now
    Send(Box<send::Args>),
    /// Letters that are being written
    Drafts(drafts::Args),
    /// Letters given away to be sent: list, try again, take back
    Outbox(outbox::Args),
    /// Set and clear flags of letters
    Flag(flag::Args),
    /// Put letters, or copies of them, into another folder
    Move(moving::Args),
    /// Put letters into the trash; those that lie there are deleted for good
    Delete(delete::Args),
    /// Make, rename, remove folders, and more
    Folder(folder::Args),
    /// Know whether sent letters were read: a receipt server of your own, and what it saw
    Receipts(receipts::Args),
    /// Take back what was done
    Undo(undo::Args),
    /// Prove that letters, conversations and search agree
    Check(check::Args),
}

/// An error of a verb: what it says goes to stderr.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Something the user can put right.
    #[error("{0}")]
    Usage(String),
    /// Something that did not work.
    #[error("{0}")]
    Failed(String),
    /// Writing the output.
    #[error("the output could not be written: {0}")]
    Output(#[from] std::io::Error),
}

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Done,
    Failed,
    /// Already said in this number.
    Code(u8),
}

type Result<T = Exit> = std::result::Result<T, CliError>;

/// What every verb gets.
struct Context {
    profile: Option<PathBuf>,
    json: bool,
}

impl Context {
    fn profile(&self) -> Result<PathBuf> {
        self.profile.clone().or_else(|| dirs::data_dir().map(|dir| dir.join("goyo"))).ok_or_else(
            || {
                CliError::Usage(
                    "no home directory is known here; give one with --profile DIR".into(),
                )
            },
        )
    }

    /// The store for reading; it must exist.
    fn store(&self) -> Result<Store> {
        Ok(Store::open(&self.existing()?)?)
    }

    /// The store for a check, with the profile's lock; it must exist.
    fn store_to_check(&self) -> Result<(Store, ProfileLock)> {
        self.existing()?;
        self.store_to_write()
    }

    /// The profile, if there is mail in it.
    fn existing(&self) -> Result<PathBuf> {
        let profile = self.profile()?;
        if !Store::exists(&profile) {
            return Err(CliError::Usage(format!(
                "there is no mail in {} yet; bring some in with 'goyo import PATH'",
                profile.display()
            )));
        }
        Ok(profile)
    }

    /// The store for writing, with the profile's lock.
    fn store_to_write(&self) -> Result<(Store, ProfileLock)> {
        let profile = self.profile()?;
        let lock = ProfileLock::take(&profile)?;
        say_verb(&lock);
        Ok((Store::open(&profile)?, lock))
    }

    fn output(&self) -> Output {
        Output::new(self.json)
    }
}

/// Says that this verb has the profile.
fn say_verb(lock: &ProfileLock) {
    let verbs = Cli::command();
    let mut given = std::env::args_os().skip(1);
    let verb = given.find_map(|word| verbs.find_subcommand(word).map(clap::Command::get_name));
    if let Some(verb) = verb {
        lock.say(&Holder::Verb(verb.to_owned()));
    }
}

/// A flag that Ctrl-C and a polite `kill` set. A second Ctrl-C ends at once.
fn stop_flag() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the program at once, which is safe as well.
    let _ = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
    });
    stop
}

/// Reads the command line and runs its verb.
pub fn main() -> Outcome {
    let cli = Cli::parse();
    let context = Context { profile: cli.profile, json: cli.json };
    if let Some(verb) = cli.verb {
        return Outcome::Exit(run(verb, &context));
    }
    let wish = match cli.open.as_deref().map(Wish::of) {
        None => Wish::Raise,
        Some(Ok(wish)) => wish,
        Some(Err(why)) => {
            eprintln!("goyo: '{}' {why}", cli.open.unwrap_or_default().display());
            return Outcome::Exit(ExitCode::from(2));
        }
    };
    // The demo is nobody's mail: each has a window of its own.
    if !cli.demo
        && let Ok(profile) = context.profile()
    {
        match handover::hand_over(&profile, &wish) {
            Ok(Handed::Taken) => return Outcome::Exit(ExitCode::SUCCESS),
            Ok(Handed::Nobody) => {}
            Err(error) => {
                eprintln!("goyo: {error}");
                return Outcome::Exit(ExitCode::from(1));
            }
        }
    }
    Outcome::Window(Window { profile: context.profile, demo: cli.demo, wish })
}

fn run(verb: Verb, context: &Context) -> ExitCode {
    let outcome = match verb {
        Verb::Import(args) => import::run(context, &args),
        Verb::Export(args) => export::run(context, &args),
        Verb::List(args) => list::run(context, &args),
        Verb::Search(args) => search::run(context, &args),
        Verb::Show(args) => show::run(context, &args),
        Verb::Inspect(args) => inspect::run(context, &args),
        #[cfg(feature = "render")]
        Verb::Render(args) => render::run(context, &args),
        Verb::LeakTest(args) => leak_test::run(context, &args),
        Verb::Account(args) => account::run(context, &args),
        Verb::Sync(args) => sync::run(context, &args),
        Verb::Send(args) => send::run(context, &args),
        Verb::Drafts(args) => drafts::run(context, &args),
        Verb::Outbox(args) => outbox::run(context, &args),
        Verb::Flag(args) => flag::run(context, &args),
        Verb::Move(args) => moving::run(context, &args),
        Verb::Delete(args) => delete::run(context, &args),
        Verb::Folder(args) => folder::run(context, &args),
        Verb::Receipts(args) => receipts::run(context, &args),
        Verb::Undo(args) => undo::run(context, &args),
        Verb::Check(args) => check::run(context, &args),
    };
    match outcome {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Failed) => ExitCode::from(1),
        Ok(Exit::Code(code)) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(CliError::Usage(text)) => {
            eprintln!("goyo: {text}");
            ExitCode::from(2)
        }
        Err(CliError::Store(error) | CliError::Engine(EngineError::Store(error)))
            if is_wrong_usage(&error) =>
        {
            eprintln!("goyo: {error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("goyo: {error}");
            ExitCode::from(1)
        }
    }
}

/// Whether another command line would have done.
fn is_wrong_usage(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Query(_)
            | StoreError::NoFolder { .. }
            | StoreError::NoAccount(_)
            | StoreError::AccountName(_)
            | StoreError::Outbox(_)
    )
}
