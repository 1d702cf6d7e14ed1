//! Hosts of addresses: registered domains (public suffix list), and networks that
//! a letter has no business with (RFC 6890, 6761, 8375, 4193).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Reads an address as a fetching program would; protocol-relative ones as https.
pub fn parse(address: &str) -> Option<Url> {
    let trimmed = address.trim();
    if trimmed.starts_with("//") {
        return Url::parse(&format!("https:{trimmed}")).ok();
    }
    Url::parse(trimmed).ok()
}

/// The part of a host name that somebody registered: `naver.com` of
/// `mail.naver.com`, `example.co.kr` of `www.example.co.kr`. Addresses have none.
pub fn registered(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = if host.is_ascii() { host } else { idna::domain_to_ascii(&host).ok()? };
    if host.parse::<Ipv4Addr>().is_ok() || host.starts_with('[') {
        return None;
    }
    psl::domain_str(&host).map(str::to_owned)
}

/// Whether two hosts belong to the same registered domain (or are the same).
pub fn same_party(one: &str, other: &str) -> bool {
    if one.eq_ignore_ascii_case(other) {
        return true;
    }
    match (registered(one), registered(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Whether a name is a suffix under which anybody can register.
pub fn is_public_suffix(name: &str) -> bool {
    psl::suffix_str(name).is_some_and(|suffix| suffix.eq_ignore_ascii_case(name))
}

/// Whether addresses of a domain belong to people who have nothing to do with each other:
/// what one decides of one of them says nothing of the others.
pub fn is_shared(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    SHARED.contains(&domain.as_str()) || is_public_suffix(&domain)
}

/// Where anybody gets an address.
const SHARED: [&str; 45] = [
    "naver.com",
    "hanmail.net",
    "daum.net",
    "kakao.com",
    "nate.com",
    "korea.com",
    "dreamwiz.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.kr",
    "hotmail.com",
    "hotmail.co.kr",
    "live.com",
    "live.co.kr",
    "msn.com",
    "yahoo.com",
    "yahoo.co.kr",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "tuta.com",
    "tutanota.com",
    "fastmail.com",
    "zoho.com",
    "mail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "qq.com",
    "163.com",
    "126.com",
    "yandex.ru",
    "yandex.com",
    "mail.ru",
];

/// Endings of names that mean something only inside a network.
const LOCAL_ENDINGS: [&str; 14] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "home.arpa",
    "corp",
    "private",
    "localdomain",
    "test",
    "invalid",
    "workgroup",
    "in-addr.arpa",
];

/// Public names that answer with whatever private address they are asked for.
const MIRRORS: [&str; 8] = [
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "yoogle.com",
];

/// Whether a host is, or by its name may be, inside the reader's own network, the
/// machine itself or its cloud. What a public name resolves to is judged again by
/// whoever resolves it.
pub fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => v4_is_private(*ip),
        Host::Ipv6(ip) => v6_is_private(*ip),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let ends_in = |ending: &&str| {
                name.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            !name.contains('.') || LOCAL_ENDINGS.iter().any(&ends_in) || MIRRORS.iter().any(ends_in)
        }
    }
}

/// Whether a number is of a network that letters have no business with, however it
/// is wrapped. Whoever has looked a name up asks this of every answer.
pub fn is_private_ip(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => v4_is_private(ip),
        IpAddr::V6(ip) => v6_is_private(ip),
    }
}

fn v4_is_private(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        // Alibaba's and Oracle's metadata services live on public-looking numbers.
        || ip == Ipv4Addr::new(100, 100, 100, 200)
        || ip == Ipv4Addr::new(192, 0, 0, 192)
        || ip == Ipv4Addr::new(168, 63, 129, 16)
}

fn v6_is_private(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = |high: u16, low: u16| {
        let [o1, o2] = high.to_be_bytes();
        let [o3, o4] = low.to_be_bytes();
        v4_is_private(Ipv4Addr::new(o1, o2, o3, o4))
    };
    match [a, b, c, d, e, f] {
        // IPv4 in IPv6: compatible, mapped, translated, behind NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => {
            inner(g, h)
        }
        // 6to4.
        [0x2002, ..] => inner(b, c),
        // Teredo, benchmarks, ORCHID and what else is special (RFC 6890), documentation.
        [0x2001, 0..0x200 | 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => true,
        // ISATAP: an IPv4 address at the end of any network.
        [_, _, _, _, 0 | 0x200, 0x5efe] => inner(g, h),
        // What is not global unicast is nobody's on the Internet.
        _ => (a & 0xe000) != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(url: &str) -> bool {
        let url = Url::parse(url).unwrap();
        is_private(&url.host().unwrap())
    }

    #[test]
    fn private_networks_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://printer/",
            "http://nas.local/",
            "http://metadata.google.internal/",
            "http://router.lan/",
            "http://127.0.0.1.nip.io/",
            "http://100.64.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::127.0.0.1]/",
            "http://\u{ff11}27.0.0.1/",
            "http://0x7f000001/",
            "http://168.63.129.16/",
        ] {
            assert!(private(url), "{url}");
        }
        for url in [
            "http://example.com/",
            "http://8.8.8.8/",
            "http://172.32.0.1/",
            "http://naver.com./",
            "http://[2606:4700::1111]/",
            "http://mylocal.com/",
            "http://100.128.0.1/",
        ] {
            assert!(!private(url), "{url}");
        }
    }

    #[test]
    fn registered_domains() {
        assert_eq!(registered("mail.naver.com").as_deref(), Some("naver.com"));
        assert_eq!(registered("www.shop.co.kr.").as_deref(), Some("shop.co.kr"));
        assert_eq!(registered("co.kr"), None);
        assert_eq!(registered("10.0.0.1"), None);
        assert_eq!(registered("www.한국.kr").as_deref(), Some("xn--3e0b707e.kr"));
        assert!(same_party("a.example.com", "b.example.com"));
        assert!(!same_party("a.co.kr", "b.co.kr"));
    }
}
