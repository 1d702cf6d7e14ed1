//! The letter as its reader will see it, drawn by our own engine.

use super::{Action, State};
use crate::engine::protocol::{Command, Event};
use crate::gui::screen::mail::leaf::Leaf;
use crate::gui::widget::letter::Did;

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
        self.preview = Some(Leaf::new(doc, self.how.width));
        actions.push(Action::Ask(Command::OpenDraft(doc, draft, self.how)));
        actions
    }

    /// Whether this is of the preview.
    pub fn has_doc(&self, event: &Event) -> bool {
        self.preview.as_ref().is_some_and(|preview| preview.hears(event))
    }

    /// The engine says something of the preview.
    pub(super) fn previewed(&mut self, event: Event) -> Vec<Action> {
        let scale = self.how.scale;
        let preview = self.preview.as_mut();
        let asked = preview.map_or_else(Vec::new, |preview| preview.told(event, scale));
        asked.into_iter().map(Action::Ask).collect()
    }

    /// Something is done with the preview.
    pub(super) fn preview_did(&mut self, did: Did) -> Vec<Action> {
        let Some(preview) = &mut self.preview else { return Vec::new() };
        preview.did(did, &mut self.how).into_iter().map(Action::Ask).collect()
    }
}
