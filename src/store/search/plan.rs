//! Walks the index for a question, newest first, and stops when it has enough.
//!
//! What is asked of text is answered by the index at once, as sets; properties
//! are streams of mail ids, descending, read in pages. The tree of the question
//! steps through them together (leapfrog) and stops when it has enough. What is a
//! property of one letter (its folder, its flags) is settled letter by letter.

use super::lookup::{Found, Segments};
use super::place::Place;
use super::query::{Node, Property, Text, english_value};
use crate::model::{Flags, Role};
use crate::store::error::Result;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use std::collections::{HashSet, VecDeque};
use std::str::FromStr;

/// First and largest page of a stream.
const PAGE: i64 = 64;
const MAX_PAGE: i64 = 8192;
/// Dates of mails and their ids may differ by a little where several fell on the
/// same second.
const ID_SLACK: i64 = 31 * 86_400;
/// How many of the newest hits compete for the best places.
const CANDIDATES: usize = 600;

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    Newest,
    /// Best first: where the words stand in the subject or the sender's name, then
    /// the newer one.
    Best,
}

/// A hit: a letter's place row, and the mail it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub place: i64,
    pub mail: i64,
}

/// A question and how it is to be answered.
#[derive(Debug, Clone)]
pub struct Search {
    /// What is asked.
    pub node: Node,
    /// In what order.
    pub order: Order,
    /// At most so many letters.
    pub limit: usize,
}

impl Search {
    /// Answers with place rows.
    pub(crate) fn run(&self, conn: &Connection) -> Result<Vec<Hit>> {
        let segments = Segments::load(conn)?;
        match self.order {
            Order::Newest => walk(conn, &segments, &self.node, self.limit),
            Order::Best => self.best(conn, &segments),
        }
    }

    fn best(&self, conn: &Connection, segments: &Segments) -> Result<Vec<Hit>> {
        let mut near = HashSet::new();
        let mut hits = Vec::new();
        for place in [Place::Subject, Place::Sender] {
            if let Some(node) = in_place(&self.node, place) {
                for hit in walk(conn, segments, &node, CANDIDATES)? {
                    if near.insert(hit.place) {
                        hits.push(hit);
                    }
                }
            }
        }
        let all = walk(conn, segments, &self.node, CANDIDATES)?;
        hits.extend(all.into_iter().filter(|hit| !near.contains(&hit.place)));
        hits.sort_by_key(|hit| {
            (!near.contains(&hit.place), std::cmp::Reverse(hit.mail), hit.place)
        });
        hits.truncate(self.limit);
        Ok(hits)
    }
}

/// The same question with every term that was asked of the whole letter asked of
/// one place; nothing if there is no such term.
fn in_place(node: &Node, place: Place) -> Option<Node> {
    fn narrow(node: &Node, place: Place, changed: &mut bool) -> Node {
        let each = |nodes: &[Node], changed: &mut bool| {
            nodes.iter().map(|node| narrow(node, place, changed)).collect()
        };
        match node {
            Node::Text(text) if text.place.is_none() => {
                *changed = true;
                Node::Text(Text { place: Some(place), ..text.clone() })
            }
            Node::And(nodes) => Node::And(each(nodes, changed)),
            Node::Or(nodes) => Node::Or(each(nodes, changed)),
            other => other.clone(),
        }
    }
    let mut changed = false;
    let node = narrow(node, place, &mut changed);
    changed.then_some(node)
}

fn walk(conn: &Connection, segments: &Segments, node: &Node, limit: usize) -> Result<Vec<Hit>> {
    let mut tree = Tree::build(conn, segments, node)?;
    let mut places = conn.prepare_cached(
        "SELECT id, folder_id, flags FROM place WHERE mail_id = ? ORDER BY id DESC",
    )?;
    let mut hits = Vec::new();
    let mut at = i64::MAX;
    while hits.len() < limit {
        let Some(mail) = tree.at_most(at)? else { break };
        let mut rows = places.query([mail])?;
        let before = hits.len();
        while let Some(row) = rows.next()? {
            let flags = Flags::from_bits(row.get(2)?);
            let place = Letter { id: row.get(0)?, mail, folder: row.get(1)?, flags };
            if tree.accepts(&place)? {
                hits.push(Hit { place: place.id, mail });
            }
        }
        if hits.len() > before + 1 {
            once_by_label(conn, &mut hits, before)?;
        }
        at = mail - 1;
    }
    hits.truncate(limit);
    Ok(hits)
}

