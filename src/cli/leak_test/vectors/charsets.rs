//! HTML in character sets, and in bytes that are read in another way than they look.

use super::List;
use super::Sees::Reference;
use super::Shape::{Bytes, Mime};

/// Makes everything from the MIME fields on, given the address.
type Make = fn(&str) -> Vec<u8>;

pub(super) fn add(list: &mut List) {
    list.rows("charsets", Mime, Reference, CHARSETS);
    for (name, make) in ENCODED {
        list.push("charsets", *name, Bytes(*make), "", Reference);
    }
    list.nothing("charsets", Mime, QUIET_CHARSETS);
}

/// HTML in character sets that say one thing and are another.
const CHARSETS: &[(&str, &str)] = &[
    ("none declared", "Content-Type: text/html\n\n<img src='{URL}'>\n"),
    ("unknown", "Content-Type: text/html; charset=x-none\n\n<img src='{URL}'>\n"),
    ("x-user-defined", "Content-Type: text/html; charset=x-user-defined\n\n<img src='{URL}'>\n"),
    ("replacement", "Content-Type: text/html; charset=iso-2022-cn\n\n<img src='{URL}'>\n"),
    ("hz", "Content-Type: text/html; charset=hz-gb-2312\n\n~{~}<img src='{URL}'>\n"),
    ("iso-2022-kr", "Content-Type: text/html; charset=iso-2022-kr\n\n\u{1b}$)C<img src='{URL}'>\n"),
    ("iso-2022-jp", "Content-Type: text/html; charset=iso-2022-jp\n\n\u{1b}(B<img src='{URL}'>\n"),
    (
        "iso-2022-jp, Yen for backslash",
        "Content-Type: text/html; charset=iso-2022-jp\n\n\u{1b}(J<p title=\"\\\"><img src='{URL}'>\n",
    ),
    ("ks_c_5601-1987", "Content-Type: text/html; charset=ks_c_5601-1987\n\n<img src='{URL}'>\n"),
    (
        "meta says UTF-16",
        "Content-Type: text/html; charset=utf-8\n\n<meta charset=utf-16><img src='{URL}'>\n",
    ),
    (
        "meta says another",
        "Content-Type: text/html\n\n<meta http-equiv=Content-Type content='text/html; charset=euc-kr'><img src='{URL}'>\n",
    ),
    (
        "meta twice",
        "Content-Type: text/html\n\n<meta charset=euc-kr><meta charset=utf-8><img src='{URL}'>\n",
    ),
    (
        "two charsets",
        "Content-Type: text/html; charset=utf-8; charset=utf-7\n\n<img src='{URL}'>\n",
    ),
    ("UTF-7", "Content-Type: text/html; charset=utf-7\n\n+ADw-img src='{URL}'+AD4-\n"),
];

/// The same in bytes that are no ASCII; they get the address.
const ENCODED: &[(&str, Make)] = &[
    ("UTF-16LE with a mark", |url| utf16("utf-16", url, true, false)),
    ("UTF-16BE with a mark", |url| utf16("utf-16", url, true, true)),
    ("UTF-16LE declared", |url| utf16("utf-16le", url, false, false)),
    ("UTF-16BE declared", |url| utf16("utf-16be", url, false, true)),
    ("UTF-8 with a mark", |url| packed("utf-8", format!("\u{feff}<img src='{url}'>").as_bytes())),
    ("UTF-8 in base64", |url| packed("utf-8", format!("<img src='{url}'>").as_bytes())),
    ("base64 with rubbish", |url| {
        let text =
            String::from_utf8_lossy(&packed("utf-8", format!("<img src='{url}'>").as_bytes()))
                .into_owned();
        text.replace("\r\n\r\n", "\r\n\r\n!*&\r\n").into_bytes()
    }),
    ("bytes that are no UTF-8", |url| {
        let mut html = b"<p title='\xc0\xbc\xff'>\xe0\x80\xbc</p>".to_vec();
        html.extend(format!("<img src='{url}'>").as_bytes());
        packed("utf-8", &html)
    }),
    ("lead byte before a quote", |url| {
        // A decoder that swallows the quote sees another attribute.
        let mut html = b"<p title='\x81'>x</p>".to_vec();
        html.extend(format!("<img src='{url}'>").as_bytes());
        packed("euc-kr", &html)
    }),
    ("NULs between", |url| packed("utf-8", format!("\0\0<img\u{20}\0 src='{url}'>").as_bytes())),
    ("carriage returns alone", |url| packed("utf-8", format!("<img\rsrc='{url}'\r>").as_bytes())),
];

fn utf16(charset: &str, url: &str, mark: bool, big: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let text = format!("{mark}<html><body><p>Hello.</p><img src='{url}'></body></html>");
    let units = text.encode_utf16();
    let bytes: Vec<u8> =
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
    packed(charset, &bytes)
}

/// An HTML letter in base64.
fn packed(charset: &str, html: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(html);
    let mut letter = format!(
        "Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let mut rest = base64.as_str();
    while let Some((line, after)) = rest.split_at_checked(76) {
        letter.push_str(line);
        letter.push_str("\r\n");
        rest = after;
    }
    letter.push_str(rest);
    letter.push_str("\r\n");
    letter.into_bytes()
}

const QUIET_CHARSETS: &[[&str; 3]] = &[
    [
        "UTF-7 undeclared",
        "Content-Type: text/html; charset=utf-8\n\n+ADw-img src='{URL}'+AD4-\n",
        "text, no markup",
    ],
    [
        "UTF-7 by a meta",
        "Content-Type: text/html; charset=utf-8\n\n<meta charset=utf-7>+ADw-img src='{URL}'+AD4-\n",
        "text, no markup",
    ],
    [
        "UTF-7 by a mark",
        "Content-Type: text/html; charset=utf-8\n\n+/v8-+ADw-img src='{URL}'+AD4-\n",
        "text, no markup",
    ],
    [
        "overlong bytes as text",
        "Content-Type: text/html; charset=utf-8\n\n%C0%BCimg src='{URL}'%C0%BE\n",
        "text, no markup",
    ],
    [
        "UTF-16 declared, ASCII sent",
        "Content-Type: text/html; charset=utf-16\n\n<img src='{URL}'>\n",
        "read as UTF-16 it is no markup",
    ],
];
