//! Conditions of `@supports` (Conditional Rules 3 and 4), judged by what is kept:
//! a property that is not never holds.

use super::Refused;
use super::property;
use cssparser::{ParseError, Parser, Token};

/// Brackets in brackets.
const MAX_DEPTH: u8 = 6;

/// Whether a condition holds. What cannot be read does not.
pub(super) fn holds(parser: &mut Parser<'_>) -> bool {
    all_of(parser, 0).unwrap_or(false)
}

fn all_of(parser: &mut Parser<'_>, depth: u8) -> Result<bool, Refused> {
    let mut holds: Option<bool> = None;
    let mut or = false;
    let mut not = false;
    while let Ok(token) = parser.next().cloned() {
        let one = match token {
            Token::Ident(word) if word.eq_ignore_ascii_case("not") => {
                not = !not;
                continue;
            }
            Token::Ident(word) if holds.is_some() && word.eq_ignore_ascii_case("or") => {
                or = true;
                continue;
            }
            Token::Ident(word) if holds.is_some() && word.eq_ignore_ascii_case("and") => {
                or = false;
                continue;
            }
            Token::ParenthesisBlock if depth < MAX_DEPTH => {
                nested(parser, |inner| in_brackets(inner, depth + 1))?
            }
            // Selectors are read where they stand.
            Token::Function(name) => nested(parser, |_| Ok(name.eq_ignore_ascii_case("selector")))?,
            _ => return Err(Refused),
        };
        let one = one != std::mem::take(&mut not);
        holds = Some(match holds {
            None => one,
            Some(before) if or => before || one,
            Some(before) => before && one,
        });
    }
    holds.ok_or(Refused)
}

fn nested(
    parser: &mut Parser<'_>,
    read: impl FnOnce(&mut Parser<'_>) -> Result<bool, Refused>,
) -> Result<bool, Refused> {
    let read: Result<bool, ParseError<Refused>> = parser.parse_nested_block(|inner| {
        let read = read(inner);
        while inner.next().is_ok() {}
        read.map_err(ParseError::custom)
    });
    read.map_err(|_| Refused)
}

/// `(display: grid)`, or a condition of its own.
fn in_brackets(parser: &mut Parser<'_>, depth: u8) -> Result<bool, Refused> {
    let start = parser.state();
    if let Ok(name) = parser.expect_ident().cloned()
        && parser.expect_colon().is_ok()
    {
        let known = name.starts_with("--") || property::find(&name).is_some();
        return Ok(known && !parser.is_exhausted());
    }
    parser.reset(&start);
    all_of(parser, depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_judged_by_what_is_kept() {
        let of = |written: &str| holds(&mut Parser::new(written));
        for held in [
            "(display: grid)",
            "(--a: b)",
            "not (-ms-ime-align: auto)",
            "(display: flex) and (not (behavior: x))",
            "(behavior: x) or (color: red)",
            "((display: grid) or (behavior: x)) and (color: red)",
            "selector(a > b)",
        ] {
            assert!(of(held), "{held}");
        }
        for not in
            ["(-ms-ime-align: auto)", "(behavior: url(a))", "", "font-tech(x)", "not (color: red)"]
        {
            assert!(!of(not), "{not}");
        }
    }
}
