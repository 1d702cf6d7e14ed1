//! What a window's thread does to show a frame, without a window: it is painted in software
//! into a picture that stays, as iced does it in a window.

pub mod window;

use iced::{Color, Rectangle, Size};
use iced_tiny_skia::Layer;
use iced_tiny_skia::graphics::{Viewport, damage};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;
use tiny_skia::{Mask, PixmapMut};

/// Width and height.
pub const SIZE: Size = Size::new(1280.0, 800.0);

/// Processor time of this thread.
pub fn busy() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}

/// The picture in the window.
pub struct Picture {
    pixels: Vec<u8>,
    mask: Mask,
    /// What is painted in it, and on what.
    shown: Option<(Vec<Layer>, Color)>,
}

impl Picture {
    pub fn new() -> Self {
        let (width, height) = (SIZE.width as u32, SIZE.height as u32);
        let pixels = vec![0; width as usize * height as usize * 4];
        Self { pixels, mask: Mask::new(width, height).unwrap(), shown: None }
    }

    /// Paints it whole, or what has changed since the last time; how many pixels that are.
    pub fn paint(&mut self, renderer: &mut iced::Renderer, background: Color, all: bool) -> u32 {
        let whole = Rectangle::with_size(SIZE);
        let now = renderer.layers();
        let changed = match &self.shown {
            Some((before, on)) if !all && *on == background => {
                damage::diff(before, now, |layer| vec![layer.bounds], Layer::damage)
            }
            _ => vec![whole],
        };
        if changed.is_empty() {
            return 0;
        }
        self.shown = Some((now.to_vec(), background));
        let changed = damage::group(changed, whole);
        let (width, height) = (SIZE.width as u32, SIZE.height as u32);
        let viewport = Viewport::with_physical_size(Size::new(width, height), 1.0);
        let mut pixels = PixmapMut::from_bytes(&mut self.pixels, width, height).unwrap();
        renderer.draw(&mut pixels, &mut self.mask, &viewport, &changed, background);
        changed.iter().map(|one| one.area() as u32).sum()
    }
}

/// The time that this share of them does not exceed, in milliseconds.
pub fn share(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// Says how they are spread; leaves them sorted.
pub fn line(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    println!(
        "{name:<34} p50 {:6.2}  p95 {:6.2}  p99 {:6.2}  max {:6.2} ms",
        share(times, 0.5),
        share(times, 0.95),
        share(times, 0.99),
        share(times, 1.0)
    );
}
