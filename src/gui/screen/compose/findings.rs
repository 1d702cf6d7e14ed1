//! What a letter makes known, in the writer's language.

use crate::gui::theme::Look;
use crate::privacy::preflight::Finding;

/// A finding, as a sentence.
pub(super) fn said(finding: &Finding, look: Look<'_>) -> String {
    let short = |text: &str| text.chars().take(120).collect::<String>();
    let what = |name: &str, text: &str| look.words.say_with(name, &[("what", short(text).into())]);
    let count = |name: &str, count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        look.words.say_with(name, &[("count", count.into())])
    };
    match finding {
        Finding::Author(address) => what("finding-author", &address.to_string()),
        Finding::AddressesSeen(many) => count("finding-addresses-seen", *many),
        Finding::BlindCopies(many) => count("finding-blind-copies", *many),
        Finding::Time(None) => look.say("finding-time"),
        Finding::Time(Some(_)) => look.say("finding-time-zone"),
        Finding::ReceiptPicture(server) => what("finding-receipt-picture", server),
        Finding::ReceiptImpossible => look.say("finding-receipt-impossible"),
        Finding::PicturesBlocked(address) => what("finding-pictures-blocked", address),
        Finding::ReceiptAnswer => look.say("finding-receipt-answer"),
        Finding::PictureCleaned(name) => what("finding-picture-cleaned", name),
        Finding::PictureTells(name) => what("finding-picture-tells", name),
        Finding::DocumentTells(name) => what("finding-document-tells", name),
        Finding::LetterWhole(name) => what("finding-letter-whole", name),
        Finding::FetchesFrom(hosts) => what("finding-fetches-from", &hosts.join(", ")),
        Finding::Quotes(characters) => count("finding-quotes", *characters),
        Finding::Smtputf8(address) => what("finding-smtputf8", address),
        Finding::Mistyped { address, meant } => {
            let args = [("what", short(address).into()), ("meant", short(meant).into())];
            look.words.say_with("finding-mistyped", &args)
        }
        Finding::BouncedBefore(address) => what("finding-bounced-before", address),
        Finding::NoReply(address) => what("finding-noreply", address),
        Finding::AttachmentForgotten(word) => what("finding-attachment-forgotten", word),
        Finding::SubjectMissing => look.say("finding-subject-missing"),
        Finding::Empty => look.say("finding-empty"),
        Finding::ManySeen(many) => count("finding-many-seen", *many),
    }
}
