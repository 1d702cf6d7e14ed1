//! Import and export among the settings: what begins them, how far one is, what came of it.

use super::super::archives::Message as Archive;
use super::super::archives_said::{archived_said, doing_said, far_said, share};
use super::super::sidebar::progress;
use super::super::{Message as Mail, State};
use super::Section;
use super::view::{block, card};
use crate::engine::protocol::{Archived, Archiving, Doing};
use crate::gui::screen::pieces::{small, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, row};
use iced::{Center, Fill};

impl State {
    /// Whether it is seen here what becomes of an import or export.
    pub(in crate::gui::screen::mail) fn are_archives_shown(&self) -> bool {
        self.preferences.as_ref().is_some_and(|shown| shown.section == Section::Storage)
    }

    pub(super) fn archives_shown<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let archives = &self.archives;
        let mut blocks: Vec<Element<'a, Mail>> = Vec::new();
        if let Some(far) = &archives.job {
            blocks.push(self.far(far, look));
        } else if let Some(last) = &archives.last {
            blocks.push(came(last, look));
        }
        let idle = archives.job.is_none();
        let begin = |mark, name: &str, on: Archive| {
            small(Some(mark), look.say(name), idle.then_some(Mail::Archives(on)), look)
        };
        blocks.push(block(
            look.say("archive-import-title"),
            look.say("archive-import-hint"),
            Some(begin(Icon::Inbox, "archive-import", Archive::ImportWanted)),
            look,
        ));
        blocks.push(block(
            look.say("archive-export-title"),
            look.say("archive-export-hint"),
            Some(begin(Icon::Save, "archive-export", Archive::ExportWanted(None))),
            look,
        ));
        card(blocks, look)
    }

    /// How far the job is that is at work.
    fn far<'a>(&'a self, far: &Archiving, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let stopping = self.archives.stopping;
        let said = match stopping && far.doing != Doing::Tidying {
            true => look.say("archive-stopping"),
            false => doing_said(far.doing, look),
        };
        let stop = (!stopping).then_some(Mail::Archives(Archive::Stopped));
        // There is nothing left that could be stopped.
        let over = far.doing == Doing::Tidying;
        let head = row![
            icon(Icon::Sync, t.accent),
            words(said, size::BODY, t.ink).font(theme::SEMIBOLD).width(Fill),
        ]
        .push((!over).then(|| small(Some(Icon::Close), look.say("archive-stop"), stop, look)))
        .spacing(10)
        .align_y(Center);
        column![head, words(far_said(far, look), size::SECOND, t.ink2)]
            .push(share(far).map(|share| progress(share, t)))
            .spacing(6)
            .into()
    }
}

/// What came of the last one.
fn came<'a>(archived: &Archived, look: Look<'a>) -> Element<'a, Mail> {
    let t = look.tokens;
    let said = archived_said(archived, look);
    let mark = if said.well { icon(Icon::Check, t.accent) } else { icon(Icon::Warn, t.warn) };
    let first = words(said.first, size::BODY, t.ink)
        .font(theme::SEMIBOLD)
        .wrapping(Wrapping::WordOrGlyph)
        .width(Fill);
    let more = said.more.into_iter().map(|more| {
        words(more, size::SECOND, t.ink2).wrapping(Wrapping::WordOrGlyph).width(Fill).into()
    });
    let mut buttons = row![].spacing(6);
    if let Archived::Export(Some(out), ..) = archived {
        let copy = Mail::Copied(out.display().to_string());
        buttons = buttons.push(small(
            Some(Icon::Copy),
            look.say("settings-place-copy"),
            Some(copy),
            look,
        ));
    }
    let forget = Some(Mail::Archives(Archive::Forgotten));
    buttons = buttons.push(small(None, look.say("close"), forget, look));
    column![row![mark, first].spacing(10).align_y(Center)]
        .push(Column::with_children(more).spacing(2))
        .push(buttons)
        .spacing(6)
        .into()
}
