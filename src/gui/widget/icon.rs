//! One set of icons, 16 units square, drawn as strokes (`assets/icons`).

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::Tree;
use iced::advanced::{Widget, mouse, renderer};
use iced::widget::canvas::{Frame, LineCap, LineJoin, Path, Stroke};
use iced::{Color, Length, Point, Rectangle, Renderer, Size, Theme, Vector};

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $file:literal,)*) => {
        /// An icon of the set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Icon {
            $($(#[$doc])* $name,)*
        }

        impl Icon {
            fn source(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../../assets/icons/", $file, ".svg")),)*
                }
            }

            /// Every icon.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

icons! {
    /// A box.
    Archive = "archive",
    /// To where one was.
    Back = "back",
    /// Notifications.
    Bell = "bell",
    /// None.
    BellOff = "bell-off",
    /// Bold letters.
    Bold = "bold",
    /// Done, proved.
    Check = "check",
    /// An attachment.
    Clip = "clip",
    /// A clock.
    Clock = "clock",
    /// Close.
    Close = "close",
    /// Source.
    Code = "code",
    /// Copy.
    Copy = "copy",
    /// More below.
    Down = "down",
    /// What lies on this computer.
    Disk = "disk",
    /// A pencil.
    Draft = "draft",
    /// An eye.
    Eye = "eye",
    /// An eye that does not see.
    EyeOff = "eye-off",
    /// A folder.
    Folder = "folder",
    /// Handed on.
    Forward = "forward",
    /// Language.
    Globe = "globe",
    /// The inbox.
    Inbox = "inbox",
    /// To know.
    Info = "info",
    /// Slanted letters.
    Italic = "italic",
    /// Junk.
    Junk = "junk",
    /// A link.
    Link = "link",
    /// A list.
    List = "list",
    /// Encrypted.
    Lock = "lock",
    /// A letter.
    Mail = "mail",
    /// A letter that was read.
    MailOpen = "mail-open",
    /// A list behind it.
    Menu = "menu",
    /// Dark.
    Moon = "moon",
    /// What else there is.
    More = "more",
    /// Goes outside.
    Open = "open",
    /// On its way out.
    Outbox = "outbox",
    /// One more.
    Plus = "plus",
    /// Somebody else's words.
    Quote = "quote",
    /// An answer.
    Reply = "reply",
    /// An answer to everybody.
    ReplyAll = "reply-all",
    /// A journey.
    Route = "route",
    /// To disk.
    Save = "save",
    /// Search.
    Search = "search",
    /// Sent.
    Sent = "sent",
    /// How somebody likes it.
    Settings = "settings",
    /// A shield.
    Shield = "shield",
    /// A star.
    Star = "star",
    /// In step with a server.
    Sync = "sync",
    /// Light.
    Sun = "sun",
    /// Text.
    Text = "text",
    /// A bin.
    Trash = "trash",
    /// Take back.
    Undo = "undo",
    /// Not encrypted.
    Unlock = "unlock",
    /// More above.
    Up = "up",
    /// Beware.
    Warn = "warn",
}

impl Icon {
    /// Its strokes, in units of a sixteenth.
    fn path(self) -> Path {
        let source = self.source();
        let strokes = source.split_once(" d=\"").map_or("", |(_, rest)| rest);
        let strokes = strokes.split('"').next().unwrap_or("");
        Path::new(|path| {
            let mut rest = strokes;
            while let Some(command) = rest.chars().next() {
                let after = rest.get(1..).unwrap_or("");
                let end = after.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(after.len());
                let (numbers, next) = after.split_at(end);
                let n: Vec<f32> =
                    numbers.split_ascii_whitespace().filter_map(|n| n.parse().ok()).collect();
                match (command, n.as_slice()) {
                    ('M', [x, y]) => path.move_to(Point::new(*x, *y)),
                    ('L', [x, y]) => path.line_to(Point::new(*x, *y)),
                    ('C', [a, b, c, d, x, y]) => path.bezier_curve_to(
                        Point::new(*a, *b),
                        Point::new(*c, *d),
                        Point::new(*x, *y),
                    ),
                    ('Z', []) => path.close(),
                    _ => {}
                }
                rest = next;
            }
        })
    }
}

/// Draws an icon.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    icon: Icon,
    size: f32,
    color: Color,
    filled: bool,
}

/// An icon of 16 logical pixels in a colour.
pub fn icon(icon: Icon, color: Color) -> Draw {
    Draw { icon, size: 16.0, color, filled: false }
}

impl Draw {
    /// Its size in logical pixels.
    #[must_use]
    pub fn size(self, size: f32) -> Self {
        Self { size, ..self }
    }

    /// Fills it as well: a star that is set.
    #[must_use]
    pub fn filled(self, filled: bool) -> Self {
        Self { filled, ..self }
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Draw {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.size), Length::Fixed(self.size))
    }

    fn layout(&mut self, _: &mut Tree, _: &Renderer, _: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(self.size, self.size))
    }

    fn draw(
        &self,
        _: &Tree,
        renderer: &mut Renderer,
        _: &Theme,
        _: &renderer::Style,
        layout: Layout<'_>,
        _: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        use iced::advanced::graphics::geometry::Renderer as _;
        let bounds = layout.bounds();
        if bounds.intersection(viewport).is_none() {
            return;
        }
        let mut frame = Frame::new(renderer, bounds.size());
        frame.scale(self.size / 16.0);
        let path = self.icon.path();
        if self.filled {
            frame.fill(&path, self.color);
        }
        let stroke = Stroke::default()
            .with_color(self.color)
            .with_width(1.5)
            .with_line_cap(LineCap::Round)
            .with_line_join(LineJoin::Round);
        frame.stroke(&path, stroke);
        let geometry = frame.into_geometry();
        renderer.with_translation(Vector::new(bounds.x, bounds.y), |renderer| {
            renderer.draw_geometry(geometry);
        });
    }
}

