//! The screen with the engine behind it, and no window: what the program does on the window's
//! thread is done here on this one, and what it does on others is done on others.

use super::{Picture, SIZE, busy};
use goyo::engine::protocol::Event;
use goyo::engine::{self, Options};
use goyo::gui::screen::mail::{Action, Field, Message, Read, State};
use goyo::gui::shelf::Shelf;
use goyo::gui::theme::{self, Look, Mode, Tokens};
use goyo::gui::time::Clock;
use goyo::i18n::{Language, Words};
use iced::advanced::clipboard;
use iced::{Event as Input, Point, mouse, window};
use iced_test::runtime::{UserInterface, user_interface};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How long a search waits for the next letter to be typed, as in the program.
const TYPING: Duration = Duration::from_millis(140);

pub struct Window {
    pub state: State,
    words: Words,
    clock: Clock,
    renderer: iced::Renderer,
    cache: user_interface::Cache,
    pub commands: engine::Commands,
    pub events: tokio::sync::mpsc::Receiver<Event>,
    reads: Sender<Read>,
    pub read: Receiver<Message>,
    later: Vec<(Instant, Message)>,
    focus: Option<Field>,
    picture: Picture,
    whole: bool,
    pub pointer: Point,
    /// Processor time of view and layout, and of painting.
    pub parts: [Vec<Duration>; 2],
    /// Pixels that were painted.
    pub painted: Vec<u32>,
}

impl Window {
    /// Starts the engine of a profile, and shows the first frame; `program` draws letters.
    pub fn open(profile: &Path, program: &str) -> Self {
        let options = Options { program: Some(program.into()), ..Options::default() };
        let (commands, events) = engine::start(profile, options).unwrap();
        let (reads, read) = reader(profile);
        goyo::gui::load_fonts();
        let mut window = Self {
            state: State::new(Language::Korean, Mode::Light, false),
            words: Words::new(Language::Korean),
            clock: Clock::system(),
            renderer: iced::Renderer::new(theme::REGULAR, iced::Pixels(14.0)),
            cache: user_interface::Cache::default(),
            commands,
            events,
            reads,
            read,
            later: Vec::new(),
            focus: None,
            picture: Picture::new(),
            whole: std::env::var_os("GOYO_PAINT").is_none(),
            pointer: Point::new(400.0, 400.0),
            parts: [Vec::new(), Vec::new()],
            painted: Vec::new(),
        };
        let first = window.state.start();
        window.act(first);
        // Glyphs are drawn for the first time at some point: before it is measured, as a window
        // that is open has done.
        window.frame(&[]);
        window
    }

    pub fn told(&mut self, message: Message) {
        let actions = self.state.update(message);
        self.act(actions);
    }

    fn act(&mut self, actions: Vec<Action>) {
        let mut later = |after, message| self.later.push((Instant::now() + after, message));
        for action in actions {
            match action {
                Action::Ask(command) => self.commands.send(command),
                Action::Read(read) => self.reads.send(read).unwrap(),
                Action::Later(due, after) => later(after, Message::Due(due)),
                Action::SearchSoon(typed) => later(TYPING, Message::SearchDue(typed)),
                Action::Focus(field) => self.focus = Some(field),
                _ => {}
            }
        }
    }

    /// What is due by now.
    pub fn due(&mut self) -> Vec<Message> {
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut self.later).into_iter().partition(|l| l.0 <= now);
        self.later = later;
        let due: Vec<(Instant, Message)> = due;
        due.into_iter().map(|(_, message)| message).collect()
    }

    /// Shows it, with what the user does meanwhile; what follows from that.
    pub fn frame(&mut self, input: &[Input]) -> Vec<Message> {
        let tokens = Tokens::of(Mode::Light);
        let look = Look { tokens, words: &self.words, clock: &self.clock };
        let cursor = mouse::Cursor::Available(self.pointer);
        let began = busy();
        let mut ui = UserInterface::build(
            self.state.view(look),
            SIZE,
            std::mem::take(&mut self.cache),
            &mut self.renderer,
        );
        if let Some(field) = self.focus.take() {
            use iced::advanced::widget::operation::focusable::focus;
            ui.operate(&self.renderer, &mut focus::<()>(field.id()));
        }
        let mut messages = Vec::new();
        let mut events = input.to_vec();
        events.push(Input::Window(window::Event::RedrawRequested(Instant::now())));
        let clipboard = &mut clipboard::Null;
        let _ = ui.update(&events, cursor, &mut self.renderer, clipboard, &mut messages);
        let laid = busy();
        let style = iced::advanced::renderer::Style { text_color: tokens.ink };
        ui.draw(&mut self.renderer, &tokens.theme(), &style, cursor);
        self.cache = ui.into_cache();
        self.painted.push(self.picture.paint(&mut self.renderer, tokens.paper, self.whole));
        self.parts[0].push(laid.saturating_sub(began));
        self.parts[1].push(busy().saturating_sub(laid));
        messages
    }
}

/// Reads in the store on a thread of its own.
fn reader(profile: &Path) -> (Sender<Read>, Receiver<Message>) {
    let (reads, asked) = channel();
    let (answers, read) = channel();
    let shelf = Shelf::new(profile);
    std::thread::spawn(move || {
        for read in asked {
            if answers.send(shelf.read(read)).is_err() {
                return;
            }
        }
    });
    (reads, read)
}
