//! Policy × reference → verdict. Pure: the same question always has the same
//! answer, and without a rule of the user's that answer is to refuse.

use super::{host, trackers};
use crate::mime::Letter;
use crate::model::{Address, Allowed, Proof, Reason, Reference, Rule, Scope, Tracker, Verdict};
use std::net::SocketAddr;

/// What the user has decided, seen from one letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Who the letter says it is from; nobody when it names several.
    pub from: Option<String>,
    /// How it proved that.
    pub proof: Proof,
    /// Nothing is ever fetched, whatever else was decided.
    pub never: bool,
    /// The lasting rules.
    pub rules: Vec<Rule>,
    /// Pictures of this letter were asked for once.
    pub once: bool,
    /// Addresses allowed by hand in this letter's ledger, trackers or not.
    pub by_hand: Vec<String>,
    /// The letter, or the part, was encrypted.
    pub encrypted: bool,
    /// Hosts and ports in private networks that may be reached all the same: the
    /// demo's own tracker, a test's listener.
    pub reachable: Vec<(String, u16)>,
    /// Nothing but those may be reached: a demo, a test.
    pub only_reachable: bool,
    /// Who the letter was sent or delivered to: their addresses have no place in an
    /// address that is fetched.
    pub recipients: Vec<String>,
}

impl Policy {
    /// The policy for a letter under the user's rules.
    pub fn for_letter(letter: &Letter<'_>, rules: &[Rule], proof: Proof) -> Self {
        let from = match letter.envelope.from.as_slice() {
            [Address { addr, .. }] => Some(addr.clone()),
            _ => None,
        };
        let encrypted = letter.parts.iter().any(|part| {
            matches!(
                part.media_type.as_str(),
                "multipart/encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime"
            )
        });
        let recipients = super::recipients(letter);
        Self { from, proof, rules: rules.to_vec(), encrypted, recipients, ..Self::default() }
    }

    /// Whether there is a rule that would show the pictures of this sender, but this
    /// letter has not the proof that any such rule asks for.
    pub fn lacks_proof(&self) -> bool {
        let Some(from) = self.from.as_deref() else { return false };
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
        let mut about = self.rules.iter().filter(|rule| match &rule.scope {
            Scope::Sender(address) => address.eq_ignore_ascii_case(from),
            Scope::Domain(of) => covers(of, domain),
            Scope::Never(_) => false,
        });
        let satisfied = |rule: &Rule| self.proof.satisfies(&rule.proof);
        about.next().is_some_and(|first| !satisfied(first) && !about.any(satisfied))
    }

    /// What the rules say of this letter's pictures, trackers aside.
    fn permission(&self) -> Result<Reason, Reason> {
        if self.once {
            return Ok(Reason::Once);
        }
        let Some(from) = self.from.as_deref() else {
            return Err(Reason::Default);
        };
        let is = |address: &str| address.eq_ignore_ascii_case(from);
        if self.rules.iter().any(|rule| matches!(&rule.scope, Scope::Never(a) if is(a))) {
            return Err(Reason::NeverForSender);
        }
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
        let mut answer = Err(Reason::Default);
        for rule in &self.rules {
            let granted = match &rule.scope {
                Scope::Sender(address) if is(address) => Reason::Sender,
                Scope::Domain(of) if covers(of, domain) => Reason::Domain,
                _ => continue,
            };
            if self.proof.satisfies(&rule.proof) {
                return Ok(granted);
            }
            answer = Err(Reason::Unproven);
        }
        answer
    }

