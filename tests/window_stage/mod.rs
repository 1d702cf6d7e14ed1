//! A stage for the window: its state, a simulator for what is seen and done, and
//! what it asked for.

mod pointer;

use goyo::engine::protocol::{Command, Event, OpenLedger, OpenLetter};
use goyo::gui::screen::mail::list::Row;
use goyo::gui::screen::mail::spot::Spot;
use goyo::gui::screen::mail::{Action, Due, Message, Place, Read, State};
use goyo::gui::theme::{self, Look, Mode, Tokens};
use goyo::gui::time::Clock;
use goyo::html;
use goyo::html::worker::protocol::{DocId, Laid, View};
use goyo::i18n::{Language, Words};
use goyo::model::{
    Account, AccountId, AccountKind, Address, Flags, FolderId, Gesture, GestureId, LetterId, Proof,
    ThreadId,
};
use goyo::privacy::oddities::Known;
use goyo::privacy::{self, Policy};
use goyo::store::{Folder, LetterRow};
use iced::keyboard::{self, Key, Modifiers, key};
use iced::{Rectangle, Settings};
use iced_test::Simulator;
use iced_test::selector::Candidate;
use std::sync::Arc;

/// A letter with a picture, a receipt pixel, a lying link and an attachment.
pub const LETTER: &str = "Received: from mail.navercorp.example (mail.navercorp.example [203.0.113.7])\n\
\x20by mx.example.kr with ESMTPS id 1; Sat, 21 Nov 2026 14:14:03 +0900\n\
From: =?UTF-8?B?64Sk7J2067KE7Y6Y7J20?= <pay@navercorp.example>\n\
To: minji@example.kr\n\
Message-ID: <1@navercorp.example>\n\
Date: Sat, 21 Nov 2026 14:14:00 +0900\n\
Subject: =?UTF-8?B?MTHsm5Qg6rKw7KCcIOuCtOyXreydhCDslYzroKTrk5zroKTsmpQ=?=\n\
MIME-Version: 1.0\n\
Content-Type: multipart/mixed; boundary=b\n\n\
--b\nContent-Type: text/html; charset=utf-8\n\n\
<html><body><img src=\"https://img.navercorp.example/logo.png\" width=120 height=30 alt=Pay>\
<p>총 12건</p><a href=\"http://evil.example/login?a=1&amp;utm_source=mail\">https://www.navercorp.example</a>\
<img src=\"https://cos2.navercorp.com/received/a1b2\" width=1 height=1></body></html>\n\
--b\nContent-Type: text/html; name*=utf-8''%EC%98%81%EC%88%98%EC%A6%9D.html\n\
Content-Disposition: attachment; filename*=utf-8''%EC%98%81%EC%88%98%EC%A6%9D.html\n\n\
<p>receipt</p>\n--b--\n";

/// 2026-11-21 14:30 in Seoul.
const NOW: i64 = 1_795_239_000;

