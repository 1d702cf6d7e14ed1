//! Paths as people type them.

use std::path::PathBuf;

/// Where what was typed or dropped leads; nowhere, where nothing is.
pub fn path(typed: &str) -> Option<PathBuf> {
    let typed = typed.trim().trim_matches('"').trim_matches('\'');
    if typed.is_empty() {
        return None;
    }
    let typed = typed.strip_prefix("file://").unwrap_or(typed);
    let home = || dirs::home_dir();
    Some(match typed.strip_prefix("~/") {
        Some(rest) => home().map_or_else(|| PathBuf::from(typed), |home| home.join(rest)),
        None if typed == "~" => home().unwrap_or_else(|| PathBuf::from(typed)),
        None => PathBuf::from(typed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_typed_pasted_or_quoted() {
        let home = dirs::home_dir().unwrap_or_default();
        assert_eq!(path("  "), None);
        assert_eq!(path("''"), None);
        assert_eq!(path(" \"/a b/c.mbox\" "), Some("/a b/c.mbox".into()));
        assert_eq!(path("file:///a/b"), Some("/a/b".into()));
        assert_eq!(path("~/메일"), Some(home.join("메일")));
        assert_eq!(path("~"), Some(home));
    }
}
