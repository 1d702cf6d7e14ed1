//! The letters that lie open in the drawing process, and what can be asked of them.

use super::protocol::{
    DocId, InlinePart, Laid, MAX_BOXES, MAX_PLACES, Opened, Point, Request, Response, Select,
    Source, View,
};
use super::wire;
use super::{MAX_SIDE, MAX_TILE};
use crate::html::clean::{self, Body, Cleaned, Slot, SlotSource, Token};
use crate::html::page::{self, Engine, Page, Picture};
use crate::html::quote::quote;
use crate::html::{self, MAX_HTML};
use crate::mime;
use crate::model::Reference;
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Instant;

/// Letters that lie open; the one not looked at for longest is forgotten.
const MAX_OPEN: usize = 8;

/// Bytes of decoded pictures of one letter, and of all.
const MAX_DECODED: usize = 96 << 20;
const MAX_DECODED_OF_ALL: usize = 160 << 20;

/// Bytes of a selection, and of a text to find.
const MAX_SELECTION: usize = 16 << 20;
const MAX_QUERY: usize = 4 << 10;

struct OpenPage {
    doc: DocId,
    page: Page,
    /// Its remote pictures.
    remote: HashSet<Token>,
    /// Bytes of its decoded pictures.
    decoded: usize,
}

/// Everything that lies open.
pub(super) struct Desk {
    engine: Engine,
    /// The one looked at last stands last.
    open: VecDeque<OpenPage>,
    /// The cleaner is broken on purpose.
    #[cfg(debug_assertions)]
    sabotaged: bool,
}

