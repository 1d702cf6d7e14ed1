//! Header fields that explain themselves: each in one of four groups, with a
//! sentence of ours (RFC 5322, 2045, 2369, 6376, 8098, 8601, 8617 and practice).

mod known;

use crate::mime::{self, Field, Letter};
use crate::model::Address;
use serde::Serialize;

/// Groups, as a window would show them: four, each with its parts.
pub mod group {
    /// Who it is from and to.
    pub const BASIC: &str = "recipients: basic";
    /// Who else got it.
    pub const COPIED: &str = "recipients: copied";
    /// Answers, receipts, lists.
    pub const SPECIAL: &str = "recipients: special";
    /// What it is.
    pub const IDENTITY: &str = "message: identity";
    /// What it answers.
    pub const THREAD: &str = "message: thread";
    /// How it came, how it was judged on the way, where failures go.
    pub const ROUTE: &str = "transport: route and bounce";
    /// What program wrote it.
    pub const CLIENT: &str = "transport: client";
    /// How its content is packed.
    pub const FORMAT: &str = "content: format";
}

/// One field of the header, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderLine {
    /// Its name as written.
    pub name: String,
    /// Its value, unfolded and decoded.
    pub value: String,
    /// Which of [`group`] it belongs to.
    pub group: &'static str,
    /// One sentence on what it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// Every field of a letter's header, in its order.
pub fn explain(letter: &Letter<'_>) -> Vec<HeaderLine> {
    fields(letter)
        .iter()
        .map(|field| {
            let (group, note) = about(&field.name);
            HeaderLine {
                name: field.name.clone().into_owned(),
                value: field.value.trim().to_owned(),
                group,
                note,
            }
        })
        .collect()
}

/// What is known of a field by its name: its group and a sentence.
pub fn about(name: &str) -> (&'static str, Option<&'static str>) {
    let lower = name.trim().to_ascii_lowercase();
    if let Some((_, group, note)) = known::FIELDS.iter().find(|(known, ..)| *known == lower) {
        return (group, Some(note));
    }
    if let Some((_, group, note)) = known::FAMILIES.iter().find(|(p, ..)| lower.starts_with(p)) {
        return (group, Some(note));
    }
    (group::ROUTE, None)
}

/// The letter's own header.
pub(crate) fn fields<'l, 'a>(letter: &'l Letter<'a>) -> &'l [Field<'a>] {
    letter.parts.first().map_or(&[], |part| part.fields.as_slice())
}

/// The values of a field, as often as it stands there.
pub(crate) fn values<'l>(letter: &'l Letter<'_>, name: &str) -> impl Iterator<Item = &'l str> {
    fields(letter)
        .iter()
        .filter(move |field| field.name.trim().eq_ignore_ascii_case(name))
        .map(|field| field.value.trim())
}

/// The first value of a field.
pub(crate) fn value<'l>(letter: &'l Letter<'_>, name: &str) -> Option<&'l str> {
    values(letter, name).next()
}

/// The addresses in a field that is not in the envelope.
pub(crate) fn addresses<'l>(
    letter: &'l Letter<'_>,
    name: &'l str,
) -> impl Iterator<Item = Address> + 'l {
    fields(letter)
        .iter()
        .filter(move |field| field.name.trim().eq_ignore_ascii_case(name))
        .flat_map(|field| mime::address::list(field.raw, None))
        .filter(|address| address.addr.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_fields_that_are_not_in_the_envelope() {
        let letter = mime::parse(
            b"Return-Path: <a@b.example>\r\nErrors-To: A B <c@d.example> (x)\r\n\
              X-Original-To: e@f.example\r\nEnvelope-To: <>\r\nX-Rcpt-To: nobody\r\n\r\n",
        );
        let first = |name| addresses(&letter, name).next().map(|address| address.addr);
        assert_eq!(first("return-path").as_deref(), Some("a@b.example"));
        assert_eq!(first("errors-to").as_deref(), Some("c@d.example"));
        assert_eq!(first("x-original-to").as_deref(), Some("e@f.example"));
        assert_eq!(first("envelope-to"), None);
        assert_eq!(first("x-rcpt-to"), None);
    }

    #[test]
    fn the_table_is_sorted_out() {
        assert!(known::FIELDS.len() >= 90);
        for (name, _, note) in known::FIELDS.iter().chain(&known::FAMILIES) {
            assert_eq!(*name, name.to_ascii_lowercase());
            assert!(note.ends_with('.') && note.len() < 160, "{name}: {note}");
        }
        let mut names: Vec<_> = known::FIELDS.iter().map(|(name, ..)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), known::FIELDS.len());
    }
}
