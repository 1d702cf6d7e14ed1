//! What is attached is looked at here: pictures, pages and text in a sheet, letters as the
//! letter they are, with the way back to the one they came with. All of it is drawn by the
//! drawing process; nothing is fetched for a sheet, and nothing is opened elsewhere.

use super::attachments::attachment_said;
use super::leaf::Leaf;
use super::open::Open;
use super::sheet::panel;
use super::tools::tip;
use super::{Action, Message as Said, Sheet, State};
use crate::engine::protocol::{Command, Event, Inside, OpenError, inside};
use crate::gui::screen::pieces::{across, bytes, icon_button, link_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::by_keys::by_keys;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::letter::Did;
use crate::html::worker::protocol::{DocId, View};
use crate::i18n::Words;
use crate::model::LetterId;
use crate::privacy::report::{AttachmentLine, AttachmentWarning};
use iced::keyboard::{Key, key::Named};
use iced::widget::{column, container, row, space};
use iced::{Center, Fill};

/// Widest a sheet is, in logical pixels.
const WIDTH: f32 = 860.0;
/// What stands above and below a picture in its sheet.
const AROUND: f32 = 190.0;
/// Letters in letters that are gone back from, one by one.
const DEEPEST: usize = 8;

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// The how many-th attachment is wanted: looked at where that can be, else saved.
    Wanted(usize),
    /// The next one that can be looked at, or the one before.
    Moved(isize),
    /// Something done with what is looked at.
    Did(Did),
    /// From an attached letter to the one that it came with.
    Back,
}

/// An attachment that is looked at.
#[derive(Debug)]
pub struct Preview {
    /// It.
    pub leaf: Leaf,
    /// Of which open letter.
    of: DocId,
    /// Which of its attachments.
    pub at: usize,
    /// Why it cannot be.
    failed: Option<OpenError>,
}

/// Where an attached letter was opened from.
#[derive(Debug)]
enum Outer {
    /// A letter of the mailbox.
    Letter(LetterId),
    /// A file, or a letter in it: it stays open meanwhile.
    File(Box<Open>),
}

/// The way back from an attached letter.
#[derive(Debug, Default)]
pub struct Within {
    /// The letter that is being opened, from within another or back to it.
    coming: Option<DocId>,
    /// What it was opened from.
    outer: Vec<Outer>,
    /// What that is to be once it is open.
    next: Vec<Outer>,
}

/// What an attachment is looked at as. What hides what it is, or runs, is not.
fn looked_at(attachment: &AttachmentLine) -> Option<Inside> {
    match attachment.warning {
        None | Some(AttachmentWarning::Reports) => {
            inside(&attachment.media_type, attachment.name.as_deref())
        }
        Some(_) => None,
    }
}

/// Whether an attachment can be looked at here.
pub(super) fn can_look(attachment: &AttachmentLine) -> bool {
    looked_at(attachment).is_some()
}

