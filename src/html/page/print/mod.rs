//! A letter on paper: the same layout as on the screen, in a column as wide as the sheet,
//! cut into sheets between its lines, and written as a PDF whose text can be searched.
//!
//! Promise: nothing is printed that is not drawn on the screen, no picture that was not
//! given, and no address: a PDF leads nowhere. What it costs is bounded: sheets, marks on
//! them, bytes. Quoted parts that are folded on the screen are printed as they are laid
//! out; whoever prints opens a letter without folds.

mod head;
mod ink;
mod letters;
mod paint;
mod pictures;
mod sheets;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

use super::strip::Strip;
use super::strip::{REACH, exact};
use super::text::lines_of;
use super::{Engine, MAX_HEIGHT, Page};
use crate::html::clean::{Cleaned, Scheme};
use crate::html::worker::protocol::{Paper, Print, PrintError, Printed, View};
use crate::html::worker::{MAX_PDF, MAX_SHEETS};
use anyrender::Scene;
use ink::{Ink, Plate, Window};
use krilla::SerializeSettings;
use krilla::error::KrillaError;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use kurbo::Vec2;
use letters::Letters;
use parley::PositionedLayoutItem;
use sheets::{Line, Sheets, Span};

/// Margins in points: left and right, above, below. The number of the sheet stands in the
/// lower one.
const SIDE: f64 = 40.0;
const ABOVE: f64 = 40.0;
const BELOW: f64 = 52.0;

/// From the lower edge of the sheet to the upper edge of its number's line.
const FOOT: f64 = 36.0;

/// Between what stands above a letter and the letter.
const GAP: f64 = 12.0;

/// A CSS pixel in points.
const PIXEL: f64 = 0.75;

/// Device pixels to a CSS pixel: lines and boxes are put on whole device pixels.
const FINE: f32 = 2.0;

/// Boxes up to this height stay in one piece, in points: buttons, short paragraphs.
const SMALL: f64 = 60.0;

/// Sheets of a crowded letter are not made shorter than this, in points.
const LEAST: f64 = 40.0;

/// Of a heading with what follows it, in points, which belong on one sheet.
const WITH_HEADING: f64 = 34.0;

/// Width and height of a sheet, in points.
fn size(paper: Paper) -> (f64, f64) {
    match paper {
        Paper::A4 => (595.276, 841.89),
        Paper::Letter => (612.0, 792.0),
    }
}

impl Page {
    /// Prints it. It is laid out for paper meanwhile, and as before again afterwards.
    ///
    /// # Errors
    /// See [`PrintError`].
    pub fn print(&mut self, engine: &mut Engine, order: &Print) -> Result<Printed, PrintError> {
        let before = self.view;
        let (width, _) = size(order.paper);
        let column = ((width - 2.0 * SIDE) / PIXEL) as f32;
        let scheme = Scheme::Light;
        let view = View { width: column, scale: FINE, zoom: 1.0, scheme, fit: true };
        self.set_view(engine, view);
        if self.laid.device.1 >= MAX_HEIGHT {
            self.set_view(engine, View { scale: 1.0, ..view });
        }
        let mut printed = Err(PrintError::Failed);
        self.guarded(|page| printed = page.print_as_laid(engine, order));
        if !self.failed {
            self.set_view(engine, before);
        }
        printed
    }

