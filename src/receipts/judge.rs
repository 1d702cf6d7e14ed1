//! Who fetches, by what the fetcher says of itself and, where a reverse proxy names it and
//! is believed, by its address. Both are forgotten with the answer.

use crate::model::FetcherKind;
use std::net::IpAddr;

const FACTS: &str = include_str!("../../assets/fetchers.txt");

/// What is known of a fetcher, without the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Judged {
    /// Its kind; never [`FetcherKind::Soon`], which is a matter of time.
    pub kind: FetcherKind,
    /// The service, one of those in the data file.
    pub service: Option<&'static str>,
}

/// What a request says of who makes it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs<'r> {
    /// `User-Agent`.
    pub user_agent: Option<&'r str>,
    /// Where it comes from, as a reverse proxy says.
    pub address: Option<IpAddr>,
    /// It says that it fetches ahead (`Sec-Purpose: prefetch` and the like), or asks for no
    /// more than a head.
    pub ahead: bool,
}

/// Knows fetchers.
#[derive(Debug)]
pub struct Judge {
    agents: Vec<Agent>,
    nets: Vec<Net>,
}

#[derive(Debug)]
struct Agent {
    judged: Judged,
    whole: bool,
    texts: Vec<&'static str>,
}

#[derive(Debug)]
struct Net {
    judged: Judged,
    address: IpAddr,
    bits: u32,
}

impl Default for Judge {
    fn default() -> Self {
        let mut judge = Self { agents: Vec::new(), nets: Vec::new() };
        for line in FACTS.lines() {
            judge.learn(line);
        }
        judge
    }
}

impl Judge {
    /// Takes in a line of the data file; what is not understood is passed over, and a test
    /// looks that there is nothing of the kind.
    fn learn(&mut self, line: &'static str) -> bool {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return true;
        }
        let mut parts = line.splitn(3, '|').map(str::trim);
        let (Some(kind), Some(service), Some(text)) = (parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        let (is_net, kind) = match kind.strip_prefix("net ") {
            Some(kind) => (true, kind),
            None => (false, kind),
        };
        let Some(kind) = FetcherKind::named(kind) else { return false };
        let judged = Judged { kind, service: (service != "-").then_some(service) };
        if is_net {
            let Some((address, bits)) = text.split_once('/') else { return false };
            let (Ok(address), Ok(bits)) = (address.parse(), bits.parse()) else { return false };
            self.nets.push(Net { judged, address, bits });
        } else {
            let (whole, text) = match text.strip_prefix('=') {
                Some(text) => (true, text),
                None => (false, text),
            };
            self.agents.push(Agent { judged, whole, texts: text.split(" + ").collect() });
        }
        true
    }

    /// Who it is.
    pub fn judge(&self, signs: Signs<'_>) -> Judged {
        let net = signs.address.and_then(|a| self.nets.iter().find(|net| net.has(a)));
        let said = signs.user_agent.unwrap_or_default().trim().to_ascii_lowercase();
        let agent = self.agents.iter().find(|agent| agent.fits(&said));
        let unknown = Judged { kind: FetcherKind::Unknown, service: None };
        let judged = net.map(|net| net.judged).or(agent.map(|a| a.judged)).unwrap_or(unknown);
        match judged.kind {
            FetcherKind::Person | FetcherKind::Unknown if signs.ahead => {
                Judged { kind: FetcherKind::Scanner, service: None }
            }
            _ => judged,
        }
    }
}

impl Agent {
    fn fits(&self, said: &str) -> bool {
        match self.whole {
            true => self.texts.iter().all(|text| said == *text),
            false => self.texts.iter().all(|text| said.contains(text)),
        }
    }
}

impl Net {
    fn has(&self, address: IpAddr) -> bool {
        let shift = |width: u32| width.saturating_sub(self.bits);
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(address)) => {
                let differ = net.to_bits() ^ address.to_bits();
                differ.checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(address)) => {
                let differ = net.to_bits() ^ address.to_bits();
                differ.checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn by_agent(text: &str) -> (FetcherKind, Option<&'static str>) {
        let signs = Signs { user_agent: Some(text), ..Signs::default() };
        let judged = Judge::default().judge(signs);
        (judged.kind, judged.service)
    }

    #[test]
    fn every_line_of_the_data_file_is_understood() {
        let mut judge = Judge { agents: Vec::new(), nets: Vec::new() };
        for line in FACTS.lines() {
            assert!(judge.learn(line), "{line}");
        }
        assert!(judge.agents.len() > 50 && judge.nets.len() > 10);
        for agent in &judge.agents {
            for text in &agent.texts {
                assert_eq!(*text, text.to_ascii_lowercase(), "would fit nothing");
            }
            // A person's program would say something of the person.
            let is_person = agent.judged.kind == FetcherKind::Person;
            assert!(!is_person || agent.judged.service.is_none(), "{agent:?}");
        }
    }

    #[test]
    fn proxies_scanners_and_people_are_told_apart() {
        use FetcherKind::*;
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com \
                 GoogleImageProxy)",
                (Proxy, Some("Gmail")),
            ),
            (
                "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
                (Proxy, Some("Yahoo Mail")),
            ),
            ("Mozilla/5.0", (Proxy, None)),
            ("Mozilla/5.0 (compatible; Barracuda Sentinel)", (Scanner, Some("Barracuda"))),
            ("curl/7.88.1", (Scanner, None)),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.9.0",
                (Person, None),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/130.0.0.0 Safari/537.36",
                (Person, None),
            ),
            (
                "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0)",
                (Person, None),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko)",
                (Person, None),
            ),
            ("facebookexternalhit/1.1; kakaotalk-scrap/1.0", (Scanner, Some("KakaoTalk"))),
            ("something nobody has heard of", (Unknown, None)),
            ("", (Unknown, None)),
        ];
        for (said, judged) in cases {
            assert_eq!(by_agent(said), judged, "{said}");
        }
        assert_eq!(Judge::default().judge(Signs::default()).kind, Unknown);
    }

    #[test]
    fn whoever_fetches_ahead_is_no_reader() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36";
        let signs = Signs { user_agent: Some(chrome), ahead: true, address: None };
        assert_eq!(Judge::default().judge(signs).kind, FetcherKind::Scanner);
        let gmail = Signs { user_agent: Some("GoogleImageProxy"), ..signs };
        assert_eq!(Judge::default().judge(gmail).service, Some("Gmail"));
    }

    #[test]
    fn addresses_are_known_by_their_net() {
        let kind = |address: &str| {
            let address = Some(address.parse().unwrap());
            let signs = Signs {
                user_agent: Some("Mozilla/5.0 Gecko/1 Firefox/130"),
                address,
                ahead: false,
            };
            Judge::default().judge(signs).kind
        };
        assert_eq!(kind("66.249.80.1"), FetcherKind::Proxy);
        assert_eq!(kind("::ffff:66.249.95.255"), FetcherKind::Proxy);
        assert_eq!(kind("66.249.96.0"), FetcherKind::Person);
        assert_eq!(kind("203.0.113.7"), FetcherKind::Person);
        assert_eq!(kind("2001:db8::1"), FetcherKind::Person);
    }
}
