//! The letter as its reader will see it, drawn by our own engine.

use super::{Action, State};
use crate::engine::protocol::{Command, Event};
use crate::gui::screen::mail::open::Open;
use crate::gui::widget::letter::Did;
use crate::html::worker::protocol::DocId;
use iced::{Size, Vector};

/// A preview.
#[derive(Debug)]
pub struct Preview {
    /// Its number at the engine.
    pub doc: DocId,
    /// It, once it has come.
    pub open: Option<Open>,
    /// Size of its view in logical pixels.
    pub view: Size,
}

impl State {
    /// Writes, or looks at it.
    pub(super) fn switch_preview(&mut self) -> Vec<Action> {
        if let Some(preview) = self.preview.take() {
            return vec![
                Action::Ask(Command::Close(preview.doc)),
                Action::Focus(super::Field::Body),
            ];
        }
        let Some(draft) = self.draft else { return Vec::new() };
        let mut actions = self.save();
        self.next_doc = self.next_doc.wrapping_add(1);
        let doc = self.next_doc;
        self.preview = Some(Preview { doc, open: None, view: Size::new(self.how.width, 400.0) });
        actions.push(Action::Ask(Command::OpenDraft(doc, draft, self.how)));
        actions
    }

    /// Whether this is of the preview.
    pub fn has_doc(&self, event: &Event) -> bool {
        let Some(doc) = self.preview.as_ref().map(|preview| preview.doc) else { return false };
        match event {
            Event::Opened(of, _)
            | Event::NotOpened(of, _)
            | Event::Laid(of, _)
            | Event::Redrawn(of, _)
            | Event::Ledger(of, _)
            | Event::Tile(of, _)
            | Event::Hit(of, ..)
            | Event::Selection(of, ..) => *of == doc,
            _ => false,
        }
    }

    /// The engine says something of the preview.
    pub(super) fn previewed(&mut self, event: Event) -> Vec<Action> {
        let scale = self.how.scale;
        let Some(preview) = &mut self.preview else { return Vec::new() };
        match event {
            Event::Opened(doc, letter) => preview.open = Some(Open::new(doc, letter)),
            Event::Laid(_, laid) => {
                if let Some(open) = &mut preview.open {
                    open.laid_out(laid, preview.view, scale);
                }
            }
            Event::Redrawn(_, redrawn) => {
                if let (Some(open), Some(laid)) = (&mut preview.open, redrawn.laid) {
                    open.laid_out(laid, preview.view, scale);
                }
            }
            Event::Tile(_, tile) => {
                if let Some(open) = &mut preview.open {
                    open.painted(&tile);
                }
            }
            _ => {}
        }
        self.paint()
    }

    /// Something is done with the preview.
    pub(super) fn preview_did(&mut self, did: Did) -> Vec<Action> {
        let Some(preview) = &mut self.preview else { return Vec::new() };
        match did {
            Did::Sized(size) => {
                let wider = (size.width - preview.view.width).abs() > 0.5;
                preview.view = size;
                self.how.width = size.width.max(240.0);
                if wider {
                    return vec![Action::Ask(Command::View(preview.doc, self.how))];
                }
            }
            Did::Scrolled(offset) => {
                if let Some(open) = &mut preview.open {
                    open.offset = offset;
                }
            }
            Did::ScrolledBy(by) => self.scroll_preview(by),
            _ => {}
        }
        self.paint()
    }

    fn scroll_preview(&mut self, by: Vector) {
        let scale = self.how.scale;
        if let Some(preview) = &mut self.preview
            && let Some(open) = &mut preview.open
        {
            open.scroll(by, preview.view, scale);
        }
    }

    fn paint(&mut self) -> Vec<Action> {
        let scale = self.how.scale;
        let Some(preview) = &mut self.preview else { return Vec::new() };
        let view = preview.view;
        let asked = preview.open.as_mut().map_or_else(Vec::new, |open| open.paint(view, scale));
        asked.into_iter().map(Action::Ask).collect()
    }
}
