//! Somebody else has the profile: a small window says who, while that is waited for, and when
//! it is in vain. What the program was given is not lost: when the profile is free, the
//! program begins anew with the same arguments; a window takes it meanwhile if it can.

use super::settings::Settings;
use super::theme::{self, Look, Tokens, size};
use super::time::Clock;
use super::widget::Element;
use super::widget::drawn;
use super::widget::icon::{Icon, icon};
use super::widget::keys::keys;
use super::widget::reach::reach;
use super::{ENDS, LOOK};
use crate::handover::{self, Handed, HandoverError, Wish};
use crate::i18n::Words;
use crate::memory::once_more;
use crate::store::{Holder, ProfileLock, StoreError};
use iced::futures::stream;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{button, column, container, row, space, text};
use iced::{Center, Fill, Task, Theme};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long a profile may be in somebody's hands who is not known to be closing.
const IN_HANDS: Duration = Duration::from_secs(30);

/// How waiting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Somebody has the profile still.
    Waits(Option<Holder>),
    /// It was in vain.
    Vain(Option<Holder>),
    /// Nobody has it.
    Free,
    /// A window has it, and has taken what we were given.
    Taken,
    /// Something else is wrong: in words.
    Wrong(String),
}

/// For how long this one is waited for.
fn longest(by: Option<&Holder>) -> Duration {
    match by {
        // Nobody knows how long a verb takes; whoever started it does.
        Some(Holder::Verb(_)) => Duration::ZERO,
        // What is being sent is finished: the engine's own bound, and a little.
        Some(Holder::Closing) => ENDS,
        Some(Holder::Window) | None => IN_HANDS,
    }
}

/// Who is waited for, and since when.
struct Patience {
    by: Option<Holder>,
    since: Instant,
}

impl Patience {
    /// What it means that this one has the profile now.
    fn look(&mut self, by: Option<Holder>, now: Instant) -> Step {
        // Between two holders the word is missing for a moment.
        if by.is_some() && by != self.by {
            (self.by, self.since) = (by, now);
        }
        match now.saturating_duration_since(self.since) >= longest(self.by.as_ref()) {
            true => Step::Vain(self.by.clone()),
            false => Step::Waits(self.by.clone()),
        }
    }
}

/// Looks once whether the profile is free, or its window takes what we have.
fn look(profile: &Path, wish: &Wish, patience: &mut Patience) -> Step {
    match handover::hand_over(profile, wish) {
        Ok(Handed::Taken) => return Step::Taken,
        Ok(Handed::Nobody) => {}
        Err(HandoverError::Silent { .. }) => return Step::Vain(Some(Holder::Window)),
    }
    match ProfileLock::take_at_once(profile) {
        Ok(_) => Step::Free,
        Err(StoreError::Busy { by, .. }) => patience.look(by, Instant::now()),
        Err(error) => Step::Wrong(error.to_string()),
    }
}

/// The small window.
struct Waiting {
    step: Step,
    words: Words,
    tokens: Tokens,
    clock: Clock,
    /// The factor of the text, and pixels of the screen for one of the desktop's.
    scale: (f32, f32),
    ended: Arc<Mutex<Option<Step>>>,
}

#[derive(Debug, Clone)]
enum Message {
    Step(Step),
    Scale(f32),
    Closed,
}

