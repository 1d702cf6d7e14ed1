//! Addresses as letters write them: what kind they are, and the small languages
//! that carry several (srcset, meta refresh, Content-Security-Policy).

use std::borrow::Cow;

/// What an address asks of whoever follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Stays inside the letter or the reader's own programs, or says nothing.
    Inside,
    /// A `data:` address: nothing is fetched for it, but it may hold a document
    /// that refers to others.
    Data,
    /// Complete as it stands.
    Absolute,
    /// Means nothing without a base.
    Relative,
}

/// Schemes that bring nothing from anywhere.
const INSIDE: [&str; 11] =
    ["cid", "mid", "mailto", "tel", "sms", "about", "blob", "xmpp", "news", "goyo", "callto"];

/// Removes what the URL standard removes before it reads: control characters and
/// spaces around, tabs and line ends anywhere. Letters fold long addresses. Other
/// control characters are written as that standard writes them, with `%`.
pub(super) fn tidy(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim_matches(|c: char| c <= ' ');
    if !trimmed.contains(char::is_control) {
        return Cow::Borrowed(trimmed);
    }
    let mut tidy = String::with_capacity(trimmed.len());
    for c in trimmed.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            c if c.is_control() => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                tidy.extend(bytes.map(percent_encoding::percent_encode_byte));
            }
            c => tidy.push(c),
        }
    }
    Cow::Owned(tidy)
}

/// The scheme of an address, as written.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let mut chars = scheme.chars();
    let first = chars.next()?;
    let rest = chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (first.is_ascii_alphabetic() && rest).then_some(scheme)
}

/// Sorts a tidied address.
pub(super) fn kind(url: &str) -> Kind {
    if url.is_empty() || url.starts_with('#') {
        return Kind::Inside;
    }
    match scheme(url) {
        Some(scheme) if scheme.eq_ignore_ascii_case("data") => Kind::Data,
        Some(scheme) if INSIDE.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            Kind::Inside
        }
        Some(_) => Kind::Absolute,
        None => {
            // `//host`, and `\\host\share` with every mix of the two slashes.
            let mut chars = url.chars();
            let slash = |c: Option<char>| matches!(c, Some('/' | '\\'));
            if slash(chars.next()) && slash(chars.next()) { Kind::Absolute } else { Kind::Relative }
        }
    }
}

/// Whether it names a place outside the letter without any base.
pub(super) fn is_far(url: &str) -> bool {
    matches!(kind(url), Kind::Absolute)
}

/// A relative address on its base, or what was written where that is no base.
pub(super) fn resolve(base: Option<&url::Url>, written: &str) -> Option<String> {
    base?.join(written).ok().map(String::from)
}

/// The addresses of a `srcset` (HTML 4.8.4.2.2).
pub(super) fn srcset(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (url, after) = rest.split_at_checked(end)?;
        if url.ends_with(',') {
            rest = after;
            return Some(url.trim_end_matches(','));
        }
        let mut depth = 0_usize;
        let comma = after.find(|c: char| {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        });
        rest = comma.and_then(|at| after.get(at..)).unwrap_or("");
        Some(url)
    })
}

/// The address of `<meta http-equiv=refresh content="0; url=…">`.
pub(super) fn refresh(content: &str) -> Option<&str> {
    let after_time = content
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
        .trim_start()
        .trim_start_matches([';', ','])
        .trim_start();
    let rest = match after_time.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => {
            let after = after_time.get(3..)?.trim_start();
            after.strip_prefix('=').map_or(after_time, str::trim_start)
        }
        _ => after_time,
    };
    let url = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = rest.get(1..)?;
            inner.split(quote).next()?
        }
        _ => rest,
    };
    Some(url.trim()).filter(|url| !url.is_empty())
}

/// Where a Content-Security-Policy would have its violations reported.
pub(super) fn policy_reports(content: &str) -> impl Iterator<Item = &str> {
    content.split([';', ',']).flat_map(|directive| {
        let mut words = directive.split_ascii_whitespace();
        let reports = words.next().is_some_and(|name| name.eq_ignore_ascii_case("report-uri"));
        words.filter(move |_| reports)
    })
}

/// The system identifiers of the entities and the document type that an XML document
/// declares (XML 4.2.2).
pub(super) fn entities(xml: &str) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(xml.as_bytes(), b"<!ENTITY").filter_map(|at| {
        let declaration = xml.get(at..)?.split('>').next()?;
        // The identifier is the last literal of an external entity.
        let external = declaration.contains("SYSTEM") || declaration.contains("PUBLIC");
        let quote = declaration.chars().rev().find(|c| matches!(c, '"' | '\''))?;
        declaration.rsplit(quote).nth(1).filter(|_| external)
    })
}

/// Every `http(s)://…` in something that is not HTML.
pub(super) fn bare(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = memchr::memmem::find(rest.as_bytes(), b"://")?;
            let (before, after) = rest.split_at_checked(at)?;
            let start = ["https", "http", "ftp"]
                .into_iter()
                .find(|scheme| {
                    before
                        .len()
                        .checked_sub(scheme.len())
                        .and_then(|from| before.get(from..))
                        .is_some_and(|word| word.eq_ignore_ascii_case(scheme))
                })
                .map(|scheme| at - scheme.len());
            let length = after
                .find(|c: char| c <= ' ' || matches!(c, '"' | '\'' | '<' | '>' | ')' | '\\'))
                .unwrap_or(after.len());
            let whole = rest;
            rest = after.get(length.max(3)..).unwrap_or("");
            if let Some(url) = start.and_then(|from| whole.get(from..at + length)) {
                return Some(url);
            }
        }
    })
}

/// Value of a pseudo-attribute in a processing instruction.
pub(super) fn pseudo_attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.match_indices(name).find_map(|(at, _)| {
        let rest = text.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split(quote).next()
    })
}

/// What a `data:` address holds: its lower-case type and its content as text.
pub(super) fn data(url: &str) -> Option<(String, String)> {
    let (media_type, bytes) = data_bytes(url)?;
    Some((media_type, String::from_utf8_lossy(&bytes).into_owned()))
}

/// What a `data:` address holds: its lower-case type and its content.
pub(super) fn data_bytes(url: &str) -> Option<(String, Vec<u8>)> {
    use base64::Engine as _;
    let (head, body) = url.get(5..)?.split_once(',')?;
    let mut words = head.split(';').map(str::trim);
    let media_type = words.next().unwrap_or("").to_ascii_lowercase();
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(body).collect();
    let bytes = if words.any(|word| word.eq_ignore_ascii_case("base64")) {
        let packed: Vec<u8> = bytes.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
        base64::engine::general_purpose::GeneralPurpose::new(
            &base64::alphabet::STANDARD,
            base64::engine::GeneralPurposeConfig::new()
                .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        )
        .decode(packed)
        .ok()?
    } else {
        bytes
    };
    Some((media_type, bytes))
}