/// A letter with several labels (Gmail) is one letter: of its places among the hits from
/// `from` on one stays for an account, and "All Mail" only where there is no other.
fn once_by_label(conn: &Connection, hits: &mut Vec<Hit>, from: usize) -> Result<()> {
    let mut labelled = conn.prepare_cached(
        "SELECT f.account_id, f.role IS 'all' FROM place p JOIN folder f ON f.id = p.folder_id
         WHERE p.id = ?1 AND EXISTS (SELECT 1 FROM twin t
         WHERE t.mail_id = p.mail_id AND t.account_id = f.account_id)",
    )?;
    let mut chosen: Vec<(i64, bool, Hit)> = Vec::new();
    let mut others: Vec<Hit> = Vec::new();
    for hit in hits.drain(from..) {
        let label: Option<(i64, bool)> =
            labelled.query_row([hit.place], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((account, all)) = label else {
            others.push(hit);
            continue;
        };
        match chosen.iter_mut().find(|(known, ..)| *known == account) {
            Some(one) if one.1 && !all => *one = (account, all, hit),
            Some(_) => {}
            None => chosen.push((account, all, hit)),
        }
    }
    hits.extend(chosen.into_iter().map(|(_, _, hit)| hit).chain(others));
    Ok(())
}

struct Letter {
    id: i64,
    mail: i64,
    folder: i64,
    flags: Flags,
}

/// A stream of mail ids, newest first.
struct Stream<'c> {
    statement: CachedStatement<'c>,
    term: Option<String>,
    page: VecDeque<i64>,
    size: i64,
    ended: bool,
}

impl<'c> Stream<'c> {
    fn new(conn: &'c Connection, sql: &str, term: Option<String>) -> Result<Self> {
        let statement = conn.prepare_cached(sql)?;
        Ok(Self { statement, term, page: VecDeque::new(), size: PAGE, ended: false })
    }

    /// The highest id that is at most `at`. `at` never grows from call to call.
    fn at_most(&mut self, at: i64) -> Result<Option<i64>> {
        loop {
            while let Some(&id) = self.page.front() {
                if id <= at {
                    return Ok(Some(id));
                }
                self.page.pop_front();
            }
            if self.ended {
                return Ok(None);
            }
            let mut rows = match &self.term {
                Some(term) => self.statement.query(params![at, self.size, term])?,
                None => self.statement.query(params![at, self.size])?,
            };
            while let Some(row) = rows.next()? {
                self.page.push_back(row.get(0)?);
            }
            self.ended = (self.page.len() as i64) < self.size;
            self.size = (self.size * 4).min(MAX_PAGE);
        }
    }
}