impl Waiting {
    fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Step(step @ (Step::Free | Step::Taken)) => {
                *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
                iced::exit()
            }
            Message::Step(step) => {
                if let Step::Vain(_) | Step::Wrong(_) = &step {
                    // On a terminal it can be read as well.
                    eprintln!("goyo: {}", said(&step, &self.words));
                }
                self.step = step;
                Task::none()
            }
            Message::Scale(scale) => {
                self.scale.1 = scale;
                Task::none()
            }
            Message::Closed => iced::exit(),
        }
    }

    fn view(&self) -> Element<'_, Message> {
        let look = Look { tokens: self.tokens, words: &self.words, clock: &self.clock };
        drawn::scale(self.scale.0 * self.scale.1);
        let t = look.tokens;
        let waits = matches!(self.step, Step::Waits(_));
        let (mark, ink) = if waits { (Icon::Clock, t.accent) } else { (Icon::Warn, t.bad) };
        let said = text(said(&self.step, &self.words)).size(size::BODY).color(t.ink).width(Fill);
        let name = look.say(if waits { "held-stop" } else { "close" });
        let close = button(text(name).size(size::HINT).font(theme::SEMIBOLD).color(t.on_accent))
            .padding([8, 16])
            .style(theme::primary(t))
            .on_press(Message::Closed);
        let close = reach(close, Some(Message::Closed), t.ink);
        let body = column![
            row![icon(mark, ink), said].spacing(12).align_y(Center),
            space().height(Fill),
            row![space().width(Fill), close],
        ];
        let body = container(body).padding(24).width(Fill).height(Fill).style(theme::area(t.paper));
        let closes =
            |key: &Key| matches!(key, Key::Named(Named::Escape)).then_some(Message::Closed);
        keys(body, move |key, _| closes(key), |_, _| None).with_tabs().into()
    }
}

/// Who has it, and what comes of that.
fn said(step: &Step, words: &Words) -> String {
    let (by, waits) = match step {
        Step::Waits(by) => (by, true),
        Step::Vain(by) => (by, false),
        Step::Wrong(said) => {
            let said: String = said.chars().filter(|c| !c.is_control()).take(300).collect();
            return said;
        }
        Step::Free | Step::Taken => return String::new(),
    };
    match (by, waits) {
        (Some(Holder::Verb(verb)), _) => {
            words.say_with("held-verb", &[("verb", verb.clone().into())])
        }
        (Some(Holder::Closing), true) => words.say("held-closing"),
        (Some(Holder::Closing), false) => words.say("held-closing-long"),
        (Some(Holder::Window), true) => words.say("held-window"),
        (Some(Holder::Window), false) => words.say("held-window-silent"),
        (None, true) => words.say("held-other"),
        (None, false) => words.say("held-other-long"),
    }
}

/// The steps, each once; the last one ends it.
fn steps(profile: PathBuf, wish: Wish, by: Option<Holder>) -> mpsc::Receiver<Step> {
    let (sender, steps) = mpsc::channel(8);
    let watching = std::thread::Builder::new().name("waiting".into());
    let told = sender.clone();
    let started = watching.spawn(move || {
        let mut patience = Patience { by, since: Instant::now() };
        let mut last = None;
        while !told.is_closed() {
            let step = look(&profile, &wish, &mut patience);
            let goes_on = matches!(step, Step::Waits(_));
            if last.as_ref() != Some(&step) {
                last = Some(step.clone());
                let _ = told.blocking_send(step);
            }
            if !goes_on {
                return;
            }
            std::thread::sleep(LOOK);
        }
    });
    if let Err(error) = started {
        let _ = sender.try_send(Step::Wrong(error.to_string()));
    }
    steps
}

