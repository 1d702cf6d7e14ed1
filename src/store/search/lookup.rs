//! Answers what a question asks of text, segment by segment.

use super::index;
use super::numbers::positions;
use super::place;
use super::query::{Node, Text};
use super::segment::BlockReader;
use crate::store::error::Result;
use crate::store::slices;
use rusqlite::{Connection, params};
use std::rc::Rc;

/// A set of a segment's mails.
#[derive(Debug, Clone)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    fn set(&mut self, doc: u32) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    fn has(&self, doc: u32) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    fn combine(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = with(*word, *other);
        }
    }

    fn flip(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        if let Some(last) = self.words.last_mut()
            && !self.len.is_multiple_of(64)
        {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }

    /// The first member from `from` on.
    fn next_from(&self, from: usize) -> Option<usize> {
        let mut at = from / 64;
        let mut word = self.words.get(at)? & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some(at * 64 + word.trailing_zeros() as usize)
    }

    fn members(&self) -> impl Iterator<Item = u32> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.next_from(from)?;
            from = found + 1;
            u32::try_from(found).ok()
        })
    }
}

/// The segments as a question finds them.
#[derive(Debug)]
pub struct Segments(Vec<(i64, Rc<Vec<i64>>)>);

impl Segments {
    /// Loads the numbers of all segments' mails.
    pub fn load(conn: &Connection) -> Result<Self> {
        let mut statement = conn.prepare_cached("SELECT id, ids FROM segment WHERE docs > 0")?;
        let mut rows = statement.query([])?;
        let mut segments = Vec::new();
        while let Some(row) = rows.next()? {
            let ids = super::numbers::unpack_ids(row.get_ref(1)?.as_blob().unwrap_or_default());
            segments.push((row.get(0)?, Rc::new(ids)));
        }
        Ok(Self(segments))
    }

    /// The mails that answer `node`, which asks of nothing but text.
    pub fn find<'c>(&self, conn: &'c Connection, node: &Node) -> Found<'c> {
        // A phrase looks into every letter that has its words, so it looks into
        // the newest first; anything else is answered quickly as a whole.
        let window = if has_phrase(node) { FIRST_WINDOW } else { u32::MAX };
        let runs = self.0.iter().map(|(segment, ids)| Run {
            segment: Segment { conn, id: *segment, len: ids.len() },
            ids: Rc::clone(ids),
            bits: Bits::none(0),
            upto: 0,
            window,
        });
        Found { node: node.clone(), runs: runs.collect() }
    }
}

/// So many of the newest mails are looked into first, and so many times more
/// whenever they were not enough.
const FIRST_WINDOW: u32 = 2048;
const WIDER: u32 = 8;

fn has_phrase(node: &Node) -> bool {
    match node {
        Node::Text(text) => text.tokens.len() > 1,
        Node::Not(inner) => has_phrase(inner),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(has_phrase),
        Node::All | Node::Is(_) => false,
    }
}

/// The answer: a set of mails that is worked out as it is walked from the newest.
#[derive(Debug)]
pub struct Found<'c> {
    node: Node,
    runs: Vec<Run<'c>>,
}

/// The answer of one segment: right for its mails below `upto`.
#[derive(Debug)]
struct Run<'c> {
    segment: Segment<'c>,
    ids: Rc<Vec<i64>>,
    bits: Bits,
    upto: u32,
    window: u32,
}

impl Found<'_> {
    /// The highest id that is at most `at`.
    pub fn at_most(&mut self, at: i64) -> Result<Option<i64>> {
        let mut newest = None;
        for run in &mut self.runs {
            newest = newest.max(run.at_most(&self.node, at)?);
        }
        Ok(newest)
    }
}

impl Run<'_> {
    fn at_most(&mut self, node: &Node, at: i64) -> Result<Option<i64>> {
        let from = self.ids.partition_point(|id| *id > at);
        loop {
            let found = self.bits.next_from(from).filter(|doc| *doc < self.upto as usize);
            if let Some(doc) = found {
                return Ok(self.ids.get(doc).copied());
            }
            if self.upto as usize >= self.ids.len() {
                return Ok(None);
            }
            // A place far back is not reached step by step.
            loop {
                self.upto = self.window;
                self.window = self.window.saturating_mul(WIDER);
                if self.upto as usize > from || self.upto == u32::MAX {
                    break;
                }
            }
            self.bits = self.segment.answer(node, self.upto)?;
        }
    }
}

#[derive(Debug)]
struct Segment<'c> {
    conn: &'c Connection,
    id: i64,
    len: usize,
}

