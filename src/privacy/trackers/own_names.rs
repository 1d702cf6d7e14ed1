//! Host names that were made for one reader: asking for the name alone tells that the
//! letter was opened, before any picture is fetched.
//!
//! One address says little: content networks give their customers opaque names. But a
//! sign that is a name of its own and stands in addresses of other hosts as well is
//! the reader's number, and every address that holds it was made for the reader.

use crate::model::Reference;
use crate::privacy::host;
use std::collections::{HashMap, HashSet};

/// Addresses of a letter that are looked at.
const MAX_REFERENCES: usize = 2000;
/// Hosts that a sign must stand at.
const HOSTS: usize = 3;
/// Characters of a sign.
const LONG: std::ops::RangeInclusive<usize> = 6..=64;

/// The reader's number in one letter's addresses.
#[derive(Debug, Default)]
pub(super) struct OwnNames(HashSet<String>);

impl OwnNames {
    /// Looks for them in everything a letter refers to.
    pub fn of(references: &[Reference]) -> Self {
        let hosts: Vec<(String, &str)> = references
            .iter()
            .take(MAX_REFERENCES)
            .filter_map(|reference| {
                let url = host::parse(&reference.url)?;
                Some((url.host_str()?.to_ascii_lowercase(), reference.url.as_str()))
            })
            .collect();
        let mut at: HashMap<String, HashSet<&str>> = HashMap::new();
        for (name, _) in &hosts {
            for label in labels(name).filter(|label| is_sign(label)) {
                at.entry(label.to_owned()).or_default();
            }
        }
        if at.is_empty() {
            return Self::default();
        }
        for (name, url) in &hosts {
            for piece in pieces(url) {
                if let Some(hosts) = at.get_mut(piece.to_ascii_lowercase().as_str()) {
                    hosts.insert(name);
                }
            }
        }
        at.retain(|_, hosts| hosts.len() >= HOSTS);
        Self(at.into_keys().collect())
    }

    /// Whether an address holds one.
    pub fn are_in(&self, url: &str) -> bool {
        !self.0.is_empty()
            && pieces(url).any(|piece| self.0.contains(piece.to_ascii_lowercase().as_str()))
    }
}

/// The labels of a host name below what somebody registered.
fn labels(name: &str) -> impl Iterator<Item = &str> {
    let below = host::registered(name).and_then(|registered| {
        let below = name.strip_suffix(registered.as_str())?;
        below.strip_suffix('.')
    });
    below.unwrap_or_default().split('.')
}

fn pieces(url: &str) -> impl Iterator<Item = &str> {
    url.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| LONG.contains(&piece.len()))
}

/// Letters and digits in turns, as words and sizes do not have them.
fn is_sign(label: &str) -> bool {
    let bytes = label.as_bytes();
    let turns = bytes.windows(2).filter(|pair| match pair {
        [a, b] => a.is_ascii_digit() != b.is_ascii_digit(),
        _ => false,
    });
    LONG.contains(&label.len()) && bytes.iter().all(u8::is_ascii_alphanumeric) && turns.count() >= 3
}
