//! The window: keeps the screen, does what it asks for, draws it.

mod memory;
mod wishes;

use super::chooser;
use super::screen::account::{self, Action as AccountAction};
use super::screen::compose::Message as Compose;
use super::screen::mail::saving::Kept;
use super::screen::mail::{Action, Message as Mail, State};
use super::settings::{Keeper, Settings};
use super::shelf::Shelf;
use super::subscription;
use super::theme::{Look, Mode, Tokens};
use super::time::Clock;
use super::widget::keys::keys;
use super::widget::{Element, drawn};
use crate::demo::Demo;
use crate::engine::Commands;
use crate::engine::protocol::{Command, Event, NotDone, Target};
use crate::handover::{Asked, Listener, Wish};
use crate::html::worker::protocol::Paper;
use crate::i18n::Words;
use crate::model::Obstacle;
use crate::window_thread;
use iced::keyboard::{Key, Modifiers};
use iced::{Color, Size, Subscription, Task, Theme, window};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
pub use wishes::WAITING;

/// How long a search waits for the next letter to be typed.
const TYPING: Duration = Duration::from_millis(140);

/// What was started for the window.
pub struct Started {
    /// The profile.
    pub profile: PathBuf,
    /// To the engine.
    pub commands: Commands,
    /// From it.
    pub events: mpsc::Receiver<Event>,
    /// The demo, if this is one: removed when the window is gone.
    pub demo: Option<Arc<Demo>>,
    /// What to show at once.
    pub wish: Wish,
    /// What later starts of the program want, if they can say it.
    pub asked: Option<(Listener, mpsc::Receiver<Asked>)>,
}

/// What happens to the window.
#[derive(Debug, Clone)]
pub enum Message {
    /// On the screen.
    Mail(Mail),
    /// In the form of an account.
    Account(account::Message),
    /// A minute has passed.
    Minute,
    /// The window itself.
    Window(window::Id, window::Event),
    /// Something was done that nobody waits for.
    Done,
    /// A program could not be started.
    NotDone(NotDone),
    /// The program was started once more, and hands over what it was given.
    Asked(Asked),
    /// A moment has passed since so many things to remember had changed.
    Remember(u64),
    /// The window has opened on a screen of this size.
    Screen(Option<Size>),
    /// The window is maximized or not, on a screen of this size.
    Lies(bool, Option<Size>),
}

/// The window.
pub struct App {
    screen: State,
    /// The form of an account, which stands in front of the mailbox.
    account: Option<account::State>,
    /// That form, while something else is shown.
    account_aside: Option<account::State>,
    words: Words,
    tokens: Tokens,
    clock: Clock,
    shelf: Option<Shelf>,
    /// Goes before the engine does, which has the profile as long as it works.
    _listener: Option<Listener>,
    commands: Option<Commands>,
    /// The window has the keyboard.
    focused: bool,
    settings: Settings,
    keeper: Keeper,
    /// Counts what has changed in them.
    change: u64,
    lies: memory::Lies,
    /// Where attachments are saved.
    downloads: PathBuf,
    _demo: Option<Arc<Demo>>,
    /// Counts messages: see [`App::style`].
    turn: u8,
}

