//! What went wrong, in the user's language.

use crate::engine::accounts::Failure;
use crate::engine::protocol::ComposeError;
use crate::engine::protocol::{NotDone, OpenError};
use crate::engine::remote::MAX_PICTURES;
use crate::gui::theme::Look;
use crate::model::Obstacle;
use crate::privacy::receipts::Unanswerable;
use crate::store::intents::{ActError, Why};
use crate::store::outbox::OutboxError;

/// Why something was not done.
pub(in crate::gui::screen) fn not_done_said(not_done: &NotDone, look: Look<'_>) -> String {
    let why = |name: &str, obstacle: &Obstacle| {
        look.words.say_with(name, &[("why", obstacle_said(obstacle, look).into())])
    };
    match not_done {
        NotDone::NoSender => look.say("undone-no-sender"),
        NotDone::NoFile => look.say("undone-no-file"),
        NotDone::File(obstacle) => obstacle_said(obstacle, look),
        NotDone::Store(obstacle) => why("undone-store", obstacle),
        NotDone::NotAsked(obstacle) => why("undone-not-asked", obstacle),
        NotDone::NotKept(obstacle) => why("undone-not-kept", obstacle),
        NotDone::TooMany { left } => {
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
            let args = [("most", count(MAX_PICTURES)), ("left", count(*left))];
            look.words.say_with("undone-too-many", &args)
        }
        NotDone::TooLong { left } => {
            let left = i64::try_from(*left).unwrap_or(i64::MAX).into();
            look.words.say_with("undone-too-long", &[("left", left)])
        }
        NotDone::Proxy(address) => {
            let address: String = address.chars().take(80).collect();
            look.words.say_with("undone-proxy", &[("address", address.into())])
        }
        NotDone::TooLargeToPrint => look.say("undone-too-large-to-print"),
        NotDone::Unwritten => look.say("undone-unwritten"),
        NotDone::NotPrinted => look.say("undone-not-printed"),
        NotDone::Thread(obstacle) => why("undone-thread", obstacle),
        NotDone::Browser(obstacle) => why("undone-browser", obstacle),
        NotDone::At(path, obstacle) => {
            let path = super::archives_said::path_said(path);
            let obstacle = obstacle_said(obstacle, look);
            let args = [("path", path.into()), ("why", obstacle.into())];
            look.words.say_with("undone-at", &args)
        }
        NotDone::NoMail(path) => {
            let path = super::archives_said::path_said(path);
            look.words.say_with("undone-no-mail", &[("path", path.into())])
        }
        NotDone::Archiving => look.say("undone-archiving"),
        NotDone::Fault => look.say("undone-fault"),
        NotDone::ReceiptServer(why) => super::receipt_server::no_receipts_said(why, look),
        NotDone::NoAccount => look.say("undone-no-account"),
        NotDone::Unanswerable(why) => look.say(unanswerable(*why)),
        NotDone::OtherAsker => look.say("undone-other-asker"),
        NotDone::Letter(why) => not_a_letter_said(why, look),
        NotDone::Outbox(why) => outbox_said(why, look),
        NotDone::Act(why) => act_said(why, look),
        NotDone::InPart(why, left) => {
            let left = i64::try_from(*left).unwrap_or(i64::MAX).into();
            let why = not_done_said(why, look).into();
            look.words.say_with("act-in-part", &[("why", why), ("left", left)])
        }
        NotDone::PutOff(obstacle) => why("undone-put-off", obstacle),
        NotDone::DeletingStopped(obstacle) => why("undone-deleting-stopped", obstacle),
        NotDone::DeletingBrokenOff => look.say("undone-deleting-broken-off"),
        NotDone::AccountStays => look.say("undone-account-stays"),
        NotDone::TakenBack(why) => {
            look.words.say_with("taken-back", &[("why", taken_back_said(why, look).into())])
        }
    }
}

/// Why a request for a receipt is not answered.
pub(super) fn unanswerable(why: Unanswerable) -> &'static str {
    match why {
        Unanswerable::NotAsked => "undone-no-request",
        Unanswerable::Several => "receipt-several",
        Unanswerable::NoAddress => "receipt-no-address",
    }
}

