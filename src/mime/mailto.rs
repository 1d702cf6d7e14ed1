//! `mailto:` links (RFC 6068): what a page asks to be written. Everything in one is a
//! stranger's wish: it fills fields the user sees, and nothing else is taken from it; above
//! all no file is attached.

use crate::model::Address;
use percent_encoding::percent_decode_str;

/// Characters of a text that are taken.
const MAX_TEXT: usize = 64 * 1024;
/// Addresses that are taken.
const MAX_ADDRESSES: usize = 100;

/// What a link asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailto {
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`.
    pub bcc: Vec<Address>,
    /// `Subject`.
    pub subject: String,
    /// The text, line ends as `\n`.
    pub body: String,
    /// The Message-ID it answers, without brackets.
    pub in_reply_to: Option<String>,
}

/// Reads a link; nothing where it is none.
pub fn parse(link: &str) -> Option<Mailto> {
    let rest = link.trim();
    let scheme = rest.get(..7)?;
    if !scheme.eq_ignore_ascii_case("mailto:") {
        return None;
    }
    let rest = rest.get(7..)?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut found = Mailto::default();
    add(path, &mut found.to);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).to_ascii_lowercase().as_str() {
            "to" => add(value, &mut found.to),
            "cc" => add(value, &mut found.cc),
            "bcc" => add(value, &mut found.bcc),
            "subject" => found.subject = one_line(&decoded(value)),
            "body" => found.body = decoded(value).replace("\r\n", "\n").replace('\r', "\n"),
            "in-reply-to" => {
                let id = one_line(&decoded(value));
                let id = id.trim().trim_start_matches('<').trim_end_matches('>');
                found.in_reply_to = Some(id.to_owned()).filter(|id| !id.is_empty());
            }
            _ => {}
        }
    }
    Some(found)
}

/// Addresses with commas between them; each is decoded by itself, since an encoded comma
/// is part of one.
fn add(list: &str, to: &mut Vec<Address>) {
    for part in list.split(',') {
        let addr = one_line(&decoded(part)).trim().to_owned();
        if !addr.is_empty() && to.len() < MAX_ADDRESSES {
            to.push(Address { name: None, addr });
        }
    }
}

fn decoded(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or("").to_owned()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn addrs(list: &[Address]) -> Vec<&str> {
        list.iter().map(|address| address.addr.as_str()).collect()
    }

    #[test]
    fn the_examples_of_the_standard() {
        // RFC 6068, section 6.
        let found = parse("mailto:joe@example.com?cc=bob@example.com&body=hello").unwrap();
        assert_eq!(addrs(&found.to), ["joe@example.com"]);
        assert_eq!(addrs(&found.cc), ["bob@example.com"]);
        assert_eq!(found.body, "hello");
        let found = parse("mailto:gorby%25kremvax@example.com").unwrap();
        assert_eq!(addrs(&found.to), ["gorby%kremvax@example.com"]);
        let found = parse("mailto:?to=addr1@an.example,addr2@an.example").unwrap();
        assert_eq!(addrs(&found.to), ["addr1@an.example", "addr2@an.example"]);
        let found =
            parse("mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E").unwrap();
        assert_eq!(found.in_reply_to.as_deref(), Some("3469A91.D10AF4C@example.com"));
        let found = parse("mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index");
        assert_eq!(found.unwrap().body, "send current-issue\nsend index");
        let found = parse("mailto:user@example.org?subject=caf%C3%A9&body=caf%C3%A9").unwrap();
        assert_eq!((found.subject.as_str(), found.body.as_str()), ("café", "café"));
    }

    #[test]
    fn nothing_but_visible_fields_is_taken() {
        let found = parse(
            "mailto:a@example.org?attach=/etc/passwd&attachment=x&from=b@example.org\
             &subject=one%0D%0ABcc:%20c@example.org&bcc=d@example.org",
        )
        .unwrap();
        assert_eq!(found.subject, "one  Bcc: c@example.org");
        assert_eq!(addrs(&found.bcc), ["d@example.org"]);
        assert_eq!(parse("https://example.org"), None);
        assert_eq!(parse("mail"), None);
        assert_eq!(parse("메일투우우"), None);
    }
}
