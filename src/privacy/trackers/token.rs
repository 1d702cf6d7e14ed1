//! Addresses that were made for one reader: the reader's own address in them, in
//! clear or in the usual wrappings, or a long random token.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha1::Digest as _;
use std::borrow::Cow;

/// Addresses of a letter's readers that are looked for. Round mails name hundreds.
const MAX_RECIPIENTS: usize = 32;

/// Longest address that is taken apart.
const MAX_ADDRESS: usize = 4096;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What a letter's recipients look like inside addresses.
#[derive(Debug, Default)]
pub struct Recipients {
    /// In clear, lower case.
    clear: Vec<String>,
    /// MD5, SHA-1 and SHA-256 of them.
    hashes: Vec<Vec<u8>>,
}

impl Recipients {
    /// From the addresses a letter was sent to.
    pub fn new(addresses: &[String]) -> Self {
        let mut recipients = Self::default();
        for address in addresses.iter().take(MAX_RECIPIENTS) {
            let clear = address.trim().to_ascii_lowercase();
            let is_one = clear.len() >= 6 && clear.contains('@');
            if !is_one || recipients.clear.contains(&clear) {
                continue;
            }
            for form in [clear.as_str(), address.trim()] {
                recipients.hashes.push(md5::Md5::digest(form).to_vec());
                recipients.hashes.push(sha1::Sha1::digest(form).to_vec());
                recipients.hashes.push(sha2::Sha256::digest(form).to_vec());
            }
            recipients.clear.push(clear);
        }
        recipients
    }

    /// Whether one of them is named in an address.
    pub fn named_in(&self, url: &str) -> bool {
        if self.clear.is_empty() || url.len() > MAX_ADDRESS {
            return false;
        }
        let decoded = percent_decoded(url);
        if self.is_in_text(&decoded) {
            return true;
        }
        pieces(&decoded).any(|piece| self.is_in_piece(piece))
    }

    fn is_in_text(&self, text: &str) -> bool {
        if !text.contains(['@', '%']) {
            return false;
        }
        let lower = text.to_ascii_lowercase();
        self.clear.iter().any(|address| lower.contains(address))
            // Encoded twice, as happens behind redirectors.
            || (lower.contains("%40") && {
                let again = percent_decoded(&lower);
                self.clear.iter().any(|address| again.contains(address))
            })
    }

    fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        if self.hashes.iter().any(|hash| hash == bytes) {
            return true;
        }
        self.is_in_text(&String::from_utf8_lossy(bytes))
    }

    fn is_in_piece(&self, piece: &str) -> bool {
        if piece.len() < 8 {
            return false;
        }
        if let Some(bytes) = unhex(piece)
            && self.is_in_bytes(&bytes)
        {
            return true;
        }
        let packed = piece.trim_end_matches('=');
        // Cut or prefixed tokens do not decode as a whole.
        (0..4).any(|skip| {
            let Some(rest) = packed.get(skip..) else {
                return false;
            };
            let whole = rest.len() - usize::from(rest.len() % 4 == 1);
            let Some(rest) = rest.get(..whole) else {
                return false;
            };
            let bytes = if rest.contains(['-', '_']) {
                URL_SAFE.decode(rest)
            } else {
                STANDARD.decode(rest)
            };
            bytes.is_ok_and(|bytes| self.is_in_bytes(&bytes))
        })
    }
}

fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// Runs of characters that encodings are made of.
fn pieces(url: &str) -> impl Iterator<Item = &str> {
    url.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '=')))
        // `key=value` where the value may itself end in `=`.
        .flat_map(|piece| {
            let value = piece.split_once('=').map(|(_, value)| value).filter(|v| v.len() >= 8);
            [Some(piece.trim_start_matches('=')), value].into_iter().flatten()
        })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Whether an address holds a long random token that is not plainly the name of a
