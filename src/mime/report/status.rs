//! message/delivery-status (RFC 3464): one block on the letter, one on each recipient.

use super::fields::{self, Block};
use super::{Form, MAX_RECIPIENTS, Outcome, Report, State, reason, typed_address};

/// Reads one; absent when it speaks of nobody.
pub(super) fn read(text: &str) -> Option<Report> {
    let blocks = fields::blocks(text);
    let outcomes: Vec<Outcome> = blocks.iter().filter_map(outcome).take(MAX_RECIPIENTS).collect();
    if outcomes.is_empty() {
        return None;
    }
    let per_letter = |name: &str| blocks.iter().find_map(|block| block.get(name));
    Some(Report {
        form: Form::Dsn,
        message_id: None,
        envelope_id: per_letter("original-envelope-id").map(fields::words),
        outcomes,
    })
}

fn outcome(block: &Block) -> Option<Outcome> {
    let ended = block.get("final-recipient").and_then(typed_address);
    let original = block.get("original-recipient").and_then(typed_address);
    let said = block.get("diagnostic-code").unwrap_or("");
    // `smtp; 550 5.1.1 …`: what kind of words they are is nobody's business.
    let said = match said.split_once(';') {
        Some((kind, words)) if !kind.trim().contains(' ') => words,
        _ => said,
    };
    let said = fields::words(said);
    let status = block.get("status").and_then(reason::enhanced_in);
    let state = state(block.get("action"), status.as_deref())?;
    // Some servers only name it in their words.
    let recipient = original.or_else(|| ended.clone())?;
    let ended_at = ended.filter(|ended| !ended.eq_ignore_ascii_case(&recipient));
    let reason = matches!(state, State::Failed | State::Delayed)
        .then(|| reason::of(status.as_deref(), &said));
    Some(Outcome { recipient, ended_at, state, reason, status, said })
}

fn state(action: Option<&str>, status: Option<&str>) -> Option<State> {
    let action = action.map(|action| {
        let word = action.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        word.to_ascii_lowercase()
    });
    match action.as_deref() {
        Some("failed") => Some(State::Failed),
        Some("delayed") => Some(State::Delayed),
        Some("delivered") => Some(State::Delivered),
        Some("relayed") => Some(State::Relayed),
        Some("expanded") => Some(State::Expanded),
        // Without a word of it, the class of the code tells.
        _ => match status?.chars().next()? {
            '2' => Some(State::Delivered),
            '4' => Some(State::Delayed),
            '5' => Some(State::Failed),
            _ => None,
        },
    }
}
