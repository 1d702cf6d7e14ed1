//! The open letter: strips of pixels from the drawing process, what is selected and
//! found in them, and what the pointer does. It draws bytes and knows nothing of the
//! letter.

use super::bar::{self, Bar};
use super::ring;
pub use crate::engine::protocol::STRIP;
use crate::gui::theme::Tokens;
use crate::html::worker::protocol::{Laid, Point as CssPoint, Rect, Tile};
use iced::advanced::image::{self, FilterMethod, Image, Renderer as _};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::widget::Widget;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{Clipboard, Shell, mouse, renderer};
use iced::{
    Background, Border, Color, Event, Length, Point, Rectangle, Renderer, Size, Theme, Vector,
    keyboard, window,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of strips that are kept.
const KEPT: usize = 24 * 1024 * 1024;

/// Rows of a piece. The renderer draws a picture whole even if an edge cuts off nearly
/// all of it, and one that is cut takes it twice as long: so strips are drawn in pieces,
/// of which most are whole or not drawn at all.
const PIECE: u32 = 64;

/// The strips of a letter, by their upper edge in device pixels.
#[derive(Debug, Default)]
pub struct Strips {
    strips: BTreeMap<u32, Strip>,
}

#[derive(Debug)]
struct Strip {
    /// From above; each [`PIECE`] rows, the last what is left.
    pieces: Vec<image::Handle>,
    size: (u32, u32),
    stale: bool,
}

impl Strips {
    /// Keeps a strip, unless it is not what it says; drops those furthest from it
    /// where there are too many.
    pub fn insert(&mut self, tile: &Arc<Tile>) {
        let (width, height) = tile.size;
        let bytes = (width as usize).saturating_mul(height as usize).saturating_mul(4);
        if bytes == 0 || bytes != tile.pixels.len() {
            return;
        }
        let row = width as usize * 4;
        let piece = |pixels: &[u8]| {
            let rows = (pixels.len() / row) as u32;
            image::Handle::from_rgba(width, rows, pixels.to_vec())
        };
        let pieces = tile.pixels.chunks(row * PIECE as usize).map(piece).collect();
        self.strips.insert(tile.y, Strip { pieces, size: tile.size, stale: false });
        while self.bytes() > KEPT && self.strips.len() > 1 {
            let first = self.strips.keys().next().copied().unwrap_or(0);
            let last = self.strips.keys().next_back().copied().unwrap_or(0);
            let far = if tile.y.abs_diff(first) > tile.y.abs_diff(last) { first } else { last };
            self.strips.remove(&far);
        }
    }

    /// Whether a strip is there and as the letter is now.
    pub fn has(&self, y: u32) -> bool {
        self.strips.get(&y).is_some_and(|strip| !strip.stale)
    }

    /// The letter was laid out again: what is here is shown until the new comes, if
    /// it has the same width.
    pub fn age(&mut self, laid: &Laid) {
        self.strips.retain(|y, strip| strip.size.0 == laid.device.0 && *y < laid.device.1);
        for strip in self.strips.values_mut() {
            strip.stale = true;
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.strips.clear();
    }

    /// Bytes kept.
    pub fn bytes(&self) -> usize {
        self.strips.values().map(|s| s.size.0 as usize * s.size.1 as usize * 4).sum()
    }
}

/// What the user did with the letter. Points are CSS pixels of the letter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Did {
    /// The view has this size in logical pixels.
    Sized(Size),
    /// Of a tall letter so much is seen, in logical pixels: its first row, how many, and where
    /// it begins from the upper edge of what is seen.
    Seen(f32, f32, f32),
    /// Scrolled to here by its bar, in logical pixels.
    Scrolled(Vector),
    /// Scrolled by so much; several may come before the letter is drawn again.
    ScrolledBy(Vector),
    /// Pressed without moving.
    Clicked(CssPoint),
    /// Dragged from one point to another.
    Dragged(CssPoint, CssPoint),
    /// Pressed twice.
    Word(CssPoint),
    /// Pressed three times.
    Paragraph(CssPoint),
    /// The pointer is here; `None`: it has left.
    Over(Option<CssPoint>),
    /// The wheel with Ctrl: notches up.
    Zoomed(f32),
    /// Pressed with the other button; also where that is in the widget, in logical pixels.
    Menu(CssPoint, Point),
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// How the letter came out.
    pub laid: Laid,
    /// Device pixels to a logical pixel.
    pub scale: f32,
    /// How far it is scrolled, in logical pixels.
    pub offset: Vector,
    /// The strips there are.
    pub strips: &'a Strips,
    /// What is selected.
    pub selected: &'a [Rect],
    /// What was found.
    pub found: &'a [Vec<Rect>],
    /// Which of it is being looked at.
    pub here: usize,
    /// Where the link stands that keys have come to.
    pub stop: &'a [Rect],
    /// A link is under the pointer.
    pub link: bool,
    /// Text is under the pointer.
    pub text: bool,
    /// The size of the view as last told.
    pub view: Size,
    /// It is as high as it is, and what it stands in is scrolled: how much was seen as last
    /// told. Its own offset down is nothing then.
    pub tall: Option<(f32, f32, f32)>,
    /// The colours.
    pub tokens: Tokens,
}

/// The widget.
pub struct Letter<'a, Message> {
    drawn: Drawn<'a>,
    on: Box<dyn Fn(Did) -> Message + 'a>,
}

