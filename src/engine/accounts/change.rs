//! What can be changed of an account that is there: who writes, how much is kept here, and
//! the way to its servers.
//!
//! Promise: a change is judged whole before anything of it is written; what it does not name
//! stays as it is, also what is learnt meanwhile.

use super::check_proxy;
use crate::engine::{EngineError, Result, writing};
use crate::model::{Account, AccountId, Address, FolderPolicy, Identity, Settings};
use crate::store::{Store, StoreError};

/// Longest name somebody writes under, in bytes.
const LONGEST_NAME: usize = 500;
/// Longest signature, in bytes.
pub const LONGEST_SIGNATURE: usize = 10_000;
/// Most days of which letters are kept whole.
pub const MOST_DAYS: u32 = 36_500;

/// What is changed; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Everybody the user writes as, in the order they are offered. The one of the account's
    /// own address says what name letters are sent under.
    pub identities: Option<Vec<Identity>>,
    /// How much of its folders is kept here, unless a folder says otherwise.
    pub policy: Option<FolderPolicy>,
    /// The address of its proxy; `Some(None)`: none.
    pub proxy: Option<Option<String>>,
}

/// Everybody the user writes as from an account, and which of them is its own address.
pub fn writers(account: &Account) -> Vec<Identity> {
    let own = writing::identities(std::slice::from_ref(account));
    own.into_iter().map(|(_, identity)| identity).collect()
}

/// Whether an identity is that of the account's own address.
pub fn is_own(account: &Account, identity: &Identity) -> bool {
    account.address.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&identity.from.addr))
}

/// Changes an account.
///
/// # Errors
/// When something of it cannot be, or the store cannot be written: nothing is changed then.
pub fn change(store: &Store, id: AccountId, change: Change) -> Result<()> {
    let account = store.account_by_id(id)?;
    let account = account.ok_or_else(|| StoreError::NoAccount(id.0.to_string()))?;
    let identities = change.identities.map(tidied).transpose()?;
    let policy = change.policy.map(sound_policy).transpose()?;
    let proxy = change.proxy.map(|proxy| proxy.map(|text| text.trim().to_owned()));
    if let Some(Some(proxy)) = &proxy {
        check_proxy(proxy)?;
    }
    Ok(store.change_account(id, |settings| {
        if let Some(identities) = identities {
            write_as(&account, settings, identities);
        }
        if let Some(policy) = policy {
            settings.policy = policy;
        }
        if let Some(proxy) = proxy {
            settings.proxy = proxy;
        }
    })?)
}

/// The name of the own address is the account's; it stands in one place only.
fn write_as(account: &Account, settings: &mut Settings, mut identities: Vec<Identity>) {
    if let Some(at) = identities.iter().position(|identity| is_own(account, identity))
        && let Some(own) = identities.get_mut(at)
    {
        settings.sender = own.from.name.take().unwrap_or_default();
        if at == 0 && own.reply_to.is_empty() && own.signature.is_empty() {
            identities.remove(at);
        }
    }
    settings.identities = identities;
}

fn sound_policy(policy: FolderPolicy) -> Result<FolderPolicy> {
    match policy {
        FolderPolicy::Days(days) if !(1..=MOST_DAYS).contains(&days) => Err(EngineError::Days),
        policy => Ok(policy),
    }
}

/// Identities as they are kept, each of an address of its own.
fn tidied(identities: Vec<Identity>) -> Result<Vec<Identity>> {
    let mut kept: Vec<Identity> = Vec::new();
    for identity in identities {
        let from = tidied_address(identity.from)?;
        if kept.iter().any(|other| other.from.addr.eq_ignore_ascii_case(&from.addr)) {
            return Err(EngineError::AddressTwice(from.addr));
        }
        let reply_to = identity.reply_to.into_iter().map(tidied_address).collect::<Result<_>>()?;
        kept.push(Identity { from, reply_to, signature: tidied_signature(&identity.signature) });
    }
    Ok(kept)
}

