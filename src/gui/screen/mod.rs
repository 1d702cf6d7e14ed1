//! Screens: each has its state, its messages, what it asks of the window, and its view.

pub mod account;
pub mod mail;
