//! Nothing is cut off and nothing runs over: every text of the main screens lies inside what
//! it stands in, and every line of ours is as wide as its words, in both languages, with text
//! at 100%, 125% and 150%, in windows from 1280×800 down to the smallest.

use crate::window_stage::{LETTER, Stage, letter};
use goyo::engine::protocol::{
    Archived, Archiving, Doing, Event, Exported, Imported, NotDone, Passed, Refusal, Refused,
    Storage,
};
use goyo::gui::screen::account;
use goyo::gui::screen::mail::archives::Message as Archive;
use goyo::gui::screen::mail::preferences::{Message as Prefer, Section};
use goyo::gui::screen::mail::{Message, Place, Sheet};
use goyo::gui::smallest;
use goyo::gui::taste::{Density, TextSize};
use goyo::gui::theme::{self, Look, Mode, Tokens};
use goyo::gui::time::Clock;
use goyo::gui::widget::rows;
use goyo::i18n::{Language, Words};
use goyo::model::{AccountId, Obstacle, Proof, Rule, Scope};
use iced::advanced::layout::{Layout, Limits};
use iced::advanced::renderer::Headless;
use iced::advanced::text::{self, Paragraph as _};
use iced::advanced::widget::operation::Scrollable;
use iced::advanced::widget::{Id, Operation, Tree};
use iced::{Element, Pixels, Rectangle, Renderer, Size, Vector, alignment};
use std::path::PathBuf;
use std::sync::Arc;

/// What layout rounds away, in logical pixels.
const ROUNDED: f32 = 1.0;

/// What a text stands in.
#[derive(Clone, Copy)]
enum Around {
    Whole(Rectangle),
    /// What is in it may be longer, and is scrolled to.
    Scrolled(Rectangle),
}

/// Looks at every text and the boxes it stands in.
struct Looking {
    /// The strings of the language that have no values in them.
    ours: Vec<String>,
    boxes: Vec<Around>,
    next: Option<Around>,
    wrong: Vec<String>,
    seen: usize,
}

impl Looking {
    /// Whether something lies in what is around it; what does not is written down.
    fn is_inside(&mut self, bounds: Rectangle, said: &str) -> bool {
        for around in self.boxes.iter().rev() {
            let (around, long) = match around {
                Around::Whole(around) => (around, false),
                Around::Scrolled(around) => (around, true),
            };
            let beside = around.x - bounds.x > ROUNDED
                || bounds.x + bounds.width - around.x - around.width > ROUNDED;
            let beyond = around.y - bounds.y > ROUNDED
                || bounds.y + bounds.height - around.y - around.height > ROUNDED;
            if beside || (beyond && !long) {
                self.wrong.push(format!("{said:?} at {bounds:?} is not within {around:?}"));
                return false;
            }
            if long {
                break;
            }
        }
        true
    }

    fn look(&mut self, bounds: Rectangle, said: &str) {
        if said.trim().is_empty() || bounds.width < 0.5 {
            if !said.trim().is_empty() {
                self.wrong.push(format!("{said:?} has no room at all: {bounds:?}"));
            }
            return;
        }
        self.seen += 1;
        if !self.is_inside(bounds, said) {
            return;
        }
        if !is_whole(bounds.height) {
            self.wrong.push(format!("{said:?} is cut below: {bounds:?}"));
        } else if self.ours.iter().any(|ours| ours == said)
            && let Some(wide) = narrowest(said, bounds.height)
            && wide > bounds.width + ROUNDED
        {
            self.wrong.push(format!("{said:?} is cut: {wide} in {bounds:?}"));
        }
    }
}

/// Whether lines of text are as high as this: what has to be lower than its lines is as high
/// as its box.
fn is_whole(height: f32) -> bool {
    let lines = [(12.0, 1.3), (13.0, 1.3), (14.0, 1.3), (16.0, 1.3), (20.0, 1.3), (20.0, 1.35)];
    let wide = [(12.0, 1.5), (13.0, 1.5), (14.0, 1.6)];
    let of = |(size, high): (f32, f32)| (1..60).map(move |count| size * high * count as f32);
    let ours = [17.0, 18.0, 20.0, 22.0, 25.0];
    let mut known = lines.into_iter().chain(wide).flat_map(of).chain(ours);
    known.any(|known| (known - height).abs() < 0.1)
}