impl App {
    /// Sets up the window on what was started.
    pub fn boot(started: Option<Started>) -> (Self, Task<Message>) {
        let settings = started.as_ref().map(|s| Settings::load(&s.profile)).unwrap_or_default();
        let (language, taste) = (settings.language(), settings.taste());
        let mode = taste.light.mode(None);
        let demo = started.as_ref().and_then(|s| s.demo.clone());
        let mut app = Self {
            screen: State::new(language, mode, demo.is_some()),
            account: None,
            account_aside: None,
            words: Words::new(language),
            tokens: Tokens::of(mode),
            clock: Clock::system(),
            shelf: None,
            _listener: None,
            commands: None,
            focused: false,
            settings: Settings::default(),
            keeper: Keeper::default(),
            change: 0,
            lies: memory::Lies::default(),
            downloads: dirs::download_dir()
                .or_else(dirs::home_dir)
                .unwrap_or_else(std::env::temp_dir),
            _demo: demo.clone(),
            turn: 0,
        };
        app.screen.notify = settings.notify();
        app.screen.pins = settings.pins.clone();
        app.screen.sorts = settings.sorts.clone();
        app.screen.taste = taste;
        app.screen.panes = settings.panes;
        app.screen.list.set_density(taste.density);
        app.screen.scale = taste.text.factor();
        app.screen.stacked = !settings.letters_alone;
        app.screen.bundled = !settings.list_of_letters;
        app.screen.help.recent.clone_from(&settings.searches);
        let Some(started) = started else {
            return (app, Task::none());
        };
        app.shelf = Some(Shelf::new(&started.profile));
        app.commands = Some(started.commands);
        app.keeper = Keeper::new(&started.profile);
        if let Some(spot) = settings.spot.clone() {
            app.screen.return_to(spot);
        }
        app.settings = settings;
        let mut tasks = vec![
            subscription::events(started.events).map(Message::Mail),
            Task::perform(chooser::is_there(), |there| match there {
                true => Message::Mail(Mail::ChooserFound),
                false => Message::Done,
            }),
            iced::system::theme().map(desktop),
        ];
        if let Some(demo) = demo {
            tasks.push(subscription::hits(demo).map(Message::Mail));
        }
        let first = app.screen.start();
        tasks.push(app.act(first));
        tasks.push(app.fulfil(started.wish));
        if let Some((listener, asked)) = started.asked {
            app._listener = Some(listener);
            tasks.push(wishes::stream(asked));
        }
        (app, Task::batch(tasks))
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        let _marked = window_thread::marked();
        self.turn = self.turn.wrapping_add(1);
        match message {
            Message::Account(message) => {
                let actions = self.account.as_mut().map(|form| form.update(message));
                Task::batch(actions.into_iter().flatten().map(|action| self.on_account(action)))
            }
            Message::Mail(message) => {
                let told = match (&message, &self.account) {
                    (Mail::Engine(event), Some(_)) => {
                        self.update(Message::Account(account::Message::Engine(event.clone())))
                    }
                    (Mail::Engine(event), None) => {
                        // It hears what it asked for; it does nothing while nobody sees it.
                        if let Some(form) = &mut self.account_aside {
                            drop(form.update(account::Message::Engine(event.clone())));
                        }
                        Task::none()
                    }
                    _ => Task::none(),
                };
                let actions = self.screen.update(message);
                if self.words.language() != self.screen.language {
                    self.words = Words::new(self.screen.language);
                }
                if self.tokens.mode != self.screen.mode {
                    self.tokens = Tokens::of(self.screen.mode);
                }
                let done = self.act(actions);
                Task::batch([told, done, self.remember_spot()])
            }
            Message::Minute => {
                self.clock.tick();
                Task::none()
            }
            Message::Window(id, window::Event::Opened { position, size }) => {
                let lies = self.lies_first(id, position, size);
                let resized = self.update(Message::Mail(Mail::Resized(size)));
                let scale = window::scale_factor(id);
                let scale = scale.map(|scale| Message::Mail(Mail::Scale(scale)));
                Task::batch([lies, resized, scale])
            }
            Message::Window(_, window::Event::Resized(size)) => {
                let lies = self.lies_elsewhere(None, Some(size));
                Task::batch([lies, self.update(Message::Mail(Mail::Resized(size)))])
            }
            Message::Window(_, window::Event::Moved(at)) => self.lies_elsewhere(Some(at), None),
            Message::Remember(change) => self.remember_now(change),
            Message::Screen(screen) => self.lies_on(screen),
            Message::Lies(maximized, screen) => self.lies_so(maximized, screen),
            Message::Window(_, window::Event::Rescaled(scale)) => {
                self.update(Message::Mail(Mail::Scale(scale)))
            }
            Message::Window(_, window::Event::FileHovered(_)) => {
                self.update(Message::Mail(Mail::Compose(Compose::FilesOver(true))))
            }
            Message::Window(_, window::Event::FilesHoveredLeft) => {
                self.update(Message::Mail(Mail::Compose(Compose::FilesOver(false))))
            }
            Message::Window(_, window::Event::FileDropped(path)) => {
                self.update(Message::Mail(Mail::Compose(Compose::FileDropped(path))))
            }
            Message::Window(id, window::Event::Focused) => self.focus(id, true),
            Message::Window(id, window::Event::Unfocused) => self.focus(id, false),
            Message::Asked(asked) => self.asked(&asked),
            Message::Window(_, window::Event::CloseRequested) => {
                self.update(Message::Mail(Mail::CloseWanted))
            }
            Message::Window(..) | Message::Done => Task::none(),
            Message::NotDone(why) => self.update(Message::Mail(Mail::Engine(Event::Failed(why)))),
        }
    }

