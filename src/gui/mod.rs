//! The window (feature `gui`): shows what the engine says, asks it for what the user
//! wants. It touches neither the network nor a letter's bytes; its thread never waits.

mod app;
pub mod bundles;
pub mod chooser;
mod display;
pub mod notify;
pub mod orders;
pub mod screen;
mod settings;
pub mod shelf;
mod subscription;
pub mod taste;
pub mod theme;
pub mod time;
mod typed;
mod waiting;
pub mod widget;

use crate::demo::{Demo, DemoError};
use crate::engine::protocol::Command;
use crate::engine::{self, Commands, EngineError, Options};
use crate::handover::{self, Asked, Handed, HandoverError, Listener, Wish};
use crate::html::page::PRETENDARD;
use crate::store::{Holder, StoreError};
use crate::window_thread;
use app::App;
use iced::advanced::graphics::text::cosmic_text::fontdb::Source;
use iced::advanced::graphics::text::font_system;
use iced::window::Position;
use settings::Settings;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

pub use app::Started;
pub use settings::smallest;

/// How long a profile may be in somebody's hands before that is shown: a window that is just
/// opening can be handed over to then, and most that are closing are gone.
const UNSEEN: Duration = Duration::from_secs(2);
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
        Ok(Start::Window(started)) => show(*started),
        Ok(Start::Taken) => ExitCode::SUCCESS,
        Ok(Start::Held(profile, wish, by)) => waiting::wait(&profile, &wish, by),
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

/// How a start goes on.
enum Start {
    /// With a window.
    Window(Box<Started>),
    /// Another window has taken the wish.
    Taken,
    /// Somebody has the profile, and no window takes the wish.
    Held(PathBuf, Wish, Option<Holder>),
}

/// Starts what the window stands on.
fn start(profile: Option<PathBuf>, demo: bool, wish: Wish) -> Result<Start, NotStarted> {
    let demo = if demo { Some(Arc::new(Demo::start()?)) } else { None };
    let own = profile.or_else(|| dirs::data_dir().map(|dir| dir.join("goyo")));
    let profile = match (&demo, own) {
        (Some(demo), own) => {
            // It looks as the user likes it; that it cannot be written down harms nothing.
            let looks = own.map(|own| Settings::load(&own).of_looks()).unwrap_or_default();
            let _ = looks.save(demo.profile());
            demo.profile().to_owned()
        }
        (None, own) => own.ok_or(NotStarted::NoHome)?,
    };
    let options = demo.as_ref().map_or_else(Options::default, |demo| demo.options());
    let (commands, events) = match start_or_hand_over(&profile, &options, &wish)? {
        Ok(engine) => engine,
        Err(Other::Took) => return Ok(Start::Taken),
        Err(Other::Has(by)) => return Ok(Start::Held(profile, wish, by)),
    };
    let asked = if demo.is_none() { listen(&profile) } else { None };
    let started = Started { profile, commands, events, demo, wish, asked };
    Ok(Start::Window(Box::new(started)))
}

type Engine = (Commands, mpsc::Receiver<engine::protocol::Event>);

/// What another one did.
enum Other {
    Took,
    Has(Option<Holder>),
}

fn start_or_hand_over(
    profile: &Path,
    options: &Options,
    wish: &Wish,
) -> Result<Result<Engine, Other>, NotStarted> {
    let until = Instant::now() + UNSEEN;
    loop {
        let by = match engine::start(profile, options.clone()) {
            Ok(started) => return Ok(Ok(started)),
            Err(EngineError::Store(StoreError::Busy { by, .. })) => by,
            Err(error) => return Err(error.into()),
        };
        if handover::hand_over(profile, wish)? == Handed::Taken {
            return Ok(Err(Other::Took));
        }
        // The engine waits two seconds as well.
        if Instant::now() >= until {
            return Ok(Err(Other::Has(by)));
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

/// What every window of ours has.
fn window() -> iced::window::Settings {
    iced::window::Settings {
        icon: icon(),
        #[cfg(target_os = "linux")]
        platform_specific: iced::window::settings::PlatformSpecific {
            application_id: "goyo".to_owned(),
            ..Default::default()
        },
        ..iced::window::Settings::default()
    }
}

fn show_window(started: Started) -> ExitCode {
    let settings = Settings::load(&started.profile);
    let frame = settings.frame.unwrap_or_default();
    // The toolkit makes the window larger by the size of text.
    let text = settings.taste().text;
    let (by, least, size) = (text.factor(), smallest(text), frame.size());
    let size =
        iced::Size::new(size.width.max(least.width) / by, size.height.max(least.height) / by);
    let window = iced::window::Settings {
        size,
        min_size: Some(least),
        maximized: frame.maximized,
        position: frame.at().map_or(Position::Default, Position::Specific),
        ..window()
    };
    let program = program(started).window(window);
    opened(|| program.run())
}

/// The window's program on what was started. Without a display it is run by tests.
pub fn program(started: Started) -> iced::Application<impl iced::Program> {
    // The toolkit asks for the state by a function it could call twice.
    let started = Mutex::new(Some(started));
    let boot = move || {
        let mut started = started.lock().unwrap_or_else(PoisonError::into_inner);
        App::boot(started.take())
    };
    load_fonts();
    iced::application(boot, App::update, App::view)
        .title(App::title)
        .theme(App::theme)
        .scale_factor(App::scale_factor)
        .style(App::style)
        .subscription(App::subscription)
        .default_font(theme::REGULAR)
        .antialiasing(true)
        .exit_on_close_request(false)
}

/// Gives the toolkit the typeface that comes with the program: Korean is read on every
/// computer. It is read where it lies; the toolkit itself would make a copy of it.
pub fn load_fonts() {
    static LOADED: Once = Once::new();
    LOADED.call_once(|| {
        let mut system = font_system().write().unwrap_or_else(PoisonError::into_inner);
        for font in PRETENDARD {
            system.raw().db_mut().load_font_source(Source::Binary(Arc::new(font)));
        }
    });
}

/// Does something as the window's thread does it: in builds with debug assertions this thread
/// opens no store, reads no letter and no file, and reaches nobody meanwhile, or it panics.
pub fn as_window<T>(work: impl FnOnce() -> T) -> T {
    let _marked = window_thread::marked();
    work()
}

/// Runs a window; why it could not be opened is said.
fn opened(run: impl FnOnce() -> iced::Result) -> ExitCode {
    match display::open(|| as_window(run)) {
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
