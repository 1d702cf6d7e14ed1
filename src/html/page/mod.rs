//! Layout and painting of cleaned HTML (feature `render`), in the drawing process.
//!
//! The engine (Blitz) gets one document without a single address in it, and
//! pictures already decoded by us. Nothing here opens a file or a socket; fonts
//! are read before the process is locked. A fault of the engine makes a page that
//! [`failed`](Page::failed), never a panic of the caller; what cannot be caught
//! (stack, memory, time) is the business of the process around it.

mod cells;
mod columns;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod fold_tests;
mod fonts;
mod gate;
mod lay;
mod links;
mod number;
mod picture;
pub mod print;
mod seen;
mod strip;
mod survey;
mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tables_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod text;

use super::clean::{Cleaned, Fold, Folding, Labels, Scheme, Token};
use super::worker::protocol::{Hit, Laid, Point, Rect, Select, Step, Stop, Tile, View};
use crate::model::Visible;
use crate::window_thread::keep_out_of;
use anyrender::ImageRenderer;
use anyrender_vello_cpu::{ImageCacheConfig, VelloCpuImageRenderer};
use blitz_dom::{BaseDocument, DocumentConfig, FontContext, UserAgentStylesheet};
pub use fonts::PRETENDARD;
use gate::Gate;
use peniko::Color;
pub use picture::{MAX_DECODED_BYTES, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, Picture, decode};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use survey::Survey;
use text::Text;

/// Stack the thread of the engine needs, in bytes: it goes down a letter's nesting
/// by calling itself. Only what is touched costs memory.
pub const STACK: usize = 256 * 1024 * 1024;

/// Height of a page in device pixels; what is below is not drawn.
pub const MAX_HEIGHT: u32 = 200_000;

/// Width of a page in device pixels.
pub const MAX_WIDTH: u32 = 16_384;

/// Bytes of one strip. A higher one is cut short.
pub const MAX_STRIP: usize = 64 * 1024 * 1024;

/// The paper of a letter that says nothing of its own.
const PAPER: Color = Color::from_rgb8(0xFF, 0xFF, 0xFF);
const DARK_PAPER: Color = Color::from_rgb8(0x1B, 0x1F, 0x22);

/// A letter is still: what fades in by an animation would never be seen. A word too
/// long for its line is broken, rather than the whole letter made smaller for it.
/// The engine puts the number of an item directly before its text.
const OWN_STYLE: &str =
    "*, *::before, *::after { animation: none !important; transition: none !important }
    html { font-family: sans-serif; overflow-wrap: break-word }
    ol > li { padding-inline-start: .45em; margin-inline-start: -.45em }";
