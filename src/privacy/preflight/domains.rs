//! Domains in addresses: slips of the finger, and readers who load no pictures. The data is
//! `assets/mail-domains.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

struct Known {
    used: Vec<&'static str>,
    real: HashSet<&'static str>,
    slips: HashMap<&'static str, &'static str>,
    blocks: Vec<&'static str>,
}

static KNOWN: LazyLock<Known> =
    LazyLock::new(|| read(include_str!("../../../assets/mail-domains.txt")));

fn read(text: &'static str) -> Known {
    let mut known =
        Known { used: Vec::new(), real: HashSet::new(), slips: HashMap::new(), blocks: Vec::new() };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("use"), Some(name), None) => known.used.push(name),
            (Some("real"), Some(name), None) => {
                known.real.insert(name);
            }
            (Some("slip"), Some(name), Some(meant)) => {
                known.slips.insert(name, meant);
            }
            (Some("blocks"), Some(name), None) => known.blocks.push(name),
            _ => {}
        }
    }
    known
}

/// What was probably meant by a domain, where it looks mistyped.
pub(super) fn meant(domain: &str) -> Option<String> {
    let domain = domain.trim_end_matches('.').to_lowercase();
    if let Some(meant) = KNOWN.slips.get(domain.as_str()) {
        return Some((*meant).to_owned());
    }
    if KNOWN.used.contains(&domain.as_str()) || KNOWN.real.contains(domain.as_str()) {
        return None;
    }
    // Short names are all one letter from each other.
    let near = KNOWN.used.iter().find(|used| used.len() >= 8 && is_one_slip(&domain, used));
    if let Some(near) = near {
        return Some((*near).to_owned());
    }
    ending(&domain)
}

/// Endings that do not exist and what they are slips of.
fn ending(domain: &str) -> Option<String> {
    const SLIPS: [(&str, &str); 14] = [
        (".con", ".com"),
        (".cmo", ".com"),
        (".ocm", ".com"),
        (".vom", ".com"),
        (".xom", ".com"),
        (".comm", ".com"),
        (".coom", ".com"),
        (".ner", ".net"),
        (".nte", ".net"),
        (".ent", ".net"),
        (".ogr", ".org"),
        (".co.rk", ".co.kr"),
        (".co.ke.kr", ".co.kr"),
        (".go.rk", ".go.kr"),
    ];
    SLIPS.iter().find_map(|(slip, meant)| {
        domain
            .strip_suffix(slip)
            .filter(|rest| !rest.is_empty())
            .map(|rest| format!("{rest}{meant}"))
    })
}

/// One letter too many, too few, another, or two in the wrong order.
fn is_one_slip(typed: &str, meant: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = |skip_a: usize, skip_b: usize| a.get(same + skip_a..) == b.get(same + skip_b..);
    match a.len().abs_diff(b.len()) {
        0 if same < a.len() => {
            let swapped = a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same);
            tail(1, 1) || swapped && tail(2, 2)
        }
        1 if a.len() > b.len() => tail(1, 0),
        1 => tail(0, 1),
        _ => false,
    }
}

/// Whether readers there are known to load no pictures.
pub(super) fn blocks_pictures(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    KNOWN.blocks.iter().any(|known| {
        domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