/// Waits for the profile, before the user's eyes.
pub fn wait(profile: &Path, wish: &Wish, by: Option<Holder>) -> ExitCode {
    let settings = Settings::load(profile);
    let (language, taste) = (settings.language(), settings.taste());
    let (mode, factor) = (taste.light.mode(None), taste.text.factor());
    let ended = Arc::default();
    let first = steps(profile.to_owned(), wish.clone(), by.clone());
    let first = Mutex::new(Some(first));
    let hears = Arc::clone(&ended);
    let boot = move || {
        let steps = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let waiting = Waiting {
            step: Step::Waits(by.clone()),
            words: Words::new(language),
            tokens: Tokens::of(mode),
            clock: Clock::system(),
            scale: (factor, 1.0),
            ended: Arc::clone(&hears),
        };
        let stream = stream::unfold(steps, |steps| async move {
            let mut steps = steps?;
            let step = steps.recv().await?;
            Some((Message::Step(step), Some(steps)))
        });
        let scale = iced::window::oldest().and_then(iced::window::scale_factor);
        (waiting, Task::batch([Task::stream(stream), scale.map(Message::Scale)]))
    };
    let window = iced::window::Settings {
        size: iced::Size::new(460.0, 190.0),
        resizable: false,
        ..super::window()
    };
    super::load_fonts();
    let program = iced::application(boot, Waiting::update, Waiting::view)
        .title(|waiting: &Waiting| waiting.words.say("name"))
        .theme(|waiting: &Waiting| -> Theme { waiting.tokens.theme() })
        .scale_factor(move |_| factor)
        .default_font(theme::REGULAR)
        .subscription(|_| {
            iced::window::events().filter_map(|(_, event)| match event {
                iced::window::Event::Rescaled(scale) => Some(Message::Scale(scale)),
                _ => None,
            })
        })
        .window(window);
    let code = super::opened(|| program.run());
    let ended = ended.lock().unwrap_or_else(PoisonError::into_inner).take();
    match ended {
        Some(Step::Free) => begin_anew(),
        Some(Step::Taken) => code,
        _ => ExitCode::from(1),
    }
}

/// A process has one window loop in its life: the program begins anew, with what it was given.
fn begin_anew() -> ExitCode {
    let mut command = once_more();
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let error = command.exec();
        eprintln!("goyo: the window could not be opened: {error}");
        ExitCode::from(1)
    }
    #[cfg(not(unix))]
    match command.spawn() {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("goyo: the window could not be opened: {error}");
            ExitCode::from(1)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn patience() -> Patience {
        Patience { by: None, since: Instant::now() }
    }

    #[test]
    fn one_that_still_sends_is_waited_for_to_its_end_and_a_verb_is_not_waited_for() {
        let mut waits = patience();
        let begun = waits.since;
        let after = |seconds| begun + Duration::from_secs(seconds);
        let closing = || Some(Holder::Closing);
        assert_eq!(waits.look(Some(Holder::Window), after(20)), Step::Waits(Some(Holder::Window)));
        // It was open for long; since it closes it is another matter.
        assert_eq!(waits.look(closing(), after(45)), Step::Waits(closing()));
        // 25 seconds to end, 90 for the last letter.
        assert_eq!(waits.look(closing(), after(45 + 25 + 90)), Step::Waits(closing()));
        assert_eq!(waits.look(None, after(45 + 120)), Step::Waits(closing()));
        assert_eq!(waits.look(closing(), after(45 + 200)), Step::Vain(closing()));
        let verb = || Some(Holder::Verb("import".into()));
        assert_eq!(patience().look(verb(), begun), Step::Vain(verb()));
    }

    #[test]
    fn a_profile_that_becomes_free_is_taken_and_a_window_takes_what_there_is() {
        let dir = tempfile::tempdir().unwrap();
        let lock = ProfileLock::take(dir.path()).unwrap();
        lock.say(&Holder::Closing);
        let mut steps = steps(dir.path().to_owned(), Wish::Raise, None);
        assert_eq!(steps.blocking_recv(), Some(Step::Waits(Some(Holder::Closing))));
        drop(lock);
        assert_eq!(steps.blocking_recv(), Some(Step::Free));
        assert_eq!(steps.blocking_recv(), None);
    }

    #[test]
    fn what_is_said_names_who_has_it() {
        for (language, verb, closing) in [
            (Language::Korean, "goyo import", "마저 보내고 있어요"),
            (Language::English, "goyo import", "still sending"),
        ] {
            let words = Words::new(language);
            let of = |by| said(&Step::Vain(Some(by)), &words);
            assert!(of(Holder::Verb("import".into())).contains(verb));
            let waits = said(&Step::Waits(Some(Holder::Closing)), &words);
            assert!(waits.contains(closing), "{waits}");
        }
    }
}