/// How wide a text is that stands on one line of this height; nothing if it stands on several,
/// which have wrapped.
fn narrowest(said: &str, height: f32) -> Option<f32> {
    let sizes = [12.0, 13.0, 14.0, 16.0, 20.0];
    // A text of the toolkit's, and a line of ours.
    let size = sizes.into_iter().find(|size: &f32| {
        (size * 1.3 - height).abs() < 0.3 || ((size * 1.4).round() - height).abs() < 0.05
    })?;
    let text = text::Text {
        content: said,
        bounds: Size::INFINITE,
        size: Pixels(size),
        line_height: text::LineHeight::default(),
        font: theme::REGULAR,
        align_x: text::Alignment::Left,
        align_y: alignment::Vertical::Top,
        shaping: text::Shaping::Advanced,
        wrapping: text::Wrapping::None,
    };
    Some(<Renderer as text::Renderer>::Paragraph::with_text(text).min_width())
}

impl Operation for Looking {
    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        // A button without words runs over as well.
        self.is_inside(bounds, "a box");
        let scrolled = id.is_some_and(|id| *id == Id::new(rows::NAME));
        self.next = Some(if scrolled { Around::Scrolled(bounds) } else { Around::Whole(bounds) });
    }

    fn scrollable(
        &mut self,
        _: Option<&Id>,
        bounds: Rectangle,
        _: Rectangle,
        _: Vector,
        _: &mut dyn Scrollable,
    ) {
        self.next = Some(Around::Scrolled(bounds));
    }

    fn text(&mut self, _: Option<&Id>, bounds: Rectangle, said: &str) {
        self.look(bounds, said);
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let next = self.next.take();
        self.boxes.extend(next);
        operate(self);
        if next.is_some() {
            self.boxes.pop();
        }
    }
}

/// The strings of a language without values in them.
fn ours(language: Language) -> Vec<String> {
    let file = match language {
        Language::Korean => include_str!("../../i18n/ko.ftl"),
        Language::English => include_str!("../../i18n/en.ftl"),
    };
    let said = file.lines().filter_map(|line| line.split_once(" = ")).map(|(_, said)| said);
    said.filter(|said| !said.contains('{')).map(str::to_owned).collect()
}

/// What is wrong in a view of this size: texts that were seen, and what was said of some.
fn wrong_in<M>(mut view: Element<'_, M>, size: Size, language: Language) -> (usize, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let renderer: Renderer = runtime
        .block_on(<Renderer as Headless>::new(theme::REGULAR, Pixels(16.0), None))
        .expect("a renderer");
    let mut tree = Tree::new(&view);
    let node = view.as_widget_mut().layout(&mut tree, &renderer, &Limits::new(Size::ZERO, size));
    let mut looking = Looking {
        ours: ours(language),
        boxes: vec![Around::Whole(Rectangle::with_size(size))],
        next: None,
        wrong: Vec::new(),
        seen: 0,
    };
    view.as_widget_mut().operate(&mut tree, Layout::new(&node), &renderer, &mut looking);
    (looking.seen, looking.wrong)
}

/// What is wrong on the screen as it stands now.
fn wrong(stage: &mut Stage) -> (usize, Vec<String>) {
    // Loads the typeface, too.
    let _ = stage.texts();
    let language = stage.state.language;
    let words = Words::new(language);
    let clock = Clock::standing(1_795_239_000);
    let look = Look { tokens: Tokens::of(stage.state.mode), words: &words, clock: &clock };
    wrong_in(stage.state.view(look), stage.state.window, language)
}