/// A question made ready to walk.
enum Tree<'c> {
    /// Every mail.
    All(Stream<'c>),
    /// What the index found.
    Found(Found<'c>),
    /// A property of a letter; the stream, where there is one, holds the mails
    /// that have such a letter.
    Property(Property, Option<Stream<'c>>, Facts<'c>),
    And(Vec<Tree<'c>>),
    Or(Vec<Tree<'c>>),
    Not(Box<Tree<'c>>),
}

/// What a property needs to be looked up.
enum Facts<'c> {
    None,
    Folders(HashSet<i64>),
    Keywords(CachedStatement<'c>),
    Mail(CachedStatement<'c>),
}

const ALL: &str =
    "SELECT id FROM mail INDEXED BY mail_facts WHERE id <= ?1 ORDER BY id DESC LIMIT ?2";

impl<'c> Tree<'c> {
    fn build(conn: &'c Connection, segments: &Segments, node: &Node) -> Result<Self> {
        let tree = Self::node(conn, segments, node)?;
        // Something must be walked: a question of "not" alone walks everything.
        Ok(if tree.walkable() {
            tree
        } else {
            Self::And(vec![Self::All(Stream::new(conn, ALL, None)?), tree])
        })
    }

    fn node(conn: &'c Connection, segments: &Segments, node: &Node) -> Result<Self> {
        // What asks of text alone the index answers as a whole.
        if is_text(node) {
            return Ok(Self::Found(segments.find(conn, node)));
        }
        Ok(match node {
            Node::All | Node::Text(_) => Self::All(Stream::new(conn, ALL, None)?),
            Node::Is(property) => Self::property(conn, property)?,
            Node::Not(inner) => Self::Not(Box::new(Self::node(conn, segments, inner)?)),
            Node::Or(nodes) => {
                let child = |node| Self::build(conn, segments, node);
                Self::Or(nodes.iter().map(child).collect::<Result<_>>()?)
            }
            Node::And(nodes) => {
                let (text, rest): (Vec<&Node>, Vec<&Node>) =
                    nodes.iter().partition(|node| is_text(node));
                let mut children = Vec::new();
                if !text.is_empty() {
                    let text = Node::And(text.into_iter().cloned().collect());
                    children.push(Self::Found(segments.find(conn, &text)));
                }
                for node in rest {
                    children.push(Self::node(conn, segments, node)?);
                }
                Self::And(children)
            }
        })
    }

    fn property(conn: &'c Connection, property: &Property) -> Result<Self> {
        const SIZE: &str = "SELECT size, date, props FROM mail INDEXED BY mail_facts WHERE id = ?";
        let mut stream = None;
        let mut facts = Facts::None;
        match property {
            Property::Flag(flags, set) => {
                let sql = match (*flags, set) {
                    (Flags::SEEN, false) => Some(
                        "SELECT mail_id FROM place INDEXED BY place_unread \
                         WHERE flags & 1 = 0 AND mail_id <= ?1 ORDER BY mail_id DESC LIMIT ?2",
                    ),
                    (Flags::FLAGGED, true) => Some(
                        "SELECT mail_id FROM place INDEXED BY place_flagged \
                         WHERE flags & 4 <> 0 AND mail_id <= ?1 ORDER BY mail_id DESC LIMIT ?2",
                    ),
                    _ => None,
                };
                stream = sql.map(|sql| Stream::new(conn, sql, None)).transpose()?;
            }
            Property::In(name) => {
                let folders = folders_named(conn, name)?;
                if let [only] = folders.as_slice() {
                    let sql = "SELECT mail_id FROM place WHERE folder_id = ?3 AND mail_id <= ?1 \
                               ORDER BY mail_id DESC LIMIT ?2";
                    stream = Some(Stream::new(conn, sql, Some(only.to_string()))?);
                }
                facts = Facts::Folders(folders.into_iter().collect());
            }
            Property::Label(label) => {
                let sql = "SELECT mail_id FROM place INDEXED BY place_keywords \
                           WHERE keywords IS NOT NULL AND mail_id <= ?1 \
                           AND instr(' ' || lower(keywords) || ' ', ?3) \
                           ORDER BY mail_id DESC LIMIT ?2";
                let word = format!(" {} ", label.keyword().to_ascii_lowercase());
                stream = Some(Stream::new(conn, sql, Some(word))?);
                facts = Facts::Keywords(
                    conn.prepare_cached("SELECT keywords FROM place WHERE id = ?")?,
                );
            }
            Property::Before(_)
            | Property::After(_)
            | Property::Larger(_)
            | Property::Smaller(_)
            | Property::Attachment => {
                facts = Facts::Mail(conn.prepare_cached(SIZE)?);
            }
        }
        Ok(Self::Property(property.clone(), stream, facts))
    }

    /// Whether it has a stream to step through.
    fn walkable(&self) -> bool {
        match self {
            Self::All(_) | Self::Found(_) => true,
            Self::Property(_, stream, _) => stream.is_some(),
            Self::And(children) => children.iter().any(Self::walkable),
            Self::Or(children) => children.iter().all(Self::walkable),
            Self::Not(_) => false,
        }
    }

    /// Whether its answer is the same for every letter of a mail.
    fn is_of_mail(&self) -> bool {
        match self {
            Self::All(_) | Self::Found(_) => true,
            Self::Property(..) => false,
            Self::And(children) | Self::Or(children) => children.iter().all(Self::is_of_mail),
            Self::Not(inner) => inner.is_of_mail(),
        }
    }

    /// The highest mail at most `at` that may have a letter that is asked for.
    fn at_most(&mut self, mut at: i64) -> Result<Option<i64>> {
        match self {
            Self::Found(found) => found.at_most(at),
            Self::All(stream) | Self::Property(_, Some(stream), _) => stream.at_most(at),
            // Mails are numbered by their date: these two are bounds.
            Self::Property(Property::Before(second), ..) => {
                Ok(Some(at.min(second.saturating_add(ID_SLACK))))
            }
            Self::Property(Property::After(second), ..) => {
                Ok(Some(at).filter(|at| *at >= second.saturating_sub(ID_SLACK)))
            }
            Self::Property(_, None, _) | Self::Not(_) => Ok(Some(at)),
            Self::Or(children) => {
                let mut best = None;
                for child in children {
                    best = best.max(child.at_most(at)?);
                }
                Ok(best)
            }
            Self::And(children) => 'again: loop {
                for child in children.iter_mut() {
                    let found = match child {
                        Self::Not(inner) if inner.is_of_mail() => {
                            if inner.at_most(at)? == Some(at) { Some(at - 1) } else { Some(at) }
                        }
                        child => child.at_most(at)?,
                    };
                    match found {
                        None => return Ok(None),
                        Some(found) if found < at => {
                            at = found;
                            continue 'again;
                        }
                        Some(_) => {}
                    }
                }
                return Ok(Some(at));
            },
        }
    }

    /// Whether this letter is asked for.
    fn accepts(&mut self, place: &Letter) -> Result<bool> {
        Ok(match self {
            Self::All(_) => true,
            Self::Found(found) => found.at_most(place.mail)? == Some(place.mail),
            Self::Property(property, _, facts) => facts.hold(property, place)?,
            Self::Not(inner) => !inner.accepts(place)?,
            Self::And(children) => {
                for child in children {
                    if !child.accepts(place)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Or(children) => {
                for child in children {
                    if child.accepts(place)? {
                        return Ok(true);
                    }
                }
                false
            }
        })
    }
}

impl Facts<'_> {
    fn hold(&mut self, property: &Property, place: &Letter) -> Result<bool> {
        Ok(match (property, self) {
            (Property::Flag(flags, set), _) => place.flags.has(*flags) == *set,
            (Property::In(_), Facts::Folders(folders)) => folders.contains(&place.folder),
            (Property::Label(label), Facts::Keywords(statement)) => {
                let words: Option<String> =
                    statement.query_row([place.id], |row| row.get(0)).optional()?.flatten();
                words.is_some_and(|words| {
                    words
                        .split_ascii_whitespace()
                        .any(|word| word.eq_ignore_ascii_case(label.keyword()))
                })
            }
            (property, Facts::Mail(statement)) => {
                let (size, date, props): (u64, i64, i64) = statement
                    .query_row([place.mail], |row| {
                        Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?, row.get(2)?))
                    })?;
                match property {
                    Property::Before(second) => date < *second,
                    Property::After(second) => date >= *second,
                    Property::Larger(bytes) => size > *bytes,
                    Property::Smaller(bytes) => size < *bytes,
                    Property::Attachment => props & crate::store::PROP_ATTACHMENT != 0,
                    Property::Flag(..) | Property::In(_) | Property::Label(_) => false,
                }
            }
            _ => false,
        })
    }
}

/// Folders meant by `in:`: a role, `account/path`, the end of a path, or all of an account as
/// `account/`.
fn folders_named(conn: &Connection, name: &str) -> Result<Vec<i64>> {
    let word = english_value("in", name).unwrap_or(name);
    let role = Role::from_str(word).map(Role::word).unwrap_or_default();
    let wanted = name.to_lowercase();
    let mut statement = conn.prepare_cached(
        "SELECT f.id, a.name || '/' || f.path, f.role FROM folder f JOIN account a ON a.id = f.account_id",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let path: String = row.get::<_, String>(1)?.to_lowercase();
        let has_role = row.get_ref(2)?.as_str_or_null().ok().flatten() == Some(role);
        let ends =
            path.strip_suffix(&wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        let within = wanted.ends_with('/') && path.starts_with(&wanted);
        if has_role || ends || within {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

/// Whether a question asks of nothing but text.
fn is_text(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::Not(inner) => is_text(inner),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(is_text),
        Node::All | Node::Is(_) => false,
    }
}
