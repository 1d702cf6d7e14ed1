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

pub(super) fn under(name: &str, domain: &str) -> bool {
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
    if is("substack.com") {
        // /redirect/2/<base64 of JSON whose e is the target>.<signature>
        let token = path.strip_prefix("/redirect/")?.split('/').nth(1)?;
        return member(token.split('.').next()?, "e");
    }
    if is("customeriomail.com") || is("customer.io") {
        // /e/c/<base64 of JSON whose href is the target>/<signature>
        return member(path.strip_prefix("/e/c/")?.split('/').next()?, "href");
    }
    if is("click.pstmrk.it") {
        // /3s/<target without its scheme>/…: `s` where that was https.
        let mut pieces = path.trim_start_matches('/').split('/');
        let scheme = match pieces.next()? {
            "2" | "3" => "http",
            "2s" | "3s" => "https",
            _ => return None,
        };
        return Some(format!("{scheme}://{}", decoded(pieces.next()?)));
    }
    if is("bing.com") && path.starts_with("/ck/") {
        // `a1` and base64.
        return base64_text(parameter(url, &["u"])?.strip_prefix("a1")?);
    }
    if is("r.search.yahoo.com") {
        // /…/RU=<percent-encoded target>/RK=…
        let target = path.split('/').find_map(|piece| piece.strip_prefix("RU="))?;
        return Some(decoded(target));
    }
    if is("rover.ebay.com") {
        return parameter(url, &["mpre", "loc"]);
    }
    if is("awin1.com") {
        return parameter(url, &["ued", "p"]);
    }
    if is("linksynergy.com") {
        return parameter(url, &["murl"]);
    }
    if is("linkprice.com") {
        return parameter(url, &["tu"]);
    }
    if is("11st.co.kr") {
        return parameter(url, &["lurl"]);
    }
    if is("qq.com") {
        return parameter(url, &["pfurl", "gourl", "url"]);
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

/// A member of a JSON object in base64.
fn member(packed: &str, name: &str) -> Option<String> {
    let object: serde_json::Value = serde_json::from_str(&base64_text(packed)?).ok()?;
    object.get(name)?.as_str().map(str::to_owned)
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
    if shares(name, url.path()) {
        return None;
    }
    // Advertisers put it after the question mark, with nothing around it.
    if let Some(query) = url.query() {
        if query.starts_with("http://") || query.starts_with("https://") {
            return Some(query.to_owned());
        }
        if query.starts_with("http%3A") || query.starts_with("https%3A") {
            return Some(decoded(query.split('&').next()?));
        }
    }
    // Others make it a piece of the path: SES on hosts of their customers'
    // (`/CL0/https:%2F%2F…/1/…`), and whoever writes base64 (`aHR0c` is `http`).
    url.path().split('/').find_map(|piece| {
        let target = if piece.starts_with("aHR0c") {
            base64_text(piece)?
        } else if starts_with_scheme(piece) {
            decoded(piece)
        } else {
            return None;
        };
        (target.starts_with("http://") || target.starts_with("https://")).then_some(target)
    })
}

/// A piece of a path that is an address in itself.
fn starts_with_scheme(piece: &str) -> bool {
    let lower = piece.get(..15).unwrap_or(piece).to_ascii_lowercase();
    let rest = lower.strip_prefix("https").or_else(|| lower.strip_prefix("http"));
    rest.and_then(|rest| rest.strip_prefix(':').or_else(|| rest.strip_prefix("%3a")))
        .is_some_and(|rest| rest.starts_with("%2f%2f"))
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
