//! The header explained, the journey, the proof of the sender, and what the letter is
//! made of.

use super::open::Open;
use super::sheet::panel;
use super::{Message, State};
use crate::gui::screen::pieces::{bytes, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::privacy::headers::HeaderLine;
use crate::privacy::headers::group::{
    BASIC, CLIENT, COPIED, FORMAT, IDENTITY, ROUTE, SPECIAL, THREAD,
};
use crate::privacy::report::PartLine;
use crate::privacy::route::Hop;
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, container, row, scrollable, space};
use iced::{Center, Color, Fill};

/// Lines of each section that are shown.
const MOST: usize = 200;
/// Characters of a value that are shown.
const VALUE: usize = 600;

impl State {
    pub(super) fn header_sheet<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let report = &open.letter.report;
        let mut body = Column::new().spacing(22).padding(20);
        if !report.warnings.is_empty() {
            let lines = report.warnings.iter().take(MOST).map(|warning| {
                let key = format!("warning-{}", warning.kind);
                let said = look.words.find(&key).unwrap_or_else(|| warning.text.clone());
                let mut said = column![words(said, size::SECOND, t.ink)];
                // Ours says what kind it is, theirs which names are meant.
                let names = names_in(&warning.text);
                if look.words.find(&key).is_some() && !names.is_empty() {
                    let names: String = names.chars().take(VALUE).collect();
                    said = said.push(words(names, size::HINT, t.ink3));
                }
                row![icon(Icon::Warn, t.warn), said.spacing(2).width(Fill)].spacing(10).into()
            });
            let lines = Column::with_children(lines).spacing(10);
            body = body.push(section(look.say("header-odd"), lines, t.warn_soft, look));
        }
        body = body.push(section(look.say("header-proof"), proof(open, look), t.surface, look));
        if !report.hops.is_empty() {
            let hops = report.hops.iter().take(MOST).enumerate();
            let last = report.hops.len().min(MOST) - 1;
            let lines = hops.map(|(at, one)| hop(one, at == last, look));
            let lines = Column::with_children(lines);
            body = body.push(section(look.say("header-route"), lines, t.surface, look));
        }
        let groups: [(&str, &[&str]); 4] = [
            ("header-recipients", &[BASIC, COPIED, SPECIAL]),
            ("header-message", &[IDENTITY, THREAD]),
            ("header-transport", &[ROUTE, CLIENT]),
            ("header-content", &[FORMAT]),
        ];
        for (name, of) in groups {
            let lines: Vec<Element<'a, Message>> = report
                .headers
                .iter()
                .filter(|field| of.contains(&field.group))
                .take(MOST)
                .map(|one| field(one, look))
                .collect();
            if !lines.is_empty() {
                let lines = Column::with_children(lines).spacing(12);
                let title = look.words.say(name);
                body = body.push(section(title, lines, t.surface, look));
            }
        }
        if !report.parts.is_empty() {
            // The whole letter has no number of its own: its parts begin at 1.
            let whole = |one: &PartLine| one.media_type.starts_with("multipart/");
            let below = usize::from(report.parts.first().is_some_and(whole));
            let lines = report.parts.iter().take(MOST).enumerate();
            let lines = lines.map(|(at, one)| part(one, below.min(at), look));
            let lines = Column::with_children(lines).spacing(6);
            body = body.push(section(look.say("header-parts"), lines, t.surface, look));
        }
        let body = scrollable(body).height(Fill).width(Fill).style(theme::scroll(t));
        panel(look.say("header-title"), look.say("header-hint"), body, 680.0, look)
    }
}

fn section<'a>(
    title: String,
    lines: impl Into<Element<'a, Message>>,
    ground: Color,
    look: Look<'a>,
) -> Element<'a, Message> {
    let t = look.tokens;
    let card = container(lines).padding(14).width(Fill).style(theme::card(ground, t.line, 10.0));
    column![words(title, size::BODY, t.ink).font(theme::SEMIBOLD), card].spacing(8).into()
}

fn field<'a>(field: &HeaderLine, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let value: String = field.value.chars().take(VALUE).collect();
    let name: String = field.name.chars().take(60).collect();
    let mut said = column![
        words(name, size::HINT, t.accent).font(theme::SEMIBOLD),
        words(value, size::SECOND, t.ink).wrapping(Wrapping::WordOrGlyph),
    ]
    .spacing(1);
    if let Some(note) = note(field, look) {
        said = said.push(words(note, size::HINT, t.ink3));
    }
    said.into()
}

/// What a field is for: by its name, by how its name begins, else as it was said.
fn note(field: &HeaderLine, look: Look<'_>) -> Option<String> {
    let name = field.name.trim().to_ascii_lowercase();
    let known = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let own = known.then(|| look.words.find(&format!("field-{name}"))).flatten();
    let family = || {
        let mut beginning = name.as_str();
        while let Some((shorter, _)) = beginning.rsplit_once('-').filter(|_| known) {
            if let Some(said) = look.words.find(&format!("field-family-{shorter}")) {
                return Some(said);
            }
            beginning = shorter;
        }
        None
    };
    own.or_else(family).or_else(|| field.note.map(str::to_owned))
}

