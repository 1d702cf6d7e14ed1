//! A link before it is opened: where it really leads, and what is odd about it.

use super::open::Open;
use super::sheet::dialogue;
use super::{Message, State};
use crate::gui::screen::pieces::{link_button, main_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::privacy::host;
use crate::privacy::links::{LinkReport, Warning};
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, container, rich_text, row, space, span};
use iced::{Center, Fill};

/// Characters of an address that are shown.
const SHOWN: usize = 400;

impl State {
    pub(super) fn link_dialogue<'a>(
        &'a self,
        open: &'a Open,
        at: usize,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        match open.links.get(at) {
            Some(link) => link_dialogue_of(link, look),
            None => space().into(),
        }
    }
}

/// A link before it is opened.
pub(super) fn link_dialogue_of<'a>(link: &'a LinkReport, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mut body: Column<'a, Message> =
        column![words(look.say("link-title"), size::SECTION, t.ink).font(theme::BOLD)].spacing(10);
    let leads = may_open(&link.cleaned);
    let shown = leads.as_deref().unwrap_or(&link.cleaned);
    body = body.push(address(shown, link.domain.as_deref(), look));
    if link.target != link.href {
        body = body.push(hint(Icon::Route, look.say("link-unwrapped"), look));
    }
    if link.cleaned != link.target {
        body = body.push(hint(Icon::Shield, look.say("link-cleaned"), look));
    }
    for warning in &link.warnings {
        let said = warning_said(*warning, link, look);
        let line = row![icon(Icon::Warn, t.warn), words(said, size::SECOND, t.ink).width(Fill)]
            .spacing(10);
        body =
            body.push(container(line).padding([8, 10]).width(Fill).style(theme::tag(t.warn_soft)));
    }
    if let Some(leads) = leads {
        let on = Some(Message::Visited(leads));
        let visit = main_button(Some(Icon::Open), look.say("link-open"), on, look);
        let mut buttons = row![
            link_button(look.say("link-copy"), copied(link), look),
            space().width(Fill),
            link_button(look.say("cancel"), Message::SheetClosed, look),
        ]
        .spacing(8)
        .align_y(Center);
        if link.cleaned != link.href
            && let Some(whole) = may_open(&link.href)
        {
            let whole = Message::Visited(whole);
            buttons = buttons.push(link_button(look.say("link-open-whole"), whole, look));
        }
        body = body.push(space().height(2)).push(buttons.push(visit));
        body = body.push(words(look.say("link-hint"), size::HINT, t.ink3));
    } else {
        body = body.push(words(look.say("link-never"), size::SECOND, t.bad));
        body = body.push(
            row![
                link_button(look.say("link-copy"), copied(link), look),
                space().width(Fill),
                link_button(look.say("close"), Message::SheetClosed, look),
            ]
            .align_y(Center),
        );
    }
    dialogue(body, 560.0, look)
}

/// An address as it may be given to the browser, or to a mail program: the one that was
/// judged, whole. What the letter wrote may mean something else to a program that opens
/// files as well: `//host/path` does.
pub(super) fn may_open(url: &str) -> Option<String> {
    let url = host::parse(url)?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.to_string())
}

/// Its address is copied: the one that would be opened, or what the letter wrote.
pub(super) fn copied(link: &LinkReport) -> Message {
    Message::Copied(may_open(&link.cleaned).unwrap_or_else(|| link.href.clone()))
}

/// Whether a link asks for a letter to be written, however its scheme is.
pub(super) fn is_mailto(url: &str) -> bool {
    url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
}

fn hint<'a>(mark: Icon, said: String, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    row![icon(mark, t.accent), words(said, size::HINT, t.ink2).width(Fill)]
        .spacing(10)
        .align_y(Center)
        .into()
}

/// An address below its registered domain: where it really leads.
fn address<'a>(url: &str, domain: Option<&str>, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let mut shown: String = url.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if shown.len() < url.len() {
        shown.push('…');
    }
    // The domain ends the host: after the scheme, before the path.
    let host_from = shown.find("://").map_or(0, |at| at + 3);
    let host_to = shown
        .get(host_from..)
        .and_then(|rest| rest.find(['/', '?', '#']))
        .map_or(shown.len(), |at| host_from + at);
    let bold = domain
        .and_then(|domain| shown.get(host_from..host_to)?.rfind(domain).map(|at| host_from + at))
        .zip(domain)
        .map(|(at, domain)| at..at + domain.len());
    let piece = |range: std::ops::Range<usize>| shown.get(range).unwrap_or_default().to_owned();
    let spans: Vec<iced::widget::text::Span<'_, (), iced::Font>> = match bold {
        Some(bold) => vec![
            span(piece(0..bold.start)).color(t.ink3),
            span(piece(bold.clone())).color(t.ink),
            span(piece(bold.end..shown.len())).color(t.ink3),
        ],
        None => vec![span(shown.clone()).color(t.ink2)],
    };
    let text = rich_text(spans).size(size::SECOND).wrapping(Wrapping::Glyph).width(Fill);
    let mut said = Column::new().spacing(2);
    if let Some(domain) = domain {
        let domain: String = domain.chars().take(120).collect();
        said = said.push(words(domain, size::SECTION, t.ink).font(theme::BOLD));
    }
    container(said.push(text))
        .padding([10, 12])
        .width(Fill)
        .style(theme::card(t.paper, t.line, 8.0))
        .into()
}

fn warning_said(warning: Warning, link: &LinkReport, look: Look<'_>) -> String {
    match warning {
        Warning::TextNamesAnotherHost => {
            let text: String = link.text.trim().chars().take(80).collect();
            look.words.say_with("link-another-host", &[("text", text.into())])
        }
        Warning::Punycode => look.say("link-punycode"),
        Warning::MixedScript => look.say("link-mixed"),
        Warning::PlainHttp => look.say("link-plain"),
        Warning::IpAddress => look.say("link-ip"),
        Warning::Credentials => look.say("link-credentials"),
        Warning::Javascript => look.say("link-script"),
        Warning::Data => look.say("link-data"),
        Warning::File => look.say("link-file"),
        Warning::Shortener => look.say("link-short"),
        Warning::OpaqueWrapper => look.say("link-opaque"),
    }
}

#[cfg(test)]
mod tests {
    use super::may_open;

    #[test]
    fn only_web_and_mail_addresses_are_ever_opened() {
        assert_eq!(may_open("https://example.com/a").as_deref(), Some("https://example.com/a"));
        assert_eq!(may_open("mailto:a@example.com").as_deref(), Some("mailto:a@example.com"));
        for never in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "smb://x",
            "/etc/passwd",
            "///etc/passwd",
            "a.html",
            "",
        ] {
            let opened = may_open(never);
            assert!(opened.as_deref().is_none_or(|url| url.starts_with("https://")), "{never}");
        }
    }

    #[test]
    fn what_is_opened_is_what_was_judged() {
        for (written, opened) in [
            ("//etc/passwd", "https://etc/passwd"),
            ("  //files.example/a b ", "https://files.example/a%20b"),
            ("HTTPS://Example.COM", "https://example.com/"),
            // A sign that turns the direction of writing is not shown as one.
            ("https://example.com/\u{202e}gpj.exe", "https://example.com/%E2%80%AEgpj.exe"),
        ] {
            assert_eq!(may_open(written).as_deref(), Some(opened));
        }
    }
}
