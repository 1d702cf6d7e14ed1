//! References of a letter to the outside world, and what was decided of each.

use serde::{Deserialize, Serialize};

/// Whether a reader could see what a reference brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Visible {
    /// It takes up room.
    Yes,
    /// Nobody could see it: no area, hidden, off the canvas, after `</html>`.
    No,
    /// Not knowable without drawing.
    Unknown,
}

impl Visible {
    /// Yes, no, or not knowable.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown => None,
        }
    }
}

/// One thing in a letter that points outside it and would be fetched by a
/// program that does not ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The address, resolved against the letter's `<base>`, as written otherwise.
    pub url: String,
    /// Where it stood: `img[src]`, `body[background]`, `css:background-image`, …
    pub element: String,
    /// Whether it would be seen.
    pub visible: Visible,
    /// It stood after `</html>`.
    pub after_html: bool,
    /// Declared width and height in CSS pixels, where the letter gave them.
    pub size: (Option<f32>, Option<f32>),
    /// Alternative text, for pictures.
    pub alt: Option<String>,
    /// Ordinal of the part it came from, in the letter's part list.
    pub part: usize,
}

impl Reference {
    /// Whether what it brings would be drawn as a picture. Only pictures can ever
    /// be allowed: styles, fonts, frames, sounds and forms never are.
    pub fn is_picture(&self) -> bool {
        // What stands in a conditional comment is for one old program only.
        let element = self.element.as_str();
        if let Some(property) = element.strip_prefix("css:") {
            return PICTURE_PROPERTIES.iter().any(|known| property.starts_with(known));
        }
        element.ends_with("[background]")
            || element.starts_with("header:")
            || PICTURE_ELEMENTS.contains(&element)
    }
}

/// CSS properties (or how they begin) that bring a picture.
const PICTURE_PROPERTIES: [&str; 8] = [
    "background",
    "list-style",
    "content",
    "border-image",
    "cursor",
    "mask",
    "-webkit-mask",
    "-webkit-border-image",
];

/// Places in HTML that bring a picture.
const PICTURE_ELEMENTS: [&str; 10] = [
    "img[src]",
    "img[srcset]",
    "image[src]",
    "source[srcset]",
    "input[src]",
    "video[poster]",
    "image[href]",
    "image[xlink:href]",
    "v:fill[src]",
    "v:imagedata[src]",
];

/// A link: followed only when somebody clicks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads, resolved against the letter's `<base>`.
    pub href: String,
    /// What the reader sees: its text, or the alternative text of its picture.
    pub text: String,
}

/// What kind of tracking a reference does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackerKind {
    /// A service that is known by name.
    Service,
    /// Nobody who reads the letter here can see it.
    Invisible,
    /// Its address carries the reader's address or a token of their own.
    Token,
}

/// Why a reference is taken for a tracker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracker {
    /// The service, where it is known by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How it was recognised.
    pub kind: TrackerKind,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nobody allowed it: the default.
    Default,
    /// It is a tracker, and trackers stay refused where pictures are allowed.
    Tracker,
    /// It is not a picture: fonts, frames, styles, sounds are never fetched.
    NotAPicture,
    /// Its address is of a kind that is never fetched (no http or https, a
    /// private network, not an address at all).
    Address,
    /// The letter was encrypted.
    Encrypted,
    /// The user wants no pictures from outside at all.
    Never,
    /// The user never wants pictures of this sender.
    NeverForSender,
    /// The rule's proof of the sender is missing from this letter.
    Unproven,
    /// Allowed for this letter once.
    Once,
    /// Allowed for this sender.
    Sender,
    /// Allowed for this domain.
    Domain,
    /// Allowed by hand in the ledger, tracker or not.
    ByHand,
}

/// What becomes of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "lowercase")]
pub enum Verdict {
    /// It may be fetched.
    Allow(Reason),
    /// It is not fetched.
    Refuse(Reason),
}

/// One line of a letter's ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// What was found.
    pub reference: Reference,
    /// What was decided.
    pub verdict: Verdict,
    /// Why it is taken for a tracker, if it is.
    pub tracker: Option<Tracker>,
}

/// How a request that was really made ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "what", rename_all = "kebab-case")]
pub enum Answer {
    /// The server answered with this HTTP status.
    Status(u16),
    /// It sent us on to another address, which was judged anew.
    Redirect(String),
    /// It sent us on to where we did not go.
    Stopped {
        /// Where to.
        to: String,
        /// Why not; `None` when there were too many steps, or they went in a circle.
        why: Option<Reason>,
    },
    /// Nobody was reached, so nobody was told: why.
    Unreached(Failing),
    /// It gave up, or sent too much, or was no longer wanted: why.
    Failed(Failing),
    /// Not known: it is still under way, or the program ended before the answer.
    Unknown,
}

/// Why a request brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failing {
    /// Not an address of http or https.
    Address,
    /// The name is not known, or nothing could be looked up.
    Name,
    /// The address is inside a private network.
    Private,
    /// No connection.
    Connection,
    /// No connection in time.
    NoAnswer,
    /// The server could not prove that it is who it should be.
    Unsafe,
    /// This system's certificates are not there.
    NoRoots,
    /// The proxy did not do its part.
    Proxy,
    /// The answer could not be understood, or broke off.
    Garbled,
    /// It was too slow.
    TooSlow,
    /// It is larger than a picture may be.
    TooLarge,
    /// The letter's pictures are too large together.
    Together,
    /// It was taken back while it was under way.
    TakenBack,
    /// It came compressed although nobody asked for that.
    Packed,
}

impl Answer {
    /// Whether somebody may have learnt of the request.
    pub fn told(&self) -> bool {
        !matches!(self, Self::Unreached(_))
    }
}

/// One request that left this computer for a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMade {
    /// The address asked.
    pub url: String,
    /// When, in seconds since 1970, UTC.
    pub at: i64,
    /// Bytes of the body that came back.
    pub bytes: u64,
    /// How it ended.
    pub answer: Answer,
}

/// Leave to fetch one address: it exists only for what was judged allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    url: String,
    reason: Reason,
}

impl Allowed {
    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Why it was allowed.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Leave to go on to where the server sent us, under that address's own verdict.
    pub fn redirected(&self, url: String, verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Allow(reason) => Some(Self { url, reason }),
            Verdict::Refuse(_) => None,
        }
    }
}

impl LedgerEntry {
    /// Leave to fetch it, if it was allowed.
    pub fn allowed(&self) -> Option<Allowed> {
        match self.verdict {
            Verdict::Allow(reason) => Some(Allowed { url: self.reference.url.clone(), reason }),
            Verdict::Refuse(_) => None,
        }
    }
}

/// Every reference of a letter with its verdict, in document order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// The lines.
    pub entries: Vec<LedgerEntry>,
}

impl Ledger {
    /// How many references are trackers.
    pub fn trackers(&self) -> usize {
        self.entries.iter().filter(|e| e.tracker.is_some()).count()
    }
}
