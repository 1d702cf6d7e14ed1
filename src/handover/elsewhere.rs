//! Systems without Unix sockets: a later start is told that another Goyo has the profile
//! (`docs/decisions`).

use super::{Asked, Handed, HandoverError, Wish};
use std::path::Path;

/// Nothing.
#[derive(Debug)]
pub struct Listener;

pub fn listen(_: &Path, _: impl FnMut(Asked) + Send + 'static) -> std::io::Result<Listener> {
    Ok(Listener)
}

pub fn hand_over(_: &Path, _: &Wish) -> Result<Handed, HandoverError> {
    Ok(Handed::Nobody)
}