/// What is done while a syllable is begun.
pub enum Then {
    Clicks(&'static str),
    Presses(key::Named),
    Closes,
    /// The input method finishes it itself, before the letter is sent.
    Finishes(&'static str),
}

pub struct Stage {
    pub state: State,
    /// Everything asked for so far.
    pub actions: Vec<Action>,
    field: Option<&'static str>,
}

/// A row of the list: "letter N".
pub fn row(id: i64) -> Row {
    let letter = LetterRow {
        id: LetterId(id + 1),
        thread: ThreadId(id + 1),
        account: "local".into(),
        folder: "inbox".into(),
        from: Some(Address { name: Some(format!("sender {id}")), addr: "a@example.com".into() }),
        to: Vec::new(),
        subject: format!("letter {id}"),
        date: NOW - 60,
        flags: Flags::NONE,
        labels: Vec::new(),
        size: 100,
        has_attachment: false,
        trackers: 0,
        preview: "preview".into(),
    };
    Row::of(letter)
}

/// What the engine would say of a letter, judged by the real rooms.
pub fn letter(id: LetterId, raw: &str) -> OpenLetter {
    let raw = raw.replace('\n', "\r\n").into_bytes();
    let parsed = goyo::mime::parse(&raw);
    let references = html::references_of(&parsed);
    let policy = Policy::for_letter(&parsed, &[], Proof::None);
    let ledger = privacy::ledger(&parsed, references.clone(), &policy);
    let links = html::links_of(&parsed);
    let report = privacy::report(&parsed, references, &links, Known::default());
    OpenLetter {
        letter: Some(id),
        subject: parsed.envelope.subject.clone(),
        from: parsed.envelope.from.clone(),
        to: parsed.envelope.to.clone(),
        cc: Vec::new(),
        date: parsed.envelope.date,
        links: Arc::new(report.links.clone()),
        report,
        laid: Some(Laid { device: (654, 900), factor: 1.0, ms: 1.0 }),
        fallback: None,
        text: String::new(),
        charsets: vec!["utf-8".into()],
        ledger: Arc::new(OpenLedger { ledger, ..OpenLedger::default() }),
        raw: Arc::new(raw),
        strips: Vec::new(),
    }
}

/// The folders of an account on a server: their numbers in this order, from 11 on.
pub const FOLDERS: [(&str, Option<&str>); 5] = [
    ("INBOX", Some("inbox")),
    ("Archive", Some("archive")),
    ("Junk", Some("junk")),
    ("Trash", Some("trash")),
    ("Projects/Rust", None),
];

fn folders() -> Vec<Folder> {
    let named = FOLDERS.iter().zip(11..);
    let folder = |((path, role), id): (&(&str, Option<&str>), i64)| Folder {
        id: FolderId(id),
        account: "minji@naver.com".into(),
        path: (*path).into(),
        role: role.map(str::to_owned),
        total: 3,
        unread: 3,
        policy: None,
    };
    named.map(folder).collect()
}

fn folder() -> Folder {
    Folder {
        id: FolderId(1),
        account: "local".into(),
        path: "inbox".into(),
        role: Some("inbox".into()),
        total: 0,
        unread: 2,
        policy: None,
    }
}

impl Stage {
    pub fn new() -> Self {
        let state = State::new(Language::Korean, Mode::Light, false);
        let mut stage = Self { state, actions: Vec::new(), field: None };
        let actions = stage.state.start();
        stage.actions.extend(actions);
        stage
    }

    /// Opened again where one was.
    pub fn back(spot: Spot) -> Self {
        let mut state = State::new(Language::Korean, Mode::Light, false);
        state.return_to(spot);
        let actions = state.start();
        Self { state, actions, field: None }
    }

    pub fn with_total(total: usize) -> Self {
        let mut stage = Self::new();
        stage.send(Message::Folders(Ok(vec![folder()])));
        let Some(Read::Page(generation, _, 0)) = stage.reads().pop() else { panic!() };
        let rows = (0..total.min(100)).map(|at| row(at as i64)).collect();
        stage.send(Message::Page(generation, 0, Ok((rows, total))));
        stage
    }

    /// A folder of an account on a server, with so many letters.
    pub fn in_folder(path: &str, count: usize) -> Self {
        let mut stage = Self::new();
        let account = Account {
            id: AccountId(2),
            name: "minji@naver.com".into(),
            kind: AccountKind::Imap,
            address: Some("minji@naver.com".into()),
            settings: goyo::model::Settings::default(),
        };
        stage.send(Message::Accounts(vec![account], false));
        stage.send(Message::Folders(Ok(folders())));
        let at = FOLDERS.iter().position(|(known, _)| *known == path).unwrap();
        stage.send(Message::PlaceChosen(Place::Folder(FolderId(11 + at as i64))));
        stage.read(path, (0..count as i64).collect());
        stage
    }

    /// The store answers the last reading with these letters.
    pub fn read(&mut self, path: &str, letters: Vec<i64>) {
        let Some(Read::Page(generation, _, 0)) =
            self.reads().into_iter().rfind(|read| matches!(read, Read::Page(..)))
        else {
            panic!("no page was asked for")
        };
        let total = letters.len();
        let row = |id| {
            let mut row = row(id);
            row.letter.account = "minji@naver.com".into();
            row.letter.folder = path.into();
            row
        };
        let rows = letters.into_iter().map(row).collect();
        self.send(Message::Page(generation, 0, Ok((rows, total))));
    }

    /// The engine has done the last thing that was asked for.
    pub fn done(&mut self, gesture: i64, kind: &str, can_undo: bool) {
        self.happens(Event::Changed(Vec::new()));
        self.happens(Event::Gesture(Gesture {
            id: GestureId(gesture),
            kind: kind.into(),
            changed: 1,
            folders: Vec::new(),
            accounts: vec![AccountId(2)],
            can_undo,
            left: 0,
        }));
    }

    /// What the list shows: the letters' numbers.
    pub fn rows(&self) -> Vec<i64> {
        let total = self.state.list.total.unwrap_or(0);
        let rows = (0..total).filter_map(|at| self.state.list.row(at));
        rows.map(|row| row.letter.id.0 - 1).collect()
    }

    pub fn with_rows(count: usize) -> Self {
        Self::with_total(count)
    }

    /// With a letter open.
    pub fn with_open(raw: &str) -> Self {
        let mut stage = Self::with_rows(3);
        stage.click("letter 0");
        let (doc, id, _) = stage.opened();
        stage.happens(Event::Opened(doc, Arc::new(letter(id, raw))));
        stage
    }

    /// With the second of so many letters open.
    pub fn reading(count: usize) -> Self {
        let mut stage = Self::in_folder("INBOX", count);
        stage.click("letter 1");
        let (doc, id, _) = stage.opened();
        stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
        stage
    }

    /// Tells the window something, as the program would.
    pub fn send(&mut self, message: Message) {
        let actions = self.state.update(message);
        self.actions.extend(actions);
    }

    /// The engine says something.
    pub fn happens(&mut self, event: Event) {
        self.send(Message::Engine(event));
    }

    pub fn last(&self) -> Option<Action> {
        self.actions.last().cloned()
    }

    /// What was asked of the engine.
    pub fn asked(&self) -> Vec<Command> {
        let asked = self.actions.iter().filter_map(|action| match action {
            Action::Ask(command) => Some(command.clone()),
            _ => None,
        });
        asked.collect()
    }

    pub fn last_asked(&self) -> Option<Command> {
        self.asked().into_iter().rfind(|command| !matches!(command, Command::Paint(..)))
    }

    /// What was asked of the store.
    pub fn reads(&self) -> Vec<Read> {
        let reads = self.actions.iter().filter_map(|action| match action {
            Action::Read(read) => Some(read.clone()),
            _ => None,
        });
        reads.collect()
    }

    /// Whether something is to be done in a moment.
    pub fn later(&self, due: Due) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Later(other, _) if *other == due))
    }

    /// The last letter that was asked for.
    pub fn opened(&self) -> (DocId, LetterId, View) {
        let asked = self.asked().into_iter().rev();
        asked
            .filter_map(|command| match command {
                Command::Open(doc, id, view) => Some((doc, id, view)),
                _ => None,
            })
            .next()
            .expect("a letter was opened")
    }

    pub fn doc(&self) -> DocId {
        self.state.open.as_ref().expect("a letter is open").doc
    }

    pub fn ledger(&self) -> OpenLedger {
        self.state.open.as_ref().expect("a letter is open").ledger.as_ref().clone()
    }

    /// Looks at the window, does something with it, and passes on what follows.
    fn act<T>(&mut self, act: impl FnOnce(&mut Simulator<'_, Message>) -> T) -> T {
        goyo::gui::load_fonts();
        let settings = Settings { default_font: theme::REGULAR, ..Settings::default() };
        let words = Words::new(self.state.language);
        let clock = Clock::standing(NOW);
        let look = Look { tokens: Tokens::of(self.state.mode), words: &words, clock: &clock };
        let mut simulator =
            Simulator::with_size(settings, self.state.window, self.state.view(look));
        let out = goyo::gui::as_window(|| act(&mut simulator));
        let messages: Vec<Message> = simulator.into_messages().collect();
        for message in messages {
            self.send(message);
        }
        out
    }

    /// Every text in sight.
    pub fn texts(&mut self) -> Vec<String> {
        self.all_texts(false)
    }

    /// Asserts a text that may have to be scrolled to.
    pub fn has(&mut self, text: &str) {
        let texts = self.all_texts(true);
        assert!(texts.iter().any(|seen| seen == text), "{text:?} is not among {texts:#?}");
    }

    /// Every text, also where it has to be scrolled to.
    pub fn everything(&mut self) -> Vec<String> {
        self.all_texts(true)
    }

    fn all_texts(&mut self, out_of_sight: bool) -> Vec<String> {
        self.texts_after(&[], out_of_sight)
    }

    /// Every text after these keys, in one go: what is scrolled stays where it was scrolled to.
    pub fn texts_after(&mut self, keys: &[key::Named], out_of_sight: bool) -> Vec<String> {
        self.act(|simulator| {
            for key in keys {
                let _ = simulator.tap_key(*key);
            }
            let mut texts = Vec::new();
            let collect = |candidate: Candidate<'_>| {
                if let Candidate::Text { content, visible_bounds, .. } = candidate
                    && (out_of_sight || visible_bounds.is_some())
                {
                    texts.push(content.to_owned());
                }
                None::<()>
            };
            let _ = simulator.find(collect);
            texts
        })
    }

    /// The first text within what has this name.
    pub fn within(&mut self, name: iced::widget::Id) -> Option<String> {
        let mut place: Option<Rectangle> = None;
        let first = self.act(|simulator| {
            simulator.find(move |candidate: Candidate<'_>| match candidate {
                Candidate::Container { id: Some(id), bounds, .. } if *id == name => {
                    place = Some(bounds);
                    None
                }
                // What comes after it stands in it, or elsewhere.
                Candidate::Text { content, bounds, .. } => {
                    let within = place.is_some_and(|place| place.contains(bounds.center()));
                    within.then(|| content.to_owned())
                }
                _ => None,
            })
        });
        first.ok()
    }

    pub fn sees(&mut self, text: &str) {
        let texts = self.texts();
        assert!(texts.iter().any(|seen| seen == text), "{text:?} is not among {texts:#?}");
    }

    pub fn sees_not(&mut self, text: &str) {
        let texts = self.texts();
        assert!(!texts.iter().any(|seen| seen == text), "{text:?} is there");
    }

    /// Clicks the last thing with these words: what lies on top.
    pub fn click(&mut self, text: &str) {
        self.act(|simulator| {
            simulator.click(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        });
    }

    /// Clicks the last place where these words stand.
    pub fn click_last(&mut self, text: &str) {
        let text = text.to_owned();
        let mut last = None;
        self.act(|simulator| {
            let _ = simulator.find(|candidate: Candidate<'_>| {
                if let Candidate::Text { content, visible_bounds: Some(bounds), .. } = candidate
                    && content == text
                {
                    last = Some(bounds.center());
                }
                None::<()>
            });
        });
        let at = last.expect("it is there");
        self.click_at(at.x, at.y);
    }

    pub fn click_at(&mut self, x: f32, y: f32) {
        self.act(|simulator| {
            simulator.point_at(iced::Point::new(x, y));
            let _ = simulator.simulate(iced_test::simulator::click());
        });
    }

    /// The first place where these words stand, and what of it is in sight.
    pub fn place_of(&mut self, text: &str) -> (Rectangle, Option<Rectangle>) {
        let text = text.to_owned();
        self.act(|simulator| {
            let found = simulator.find(move |candidate: Candidate<'_>| match candidate {
                Candidate::Text { content, bounds, visible_bounds, .. } if content == text => {
                    Some((bounds, visible_bounds))
                }
                _ => None,
            });
            found.expect("it is there")
        })
    }

    /// Whether the keyboard reaches what these words stand on: what cannot be pressed now, it
    /// does not.
    pub fn is_reached(&mut self, text: &str) -> bool {
        let (words, _) = self.place_of(text);
        self.act(|simulator| {
            let reached = simulator.find(move |candidate: Candidate<'_>| match candidate {
                Candidate::Focusable { bounds, .. } if bounds.contains(words.center()) => Some(()),
                _ => None,
            });
            reached.is_ok()
        })
    }

    /// The middle of the first place where these words stand.
    pub fn middle_of(&mut self, text: &str) -> (f32, f32) {
        let (bounds, _) = self.place_of(text);
        (bounds.x + 30.0, bounds.y + 30.0)
    }

    /// Where these words stand first: their left edge.
    pub fn left_of(&mut self, text: &str) -> f32 {
        self.place_of(text).0.x
    }

    /// Presses and lets go at each of these points, in one go.
    pub fn press(&mut self, points: &[(f32, f32)]) {
        self.act(|simulator| {
            for (x, y) in points {
                simulator.point_at(iced::Point::new(*x, *y));
                let _ = simulator.simulate(iced_test::simulator::click());
            }
        });
    }

    /// Drags from one point to another.
    pub fn drag(&mut self, from: (f32, f32), to: (f32, f32)) {
        use iced::mouse::{Button, Event as Mouse};
        let (from, to) = (iced::Point::new(from.0, from.1), iced::Point::new(to.0, to.1));
        self.act(|simulator| {
            simulator.point_at(from);
            let _ = simulator.simulate([iced::Event::Mouse(Mouse::ButtonPressed(Button::Left))]);
            simulator.point_at(to);
            let _ = simulator.simulate([
                iced::Event::Mouse(Mouse::CursorMoved { position: to }),
                iced::Event::Mouse(Mouse::ButtonReleased(Button::Left)),
            ]);
        });
    }

    /// Turns the wheel down by notches at a point, all in one go.
    pub fn wheel(&mut self, x: f32, y: f32, notches: i32) {
        let turn = iced::mouse::Event::WheelScrolled {
            delta: iced::mouse::ScrollDelta::Lines { x: 0.0, y: -notches.signum() as f32 },
        };
        let events = vec![iced::Event::Mouse(turn); notches.unsigned_abs() as usize];
        self.act(|simulator| {
            simulator.point_at(iced::Point::new(x, y));
            let _ = simulator.simulate(events);
        });
    }

    /// Puts the cursor into a field by name: typing follows in the same breath.
    pub fn click_field(&mut self, name: &'static str) {
        self.field = Some(name);
    }

    pub fn types(&mut self, text: &str) {
        // The simulator forgets where the cursor was: click, then type, sign by sign.
        for sign in text.chars() {
            let field = self.field;
            self.act(|simulator| {
                if let Some(name) = field {
                    simulator.click(iced::widget::Id::new(name)).expect("the field is there");
                    // To the end of what is there.
                    let _ = simulator.tap_key(key::Named::End);
                }
                let _ = simulator.typewrite(&sign.to_string());
            });
        }
    }

    /// A syllable is begun in a field and not finished, as with a Korean keyboard; then
    /// something else is done, in the same breath.
    pub fn begins(&mut self, name: &'static str, begun: &str, then: Then) {
        use iced::advanced::input_method::Event as Ime;
        let begun = begun.to_owned();
        self.act(|simulator| {
            simulator.click(iced::widget::Id::new(name)).expect("the field is there");
            let _ = simulator.tap_key(key::Named::End);
            let _ = simulator
                .simulate([Ime::Opened, Ime::Preedit(begun, None)].map(iced::Event::InputMethod));
            match then {
                Then::Clicks(text) => {
                    simulator.click(text).unwrap_or_else(|error| panic!("{text}: {error}"));
                }
                Then::Presses(key) => {
                    let _ = simulator.tap_key(key);
                }
                Then::Closes => {
                    let _ = simulator
                        .simulate([iced::Event::Window(iced::window::Event::CloseRequested)]);
                }
                Then::Finishes(with) => {
                    let event = iced::Event::InputMethod(Ime::Commit(with.to_owned()));
                    let _ = simulator.simulate([event]);
                    simulator.click("보내기").expect("it is there");
                }
            }
        });
    }

    /// Presses keys one after the other, the focus staying where it goes.
    pub fn keys(&mut self, keys: &[key::Named]) {
        self.act(|simulator| {
            for key in keys {
                let _ = simulator.tap_key(*key);
            }
        });
    }

    pub fn key(&mut self, key: key::Named) {
        self.act(|simulator| {
            let _ = simulator.tap_key(key);
        });
    }

    pub fn character(&mut self, character: &str) {
        let key = Key::Character(character.into());
        self.act(|simulator| {
            let _ = simulator.tap_key(key);
        });
    }

    /// A key with Shift, as a keyboard sends it: what stands on the key, and what it writes.
    pub fn shifted(&mut self, on_the_key: &str, written: &str) {
        let event = iced::Event::Keyboard(keyboard::Event::KeyPressed {
            key: Key::Character(on_the_key.into()),
            modified_key: Key::Character(written.into()),
            physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
            location: keyboard::Location::Standard,
            modifiers: Modifiers::SHIFT,
            text: Some(written.into()),
            repeat: false,
        });
        self.act(|simulator| {
            let _ = simulator.simulate([event]);
        });
    }

    /// A key with these others held, while the cursor is in this field.
    pub fn in_field(&mut self, name: &'static str, key: Key, modifiers: Modifiers) {
        let event = iced::Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key,
            physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
            location: keyboard::Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        });
        self.act(|simulator| {
            simulator.click(iced::widget::Id::new(name)).expect("the field is there");
            let _ = simulator.simulate([event]);
        });
    }

    /// A key with Ctrl (on a Mac, Command).
    pub fn chord(&mut self, character: &str) {
        self.chord_with(character, Modifiers::empty());
    }

    /// The same, and these others held.
    pub fn chord_with(&mut self, character: &str, others: Modifiers) {
        let key = Key::Character(character.into());
        let event = iced::Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key,
            physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
            location: keyboard::Location::Standard,
            modifiers: Modifiers::COMMAND | others,
            text: None,
            repeat: false,
        });
        self.act(|simulator| {
            let _ = simulator.simulate([event]);
        });
    }
}