    fn act(&mut self, actions: Vec<Action>) -> Task<Message> {
        Task::batch(actions.into_iter().map(|action| self.do_one(action)))
    }

    fn do_one(&mut self, action: Action) -> Task<Message> {
        match action {
            Action::Ask(command) => {
                self.ask(command);
                Task::none()
            }
            Action::Read(read) => {
                let Some(shelf) = self.shelf.clone() else { return Task::none() };
                off_thread(move || shelf.read(read)).map(|read| match read {
                    Some(read) => Message::Mail(read),
                    None => Message::Done,
                })
            }
            Action::Copy(text) => iced::clipboard::write(text),
            Action::Visit(url) => {
                off_thread(move || open::that_detached(&url)).map(|ended| match ended {
                    Some(Err(error)) => Message::NotDone(NotDone::Browser(Obstacle::from(&error))),
                    _ => Message::Done,
                })
            }
            Action::Save(doc, part, name) => {
                // At once: what comes after, the letter's closing, must not come before.
                let to = Target::In(self.downloads.clone(), name);
                self.ask(Command::Save { doc, part, to });
                Task::none()
            }
            Action::SaveLetter(doc, name) => {
                let to = Target::In(self.downloads.clone(), name);
                self.ask(Command::SaveLetter { doc, to });
                Task::none()
            }
            Action::Print(doc, mut order, name) => {
                order.paper = paper();
                let to = Target::In(self.downloads.clone(), name);
                self.ask(Command::Print { doc, order, to });
                Task::none()
            }
            Action::SaveAs(doc, what, path) => {
                let to = Target::At(path.clone());
                self.ask(match what {
                    Kept::Part(part) => Command::Save { doc, part, to },
                    Kept::Letter => Command::SaveLetter { doc, to },
                    Kept::Printed(mut order) => {
                        order.paper = paper();
                        Command::Print { doc, order, to }
                    }
                    Kept::Parts(parts) => Command::SaveAll { doc, parts, dir: path },
                });
                Task::none()
            }
            Action::SaveAll(doc, parts) => {
                self.ask(Command::SaveAll { doc, parts, dir: self.downloads.clone() });
                Task::none()
            }
            Action::Export(folder, form, dir, name) => {
                let dir = dir.unwrap_or_else(|| self.downloads.clone());
                self.ask(Command::Export { folder, form, dir, name });
                Task::none()
            }
            Action::Choose(choose) => {
                let (title, yes) = (self.words.say(choose.title()), self.words.say(choose.yes()));
                let first = choose.saves().then(|| self.downloads.clone());
                let kind = self.screen.chooses(choose);
                Task::perform(chooser::choose(kind, title, yes, first), move |chosen| {
                    Message::Mail(Mail::Chosen(choose, chosen))
                })
            }
            Action::Focus(field) => {
                let id = field.id();
                Task::batch([
                    iced::widget::operation::focus(id.clone()),
                    iced::widget::operation::select_all(id),
                ])
            }
            Action::CursorToEnd(field) => Task::batch([
                iced::widget::operation::focus(field.id()),
                iced::widget::operation::move_cursor_to_end(field.id()),
            ]),
            Action::Cursor(field) => iced::widget::operation::focus(field.id()),
            Action::LeaveFields => {
                use iced::advanced::widget::{operate, operation::focusable::unfocus};
                operate(unfocus())
            }
            Action::RevealPlace => {
                let place = crate::gui::screen::mail::PLACE;
                iced::advanced::widget::operate(super::widget::reveal::named(place)).discard()
            }
            Action::ScrollFolders(by) => {
                let by = iced::widget::scrollable::AbsoluteOffset { x: 0.0, y: by };
                iced::widget::operation::scroll_by(crate::gui::screen::mail::FOLDERS, by)
            }
            Action::Notify(letters) => {
                let Some(shelf) = self.shelf.clone() else { return Task::none() };
                let (telling, language) = (self.screen.notify, self.screen.language);
                off_thread(move || super::notify::show(&shelf, &letters, telling, language))
                    .map(|_| Message::Done)
            }
            Action::NotifyTold(told) => {
                let Some(shelf) = self.shelf.clone() else { return Task::none() };
                let (telling, language) = (self.screen.notify, self.screen.language);
                off_thread(move || super::notify::show_told(&shelf, &told, telling, language))
                    .map(|_| Message::Done)
            }
            Action::AddAccount(can_leave) => {
                let aside = self.account_aside.take();
                let mut form = aside.unwrap_or_else(|| account::State::new(can_leave));
                form.can_leave = can_leave;
                self.account = Some(form);
                iced::widget::operation::focus(account::Field::Sender.id())
            }
            Action::SearchSoon(typed) => Task::perform(tokio::time::sleep(TYPING), move |()| {
                Message::Mail(Mail::SearchDue(typed))
            }),
            Action::Later(due, after) => {
                Task::perform(tokio::time::sleep(after), move |()| Message::Mail(Mail::Due(due)))
            }
            Action::Exit => iced::exit(),
            Action::Remember => self.remember(),
        }
    }

