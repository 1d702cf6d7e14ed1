//! `goyo sync [--account NAME] [--folder F] [--watch]`

use super::receipts::{Known, Row, line};
use super::{CliError, Context, Exit, Result, stop_flag};
use crate::engine::outbox::{Courier, Post};
use crate::engine::receipts::{Desk, Poller, ReceiptsTrouble};
use crate::engine::sync::{Intake, Line, Only, SyncEvent, Watch};
use crate::engine::{self, EngineError};
use crate::model::{Account, AccountId, AccountKind, FolderId};
use crate::secrets::Vault;
use crate::store::Store;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use tokio::runtime::Runtime;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this account
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Only this folder: account/path, or a path of the account
    #[arg(long, value_name = "FOLDER", conflicts_with = "watch")]
    folder: Option<String>,
    /// Go on: bring new mail in as it comes, until interrupted
    #[arg(long)]
    watch: bool,
}

/// What reaches the thread that prints.
enum Said {
    Event(AccountId, SyncEvent),
    /// An account is done with, well or not.
    Ended(AccountId, Option<EngineError>),
    /// The receipt server told something new, or cannot be asked.
    Receipts(std::result::Result<(), ReceiptsTrouble>),
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let profile = context.existing()?;
    let (store, _lock) = context.store_to_write()?;
    let store = Arc::new(store);
    let (accounts, only) = chosen(&store, args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("sync")
        .enable_all()
        .build()
        .map_err(EngineError::from)?;
    let intake = Intake::start(&store)?;
    let (sender, said) = channel();
    let tell: engine::sync::Tell = {
        let sender = sender.clone();
        Arc::new(move |account, event| {
            let _ = sender.send(Said::Event(account, event));
        })
    };
    let stop = stop_flag();
    let mut watches = Vec::new();
    let mut couriers = Vec::new();
    let mut printer = Printer::new(context, &store, &accounts)?;
    let poller =
        args.watch.then(|| ask_receipts(&runtime, &store, &profile, &sender)).transpose()?;
    for account in &accounts {
        let line = Line {
            store: Arc::clone(&store),
            vault: Vault::of(&profile),
            account: account.clone(),
            intake: intake.clone(),
            tell: Arc::clone(&tell),
            log: engine::sync::Log::default(),
        };
        let post = Post {
            store: Arc::clone(&store),
            vault: Vault::of(&profile),
            account: account.clone(),
            tell: Arc::new(|_, _| {}),
            log: engine::sync::Log::default(),
        };
        if args.watch {
            let _inside = runtime.enter();
            watches.push(Watch::start(line));
            couriers.push(Courier::start(post, None));
        } else {
            let (only, sender, id) = (only.clone(), sender.clone(), account.id);
            runtime.spawn(async move {
                // What waits in the outbox goes first: its copies are told at once.
                let posted = post.once().await;
                let ended = line.once(&only).await.and(posted);
                let _ = sender.send(Said::Ended(id, ended.err()));
            });
        }
    }
    drop(sender);
    let outcome = printer.print(&said, &stop, args.watch, accounts.len());
    drop((watches, poller));
    runtime.block_on(Courier::see_off(couriers));
    // What is half-way is dropped; what was handed over is written.
    runtime.shutdown_background();
    drop(intake);
    let failed = outcome?;
    if store.is_untidy(false)? {
        store.tidy()?;
    }
    store.give_back()?;
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// Asks the receipt server while receipts are open.
fn ask_receipts(
    runtime: &Runtime,
    store: &Arc<Store>,
    profile: &Path,
    sender: &Sender<Said>,
) -> Result<Poller> {
    let proxy = engine::proxy(store, None)?;
    let desk = Desk { store: Arc::clone(store), vault: Vault::of(profile), proxy };
    let sender = sender.clone();
    let _inside = runtime.enter();
    Ok(Poller::start(
        desk,
        Arc::new(move |told| {
            let _ = sender.send(Said::Receipts(told.map(drop)));
        }),
    ))
}

/// The accounts to be brought in step, and which folders of them.
fn chosen(store: &Store, args: &Args) -> Result<(Vec<Account>, Only)> {
    let mut accounts = store.accounts()?;
    accounts.retain(|account| account.kind == AccountKind::Imap);
    let mut only = Only::All;
    let mut name = args.account.clone();
    if let Some(folder) = &args.folder {
        let split = folder.split_once('/').filter(|(account, _)| {
            accounts.iter().any(|known| known.name.eq_ignore_ascii_case(account))
        });
        only = match (split, &name) {
            (Some((account, path)), None) => {
                name = Some(account.to_owned());
                Only::Path(path.to_owned())
            }
            (Some((account, path)), Some(name)) if account.eq_ignore_ascii_case(name) => {
                Only::Path(path.to_owned())
            }
            _ => Only::Path(folder.clone()),
        };
    }
    if let Some(name) = &name {
        let account = store.account(name)?;
        accounts.retain(|known| known.id == account.id);
        if accounts.is_empty() {
            let text = format!("'{name}' is on this computer only; there is nothing to sync");
            return Err(CliError::Usage(text));
        }
    }
    if accounts.is_empty() {
        let text = "there is no account yet; 'goyo account add' makes one";
        return Err(CliError::Usage(text.into()));
    }
    Ok((accounts, only))
}

/// A line of `--json`.
#[derive(serde::Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Json<'a> {
    Connecting {
        account: &'a str,
    },
    Folder {
        account: &'a str,
        folder: String,
        new: u64,
        completed: u64,
        flags_changed: u64,
        expunged: u64,
    },
    Progress {
        account: &'a str,
        folder: String,
        letters: u64,
        letters_total: u64,
        bytes: u64,
        bytes_total: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        seconds_left: Option<u64>,
    },
    New {
        account: &'a str,
        folder: String,
        ids: Vec<String>,
    },
    Error {
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
        text: &'a str,
    },
    Alert {
        account: &'a str,
        text: &'a str,
    },
    #[serde(rename = "rolled_back")]
    RolledBack {
        account: &'a str,
        gesture: String,
        kind: String,
        count: usize,
        reason: String,
    },
    Receipt(Row<'a>),
    Idle {
        account: &'a str,
    },
    Quota {
        account: &'a str,
        used: u64,
        allowed: u64,
    },
    Offline {
        account: &'a str,
        seconds: u64,
    },
    Done {
        account: &'a str,
        messages_new: u64,
        flags_changed: u64,
        expunged: u64,
        bytes: u64,
        round_trips: u64,
        ms: u64,
        folders: u64,
        opened: u64,
        errors: u64,
    },
}

struct Printer<'s> {
    json: bool,
    store: &'s Store,
    accounts: HashMap<AccountId, String>,
    paths: HashMap<FolderId, String>,
    bar: ProgressBar,
    receipts: Known,
    failed: bool,
}

impl<'s> Printer<'s> {
    fn new(context: &Context, store: &'s Store, accounts: &[Account]) -> Result<Self> {
        let bar = match context.json || !std::io::stderr().is_terminal() {
            true => ProgressBar::hidden(),
            false => ProgressBar::no_length(),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3}%  {msg}") {
            bar.set_style(style);
        }
        Ok(Self {
            json: context.json,
            store,
            accounts: accounts.iter().map(|a| (a.id, a.name.clone())).collect(),
            paths: HashMap::new(),
            bar,
            receipts: Known::of(store)?,
            failed: false,
        })
    }