impl State {
    /// Something happens to what is attached.
    pub(super) fn of_preview(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Wanted(at) => {
                let attachment = self.open.as_ref().map(|open| &open.letter.report.attachments);
                match attachment.and_then(|all| all.get(at)).map(looked_at) {
                    Some(Some(Inside::Letter)) => self.open_attached(at),
                    Some(Some(_)) => self.look_at(at),
                    Some(None) => self.update(Said::SaveWanted(at)),
                    None => Vec::new(),
                }
            }
            Message::Moved(by) => match self.beside_preview(by) {
                Some(at) => self.look_at(at),
                None => Vec::new(),
            },
            Message::Did(did) => {
                let mut how = self.preview_how();
                let preview = self.preview.as_mut();
                let asked = preview.map_or_else(Vec::new, |shown| shown.leaf.did(did, &mut how));
                asked.into_iter().map(Action::Ask).collect()
            }
            Message::Back => self.back_outside(),
        }
    }

    /// The next attachment that a sheet can show.
    fn beside_preview(&self, by: isize) -> Option<usize> {
        let at = self.preview.as_ref()?.at;
        let all = self.open.as_ref()?.letter.report.attachments.iter();
        let shown: Vec<usize> = all
            .enumerate()
            .filter(|(_, line)| looked_at(line).is_some_and(|kind| kind != Inside::Letter))
            .map(|(at, _)| at)
            .collect();
        let here = shown.iter().position(|other| *other == at)?;
        shown.get(here.checked_add_signed(by)?).copied()
    }

    fn preview_how(&self) -> View {
        let width = self.preview.as_ref().map_or(WIDTH, |shown| shown.leaf.view.width);
        View { width, zoom: 1.0, fit: true, ..self.how() }
    }

    /// The sheet shows this attachment.
    fn look_at(&mut self, at: usize) -> Vec<Action> {
        let mut actions = self.leave_preview();
        let Some(open) = &self.open else { return actions };
        let Some(attachment) = open.letter.report.attachments.get(at) else { return actions };
        let (of, part) = (open.doc, attachment.part);
        let height = self.window.height - AROUND;
        let doc = self.number();
        let view = View { width: WIDTH.min(self.window.width) - 32.0, ..self.preview_how() };
        let otherwise = Words::new(self.language).say("preview-no-picture");
        self.menu = None;
        self.sheet = Some(Sheet::Preview);
        let leaf = Leaf::new(doc, view.width);
        self.preview = Some(Preview { leaf, of, at, failed: None });
        actions.push(Action::Ask(Command::OpenPart { doc, of, part, height, otherwise, view }));
        actions
    }

    /// Nothing is looked at any more.
    fn leave_preview(&mut self) -> Vec<Action> {
        let gone = self.preview.take().map(|shown| Action::Ask(Command::Close(shown.leaf.doc)));
        gone.into_iter().collect()
    }

    /// However its sheet went, what it showed is closed.
    pub(super) fn mind_preview(&mut self) -> Vec<Action> {
        let of = self.open.as_ref().map(|open| open.doc);
        match &self.preview {
            Some(shown) if self.sheet != Some(Sheet::Preview) || of != Some(shown.of) => {
                self.sheet = self.sheet.filter(|sheet| *sheet != Sheet::Preview);
                self.leave_preview()
            }
            _ => Vec::new(),
        }
    }

    /// Whether this is said of what is looked at.
    pub(super) fn is_of_preview(&self, event: &Event) -> bool {
        self.preview.as_ref().is_some_and(|shown| shown.leaf.hears(event))
    }

    pub(super) fn preview_told(&mut self, event: Event) -> Vec<Action> {
        let scale = self.scale;
        let Some(shown) = &mut self.preview else { return Vec::new() };
        if let Event::NotOpened(_, why) = event {
            shown.failed = Some(why);
            return Vec::new();
        }
        shown.leaf.told(event, scale).into_iter().map(Action::Ask).collect()
    }

    /// An attached letter takes the place of the one it came with.
    fn open_attached(&mut self, at: usize) -> Vec<Action> {
        let Some(open) = &self.open else { return Vec::new() };
        let Some(attachment) = open.letter.report.attachments.get(at) else { return Vec::new() };
        if self.within.outer.len() >= DEEPEST {
            return self.update(Said::SaveWanted(at));
        }
        let (of, id, part) = (open.doc, open.id, attachment.part);
        let mut actions = self.cancel_coming();
        let doc = self.number();
        self.within.next = std::mem::take(&mut self.within.outer);
        if let Some(id) = id {
            self.within.next.push(Outer::Letter(id));
        }
        self.begin_within(doc);
        let (height, otherwise) = (0.0, String::new());
        let view = self.how();
        actions.push(Action::Ask(Command::OpenPart { doc, of, part, height, otherwise, view }));
        actions
    }

    fn begin_within(&mut self, doc: DocId) {
        self.coming = Some((doc, None));
        self.within.coming = Some(doc);
        self.not_opened = None;
        self.menu = None;
        self.sheet = None;
    }

    /// Whether an attached letter is open.
    pub(super) fn is_within(&self) -> bool {
        !self.within.outer.is_empty()
    }

    fn back_outside(&mut self) -> Vec<Action> {
        let mut outer = std::mem::take(&mut self.within.outer);
        match outer.pop() {
            Some(Outer::Letter(id)) => {
                let mut actions = self.forget_outer(outer);
                actions.extend(self.open_letter(id));
                actions
            }
            Some(Outer::File(open)) => {
                let mut actions = self.close();
                self.within.outer = outer;
                self.open = Some(*open);
                self.source = None;
                self.source_marked = None;
                actions.extend(self.paint());
                actions
            }
            None => Vec::new(),
        }
    }

    fn forget_outer(&mut self, outer: Vec<Outer>) -> Vec<Action> {
        let files = outer.into_iter().filter_map(|outer| match outer {
            Outer::File(open) => Some(Action::Ask(Command::Close(open.doc))),
            Outer::Letter(_) => None,
        });
        files.collect()
    }

    /// A letter that was asked for is here: the way back goes with it, or is over. The open
    /// one makes room, and stays open where it cannot be read again.
    pub(super) fn comes_within(&mut self, doc: DocId) -> Vec<Action> {
        let before = std::mem::take(&mut self.within);
        if before.coming != Some(doc) {
            let mut all = before.outer;
            all.extend(before.next);
            return self.forget_outer(all);
        }
        self.within.outer = before.next;
        if let Some(open) = self.open.take_if(|open| open.id.is_none()) {
            self.within.outer.push(Outer::File(Box::new(open)));
        }
        Vec::new()
    }

    /// It could not be opened: one is where one was.
    pub(super) fn stays_outside(&mut self, doc: DocId) -> bool {
        let is_it = self.within.coming == Some(doc);
        if is_it {
            self.within.coming = None;
            self.within.outer = std::mem::take(&mut self.within.next);
            if self.open.as_ref().is_some_and(|open| open.id.is_some()) {
                self.within.outer.pop();
            }
        }
        is_it
    }

    /// Above an attached letter: the way back.
    pub(super) fn way_outside<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Said>> {
        self.is_within().then(|| {
            let t = look.tokens;
            let back = icon_button(Icon::Back, t.ink2, Said::Preview(Message::Back), look);
            let back = tip(back, look.say("preview-back"), "Esc", look);
            let line = row![back, words(look.say("preview-within"), size::SECOND, t.ink2)];
            let line = container(line.spacing(8).align_y(Center)).padding([4, 20]).width(Fill);
            column![line.style(theme::area(t.accent_soft)), across(t)].into()
        })
    }

    pub(super) fn preview_sheet<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Said>> {
        let t = look.tokens;
        let shown = self.preview.as_ref()?;
        let attachment = open.letter.report.attachments.get(shown.at)?;
        let name = attachment_said(attachment, look);
        let name: String = name.chars().take(80).collect();
        let about = format!("{} · {}", attachment.media_type, bytes(attachment.size));
        let told = shown.leaf.open.as_ref();
        let drawn = told.is_none_or(|open| open.fallback.is_none());
        let inside: Element<'a, Said> = match (&shown.failed, drawn) {
            (None, true) => {
                let on = |did| Said::Preview(Message::Did(did));
                // A page of it is what is seen of it, without what stands around.
                by_keys(shown.leaf.drawn(self.scale, "preview-coming", on, look)).into()
            }
            _ => container(words(look.say("preview-failed"), size::SECOND, t.ink2))
                .center(Fill)
                .into(),
        };
        let paper =
            container(inside).padding(16).width(Fill).height(Fill).style(theme::area(t.letter));
        let step = |mark, by: isize, name: &str, key| {
            let on = Said::Preview(Message::Moved(by));
            let there = self.beside_preview(by).is_some();
            there.then(|| tip(icon_button(mark, t.ink2, on, look), look.say(name), key, look))
        };
        let save = link_button(look.say("preview-save"), Said::SaveWanted(shown.at), look);
        let foot = row![]
            .push(step(Icon::Up, -1, "preview-before", "←"))
            .push(step(Icon::Down, 1, "preview-next", "→"))
            .push(words(look.say("preview-hint"), size::HINT, t.ink3))
            .push(space().width(Fill))
            .push(tip(save, look.say("preview-save"), "S", look))
            .spacing(6)
            .align_y(Center);
        let foot = container(foot).padding([8, 16]).width(Fill);
        Some(panel(name, about, column![paper, across(t), foot], WIDTH, look))
    }
}

/// Keys of what is looked at.
pub(super) fn pressed(state: &State, key: &Key) -> Option<Said> {
    let shown = state.preview.as_ref().filter(|_| state.sheet == Some(Sheet::Preview))?;
    Some(match key.as_ref() {
        Key::Named(Named::ArrowRight) => Said::Preview(Message::Moved(1)),
        Key::Named(Named::ArrowLeft) => Said::Preview(Message::Moved(-1)),
        Key::Character("s" | "S" | "ㄴ") => Said::SaveWanted(shown.at),
        _ => return None,
    })
}