fn tidied_address(address: Address) -> Result<Address> {
    let addr = address.addr.trim().to_owned();
    if !writing::is_address(&addr) {
        return Err(EngineError::NoAddress(addr));
    }
    let mut name: String =
        address.name.unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    name.truncate(name.floor_char_boundary(LONGEST_NAME));
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(Address { name, addr })
}

/// Without what ends it in nothing: blank lines and controls.
fn tidied_signature(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut text: String =
        text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    text.truncate(text.floor_char_boundary(LONGEST_SIGNATURE));
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::AccountKind;

    fn identity(name: &str, addr: &str, signature: &str) -> Identity {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        Identity {
            from: Address { name, addr: addr.into() },
            reply_to: Vec::new(),
            signature: signature.into(),
        }
    }

    fn bench() -> (tempfile::TempDir, Store, AccountId) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let settings = Settings { sender: "Kim".into(), ..Settings::default() };
        let id = store.add_account("work", AccountKind::Imap, "kim@example.org", &settings);
        (dir, store, id.unwrap())
    }

    fn of(identities: Vec<Identity>) -> Change {
        Change { identities: Some(identities), ..Change::default() }
    }

    #[test]
    fn the_own_address_has_a_name_and_a_signature_and_others_stand_beside_it() {
        let (_dir, store, id) = bench();
        let own = identity("Minji Kim", "kim@example.org", "Kim\r\n02-1234\n\n");
        let other = identity("", "sales@example.org", "Sales");
        change(&store, id, of(vec![own, other.clone()])).unwrap();
        let account = store.account("work").unwrap();
        assert_eq!(account.settings.sender, "Minji Kim");
        let own = identity("Minji Kim", "kim@example.org", "Kim\n02-1234");
        assert_eq!(writers(&account), [own.clone(), other]);
        assert!(is_own(&account, &own));
        // Without one it is as it was before, and written nowhere twice.
        change(&store, id, of(vec![identity("", "KIM@example.org", "")])).unwrap();
        let account = store.account("work").unwrap();
        assert!(account.settings.identities.is_empty() && account.settings.sender.is_empty());
    }

    #[test]
    fn what_cannot_be_changes_nothing() {
        let (_dir, store, id) = bench();
        let before = store.account("work").unwrap();
        let no_address = of(vec![identity("a", "no address", "")]);
        let twice = of(vec![identity("", "a@example.org", ""), identity("", "A@example.org", "x")]);
        let mut reply = identity("", "a@example.org", "");
        reply.reply_to.push(Address { name: None, addr: "@".into() });
        let proxy = |text: &str| Change { proxy: Some(Some(text.into())), ..Change::default() };
        let days = Change { policy: Some(FolderPolicy::Days(0)), ..Change::default() };
        for wrong in [
            no_address,
            twice,
            of(vec![reply]),
            proxy("ftp://proxy"),
            proxy("socks5://u:secret@h:1"),
            days,
        ] {
            let refused = change(
                &store,
                id,
                Change { policy: wrong.policy.or(Some(FolderPolicy::Headers)), ..wrong.clone() },
            );
            assert!(refused.is_err(), "{wrong:?}");
        }
        assert_eq!(store.account("work").unwrap(), before);
        assert!(change(&store, AccountId(99), Change::default()).is_err());
        let local = store.accounts().unwrap()[0].id;
        assert!(change(&store, local, Change::default()).is_err());
    }

    #[test]
    fn what_is_not_named_stays() {
        let (_dir, store, id) = bench();
        let proxy = Some(Some(" socks5://127.0.0.1:9050 ".into()));
        change(&store, id, Change { proxy, ..Change::default() }).unwrap();
        let policy = Some(FolderPolicy::Days(30));
        change(&store, id, Change { policy, ..Change::default() }).unwrap();
        let settings = store.account("work").unwrap().settings;
        assert_eq!(settings.proxy.as_deref(), Some("socks5://127.0.0.1:9050"));
        assert_eq!((settings.policy, settings.sender.as_str()), (FolderPolicy::Days(30), "Kim"));
        change(&store, id, Change { proxy: Some(None), ..Change::default() }).unwrap();
        assert_eq!(store.account("work").unwrap().settings.proxy, None);
    }
}