/// file shared by all readers.
pub(super) fn is_in(url: &str) -> bool {
    if url.len() > MAX_ADDRESS {
        return true;
    }
    let Some(url) = crate::privacy::host::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or("");
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let last = segments.last().copied().unwrap_or("");
    let is_file = extension(last).is_some();
    let shared = is_file && (is_store(host) || segments.iter().any(|s| is_shelf(s)));
    let in_path = !shared
        && segments
            .iter()
            .any(|segment| is_random(extension(segment).map_or(*segment, |(stem, _)| stem)));
    in_path
        || url.query_pairs().any(|(key, value)| !is_signature(&key) && is_random(&value))
        // `?eyJhbGciOi…` without a name.
        || url.query().is_some_and(|query| !query.contains('=') && is_random(query))
}

fn extension(segment: &str) -> Option<(&str, &str)> {
    let (stem, extension) = segment.rsplit_once('.')?;
    let known = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "avif"];
    known.iter().any(|e| extension.eq_ignore_ascii_case(e)).then_some((stem, extension))
}

/// Hosts that store pictures for everybody.
fn is_store(host: &str) -> bool {
    let first = host.split('.').next().unwrap_or("");
    ["cdn", "img", "image", "images", "static", "assets", "media", "files", "content"].iter().any(
        |name| {
            first
                .strip_prefix(name)
                .is_some_and(|rest| rest.bytes().all(|b| !b.is_ascii_lowercase()))
        },
    ) || host.ends_with("cloudfront.net")
        || host.ends_with("googleusercontent.com")
}

/// Folders that hold pictures for everybody.
fn is_shelf(segment: &str) -> bool {
    [
        "images",
        "image",
        "img",
        "assets",
        "static",
        "files",
        "media",
        "gallery",
        "uploads",
        "upload",
        "photos",
        "content",
        "resources",
        "logos",
        "templates",
        "banners",
        "icons",
    ]
    .iter()
    .any(|name| segment.eq_ignore_ascii_case(name))
}

/// Parameters of storage services that sign one file for all.
fn is_signature(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("x-amz-")
        || key.starts_with("x-goog-")
        || matches!(key.as_str(), "signature" | "policy" | "key-pair-id" | "awsaccesskeyid" | "sig")
}

/// Long enough, mixed enough and without words.
fn is_random(text: &str) -> bool {
    if !(20..=2048).contains(&text.len()) || !text.is_ascii() {
        return false;
    }
    // A UUID is short pieces, but nothing else looks like one.
    let hex = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    let has_letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    if text.len() >= 32 && has_letters && text.bytes().all(hex) {
        return entropy(text.as_bytes()) >= 3.0;
    }
    let pieces = text.split(|c: char| !c.is_ascii_alphanumeric());
    let longest = pieces.max_by_key(|piece| piece.len()).unwrap_or("");
    if longest.len() < 16 {
        return false;
    }
    // Names made of words go from letters to digits seldom; tokens all the time.
    let changes = longest.as_bytes().windows(2).filter(|pair| match pair {
        [a, b] => a.is_ascii_digit() != b.is_ascii_digit(),
        _ => false,
    });
    changes.count() * 8 >= longest.len() && entropy(longest.as_bytes()) >= 3.0
}

/// Bits per byte.
fn entropy(bytes: &[u8]) -> f32 {
    let mut counts = [0_u32; 128];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = bytes.len().max(1) as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = *count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_or_not() {
        for token in [
            "3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d",
            "eJwNxEEOgCAMBMAX0W4pJT7Hg9GDMfF_3WQO8-",
            "550e8400-e29b-41d4-a716-446655440000",
            "AQEAmPx3k9QzT7vB2nL5wR8yJ4",
        ] {
            assert!(is_random(token), "{token}");
        }
        for name in [
            "newsletter-header-august-2024",
            "spacer",
            "20240815120000",
            "TheQuickBrownFoxJumpsOverTheLazyDog",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "summer_sale_banner_600x200_final_v2",
            "header_600x200_final_v2_summer2024",
            "IMG_20240815_120000_edited.copy",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert!(!is_random(name), "{name}");
        }
    }
}