    fn print_as_laid(&mut self, engine: &Engine, order: &Print) -> Result<Printed, PrintError> {
        let (width, height) = size(order.paper);
        let column = width - 2.0 * SIDE;
        let sheet = height - ABOVE - BELOW;
        let mut letters = Letters::default();

        let mut head = self.beside(engine, &head::head(order));
        let head = head.plate(&mut letters, column, 0.0)?;
        let cut_off = self.laid.device.1 >= MAX_HEIGHT;
        let letter = self.plate(&mut letters, column, head.height + GAP)?;

        let lines: Vec<Line> = head.lines.iter().chain(&letter.lines).cloned().collect();
        // What stands above the letter is one thing.
        let above = Span { top: 0.0, bottom: head.height };
        let solid: Vec<Span> = letter.solid.iter().copied().chain([above]).collect();
        let total = letter.top + letter.height;
        let cut = |high| Sheets::cut(total, high, MAX_SHEETS, lines.clone(), solid.clone());
        let mut sheets = cut(sheet);
        // What is too much for one scene is painted by sheets; they are shorter where it is
        // too much for a sheet, so that nothing is drawn that cannot be seen.
        let crowded = letter.is_crowded();
        if crowded {
            let mut high = sheet;
            while high > LEAST && self.are_crowded(&letter, &sheets) {
                high /= 2.0;
                sheets = cut(high);
            }
        }
        let whole = sheets.whole && !cut_off;

        let count = sheets.spans.len();
        let note = (!whole).then_some(order.cut.as_str());
        let mut feet = self.beside(engine, &head::feet(&order.language, count, note));
        let feet = feet.plate(&mut letters, column, 0.0)?;
        let foot = f64::from(head::FOOT) * PIXEL;

        let mut ink = Ink::new(letters, false);
        for _ in 0..2 {
            let mut pdf = krilla::Document::new_with(SerializeSettings {
                enable_tagging: false,
                ..SerializeSettings::default()
            });
            // Neither who made it nor when.
            pdf.set_metadata(
                Metadata::new().title(order.title.clone()).language(order.language.clone()),
            );
            for (number, span) in sheets.spans.iter().enumerate() {
                let settings = PageSettings::from_wh(width as f32, height as f32);
                let mut page = pdf.start_page_with(settings.ok_or(PrintError::Unwritten)?);
                let mut surface = page.surface();
                let own = |baseline| sheets.of(baseline) == Some(number);
                let band = crowded.then(|| self.band(&letter, *span));
                for plate in [&head, band.as_ref().unwrap_or(&letter)] {
                    let window = Window {
                        span: *span,
                        column,
                        to: Vec2::new(SIDE, ABOVE - span.top),
                        own: &own,
                    };
                    ink.print(&mut surface, plate, &window);
                }
                let top = foot * number as f64;
                let span = Span { top, bottom: top + foot };
                let own = |baseline: f64| span.top <= baseline && baseline < span.bottom;
                let to = Vec2::new(SIDE, height - FOOT - top);
                ink.print(&mut surface, &feet, &Window { span, column, to, own: &own });
                surface.finish();
                page.finish();
                if ink.is_dry() {
                    return Err(PrintError::TooLarge);
                }
            }
            match pdf.finish() {
                Ok(pdf) if pdf.len() > MAX_PDF => return Err(PrintError::TooLarge),
                Ok(pdf) => {
                    let sheets = u32::try_from(count).unwrap_or(u32::MAX);
                    return Ok(Printed { sheets, whole, pdf });
                }
                // A font that cannot be embedded is drawn.
                Err(KrillaError::Font(..)) => ink = ink.of_shapes(),
                Err(_) => return Err(PrintError::Unwritten),
            }
        }
        Err(PrintError::Unwritten)
    }

    /// Whether a sheet has more on it than is painted at once.
    fn are_crowded(&mut self, letter: &Plate, sheets: &Sheets) -> bool {
        sheets.spans.iter().any(|span| self.band(letter, *span).is_crowded())
    }

