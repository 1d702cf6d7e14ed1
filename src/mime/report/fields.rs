//! Fields inside reports: blocks of `Name: value`, parted by empty lines (RFC 3464 section
//! 2.1), and header fields quoted in prose.

use super::MAX_WORDS;
use crate::mime::address;
use crate::mime::header::harmless;

/// Blocks that are read.
const MAX_BLOCKS: usize = 2_000;
/// Fields of a block.
const MAX_FIELDS: usize = 100;

/// One block: names in lower case, values unfolded.
#[derive(Debug, Default)]
pub(super) struct Block(Vec<(String, String)>);

impl Block {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name)?;
        (!found.1.is_empty()).then_some(found.1.as_str())
    }
}

/// The blocks of a report.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut block = Block::default();
    for line in text.lines().chain([""]) {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            if !block.0.is_empty() && blocks.len() < MAX_BLOCKS {
                blocks.push(std::mem::take(&mut block));
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = block.0.last_mut().filter(|(_, v)| v.len() < MAX_WORDS * 4) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':')
            && block.0.len() < MAX_FIELDS
            && !name.trim().contains(' ')
        {
            block.0.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    blocks
}

/// Words of a server on one line, cut where they are too many.
pub(super) fn words(text: &str) -> String {
    let mut out = String::new();
    for word in harmless(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > MAX_WORDS {
            out.truncate(out.floor_char_boundary(MAX_WORDS));
            out.push('…');
            break;
        }
    }
    out
}

/// The Message-ID among header fields written in a text.
pub(super) fn message_id(text: &str) -> Option<String> {
    let mut lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t', '|']));
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if !name.trim().eq_ignore_ascii_case("message-id") {
            continue;
        }
        // The id may stand on the next line.
        let value = match value.trim() {
            "" => lines.next().unwrap_or("").trim(),
            value => value,
        };
        return address::ids(value.as_bytes()).into_iter().next();
    }
    None
}

/// RFC 6533 section 3: `\x{AC00}` in an address of ASCII.
pub(super) fn utf8_address(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("\\x{") {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 3..).unwrap_or("");
        let decoded = after.split_once('}').and_then(|(digits, tail)| {
            let code = u32::from_str_radix(digits.get(..digits.len().min(7))?, 16).ok()?;
            Some((char::from_u32(code).filter(|c| !c.is_control())?, tail))
        });
        match decoded {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push_str("\\x{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