impl<'a, Message: 'a> From<Draw> for super::Element<'a, Message> {
    fn from(draw: Draw) -> Self {
        Self::new(draw)
    }
}

/// The logo: an envelope with a plain seal (`assets/app/goyo.svg`).
#[derive(Debug, Clone, Copy)]
pub struct Logo {
    /// Side in logical pixels.
    pub size: f32,
    /// The envelope.
    pub ink: Color,
    /// The seal.
    pub seal: Color,
}

impl<Message> Widget<Message, Theme, Renderer> for Logo {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.size), Length::Fixed(self.size))
    }

    fn layout(&mut self, _: &mut Tree, _: &Renderer, _: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(self.size, self.size))
    }

    fn draw(
        &self,
        _: &Tree,
        renderer: &mut Renderer,
        _: &Theme,
        _: &renderer::Style,
        layout: Layout<'_>,
        _: mouse::Cursor,
        _: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        use iced::advanced::graphics::geometry::Renderer as _;
        let bounds = layout.bounds();
        let mut frame = Frame::new(renderer, bounds.size());
        frame.scale(self.size / 24.0);
        let line = |color, width| {
            Stroke::default().with_color(color).with_width(width).with_line_join(LineJoin::Round)
        };
        let envelope =
            Path::rounded_rectangle(Point::new(2.0, 5.0), Size::new(20.0, 14.0), 3.0.into());
        frame.stroke(&envelope, line(self.ink, 1.7));
        let flap = Path::new(|path| {
            path.move_to(Point::new(3.0, 7.0));
            path.line_to(Point::new(12.0, 13.0));
            path.line_to(Point::new(21.0, 7.0));
        });
        frame.stroke(&flap, line(self.ink, 1.7));
        frame.fill(&Path::circle(Point::new(12.0, 14.0), 4.6), self.seal);
        let geometry = frame.into_geometry();
        renderer.with_translation(Vector::new(bounds.x, bounds.y), |renderer| {
            renderer.draw_geometry(geometry);
        });
    }
}

impl<'a, Message: 'a> From<Logo> for super::Element<'a, Message> {
    fn from(logo: Logo) -> Self {
        Self::new(logo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_made_of_strokes_we_can_draw() {
        for icon in Icon::ALL {
            let source = icon.source();
            let strokes = source.split(" d=\"").nth(1).unwrap_or_default();
            let strokes = strokes.split('"').next().unwrap_or_default();
            assert!(strokes.starts_with('M'), "{icon:?}");
            assert!(
                strokes.chars().all(|c| "MLCZ0123456789.- ".contains(c)),
                "{icon:?}: {strokes}"
            );
        }
    }
}
