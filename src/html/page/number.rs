//! Numbers of lists the engine does not count itself: `value`, `reversed`, Roman
//! numerals, Hangul and others (HTML standard 4.4.8, CSS Counter Styles 3, 6).

use blitz_dom::{BaseDocument, NodeId, local_name};
use style::counter_style::CounterStyle;

/// Items that are numbered by us.
const MAX_ITEMS: usize = 20_000;

/// What the items of the document's lists are to show, where the engine would
/// show something else.
pub(super) fn markers(document: &BaseDocument) -> Vec<(NodeId, String)> {
    let mut markers = Vec::new();
    for (_, list) in document.tree().iter() {
        let Some(element) = list.element_data() else { continue };
        if element.name.local != local_name!("ol") || !list.flags.is_in_document() {
            continue;
        }
        let items: Vec<(NodeId, Option<i64>, Option<String>)> = list
            .children
            .iter()
            .filter_map(|id| {
                let item = document.get_node(*id)?;
                let element = item.element_data()?;
                if element.name.local != local_name!("li") {
                    return None;
                }
                let value = element.attr(local_name!("value")).and_then(whole);
                let style = match item.primary_styles()?.clone_list_style_type().0 {
                    CounterStyle::Name(name) => Some(name.0.to_string()),
                    _ => None,
                };
                Some((*id, value, style))
            })
            .collect();
        let reversed = element.attr(local_name!("reversed")).is_some();
        let counted = |style: &Option<String>| style.as_deref().is_none_or(known_to_the_engine);
        if !reversed && items.iter().all(|(_, value, style)| value.is_none() && counted(style)) {
            continue;
        }
        let first = if reversed { items.len() as i64 } else { 1 };
        let mut next = element.attr(local_name!("start")).and_then(whole).unwrap_or(first);
        for (id, value, style) in items {
            let number = value.unwrap_or(next);
            next = if reversed { number.saturating_sub(1) } else { number.saturating_add(1) };
            if let Some(text) = style.and_then(|style| written(&style, number)) {
                markers.push((id, text));
            }
            if markers.len() >= MAX_ITEMS {
                return markers;
            }
        }
    }
    markers
}

fn whole(value: &str) -> Option<i64> {
    value.trim().parse::<i32>().ok().map(i64::from)
}

fn known_to_the_engine(style: &str) -> bool {
    matches!(
        style,
        "decimal"
            | "lower-alpha"
            | "upper-alpha"
            | "disc"
            | "circle"
            | "square"
            | "none"
            | "disclosure-open"
            | "disclosure-closed"
    )
}

/// A number as a style writes it, with what stands behind it. `None`: a bullet.
fn written(style: &str, number: i64) -> Option<String> {
    let decimal = || number.to_string();
    let letters =
        |first: char, count: u32| alphabetic(first, count, number).unwrap_or_else(decimal);
    let text = match style {
        "disc" | "circle" | "square" | "none" | "disclosure-open" | "disclosure-closed" => {
            return None;
        }
        "lower-alpha" | "lower-latin" => letters('a', 26),
        "upper-alpha" | "upper-latin" => letters('A', 26),
        "lower-roman" => roman(number).unwrap_or_else(decimal).to_lowercase(),
        "upper-roman" => roman(number).unwrap_or_else(decimal),
        "lower-greek" => greek(number).unwrap_or_else(decimal),
        "decimal-leading-zero" if (0..10).contains(&number) => format!("0{number}"),
        "hangul" => of("가나다라마바사아자차카타파하", number).unwrap_or_else(decimal),
        "hangul-consonant" => of("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", number).unwrap_or_else(decimal),
        _ => decimal(),
    };
    Some(format!("{text}. "))
}

fn of(letters: &str, number: i64) -> Option<String> {
    letters.chars().nth(usize::try_from(number).ok()?.checked_sub(1)?).map(String::from)
}

/// a … z, aa, ab …
fn alphabetic(first: char, count: u32, number: i64) -> Option<String> {
    let mut rest = u32::try_from(number).ok().filter(|number| *number > 0)?;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from_u32(first as u32 + rest % count)?);
        rest /= count;
    }
    Some(letters.into_iter().rev().collect())
}

fn greek(number: i64) -> Option<String> {
    of("αβγδεζηθικλμνξοπρστυφχψω", number)
}

/// Up to 3999, as the Romans' letters go.
fn roman(number: i64) -> Option<String> {
    const PARTS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut text = String::new();
    for (value, letters) in PARTS {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    Some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_their_style_says() {
        for (style, number, wanted) in [
            ("lower-roman", 4, "iv. "),
            ("upper-roman", 1994, "MCMXCIV. "),
            ("upper-roman", 0, "0. "),
            ("lower-roman", 4000, "4000. "),
            ("lower-latin", 28, "ab. "),
            ("upper-alpha", -3, "-3. "),
            ("decimal-leading-zero", 7, "07. "),
            ("lower-greek", 3, "γ. "),
            ("hangul", 2, "나. "),
            ("ethiopic-numeric", 12, "12. "),
        ] {
            assert_eq!(written(style, number).as_deref(), Some(wanted), "{style} {number}");
        }
        assert_eq!(written("disc", 1), None);
    }
}
