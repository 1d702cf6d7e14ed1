//! What the leak test says: a table for people, one object for programs.

use super::opening::Drawn;
use super::ring::Notes;
use super::vectors::{self, Sees, Vector};
use crate::cli::{Context, Exit, Result};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Isolation {
    /// A network namespace: packets, look-ups and hits.
    Namespace,
    /// A listener on this computer: hits alone.
    Listeners,
}

/// Counters at one moment, or how far they moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counted {
    pub packets: u64,
    pub lookups: usize,
    pub hits: usize,
}

impl Counted {
    pub fn since(self, before: Self) -> Self {
        Self {
            packets: self.packets.saturating_sub(before.packets),
            lookups: self.lookups.saturating_sub(before.lookups),
            hits: self.hits.saturating_sub(before.hits),
        }
    }

    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// A group's line of the table.
#[derive(Debug, Default)]
struct Group {
    vectors: usize,
    moved: Counted,
    stray: u64,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Report {
    isolation: Isolation,
    /// Groups in the order they come.
    groups: Vec<(&'static str, Group)>,
    titles: BTreeMap<usize, String>,
    opened: usize,
    fallback: usize,
    unopened: usize,
    stray: u64,
    total: Counted,
    leaked: BTreeSet<usize>,
    missed: Vec<String>,
    /// What came and can be traced to no vector.
    untraced: BTreeSet<String>,
}

/// The object.
#[derive(Debug, Serialize)]
struct Object<'a> {
    vectors: usize,
    opened: usize,
    fallback: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    packets: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lookups: Option<usize>,
    hits: usize,
    /// Addresses that reached the engine that draws, which cannot fetch them.
    stray: u64,
    isolation: Isolation,
    leaked: Vec<&'a str>,
    missed: &'a [String],
}

impl Report {
    pub fn new(isolation: Isolation, all: &[Vector]) -> Self {
        Self {
            isolation,
            groups: Vec::new(),
            titles: all.iter().map(|vector| (vector.number, vector.title())).collect(),
            opened: 0,
            fallback: 0,
            unopened: 0,
            stray: 0,
            total: Counted::default(),
            leaked: BTreeSet::new(),
            missed: Vec::new(),
            untraced: BTreeSet::new(),
        }
    }

    fn group(&mut self, name: &'static str) -> Option<&mut Group> {
        if !self.groups.iter().any(|(known, _)| *known == name) {
            self.groups.push((name, Group::default()));
        }
        self.groups.iter_mut().find(|(known, _)| *known == name).map(|(_, group)| group)
    }

    /// How a vector's letters came out.
    pub fn opened(&mut self, vector: &Vector, drawn: Drawn, is_told: bool, stray: u64) {
        match drawn {
            Drawn::Whole => self.opened += 1,
            Drawn::AsText => self.fallback += 1,
            Drawn::Nothing => self.unopened += 1,
        }
        if !is_told {
            self.missed.push(vector.title());
        }
        self.stray += stray;
        if stray > 0 {
            self.leaked.insert(vector.number);
        }
        if let Some(group) = self.group(vector.group) {
            group.vectors += 1;
            group.stray += stray;
        }
    }

    /// What moved while a vector's letters were open.
    pub fn moved(&mut self, vector: &Vector, moved: Counted) {
        if !moved.is_nothing() {
            self.leaked.insert(vector.number);
        }
        if let Some(group) = self.group(vector.group) {
            group.moved.packets += moved.packets;
            group.moved.lookups += moved.lookups;
            group.moved.hits += moved.hits;
        }
    }

    /// What moved in all, and what was said.
    pub fn finish(&mut self, total: Counted, notes: Notes) {
        self.total = total;
        for said in notes.lookups.iter().chain(&notes.hits) {
            match vectors::owner(said).filter(|number| self.titles.contains_key(number)) {
                Some(number) => {
                    self.leaked.insert(number);
                }
                None if self.untraced.len() < 100 => {
                    self.untraced.insert(said.chars().take(200).collect());
                }
                None => {}
            }
        }
    }

    fn got_out(&self) -> bool {
        !self.total.is_nothing() || self.stray > 0 || !self.leaked.is_empty()
    }