    fn on_account(&mut self, action: AccountAction) -> Task<Message> {
        match action {
            AccountAction::Ask(command) => {
                self.ask(command);
                Task::none()
            }
            AccountAction::Focus(field) => iced::widget::operation::focus(field.id()),
            AccountAction::Leave => {
                self.account = None;
                Task::none()
            }
            // In a process and a profile of its own: it goes when its window goes.
            AccountAction::Demo => off_thread(|| {
                let program = std::env::current_exe()?;
                std::process::Command::new(program).arg("--demo").spawn().map(drop)
            })
            .map(|started| match started {
                Some(Err(error)) => Message::NotDone(NotDone::Thread(Obstacle::from(&error))),
                _ => Message::Done,
            }),
        }
    }

    fn ask(&self, command: Command) {
        if let Some(commands) = &self.commands {
            commands.send(command);
        }
    }

    /// What is drawn.
    pub fn view(&self) -> Element<'_, Message> {
        let look = Look { tokens: self.tokens, words: &self.words, clock: &self.clock };
        drawn::scale(self.screen.scale);
        let inside = match &self.account {
            Some(form) if !self.screen.is_closing() => form.view(look).map(Message::Account),
            _ => self.screen.view(look).map(Message::Mail),
        };
        // Held down, it closes no second time.
        keys(inside, pressed, |_, _| None).once().into()
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let name = self.words.say("name");
        match &self.screen.open {
            Some(open) if !open.letter.subject.is_empty() => {
                let subject: String = open.letter.subject.chars().take(80).collect();
                format!("{subject} — {name}")
            }
            _ => name,
        }
    }

    /// The toolkit's theme.
    pub fn theme(&self) -> Theme {
        self.tokens.theme()
    }

    /// The colours of the window itself.
    ///
    /// The software renderer repaints only what changed, but for each changed place
    /// it masks every large area behind it, which takes many times as long as
    /// painting everything once. With another background it paints everything: so
    /// after each message the background is another, by less than can be seen. Two
    /// backgrounds in turn would not do: between two frames there may be any number
    /// of messages.
    pub fn style(&self, _: &Theme) -> iced::theme::Style {
        let paper = self.tokens.paper;
        let background_color = Color { b: paper.b - f32::from(self.turn) * f32::EPSILON, ..paper };
        iced::theme::Style { background_color, text_color: self.tokens.ink }
    }

    /// How many times as large as it is drawn the window is shown.
    pub fn scale_factor(&self) -> f32 {
        self.screen.taste.text.factor()
    }

    /// What comes by itself.
    pub fn subscription(&self) -> Subscription<Message> {
        Subscription::batch([
            window::events().map(|(id, event)| Message::Window(id, event)),
            iced::time::every(Duration::from_secs(30)).map(|_| Message::Minute),
            iced::system::theme_changes().map(desktop),
        ])
    }
}

/// Keys of the window, wherever one is in it.
fn pressed(key: &Key, modifiers: Modifiers) -> Option<Message> {
    let quits = matches!(key.as_ref(), Key::Character("q" | "Q" | "ㅂ" | "ㅃ"));
    let quits = quits && modifiers.command() && !modifiers.shift() && !modifiers.alt();
    quits.then_some(Message::Mail(Mail::CloseWanted))
}

