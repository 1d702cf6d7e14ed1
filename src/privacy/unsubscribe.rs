//! How a list says it can be left (RFC 2369, RFC 8058). It is read, never followed: what is
//! offered is shown to the user, who decides.

use super::headers::HeaderLine;
use super::links::{self, LinkReport};
use crate::mime::mailto;
use crate::model::Link;

/// Longest field that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;
/// Longest address in it, in bytes.
const ADDRESS: usize = 4 * 1024;

/// The ways to leave a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unsubscribe {
    /// By a letter: the `mailto:` link, and to whom that goes.
    pub mail: Option<(String, String)>,
    /// By a page, judged. Its address says who leaves, so nothing of it is cut off.
    pub page: Option<LinkReport>,
    /// The list offers to be left by a request alone, without a page (RFC 8058).
    pub one_click: bool,
}

/// What a letter's header offers; nothing where it offers no way that can be gone.
pub fn offered(headers: &[HeaderLine]) -> Option<Unsubscribe> {
    let field = |name: &str| {
        let mut named = headers.iter().filter(|field| field.name.trim().eq_ignore_ascii_case(name));
        named.next().map(|field| field.value.as_str())
    };
    let value = field("List-Unsubscribe").filter(|value| value.len() <= LONGEST)?;
    let mut found = Unsubscribe::default();
    for address in addresses(value) {
        let Some((scheme, rest)) = address.split_once(':') else { continue };
        let scheme = scheme.to_ascii_lowercase();
        // However it was written: whoever opens it looks at its beginning.
        let address = format!("{scheme}:{rest}");
        match scheme.as_str() {
            "mailto" if found.mail.is_none() => {
                let to = mailto::parse(&address).and_then(|link| link.to.into_iter().next());
                found.mail = to.map(|to| (address, to.addr));
            }
            // Better than one that is not encrypted, wherever it stands.
            "https" if !is_encrypted(found.page.as_ref()) => found.page = Some(page(address)),
            "http" if found.page.is_none() => found.page = Some(page(address)),
            _ => {}
        }
    }
    let post = field("List-Unsubscribe-Post").unwrap_or_default();
    found.one_click = is_encrypted(found.page.as_ref())
        && post.trim().eq_ignore_ascii_case("List-Unsubscribe=One-Click");
    (found.mail.is_some() || found.page.is_some()).then_some(found)
}

/// What stands between angle brackets. White space inside comes from folding and is none of
/// the address.
fn addresses(value: &str) -> impl Iterator<Item = String> + '_ {
    value.split('<').skip(1).filter_map(|rest| {
        let (address, _) = rest.split_once('>')?;
        let address: String =
            address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        (!address.is_empty() && address.len() <= ADDRESS).then_some(address)
    })
}

fn is_encrypted(page: Option<&LinkReport>) -> bool {
    let scheme = page.and_then(|page| page.href.get(..6));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
}

fn page(href: String) -> LinkReport {
    links::judge_whole(&Link { href, text: String::new() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::privacy::links::Warning;

    fn header(fields: &[(&str, &str)]) -> Vec<HeaderLine> {
        let line = |(name, value): &(&str, &str)| HeaderLine {
            name: (*name).into(),
            value: (*value).into(),
            group: "",
            note: None,
        };
        fields.iter().map(line).collect()
    }

    #[test]
    fn a_letter_and_a_page_are_told_apart() {
        let found = offered(&header(&[
            ("list-unsubscribe", "<http://a.example/u>, <mailto:leave@a.example?subject=off>, <https://a.example/u?id=7&utm_source=x>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]))
        .unwrap();
        let (link, to) = found.mail.unwrap();
        assert_eq!(
            (link.as_str(), to.as_str()),
            ("mailto:leave@a.example?subject=off", "leave@a.example")
        );
        // Encrypted before not, and whole: what is cut off elsewhere may say who leaves.
        let page = found.page.unwrap();
        assert_eq!(page.cleaned, "https://a.example/u?id=7&utm_source=x");
        assert_eq!(page.target, page.href);
        assert!(found.one_click);
    }

    #[test]
    fn the_page_named_is_the_one_that_is_asked() {
        for (written, domain) in [
            ("https://tracker.example/u?url=https://mybank.example/", "tracker.example"),
            ("https://www.google.com/url?q=https://mybank.example/&sa=D", "google.com"),
            ("HTTPS://Tracker.Example/u?url=https%3A%2F%2Fmybank.example%2F", "tracker.example"),
        ] {
            let page = offered(&header(&[("List-Unsubscribe", &format!("<{written}>"))]));
            let page = page.unwrap().page.unwrap();
            assert_eq!(page.domain.as_deref(), Some(domain), "{written}");
            assert!(page.cleaned == page.href && page.target == page.href, "{written}");
        }
        // What is odd is said of it too, not of what it speaks of.
        let odd = "<http://192.0.2.7/u?url=https://mybank.example/>";
        let page = offered(&header(&[("List-Unsubscribe", odd)])).unwrap().page.unwrap();
        assert_eq!(page.domain, None);
        assert_eq!(page.warnings, [Warning::IpAddress, Warning::PlainHttp]);
    }

    #[test]
    fn a_letter_is_one_however_its_scheme_is_written() {
        let value = "<MAILTO:Leave@a.example?attach=/home/me/file>";
        let found = offered(&header(&[("List-Unsubscribe", value)])).unwrap();
        let (link, to) = found.mail.unwrap();
        assert_eq!(link, "mailto:Leave@a.example?attach=/home/me/file");
        assert_eq!(to, "Leave@a.example");
    }

    #[test]
    fn one_click_needs_an_encrypted_page() {
        let with = |list: &str| {
            let post = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            offered(&header(&[("List-Unsubscribe", list), post]))
        };
        assert!(!with("<mailto:a@b.example>").unwrap().one_click);
        assert!(!with("<http://b.example/u>").unwrap().one_click);
        assert!(with("<https://b.example/ u>").unwrap().one_click);
    }

    #[test]
    fn what_cannot_be_gone_is_not_offered() {
        for value in [
            "",
            "https://a.example/u",
            "<javascript:alert(1)>",
            "<file:///etc/passwd>",
            "<mailto:>",
            "<",
            "NO",
        ] {
            assert_eq!(offered(&header(&[("List-Unsubscribe", value)])), None, "{value}");
        }
        let flood = "<https://a.example/>,".repeat(10_000);
        assert_eq!(offered(&header(&[("List-Unsubscribe", &flood)])), None);
        assert_eq!(offered(&[]), None);
    }
}
