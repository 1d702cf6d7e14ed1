//! Network filters: the part of the filter-list syntax that names addresses.
//!
//! `||host/path` · `|start` · `end|` · `*` · `^` · `$image` · `!` comments. What
//! else lists hold (cosmetic rules, exceptions, scriptlets, regular expressions)
//! is no matter of mail and skipped. Matching takes time proportional to pattern
//! times address, whatever they are; addresses are compared in lower case.

use std::collections::HashMap;

/// A service a list knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// Its name, as people know it.
    pub vendor: String,
    /// What it learns of the opening for: `receipt`, `newsletter opens`, …
    pub purpose: String,
    /// Where its company sits (ISO 3166), where there is one.
    pub country: Option<String>,
}

#[derive(Debug)]
struct Filter {
    service: usize,
    pattern: String,
    /// The longest piece of the pattern that must be there as it is: looked for
    /// first, because most addresses do not have it.
    literal: String,
    at_start: bool,
    at_end: bool,
    pictures_only: bool,
}

/// A parsed list.
#[derive(Debug, Default)]
pub struct List {
    services: Vec<Service>,
    /// Filters that begin with a whole host, by that host; the pattern is what
    /// follows it.
    by_host: HashMap<String, Vec<Filter>>,
    /// Filters whose host has a `*` in it: matched after each dot of the host.
    by_name: Vec<Filter>,
    /// Filters without a host.
    anywhere: Vec<Filter>,
}

/// Longest address that is looked at.
const MAX_ADDRESS: usize = 4096;

impl List {
    /// Reads a list. Lines that are not understood are skipped.
    pub fn parse(text: &str) -> Self {
        let mut list = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix('!') {
                if let Some(service) = service(comment) {
                    list.services.push(service);
                }
            } else if !line.is_empty() && !line.starts_with(['[', '#', '@']) {
                list.add(line);
            }
        }
        list
    }

    fn add(&mut self, line: &str) {
        if line.contains("##")
            || line.contains("#@#")
            || line.starts_with('/') && line.ends_with('/')
        {
            return;
        }
        let (pattern, options) = line.split_once('$').unwrap_or((line, ""));
        let pictures_only = options.split(',').any(|option| option.trim() == "image");
        if self.services.is_empty() {
            self.services.push(Service::default());
        }
        let service = self.services.len() - 1;
        let lower = pattern.to_ascii_lowercase();
        let (body, at_end) =
            lower.strip_suffix('|').map_or((lower.as_str(), false), |body| (body, true));
        let filter = |pattern: &str, at_start| Filter {
            service,
            pattern: pattern.to_owned(),
            literal: pattern
                .split(['*', '^'])
                .max_by_key(|piece| piece.len())
                .unwrap_or("")
                .to_owned(),
            at_start,
            at_end,
            pictures_only,
        };
        if let Some(rest) = body.strip_prefix("||") {
            let end = rest.find(['/', '^', '?', ':']).unwrap_or(rest.len());
            let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if host.contains('*') {
                self.by_name.push(filter(rest, true));
            } else if !host.is_empty() {
                self.by_host.entry(host.to_owned()).or_default().push(filter(path, true));
            }
        } else if let Some(rest) = body.strip_prefix('|') {
            self.anywhere.push(filter(rest, true));
        } else if body.len() > 3 {
            self.anywhere.push(filter(body, false));
        }
    }

    /// The services, in the list's order.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// A service by its name.
    pub fn service(&self, vendor: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.vendor == vendor)
    }

    /// The service an address belongs to.
    pub fn find(&self, address: &str, picture: bool) -> Option<&Service> {
        let lower = address.trim().to_ascii_lowercase();
        let mut end = lower.len().min(MAX_ADDRESS);
        while !lower.is_char_boundary(end) {
            end -= 1;
        }
        let lower = lower.get(..end)?;
        let after_scheme = lower
            .strip_prefix("http://")
            .or_else(|| lower.strip_prefix("https://"))
            .or_else(|| lower.strip_prefix("//"))?;
        let host_end = after_scheme.find(['/', '?', '#', '\\']).unwrap_or(after_scheme.len());
        let (authority, path) = after_scheme.split_at_checked(host_end)?;
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = authority.split_once(':').map_or(authority, |(host, _)| host);
        let host = host.trim_end_matches('.');
        let wanted = |filter: &&Filter| picture || !filter.pictures_only;

        let mut name = Some(host);
        while let Some(part) = name {
            let hit = self.by_host.get(part).and_then(|filters| {
                filters.iter().filter(wanted).find(|f| f.is_in(path, f.at_start))
            });
            if let Some(filter) = hit {
                return self.services.get(filter.service);
            }
            name = part.split_once('.').map(|(_, rest)| rest);
        }
        let mut rest = Some(after_scheme);
        while let Some(part) = rest {
            let in_host = host_end >= after_scheme.len() - part.len();
            if !in_host {
                break;
            }
            let hit = self.by_name.iter().filter(wanted).find(|f| f.is_in(part, true));
            if let Some(filter) = hit {
                return self.services.get(filter.service);
            }
            rest = part.split_once('.').map(|(_, rest)| rest);
        }
        self.anywhere
            .iter()
            .filter(wanted)
            .find(|f| {
                let text = if f.at_start { lower } else { path };
                f.is_in(text, f.at_start)
            })
            .and_then(|filter| self.services.get(filter.service))
    }
}

