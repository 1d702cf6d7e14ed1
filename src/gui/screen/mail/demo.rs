//! The demo's strip: what the tracker of the sample letters has just learned.

use super::learned::learned_said;
use super::{Message, State};
use crate::demo::{Hit, HitKind, Reader};
use crate::gui::screen::pieces::{across, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::{Tracker, TrackerKind};
use iced::widget::{Column, column, container, row, space};
use iced::{Center, Fill};

/// Hits told one by one.
const TOLD: usize = 3;

impl State {
    pub(super) fn demo<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let hits = self.hits.as_ref()?;
        let count = i64::try_from(hits.len()).unwrap_or(i64::MAX);
        let quiet = hits.is_empty();
        let (ink, ground) = if quiet { (t.accent, t.accent_soft) } else { (t.warn, t.warn_soft) };
        let title = look.words.say_with("demo-count", &[("count", count.into())]);
        let hint = look.say(if quiet { "demo-quiet" } else { "demo-told" });
        let head = row![
            icon(if quiet { Icon::Shield } else { Icon::Eye }, ink),
            words(title, size::SECOND, ink).font(theme::BOLD),
            words(hint, size::HINT, t.ink2),
            space().width(Fill),
            words(look.say("demo-name"), size::HINT, t.ink3),
        ]
        .spacing(10)
        .align_y(Center);
        let mut strip = column![head].spacing(3);
        let lines = grouped(hits).into_iter().map(|(hit, count)| told(hit, count, look));
        strip = strip.push(Column::with_children(lines).spacing(2));
        let strip = container(strip).padding([7, 14]).width(Fill).style(theme::area(ground));
        Some(column![across(t), strip].into())
    }
}

/// The newest hits; several of a kind for one letter are one line.
fn grouped(hits: &[Hit]) -> Vec<(&Hit, usize)> {
    let mut told: Vec<(&Hit, usize)> = Vec::new();
    for hit in hits.iter().rev() {
        let same = |(one, _): &(&Hit, usize)| {
            one.kind == hit.kind && one.letter == hit.letter && one.reader == hit.reader
        };
        let known = told.iter().position(same);
        match known {
            Some(at) => {
                if let Some((_, count)) = told.get_mut(at) {
                    *count += 1;
                }
            }
            None if told.len() == TOLD => break,
            None => told.push((hit, 1)),
        }
    }
    told
}

fn told<'a>(hit: &Hit, count: usize, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let letter: String = hit.letter.chars().take(60).collect();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let time = look.clock.exact(hit.at);
    // What its owner has in the log now, by what the address said of the reader.
    let kind = match hit.reader {
        Reader::Nobody => TrackerKind::Invisible,
        Reader::Token | Reader::Address => TrackerKind::Token,
    };
    let what = learned_said(&Tracker { service: None, kind }, look);
    let args = [
        ("letter", letter.into()),
        ("time", time.into()),
        ("count", count.into()),
        ("what", what.into()),
    ];
    let said = match hit.kind {
        HitKind::Pixel => look.words.say_with("demo-pixel", &args),
        HitKind::Picture => look.words.say_with("demo-picture", &args),
        HitKind::Other => look.words.say_with("demo-other", &args),
    };
    row![space().width(26), line(said, size::HINT, t.ink2)].into()
}