const DARK_STYLE: &str = "html { color: #E7E9EB } a[href] { color: #8AB8F0 }
    input, textarea, select { color: #1E2226 }";

/// Fonts and other things worth keeping between documents.
pub struct Engine {
    fonts: FontContext,
    light: UserAgentStylesheet,
    dark: UserAgentStylesheet,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// A document laid out.
pub struct Page {
    cleaned: Cleaned,
    /// Stands in for what the cleaner makes.
    #[cfg(any(test, debug_assertions))]
    html: Option<String>,
    pictures: BTreeMap<Token, Picture>,
    /// How its quoted parts are folded.
    folding: Option<Folding>,
    view: View,
    document: BaseDocument,
    gate: Arc<Gate>,
    survey: Survey,
    /// What was changed for the layout of tables.
    changed: tables::Changed,
    text: OnceCell<Text>,
    laid: Laid,
    renderer: Option<(u32, u32, VelloCpuImageRenderer)>,
    failed: bool,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page")
            .field("view", &self.view)
            .field("laid", &self.laid)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Loads what must be loaded before the process is locked.
    pub fn new() -> Self {
        Self::with_fonts(true)
    }

    fn with_fonts(of_system: bool) -> Self {
        let mut engine = Self {
            fonts: fonts::load(of_system),
            light: UserAgentStylesheet::parse(OWN_STYLE),
            dark: UserAgentStylesheet::parse(&format!("{OWN_STYLE} {DARK_STYLE}")),
        };
        engine.warm_up();
        engine
    }

    /// The first document pays for tables that all share.
    fn warm_up(&mut self) {
        let view = View { width: 320.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };
        let mut page = Page::bare(Cleaned::default(), view);
        let html = "<p>Aa 가 <b>b</b> <i>i</i><table><tr><td>1</table>";
        page.build_guarded(self, html);
        page.paint(0, 64);
    }

    /// Lays a document out.
    pub fn open(&mut self, cleaned: Cleaned, view: View) -> Page {
        self.open_with(cleaned, view, Vec::new(), None)
    }

    /// Lays a document out with the pictures it brought along, as
    /// [`Page::set_pictures`] takes them, and with its long quoted parts folded where
    /// there are `labels` for them.
    pub fn open_with(
        &mut self,
        cleaned: Cleaned,
        view: View,
        pictures: Vec<(Token, Picture)>,
        labels: Option<Labels>,
    ) -> Page {
        let mut page = Page::bare(cleaned, view);
        page.folding = labels.map(|labels| Folding { labels, open: BTreeSet::new() });
        page.hold(pictures);
        page.rebuild(self);
        page
    }

    /// Lays out what nobody cleaned: this is how the leak test proves that it would
    /// see it.
    #[cfg(debug_assertions)]
    pub fn open_uncleaned(&mut self, html: String, cleaned: Cleaned, view: View) -> Page {
        let mut page = Page::bare(cleaned, view);
        page.html = Some(html);
        page.rebuild(self);
        page
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    fn bare(cleaned: Cleaned, view: View) -> Self {
        keep_out_of("layout");
        let nothing = DocumentConfig { font_ctx: Some(fonts::none()), ..DocumentConfig::default() };
        Self {
            cleaned,
            #[cfg(any(test, debug_assertions))]
            html: None,
            pictures: BTreeMap::new(),
            folding: None,
            view: view.within_reason(),
            document: BaseDocument::new(nothing),
            gate: Arc::default(),
            survey: Survey::default(),
            changed: tables::Changed::default(),
            text: OnceCell::new(),
            laid: Laid { device: (0, 0), factor: 1.0, ms: 0.0 },
            renderer: None,
            failed: false,
        }
    }

    /// How it came out.
    pub fn laid(&self) -> Laid {
        self.laid
    }

    /// Addresses that reached the engine as it is laid out now, and that it asked for
    /// in vain.
    pub fn stray(&self) -> u32 {
        u32::try_from(self.gate.refused()).unwrap_or(u32::MAX)
    }

    /// Whether the engine failed on it: nothing of it can be drawn, and the letter
    /// is to be shown as text.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// Gives it pictures and lays it out again. Those beyond
    /// [`MAX_DECODED_BYTES`] of the letter, and those of no slot, are left out.
    pub fn set_pictures(&mut self, engine: &mut Engine, pictures: Vec<(Token, Picture)>) {
        self.hold(pictures);
        self.rebuild(engine);
    }

    fn hold(&mut self, pictures: Vec<(Token, Picture)>) {
        let mut held: usize = self.pictures.values().map(|picture| picture.pixels.len()).sum();
        for (token, picture) in pictures {
            let (width, height) = picture.size;
            let whole =
                (width as usize).checked_mul(height as usize).and_then(|n| n.checked_mul(4));
            if whole != Some(picture.pixels.len()) || picture.pixels.is_empty() {
                continue;
            }
            let freed = self.pictures.get(&token).map_or(0, |old| old.pixels.len());
            let after = held - freed + picture.pixels.len();
            if after <= MAX_DECODED_BYTES && (token as usize) < self.slots() {
                held = after;
                self.pictures.insert(token, picture);
            }
        }
    }

    fn slots(&self) -> usize {
        #[cfg(any(test, debug_assertions))]
        if self.html.is_some() {
            return usize::MAX;
        }
        self.cleaned.slots.len()
    }

    /// Looks at it another way.
    pub fn set_view(&mut self, engine: &mut Engine, view: View) {
        keep_out_of("layout");
        let view = view.within_reason();
        let same_paper = view.scheme == self.view.scheme;
        self.view = view;
        if same_paper && !self.failed {
            let start = Instant::now();
            self.guarded(|page| page.lay_out());
            self.laid.ms = start.elapsed().as_secs_f32() * 1000.0;
        } else {
            self.rebuild(engine);
        }
    }

    /// Whether each picture could be seen, by token, as laid out.
    pub fn visible(&self) -> Vec<Visible> {
        self.sights().into_iter().map(|seen| seen.unwrap_or(Visible::Unknown)).collect()
    }

    /// The same; `None` for a picture that stands nowhere in the document.
    pub fn sights(&self) -> Vec<Option<Visible>> {
        let slots = &self.cleaned.slots;
        if self.failed {
            return vec![None; slots.len()];
        }
        let factor = f64::from(self.laid.factor);
        let (width, height) = self.laid.device;
        let canvas = (f64::from(width) / factor, f64::from(height) / factor);
        let has = |token| self.pictures.contains_key(&token);
        let mut visible = catch_unwind(AssertUnwindSafe(|| {
            seen::visible(&self.document, &self.survey, slots, &has, canvas)
        }))
        .unwrap_or_else(|_| vec![None; slots.len()]);
        // What is folded may come to be seen.
        for (_, fold) in self.folded() {
            let tokens = fold.tokens.start as usize..fold.tokens.end as usize;
            visible.get_mut(tokens).unwrap_or_default().fill(Some(Visible::Unknown));
        }
        visible
    }

    /// The folds that are closed, with their numbers.
    fn folded(&self) -> impl Iterator<Item = (u32, &Fold)> {
        let open = self.folding.as_ref().map(|folding| &folding.open);
        let folds = (0..).zip(&self.cleaned.folds);
        folds.filter(move |(number, _)| open.is_some_and(|open| !open.contains(number)))
    }

    /// Opens a fold, or closes it again.
    pub fn fold(&mut self, engine: &Engine, number: u32) {
        let known = (number as usize) < self.cleaned.folds.len();
        let Some(folding) = self.folding.as_mut().filter(|_| known) else { return };
        if !folding.open.remove(&number) {
            folding.open.insert(number);
        }
        self.rebuild(engine);
    }

    /// Opens the folds that hold a text. Whether there were any.
    pub fn unfold(&mut self, engine: &Engine, query: &str) -> bool {
        let holds = |fold: &Fold| text::holds(&fold.text, query);
        let found: Vec<u32> =
            self.folded().filter(|(_, fold)| holds(fold)).map(|(number, _)| number).collect();
        if let Some(folding) = self.folding.as_mut().filter(|_| !found.is_empty()) {
            folding.open.extend(&found);
            self.rebuild(engine);
        }
        !found.is_empty()
    }

    /// Paints a strip: device pixels. What is below the end of the page is left
    /// away, so a strip may be less high than asked for.
    pub fn paint(&mut self, y: u32, height: u32) -> Tile {
        keep_out_of("layout");
        let (width, whole) = self.laid.device;
        let height = height.min(whole.saturating_sub(y));
        let row = (width as usize).saturating_mul(4).max(4);
        let height =
            height.min(u32::try_from(MAX_STRIP / row).unwrap_or(u32::MAX)).min(u32::from(u16::MAX));
        let mut tile = Tile { y, size: (width, height), pixels: vec![0; row * height as usize] };
        if width == 0 || height == 0 {
            tile.pixels.clear();
            return tile;
        }
        if !self.failed {
            self.guarded(|page| page.draw(y, (width, height), &mut tile.pixels));
        }
        if self.failed {
            let [r, g, b, _] = self.paper().to_rgba8().to_u8_array();
            tile.pixels = [r, g, b, 255].repeat(width as usize * height as usize);
        }
        tile
    }

    /// What is at a point.
    pub fn hit(&mut self, at: Point) -> Hit {
        let mut hit = Hit::default();
        self.guarded(|page| hit = text::hit(&page.document, at));
        hit
    }

    /// The link or fold that comes next, if one can be seen.
    pub fn step(&mut self, step: Step) -> Option<Stop> {
        let mut stop = None;
        self.guarded(|page| stop = links::step(&page.document, &page.survey, step));
        stop
    }

    /// Selects text: where it is, line by line, and what it says, with the line
    /// breaks of the letter.
    pub fn select(&mut self, select: Select) -> (Vec<Rect>, String) {
        let mut selected = (Vec::new(), String::new());
        self.guarded(|page| {
            selected = page.text().select(&page.document, select, &page.cleaned.folds);
        });
        selected
    }

    /// Finds text: case, width and the way letters are composed do not count. The
    /// boxes of each place, at most [`text::MAX_MATCHES`] places.
    pub fn find(&self, query: &str) -> Vec<Vec<Rect>> {
        if self.failed {
            return Vec::new();
        }
        catch_unwind(AssertUnwindSafe(|| self.text().find(&self.document, query)))
            .unwrap_or_default()
    }

    fn text(&self) -> &Text {
        self.text.get_or_init(|| Text::read(&self.document, &self.survey))
    }

    fn paper(&self) -> Color {
        if self.view.scheme == Scheme::Dark { DARK_PAPER } else { PAPER }
    }

    /// A belt: the process around it is the braces.
    fn guarded(&mut self, work: impl FnOnce(&mut Self)) {
        if !self.failed && catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            self.failed = true;
            self.renderer = None;
        }
    }

    fn rebuild(&mut self, engine: &Engine) {
        #[cfg(any(test, debug_assertions))]
        if let Some(html) = self.html.clone() {
            return self.build_guarded(engine, &html);
        }
        let has = |token| self.pictures.contains_key(&token);
        let html = self.cleaned.folded(self.view.scheme, &has, self.folding.as_ref());
        self.build_guarded(engine, &html);
    }

    fn build_guarded(&mut self, engine: &Engine, html: &str) {
        let start = Instant::now();
        self.failed = false;
        self.guarded(|page| page.build(engine, html));
        if self.failed {
            let width = (self.view.width * self.view.scale).round() as u32;
            self.laid = Laid { device: (width, 1), factor: 1.0, ms: 0.0 };
        }
        self.laid.ms = start.elapsed().as_secs_f32() * 1000.0;
    }

    fn draw(&mut self, y: u32, size: (u32, u32), pixels: &mut [u8]) {
        let (width, height) = size;
        let factor = f64::from(self.laid.factor);
        let paper = self.paper();
        if !matches!(self.renderer, Some((w, h, _)) if (w, h) == size) {
            let kept = match self.renderer.take() {
                Some((_, _, mut renderer)) => {
                    renderer.resize(width, height);
                    renderer
                }
                None => VelloCpuImageRenderer::with_image_cache_config(
                    width,
                    height,
                    ImageCacheConfig {
                        max_age: 32,
                        max_bytes: MAX_DECODED_BYTES / 2,
                        ..ImageCacheConfig::default()
                    },
                ),
            };
            self.renderer = Some((width, height, kept));
        }
        let Some((_, _, renderer)) = self.renderer.as_mut() else { return };
        let document = &mut self.document;
        renderer.reset();
        renderer.render(|scene| strip::show(document, scene, factor, paper, y, size), pixels);
        for pixel in pixels.as_chunks_mut::<4>().0 {
            pixel[3] = 255;
        }
    }
}
