//! What is done about pictures from outside, in every letter.

/// What is decided for all letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remote {
    /// None is ever fetched, whatever rules say; else each letter is asked about.
    pub never: bool,
    /// The way to those that are fetched.
    pub by: Way,
}

/// The way to pictures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Way {
    /// Through the proxy of the letter's account, or the first that another has.
    #[default]
    Accounts,
    /// Through none.
    Direct,
    /// Through the proxy at this address.
    Proxy(String),
}
