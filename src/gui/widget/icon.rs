//! One set of icons, 16 units square, drawn as strokes (`assets/icons`).

use super::drawn::{self, Part};
use iced::advanced::image::{Handle, Image};
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::Tree;
use iced::advanced::{Widget, mouse, renderer};
use iced::{Color, Length, Rectangle, Renderer, Size, Theme};

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
    /// A label.
    Label = "label",
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
    /// On paper.
    Print = "print",
    /// Somebody else's words.
    Quote = "quote",
    /// An answer.
    Reply = "reply",
    /// An answer to everybody.
    ReplyAll = "reply-all",
    /// More inside.
    Right = "right",
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
    fn strokes(self) -> &'static str {
        let strokes = self.source().split_once(" d=\"").map_or("", |(_, rest)| rest);
        strokes.split('"').next().unwrap_or("")
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
        let parts = || {
            let line = Part { path: self.icon.strokes(), color: self.color, line: Some(1.5) };
            let area = Part { line: None, ..line };
            if self.filled { vec![area, line] } else { vec![line] }
        };
        let name = ("icon", self.icon as u32 * 2 + u32::from(self.filled));
        let picture = drawn::picture((name, [self.color; 2]), 16.0, self.size, parts);
        show(renderer, picture, layout.bounds(), viewport);
    }
}

/// Shows a small drawing where it is in sight.
fn show(renderer: &mut Renderer, picture: Option<Handle>, bounds: Rectangle, sight: &Rectangle) {
    use iced::advanced::image::Renderer as _;
    if bounds.intersection(sight).is_none() {
        return;
    }
    if let Some(picture) = picture {
        renderer.draw_image(Image::new(picture).snap(true), bounds, bounds);
    }
}

impl<'a, Message: 'a> From<Draw> for super::Element<'a, Message> {
    fn from(draw: Draw) -> Self {
        Self::new(draw)
    }
}

/// The logo in units of a twenty-fourth.
const ENVELOPE: &str = "M 5 5 L 19 5 C 20.657 5 22 6.343 22 8 L 22 16 C 22 17.657 20.657 19 19 19 \
    L 5 19 C 3.343 19 2 17.657 2 16 L 2 8 C 2 6.343 3.343 5 5 5 Z";
const FLAP: &str = "M 3 7 L 12 13 L 21 7";
const SEAL: &str = "M 16.6 14 C 16.6 16.541 14.541 18.6 12 18.6 C 9.459 18.6 7.4 16.541 7.4 14 \
    C 7.4 11.459 9.459 9.4 12 9.4 C 14.541 9.4 16.6 11.459 16.6 14 Z";

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
        viewport: &Rectangle,
    ) {
        let parts = || {
            let line = |path| Part { path, color: self.ink, line: Some(1.7) };
            let seal = Part { path: SEAL, color: self.seal, line: None };
            vec![line(ENVELOPE), line(FLAP), seal]
        };
        let name = (("logo", 0), [self.ink, self.seal]);
        let picture = drawn::picture(name, 24.0, self.size, parts);
        show(renderer, picture, layout.bounds(), viewport);
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
            let strokes = icon.strokes();
            assert!(strokes.starts_with('M'), "{icon:?}");
            assert!(
                strokes.chars().all(|c| "MLCZ0123456789.- ".contains(c)),
                "{icon:?}: {strokes}"
            );
        }
    }
}