impl Desk {
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            engine,
            open: VecDeque::new(),
            #[cfg(debug_assertions)]
            sabotaged: false,
        }
    }

    /// Does what is asked. `None` if the engine failed on it, and is not to be trusted
    /// with another letter.
    pub(super) fn answer(&mut self, request: Request) -> Option<Response> {
        let response = self.respond(request);
        let failed = self.open.back().is_some_and(|open| open.page.failed());
        // What nobody cleaned is expected to make it fail.
        #[cfg(debug_assertions)]
        let failed = failed && !self.sabotaged;
        (!failed).then_some(response)
    }

    fn respond(&mut self, request: Request) -> Response {
        let started = Instant::now();
        match request {
            Request::Ping => Response::Done,
            #[cfg(debug_assertions)]
            Request::Sabotage => {
                self.sabotaged = true;
                Response::Done
            }
            Request::Close(doc) => {
                self.open.retain(|open| open.doc != doc);
                Response::Done
            }
            Request::Open(doc, source, view) => self.put(doc, source, view, started),
            Request::Read(bodies) => read(&bodies),
            Request::Quote(raw, intro, forwarded) => {
                let letter = mime::parse(&raw);
                Response::Quoted(Box::new(quote(&letter, &intro, forwarded)))
            }
            Request::Pictures(doc, pictures) => self.with(doc, |engine, open| {
                let mut room = MAX_DECODED.saturating_sub(open.decoded);
                let ours = pictures.iter().filter(|(token, _)| open.remote.contains(token));
                let new: Vec<(Token, Picture)> = ours
                    .filter_map(|(token, bytes)| Some((*token, decode(bytes, &mut room)?)))
                    .collect();
                open.decoded = MAX_DECODED - room;
                open.page.set_pictures(engine, new);
                Response::Laid(laid(&open.page, started))
            }),
            Request::View(doc, view) => self.with(doc, |engine, open| {
                open.page.set_view(engine, view);
                Response::Laid(laid(&open.page, started))
            }),
            Request::Fold(doc, number) => self.with(doc, |engine, open| {
                open.page.fold(engine, number);
                Response::Laid(laid(&open.page, started))
            }),
            Request::Paint(doc, y, height) => self.with(doc, |_, open| paint(open, y, height)),
            Request::Hit(doc, at) => {
                self.with(doc, |_, open| Response::Hit(open.page.hit(point(at))))
            }
            Request::Step(doc, step) => {
                self.with(doc, |_, open| Response::Stop(open.page.step(step)))
            }
            Request::Select(doc, select) => self.with(doc, |_, open| {
                let select = match select {
                    Select::Range(from, to) => Select::Range(point(from), point(to)),
                    Select::Word(at) => Select::Word(point(at)),
                    Select::Paragraph(at) => Select::Paragraph(point(at)),
                    Select::All | Select::None => select,
                };
                let (boxes, mut text) = open.page.select(select);
                text.truncate(text.floor_char_boundary(MAX_SELECTION));
                Response::Selection(boxes, text)
            }),
            Request::Print(doc, order) => {
                self.with(doc, |engine, open| match open.page.print(engine, &order) {
                    Ok(printed) => Response::Printed(printed),
                    Err(error) => Response::NotPrinted(error),
                })
            }
            Request::Find(doc, mut query) => self.with(doc, |engine, open| {
                query.truncate(query.floor_char_boundary(MAX_QUERY));
                let opened = open.page.unfold(engine, &query);
                let mut places = open.page.find(&query);
                places.truncate(MAX_PLACES);
                places.iter_mut().for_each(|boxes| boxes.truncate(MAX_BOXES));
                Response::Found(places, opened.then(|| laid(&open.page, started)))
            }),
        }
    }

    fn with(
        &mut self,
        doc: DocId,
        work: impl FnOnce(&mut Engine, &mut OpenPage) -> Response,
    ) -> Response {
        let place = self.open.iter().position(|open| open.doc == doc);
        let Some(mut open) = place.and_then(|place| self.open.remove(place)) else {
            return Response::NotOpen;
        };
        let response = work(&mut self.engine, &mut open);
        self.open.push_back(open);
        self.forget();
        response
    }

    fn put(&mut self, doc: DocId, source: Source, view: View, started: Instant) -> Response {
        self.open.retain(|open| open.doc != doc);
        let size: usize = source.bodies.iter().map(|(_, body)| body.size()).sum();
        if size > MAX_HTML {
            let limit = MAX_HTML >> 20;
            return Response::Refused(format!("This letter is larger than {limit} MB."));
        }
        let mut references: Vec<Reference> = Vec::new();
        let mut bodies = Vec::new();
        for (part, body) in source.bodies {
            if let Body::Html(html) = &body {
                references.extend(html::references(html, part));
            }
            bodies.push(body);
        }
        references.truncate(html::collector::MAX_FOUND);
        let mut cleaned = clean::clean(&bodies);
        #[cfg(debug_assertions)]
        let raw = self.sabotaged.then(|| raw(&bodies));
        drop(bodies);
        let mut room = MAX_DECODED;
        let pictures = brought(&cleaned, &source.parts, &mut room);
        drop(source.parts);
        // Their bytes are decoded, or never will be.
        for slot in &mut cleaned.slots {
            if let SlotSource::Data(bytes) = &mut slot.source {
                *bytes = Vec::new();
            }
        }
        let slots = cleaned.slots.clone();
        let mut links = cleaned.links.clone();
        links.truncate(html::collector::MAX_FOUND);
        let cut = cleaned.cut;
        #[cfg(debug_assertions)]
        let page = match raw {
            Some(raw) => self.engine.open_uncleaned(raw, cleaned, view),
            None => self.engine.open_with(cleaned, view, pictures, source.folds),
        };
        #[cfg(not(debug_assertions))]
        let page = self.engine.open_with(cleaned, view, pictures, source.folds);
        let sights = page.sights();
        clean::merge_visible(&mut references, &slots, &sights);
        // The picture of a style that nothing has would be fetched and never drawn.
        let unused = |token: Token, slot: &Slot| {
            let stands = sights.get(token as usize).is_none_or(Option::is_some);
            !stands && !cut && slot.element.starts_with("css:")
        };
        let remote: Vec<(Token, String)> = tokens(&slots)
            .filter(|(token, slot)| slot.source == SlotSource::Remote && !unused(*token, slot))
            .map(|(token, slot)| (token, slot.url.clone()))
            .take(html::collector::MAX_FOUND)
            .collect();
        let laid = laid(&page, started);
        let stray = page.stray();
        let tokens = remote.iter().map(|(token, _)| *token).collect();
        self.open.push_back(OpenPage { doc, page, remote: tokens, decoded: MAX_DECODED - room });
        self.forget();
        Response::Opened(Opened { references, remote, links, laid, stray })
    }

    /// Forgets what there is no room for, never the last.
    fn forget(&mut self) {
        while self.open.len() > 1
            && (self.open.len() > MAX_OPEN
                || self.open.iter().map(|open| open.decoded).sum::<usize>() > MAX_DECODED_OF_ALL)
        {
            self.open.pop_front();
        }
    }
}

