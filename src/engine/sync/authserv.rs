//! In whose name an account's own server writes Authentication-Results (RFC 8601).
//!
//! Learnt slowly on purpose: a wrong name would let senders vouch for themselves. The
//! newest letters of the inbox, of many senders, must all bear the same name topmost, and
//! it must be a name under the domain of the account's server or address, or of who is
//! known to run it. Until then nothing is proof.

use crate::engine::Result;
use crate::mime;
use crate::model::{Account, AccountId, Role};
use crate::privacy::headers;
use crate::privacy::host::registered;
use crate::store::Store;
use std::collections::HashSet;

/// Letters looked at.
const LOOKED_AT: usize = 40;
/// So many must bear the name, of so many senders' domains.
const LETTERS: usize = 12;
const SENDERS: usize = 5;

/// Domains run by one and the same: that of the address or server, and that of the name.
const TOGETHER: &[(&str, &str)] = &[
    ("gmail.com", "google.com"),
    ("googlemail.com", "google.com"),
    ("hotmail.com", "outlook.com"),
    ("live.com", "outlook.com"),
    ("office365.com", "outlook.com"),
    ("hanmail.net", "daum.net"),
    ("kakao.com", "daum.net"),
    ("me.com", "icloud.com"),
    ("mac.com", "icloud.com"),
    ("icloud.com", "apple.com"),
    ("fastmail.com", "messagingengine.com"),
    ("gmx.net", "gmx.com"),
];

/// Learns the name for an account that has none.
///
/// # Errors
/// When the store cannot be read or written.
pub(super) fn learn(store: &Store, id: AccountId) -> Result<()> {
    let Some(account) = store.account_by_id(id)? else {
        return Ok(());
    };
    if account.settings.authserv.is_some() {
        return Ok(());
    }
    let mailboxes = store.mailboxes(id)?;
    let Some(inbox) = mailboxes.iter().find(|mailbox| mailbox.role == Some(Role::Inbox)) else {
        return Ok(());
    };
    let mut seen = Vec::new();
    for row in store.list(Some(inbox.id), 0, LOOKED_AT)? {
        let domain = row.from.as_ref().and_then(|from| Some(from.addr.rsplit_once('@')?.1));
        let domain = domain.unwrap_or_default().to_ascii_lowercase();
        // One's own letters need not have come through the server.
        if row.from.as_ref().map(|from| from.addr.as_str()) == account.address.as_deref() {
            continue;
        }
        let raw = store.raw(row.id)?;
        seen.push((domain, topmost(&raw)));
    }
    if let Some(name) = agreed(&seen, &account) {
        store.change_account(id, |settings| settings.authserv = Some(name))?;
    }
    Ok(())
}

/// The name in the topmost Authentication-Results of a letter.
fn topmost(raw: &[u8]) -> Option<String> {
    let letter = mime::parse(raw);
    let value = headers::values(&letter, "authentication-results").next()?;
    let name = value.split([';', ' ', '\t', '\r', '\n']).find(|word| !word.is_empty())?;
    let name = name.trim_matches('"').to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (name.contains('.') && name.chars().all(plain)).then_some(name)
}

/// The name that all letters bear, if that can be believed.
fn agreed(seen: &[(String, Option<String>)], account: &Account) -> Option<String> {
    let (_, first) = seen.first()?;
    let name = first.clone()?;
    let senders: HashSet<&str> = seen.iter().map(|(domain, _)| domain.as_str()).collect();
    let all = seen.iter().all(|(_, said)| said.as_deref() == Some(name.as_str()));
    if !all || seen.len() < LETTERS || senders.len() < SENDERS {
        return None;
    }
    let own = registered(&name)?;
    let address = account.address.as_deref().and_then(|addr| Some(addr.rsplit_once('@')?.1));
    let server = account.settings.imap.as_ref().map(|server| server.host.as_str());
    let related = address
        .into_iter()
        .chain(server)
        .filter_map(registered)
        .any(|domain| domain == own || TOGETHER.contains(&(domain.as_str(), own.as_str())));
    related.then_some(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::{AccountKind, Security, Server, Settings};

    fn account(host: &str, address: &str) -> Account {
        let server = Server { host: host.into(), port: 993, security: Security::Tls, pin: None };
        Account {
            id: AccountId(2),
            name: "a".into(),
            kind: AccountKind::Imap,
            address: Some(address.into()),
            settings: Settings { imap: Some(server), ..Settings::default() },
        }
    }

    fn letters(name: &str, count: usize) -> Vec<(String, Option<String>)> {
        (0..count).map(|i| (format!("d{}.example", i % 6), Some(name.to_owned()))).collect()
    }

    #[test]
    fn a_name_is_believed_when_all_letters_bear_it_and_it_is_the_servers() {
        let gmail = account("imap.gmail.com", "kim@gmail.com");
        let google = Some("mx.google.com".to_owned());
        assert_eq!(agreed(&letters("mx.google.com", 20), &gmail), google);
        let own = account("mail.posteo.de", "kim@posteo.de");
        assert_eq!(agreed(&letters("posteo.de", 12), &own).as_deref(), Some("posteo.de"));
        // Somebody else's name, however often.
        assert_eq!(agreed(&letters("evil.example", 40), &gmail), None);
        // Too few letters, or of too few senders.
        assert_eq!(agreed(&letters("mx.google.com", 11), &gmail), None);
        let mut alike = letters("mx.google.com", 20);
        for (domain, _) in &mut alike {
            *domain = "one.example".into();
        }
        assert_eq!(agreed(&alike, &gmail), None);
        // One letter without it, or with another.
        let mut mixed = letters("mx.google.com", 20);
        mixed[7].1 = None;
        assert_eq!(agreed(&mixed, &gmail), None);
        mixed[7].1 = Some("mx.evil.example".into());
        assert_eq!(agreed(&mixed, &gmail), None);
    }

    #[test]
    fn the_topmost_field_is_the_one_that_counts() {
        let raw = b"Authentication-Results: mx.a.example; dkim=pass\r\n\
                    Received: from x\r\nAuthentication-Results: mx.b.example; dkim=pass\r\n\r\n";
        assert_eq!(topmost(raw).as_deref(), Some("mx.a.example"));
        assert_eq!(topmost(b"Subject: x\r\n\r\n"), None);
        assert_eq!(topmost(b"Authentication-Results: localhost; none\r\n\r\n"), None);
    }
}