impl Segment<'_> {
    fn answer(&self, node: &Node, upto: u32) -> Result<Bits> {
        Ok(match node {
            Node::Text(text) => self.text(text, upto)?,
            Node::Not(inner) => {
                let mut bits = self.answer(inner, upto)?;
                bits.flip();
                bits
            }
            Node::And(nodes) => {
                let mut all = Bits::none(self.len);
                all.flip();
                for node in nodes {
                    all.combine(&self.answer(node, upto)?, |a, b| a & b);
                    if all.is_empty() {
                        break;
                    }
                }
                all
            }
            Node::Or(nodes) => {
                let mut any = Bits::none(self.len);
                for node in nodes {
                    any.combine(&self.answer(node, upto)?, |a, b| a | b);
                }
                any
            }
            Node::All => {
                let mut all = Bits::none(self.len);
                all.flip();
                all
            }
            // Not of text: never asked here.
            Node::Is(_) => Bits::none(self.len),
        })
    }

    fn text(&self, text: &Text, upto: u32) -> Result<Bits> {
        let mut bits = Bits::none(self.len);
        match (text.tokens.as_slice(), text.prefix) {
            ([], _) => {}
            ([word], false) => {
                if let Some(block) = self.block_of(text, word)?
                    && let Some(list) = BlockReader::new(&block).find(&place::key(text.place, word))
                {
                    list.docs().for_each(|doc| bits.set(doc));
                }
            }
            ([beginning], true) => {
                self.each_beginning(text, beginning, |data, from| {
                    let mut reader = BlockReader::new(data);
                    while let Some(list) = reader.next_list() {
                        if reader.key().starts_with(from) {
                            list.docs().for_each(|doc| bits.set(doc));
                        }
                    }
                })?;
            }
            (words, _) => self.phrase(text, words, upto, &mut bits)?,
        }
        Ok(bits)
    }

    /// The block that `word` stands in if it stands anywhere.
    fn block_of(&self, text: &Text, word: &str) -> Result<Option<Vec<u8>>> {
        let key = place::key(text.place, word);
        let mut find = self.conn.prepare_cached(
            "SELECT slice, slices, data FROM block WHERE segment_id = ? AND first <= ?
             ORDER BY first DESC LIMIT 1",
        )?;
        let mut rows = find.query(params![self.id, key])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut block = Vec::new();
        slices::read(self.conn, row, 0, &mut block)?;
        Ok(Some(block))
    }

    /// Shows every block that may hold words with this beginning.
    fn each_beginning(
        &self,
        text: &Text,
        beginning: &str,
        mut show: impl FnMut(&[u8], &[u8]),
    ) -> Result<()> {
        let (from, to) = index::range(text.place, beginning);
        if let Some(block) = self.block_of(text, beginning)? {
            show(&block, &from);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT slice, slices, data FROM block WHERE segment_id = ? AND first > ? AND first < ?
             ORDER BY first",
        )?;
        let mut rows = statement.query(params![self.id, from, to])?;
        let mut block = Vec::new();
        while let Some(row) = rows.next()? {
            block.clear();
            slices::read(self.conn, row, 0, &mut block)?;
            show(&block, &from);
        }
        Ok(())
    }

    /// Words that stand one behind the other.
    fn phrase(&self, text: &Text, words: &[String], upto: u32, bits: &mut Bits) -> Result<()> {
        let (whole, last) = match (text.prefix, words.split_last()) {
            (true, Some((last, whole))) => (whole, Some(last)),
            _ => (words, None),
        };
        let mut blocks = Vec::with_capacity(whole.len());
        for word in whole {
            match self.block_of(text, word)? {
                Some(block) => blocks.push((place::key(text.place, word), block)),
                None => return Ok(()),
            }
        }
        let mut lists = Vec::with_capacity(blocks.len());
        for (key, block) in &blocks {
            match BlockReader::new(block).find(key) {
                Some(list) => lists.push(list),
                None => return Ok(()),
            }
        }
        // Mails that have all the words.
        let mut both = Bits::none(self.len);
        both.flip();
        for list in &lists {
            let mut having = Bits::none(self.len);
            list.docs().take_while(|doc| *doc < upto).for_each(|doc| having.set(doc));
            both.combine(&having, |a, b| a & b);
        }
        let mails: Vec<u32> = both.members().collect();
        // Where the phrase so far could go on, for each of them.
        let mut ends: Vec<Vec<u32>> = Vec::new();
        for list in &lists {
            let at = list
                .docs_with_positions()
                .take_while(|(doc, _)| *doc < upto)
                .filter(|(doc, _)| both.has(*doc))
                .map(|(_, bytes)| positions(bytes).map(|p| p + 1).collect::<Vec<u32>>());
            if ends.is_empty() {
                ends = at.collect();
            } else {
                for (end, next) in ends.iter_mut().zip(at) {
                    let mut next = next.into_iter().peekable();
                    // Both ascend: keep where the next word stands just there.
                    end.retain_mut(|end| {
                        while next.next_if(|p| *p < *end + 1).is_some() {}
                        let there = next.peek() == Some(&(*end + 1));
                        *end += 1;
                        there
                    });
                }
            }
        }
        let Some(beginning) = last else {
            for (doc, end) in mails.iter().zip(&ends) {
                if !end.is_empty() {
                    bits.set(*doc);
                }
            }
            return Ok(());
        };
        self.each_beginning(text, beginning, |data, from| {
            let mut reader = BlockReader::new(data);
            while let Some(list) = reader.next_list() {
                if !reader.key().starts_with(from) {
                    continue;
                }
                for (doc, bytes) in list.docs_with_positions().take_while(|(doc, _)| *doc < upto) {
                    if both.has(doc)
                        && !bits.has(doc)
                        && let Ok(index) = mails.binary_search(&doc)
                        && let Some(end) = ends.get(index)
                        && positions(bytes).any(|p| end.binary_search(&p).is_ok())
                    {
                        bits.set(doc);
                    }
                }
            }
        })
    }
}
