use super::sanitise;
use proptest::prelude::*;

#[test]
fn names_are_made_safe() {
    for (raw, safe) in [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.exe", "a.exe"),
        ("a/", "a"),
        ("한글 문서.hwp", "한글 문서.hwp"),
        ("photo\u{202e}gpj.exe", "photogpj.exe"),
        ("a\u{200b}b\u{0}c\n.txt", "abc .txt"),
        ("a.exe . .", "a.exe"),
        ("a:b*c?\"<>|.txt", "a_b_c_____.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("lpt0", "lpt0"),
        (".bashrc", ".bashrc"),
    ] {
        assert_eq!(sanitise(raw).as_deref(), Some(safe), "{raw}");
    }
    for raw in ["", ".", "..", "...", " . ", "/", "\\", "../..", "\u{202e}", "\0"] {
        assert_eq!(sanitise(raw), None, "{raw:?}");
    }
}

#[test]
fn long_names_keep_their_extension() {
    let long = sanitise(&format!("{}.hwp", "가".repeat(200))).unwrap();
    assert!(long.len() <= 255 && long.ends_with("가.hwp"));
    let long = sanitise(&format!("a.{}", "b".repeat(400))).unwrap();
    assert_eq!(long.len(), 255);
}

proptest! {
    #[test]
    fn always_safe(raw in "\\PC{0,300}|[./\\\\ a-c\0-\u{20}]{0,20}") {
        if let Some(name) = sanitise(&raw) {
            prop_assert!(!name.is_empty() && name.len() <= 255);
            prop_assert!(!name.contains(['/', '\\', ':', '"', '<', '>', '|', '?', '*']));
            prop_assert!(name.chars().any(|c| c != '.'));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!(!name.ends_with(['.', ' ']));
        }
    }
}
