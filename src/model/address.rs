//! A mailbox as RFC 5322 section 3.4 means it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One mailbox: an optional display name and an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Address {
    /// Display name, decoded; absent when the header gave none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// `local-part@domain` as written (case kept). May be something that is not
    /// an address at all when the header was malformed; never empty.
    pub addr: String,
}

impl Address {
    /// The domain after the last `@`, if there is one.
    pub fn domain(&self) -> Option<&str> {
        self.addr.rsplit_once('@').map(|(_, domain)| domain).filter(|d| !d.is_empty())
    }

    /// What a list row shows: the name, else the address.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|n| !n.is_empty()).unwrap_or(&self.addr)
    }

    /// As it is typed, so that it is read back the same: a name that would be taken for
    /// something else is quoted.
    pub fn typed(&self) -> String {
        let special = |c: char| "()<>[]:;@\\,\"，；、".contains(c);
        match self.name.as_deref().filter(|name| name.contains(special)) {
            Some(name) => {
                let name = name.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{name}\" <{}>", self.addr)
            }
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) if !name.is_empty() => write!(f, "{name} <{}>", self.addr),
            _ => f.write_str(&self.addr),
        }
    }
}
