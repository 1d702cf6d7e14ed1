//! What comes by itself: the engine's events, the clock, the demo's tracker.

use super::screen::mail::Message;
use crate::demo::Demo;
use crate::engine::protocol::Event;
use iced::Task;
use iced::futures::stream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The engine's events, as long as it lives. When it is gone without a word, that is
/// said.
pub fn events(receiver: mpsc::Receiver<Event>) -> Task<Message> {
    let stream = stream::unfold(Some(receiver), |receiver| async move {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(event) => Some((Message::Engine(event), Some(receiver))),
            None => Some((Message::Engine(Event::Ended), None)),
        }
    });
    Task::stream(stream)
}

/// The demo's hits, whenever there are new ones.
pub fn hits(demo: Arc<Demo>) -> Task<Message> {
    let stream = stream::unfold((demo, usize::MAX), |(demo, known)| async move {
        loop {
            let hits = demo.hits();
            if hits.len() != known {
                let count = hits.len();
                return Some((Message::Hits(hits), (demo, count)));
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    });
    Task::stream(stream)
}