/// Why what was written is no letter yet.
fn not_a_letter_said(why: &ComposeError, look: Look<'_>) -> String {
    let named = |key: &str, what: &str| {
        let what: String = what.chars().take(120).collect();
        look.words.say_with(key, &[("what", what.into())])
    };
    match why {
        ComposeError::Address(address) => named("letter-address", address),
        ComposeError::NoRecipient => look.say("letter-no-recipient"),
        ComposeError::ReceiptServer(server) => named("letter-receipt-server", server),
    }
}

/// Why something with a letter being written or sent was not done.
fn outbox_said(why: &OutboxError, look: Look<'_>) -> String {
    look.say(match why {
        OutboxError::NoDraft(_) => "outbox-no-draft",
        OutboxError::Given(_) => "outbox-given",
        OutboxError::Changed(_) => "outbox-changed",
        OutboxError::TooMuch => "outbox-too-much",
        OutboxError::TooLate(_) => "outbox-too-late",
        OutboxError::StillSending(_) => "outbox-still-sending",
        OutboxError::StillWriting(_) => "outbox-still-writing",
        OutboxError::Nothing(_) => "outbox-nothing",
        _ => "outbox-no-letter",
    })
}

/// Why something with letters or folders was not done.
fn act_said(why: &ActError, look: Look<'_>) -> String {
    let named = |key: &str, name: &str| {
        let name: String = name.chars().take(80).collect();
        look.words.say_with(key, &[("name", name.into())])
    };
    match why {
        ActError::NoFolder => look.say("act-no-folder"),
        ActError::FolderExists(name) => named("act-folder-exists", name),
        ActError::FolderName(name) => named("act-folder-name", name),
        ActError::FolderNeeded(name) => named("act-folder-needed", name),
        ActError::FolderHasFolders(name) => named("act-folder-has-folders", name),
        ActError::NoLetters(name) => named("act-no-letters", name),
        ActError::NotHere(_) => look.say("act-not-here"),
        ActError::StillMoving(_) => look.say("act-still-moving"),
        _ => look.say("act-cannot-undo"),
    }
}

/// Why something was taken back.
fn taken_back_said(why: &Why, look: Look<'_>) -> String {
    let words = |key: &str, words: &str| {
        let words: String = words.chars().take(200).collect();
        look.words.say_with(key, &[("words", words.into())])
    };
    match why {
        Why::Refused(said) => words("back-refused", said),
        Why::Full(said) => words("back-full", said),
        Why::NoLabels => look.say("back-no-labels"),
        Why::NoFolder => look.say("back-no-folder"),
        Why::Renumbered => look.say("back-renumbered"),
        Why::NoNumbers => look.say("back-no-numbers"),
        Why::LeftBehind(said) => words("back-left-behind", said),
        Why::NotEmpty => look.say("back-not-empty"),
        Why::NoLevels => look.say("back-no-levels"),
        Why::Separator(separator) => words("back-separator", &separator.to_string()),
        Why::Undone => look.say("back-undone"),
    }
}

/// Why an account does not work, and what to do about it.
pub(super) fn failure_said(failure: &Failure, look: Look<'_>) -> String {
    let said = failure.sentences().into_iter().map(|sentence| {
        let values = sentence.values.iter();
        let values: Vec<_> = values.map(|(name, value)| (*name, value.as_str().into())).collect();
        look.words.say_with(sentence.name, &values)
    });
    said.collect::<Vec<_>>().join(" ")
}

/// Why a letter is not open.
pub(super) fn not_opened_said(why: &OpenError, look: Look<'_>) -> String {
    match why {
        OpenError::TooLarge => look.say("open-too-large"),
        OpenError::Unreadable(obstacle) => obstacle_said(obstacle, look),
    }
}

/// What stood in the way of reading or writing.
pub(super) fn obstacle_said(obstacle: &Obstacle, look: Look<'_>) -> String {
    match obstacle {
        Obstacle::Full => look.say("obstacle-full"),
        Obstacle::Denied => look.say("obstacle-denied"),
        Obstacle::Missing => look.say("obstacle-missing"),
        Obstacle::Taken => look.say("obstacle-taken"),
        Obstacle::Busy => look.say("obstacle-busy"),
        Obstacle::Damaged => look.say("obstacle-damaged"),
        Obstacle::Other(detail) => {
            let detail: String = detail.chars().take(200).collect();
            look.words.say_with("obstacle-other", &[("detail", detail.into())])
        }
    }
}
