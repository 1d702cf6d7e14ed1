#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;
use std::os::unix::fs::PermissionsExt as _;

/// Cheap to make, for tests that make many.
const CHEAP: Cost = Cost { memory: 8, passes: 1, lanes: 1 };

fn typed(profile: &Path, passphrase: &str) -> SecretFile {
    SecretFile::new(profile, Passphrase::Typed(Secret::new(passphrase.into())))
}

fn secret(text: &str) -> Secret {
    Secret::new(text.into())
}

#[test]
fn secrets_come_back_and_only_their_owner_may_read_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = typed(dir.path(), "열려라 참깨");
    assert_eq!(file.get(1).unwrap(), None);
    file.set(1, Some(&secret("비밀번호 one"))).unwrap();
    file.set(7, Some(&secret("seven"))).unwrap();
    file.set(7, Some(&secret("seven, changed"))).unwrap();

    let path = dir.path().join(NAME);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(&path).unwrap();
    for known in ["비밀번호 one", "seven", "열려라"] {
        assert!(!bytes.windows(known.len()).any(|window| window == known.as_bytes()));
    }

    let again = typed(dir.path(), "열려라 참깨");
    assert_eq!(again.get(1).unwrap(), Some(secret("비밀번호 one")));
    assert_eq!(again.get(7).unwrap(), Some(secret("seven, changed")));
    again.set(1, None).unwrap();
    assert_eq!(file.get(1).unwrap(), None);
    assert_eq!(file.get(7).unwrap(), Some(secret("seven, changed")));
}

#[test]
fn another_passphrase_opens_nothing_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    typed(dir.path(), "right").set(1, Some(&secret("one"))).unwrap();
    let before = std::fs::read(dir.path().join(NAME)).unwrap();
    let wrong = typed(dir.path(), "wrong");
    assert_eq!(wrong.get(1), Err(SecretsError::Passphrase));
    assert_eq!(wrong.set(1, Some(&secret("two"))), Err(SecretsError::Passphrase));
    assert_eq!(std::fs::read(dir.path().join(NAME)).unwrap(), before);
}

#[test]
fn the_passphrase_is_read_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("passphrase");
    let file = || SecretFile::new(dir.path(), Passphrase::In(place.clone()));
    let refused = file().set(1, Some(&secret("one"))).unwrap_err();
    assert!(matches!(refused, SecretsError::PassphraseFile { .. }), "{refused}");
    for empty in ["", "\n", "\r\n"] {
        std::fs::write(&place, empty).unwrap();
        let refused = file().set(1, Some(&secret("one"))).unwrap_err();
        assert!(refused.to_string().contains("empty"), "{refused}");
    }
    // An editor's line end is not part of it.
    std::fs::write(&place, "open sesame\n").unwrap();
    file().set(1, Some(&secret("one"))).unwrap();
    assert_eq!(typed(dir.path(), "open sesame").get(1).unwrap(), Some(secret("one")));
    std::fs::write(&place, "x".repeat(70_000)).unwrap();
    assert!(file().get(1).unwrap_err().to_string().contains("too long"));
}

#[test]
fn whatever_bit_changes_it_is_noticed() {
    let file = SecretFile::new(Path::new("/nowhere"), Passphrase::Typed(secret("p")));
    let made = file.make(CHEAP, [7; 16]).unwrap();
    let entries: Entries = [(3, secret("three")), (4, secret(""))].into();
    let good = seal(&made, [9; 24], &entries).unwrap();
    assert_eq!(Sealed::read(&good).unwrap().open(&made.key).unwrap(), entries);
    for at in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        let opened = Sealed::read(&bad).and_then(|sealed| sealed.open(&made.key));
        assert!(opened.is_err(), "bit {at}");
    }
    for length in 0..good.len() {
        let opened = Sealed::read(&good[..length]).and_then(|sealed| sealed.open(&made.key));
        assert!(opened.is_err(), "{length} bytes");
    }
}

#[test]
fn a_header_that_asks_for_all_memory_is_refused_before_any_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let file = typed(dir.path(), "p");
    file.set(1, Some(&secret("one"))).unwrap();
    let good = std::fs::read(dir.path().join(NAME)).unwrap();
    for (at, value) in [(9, u32::MAX), (9, MOST.memory + 1), (13, u32::MAX), (13, MOST.passes + 1)]
    {
        let mut bad = good.clone();
        bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
        std::fs::write(dir.path().join(NAME), &bad).unwrap();
        let refused = typed(dir.path(), "p").get(1).unwrap_err();
        assert_eq!(refused, SecretsError::Damaged("its header asks for too much"));
    }
    let mut newer = good;
    newer[8] = 2;
    std::fs::write(dir.path().join(NAME), &newer).unwrap();
    assert_eq!(typed(dir.path(), "p").get(1), Err(SecretsError::TooNew));
}

#[test]
fn no_two_writes_share_a_nonce_and_a_broken_write_leaves_the_old_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = typed(dir.path(), "p");
    let mut nonces = std::collections::BTreeSet::new();
    for round in 0..5 {
        file.set(1, Some(&secret(&round.to_string()))).unwrap();
        let bytes = std::fs::read(dir.path().join(NAME)).unwrap();
        assert!(nonces.insert(bytes[50..74].to_vec()));
    }
    // Where the new file would go, nothing can be written.
    let path = dir.path().join(NAME);
    let before = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    std::fs::write(path.join("in the way"), "").unwrap();
    assert!(file.set(1, Some(&secret("lost"))).is_err());
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::write(&path, before).unwrap();
    assert_eq!(file.get(1).unwrap(), Some(secret("4")));
}

proptest! {
    #[test]
    fn anything_else_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Sealed::read(&bytes).is_err());
        let mut dressed = b"goyo-sec\x01".to_vec();
        dressed.extend(&bytes);
        if let Ok(sealed) = Sealed::read(&dressed) {
            prop_assert!(sealed.open(&[1; 32]).is_err());
        }
    }
}
