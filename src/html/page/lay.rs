//! From cleaned HTML and decoded pictures to boxes: the engine is asked, what it
//! gets wrong is amended, and what is too wide is made to fit.

use super::survey::Survey;
use super::{Engine, MAX_HEIGHT, MAX_WIDTH, Page, cells, gate, number, survey, tables};
use crate::html::clean::Scheme;
use blitz_dom::net::{Resource, ResourceLoadResponse};
use blitz_dom::util::ImageType;
use blitz_dom::{
    DocumentConfig, LocalName, NodeId, QualName, StyleThreading, UserAgentStylesheet, local_name,
    ns,
};
use blitz_html::HtmlDocument;
use blitz_traits::shell::{ColorScheme, Viewport};
use std::cell::OnceCell;
use std::sync::Arc;

/// A letter that is too wide is not drawn smaller than this part of its size.
const SMALLEST: f32 = 0.3;

/// Height of the window a letter believes it is in, in CSS pixels: what `100vh` is.
const WINDOW_HEIGHT: f32 = 600.0;

impl Page {
    pub(super) fn build(&mut self, engine: &Engine, html: &str) {
        let own = if self.view.scheme == Scheme::Dark { &engine.dark } else { &engine.light };
        self.gate = Arc::default();
        let config = DocumentConfig {
            viewport: Some(self.viewport(self.view.width / self.view.zoom, self.asked_factor())),
            base_url: Some(gate::BASE.to_owned()),
            ua_stylesheets: vec![UserAgentStylesheet::default_sheet(), own.clone()],
            net_provider: Some(Arc::clone(&self.gate) as _),
            font_ctx: Some(engine.fonts.clone()),
            style_threading: StyleThreading::Sequential,
            // What is kept from an earlier layout would be drawn where it was.
            incremental: Some(false),
            ..DocumentConfig::default()
        };
        self.changed = tables::Changed::default();
        self.document = HtmlDocument::from_html(html, config).into_inner();
        self.renderer = None;
        for (token, picture) in &self.pictures {
            let (width, height) = picture.size;
            let pixels = Arc::clone(&picture.pixels);
            self.document.load_resource(ResourceLoadResponse {
                request_id: usize::MAX,
                node_id: None,
                resolved_url: Some(gate::address(*token)),
                result: Ok(Resource::Image(ImageType::Image, width, height, pixels)),
            });
        }
        self.say_natural_sizes();
        self.lay_out();
        if self.amend() {
            self.lay_out();
        }
    }

    /// Says in the letter's stead what the engine would get wrong. Whether anything
    /// was said.
    fn amend(&mut self) -> bool {
        let markers = number::markers(&self.document);
        let cells = cells::too_low(&self.document, &self.survey);
        let amended = !markers.is_empty() || !cells.is_empty();
        for (id, text) in markers {
            self.document.set_style_property(id, "list-style-type", &format!("\"{text}\""));
        }
        for (id, least) in cells {
            self.document.set_style_property(id, "height", "auto");
            if let Some(least) = least {
                self.document.set_style_property(id, "min-height", &format!("{least}px"));
            }
        }
        amended
    }

    /// A picture that was reduced is as large as it said it was, unless the letter
    /// says otherwise.
    fn say_natural_sizes(&mut self) {
        let reduced: Vec<(NodeId, u32)> = self
            .document
            .tree()
            .iter()
            .filter_map(|(id, node)| {
                let element = node.element_data()?;
                if element.name.local != local_name!("img")
                    || element.attr(local_name!("width")).is_some()
                {
                    return None;
                }
                let token = gate::token(element.attr(local_name!("src"))?)?;
                let picture = self.pictures.get(&token)?;
                (picture.natural.0 > picture.size.0).then_some((id, picture.natural.0))
            })
            .collect();
        for (id, width) in reduced {
            let name = QualName::new(None, ns!(), LocalName::from("width"));
            self.document.mutate().set_attribute(id, name, &width.to_string());
        }
    }

    fn asked_factor(&self) -> f32 {
        self.view.scale * self.view.zoom
    }

    pub(super) fn column(&self) -> u32 {
        ((self.view.width * self.view.scale).round().max(1.0) as u32).min(MAX_WIDTH)
    }

    fn viewport(&self, width: f32, factor: f32) -> Viewport {
        let scheme = match self.view.scheme {
            Scheme::Light => ColorScheme::Light,
            Scheme::Dark => ColorScheme::Dark,
        };
        let device = |length: f32| (length * factor).round().max(1.0) as u32;
        Viewport::new(device(width), device(WINDOW_HEIGHT), factor, scheme)
    }

