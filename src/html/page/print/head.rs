//! What stands above a printed letter, and below each sheet of it: pages of our own making,
//! laid out by the same engine.

use crate::html::worker::protocol::Print;

/// Characters of the subject, and of a line, that are printed.
const TITLE: usize = 300;
const LINE: usize = 2000;
/// Lines that are printed.
const LINES: usize = 16;

/// Height of a page number's line, in CSS pixels.
pub(super) const FOOT: u32 = 20;

const STYLE: &str = "body { margin: 0; color: #1E2226; font-family: sans-serif }
    h1 { font-size: 19px; line-height: 1.35; margin: 0 0 9px; font-weight: 700 }
    table { border-collapse: collapse; font-size: 12.5px; line-height: 1.5 }
    td { vertical-align: top; padding: 0; border: 0 }
    td.n { color: #5B636B; padding-right: 14px; white-space: nowrap }
    div.end { border-bottom: 1px solid #C9CED3; padding-top: 11px }";

/// Subject, people, date and what is attached.
pub(super) fn head(order: &Print) -> String {
    let mut rows = String::new();
    for (name, value) in order.lines.iter().take(LINES) {
        let (name, value) = (escaped(name, LINE), escaped(value, LINE));
        rows.push_str(&format!("<tr><td class=n>{name}</td><td>{value}</td></tr>"));
    }
    let title = escaped(&order.title, TITLE);
    let body = format!("<h1>{title}</h1><table>{rows}</table><div class=end></div>");
    page(&order.language, "", &body)
}

/// The numbers of all sheets, each in a line of its own, [`FOOT`] high; `note` beside the
/// last.
pub(super) fn feet(language: &str, sheets: usize, note: Option<&str>) -> String {
    let style = format!(
        "div.f {{ height: {FOOT}px; line-height: {FOOT}px; font-size: 11px; color: #5B636B;
            text-align: center; white-space: nowrap; overflow: hidden }}"
    );
    let feet: String = (1..=sheets)
        .map(|number| match note.filter(|_| number == sheets) {
            Some(note) => {
                format!("<div class=f>{number} / {sheets} · {}</div>", escaped(note, TITLE))
            }
            None => format!("<div class=f>{number} / {sheets}</div>"),
        })
        .collect();
    page(language, &style, &feet)
}

fn page(language: &str, style: &str, body: &str) -> String {
    let language: String =
        language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(12).collect();
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><style>{STYLE} {style}</style></head>\
         <body>{body}</body></html>"
    )
}

/// Text of a stranger. Signs that turn the direction of writing would turn what is ours.
fn escaped(text: &str, most: usize) -> String {
    let mut escaped = String::new();
    for c in text.chars().take(most) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
