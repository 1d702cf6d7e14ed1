//! What is attached: saved on request, never opened; what may report its opening is
//! said before it lies on the disk.

use super::open::Open;
use super::preview::{Message as Preview, can_look};
use super::sheet::{answers, dialogue};
use super::tools::tip;
use super::{Message, State};
use crate::gui::screen::pieces::{bytes, link_button, main_button, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::keys::keys;
use crate::gui::widget::reach::reach;
use crate::privacy::report::{AttachmentLine, AttachmentWarning};
use iced::widget::{Row, button, column, container, row, scrollable, space};
use iced::{Center, Fill, Padding};

/// Attachments shown; a letter with more of them says how many.
const MOST: usize = 100;
/// Height of one in logical pixels.
const CHIP: f32 = 32.0;
/// Between one and the next, beside it or below.
const GAP: f32 = 8.0;
/// As high as they stand at most: of what is further down so much is seen that one scrolls.
const HIGHEST: f32 = 3.5 * CHIP + 3.0 * GAP;
/// What a name leaves of the letter's width to what stands around it.
const BESIDE_NAME: f32 = 260.0;

impl State {
    pub(super) fn attachment_strip<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let attachments = &open.letter.report.attachments;
        if attachments.is_empty() {
            return None;
        }
        // A long one ends in …; what it weighs is still seen.
        let widest = (self.letter_width() - BESIDE_NAME).clamp(80.0, 320.0);
        let chips = attachments.iter().take(MOST).enumerate().map(|(at, attachment)| {
            let name = attachment_said(attachment, look);
            let mark = match attachment.warning {
                Some(_) => icon(Icon::Warn, t.warn),
                None => icon(Icon::Clip, t.ink2),
            };
            let name = tight(name, size::HINT, t.ink, theme::SEMIBOLD);
            let inside = row![
                mark,
                container(name).max_width(widest),
                tight(bytes(attachment.size), size::HINT, t.ink3, theme::REGULAR),
            ]
            .push((!can_look(attachment)).then(|| icon(Icon::Save, t.ink3).size(14.0)))
            .spacing(7)
            .align_y(Center);
            let wanted = Message::Preview(Preview::Wanted(at));
            let chip = button(container(inside).center_y(Fill)).padding([0, 10]).height(CHIP);
            let saved = |under: Element<'a, Message>| match self.chooser {
                true => tip(under, look.say("attachment-tip"), "Shift+Enter", look),
                false => under,
            };
            let elsewhere = Message::SaveAsWanted(at);
            if !can_look(attachment) {
                let chip = chip.style(theme::plain(t)).on_press(wanted.clone());
                return saved(reach(chip, Some(wanted), t.accent).aside(elsewhere).into());
            }
            // What can be looked at is looked at, and has a button of its own to be saved.
            let chip = chip.style(theme::quiet(t, t.ink)).on_press(wanted.clone());
            let chip = reach(chip, Some(wanted), t.accent).aside(elsewhere.clone());
            let chip = tip(chip, look.say("preview-look"), "", look);
            let mark = container(icon(Icon::Save, t.ink2).size(14.0)).center(Fill);
            let on = Message::SaveWanted(at);
            let save = button(mark).padding(0).width(28).height(28).style(theme::quiet(t, t.ink2));
            let save = save.on_press(on.clone());
            let save = saved(reach(save, Some(on), t.accent).aside(elsewhere).into());
            container(row![chip, save].align_y(Center))
                .padding(Padding::ZERO.right(2))
                .height(CHIP)
                .style(theme::card(t.surface, t.line, 8.0))
                .into()
        });
        let mut chips = Row::with_children(chips).spacing(GAP).align_y(Center);
        if let Some(more @ 1..) = attachments.len().checked_sub(MOST) {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            let said = look.words.say_with("attachment-more", &[("count", more.into())]);
            chips = chips.push(words(said, size::HINT, t.ink3));
        }
        let chips = scrollable(chips.width(Fill).wrap().vertical_spacing(GAP))
            .direction(scrollable::Direction::Vertical(
                scrollable::Scrollbar::new().width(4).scroller_width(4),
            ))
            .width(Fill)
            .style(theme::scroll(t));
        let chips = keys(chips, |_, _| None, |_, _| None).with_arrows();
        let chips = container(chips).max_height(HIGHEST);
        if attachments.len() < 2 {
            return Some(chips.into());
        }
        let all = Message::Saving(super::saving::Message::All);
        let all = link_button(look.say("attachment-save-all"), all, look);
        let all = tip(all, look.say("attachment-save-all"), "Ctrl+Shift+S", look);
        // Beside the first of them, however many lines there are.
        Some(row![chips, container(all).center_y(CHIP)].spacing(GAP).into())
    }

    pub(super) fn attachment_dialogue<'a>(
        &'a self,
        open: &'a Open,
        at: usize,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let attachment = open.letter.report.attachments.get(at)?;
        let name = attachment_said(attachment, look);
        let name: String = name.chars().take(200).collect();
        let said = warning_said(attachment.warning?, look);
        let about = format!("{} · {}", attachment.media_type, bytes(attachment.size));
        let on = Some(Message::SaveConfirmed(at));
        let save = main_button(Some(Icon::Save), look.say("attachment-save"), on, look);
        let elsewhere = self
            .chooser
            .then(|| link_button(look.say("attachment-save-as"), Message::SaveAsWanted(at), look));
        let body = column![
            words(name, size::SECTION, t.ink)
                .font(theme::SEMIBOLD)
                .wrapping(iced::widget::text::Wrapping::WordOrGlyph),
            words(about, size::HINT, t.ink3),
            space().height(4),
            row![icon(Icon::Warn, t.warn), words(said, size::SECOND, t.ink2)].spacing(10),
            words(look.say("attachment-hint"), size::HINT, t.ink3),
            space().height(6),
            answers(row![].push(elsewhere).push(save).spacing(8).align_y(Center).into(), look),
        ]
        .spacing(8);
        Some(dialogue(body, 480.0, look))
    }
}

/// What an attachment is called, also where it has no name.
pub(super) fn attachment_said(attachment: &AttachmentLine, look: Look<'_>) -> String {
    attachment.name.clone().unwrap_or_else(|| look.say("attachment-unnamed"))
}

pub(super) fn warning_said(warning: AttachmentWarning, look: Look<'_>) -> String {
    look.say(match warning {
        AttachmentWarning::Disguised => "attachment-disguised",
        AttachmentWarning::ProgramDisguised => "attachment-program-disguised",
        AttachmentWarning::Program => "attachment-program",
        AttachmentWarning::Macros => "attachment-macros",
        AttachmentWarning::Reports => "attachment-reports",
    })
}