impl Filter {
    fn is_in(&self, text: &str, at_start: bool) -> bool {
        memchr::memmem::find(text.as_bytes(), self.literal.as_bytes()).is_some()
            && matches(&self.pattern, text, at_start, self.at_end)
    }
}

fn service(comment: &str) -> Option<Service> {
    let mut service = Service::default();
    for field in comment.split('|') {
        let (name, value) = field.split_once(':')?;
        let value = value.trim().to_owned();
        match name.trim() {
            "vendor" => service.vendor = value,
            "purpose" => service.purpose = value,
            "country" => service.country = Some(value).filter(|c| !c.is_empty()),
            _ => {}
        }
    }
    (!service.vendor.is_empty()).then_some(service)
}

/// Whether `^` stands for this byte.
fn is_separator(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'%') || byte >= 0x80)
}

/// Glob matching with one point of return: the last `*`.
fn matches(pattern: &str, text: &str, at_start: bool, at_end: bool) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go on when this way fails: after the star, one byte further.
    let mut retry: Option<(usize, usize)> = (!at_start).then_some((0, 0));
    loop {
        let step = match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                retry = Some((p + 1, t));
                p += 1;
                continue;
            }
            (Some(b'^'), Some(byte)) if is_separator(*byte) => true,
            // The end of the address ends a name as well.
            (Some(b'^'), None) => {
                p += 1;
                continue;
            }
            (Some(expected), Some(byte)) if *expected != b'^' && expected == byte => true,
            (None, None) => return true,
            (None, Some(_)) if !at_end => return true,
            _ => false,
        };
        if step {
            p += 1;
            t += 1;
            continue;
        }
        match retry {
            Some((after, from)) if from < text.len() => {
                retry = Some((after, from + 1));
                p = after;
                t = from + 1;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let list = List::parse(
            "! vendor: A | purpose: opens | country: KR\n||a.example/o/\n||b*.example/x^\n\
             ! vendor: B | purpose: opens\n/track/open.php?u=\n|https://c.example/end|\n\
             ||pics.example^$image\n||d.example^\n@@||a.example^\nfoo##bar\n",
        );
        let find = |url: &str| list.find(url, true).map(|s| s.vendor.as_str());
        for (url, vendor) in [
            ("https://a.example/o/1", Some("A")),
            ("https://sub.a.example/o/1", Some("A")),
            ("//sub.A.example/O/1", Some("A")),
            ("https://nota.example/o/1", None),
            ("https://a.example/p/1", None),
            ("https://a.example:8080/o/1", Some("A")),
            ("https://x@a.example/o/1", Some("A")),
            ("https://b12.example/x?y", Some("A")),
            ("https://s.b12.example/x", Some("A")),
            ("https://s.b12.example/xy", None),
            ("https://z.example/track/open.php?u=1", Some("B")),
            ("https://c.example/end", Some("B")),
            ("https://c.example/end2", None),
            ("https://pics.example/a", Some("B")),
            ("https://d.example", Some("B")),
            ("https://d.example.evil/", None),
            ("https://evil.test/?d.example", None),
            ("ftp://a.example/o/", None),
        ] {
            assert_eq!(find(url), vendor, "{url}");
        }
        assert!(list.find("https://pics.example/a", false).is_none());
        assert_eq!(list.services().first().unwrap().country.as_deref(), Some("KR"));
    }

    #[test]
    fn no_line_of_our_own_list_is_passed_over() {
        let ours = include_str!("../../../assets/trackers.txt");
        for line in ours.lines().filter(|line| !line.is_empty() && !line.starts_with('!')) {
            let list = List::parse(line);
            let kept = list.by_host.len() + list.by_name.len() + list.anywhere.len();
            assert_eq!(kept, 1, "{line}");
        }
    }

    #[test]
    fn stars_do_not_explode() {
        let pattern = "*a".repeat(200);
        assert!(!matches(&pattern, &"a".repeat(150), true, true));
        assert!(matches(&pattern, &"a".repeat(4000), true, false));
    }
}