/// Shows an open letter.
pub fn letter<'a, Message>(
    drawn: Drawn<'a>,
    on: impl Fn(Did) -> Message + 'a,
) -> Letter<'a, Message> {
    Letter { drawn, on: Box::new(on) }
}

/// The size of a laid-out letter in logical pixels.
pub fn logical(laid: &Laid, scale: f32) -> Size {
    Size::new(laid.device.0 as f32 / scale, laid.device.1 as f32 / scale)
}

#[derive(Default)]
struct State {
    held: Option<f32>,
    // Where the button went down: in the letter and on the screen; whether it moved.
    down: Option<(CssPoint, Point, bool)>,
    last: Option<mouse::Click>,
    modifiers: keyboard::Modifiers,
}

/// Logical pixels the pointer may tremble in a click.
const TREMBLE: f32 = 4.0;

impl<Message> Letter<'_, Message> {
    fn content(&self) -> Size {
        logical(&self.drawn.laid, self.drawn.scale)
    }

    fn bar(&self, bounds: Rectangle) -> Option<Bar> {
        if self.drawn.tall.is_some() {
            return None;
        }
        let content = f64::from(self.content().height);
        Bar::of(bounds, f64::from(self.drawn.offset.y), content)
    }

    fn css(&self, bounds: Rectangle, at: Point) -> CssPoint {
        let to_css = self.drawn.scale / self.drawn.laid.factor.max(0.01);
        let x = at.x - bounds.x + self.drawn.offset.x - self.inset(bounds);
        let y = at.y - bounds.y + self.drawn.offset.y;
        (x * to_css, y * to_css)
    }

    /// A letter narrower than the view stands in the middle.
    fn inset(&self, bounds: Rectangle) -> f32 {
        ((bounds.width - self.content().width) / 2.0).max(0.0).floor()
    }

    fn rect(&self, bounds: Rectangle, rect: &Rect) -> Rectangle {
        let to_logical = self.drawn.laid.factor / self.drawn.scale;
        Rectangle {
            x: bounds.x + self.inset(bounds) + rect.x * to_logical - self.drawn.offset.x,
            y: bounds.y + rect.y * to_logical - self.drawn.offset.y,
            width: rect.width * to_logical,
            height: rect.height * to_logical,
        }
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Letter<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn size(&self) -> Size<Length> {
        match self.drawn.tall {
            Some(_) => Size::new(Length::Fill, Length::Fixed(self.content().height)),
            None => Size::new(Length::Fill, Length::Fill),
        }
    }

    fn layout(&mut self, _: &mut Tree, _: &Renderer, limits: &layout::Limits) -> layout::Node {
        let size = limits.max();
        match self.drawn.tall {
            Some(_) => layout::Node::new(Size::new(size.width, self.content().height)),
            None => layout::Node::new(size),
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _: &Renderer,
        _: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let state = tree.state.downcast_mut::<State>();
        match event {
            Event::Window(window::Event::RedrawRequested(_)) => {
                let mut now = bounds.size();
                let was = self.drawn.view;
                if let Some(told) = self.drawn.tall {
                    now.height = viewport.height;
                    let seen = bounds.intersection(viewport);
                    let (top, height) = seen.map_or((0.0, 0.0), |s| (s.y - bounds.y, s.height));
                    let begins = bounds.y - viewport.y;
                    let same = |one: f32, other: f32| (one - other).abs() < 0.5;
                    if !(same(told.0, top) && same(told.1, height) && same(told.2, begins)) {
                        shell.publish((self.on)(Did::Seen(top, height, begins)));
                    }
                }
                if (now.width - was.width).abs() > 0.5 || (now.height - was.height).abs() > 0.5 {
                    shell.publish((self.on)(Did::Sized(now)));
                }
            }
            Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)) => {
                state.modifiers = *modifiers;
            }
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => {
                let Vector { x, y } = bar::wheel(delta);
                let across = state.modifiers.shift() || x.abs() > y.abs();
                if self.drawn.tall.is_some() && !state.modifiers.command() && !across {
                    return;
                }
                shell.capture_event();
                if state.modifiers.command() {
                    shell.publish((self.on)(Did::Zoomed(-y / bar::NOTCH)));
                    return;
                }
                let by =
                    if state.modifiers.shift() { Vector::new(y, x) } else { Vector::new(x, y) };
                shell.publish((self.on)(Did::ScrolledBy(by)));
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                let Some(at) = cursor.position_over(bounds) else { return };
                shell.capture_event();
                if let Some(bar) = self.bar(bounds)
                    && bar.has(at)
                {
                    let held = bar.held(at);
                    state.held = Some(held);
                    let y = bar.offset(at, held) as f32;
                    shell.publish((self.on)(Did::Scrolled(Vector::new(self.drawn.offset.x, y))));
                    return;
                }
                let click = mouse::Click::new(at, mouse::Button::Left, state.last);
                let point = self.css(bounds, at);
                match click.kind() {
                    mouse::click::Kind::Single => state.down = Some((point, at, false)),
                    mouse::click::Kind::Double => shell.publish((self.on)(Did::Word(point))),
                    mouse::click::Kind::Triple => shell.publish((self.on)(Did::Paragraph(point))),
                }
                state.last = Some(click);
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)) => {
                let Some(at) = cursor.position_over(bounds) else { return };
                shell.capture_event();
                let inside = Point::ORIGIN + (at - bounds.position());
                shell.publish((self.on)(Did::Menu(self.css(bounds, at), inside)));
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                if state.held.take().is_some() {
                    shell.request_redraw();
                }
                if let Some((point, _, moved)) = state.down.take()
                    && !moved
                {
                    shell.publish((self.on)(Did::Clicked(point)));
                }
            }
            Event::Mouse(mouse::Event::CursorMoved { position }) => {
                let position = *position;
                if let (Some(held), Some(bar)) = (state.held, self.bar(bounds)) {
                    let y = bar.offset(position, held) as f32;
                    shell.publish((self.on)(Did::Scrolled(Vector::new(self.drawn.offset.x, y))));
                } else if let Some((from, at, moved)) = &mut state.down {
                    *moved |= at.distance(position) > TREMBLE;
                    if *moved {
                        let from = *from;
                        // Beyond an edge the letter moves along.
                        let beyond = (position.y - bounds.y).min(0.0)
                            + (position.y - bounds.y - bounds.height).max(0.0);
                        if beyond != 0.0 {
                            let by = Vector::new(0.0, beyond.clamp(-40.0, 40.0));
                            shell.publish((self.on)(Did::ScrolledBy(by)));
                        }
                        let to = self.css(bounds, position);
                        shell.publish((self.on)(Did::Dragged(from, to)));
                    }
                } else if cursor.is_over(bounds) {
                    shell.publish((self.on)(Did::Over(Some(self.css(bounds, position)))));
                } else if self.drawn.link || self.drawn.text {
                    shell.publish((self.on)(Did::Over(None)));
                }
            }
            Event::Mouse(mouse::Event::CursorLeft) if self.drawn.link || self.drawn.text => {
                shell.publish((self.on)(Did::Over(None)));
            }
            _ => {}
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _: &Rectangle,
        _: &Renderer,
    ) -> mouse::Interaction {
        let bounds = layout.bounds();
        let state = tree.state.downcast_ref::<State>();
        if state.down.is_some_and(|(_, _, moved)| moved) {
            return mouse::Interaction::Text;
        }
        let on_bar = |bar: Bar| cursor.position_over(bounds).is_some_and(|at| bar.has(at));
        if !cursor.is_over(bounds) || self.bar(bounds).is_some_and(on_bar) {
            mouse::Interaction::None
        } else if self.drawn.link {
            mouse::Interaction::Pointer
        } else if self.drawn.text {
            mouse::Interaction::Text
        } else {
            mouse::Interaction::Idle
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        _: &Theme,
        _: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        let Drawn { scale, offset, strips, .. } = self.drawn;
        // Strips lie on whole device pixels, or their edges would show.
        // The renderer rounds down, and what is a hair short of a pixel must not be;
        // nor is what fits to be cut for that.
        let hair = 0.25 / scale;
        let snap = |v: f32| (v * scale).round() / scale + hair;
        let inside = Rectangle { width: clip.width + hair, height: clip.height + hair, ..clip };
        let origin =
            Point::new(snap(bounds.x + self.inset(bounds) - offset.x), snap(bounds.y - offset.y));
        renderer.with_layer(inside, |renderer| {
            for (y, strip) in &strips.strips {
                let width = strip.size.0 as f32 / scale;
                for (top, piece) in (0..strip.size.1).step_by(PIECE as usize).zip(&strip.pieces) {
                    let rows = PIECE.min(strip.size.1 - top);
                    let y = origin.y + (*y + top) as f32 / scale;
                    let place = Rectangle { x: origin.x, y, width, height: rows as f32 / scale };
                    if place.intersection(&clip).is_some() {
                        let image = Image::new(piece.clone())
                            .filter_method(FilterMethod::Nearest)
                            .snap(true);
                        renderer.draw_image(image, place, clip);
                    }
                }
            }
        });
        let Drawn { selected, found, here, stop, tokens, .. } = self.drawn;
        if !selected.is_empty() || !found.is_empty() || !stop.is_empty() {
            renderer.with_layer(clip, |renderer| {
                let mut mark = |rect: &Rect, color: Color| {
                    let place = self.rect(bounds, rect);
                    if place.intersection(&clip).is_some() {
                        let border = Border { radius: 2.0.into(), ..Border::default() };
                        let quad = Quad { bounds: place, border, ..Quad::default() };
                        renderer.fill_quad(quad, Background::Color(color));
                    }
                };
                for rect in selected {
                    mark(rect, tokens.marked);
                }
                for (at, rects) in found.iter().enumerate() {
                    let color = if at == here { tokens.found_here } else { tokens.found };
                    rects.iter().for_each(|rect| mark(rect, color));
                }
                for rect in stop {
                    let place = self.rect(bounds, rect).expand(3.0);
                    ring::draw(renderer, place, &clip, tokens.accent, 4.0);
                }
            });
        }
        if let Some(bar) = self.bar(bounds) {
            let held = tree.state.downcast_ref::<State>().held.is_some();
            let over = held || cursor.position_over(bounds).is_some_and(|at| bar.has(at));
            bar.draw(renderer, tokens, over);
        }
    }
}