/// What HTML refers and links to, without laying it out.
fn read(bodies: &[(usize, Body)]) -> Response {
    let (mut references, mut links, mut room) = (Vec::new(), Vec::new(), MAX_HTML);
    for (part, body) in bodies {
        if let Body::Html(html) = body {
            let html = html::beginning(html, room);
            room -= html.len();
            let found = html::read(html, *part, None);
            references.extend(found.references);
            links.extend(found.links);
        }
    }
    references.truncate(html::collector::MAX_FOUND);
    links.truncate(html::collector::MAX_FOUND);
    Response::Read(references, links)
}

/// Bodies as they came.
#[cfg(debug_assertions)]
fn raw(bodies: &[Body]) -> String {
    let raw = bodies.iter().map(|body| match body {
        Body::Html(html) => html.as_str(),
        Body::Text(_) => "",
    });
    raw.collect()
}

fn tokens(slots: &[Slot]) -> impl Iterator<Item = (Token, &Slot)> {
    (0..).zip(slots)
}

/// Decodes the pictures a letter brought along, each once.
fn brought(cleaned: &Cleaned, parts: &[InlinePart], room: &mut usize) -> Vec<(Token, Picture)> {
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (index, part) in parts.iter().enumerate() {
        for name in part.id.iter().chain(&part.location) {
            by_name.entry(name).or_insert(index);
        }
    }
    let mut decoded: HashMap<usize, Option<Picture>> = HashMap::new();
    let mut pictures = Vec::new();
    for (token, slot) in tokens(&cleaned.slots) {
        let picture = match &slot.source {
            SlotSource::Part(name) => by_name.get(name.as_str()).and_then(|index| {
                let picture = || decode(&parts.get(*index)?.bytes, room);
                decoded.entry(*index).or_insert_with(picture).clone()
            }),
            SlotSource::Data(bytes) => decode(bytes, room),
            SlotSource::Remote | SlotSource::Never => None,
        };
        pictures.extend(picture.map(|picture| (token, picture)));
    }
    pictures
}

/// Decodes a picture if there is room for it.
fn decode(bytes: &[u8], room: &mut usize) -> Option<Picture> {
    if *room == 0 {
        return None;
    }
    let picture = page::decode(bytes)?;
    *room = room.checked_sub(picture.pixels.len())?;
    Some(picture)
}

fn laid(page: &Page, started: Instant) -> Laid {
    let laid = page.laid();
    let device = (laid.device.0.min(MAX_SIDE), laid.device.1.min(MAX_SIDE));
    Laid { device, ms: started.elapsed().as_secs_f32() * 1000.0, ..laid }
}

fn paint(open: &mut OpenPage, y: u32, height: u32) -> Response {
    let row = usize::try_from(open.page.laid().device.0).unwrap_or(MAX_TILE).max(1) * 4;
    let rows = u32::try_from(MAX_TILE / row).unwrap_or(0).min(height);
    let tile = open.page.paint(y, rows);
    let whole = wire::strip(tile.size) == Some(tile.pixels.len());
    if whole && tile.y == y && tile.size.1 <= height {
        Response::Tile(tile)
    } else {
        Response::Refused("This part of the letter cannot be painted.".into())
    }
}

fn point((x, y): Point) -> Point {
    let within = |value: f32| if value.is_finite() { value.clamp(-1e7, 1e8) } else { -1.0 };
    (within(x), within(y))
}