    pub(super) fn lay_out(&mut self) {
        let asked = self.asked_factor();
        let column = self.view.width / self.view.zoom;
        let mut factor = asked;
        self.resolve(column, factor);
        // Given room a letter may grow again, by a table in percent: twice is enough.
        for _ in 0..2 {
            let width = column * asked / factor;
            let needed = (self.survey.extent.0 as f32).ceil();
            if !self.view.fit || needed <= width + 0.5 || factor <= asked * SMALLEST {
                break;
            }
            factor = (asked * column / needed).max(asked * SMALLEST);
            self.resolve(column * asked / factor, factor);
        }
        // What grows with its room (all of it and a border) never fits in it: it is
        // made smaller as it stands.
        let width = column * asked / factor;
        let needed = self.survey.extent.0 as f32;
        if self.view.fit && factor < asked && needed > width + 1.0 {
            let smaller = (asked * column / needed).max(asked * SMALLEST);
            if smaller < factor {
                factor = smaller;
                self.resolve(width, factor);
            }
        }
        let device = |length: f64, most: u32| {
            let length = (length * f64::from(factor)).ceil().clamp(1.0, f64::from(most));
            length as u32
        };
        let root = self.document.try_root_element();
        let root_height = root.map_or(0.0, |root| f64::from(root.final_layout().size.height));
        // By a pixel it sticks out because boxes are put on whole pixels.
        let fits = self.survey.extent.0 <= f64::from(column * asked / factor) + 1.5;
        let needed = if fits { 0 } else { device(self.survey.extent.0, MAX_WIDTH) };
        self.laid.device =
            (self.column().max(needed), device(self.survey.extent.1.max(root_height), MAX_HEIGHT));
        self.laid.factor = factor;
    }

    fn resolve(&mut self, width: f32, factor: f32) {
        self.changed.undo(&mut self.document);
        self.document.set_viewport(self.viewport(width, factor));
        self.document.resolve(0.0);
        if self.unfix() {
            self.document.resolve(0.0);
        }
        self.changed = tables::lay_out(&mut self.document, width);
        self.survey = Survey::take(&self.document, f64::from(factor));
        self.text = OnceCell::new();
        self.mend_overflow(f64::from(factor));
    }

    /// Nothing stays in place while a letter moves: it is drawn in strips, and
    /// would be in each of them.
    fn unfix(&mut self) -> bool {
        let fixed: Vec<NodeId> = self
            .document
            .tree()
            .iter()
            .filter(|(_, node)| {
                node.element_data().is_some()
                    && node.primary_styles().is_some_and(|styles| {
                        styles.clone_position() == style::computed_values::position::T::Fixed
                    })
            })
            .map(|(id, _)| id)
            .collect();
        for id in &fixed {
            self.document.set_style_property(*id, "position", "absolute");
        }
        !fixed.is_empty()
    }

    /// The engine leaves out boxes that do not touch a strip, and does not know
    /// that lines of text stick out of a box that is too low for them.
    fn mend_overflow(&mut self, factor: f64) {
        let mut taller: Vec<(NodeId, kurbo::Rect)> = Vec::new();
        for id in &self.survey.order {
            let (Some(node), Some(place)) =
                (self.document.get_node(*id), self.survey.places.get(id))
            else {
                continue;
            };
            let Some((width, height)) = survey::text_size(node) else { continue };
            let (x, y) = place.content;
            let lines = kurbo::Rect::new(x, y, x + width, y + height);
            if !place.border.inflate(1.0, 1.0).contains_rect(lines) {
                taller.push((*id, lines));
            }
        }
        for (id, lines) in taller {
            let mut next = Some(id);
            while let Some(id) = next {
                let Some(place) = self.survey.places.get(&id).copied() else { break };
                let (x, y) = (place.border.x0, place.border.y0);
                let inside = kurbo::Rect::new(
                    (lines.x0 - x) * factor,
                    (lines.y0 - y) * factor,
                    (lines.x1 - x) * factor,
                    (lines.y1 - y) * factor,
                );
                let Some(node) = self.document.get_node_mut(id) else { break };
                let overflow = node.scrollable_overflow_mut();
                if overflow.contains_rect(inside) {
                    break;
                }
                *overflow = overflow.union(inside);
                next = node.containing_block();
            }
        }
    }
}