    /// Prints until all is done or it is to stop; whether something was not done.
    fn print(
        &mut self,
        said: &Receiver<Said>,
        stop: &AtomicBool,
        watch: bool,
        accounts: usize,
    ) -> Result<bool> {
        let mut left = accounts;
        while left > 0 || watch {
            match said.recv_timeout(Duration::from_millis(100)) {
                Ok(Said::Event(account, event)) => {
                    // A letter that comes may say what became of another.
                    let came = matches!(event, SyncEvent::New(..));
                    self.event(account, event)?;
                    if came && watch {
                        self.receipts()?;
                    }
                }
                Ok(Said::Receipts(Ok(()))) => self.receipts()?,
                Ok(Said::Receipts(Err(error))) => self.not_asked(&error)?,
                Ok(Said::Ended(account, error)) => {
                    left -= 1;
                    if let Some(error) = error {
                        let text = error.to_string();
                        self.event(account, SyncEvent::Error { folder: None, text })?;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if stop.load(Ordering::Relaxed) {
                self.bar.finish_and_clear();
                if !watch {
                    eprintln!("goyo: stopped; what came in is kept, and the rest comes next time");
                    self.failed = true;
                }
                break;
            }
        }
        self.bar.finish_and_clear();
        Ok(self.failed)
    }

    /// `account/path`.
    fn folder(&mut self, account: AccountId, folder: FolderId) -> String {
        if !self.paths.contains_key(&folder) {
            let path = self.store.mailbox(folder).ok().flatten().map(|mailbox| mailbox.path);
            self.paths.insert(folder, path.unwrap_or_default());
        }
        let path = self.paths.get(&folder).cloned().unwrap_or_default();
        format!("{}/{path}", self.name(account))
    }

    fn name(&self, account: AccountId) -> String {
        self.accounts.get(&account).cloned().unwrap_or_default()
    }

    fn event(&mut self, account: AccountId, event: SyncEvent) -> Result<()> {
        let name = self.name(account);
        if let SyncEvent::Folder { folder, path } = &event {
            self.paths.insert(*folder, path.clone());
        }
        if let SyncEvent::Error { .. } | SyncEvent::RolledBack(_) = &event {
            self.failed = true;
        }
        match self.json {
            true => self.as_json(account, &name, event),
            false => self.as_text(account, &name, event),
        }
    }

    fn as_json(&mut self, account: AccountId, name: &str, event: SyncEvent) -> Result<()> {
        let text;
        let line = match event {
            SyncEvent::Connecting => Json::Connecting { account: name },
            SyncEvent::Folder { .. }
            | SyncEvent::Changed(_)
            | SyncEvent::Whole(_)
            | SyncEvent::Waiting(_)
            | SyncEvent::Stopped(_) => {
                return Ok(());
            }
            SyncEvent::FolderDone { folder, counts, .. } => Json::Folder {
                account: name,
                folder: self.folder(account, folder),
                new: counts.new,
                completed: counts.completed,
                flags_changed: counts.flags_changed,
                expunged: counts.expunged,
            },
            SyncEvent::Progress(progress) => Json::Progress {
                account: name,
                folder: self.folder(account, progress.folder),
                letters: progress.letters,
                letters_total: progress.letters_total,
                bytes: progress.bytes,
                bytes_total: progress.bytes_total,
                seconds_left: progress.left.map(|left| left.as_secs()),
            },
            SyncEvent::New(folder, letters) => Json::New {
                account: name,
                folder: self.folder(account, folder),
                ids: letters.iter().map(ToString::to_string).collect(),
            },
            SyncEvent::Error { folder, text: what } => {
                text = what;
                let folder = folder.map(|folder| self.folder(account, folder));
                Json::Error { account: Some(name), folder, text: &text }
            }
            SyncEvent::Alert(words) => {
                text = words;
                Json::Alert { account: name, text: &text }
            }
            SyncEvent::RolledBack(back) => Json::RolledBack {
                account: name,
                gesture: back.gesture.to_string(),
                kind: back.kind,
                count: back.count,
                reason: back.reason.to_string(),
            },
            SyncEvent::Idle => Json::Idle { account: name },
            SyncEvent::Quota { used, allowed } => Json::Quota { account: name, used, allowed },
            SyncEvent::Offline(wait) => Json::Offline { account: name, seconds: wait.as_secs() },
            SyncEvent::Done(report) => Json::Done {
                account: name,
                messages_new: report.counts.new,
                flags_changed: report.counts.flags_changed,
                expunged: report.counts.expunged,
                bytes: report.bytes,
                round_trips: report.round_trips,
                ms: u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX),
                folders: report.folders,
                opened: report.opened,
                errors: report.errors,
            },
        };
        print(&line)
    }

    /// What is new of letters that were sent.
    fn receipts(&mut self) -> Result<()> {
        for row in self.receipts.changes(self.store)? {
            if self.json {
                print(&Json::Receipt(Row::of(&row)))?;
                continue;
            }
            let text = super::output::harmless(&line(&row));
            self.bar.suspend(|| writeln!(std::io::stdout().lock(), "{text}"))?;
        }
        Ok(())
    }

    /// The receipt server could not be asked; it is tried again.
    fn not_asked(&self, error: &ReceiptsTrouble) -> Result<()> {
        let text = error.to_string();
        if self.json {
            return print(&Json::Error { account: None, folder: None, text: &text });
        }
        self.bar.suspend(|| eprintln!("goyo: {}", super::output::harmless(&text)));
        Ok(())
    }

    fn as_text(&mut self, account: AccountId, name: &str, event: SyncEvent) -> Result<()> {
        let line = match event {
            SyncEvent::Progress(at) => {
                self.bar.set_length(at.bytes_total.max(1));
                self.bar.set_position(at.bytes);
                let left = at.left.map(|left| format!(", {} left", HumanDuration(left)));
                let folder = self.folder(account, at.folder);
                self.bar.set_message(format!(
                    "{folder}: {} of {} letters, {} of {}{}",
                    HumanCount(at.letters),
                    HumanCount(at.letters_total),
                    HumanBytes(at.bytes),
                    HumanBytes(at.bytes_total),
                    left.unwrap_or_default()
                ));
                return Ok(());
            }
            SyncEvent::FolderDone { folder, counts, .. } => {
                if counts == engine::sync::Counts::default() {
                    return Ok(());
                }
                format!(
                    "{}: {} new, {} changed, {} gone",
                    self.folder(account, folder),
                    counts.new,
                    counts.flags_changed,
                    counts.expunged
                )
            }
            SyncEvent::Error { folder, text } => {
                let place = match folder {
                    Some(folder) => self.folder(account, folder),
                    None => name.to_owned(),
                };
                self.bar.suspend(|| eprintln!("goyo: {place}: {}", super::output::harmless(&text)));
                return Ok(());
            }
            SyncEvent::RolledBack(back) => {
                let what = format!("{} of {} letters was taken back", back.kind, back.count);
                let line = super::output::harmless(&format!("{name}: {what}: {}", back.reason));
                self.bar.suspend(|| eprintln!("goyo: {line}"));
                return Ok(());
            }
            SyncEvent::Alert(words) => {
                format!("{name}: the server says: \"{}\"", super::output::harmless(&words))
            }
            SyncEvent::Offline(wait) => {
                format!("{name}: no connection; next try in {}", HumanDuration(wait))
            }
            SyncEvent::Idle => format!("{name}: in step; waiting for new mail"),
            SyncEvent::Quota { used, allowed } => {
                format!("{name}: {} of {} used", HumanBytes(used), HumanBytes(allowed))
            }
            SyncEvent::Done(report) => format!(
                "{name}: {} new, {} changed, {} gone; {} in {:.1} s",
                report.counts.new,
                report.counts.flags_changed,
                report.counts.expunged,
                HumanBytes(report.bytes),
                report.took.as_secs_f64()
            ),
            SyncEvent::New(folder, letters) => {
                format!("{}: {} new", self.folder(account, folder), letters.len())
            }
            SyncEvent::Connecting
            | SyncEvent::Folder { .. }
            | SyncEvent::Changed(_)
            | SyncEvent::Waiting(_)
            | SyncEvent::Stopped(_)
            | SyncEvent::Whole(_) => {
                return Ok(());
            }
        };
        let line = super::output::harmless(&line);
        self.bar.suspend(|| {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{line}")
        })?;
        Ok(())
    }
}

/// A line an event, at once: programs wait for it.
fn print(line: &Json<'_>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, line).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
