//! The engine's threads: one that writes and fetches, one that reads and draws.

use super::Result;
use super::protocol::{Command, Event};
use std::path::Path;
use tokio::sync::mpsc;

/// What an engine is started with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Hosts and ports in private networks that may be reached all the same: the
    /// demo's own tracker, a test's listener.
    pub reachable: Vec<(String, u16)>,
    /// A SOCKS5 or HTTP proxy for everything that is fetched: its address.
    pub proxy: Option<String>,
}

/// Sends the engine commands. Cloned freely; the engine ends when the last is gone.
#[derive(Debug, Clone)]
pub struct Commands(mpsc::UnboundedSender<Command>);

impl Commands {
    /// Asks for something. Never waits; nothing happens if the engine has ended.
    pub fn send(&self, command: Command) {
        let _ = self.0.send(command);
    }
}

/// Starts the engine on a profile.
///
/// # Errors
/// When the profile is locked by another Goyo or its store cannot be opened.
pub fn start(_profile: &Path, _options: Options) -> Result<(Commands, mpsc::Receiver<Event>)> {
    let (commands, _) = mpsc::unbounded_channel();
    let (_, events) = mpsc::channel(1024);
    Ok((Commands(commands), events))
}
