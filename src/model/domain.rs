//! Names of domains.

/// Whether a name is this domain, or lies below it. Both without a dot at their end.
pub fn lies_in(name: &str, domain: &str) -> bool {
    let front = name.len().checked_sub(domain.len());
    front.and_then(|front| name.split_at_checked(front)).is_some_and(|(front, tail)| {
        tail.eq_ignore_ascii_case(domain) && (front.is_empty() || front.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::lies_in;

    #[test]
    fn a_name_lies_in_a_domain_or_is_it() {
        assert!(lies_in("imap.mail.YAHOO.com", "yahoo.com"));
        assert!(lies_in("yahoo.com", "yahoo.com"));
        assert!(!lies_in("notyahoo.com", "yahoo.com"));
        assert!(!lies_in("com", "yahoo.com"));
        assert!(!lies_in("고요", "요"));
    }
}
