//! Every way we know in which a letter could make a mail program tell somebody
//! that it was opened, as data: a group, a name, and what stands in the letter.
//!
//! Each vector gets a host name and a path of its own, so that what gets out can
//! be traced to it: in its letter `{URL}` becomes `http://v7.leak.test/v7` (or the
//! same path on a listener's own address), `{HOST}` and `{TAIL}` the pieces of it,
//! `{N}` its number. The sender's domain is its own, too.

mod charsets;
mod confusions;
mod elements;
mod foreign;
mod letters;
mod spelled;
mod styles;

use std::borrow::Cow;

/// The domain all host names of the vectors are in (RFC 6761: it resolves nowhere).
pub(super) const DOMAIN: &str = "leak.test";

/// What the ledger has to say of the address in a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    /// Some program would fetch it: it must be in the ledger.
    Reference,
    /// A link, followed when it is clicked: it must be among the links.
    Link,
    /// No program fetches it when the letter is opened, and why; nor do we.
    Nothing(&'static str),
}

/// Where in a letter a vector's text stands.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// In the middle of the body of an HTML letter.
    Inside,
    /// It is the whole HTML.
    Document,
    /// It is a text body.
    Text,
    /// Further fields of the header of a text letter.
    Header,
    /// Everything from the MIME fields on.
    Mime,
    /// The same, made of bytes that are no text.
    Bytes(fn(&str) -> Vec<u8>),
}

/// One way to be told.
#[derive(Debug, Clone)]
pub(super) struct Vector {
    /// From 1 on.
    pub number: usize,
    pub group: &'static str,
    /// Unique in its group.
    pub name: Cow<'static, str>,
    pub sees: Sees,
    shape: Shape,
    text: Cow<'static, str>,
}

/// Where a letter's addresses lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim<'a> {
    /// To a host name of the vector's own.
    Name,
    /// To the path of the vector's own on this `address:port`.
    Listener(&'a str),
}

impl Vector {
    /// What a person reads of it.
    pub fn title(&self) -> String {
        format!("{}: {}", self.group, self.name)
    }

    /// The letter.
    pub fn letter(&self, aim: Aim<'_>) -> Vec<u8> {
        let number = self.number.to_string();
        let host = match aim {
            Aim::Name => format!("v{number}.{DOMAIN}"),
            Aim::Listener(address) => address.to_owned(),
        };
        let fill = |text: &str| {
            text.replace("{URL}", "http://{TAIL}")
                .replace("{TAIL}", "{HOST}/v{N}")
                .replace("{HOST}", &host)
                .replace("{N}", &number)
        };
        let mut letter = fill(TOP).into_bytes();
        let text = |kind: &str, charset: &str, body: &str| {
            format!("Content-Type: {kind}; charset={charset}\n\n{body}\n")
        };
        let rest = match self.shape {
            Shape::Inside => text(
                "text/html",
                "utf-8",
                &format!(
                    "<!DOCTYPE html>\n<html><head><title>Hello</title></head><body><p>Before</p>\n{}\n<p>After</p></body></html>",
                    self.text
                ),
            ),
            Shape::Document => text("text/html", "utf-8", &self.text),
            Shape::Text => text("text/plain", "utf-8", &self.text),
            Shape::Header => format!("{}\n{}", self.text, text("text/plain", "utf-8", "Hello.")),
            Shape::Mime => self.text.clone().into_owned(),
            Shape::Bytes(make) => {
                let bytes = make(&fill("{URL}"));
                letter.extend(bytes);
                return letter;
            }
        };
        letter.extend(crlf(&fill(&rest)).into_bytes());
        letter
    }

    /// The hosts and ports its pictures would be fetched from.
    pub fn leads_to(&self, aim: Aim<'_>) -> Vec<(String, u16)> {
        match aim {
            Aim::Name => {
                let host = format!("v{}.{DOMAIN}", self.number);
                vec![(host.clone(), 80), (host, 443)]
            }
            Aim::Listener(address) => address
                .rsplit_once(':')
                .and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)))
                .into_iter()
                .collect(),
        }
    }

    /// Whether a ledger says what there is to say, and no more.
    pub fn is_told<'u>(&self, mut ledger: impl Iterator<Item = &'u str>) -> bool {
        ledger.any(|url| self.owns(url)) == (self.sees == Sees::Reference)
    }

    /// Whether an address is this vector's.
    fn owns(&self, url: &str) -> bool {
        let lower = url.to_ascii_lowercase();
        let host = format!("v{}.{DOMAIN}", self.number);
        let named = url::Url::parse(&lower)
            .or_else(|_| url::Url::parse(&format!("http:{lower}")))
            .is_ok_and(|url| url.host_str().is_some_and(|h| h.trim_end_matches('.') == host));
        named || owner(&lower) == Some(self.number)
    }
}

/// The number of the vector that a host name, a path or an address belongs to:
/// the first `v7` in it that is a word of its own.
pub(super) fn owner(text: &str) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        let digits = word.strip_prefix(['v', 'V'])?;
        digits.parse().ok()
    })
}

/// The header all letters share.
const TOP: &str = "From: Sender <sender@v{N}.leak.test>\r\n\
    To: you@example.org\r\n\
    Subject: Vector {N}\r\n\
    Date: Sat, 21 Nov 2026 05:02:00 +0000\r\n\
    Message-ID: <{N}@v{N}.leak.test>\r\n\
    MIME-Version: 1.0\r\n";

/// Line ends of mail. A carriage return that stands alone is part of a vector.
fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// Every vector, numbered.
pub(super) fn all() -> Vec<Vector> {
    let mut list = List::default();
    elements::add(&mut list);
    spelled::add(&mut list);
    styles::add(&mut list);
    foreign::add(&mut list);
    confusions::add(&mut list);
    letters::add(&mut list);
    charsets::add(&mut list);
    list.vectors
}

/// The list as it grows.
#[derive(Default)]
struct List {
    vectors: Vec<Vector>,
}

/// A table of vectors: name and text.
type Rows = [(&'static str, &'static str)];

impl List {
    fn push(
        &mut self,
        group: &'static str,
        name: impl Into<Cow<'static, str>>,
        shape: Shape,
        text: impl Into<Cow<'static, str>>,
        sees: Sees,
    ) {
        self.vectors.push(Vector {
            number: self.vectors.len() + 1,
            group,
            name: name.into(),
            shape,
            text: text.into(),
            sees,
        });
    }

    fn rows(&mut self, group: &'static str, shape: Shape, sees: Sees, rows: &Rows) {
        for (name, text) in rows {
            self.push(group, *name, shape, *text, sees);
        }
    }

    /// Where nothing is to be seen, each for a reason of its own.
    fn nothing(&mut self, group: &'static str, shape: Shape, rows: &[[&'static str; 3]]) {
        for [name, text, reason] in rows {
            self.push(group, *name, shape, *text, Sees::Nothing(reason));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
