//! What goes over an IMAP connection, in types of ours.

use crate::model::{Flags, Role};

/// What a server offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The words of it, in upper case.
    pub words: std::collections::BTreeSet<String>,
}

impl Capabilities {
    /// Whether it offers this (upper case).
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// What is odd about a server and must be minded by who talks to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// It has labels instead of folders (Gmail).
    pub gmail: bool,
    /// Its CONDSTORE or QRESYNC is not to be believed.
    pub no_qresync: bool,
    /// Sets of UIDs must ascend.
    pub ascending: bool,
    /// It files its own copy of what is sent through it.
    pub files_sent: bool,
    /// It ends IDLE by itself after a short while.
    pub short_idle: bool,
    /// It shows only part of large folders.
    pub partial_view: bool,
    /// The largest letter it takes by APPEND, in bytes, where that is known.
    pub append_limit: Option<u64>,
}

/// What went over a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes read from the network.
    pub read: u64,
    /// Bytes written to it.
    pub written: u64,
    /// How often we waited for an answer after sending.
    pub round_trips: u64,
}

/// A folder as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name on the wire.
    pub mailbox: String,
    /// Its levels, decoded.
    pub levels: Vec<String>,
    /// What stands between two levels on the wire; `None`: there is but one level.
    pub delimiter: Option<char>,
    /// Its role by SPECIAL-USE (RFC 6154), or `INBOX`.
    pub role: Option<Role>,
    /// It can be opened.
    pub selectable: bool,
    /// The user is subscribed to it.
    pub subscribed: bool,
}

/// How a folder stands (STATUS).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// Letters in it.
    pub messages: u32,
    /// Unread ones.
    pub unseen: Option<u32>,
    /// The UID a new letter would get.
    pub uidnext: Option<u32>,
    /// Changes when its UIDs lose their meaning.
    pub uidvalidity: Option<u32>,
    /// Grows with every change (RFC 7162).
    pub highestmodseq: Option<u64>,
}

/// From when on changes of a folder are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resync {
    /// The UIDs known are of this.
    pub uidvalidity: u32,
    /// Known up to this.
    pub modseq: u64,
    /// UIDs known, if the server should limit itself to them.
    pub known: Option<UidSet>,
}

/// An open folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// Letters in it.
    pub exists: u32,
    /// `None`: the server does not say, and UIDs are good for this connection only.
    pub uidvalidity: Option<u32>,
    /// The UID a new letter would get, if the server says.
    pub uidnext: Option<u32>,
    /// `None`: no CONDSTORE here (or NOMODSEQ).
    pub highestmodseq: Option<u64>,
    /// Flags and keywords that can be set for good; `*` among them: new keywords too.
    pub permanent: Vec<String>,
    /// It cannot be changed.
    pub read_only: bool,
    /// UIDs that are gone since the resync point (VANISHED (EARLIER)).
    pub vanished: UidSet,
    /// Flags that changed since.
    pub changed: Vec<Fetched>,
}

/// A set of UIDs (or sequence numbers): ascending ranges, both ends in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UidSet(pub Vec<(u32, u32)>);

impl UidSet {
    /// The set of these numbers; any order, doubles are one.
    pub fn of(numbers: impl IntoIterator<Item = u32>) -> Self {
        let mut all: Vec<u32> = numbers.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in all {
            match ranges.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        Self(ranges)
    }

    /// The numbers from one to the other.
    pub fn range(from: u32, to: u32) -> Self {
        Self(vec![(from.min(to), from.max(to))])
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `number` is in it.
    pub fn has(&self, number: u32) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&number))
    }
}

/// One FETCH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Of which letters.
    pub set: UidSet,
    /// The set holds sequence numbers, not UIDs.
    pub by_sequence: bool,
    /// What is wanted.
    pub wanted: Wanted,
}

/// What is wanted of letters. UIDs and flags always come with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Flags.
    Flags,
    /// Flags of those that changed since (CONDSTORE).
    Changed {
        /// Since this.
        since: u64,
        /// UIDs that are gone since, too (QRESYNC): unsolicited.
        vanished: bool,
    },
    /// Size and date of arrival.
    Overview,
    /// Size, date of arrival, and the header.
    Header,
    /// Size, date of arrival, and the whole letter.
    Whole,
    /// So many bytes of the letter from an offset on.
    Piece {
        /// From this byte.
        offset: u32,
        /// At most so many.
        length: u32,
    },
}

/// What came of one letter. What the server left out is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Its sequence number.
    pub sequence: u32,
    /// Its UID.
    pub uid: Option<u32>,
    /// Its flags, those Goyo knows.
    pub flags: Option<Flags>,
    /// Other keywords, sorted.
    pub keywords: Vec<String>,
    /// Its size as the server says; wrong ones happen.
    pub size: Option<u64>,
    /// When it arrived, in seconds since 1970 (INTERNALDATE).
    pub delivered: Option<i64>,
    /// Its MODSEQ.
    pub modseq: Option<u64>,
    /// Its labels (Gmail), decoded.
    pub labels: Option<Vec<String>>,
    /// What Gmail knows the message by, whatever its labels.
    pub gmail_message: Option<u64>,
    /// Header, letter or piece, as asked.
    pub bytes: Option<Vec<u8>>,
}

/// What a server said unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsolicited {
    /// So many letters are in the open folder now.
    Exists(u32),
    /// The letter of this sequence number is gone; later numbers moved down.
    Expunge(u32),
    /// Letters of these UIDs are gone.
    Vanished(UidSet),
    /// A letter's flags are now these.
    Changed(Fetched),
    /// It wants the user to read this (ALERT); shown as the server's words.
    Alert(String),
}

/// A change of flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Whose.
    pub uids: UidSet,
    /// Set or cleared.
    pub how: StoreHow,
    /// Flags and keywords as IMAP writes them.
    pub flags: Vec<String>,
    /// Only those not changed since (RFC 7162).
    pub unchanged_since: Option<u64>,
}

/// What STORE does with flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreHow {
    /// Sets them.
    Add,
    /// Clears them.
    Remove,
}

/// Where copied letters lie now (COPYUID).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Of the folder they were copied to.
    pub uidvalidity: u32,
    /// From which UID to which, in order.
    pub uids: Vec<(u32, u32)>,
}

/// Where an appended letter lies now (APPENDUID).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Of the folder it was added to.
    pub uidvalidity: u32,
    /// Its UID there.
    pub uid: u32,
}
