//! The window (feature `gui`): shows what the engine says, asks it for what the user
//! wants. It touches neither the network nor a letter's bytes; its thread never waits.

mod app;
mod display;
pub mod notify;
pub mod screen;
mod settings;
pub mod shelf;
mod subscription;
pub mod theme;
pub mod time;
pub mod widget;

use crate::demo::{Demo, DemoError};
use crate::engine::protocol::Command;
use crate::engine::{self, Commands, EngineError, Options};
use crate::handover::{self, Asked, Handed, HandoverError, Listener, Wish};
use crate::store::StoreError;
use app::{App, Started};
use iced::window::Position;
use settings::{SIDES, Settings};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

pub use app::fonts;

/// How long a profile may be in somebody's hands before that is said: a window that is
/// just opening can be handed over to then, one that is just closing is gone, with the
/// letters that it still sends.
const IN_HANDS: Duration = Duration::from_secs(30);
/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Opens the window, or hands `wish` over to the one that this profile has.
pub fn run(profile: Option<PathBuf>, demo: bool, wish: Wish) -> ExitCode {
    if let Err(missing) = display::probe() {
        eprintln!("goyo: {missing}");
        return ExitCode::from(1);
    }
    if let Some(code) = display::with_own_backend() {
        return code;
    }
    match start(profile, demo, wish) {
        Ok(Some(started)) => show(started),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("goyo: {error}");
            ExitCode::from(1)
        }
    }
}

/// Why the window was not opened.
#[derive(Debug, thiserror::Error)]
enum NotStarted {
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Handover(#[from] HandoverError),
    #[error("no home directory is known here; give one with --profile DIR")]
    NoHome,
}

/// Starts what the window stands on; nothing if another window has taken the wish.
fn start(profile: Option<PathBuf>, demo: bool, wish: Wish) -> Result<Option<Started>, NotStarted> {
    let demo = if demo { Some(Arc::new(Demo::start()?)) } else { None };
    let profile = match (&demo, profile) {
        (Some(demo), _) => demo.profile().to_owned(),
        (None, Some(profile)) => profile,
        (None, None) => dirs::data_dir().map(|dir| dir.join("goyo")).ok_or(NotStarted::NoHome)?,
    };
    let options = demo.as_ref().map_or_else(Options::default, |demo| demo.options());
    let Some((commands, events)) = start_or_hand_over(&profile, &options, &wish)? else {
        return Ok(None);
    };
    let asked = if demo.is_none() { listen(&profile) } else { None };
    Ok(Some(Started { profile, commands, events, demo, wish, asked }))
}

type Engine = (Commands, mpsc::Receiver<engine::protocol::Event>);

fn start_or_hand_over(
    profile: &Path,
    options: &Options,
    wish: &Wish,
) -> Result<Option<Engine>, NotStarted> {
    let until = Instant::now() + IN_HANDS;
    loop {
        match engine::start(profile, options.clone()) {
            Ok(started) => return Ok(Some(started)),
            Err(EngineError::Store(StoreError::Busy { .. })) if Instant::now() < until => {}
            Err(error) => return Err(error.into()),
        }
        if handover::hand_over(profile, wish)? == Handed::Taken {
            return Ok(None);
        }
        std::thread::sleep(LOOK);
    }
}

/// Listens for later starts on this profile. Without that the window works all the same.
fn listen(profile: &Path) -> Option<(Listener, mpsc::Receiver<Asked>)> {
    let (sender, asked) = mpsc::channel(app::WAITING);
    // What finds no room is dropped, and so given back.
    match handover::listen(profile, move |wish| drop(sender.try_send(wish))) {
        Ok(listener) => Some((listener, asked)),
        Err(error) => {
            eprintln!("goyo: what is opened later will not come to this window: {error}");
            None
        }
    }
}

/// The icon that X11 shows for a window.
fn icon() -> Option<iced::window::Icon> {
    let png = include_bytes!("../../assets/app/goyo-64.png");
    let pixels = image::load_from_memory(png).ok()?.into_rgba8();
    let (width, height) = pixels.dimensions();
    iced::window::icon::from_rgba(pixels.into_raw(), width, height).ok()
}

/// Longer than the engine takes to end, whatever it is at.
const ENDS: Duration = Duration::from_secs(150);

fn show(started: Started) -> ExitCode {
    let commands = started.commands.clone();
    let code = show_window(started);
    // The window is gone, however that came: what was asked of the engine is finished.
    commands.send(Command::Quit);
    commands.farewell().wait(ENDS);
    code
}

fn show_window(started: Started) -> ExitCode {
    let frame = Settings::load(&started.profile).frame.unwrap_or_default();
    // The toolkit asks for the state by a function it could call twice.
    let started = Mutex::new(Some(started));
    let boot = move || {
        let mut started = started.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        App::boot(started.take())
    };
    let window = iced::window::Settings {
        size: frame.size(),
        min_size: Some(SIDES.0),
        maximized: frame.maximized,
        position: frame.at().map_or(Position::Default, Position::Specific),
        icon: icon(),
        #[cfg(target_os = "linux")]
        platform_specific: iced::window::settings::PlatformSpecific {
            application_id: "goyo".to_owned(),
            ..Default::default()
        },
        ..iced::window::Settings::default()
    };
    let mut program = iced::application(boot, App::update, App::view)
        .title(App::title)
        .theme(App::theme)
        .style(App::style)
        .subscription(App::subscription)
        .default_font(theme::REGULAR)
        .antialiasing(true)
        .window(window)
        .exit_on_close_request(false);
    for font in fonts() {
        program = program.font(font);
    }
    match display::open(|| program.run()) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("goyo: the window could not be opened: {error}");
            ExitCode::from(1)
        }
        Err(missing) => {
            eprintln!("goyo: {missing}");
            ExitCode::from(1)
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_an_icon() {
        assert!(super::icon().is_some());
    }
}
