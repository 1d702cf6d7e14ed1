//! Servers as people and files write them.

use crate::model::{Security, Server};
use std::net::Ipv6Addr;

/// Why a text is no server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServerForm {
    /// It is not built like one.
    #[error("it is not HOST:PORT or HOST:PORT:tls, starttls or plain")]
    Shape,
    /// There is no such port.
    #[error("a port is a number from 1 to 65535")]
    Port,
    /// There is no such protection.
    #[error("the protection is tls, starttls or plain")]
    Security,
    /// That is no name of a host.
    #[error("that is no name of a server")]
    Host,
}

/// `HOST:PORT` or `HOST:PORT:tls`, `:starttls`, `:plain`; an IPv6 number in brackets.
/// Unsaid, it is TLS, but STARTTLS on the ports that have always begun plain.
///
/// # Errors
/// Why it is no server.
pub fn server(text: &str) -> Result<Server, ServerForm> {
    let (host, rest) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed.split_once(']').ok_or(ServerForm::Shape)?;
            (host, rest.strip_prefix(':').ok_or(ServerForm::Shape)?)
        }
        None => text.split_once(':').ok_or(ServerForm::Shape)?,
    };
    let (port, security) = match rest.split_once(':') {
        Some((port, security)) => (port, Some(security)),
        None => (rest, None),
    };
    let sound = match text.starts_with('[') {
        true => host.parse::<Ipv6Addr>().is_ok(),
        false => {
            !host.is_empty()
                && host.len() <= 253
                && host.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
        }
    };
    if !sound {
        return Err(ServerForm::Host);
    }
    let port: u16 = port.parse().ok().filter(|port| *port != 0).ok_or(ServerForm::Port)?;
    let security = match security.map(str::to_ascii_lowercase).as_deref() {
        Some("tls") => Security::Tls,
        Some("starttls") => Security::StartTls,
        Some("plain") => Security::Plain,
        Some(_) => return Err(ServerForm::Security),
        None if matches!(port, 25 | 110 | 143 | 587) => Security::StartTls,
        None => Security::Tls,
    };
    Ok(Server { host: host.to_owned(), port, security, pin: None })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Security;

    #[test]
    fn servers_are_read_as_people_write_them() {
        let read = |text: &str| {
            let read = server(text).unwrap();
            (read.host, read.port, read.security)
        };
        assert_eq!(read("imap.example.org:993"), ("imap.example.org".into(), 993, Security::Tls));
        assert_eq!(read("h:143"), ("h".into(), 143, Security::StartTls));
        assert_eq!(read("h:587"), ("h".into(), 587, Security::StartTls));
        assert_eq!(read("localhost:10143:plain"), ("localhost".into(), 10143, Security::Plain));
        assert_eq!(read("127.0.0.1:1:STARTTLS"), ("127.0.0.1".into(), 1, Security::StartTls));
        assert_eq!(read("[::1]:993:tls"), ("::1".into(), 993, Security::Tls));
        assert_eq!(read("메일.한국:993"), ("메일.한국".into(), 993, Security::Tls));
        for (text, why) in [
            ("imap.example.org", ServerForm::Shape),
            ("[::1]993", ServerForm::Shape),
            ("h:0", ServerForm::Port),
            ("h:65536", ServerForm::Port),
            ("h:x:tls", ServerForm::Port),
            ("h:993:ssl", ServerForm::Security),
            (":993", ServerForm::Host),
            ("a b:993", ServerForm::Host),
            ("[nope]:993", ServerForm::Host),
            ("https://h:993", ServerForm::Port),
        ] {
            assert_eq!(server(text), Err(why), "{text}");
        }
    }

    #[test]
    fn only_this_computer_is_here() {
        let here = |text: &str| server(text).unwrap().is_here();
        assert!(here("localhost:1") && here("127.3.2.1:1") && here("[::1]:1"));
        assert!(!here("localhost.example.org:1") && !here("192.168.0.1:1"));
    }
}
