//! Links before they are opened: where they really lead, what they carry along,
//! and what is odd about them. Nothing is followed: wrappers are undone by reading.

mod opaque;
mod parameters;
mod scripts;
mod unwrap;

use super::host;
use crate::model::Link;
use serde::Serialize;
use std::collections::HashMap;
use url::{Host, Url};

pub use parameters::clean;
pub use unwrap::unwrap;

/// Something odd about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// Its text is an address of another host.
    TextNamesAnotherHost,
    /// Its host is written in punycode, or would be.
    Punycode,
    /// Its host mixes scripts, or imitates another one.
    MixedScript,
    /// It is not encrypted.
    PlainHttp,
    /// Its host is a number.
    IpAddress,
    /// A name or password stands before the host.
    #[serde(rename = "credentials-in-url")]
    Credentials,
    /// A script.
    Javascript,
    /// A document in the link itself.
    Data,
    /// A file of this computer or its network.
    File,
    /// Nobody can see where it leads.
    Shortener,
    /// A mail service's own address, which alone knows where it leads and learns who
    /// clicked.
    OpaqueWrapper,
}

/// What is known of a link without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkReport {
    /// As the letter has it.
    pub href: String,
    /// What the reader sees.
    pub text: String,
    /// Where it leads once known wrappers are undone.
    pub target: String,
    /// The target without what only tracks.
    pub cleaned: String,
    /// The registered domain of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// What is odd.
    pub warnings: Vec<Warning>,
}

/// Links written out in plain text.
pub fn in_text(text: &str) -> Vec<Link> {
    const MAX_LINKS: usize = 5_000;
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    finder
        .links(text)
        .take(MAX_LINKS)
        .map(|found| Link { href: found.as_str().to_owned(), text: found.as_str().to_owned() })
        .collect()
}

/// Judges one link.
pub fn judge(link: &Link) -> LinkReport {
    let target = unwrap(link.href.trim());
    let cleaned = clean(&target);
    report(link, target, cleaned)
}

/// Judges a link that is opened as it is, wrapper and all: the host named and warned of is
/// the one that is asked.
pub fn judge_whole(link: &Link) -> LinkReport {
    let whole = link.href.trim().to_owned();
    report(link, whole.clone(), whole)
}

fn report(link: &Link, target: String, cleaned: String) -> LinkReport {
    let href = link.href.trim();
    let url = host::parse(&target);
    let domain = url.as_ref().and_then(Url::host_str).and_then(host::registered);
    let mut warnings = Vec::new();
    warn(href, &target, url.as_ref(), &link.text, &mut warnings);
    LinkReport {
        href: link.href.clone(),
        text: link.text.clone(),
        target,
        cleaned,
        domain,
        warnings,
    }
}

/// Judges many links; the same one is judged once.
pub fn judge_all(links: &[Link]) -> Vec<LinkReport> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut reports: Vec<LinkReport> = Vec::with_capacity(links.len());
    for link in links {
        let same = known.get(link.href.as_str()).and_then(|at| reports.get(*at));
        if let Some(report) = same.filter(|report| report.text == link.text) {
            reports.push(report.clone());
            continue;
        }
        known.insert(&link.href, reports.len());
        reports.push(judge(link));
    }
    reports
}

