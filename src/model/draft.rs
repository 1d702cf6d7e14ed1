//! A letter before it is sent: what its writer decided, nothing of its encoding.

use super::Address;
use serde::{Deserialize, Serialize};

/// One of the names and addresses the user writes under.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// Name and address that stand in `From`.
    pub from: Address,
    /// Where answers should go; empty where they go to `from`.
    #[serde(default)]
    pub reply_to: Vec<Address>,
    /// Text below the letter, without the line `-- ` above it; empty for none.
    #[serde(default)]
    pub signature: String,
}

/// What the writer typed, in one of three ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftBody {
    /// Plain text: the letter has no HTML at all.
    Text(String),
    /// Text with simple marks (`**bold**`, lists, links, `> ` quotes): becomes HTML, and
    /// text that says the same.
    Marked(String),
    /// HTML of the writer's own, and text that says the same; without it, the text is
    /// made of the HTML.
    Html {
        /// The HTML: a document, or what stands in its body.
        html: String,
        /// The text.
        text: Option<String>,
    },
}

impl Default for DraftBody {
    fn default() -> Self {
        Self::Marked(String::new())
    }
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name; directories in it are not sent.
    pub name: String,
    /// `type/subtype`; told from the name where it is empty or malformed.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A picture in the text of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InlinePicture {
    /// What the body calls it: `cid:KEY` in HTML, `![words](cid:KEY)` in marks. Never
    /// sent itself: the letter gets an id of its own making.
    pub key: String,
    /// The file.
    pub file: Attachment,
}

/// The letter that is answered or handed on, as it stands below the writer's words.
/// What is in it was cleaned before (`html::quote`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quotation {
    /// The line above it: "On … Minji wrote:", or the lines of a letter handed on.
    pub intro: String,
    /// Its text.
    pub text: String,
    /// Its HTML, clean; empty where it is made of the text.
    pub html: String,
    /// A letter handed on is set below the writer's words as it is, without quote marks.
    pub forwarded: bool,
}

/// Where a letter stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Context {
    /// Message-IDs without brackets that this letter answers. None for one handed on.
    pub in_reply_to: Vec<String>,
    /// `References`, oldest first, without brackets.
    pub references: Vec<String>,
}

/// The picture that asks for a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PixelRequest {
    /// The address of the user's receipt server, `https://receipts.example`; the picture
    /// lies at `/r/<token>.png` below it.
    pub server: String,
    /// The line that says so in the letter; empty where the writer took it out.
    pub notice: String,
}

/// Receipts the writer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReceiptChoice {
    /// By answer: `Disposition-Notification-To` (RFC 8098).
    pub mdn: bool,
    /// By picture. A letter of text only cannot have one.
    pub pixel: Option<PixelRequest>,
}

/// A letter as its writer left it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Who writes.
    pub identity: Identity,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`: recipients whom nobody is told of.
    pub bcc: Vec<Address>,
    /// `Subject`.
    pub subject: String,
    /// What was typed.
    pub body: DraftBody,
    /// What stands below it.
    pub quotation: Option<Quotation>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Pictures in the text.
    pub pictures: Vec<InlinePicture>,
    /// Its place in a conversation.
    pub context: Context,
    /// Receipts that are asked for.
    pub receipt: ReceiptChoice,
    /// Minutes east of Greenwich that `Date` tells; absent: UTC, which tells nobody where
    /// the writer is.
    pub zone: Option<i16>,
    /// Send pictures with what cameras and programs wrote into them (place, time, device).
    pub keep_picture_metadata: bool,
}

impl Draft {
    /// Everybody it goes to: To, Cc, Bcc, in this order.
    pub fn recipients(&self) -> impl Iterator<Item = &Address> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}

/// What is decided once, before the first attempt, and never again: kept with the
/// letter in the outbox, it gives the same bytes however often they are built.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// 256 bits from the system's source of randomness. Message-ID, boundaries and
    /// receipt tokens are derived of it, each of them telling nothing of the others.
    pub seed: [u8; 32],
    /// `Date`, in seconds since 1970 UTC.
    pub date: i64,
}

impl std::fmt::Debug for Seal {
    // Receipt tokens follow from the seed: it stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("date", &self.date).finish_non_exhaustive()
    }
}
