//! The words of a letter: what was typed, the line that asks for a receipt, signature and
//! quotation, as text and as HTML that say the same.

use super::marks::{QUOTE, Written, escape, marked, unmarked};
use crate::mime::html_text;
use crate::model::{Draft, DraftBody, Quotation};

/// The words, ready to be encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The text, `\n` line ends.
    pub text: String,
    /// The HTML, a document, parted where the receipt's picture would stand.
    pub html: Option<(String, String)>,
}

/// The words of a draft.
pub(super) fn words(draft: &Draft) -> Words {
    let notice = draft.receipt.pixel.as_ref().map(|pixel| tidy(&pixel.notice));
    let notice = notice.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let signature = tidy(&draft.identity.signature);
    let signature = signature.trim_end();
    let below = Below { notice, signature, quotation: draft.quotation.as_ref() };
    match &draft.body {
        DraftBody::Text(typed) => Words { text: below.text(&tidy(typed)), html: None },
        DraftBody::Marked(typed) => {
            let Written { html, text } = marked(&tidy(typed));
            Words { text: below.text(&text), html: Some(below.html(&html)) }
        }
        DraftBody::Html { html, text } => {
            let html = tidy(html);
            let text = match text {
                Some(text) => tidy(text),
                None => html_text::to_text(&html),
            };
            Words { text: below.text(&text), html: Some(below.html(&html)) }
        }
    }
}

/// Text without what means nothing in it: NULs and other controls; one kind of line end.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_ascii_control()).collect()
}

/// What stands below what was typed.
struct Below<'d> {
    notice: Option<&'d str>,
    signature: &'d str,
    quotation: Option<&'d Quotation>,
}

impl Below<'_> {
    fn text(&self, typed: &str) -> String {
        let mut text = typed.to_owned();
        end_line(&mut text);
        if let Some(notice) = self.notice {
            gap(&mut text);
            text.push_str(notice);
            text.push('\n');
        }
        if !self.signature.is_empty() {
            gap(&mut text);
            text.push_str("-- \n");
            text.push_str(self.signature);
            text.push('\n');
        }
        if let Some(quotation) = self.quotation {
            gap(&mut text);
            text.push_str(tidy(&quotation.intro).trim_end());
            text.push('\n');
            let quoted = tidy(&quotation.text);
            if quotation.forwarded {
                text.push('\n');
                text.push_str(quoted.trim_end_matches('\n'));
                text.push('\n');
            } else {
                for line in quoted.trim_end_matches('\n').split('\n') {
                    text.push_str(if line.starts_with('>') { ">" } else { "> " });
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        text
    }

    fn html(&self, typed: &str) -> (String, String) {
        let lower = typed.to_ascii_lowercase();
        let (mut head, tail) = match lower.rfind("</body").or_else(|| lower.rfind("</html")) {
            Some(at) => {
                let (head, tail) = typed.split_at(at);
                (head.to_owned(), tail.to_owned())
            }
            None => (typed.to_owned(), String::new()),
        };
        if !lower.contains("<html") && !lower.contains("<body") {
            head = format!(
                "<!DOCTYPE html>\n<html><head><meta http-equiv=\"Content-Type\" \
                 content=\"text/html; charset=utf-8\"></head><body>\n{head}"
            );
        }
        let tail = match tail.trim() {
            "" => "</body></html>\n".to_owned(),
            tail => format!("{tail}\n"),
        };
        end_line(&mut head);
        if let Some(notice) = self.notice {
            head.push_str("<div><br></div>\n<div style=\"color:#666\">");
            escape(notice, &mut head);
            head.push_str("</div>\n");
        }
        if !self.signature.is_empty() {
            head.push_str("<div><br></div>\n<div>-- </div>\n");
            head.push_str(&unmarked(self.signature).html);
        }
        if let Some(quotation) = self.quotation {
            head.push_str("<div><br></div>\n");
            head.push_str(&unmarked(tidy(&quotation.intro).trim_end()).html);
            if !quotation.forwarded {
                head.push_str(QUOTE);
                head.push('\n');
            } else {
                head.push_str("<div><br></div>\n");
            }
            match tidy(&quotation.html) {
                html if html.trim().is_empty() => {
                    let text = tidy(&quotation.text);
                    head.push_str(&unmarked(text.trim_end_matches('\n')).html);
                }
                html => head.push_str(&html),
            }
            end_line(&mut head);
            if !quotation.forwarded {
                head.push_str("</blockquote>\n");
            }
        }
        (head, tail)
    }
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// An empty line between two things.
fn gap(text: &mut String) {
    end_line(text);
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

/// The picture whose fetching is the receipt: a blocked one shows no broken picture.
pub(super) fn pixel(server: &str, token: &str) -> String {
    let mut html = String::from("<img src=\"");
    escape(server.trim_end_matches('/'), &mut html);
    html.push_str("/r/");
    html.push_str(token);
    html.push_str(".png\" width=\"1\" height=\"1\" alt=\"\">\n");
    html
}
