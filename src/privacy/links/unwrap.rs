//! Known wrappers undone by reading them. A wrapper that hides its target on its
//! own server (Mimecast, most shorteners) cannot be undone and is left as it is.

use crate::privacy::host;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use url::Url;

/// Wrappers in wrappers that are undone.
const MAX_LAYERS: usize = 6;

/// Longest address that is looked at.
const MAX_ADDRESS: usize = 16_384;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Where an address leads once every known wrapper is undone.
pub fn unwrap(address: &str) -> String {
    let mut current = address.trim().to_owned();
    if current.len() > MAX_ADDRESS {
        return current;
    }
    for _ in 0..MAX_LAYERS {
        let Some(next) = layer(&current) else { break };
        if next == current {
            break;
        }
        current = next;
    }
    current
}

fn layer(address: &str) -> Option<String> {
    let url = host::parse(address)?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let name = url.host_str()?.to_ascii_lowercase();
    let target = named(&name, &url, address).or_else(|| generic(&name, &url))?;
    complete(&target)
}

/// A target must itself be an address on the web.
fn complete(target: &str) -> Option<String> {
    let target = target.trim();
    let target = if target.starts_with("//") {
        format!("https:{target}")
    } else if target.starts_with("www.") {
        format!("http://{target}")
    } else {
        target.to_owned()
    };
    let url = Url::parse(&target).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(target)
}

fn parameter(url: &Url, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        url.query_pairs()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.into_owned())
    })
}

fn under(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn base64_text(text: &str) -> Option<String> {
    let text: String = text.trim_end_matches('=').to_owned();
    let bytes =
        if text.contains(['-', '_']) { URL_SAFE.decode(&text) } else { STANDARD.decode(&text) };
    String::from_utf8(bytes.ok()?).ok()
}

/// Wrappers known by their host.
fn named(name: &str, url: &Url, address: &str) -> Option<String> {
    let path = url.path();
    let is = |domain: &str| under(name, domain);
    if is("safelinks.protection.outlook.com") || is("safelinks.o365filtering.com") {
        return parameter(url, &["url"]);
    }
    if is("urldefense.proofpoint.com") || is("urldefense.com") || is("urldefense.us") {
        return proofpoint(url, address);
    }
    if is("mandrillapp.com") && path.starts_with("/track/click/") {
        return mandrill(url);
    }
    if is("awstrack.me") {
        // /L0/<percent-encoded target>/1/<ids>
        let rest = path.strip_prefix("/L0/").or_else(|| path.strip_prefix("/L1/"))?;
        return Some(decoded(rest.split('/').next()?));
    }
    if name.starts_with("www.google.") || name.starts_with("google.") || is("google.com") {
        if matches!(path, "/url" | "/imgres" | "/amp/s" | "/search/amp") {
            return parameter(url, &["q", "url", "adurl", "imgurl"]);
        }
        if let Some(rest) = path.strip_prefix("/amp/s/") {
            return Some(format!("https://{rest}"));
        }
        return None;
    }
    if is("googleadservices.com") || is("doubleclick.net") {
        return parameter(url, &["adurl", "ds_dest_url", "url"]);
    }
    if is("facebook.com")
        || is("instagram.com")
        || is("messenger.com")
        || is("threads.com")
        || is("threads.net")
    {
        let leaves =
            matches!(path, "/l.php" | "/flx/warn/" | "/") && parameter(url, &["u"]).is_some();
        return if leaves { parameter(url, &["u"]) } else { None };
    }
    if is("linkedin.com") {
        return if matches!(path, "/redir/redirect" | "/safety/go" | "/slink" | "/safety/go/") {
            parameter(url, &["url"])
        } else {
            None
        };
    }
    if is("youtube.com") {
        return if path == "/redirect" { parameter(url, &["q"]) } else { None };
    }
    if is("linkprotect.cudasvc.com") {
        return parameter(url, &["a"]);
    }
    if is("slack-redir.net") {
        return parameter(url, &["url"]);
    }
    if is("out.reddit.com") || is("steamcommunity.com") && path.starts_with("/linkfilter") {
        return parameter(url, &["url", "u"]);
    }
    if is("click.redditmail.com") {
        // /CL0/<percent-encoded target>/1/…: SES on a host of their own.
        let rest = path.strip_prefix("/CL0/")?;
        return Some(decoded(rest.split('/').next()?));
    }
    if is("away.vk.com") || is("vk.com") && path == "/away.php" {
        return parameter(url, &["to"]);
    }
    if is("t.umblr.com")
        || is("href.li")
        || is("deref-gmx.com")
        || is("deref-web.de")
        || is("deref-mail.com")
    {
        return parameter(url, &["z", "redirectUrl"])
            .or_else(|| url.query().map(|q| decoded(q.trim_start_matches('?'))));
    }
    if is("stibee.com") && path.contains("/click/") {
        return path.split('/').rev().chain([]).find_map(|piece| {
            base64_text(&decoded(piece)).filter(|text| text.starts_with("http"))
        });
    }
    if is("naver.com") || is("navercorp.com") || is("naver.net") {
        let redirects = ["/cr", "/bridge", "/redirect", "/link", "/external", "/adcr", "/go"];
        return if redirects.iter().any(|start| path.to_ascii_lowercase().starts_with(start)) {
            parameter(url, &["url", "u", "u2", "to", "target"])
        } else {
            None
        };
    }
    if is("kakao.com") || is("daum.net") || is("daumkakao.com") || is("kakaocdn.net") {
        return parameter(url, &["url", "u", "redirect_url", "target", "q"])
            .filter(|target| target.starts_with("http"));
    }
    if is("trendmicro.com") && path.contains("wis/clicktime") {
        return parameter(url, &["url"]);
    }
    if is("secure-web.cisco.com") {
        // /<token>/<percent-encoded target>
        return Some(decoded(path.rsplit_once('/')?.1));
    }
    if is("avanan.click") || is("checkpoint.com") {
        // /v2/___https://target___.<token>
        let (_, rest) = address.split_once("___")?;
        return rest.split("___").next().map(str::to_owned);
    }
    if is("clicktime.symantec.com") {
        return parameter(url, &["u"]).or_else(|| Some(decoded(path.rsplit_once('/')?.1)));
    }
    if is("fireeye.com") || is("edgepilot.com") || is("bitdefender.com") || is("sophos.com") {
        return parameter(url, &["u", "url", "d"]).and_then(|text| {
            if text.starts_with("http") { Some(text) } else { base64_text(&text) }
        });
    }
    if is("disq.us") {
        let target = parameter(url, &["url"])?;
        // `https://target:signature`
        return target.rsplit_once(':').filter(|(t, _)| t.len() > 8).map(|(t, _)| t.to_owned());
    }
    None
}

/// Proofpoint URL Defense in its three versions.
fn proofpoint(url: &Url, address: &str) -> Option<String> {
    let path = url.path();
    if path.starts_with("/v1/") {
        return parameter(url, &["u"]);
    }
    if path.starts_with("/v2/") {
        let written = parameter(url, &["u"])?;
        return Some(decoded(&written.replace('-', "%").replace('_', "/")));
    }
    // v3: `/v3/__<address with * for what was replaced>__;<base64 of what it was>!…`
    let (_, rest) = address.split_once("/v3/__")?;
    let (masked, rest) = rest.rsplit_once("__;")?;
    let replaced = rest.split('!').next()?;
    let original = STANDARD.decode(replaced.replace('-', "+").replace('_', "/")).ok()?;
    let original = String::from_utf8(original).unwrap_or_default();
    let mut letters = original.chars();
    let mut target = String::with_capacity(masked.len());
    let mut chars = masked.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '*' {
            target.push(c);
            continue;
        }
        if chars.peek() == Some(&'*') {
            // `**X`: a run, its length in X (A is 2).
            chars.next();
            let run = chars.next().and_then(run_length).unwrap_or(0);
            target.extend(letters.by_ref().take(run));
        } else {
            target.extend(letters.next());
        }
    }
    // The double slash after the scheme loses one on its way through some servers.
    for scheme in ["https:/", "http:/"] {
        if let Some(rest) = target.strip_prefix(scheme)
            && !rest.starts_with('/')
        {
            return Some(format!("{scheme}/{rest}"));
        }
    }
    Some(target)
}