fn hop<'a>(hop: &Hop, last: bool, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let unknown = || look.say("hop-unknown");
    let from = hop.from.clone().or_else(|| hop.ip.clone()).unwrap_or_else(unknown);
    let by = hop.by.clone().unwrap_or_else(unknown);
    let mut about = Vec::new();
    if let Some(at) = hop.at {
        about.push(look.clock.long(look.words, at));
    }
    match hop.delay_s {
        Some(delay @ 0..) => {
            let stretch = time::stretch(look.words, delay);
            about.push(look.words.say_with("hop-delay", &[("stretch", stretch.into())]));
        }
        Some(_) => about.push(look.say("hop-back")),
        None => {}
    }
    if let Some(with) = &hop.with {
        about.push(with.chars().take(40).collect());
    }
    let (mark, ink, said) = match hop.tls {
        Some(true) => (Icon::Lock, t.accent, look.say("hop-encrypted")),
        Some(false) => (Icon::Unlock, t.warn, look.say("hop-open")),
        None => (Icon::Info, t.ink3, look.say("hop-tls-unknown")),
    };
    let leg: Element<'a, Message> = if last {
        space().height(0).into()
    } else {
        container(space()).width(2).height(Fill).style(theme::area(t.line)).into()
    };
    let rail = column![icon(mark, ink), leg].spacing(4).align_x(Center).width(18);
    let told = column![
        line(format!("{from} → {by}"), size::SECOND, t.ink).font(theme::SEMIBOLD),
        words(about.join(" · "), size::HINT, t.ink3),
        words(said, size::HINT, ink),
    ]
    .spacing(2)
    .width(Fill);
    row![rail, told].spacing(10).height(if last { 58 } else { 72 }).into()
}

fn proof<'a>(open: &Open, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let auth = &open.letter.report.auth;
    let trusted = auth.claims.iter().any(|claim| claim.trusted);
    let said = if auth.claims.is_empty() {
        look.say("proof-none")
    } else if trusted {
        look.say("proof-server")
    } else {
        look.say("proof-foreign")
    };
    let mut lines = column![words(said, size::SECOND, t.ink2)].spacing(6);
    for claim in auth.claims.iter().take(20) {
        let (ink, ground) = match (claim.trusted, claim.result.as_str()) {
            (true, "pass") => (t.accent, t.accent_soft),
            (true, "fail" | "permerror") => (t.bad, t.bad_soft),
            _ => (t.ink2, t.paper),
        };
        let method = claim.method.to_uppercase().chars().take(12).collect::<String>();
        let result: String = claim.result.chars().take(16).collect();
        let mut about = Vec::new();
        about.extend(claim.domain.clone());
        if let Some(server) = &claim.server {
            about.push(look.words.say_with("proof-says", &[("server", server.as_str().into())]));
        }
        let row = row![
            tag(None, format!("{method} {result}"), ink, ground),
            line(about.join(" · "), size::HINT, t.ink3)
        ];
        lines = lines.push(row.spacing(8).align_y(Center));
    }
    lines.into()
}

/// A part, this deep below the whole letter, and deeper by its number.
fn part<'a>(part: &PartLine, below: usize, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let depth = (below + part.path.matches('.').count()).min(8) as f32;
    let mut about: Vec<String> = Vec::new();
    about.extend(part.name.clone());
    about.extend(part.charset.clone());
    if !part.encoding.is_empty() {
        about.push(part.encoding.chars().take(24).collect());
    }
    let kind: String = part.media_type.chars().take(60).collect();
    row![
        space().width(depth * 16.0),
        tight(kind, size::SECOND, t.ink, theme::SEMIBOLD),
        line(about.join(" · "), size::HINT, t.ink3),
        tight(bytes(part.size), size::HINT, t.ink2, theme::REGULAR),
    ]
    .spacing(10)
    .align_y(Center)
    .into()
}

/// The addresses and hosts that a sentence names.
fn names_in(sentence: &str) -> String {
    let names = sentence.split_whitespace().filter_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let inner = word.contains('@') || word.contains('.');
        inner.then_some(word)
    });
    names.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn of_a_sentence_the_names_are_left() {
        let said = "Its author is at a.example, but failures go to b-c.example.kr.";
        assert_eq!(names_in(said), "a.example · b-c.example.kr");
        assert_eq!(
            names_in("Answers go to <x@y.example>, not to 민지@z.example."),
            "x@y.example · 민지@z.example"
        );
        assert_eq!(names_in("It has no date."), "");
    }
}