impl<'a, Message: 'a> From<Letter<'a, Message>> for super::Element<'a, Message> {
    fn from(letter: Letter<'a, Message>) -> Self {
        Self::new(letter)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tile(y: u32, width: u32) -> Arc<Tile> {
        let pixels = vec![0; (width * STRIP * 4) as usize];
        Arc::new(Tile { y, size: (width, STRIP), pixels })
    }

    #[test]
    fn strips_are_bounded_and_those_near_are_kept() {
        let mut strips = Strips::default();
        for n in 0..60 {
            strips.insert(&tile(n * STRIP, 700));
        }
        assert!(strips.bytes() <= KEPT);
        assert!(strips.has(59 * STRIP) && strips.has(50 * STRIP));
        assert!(!strips.has(0));
    }

    #[test]
    fn a_strip_that_lies_about_its_size_is_not_kept() {
        let mut strips = Strips::default();
        strips.insert(&Arc::new(Tile { y: 0, size: (10, 10), pixels: vec![0; 399] }));
        strips.insert(&Arc::new(Tile { y: 0, size: (u32::MAX, u32::MAX), pixels: vec![0; 4] }));
        assert!(!strips.has(0));
    }

    /// Every row of the letter has a colour of its own: its number.
    fn numbered(y: u32, width: u32) -> Arc<Tile> {
        let row = |row: u32| [row as u8, (row >> 8) as u8, 7, 255].repeat(width as usize);
        let pixels = (y..y + STRIP).flat_map(row).collect();
        Arc::new(Tile { y, size: (width, STRIP), pixels })
    }

    #[test]
    fn every_row_falls_on_a_pixel_of_its_own() {
        use iced::advanced::renderer::Headless;
        for (scale, down) in
            [(1.0, 40.0), (1.0, 37.4), (1.0, 37.6), (1.25, 40.0), (1.5, 37.4), (1.75, 33.3)]
        {
            let (width, height) = (64, 3 * STRIP);
            let mut strips = Strips::default();
            (0..3).for_each(|n| strips.insert(&numbered(n * STRIP, width)));
            let drawn = Drawn {
                laid: Laid { device: (width, height), factor: scale, ms: 0.0 },
                scale,
                offset: Vector::ZERO,
                strips: &strips,
                selected: &[],
                found: &[],
                here: 0,
                stop: &[],
                link: false,
                text: false,
                view: Size::ZERO,
                tall: None,
                tokens: Tokens::of(crate::gui::theme::Mode::Light),
            };
            let widget = letter::<()>(drawn, |_| ());
            let tree = Tree::new(&widget as &dyn Widget<(), Theme, Renderer>);
            let seen = Size::new(width as f32 / scale, height as f32 / scale);
            let node = layout::Node::new(seen).move_to(Point::new(0.0, down));
            let made = <Renderer as Headless>::new(iced::Font::DEFAULT, iced::Pixels(16.0), None);
            let waiting = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let mut renderer = waiting.block_on(made).unwrap();
            let window = Size::new(width, height + 100);
            let whole = Rectangle::with_size(Size::new(window.width as f32, window.height as f32));
            renderer.reset(whole);
            let cursor = mouse::Cursor::Unavailable;
            let style = renderer::Style { text_color: Color::BLACK };
            let (theme, place) = (Theme::Light, Layout::new(&node));
            widget.draw(&tree, &mut renderer, &theme, &style, place, cursor, &whole);
            let pixels = renderer.screenshot(window, scale, Color::WHITE);
            let top = (down * scale).round() as usize;
            for row in 0..height as usize {
                let at = ((top + row) * width as usize + 5) * 4;
                let number = [row as u8, (row >> 8) as u8, 7, 255];
                assert_eq!(pixels.get(at..at + 4), Some(&number[..]), "{scale} {down} {row}");
            }
        }
    }

    #[test]
    fn old_strips_are_shown_until_the_new_come() {
        let mut strips = Strips::default();
        strips.insert(&tile(0, 100));
        strips.age(&Laid { device: (100, 800), factor: 1.0, ms: 0.0 });
        assert!(!strips.has(0) && strips.bytes() > 0);
        strips.age(&Laid { device: (120, 800), factor: 1.0, ms: 0.0 });
        assert_eq!(strips.bytes(), 0);
    }
}