/// Where somebody is.
type Way = (&'static str, fn(&mut Stage));

fn open(stage: &mut Stage) {
    stage.send(Message::RowChosen(0));
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
}

/// The account in the settings, with all of it that can be there.
fn account_page(stage: &mut Stage) {
    use goyo::gui::screen::mail::preferences::account::{Keep, Message as Page};
    use goyo::gui::screen::mail::{Field, Part};
    section(stage, Section::Accounts);
    for message in [
        Page::Opened(AccountId(2)),
        Page::Added,
        Page::Typed(Field::Writer(Part::Address, 1), "minji@naver.com".into()),
        Page::Kept(Keep::Days),
        Page::Typed(Field::Days, "0".into()),
        Page::Typed(Field::Proxy, "socks5://me:secret@127.0.0.1:9050".into()),
    ] {
        stage.send(Message::OfAccount(message));
    }
}

fn section(stage: &mut Stage, section: Section) {
    stage.send(Message::Preferences(Prefer::Toggled));
    stage.send(Message::Preferences(Prefer::SectionChosen(section)));
    stage.send(Message::ReceiptServerRead(None));
    stage.happens(Event::Storage(Storage {
        place: "/home/minji/.local/share/a-rather-long-name-of-a-folder/goyo".into(),
        database: 12_300_000_000,
        profile: 15_000_000_000,
    }));
}

const SCREENS: [Way; 25] = [
    ("list", |_| {}),
    ("compact list", |stage| stage.state.list.set_density(Density::Compact)),
    ("letter", open),
    ("what stands above it", |stage| {
        open(stage);
        stage.state.unfolded = true;
    }),
    ("folders", |stage| stage.send(Message::PlacesToggled)),
    ("starred", |stage| stage.send(Message::PlaceChosen(Place::Starred))),
    ("receipts", |stage| stage.send(Message::PlaceChosen(Place::Receipts))),
    ("outbox", |stage| stage.send(Message::PlaceChosen(Place::Outbox))),
    ("appearance", |stage| section(stage, Section::Appearance)),
    ("notifications", |stage| section(stage, Section::Notifications)),
    ("privacy", |stage| section(stage, Section::Privacy)),
    ("accounts", |stage| section(stage, Section::Accounts)),
    ("proxy of pictures", |stage| {
        use goyo::gui::screen::mail::preferences::By;
        section(stage, Section::Privacy);
        stage.send(Message::Preferences(Prefer::PicturesNever(true)));
        stage.send(Message::Preferences(Prefer::PicturesBy(By::Own)));
        stage.send(Message::PicturesProxyTyped("socks5://me:secret@127.0.0.1:9050".into()));
    }),
    ("account", account_page),
    ("account list with unsaved changes", |stage| {
        account_page(stage);
        stage.key(iced::keyboard::key::Named::Escape);
    }),
    ("receipt server", |stage| section(stage, Section::Receipts)),
    ("storage", |stage| section(stage, Section::Storage)),
    ("import at work", |stage| {
        let (letters, bytes) = (1_234_567, 12_345_678_901);
        let (done, all) = (bytes, 2 * bytes);
        let doing = Doing::Importing;
        archives(stage, [Event::Archiving(Archiving { doing, letters, bytes, done, all })]);
    }),
    ("import done", |stage| {
        let refused = |why| Refused { what: Passed::File(far()), why };
        let done = Imported {
            imported: 1_234_567,
            duplicate: 12_345,
            broken: 1_234,
            passed: 123,
            gathered: 99_000,
            refused: vec![
                refused(Refusal::TooLarge(1_234_567_890)),
                refused(Refusal::NoMbox),
                refused(Refusal::TooDeep),
                refused(Refusal::File(Obstacle::Missing)),
                refused(Refusal::Fault),
            ],
            stopped: false,
        };
        let done = Archived::Import(done, Some(NotDone::At(far(), Obstacle::Full)));
        archives(stage, [Event::Archived(Arc::new(done))]);
    }),
    ("export done", |stage| {
        let done = Exported { exported: 1_234_567, damaged: 12, not_here: 123, stopped: true };
        archives(stage, [Event::Archived(Arc::new(Archived::Export(Some(far()), done, None)))]);
    }),
    ("import", |stage| {
        stage.send(Message::ChooserFound);
        stage.send(Message::Archives(Archive::ImportWanted));
        for path in [far().display().to_string(), "/b.mbox".into(), "/c.mbox".into()] {
            stage.send(Message::Archives(Archive::PathTyped(path)));
            stage.send(Message::Archives(Archive::PathEntered));
        }
        stage.send(Message::Archives(Archive::FolderTyped("새 폴더/2019".into())));
    }),
    ("export", |stage| {
        stage.send(Message::ChooserFound);
        stage.send(Message::Archives(Archive::ExportWanted(None)));
    }),
    ("about", |stage| section(stage, Section::About)),
    ("writing", |stage| stage.character("c")),
    ("question", |stage| {
        stage.send(Message::RemoveWanted(AccountId(2)));
    }),
];

/// Import and export in the settings, after this was told.
fn archives(stage: &mut Stage, told: impl IntoIterator<Item = Event>) {
    section(stage, Section::Storage);
    told.into_iter().for_each(|event| stage.happens(event));
}

/// An archive with a path that is too long for any line.
fn far() -> PathBuf {
    format!("/home/minji/{}/mail.mbox", ["a-rather-long-name-of-a-folder"; 6].join("/")).into()
}

const SHEETS: [(&str, Sheet); 7] = [
    ("keys", Sheet::Keys),
    ("rules", Sheet::Rules),
    ("share of a folder", Sheet::Keep(goyo::model::FolderId(15))),
    ("labels", Sheet::Labels),
    ("ledger", Sheet::Ledger),
    ("header", Sheet::Header),
    ("receipt server", Sheet::ReceiptServer),
];

/// A stage in a language, in a window of this size on the screen, with text this large.
fn stage(language: Language, (width, height): (f32, f32), percent: u32) -> Stage {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.state.language = language;
    stage.state.window = Size::new(width, height);
    stage.send(Message::Preferences(Prefer::TextChosen(TextSize::nearest(percent))));
    stage
}

fn everywhere(mut check: impl FnMut(Language, (f32, f32), u32)) {
    for language in [Language::Korean, Language::English] {
        for percent in [100, 125, 150] {
            // The smallest is larger where text is.
            let least = smallest(TextSize::nearest(percent));
            for window in [(1280.0, 800.0), (960.0, 640.0), (least.width, least.height)] {
                check(language, window, percent);
            }
        }
    }
}

#[test]
fn nothing_on_the_main_screens_is_cut_or_runs_over() {
    let (mut all, mut looked_at) = (Vec::new(), 0);
    everywhere(|language, window, percent| {
        for (name, go) in SCREENS {
            let mut stage = stage(language, window, percent);
            go(&mut stage);
            let (seen, wrong) = wrong(&mut stage);
            looked_at += seen;
            let here = format!("{name}, {language:?}, {window:?}, {percent}%");
            all.extend(wrong.into_iter().map(|wrong| format!("{here}: {wrong}")));
        }
    });
    assert!(all.is_empty(), "{} things:\n{}", all.len(), all.join("\n"));
    assert!(looked_at > 2_000, "{looked_at}: there is little to see");
}

#[test]
fn nothing_in_what_lies_over_a_letter_is_cut_or_runs_over() {
    let mut all = Vec::new();
    everywhere(|language, window, percent| {
        for (name, sheet) in SHEETS {
            let mut stage = stage(language, window, percent);
            open(&mut stage);
            stage.happens(Event::Rules(vec![Rule {
                scope: Scope::Sender("a@shop.example".into()),
                proof: Proof::Own { domain: "shop.example".into() },
            }]));
            match sheet {
                Sheet::ReceiptServer => stage.send(Message::ReceiptServerWanted),
                Sheet::Keep(folder) => stage.send(Message::KeepWanted(folder)),
                sheet => stage.send(Message::SheetOpened(sheet)),
            }
            let (_, wrong) = wrong(&mut stage);
            let here = format!("{name}, {language:?}, {window:?}, {percent}%");
            all.extend(wrong.into_iter().map(|wrong| format!("{here}: {wrong}")));
        }
    });
    assert!(all.is_empty(), "{} things:\n{}", all.len(), all.join("\n"));
}

#[test]
fn nothing_in_the_form_of_an_account_is_cut_or_runs_over() {
    let _ = Stage::with_rows(1).texts();
    let mut all = Vec::new();
    everywhere(|language, (width, height), percent| {
        let by = TextSize::nearest(percent).factor();
        let words = Words::new(language);
        let clock = Clock::standing(1_795_239_000);
        let look = Look { tokens: Tokens::of(Mode::Light), words: &words, clock: &clock };
        for by_hand in [false, true] {
            let mut form = account::State::new(true);
            if by_hand {
                form.update(account::Message::ByHand);
            }
            let size = Size::new(width / by, height / by);
            let (seen, wrong) = wrong_in(form.view(look), size, language);
            assert!(seen > 5);
            let here = format!("{language:?}, {width} by {height}, {percent}%, {by_hand}");
            all.extend(wrong.into_iter().map(|wrong| format!("{here}: {wrong}")));
        }
    });
    assert!(all.is_empty(), "{} things:\n{}", all.len(), all.join("\n"));
}

/// What the look itself is worth: texts that do run over are seen.
#[test]
fn what_runs_over_is_seen() {
    use iced::widget::{container, text};
    let _ = Stage::with_rows(1).texts();
    let look = |view: Element<'_, Message>| {
        wrong_in(view, Size::new(400.0, 300.0), Language::Korean).1.len()
    };
    let said = || text("받은편지함").size(14);
    assert_eq!(look(container(said()).width(200).height(30).into()), 0);
    // It wraps, and there is room for one line only.
    assert_eq!(look(container(said()).width(40).height(30).into()), 1);
    let line = |width| {
        let line = goyo::gui::widget::line::line("받은편지함", 14.0, iced::Color::BLACK);
        container(line).width(width).height(30).into()
    };
    assert_eq!(look(line(200)), 0);
    // It ends in …, where it is a string of ours.
    assert_eq!(look(line(40)), 1);
}
