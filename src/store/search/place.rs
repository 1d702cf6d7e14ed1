//! Where in a letter words stand, and the keys they have in the index.

/// Where in a letter a word stands. Words of every place are found by a question
/// without a place too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Place {
    /// In the subject.
    Subject = 1,
    /// In the sender.
    Sender = 2,
    /// In the receivers.
    Rcpt = 3,
    /// In the receivers of copies.
    Cc = 4,
    /// In names of attachments.
    Files = 5,
    /// In the mailing list's name.
    List = 6,
    /// In the text.
    Body = 255,
}

/// The key of a word in the index: the word itself, or behind a byte for its
/// place. Keys of places sort before all words.
pub fn key(place: Option<Place>, word: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 1);
    key.extend(tag(place));
    key.extend_from_slice(word.as_bytes());
    key
}

/// The byte that stands for a place in a key.
pub fn tag(place: Option<Place>) -> Option<u8> {
    place.filter(|place| *place != Place::Body).map(|place| place as u8)
}
