//! Widgets of our own, where the toolkit has none.

pub mod bar;
pub mod by_keys;
pub mod drawn;
pub mod drop;
pub mod edges;
pub mod icon;
pub mod keys;
pub mod letter;
pub mod line;
pub mod lines;
pub mod marked;
pub mod paste;
pub mod pick;
pub mod reach;
pub mod reveal;
pub mod ring;
pub mod rows;
mod signs;
pub mod tower;
pub mod watch;
pub mod wrap;

/// What the views are made of.
pub type Element<'a, Message> = iced::Element<'a, Message>;
