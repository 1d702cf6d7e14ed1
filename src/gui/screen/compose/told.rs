//! What the engine says of the letter that is written: it begins, is kept, is looked through, and
//! given away.

use super::{Action, Due, Field, LOOKED, Left, Line, Stage, State};
use crate::engine::protocol::{Command, Event, When, Writing};
use crate::model::DraftBody;
use iced::widget::text_editor::Content;

impl State {
    /// The engine says something.
    pub(super) fn told(&mut self, event: Event) -> Vec<Action> {
        if self.has_doc(&event) {
            return self.previewed(event);
        }
        let own = |draft| self.draft == Some(draft);
        match event {
            Event::Writing(id, begun) if id == self.id && self.stage == Stage::Coming => {
                match begun {
                    Ok(writing) => self.begin(*writing),
                    Err(why) => vec![Action::Leave(Left::NotBegun(why))],
                }
            }
            Event::DraftSaved(draft, edits) if own(draft) => {
                self.saved = self.saved.max(edits);
                Vec::new()
            }
            Event::DraftNotSaved(draft, why) if own(draft) => {
                // It is tried again with the next change, or the next try to send.
                self.sent = self.saved;
                self.attaching = 0;
                self.problem = Some(why);
                self.stage = Stage::Writing;
                Vec::new()
            }
            // That there is one now is no wish to use it.
            Event::ReceiptServerSet(_, Ok((server, _))) => {
                self.receipt_server = Some(server);
                Vec::new()
            }
            Event::Files(draft, files, failed) if own(draft) => {
                self.files = files;
                self.attaching = self.attaching.saturating_sub(1);
                // A letter does not go without a file that was to be in it.
                if !failed.is_empty() && matches!(self.stage, Stage::Looking(_) | Stage::Asking(_))
                {
                    self.stage = Stage::Writing;
                }
                self.failed.extend(failed);
                vec![Action::Later(Due::Look(self.id, self.edits), LOOKED)]
            }
            Event::Preflight(draft, edits, version, findings) if own(draft) => {
                // Of a letter that is asked about, what was found stands.
                if matches!(self.stage, Stage::Asking(_) | Stage::Giving(_)) {
                    return Vec::new();
                }
                self.findings = findings;
                let sending = matches!(self.stage, Stage::Looking(_));
                // What was looked through before the last change, or before that was kept, is
                // not what goes.
                if sending && (edits != self.edits || !self.is_saved()) {
                    return Vec::new();
                }
                self.looked = version;
                match self.stage {
                    Stage::Looking(when) if self.asked().next().is_none() => self.give(when),
                    Stage::Looking(when) => {
                        self.stage = Stage::Asking(when);
                        Vec::new()
                    }
                    _ => Vec::new(),
                }
            }
            Event::Given(draft, given) if own(draft) => match given {
                Ok((letter, at)) => {
                    let at = matches!(self.stage, Stage::Giving(When::At(_))).then_some(at);
                    let mut actions = self.close_preview();
                    actions.push(Action::Leave(Left::Given(letter, at)));
                    actions
                }
                Err(why) => {
                    self.stage = Stage::Writing;
                    self.problem = Some(why);
                    Vec::new()
                }
            },
            // It is not sent unseen.
            Event::NotLookedThrough(draft, why) if own(draft) => {
                if matches!(self.stage, Stage::Looking(_)) {
                    self.stage = Stage::Writing;
                    self.problem = Some(why);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn begin(&mut self, writing: Writing) -> Vec<Action> {
        let Writing { row, identities, left_out, receipt_server } = writing;
        let mut draft = row.draft;
        self.draft = Some(row.id);
        self.account = row.account;
        self.identities = identities;
        self.left_out = left_out;
        self.receipt_server = receipt_server;
        self.files = row.files;
        self.to.list = std::mem::take(&mut draft.to);
        self.cc.list = std::mem::take(&mut draft.cc);
        self.bcc.list = std::mem::take(&mut draft.bcc);
        self.cc_shown = !self.cc.list.is_empty();
        self.bcc_shown = !self.bcc.list.is_empty();
        self.subject = std::mem::take(&mut draft.subject);
        let body = std::mem::take(&mut draft.body);
        let text = match &body {
            DraftBody::Text(text) | DraftBody::Marked(text) => text.clone(),
            DraftBody::Html { text, .. } => text.clone().unwrap_or_default(),
        };
        self.plain = matches!(body, DraftBody::Text(_));
        self.html = matches!(body, DraftBody::Html { .. }).then_some(body);
        self.body = Content::with_text(&text);
        if let Some(pixel) = &draft.receipt.pixel {
            self.notice.clone_from(&pixel.notice);
        }
        self.kept = draft;
        self.stage = Stage::Writing;
        let signed = !self.kept.identity.signature.is_empty();
        let other = self.write_as_known(signed);
        let field = match self.to.list.is_empty() {
            true => Field::People(Line::To),
            false if self.subject.is_empty() => Field::Subject,
            false => Field::Body,
        };
        let mut actions = vec![Action::Focus(field)];
        if other {
            actions.extend(self.edited());
        }
        let looks = self.draft.map(|draft| Action::Ask(Command::Preflight(draft, self.edits)));
        actions.extend(looks);
        actions
    }
}
