//! What became of everything a letter refers to: what was stopped, what is shown, and who
//! was really told. Verdicts say what may happen; requests and answers say what did.

use crate::engine::protocol::OpenLedger;
use crate::model::{Tracker, Verdict};
use crate::privacy::host;
use std::collections::HashSet;

/// What became of what the letter refers to, counted. The same address twice is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// Pictures that are refused, trackers included.
    pub pictures: usize,
    /// Other things that are refused.
    pub others: usize,
    /// Refused pictures that are trackers.
    pub trackers: usize,
    /// Refused pictures that were asked for all the same, before.
    pub hidden: usize,
    /// Allowed ones, shown or not.
    pub allowed: usize,
    /// Pictures that are shown.
    pub shown: usize,
    /// Services among the refused trackers, each once.
    pub services: Vec<String>,
    /// Hosts that what is allowed would be asked of, each once.
    pub asked: Vec<String>,
    /// Hosts that were reached by a request, each once: they may know.
    pub told: Vec<String>,
    /// Addresses of those requests.
    pub told_urls: HashSet<String>,
}

impl Story {
    /// Reads it from a ledger.
    pub fn of(open: &OpenLedger) -> Self {
        let mut story = Self { shown: open.shown.len(), ..Self::default() };
        let mut hosts = HashSet::new();
        for made in open.requests.iter().filter(|made| made.answer.told()) {
            if story.told_urls.insert(sent(&made.url).to_owned()) {
                push_host(&made.url, &mut hosts, &mut story.told);
            }
        }
        let mut hosts = HashSet::new();
        let mut seen: HashSet<(&str, bool)> = HashSet::new();
        for entry in &open.ledger.entries {
            let url = entry.reference.url.as_str();
            let allowed = matches!(entry.verdict, Verdict::Allow(_));
            if !seen.insert((url, allowed)) {
                continue;
            }
            if allowed {
                story.allowed += 1;
                push_host(url, &mut hosts, &mut story.asked);
                continue;
            }
            if !entry.reference.is_picture() {
                story.others += 1;
                continue;
            }
            story.pictures += 1;
            story.hidden += usize::from(story.was_told(url));
            if let Some(Tracker { service, .. }) = &entry.tracker {
                story.trackers += 1;
                if let Some(service) = service
                    && !story.services.contains(service)
                {
                    story.services.push(service.clone());
                }
            }
        }
        story
    }

    /// Whether this address was really asked for, so that its owner may know.
    pub fn was_told(&self, url: &str) -> bool {
        self.told_urls.contains(sent(url))
    }
}

/// What follows the `#` is not sent.
fn sent(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

fn push_host(url: &str, known: &mut HashSet<String>, hosts: &mut Vec<String>) {
    let name = host::parse(url).and_then(|url| url.host_str().map(str::to_owned));
    if let Some(name) = name
        && known.insert(name.clone())
    {
        hosts.push(name);
    }
}
