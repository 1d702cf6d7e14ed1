//! `goyo leak-test`: opens every leak vector we know as a letter, pictures blocked,
//! through the real drawing process and engine, and counts what gets out.
//!
//! Where the system allows it, in a network namespace of its own: every packet to
//! anywhere is counted there by the system, every look-up answered by us. Elsewhere a
//! listener on this computer counts what reaches it, and the output says that this is
//! all that was counted. Before the first letter one look-up and one hit are made on
//! purpose: a ring that does not see them proves nothing (exit 3).

#[cfg(target_os = "linux")]
mod namespace;
mod opening;
mod report;
mod ring;
mod vectors;

use super::{CliError, Context, Exit, Result};
use crate::html::clean::Scheme;
use indicatif::{ProgressBar, ProgressStyle};
use opening::{Drawn, Opener};
use report::{Counted, Isolation, Report};
use ring::Ring;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};
use vectors::{Aim, Vector};

/// How long nothing may move before it is believed that nothing will.
const STILL: Duration = Duration::from_millis(300);

/// How long what moves may take to come to rest.
const RESTLESS: Duration = Duration::from_secs(20);

/// What the program tells itself when it is in a namespace.
#[cfg(target_os = "linux")]
const INSIDE: &str = "--inside";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only vectors whose group or name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Use listeners alone, even where a network namespace can be had
    #[arg(long)]
    no_namespace: bool,
    /// Print the vectors and open none
    #[arg(long)]
    list: bool,
    /// We are in the namespace
    #[arg(long, hide = true)]
    inside: bool,
    /// Break something on purpose, to see that it would be noticed
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    sabotage: Option<opening::Sabotage>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let mut all = vectors::all();
    if let Some(only) = &args.only {
        all.retain(|vector| vector.title().contains(only.as_str()));
    }
    if all.is_empty() {
        return Err(CliError::Usage("no vector's group or name contains that".into()));
    }
    if args.list {
        return report::list(context, &all);
    }
    let Some(isolation) = isolate(args) else {
        // It was done inside, where that was possible.
        #[cfg(target_os = "linux")]
        if let Some(exit) = again() {
            return Ok(exit);
        }
        return test(context, args, &all, Isolation::Listeners);
    };
    test(context, args, &all, isolation)
}

/// Where we are; `None` if a namespace is still to be tried.
fn isolate(args: &Args) -> Option<Isolation> {
    if args.inside {
        return Some(Isolation::Namespace);
    }
    (args.no_namespace || !cfg!(target_os = "linux")).then_some(Isolation::Listeners)
}

#[cfg(target_os = "linux")]
fn again() -> Option<Exit> {
    namespace::again(INSIDE).map(Exit::Code)
}

fn test(context: &Context, args: &Args, all: &[Vector], isolation: Isolation) -> Result {
    let everywhere = isolation == Isolation::Namespace;
    #[cfg(target_os = "linux")]
    if everywhere && let Err(error) = namespace::furnish() {
        eprintln!("goyo: no network namespace of its own ({error}): listeners alone count");
        return Ok(Exit::Code(namespace::UNFURNISHED));
    }
    let ring = Ring::draw(everywhere)?;
    let mut counter = Counter { ring: &ring, everywhere };
    if !counter.control()? {
        return unknown(
            "what was sent on purpose was not counted, so that nothing is known of what letters send",
        );
    }
    let mut opener = Opener::new().map_err(|error| CliError::Failed(error.to_string()))?;
    #[cfg(debug_assertions)]
    if let Some(what) = args.sabotage {
        opener.sabotage(what).map_err(|error| CliError::Failed(error.to_string()))?;
    }
    #[cfg(not(debug_assertions))]
    let _ = args;
    // What starting the drawing process set in motion is no letter's.
    let Some(mut before) = counter.rest()? else {
        return unknown("packets were counted before any letter was opened");
    };
    let start = before;
    let bar = bar(all.len());
    let mut report = Report::new(isolation, all);
    for vector in all {
        let both = [(Aim::Name, Scheme::Light), (Aim::Listener(&ring.listener()), Scheme::Dark)]
            .map(|(aim, scheme)| opener.open(vector.letter(aim), scheme, vector.leads_to(aim)));
        let is_told =
            both.iter().all(|seen| vector.is_told(seen.ledger.iter().map(String::as_str)));
        let drawn = both.iter().map(|seen| seen.drawn).max().unwrap_or(Drawn::Nothing);
        report.opened(vector, drawn, is_told, both.iter().map(|seen| seen.stray).sum());
        let now = counter.count()?;
        report.moved(vector, now.since(before));
        before = now;
        bar.inc(1);
    }
    drop(opener);
    let at_rest = counter.rest()?;
    bar.finish_and_clear();
    let end = at_rest.map_or_else(|| counter.count(), Ok)?;
    report.finish(end.since(start), ring.notes());
    report.print(context)?;
    Ok(report.exit())
}

fn unknown(why: &str) -> Result {
    eprintln!("goyo: {why}");
    Ok(Exit::Code(3))
}

fn bar(length: usize) -> ProgressBar {
    let bar = match io::stderr().is_terminal() {
        true => ProgressBar::new(length as u64),
        false => ProgressBar::hidden(),
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} vectors  {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Reads every counter there is.
struct Counter<'r> {
    ring: &'r Ring,
    everywhere: bool,
}

impl Counter<'_> {
    fn count(&self) -> io::Result<Counted> {
        let (lookups, hits) = self.ring.counts();
        Ok(Counted { packets: self.packets()?, lookups, hits })
    }

    #[cfg(target_os = "linux")]
    fn packets(&self) -> io::Result<u64> {
        if self.everywhere { namespace::packets() } else { Ok(0) }
    }

    #[cfg(not(target_os = "linux"))]
    fn packets(&self) -> io::Result<u64> {
        Ok(0)
    }

    /// Whether what is done on purpose moves the counters; then they are forgotten.
    fn control(&mut self) -> io::Result<bool> {
        let before = self.packets()?;
        let seen = self.ring.sees();
        let moved = !self.everywhere || self.packets()? > before;
        // Its own connections take a moment to end.
        let rests = self.rest()?.is_some();
        self.ring.forget();
        Ok(seen && moved && rests)
    }

    /// Waits until nothing moves any more: the counters then; `None` if they never rest.
    fn rest(&self) -> io::Result<Option<Counted>> {
        let until = Instant::now() + RESTLESS;
        let mut last = self.count()?;
        let mut since = Instant::now();
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
            let now = self.count()?;
            if now != last {
                last = now;
                since = Instant::now();
            } else if since.elapsed() >= STILL {
                return Ok(Some(now));
            }
        }
        Ok(None)
    }
}
