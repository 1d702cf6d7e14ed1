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
use crate::engine::{self, EngineError, Options};
use app::{App, Started};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

pub use app::fonts;

/// Opens the window.
pub fn run(profile: Option<PathBuf>, demo: bool, open: Option<String>) -> ExitCode {
    if let Err(missing) = display::probe() {
        eprintln!("goyo: {missing}");
        return ExitCode::from(1);
    }
    if let Some(code) = display::with_own_backend() {
        return code;
    }
    match start(profile, demo, open) {
        Ok(started) => show(started),
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
    #[error("no home directory is known here; give one with --profile DIR")]
    NoHome,
}

/// Starts what the window stands on.
fn start(
    profile: Option<PathBuf>,
    demo: bool,
    open: Option<String>,
) -> Result<Started, NotStarted> {
    let demo = if demo { Some(Arc::new(Demo::start()?)) } else { None };
    let profile = match (&demo, profile) {
        (Some(demo), _) => demo.profile().to_owned(),
        (None, Some(profile)) => profile,
        (None, None) => dirs::data_dir().map(|dir| dir.join("goyo")).ok_or(NotStarted::NoHome)?,
    };
    let options = demo.as_ref().map_or_else(Options::default, |demo| demo.options());
    let (file, mailto) = match open {
        Some(link) if link.starts_with("mailto:") => (None, Some(link)),
        file => (file.map(PathBuf::from), None),
    };
    let (commands, events) = engine::start(&profile, options)?;
    Ok(Started { profile, commands, events, demo, file, mailto })
}

fn show(started: Started) -> ExitCode {
    // The toolkit asks for the state by a function it could call twice.
    let started = Mutex::new(Some(started));
    let boot = move || {
        let mut started = started.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        App::boot(started.take())
    };
    let window = iced::window::Settings {
        size: iced::Size::new(1280.0, 800.0),
        min_size: Some(iced::Size::new(760.0, 480.0)),
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
        .window(window);
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
