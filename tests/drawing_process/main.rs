//! The drawing process and the pipe to it: whatever stands at the other end, a
//! call ends in time with an answer or a typed error, and the next one works.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(unix)]

mod fakes;
#[cfg(feature = "render")]
mod locked;
#[cfg(feature = "render")]
mod real;

use goyo::html::clean::{Body, Scheme};
use goyo::html::worker::protocol::{Source, Step, View};

/// To the first link.
pub const STEP: Step = Step { from: None, back: false, top: 0.0 };

/// A column of a window.
pub const VIEW: View =
    View { width: 800.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: false };

/// A letter of one HTML body.
pub fn html(html: &str) -> Source {
    Source { bodies: vec![(0, Body::Html(html.into()))], parts: Vec::new(), folds: None }
}
