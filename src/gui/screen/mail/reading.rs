//! What is done in the letter that is read: pointed at, marked, searched, scrolled, made larger;
//! its pictures shown, what is attached saved. What can be seen of it is asked to be painted.

use super::deeds::SEEN_AFTER;
use super::open::{Find, Open, Seen, Wanted};
use super::saving::SaveAs;
use super::{Action, Due, Field, Message, Sheet, State};
use crate::engine::protocol::Command;
use crate::gui::theme::Mode;
use crate::gui::widget::letter::Did;
use crate::html::clean::Scheme;
use crate::html::worker::protocol::{Hit, Rect, Select, View};
use crate::model::{Flags, Reason, Rule, Scope, Verdict};
use iced::Vector;

/// Steps of zoom.
const ZOOMS: [f32; 11] = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 3.0];
/// Narrowest column a letter is laid out in.
const NARROWEST: f32 = 240.0;

impl State {
    /// What is done with the open letter.
    pub(super) fn of_open(&mut self, message: Message) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let doc = open.doc;
        let ask = |command| vec![Action::Ask(command)];
        match message {
            Message::ShownOnce => ask(Command::ShowOnce(doc)),
            Message::Trusted(trust) => {
                self.menu = None;
                ask(Command::Trust(doc, trust))
            }
            Message::TakenBack => match take_back(open) {
                Some(rule) => ask(Command::Forget(rule)),
                None => ask(Command::HideAgain(doc)),
            },
            Message::AllowedByHand(url) => ask(Command::AllowByHand(doc, url)),
            Message::CharsetChosen(charset) => {
                self.menu = None;
                open.charset.clone_from(&charset);
                ask(Command::Charset(doc, charset))
            }
            Message::SaveWanted(at) => match open.letter.report.attachments.get(at) {
                Some(attachment) if attachment.warning.is_some() => {
                    self.sheet = Some(Sheet::Attachment(at));
                    Vec::new()
                }
                Some(attachment) => {
                    let name = attachment.name.clone().unwrap_or_default();
                    vec![Action::Save(doc, attachment.part, name)]
                }
                None => Vec::new(),
            },
            Message::SaveConfirmed(at) => {
                self.sheet = None;
                let attachment = open.letter.report.attachments.get(at);
                attachment.map_or_else(Vec::new, |attachment| {
                    let name = attachment.name.clone().unwrap_or_default();
                    vec![Action::Save(doc, attachment.part, name)]
                })
            }
            Message::SaveAsWanted(at) => {
                let asked = Some(Sheet::Attachment(at));
                let attached = open.letter.report.attachments.get(at);
                if attached.is_some_and(|a| a.warning.is_some()) && self.sheet != asked {
                    (self.menu, self.sheet) = (None, asked);
                    return Vec::new();
                }
                self.sheet = None;
                self.choose_place(doc, SaveAs::Attachment(at))
            }
            Message::FindOpened => {
                if open.find.is_none() {
                    open.find = Some(Find::default());
                }
                vec![Action::Focus(Field::Find)]
            }
            Message::FindTyped(text) => {
                let empty = text.is_empty();
                open.find = Some(Find { text: text.clone(), ..Find::default() });
                if empty { Vec::new() } else { ask(Command::Find(doc, text)) }
            }
            Message::FindMoved(by) => {
                if let Some(find) = &mut open.find
                    && !find.places.is_empty()
                {
                    let count = find.places.len() as isize;
                    let here = (find.here as isize + by).rem_euclid(count);
                    find.here = here.unsigned_abs();
                }
                self.reveal_found();
                self.paint()
            }
            Message::FindClosed => {
                open.find = None;
                Vec::new()
            }
            Message::Marked(_, marked) => {
                open.marked = marked;
                Vec::new()
            }
            Message::SelectionCopied if open.laid.is_none() => {
                let copied = open.marked.map(|marked| Action::Copy(open.text.text(marked)));
                copied.into_iter().collect()
            }
            Message::AllSelected if open.laid.is_none() => {
                open.marked = open.text.all();
                Vec::new()
            }
            Message::SelectionCopied if open.selected.1.is_empty() => Vec::new(),
            Message::SelectionCopied => vec![Action::Copy(open.selected.1.clone())],
            Message::AllSelected => ask(Command::Select(doc, Select::All)),
            _ => Vec::new(),
        }
    }

    pub(super) fn letter(&mut self, did: Did) -> Vec<Action> {
        if let Did::Sized(size) = did {
            let wider = (size.width - self.view.width).abs() > 0.5;
            self.view = size;
            return if wider { self.look_again() } else { self.paint() };
        }
        if let Did::Zoomed(notches) = did {
            return self.zoom(if notches > 0.0 { 1 } else { -1 });
        }
        self.in_letter |= matches!(did, Did::Clicked(_) | Did::Dragged(..) | Did::Word(_));
        let (view, scale) = (self.view, self.scale);
        let stack = self.is_stack();
        if let Did::ScrolledBy(by) = did
            && stack
        {
            self.stack_by(by.y);
        }
        if let Did::Seen(top, height, begins) = did {
            return self.letter_seen(Seen { top, height, begins });
        }
        let Some(open) = &mut self.open else { return Vec::new() };
        let doc = open.doc;
        let select = |select| vec![Action::Ask(Command::Select(doc, select))];
        match did {
            Did::Scrolled(offset) => {
                open.offset = offset;
                self.paint()
            }
            Did::ScrolledBy(by) => {
                let down = if stack { 0.0 } else { by.y };
                open.scroll(Vector::new(by.x, down), view, scale);
                self.paint()
            }
            Did::Clicked(at) => {
                open.wanted = Some((at, Wanted::Followed));
                open.stop = None;
                let mut actions = vec![Action::Ask(Command::Hit(doc, at))];
                if !open.selected.0.is_empty() {
                    open.selected = (Vec::new(), String::new());
                    actions.extend(select(Select::None));
                }
                actions
            }
            Did::Dragged(from, to) => select(Select::Range(from, to)),
            Did::Word(at) => select(Select::Word(at)),
            Did::Paragraph(at) => select(Select::Paragraph(at)),
            Did::Menu(at, inside) => {
                open.wanted = Some((at, Wanted::Menu(inside)));
                vec![Action::Ask(Command::Hit(doc, at))]
            }
            // A click is being asked about: its answer must not be skipped.
            Did::Over(Some(at)) if open.wanted.is_none() => {
                vec![Action::Ask(Command::Hit(doc, at))]
            }
            Did::Over(None) => {
                open.under = Hit::default();
                Vec::new()
            }
            Did::Over(_) | Did::Sized(_) | Did::Seen(..) | Did::Zoomed(_) => Vec::new(),
        }
    }

    /// So much of the letter is seen, where others stand above and below it.
    fn letter_seen(&mut self, seen: Seen) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let (doc, id) = (open.doc, open.id);
        let before = open.seen.is_none() || open.is_out_of_sight();
        open.looked_at(seen);
        let comes = before && !open.is_out_of_sight();
        let mut actions = self.paint();
        if comes && id.is_some_and(|id| !self.flags_in_stack(id).has(Flags::SEEN)) {
            actions.push(Action::Later(Due::Seen(doc), SEEN_AFTER));
        }
        actions
    }

    /// Brings what was found into sight.
    pub(super) fn reveal_found(&mut self) {
        if let Some(rect) = self.open.as_ref().and_then(Open::found) {
            self.reveal_in_letter(rect);
        }
    }

    /// Brings a place of the open letter into sight.
    pub(super) fn reveal_in_letter(&mut self, rect: Rect) {
        let (view, scale) = (self.view, self.scale);
        let stack = self.is_stack();
        let Some(open) = &mut self.open else { return };
        if !stack {
            open.reveal(rect, view, scale);
            return;
        }
        let (Some(laid), Some(seen)) = (open.laid, open.seen) else { return };
        let down = seen.begins + rect.y * laid.factor / scale;
        if down < 24.0 || down > self.stack.height - 48.0 {
            self.stack_by(down - self.stack.height / 3.0);
        }
    }

    pub(super) fn zoom(&mut self, step: i8) -> Vec<Action> {
        let at = ZOOMS.iter().position(|zoom| (*zoom - self.zoom).abs() < 0.01).unwrap_or(4);
        let at = match step {
            0 => 4,
            1.. => (at + 1).min(ZOOMS.len() - 1),
            _ => at.saturating_sub(1),
        };
        self.zoom = ZOOMS.get(at).copied().unwrap_or(1.0);
        self.look_again()
    }

    /// Another width, zoom or scheme.
    pub(super) fn look_again(&mut self) -> Vec<Action> {
        let how = self.how();
        let open = self.open.as_ref().map(|open| open.doc);
        let coming = self.coming.map(|(doc, _)| doc);
        let open = open.into_iter().chain(self.stack.beside.iter().map(|open| open.doc));
        let coming = coming.into_iter().chain(self.stack.coming.iter().map(|(doc, _)| *doc));
        open.chain(coming).map(|doc| Action::Ask(Command::View(doc, how))).collect()
    }

    pub(super) fn paint(&mut self) -> Vec<Action> {
        let (view, scale) = (self.view, self.scale);
        if !self.is_stack()
            && let Some(open) = &mut self.open
        {
            open.seen = None;
        }
        let mut actions = if self.is_stack() { self.texts_seen() } else { Vec::new() };
        let open = self.open.iter_mut().chain(&mut self.stack.beside);
        actions.extend(open.flat_map(|open| open.paint(view, scale)).map(Action::Ask));
        actions
    }

    /// How letters are looked at now.
    pub(super) fn how(&self) -> View {
        View {
            width: self.view.width.max(NARROWEST),
            scale: self.scale,
            zoom: self.zoom,
            scheme: match self.mode {
                Mode::Light => Scheme::Light,
                Mode::Dark => Scheme::Dark,
            },
            fit: self.zoom <= 1.0,
        }
    }

    /// Columns of text that fit beside each other.
    pub(super) fn columns(&self) -> usize {
        ((self.view.width - 40.0) / 7.6).clamp(24.0, 100.0) as usize
    }

    pub(super) fn cancel_coming(&mut self) -> Vec<Action> {
        let coming = self.coming.take();
        coming.map(|(doc, _)| Action::Ask(Command::Close(doc))).into_iter().collect()
    }

    pub(super) fn close(&mut self) -> Vec<Action> {
        let mut actions = self.leave_stack();
        let open = self.open.take();
        actions.extend(open.map(|open| Action::Ask(Command::Close(open.doc))));
        actions
    }
}

/// The rule that must go for the pictures to be hidden, or shown, again; `None` when
/// it was this time only.
pub(super) fn take_back(open: &Open) -> Option<Rule> {
    let ledger = &open.ledger;
    let rules = &ledger.rules;
    let never = rules.iter().find(|rule| matches!(rule.scope, Scope::Never(_)));
    if never.is_some() {
        return never.cloned();
    }
    ledger.ledger.entries.iter().find_map(|entry| match entry.verdict {
        Verdict::Allow(Reason::Sender) => {
            rules.iter().find(|rule| matches!(rule.scope, Scope::Sender(_))).cloned()
        }
        Verdict::Allow(Reason::Domain) => {
            rules.iter().find(|rule| matches!(rule.scope, Scope::Domain(_))).cloned()
        }
        _ => None,
    })
}