    /// A stretch of a plate, painted apart.
    fn band(&mut self, whole: &Plate, span: Span) -> Plate {
        let (width, height) = self.laid.device;
        let factor = f64::from(self.laid.factor);
        let pixel = |at: f64| ((at - whole.top) / whole.scale).clamp(0.0, f64::from(height)) as u32;
        let from = pixel(span.top).saturating_sub(REACH);
        let high = pixel(span.bottom).saturating_add(REACH).min(height).saturating_sub(from).max(1);
        let mut scene = Scene::new();
        let at = exact(from, factor);
        self.document.set_viewport_scroll(blitz_dom::Point { x: 0.0, y: at });
        let mut strip = Strip::new(&mut scene, 0, high);
        blitz_paint::paint_scene(&mut strip, &mut self.document, factor, width, high, 0, 0);
        self.document.set_viewport_scroll(blitz_dom::Point { x: 0.0, y: 0.0 });
        let top = whole.top + f64::from(from) * whole.scale;
        Plate::new(scene, whole.scale, top, whole.height)
    }

    /// A page of our own, looked at in the same way.
    fn beside(&self, engine: &Engine, html: &str) -> Self {
        let mut page = Self::bare(Cleaned::default(), View { scale: FINE, ..self.view });
        page.build_guarded(engine, html);
        page
    }

    /// Everything it draws, in a column this wide, from `top` on: all in points.
    fn plate(&mut self, letters: &mut Letters, column: f64, top: f64) -> Result<Plate, PrintError> {
        if self.failed {
            return Err(PrintError::Failed);
        }
        let (width, height) = self.laid.device;
        let factor = f64::from(self.laid.factor);
        let mut scene = Scene::new();
        blitz_paint::paint_scene(&mut scene, &mut self.document, factor, width, height, 0, 0);
        letters.learn(&self.document);
        let scale = column / f64::from(width.max(1));
        let mut plate = Plate::new(scene, scale, top, f64::from(height) * scale);
        self.find_lines(&mut plate, scale);
        self.find_solid(&mut plate, scale);
        Ok(plate)
    }

    /// Where its lines of text are.
    fn find_lines(&self, plate: &mut Plate, scale: f64) {
        let css = f64::from(self.laid.factor) * scale;
        for id in &self.survey.order {
            let Some(place) = self.survey.places.get(id).filter(|place| !place.hidden) else {
                continue;
            };
            let Some(lines) = lines_of(&self.document, *id) else { continue };
            let top = plate.top + (place.content.1 + f64::from(lines.block_offset)) * css;
            let clip = Span {
                top: plate.top + place.clip.y0 * css,
                bottom: plate.top + place.clip.y1 * css,
            };
            for line in lines.layout.lines() {
                let mut found = Line {
                    span: Span { top: f64::INFINITY, bottom: f64::NEG_INFINITY },
                    baselines: Vec::new(),
                };
                for item in line.items() {
                    let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                    let metrics = run.run().font_metrics();
                    let base = top + f64::from(run.baseline()) * scale;
                    let (up, down) = (f64::from(metrics.ascent), f64::from(metrics.descent));
                    found.span.top = found.span.top.min(base - up * scale);
                    found.span.bottom = found.span.bottom.max(base + down * scale);
                    found.baselines.push(base);
                }
                let seen = found.span.bottom > clip.top && found.span.top < clip.bottom;
                if seen && !found.baselines.is_empty() {
                    plate.lines.push(found);
                }
            }
        }
    }

    /// What is better not cut: pictures, rows of tables, headings with what follows, small
    /// boxes.
    fn find_solid(&self, plate: &mut Plate, scale: f64) {
        let css = f64::from(self.laid.factor) * scale;
        for id in &self.survey.order {
            let Some(place) = self.survey.places.get(id).filter(|place| !place.hidden) else {
                continue;
            };
            let node = self.document.get_node(*id);
            let Some(element) = node.and_then(|node| node.element_data()) else { continue };
            let box_ = place.border.intersect(place.clip);
            let after = match &*element.name.local {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => WITH_HEADING,
                "img" | "goyo-img" | "tr" | "li" => 0.0,
                _ if box_.height() * css <= SMALL => 0.0,
                _ => continue,
            };
            let span =
                Span { top: plate.top + box_.y0 * css, bottom: plate.top + box_.y1 * css + after };
            plate.solid.push(span);
        }
    }
}