fn warn(href: &str, target: &str, url: Option<&Url>, text: &str, warnings: &mut Vec<Warning>) {
    // Scripts and documents hide behind spaces and control characters.
    let packed: String = target.chars().filter(|c| *c > ' ').take(32).collect();
    let packed = packed.to_ascii_lowercase();
    let is_scheme = |name: &str| packed.strip_prefix(name).is_some_and(|r| r.starts_with(':'));
    if is_scheme("javascript") || is_scheme("vbscript") {
        warnings.push(Warning::Javascript);
    }
    if is_scheme("data") {
        warnings.push(Warning::Data);
    }
    if is_scheme("file") || is_scheme("smb") || target.starts_with("\\\\") {
        warnings.push(Warning::File);
        return;
    }
    let Some(url) = url else { return };
    if !matches!(url.scheme(), "http" | "https" | "ftp") {
        return;
    }
    match url.host() {
        Some(Host::Domain(name)) => {
            let shown = written_host(target).unwrap_or_default();
            let (unicode, _) = idna::domain_to_unicode(name);
            if name.split('.').any(|label| label.starts_with("xn--")) {
                // What was typed in one's own script is no trick; its disguise is.
                if shown.contains("xn--") || !scripts::is_hangul(&unicode) {
                    warnings.push(Warning::Punycode);
                }
            }
            if scripts::is_confusable(&unicode) {
                warnings.push(Warning::MixedScript);
            }
            if is_shortener(name) {
                warnings.push(Warning::Shortener);
            } else if opaque::is_opaque(url) {
                warnings.push(Warning::OpaqueWrapper);
            }
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => warnings.push(Warning::IpAddress),
        None => {}
    }
    if url.scheme() == "http" {
        warnings.push(Warning::PlainHttp);
    }
    let has_credentials =
        |url: &Url| !url.username().is_empty() || url.password().is_some_and(|p| !p.is_empty());
    if has_credentials(url) || host::parse(href).as_ref().is_some_and(has_credentials) {
        warnings.push(Warning::Credentials);
    }
    if let (Some(named), Some(real)) = (host_in_text(text), url.host_str()) {
        let href_host = host::parse(href).and_then(|url| url.host_str().map(str::to_owned));
        let honest = host::same_party(&named, real)
            || href_host.is_some_and(|host| host::same_party(&named, &host));
        if !honest {
            warnings.push(Warning::TextNamesAnotherHost);
        }
    }
}

/// The host as it was written, before it was turned into ASCII.
fn written_host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.to_lowercase())
}

/// The host that a link's text claims to lead to, when its text is an address.
fn host_in_text(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 300 || text.contains(char::is_whitespace) {
        return None;
    }
    let lower = text.to_lowercase();
    let has_scheme = lower.starts_with("http://") || lower.starts_with("https://");
    // `name@host` is no host, and `file.pdf` is no address.
    if !has_scheme && (lower.contains('@') || !looks_like_host(&lower)) {
        return None;
    }
    let address = if has_scheme { lower } else { format!("http://{lower}") };
    let url = Url::parse(&address).ok()?;
    let host = url.host_str()?;
    (has_scheme || host::registered(host).is_some()).then(|| host.to_owned())
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or("");
    let Some((_, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let a_file = ["pdf", "zip", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "hwp", "txt", "md"];
    let plausible = ending.len() >= 2 && ending.chars().all(char::is_alphabetic);
    plausible
        && !a_file.contains(&ending)
        && psl::suffix(host.as_bytes()).is_some_and(|s| s.is_known())
}

/// Services whose whole point is that an address says nothing.
fn is_shortener(name: &str) -> bool {
    const SHORTENERS: [&str; 40] = [
        "bit.ly",
        "bitly.com",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "ow.ly",
        "is.gd",
        "v.gd",
        "buff.ly",
        "rebrand.ly",
        "cutt.ly",
        "shorturl.at",
        "rb.gy",
        "t.ly",
        "tiny.cc",
        "lnkd.in",
        "fb.me",
        "amzn.to",
        "youtu.be.link",
        "me2.do",
        "me2.kr",
        "han.gl",
        "vo.la",
        "url.kr",
        "buly.kr",
        "c11.kr",
        "kko.to",
        "naver.me",
        "zrr.kr",
        "bly.kr",
        "lrl.kr",
        "abit.ly",
        "qr.ae",
        "dub.sh",
        "s.id",
        "soo.gd",
        "x.gd",
        "u.to",
        "1drv.ms",
        "reurl.cc",
    ];
    let name = name.trim_end_matches('.').trim_start_matches("www.");
    SHORTENERS.contains(&name)
}
