//! A letter that is only looked at, beside the open one: a draft as its reader will see it,
//! something that is attached.

use super::open::Open;
use crate::engine::protocol::{Command, Event};
use crate::gui::screen::pieces::words;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::letter::{Did, Drawn, letter};
use crate::html::worker::protocol::{DocId, View};
use iced::widget::{container, scrollable};
use iced::{Fill, Size, Vector};

/// It, and how it is seen.
#[derive(Debug)]
pub struct Leaf {
    /// Its number at the engine.
    pub doc: DocId,
    /// It, once it has come.
    pub open: Option<Open>,
    /// Size of its view in logical pixels.
    pub view: Size,
}

impl Leaf {
    /// One that is being opened.
    pub fn new(doc: DocId, width: f32) -> Self {
        Self { doc, open: None, view: Size::new(width, 400.0) }
    }

    /// Whether this is said of it.
    pub fn hears(&self, event: &Event) -> bool {
        match event {
            Event::Opened(of, _)
            | Event::NotOpened(of, _)
            | Event::Laid(of, _)
            | Event::Redrawn(of, _)
            | Event::Ledger(of, _)
            | Event::Tile(of, _)
            | Event::Hit(of, ..)
            | Event::Selection(of, ..) => *of == self.doc,
            _ => false,
        }
    }

    /// The engine says something of it.
    pub fn told(&mut self, event: Event, scale: f32) -> Vec<Command> {
        match (event, &mut self.open) {
            (Event::Opened(doc, letter), _) => self.open = Some(Open::new(doc, letter)),
            (Event::Laid(_, laid), Some(open)) => open.laid_out(laid, self.view, scale),
            (Event::Redrawn(_, redrawn), Some(open)) => {
                if let Some(laid) = redrawn.laid {
                    open.laid_out(laid, self.view, scale);
                }
            }
            (Event::Tile(_, tile), Some(open)) => open.painted(&tile),
            _ => {}
        }
        self.paint(scale)
    }

    /// Something is done with it.
    pub fn did(&mut self, did: Did, how: &mut View) -> Vec<Command> {
        match (did, &mut self.open) {
            (Did::Sized(size), _) => {
                let wider = (size.width - self.view.width).abs() > 0.5;
                self.view = size;
                how.width = size.width.max(240.0);
                if wider {
                    return vec![Command::View(self.doc, *how)];
                }
            }
            (Did::Scrolled(offset), Some(open)) => open.offset = offset,
            (Did::ScrolledBy(by), _) => self.scroll(by, how.scale),
            _ => {}
        }
        self.paint(how.scale)
    }

    fn scroll(&mut self, by: Vector, scale: f32) {
        if let Some(open) = &mut self.open {
            open.scroll(by, self.view, scale);
        }
    }

    fn paint(&mut self, scale: f32) -> Vec<Command> {
        let view = self.view;
        self.open.as_mut().map_or_else(Vec::new, |open| open.paint(view, scale))
    }

    /// It, as it is seen; before it has come, `coming`.
    pub fn drawn<'a, M: Clone + 'a>(
        &'a self,
        scale: f32,
        coming: &str,
        on: impl Fn(Did) -> M + 'a,
        look: Look<'a>,
    ) -> Element<'a, M> {
        let t = look.tokens;
        let Some(open) = &self.open else {
            return container(words(look.say(coming), size::SECOND, t.ink3)).center(Fill).into();
        };
        let Some(laid) = open.laid else {
            let text = words(open.letter.text.clone(), size::BODY, t.ink);
            return scrollable(text.width(Fill)).height(Fill).style(theme::scroll(t)).into();
        };
        let drawn = Drawn {
            stop: &[],
            laid,
            scale,
            offset: open.offset,
            strips: &open.strips,
            selected: &[],
            found: &[],
            here: 0,
            link: false,
            text: false,
            tall: None,
            view: self.view,
            tokens: t,
        };
        letter(drawn, on).into()
    }
}