    /// 0: nothing got out and nothing was overlooked; 3: not every letter was opened.
    pub fn exit(&self) -> Exit {
        if self.got_out() || !self.missed.is_empty() {
            Exit::Failed
        } else if self.unopened > 0 {
            Exit::Code(3)
        } else {
            Exit::Done
        }
    }

    pub fn print(&self, context: &Context) -> Result<()> {
        let counts_all = self.isolation == Isolation::Namespace;
        let leaked: Vec<&str> =
            self.leaked.iter().filter_map(|n| self.titles.get(n)).map(String::as_str).collect();
        let leaked: Vec<&str> =
            leaked.into_iter().chain(self.untraced.iter().map(String::as_str)).collect();
        let mut out = context.output();
        if context.json {
            out.object(&Object {
                vectors: self.titles.len(),
                opened: self.opened,
                fallback: self.fallback,
                packets: counts_all.then_some(self.total.packets),
                lookups: counts_all.then_some(self.total.lookups),
                hits: self.total.hits,
                stray: self.stray,
                isolation: self.isolation,
                leaked,
                missed: &self.missed,
            })?;
            return Ok(out.finish()?);
        }
        out.line(&row("", "vectors", ["packets", "look-ups", "hits", "strays"].map(String::from)))?;
        let cells = |moved: &Counted, stray: u64| {
            let known = |count: String| if counts_all { count } else { "?".into() };
            [
                known(moved.packets.to_string()),
                known(moved.lookups.to_string()),
                moved.hits.to_string(),
                stray.to_string(),
            ]
        };
        for (name, group) in &self.groups {
            let cells = cells(&group.moved, group.stray);
            out.line(&row(name, &group.vectors.to_string(), cells))?;
        }
        let all = self.titles.len().to_string();
        out.line(&row("in all", &all, cells(&self.total, self.stray)))?;
        out.line("")?;
        for (title, names) in [
            ("Got out:", leaked),
            ("Not in the ledger:", self.missed.iter().map(String::as_str).collect()),
        ] {
            if !names.is_empty() {
                out.line(title)?;
            }
            for name in names {
                out.line(&format!("  {name}"))?;
            }
        }
        for sentence in self.sentences() {
            out.line(&sentence)?;
        }
        Ok(out.finish()?)
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![format!(
            "Each vector was opened twice, aimed at a name and at a listener: {} drawn, {} shown as text, {} not opened.",
            self.opened, self.fallback, self.unopened
        )];
        sentences.push(match self.isolation {
            Isolation::Namespace => "Counted in a network namespace of its own: every packet on it, every look-up, every connection. Before that, one look-up and one hit made on purpose were seen.".into(),
            Isolation::Listeners => "There was no network namespace: only connections to a listener on this computer were counted, not packets and not look-ups. One hit made on purpose was seen.".into(),
        });
        sentences.push(match (self.got_out(), self.missed.is_empty()) {
            (true, _) => "Something got out.".into(),
            (false, false) => "Nothing got out, but the ledger missed something.".into(),
            (false, true) if self.unopened > 0 => {
                "Nothing got out, but not every letter was opened.".into()
            }
            (false, true) => "Nothing got out.".into(),
        });
        sentences
    }
}

fn row(name: &str, vectors: &str, cells: [String; 4]) -> String {
    let [packets, lookups, hits, stray] = cells;
    format!("{name:<28} {vectors:>8} {packets:>8} {lookups:>9} {hits:>6} {stray:>7}")
}

/// A vector of the list.
#[derive(Debug, Serialize)]
struct Item<'a> {
    number: usize,
    group: &'a str,
    name: &'a str,
    /// What the ledger must say: `reference`, `link`, `nothing`.
    ledger: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

/// Prints the vectors.
pub(super) fn list(context: &Context, all: &[Vector]) -> Result {
    let mut out = context.output();
    for vector in all {
        let (ledger, why) = match vector.sees {
            Sees::Reference => ("reference", None),
            Sees::Link => ("link", None),
            Sees::Nothing(why) => ("nothing", Some(why)),
        };
        if context.json {
            let (number, group, name) = (vector.number, vector.group, &*vector.name);
            out.object(&Item { number, group, name, ledger, why })?;
        } else {
            let why = why.map_or(String::new(), |why| format!(" ({why})"));
            out.line(&format!("{:>5}  {}: {ledger}{why}", vector.number, vector.title()))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