    /// Whether an address is of a kind that is ever fetched: http or https, to a
    /// host that is not in a private network. Redirects are asked about again.
    pub fn may_reach(&self, address: &str) -> bool {
        // `\\host\share` would be read as a host by some, as a file by others.
        if address.contains('\\') || address.len() > MAX_ADDRESS {
            return false;
        }
        let Some(url) = host::parse(address) else {
            return false;
        };
        let (Some(name), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return false;
        };
        if !matches!(url.scheme(), "http" | "https")
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return false;
        }
        let far = !self.only_reachable && !host::is_private(&name) && is_web_port(port);
        far || self.is_opened(&name.to_string(), port)
    }

    /// Whether this host and port were opened although they are in a private network.
    pub fn is_opened(&self, host: &str, port: u16) -> bool {
        self.reachable.iter().any(|(h, p)| *p == port && h.eq_ignore_ascii_case(host))
    }

    /// Whether a connection for `host` may go to this address: what a name turned
    /// out to stand for is judged like a number in the letter.
    pub fn may_connect(&self, host: &str, to: SocketAddr) -> bool {
        let far = !self.only_reachable && !host::is_private_ip(to.ip()) && is_web_port(to.port());
        far || self.is_opened(host, to.port())
    }

    /// Decides where a server sends us to, as if the letter had named it: never to
    /// less safety, to a private network, to a tracker, or with the reader's address.
    ///
    /// # Errors
    /// Why not.
    pub fn follow(&self, leave: &Allowed, to: &str) -> Result<Allowed, Reason> {
        if self.never {
            return Err(Reason::Never);
        }
        let encrypted = |address: &str| host::parse(address).is_some_and(|u| u.scheme() == "https");
        if !self.may_reach(to) || (encrypted(leave.url()) && !encrypted(to)) {
            return Err(Reason::Address);
        }
        let service = trackers::known().find(to, true);
        // Who allowed a service by hand allowed it to lead on within itself.
        let within = leave.reason() == Reason::ByHand
            && service.is_some_and(|s| trackers::known().find(leave.url(), true) == Some(s));
        let named = trackers::Recipients::new(&self.recipients).named_in(to);
        // The address asked first already said what this one would.
        let named_before = leave.reason() == Reason::ByHand;
        if (service.is_some() && !within) || (named && !named_before) {
            return Err(Reason::Tracker);
        }
        leave.redirected(to.to_owned(), Verdict::Allow(leave.reason())).ok_or(Reason::Default)
    }
}

/// Longest address that is ever fetched, in bytes.
const MAX_ADDRESS: usize = 8 * 1024;

/// Whether pictures may come from this port: not those where other services listen
/// that would take a request for something of theirs.
fn is_web_port(port: u16) -> bool {
    match port {
        80..=90 | 443 | 591 | 800..=899 => true,
        0..1024 => false,
        _ => !matches!(
            port,
            1719 | 1720 | 1723 | 2049 | 3659 | 4045 | 4190 | 5060 | 5061 | 6000 | 6379 | 6566 | 6665
                ..=6669 | 6679 | 6697 | 10080 | 11211
        ),
    }
}

/// Whether a rule about the domain `of` speaks of an address in `domain`.
pub fn covers(of: &str, domain: &str) -> bool {
    if of.is_empty() {
        return false;
    }
    if of.eq_ignore_ascii_case(domain) {
        return true;
    }
    let (of, domain) = (of.to_ascii_lowercase(), domain.to_ascii_lowercase());
    let below = domain.strip_suffix(&of).is_some_and(|rest| rest.ends_with('.'));
    below && !host::is_public_suffix(&of)
}

/// Decides of one reference.
pub fn judge(policy: &Policy, reference: &Reference, tracker: Option<&Tracker>) -> Verdict {
    if policy.encrypted {
        return Verdict::Refuse(Reason::Encrypted);
    }
    if !policy.may_reach(&reference.url) {
        return Verdict::Refuse(Reason::Address);
    }
    if !reference.is_picture() {
        return Verdict::Refuse(Reason::NotAPicture);
    }
    if policy.never {
        return Verdict::Refuse(Reason::Never);
    }
    if policy.by_hand.contains(&reference.url) {
        return Verdict::Allow(Reason::ByHand);
    }
    match policy.permission() {
        Err(reason) => Verdict::Refuse(reason),
        Ok(_) if tracker.is_some() => Verdict::Refuse(Reason::Tracker),
        Ok(reason) => Verdict::Allow(reason),
    }
}
