//! The conditions of `@media` (Media Queries 4).

use super::Refused;
use super::value::word;
use cssparser::{ParseError, Parser, Token};
use std::fmt::Write as _;

/// Bytes of a condition that are written.
const MAX_QUERY: usize = 1_000;

/// Rewrites a list of conditions; whether it asks for dark paper. Refused where no
/// condition could ever hold on a screen.
pub(super) fn query(parser: &mut Parser<'_>, out: &mut String) -> Result<bool, Refused> {
    let mut dark = false;
    let mut one = String::new();
    let mut kept = true;
    loop {
        let token = parser.next().ok().cloned();
        let ends = matches!(token, Some(Token::Comma) | None);
        if ends {
            if kept && !one.trim().is_empty() && out.len() + one.len() < MAX_QUERY {
                if !out.is_empty() {
                    out.push(',');
                }
                out.push_str(one.trim());
            }
            one.clear();
            kept = true;
        }
        match token {
            None => return if out.is_empty() { Err(Refused) } else { Ok(dark) },
            Some(Token::Comma) => {}
            Some(Token::Ident(ident)) => {
                let is = |known: &str| ident.eq_ignore_ascii_case(known);
                let negated = one.trim_end().ends_with("not");
                // What is for paper and for speech is for nobody here.
                kept &= negated || !(is("print") || is("speech") || is("tty") || is("projection"));
                word(&ident.to_ascii_lowercase(), &mut one);
                one.push(' ');
            }
            Some(Token::ParenthesisBlock) => {
                one.push('(');
                let read: Result<(), ParseError<Refused>> = parser.parse_nested_block(|inner| {
                    condition(inner, &mut one, &mut dark, 0);
                    while inner.next().is_ok() {}
                    Ok(())
                });
                kept &= read.is_ok();
                one.truncate(one.trim_end().len());
                one.push_str(") ");
            }
            Some(_) => kept = false,
        }
    }
}

fn condition(parser: &mut Parser<'_>, out: &mut String, dark: &mut bool, depth: u8) {
    let mut scheme = false;
    while let Ok(token) = parser.next() {
        match token.clone() {
            Token::Ident(ident) => {
                let name = ident.to_ascii_lowercase();
                scheme |= name == "prefers-color-scheme";
                *dark |= scheme && name == "dark";
                // The device of a letter is the column it is read in.
                word(&name.replace("device-width", "width"), out);
                out.push(' ');
            }
            Token::Colon => {
                out.truncate(out.trim_end().len());
                out.push(':');
            }
            Token::Number { value, .. } => {
                let _ = write!(out, "{value} ");
            }
            Token::Dimension { value, unit, .. } => {
                let _ = write!(out, "{value}");
                word(&unit, out);
                out.push(' ');
            }
            Token::Delim('/') => out.push_str(" / "),
            // A blank behind, lest it begin markup.
            Token::Delim('<') => out.push_str("< "),
            Token::Delim(c @ ('>' | '=')) => {
                out.truncate(out.trim_end().len());
                out.push(c);
            }
            Token::ParenthesisBlock if depth < 4 => {
                out.push('(');
                let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|inner| {
                    condition(inner, out, dark, depth + 1);
                    while inner.next().is_ok() {}
                    Ok(())
                });
                out.push(')');
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(written: &str) -> Option<(String, bool)> {
        let mut out = String::new();
        query(&mut Parser::new(written), &mut out).ok().map(|dark| (out, dark))
    }

    #[test]
    fn conditions_of_screens_are_kept() {
        assert_eq!(
            of("Screen and (max-device-width: 600PX)").unwrap().0,
            "screen and (max-width:600PX)"
        );
        assert_eq!(of("print, all and (width <= 30em)").unwrap().0, "all and (width <=30em)");
        assert_eq!(of("print"), None);
        assert_eq!(of("not print").unwrap().0, "not print");
        assert!(of("(prefers-color-scheme: dark)").unwrap().1);
        assert!(!of("(prefers-color-scheme: light)").unwrap().1);
    }
}
