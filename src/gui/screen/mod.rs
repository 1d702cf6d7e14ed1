//! The screens of the window: each a module with its state, messages, update and view.

pub mod account;
mod choice;
pub mod compose;
pub mod mail;
mod pieces;