/// The desktop is light or dark, where it says so.
fn desktop(mode: iced::theme::Mode) -> Message {
    Message::Mail(Mail::DesktopIs(match mode {
        iced::theme::Mode::None => None,
        iced::theme::Mode::Light => Some(Mode::Light),
        iced::theme::Mode::Dark => Some(Mode::Dark),
    }))
}

/// Runs work on a thread of its own; `None` if that thread could not finish.
fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Task<Option<T>> {
    Task::future(async move { tokio::task::spawn_blocking(work).await.ok() })
}

/// What is printed on here: America has a paper of its own.
fn paper() -> Paper {
    let region = sys_locale::get_locale();
    let region = region.as_deref().and_then(|locale| locale.split(['-', '_']).nth(1));
    match region {
        Some("US" | "CA" | "MX") => Paper::Letter,
        _ => Paper::A4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_was_set_aside_hears_what_dns_knows_and_does_nothing_with_it() {
        use account::{Field, Message as Form};
        let (mut app, _) = App::boot(None);
        let mut form = account::State::new(true);
        form.update(Form::Typed(Field::Address, "kim@hanbit.kr".into()));
        form.update(Form::PasswordTyped(crate::model::Secret::new("x".into())));
        form.update(Form::Connected);
        assert_eq!(form.stage, account::Stage::Finding);
        app.account = Some(form);
        drop(app.fulfil(Wish::Write("mailto:a@example.com".into())));
        let mut known = crate::engine::accounts::settings_for("kim@hanbit.kr").unwrap();
        known.settings.imap.as_mut().unwrap().host = "mail.hanbit.kr".into();
        let found = Event::ServersFound(1, Some(Box::new(known.clone())));
        drop(app.update(Message::Mail(Mail::Engine(found))));
        drop(app.do_one(Action::AddAccount(true)));
        let form = app.account.as_ref().unwrap();
        // Whoever comes back finds it known, and connects by pressing the button.
        assert_eq!(form.known, Some(known));
        assert_eq!((form.is_asking(), &form.stage), (false, &account::Stage::Filling));
    }

    #[test]
    fn however_many_messages_come_the_next_frame_is_painted_whole_and_looks_alike() {
        let (mut app, _) = App::boot(None);
        for mode in [Mode::Light, Mode::Dark] {
            app.tokens = Tokens::of(mode);
            for messages in 1..=255 {
                let before = app.style(&Theme::Light).background_color;
                (0..messages).for_each(|_| drop(app.update(Message::Done)));
                let after = app.style(&Theme::Light).background_color;
                assert_ne!(before, after, "{messages}");
                assert_eq!(before.into_rgba8(), after.into_rgba8());
            }
        }
    }

    #[test]
    fn the_cross_of_the_window_and_a_key_close_it() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime");
        let _inside = runtime.enter();
        let (mut app, _) = App::boot(None);
        let close = Message::Window(window::Id::unique(), window::Event::CloseRequested);
        drop(app.update(close));
        assert!(app.screen.is_closing());
        let says = |key: &str, modifiers| {
            let said = pressed(&Key::Character(key.into()), modifiers);
            matches!(said, Some(Message::Mail(Mail::CloseWanted)))
        };
        assert!(says("q", Modifiers::COMMAND) && says("ㅂ", Modifiers::COMMAND));
        assert!(!says("q", Modifiers::empty()));
        // That one quotes, in a letter being written.
        assert!(!says("q", Modifiers::COMMAND | Modifiers::SHIFT));
    }

    #[cfg(feature = "window-tests")]
    #[test]
    fn a_key_that_is_held_down_closes_no_second_time() {
        use iced::keyboard::{self, key};
        let (app, _) = App::boot(None);
        let closes = |repeat: bool| {
            let key = Key::Character("q".into());
            let event = iced::Event::Keyboard(keyboard::Event::KeyPressed {
                key: key.clone(),
                modified_key: key,
                physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
                location: keyboard::Location::Standard,
                modifiers: Modifiers::COMMAND,
                text: None,
                repeat,
            });
            let mut simulator = iced_test::Simulator::new(app.view());
            let _ = simulator.simulate([event]);
            simulator.into_messages().any(|said| matches!(said, Message::Mail(Mail::CloseWanted)))
        };
        assert!(closes(false) && !closes(true));
    }
}