fn run_length(c: char) -> Option<usize> {
    const ORDER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    ORDER.find(c).map(|at| at + 2)
}

/// `?p=<base64 of JSON whose p is JSON whose url is the target>`.
fn mandrill(url: &Url) -> Option<String> {
    let outer: serde_json::Value =
        serde_json::from_str(&base64_text(&parameter(url, &["p"])?)?).ok()?;
    let inner: serde_json::Value = serde_json::from_str(outer.get("p")?.as_str()?).ok()?;
    inner.get("url")?.as_str().map(str::to_owned)
}

/// Any address that carries another one whole where redirectors put it.
fn generic(name: &str, url: &Url) -> Option<String> {
    const NAMES: [&str; 17] = [
        "url",
        "u",
        "target",
        "dest",
        "destination",
        "redirect",
        "redirect_url",
        "redirecturl",
        "redirect_uri",
        "redir",
        "goto",
        "link",
        "r",
        "to",
        "out",
        "l",
        "href",
    ];
    for (key, value) in url.query_pairs() {
        if !NAMES.iter().any(|known| key.eq_ignore_ascii_case(known)) {
            continue;
        }
        // Signing in and sharing take an address along without leading there.
        if key.eq_ignore_ascii_case("redirect_uri") || shares(name, url.path()) {
            continue;
        }
        if value.starts_with("http://") || value.starts_with("https://") {
            return Some(value.into_owned());
        }
        if value.len() >= 16
            && let Some(text) = base64_text(&value).filter(|text| text.starts_with("http"))
        {
            return Some(text);
        }
    }
    // SES and its like on hosts of their own: `/CL0/https:%2F%2F…/1/…`.
    let (_, rest) = url.path().split_once("/CL0/").or_else(|| url.path().split_once("/L0/"))?;
    Some(decoded(rest.split('/').next()?)).filter(|target| target.starts_with("http"))
}

fn shares(name: &str, path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["share", "login", "signin", "sign-in", "oauth", "auth", "intent", "signup", "unsubscribe"]
        .iter()
        .any(|word| path.contains(word))
        || name.starts_with("web.archive.org")
        || name.starts_with("validator.")
        || name.starts_with("translate.")
        || name.starts_with("accounts.")
        || name.starts_with("login.")
}
