//! Expected values come from Python's codecs (3.11) and from RFC examples; the
//! round trips use encoding_rs as the other side.

use super::*;
use proptest::prelude::*;

const KOREAN: &str = "안녕하세요, 고요입니다. 漢字 ①";

fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

#[test]
fn korean_encodings_made_by_python() {
    let iso: &[u8] = b"\x1b$)C\x0e>H3gGO<<?d\x0f, \x0e0m?d@T4O4Y\x0f. \x0eySm.\x0f \x0e(g\x0f";
    let johab: &[u8] =
        b"\xb4e\x91w\xd0a\xadA\xb6a, \x89\xa1\xb6a\xb7\xb3\x93\xa1\x94a. \xf7\xd3\xf1\xae \xdc\xe7";
    let cp949: &[u8] = b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4, \xb0\xed\xbf\xe4\xc0\xd4\xb4\xcf\xb4\xd9. \xf9\xd3\xed\xae \xa8\xe7";
    assert_eq!(decode(iso, Some("iso-2022-kr")), (KOREAN.into(), "iso-2022-kr"));
    assert_eq!(decode(johab, Some("johab")), (KOREAN.into(), "johab"));
    for label in [
        "euc-kr",
        "ks_c_5601-1987",
        "KS_C_5601",
        "ksc5601",
        "cp949",
        "x-windows-949",
        "ms949",
        "uhc",
        "\"EUC-KR\"",
        "korean",
        "euc_kr",
        "ks_c_5601-1989",
        "x-cp949",
    ] {
        assert_eq!(decode(cp949, Some(label)), (KOREAN.into(), "euc-kr"), "{label}");
    }
    // Syllables that KS X 1001 lacks and CP949 adds.
    let extended = b"\x8cc\xb9\xe6\xb0\xa2\xc7\xcf \xbc\x84\xbd\xc3\xc4\xdd\xb6\xf3";
    assert_eq!(decode(extended, Some("euc-kr")).0, "똠방각하 펲시콜라");
}

#[test]
fn iso_2022_kr_without_its_designation_and_over_line_ends() {
    assert_eq!(decode(b"\x0e>H3g\x0f hi", Some("ISO-2022-KR")).0, "안녕 hi");
    // RFC 1557: a line begins in ASCII, whatever the last one ended in.
    assert_eq!(decode(b"\x0e>H3g\nabc", Some("iso-2022-kr")).0, "안녕\nabc");
    // Unlabelled, it announces itself.
    assert_eq!(decode(b"\x1b$)C\x0e>H3g\x0f", None), ("안녕".into(), "iso-2022-kr"));
    assert_eq!(decode(b"\x1b$)C\x0e>H3g\x0f", Some("us-ascii")), ("안녕".into(), "iso-2022-kr"));
    assert_eq!(decode(b"\x1b$)C\x0e>H3g\x0f", Some("euc-kr")), ("안녕".into(), "iso-2022-kr"));
}

/// Python: every pair of bytes its `euc_kr` codec knows, as UTF-8, FNV-1a.
#[test]
fn iso_2022_kr_covers_ks_x_1001() {
    let (mut count, mut hash) = (0, FNV_START);
    for lead in 0xa1..=0xfeu8 {
        for trail in 0xa1..=0xfeu8 {
            let bytes = [0x0e, lead & 0x7f, trail & 0x7f];
            let (text, flawed) = Charset::Iso2022Kr.decode(&bytes);
            if !flawed && text.chars().count() == 1 && !is_unknown_to_python(lead, trail) {
                count += 1;
                hash = fnv(hash, text.as_bytes());
            }
        }
    }
    assert_eq!((count, hash), (8225, 0x9a8b_1f8d_0a7f_1823));
}

/// The postal mark is younger than Python's table; the filler begins a sequence
/// of eight bytes there.
fn is_unknown_to_python(lead: u8, trail: u8) -> bool {
    matches!((lead, trail), (0xa2, 0xe8) | (0xa4, 0xd4))
}

/// Python: every pair of bytes its `johab` codec knows but the second copies of
/// the single letters, with what they stand for, FNV-1a.
#[test]
fn johab_agrees_with_python_on_every_character() {
    let (mut count, mut hash) = (0, FNV_START);
    for lead in 0x80..=0xffu8 {
        for trail in 0x21..=0xfeu8 {
            let second_copy = lead == 0xda && (0xa1..=0xd3).contains(&trail);
            if second_copy || (lead, trail) == (0x84, 0x41) {
                continue;
            }
            let bytes = [lead, trail];
            let (text, flawed) = Charset::Johab.decode(&bytes);
            if !flawed && text.chars().count() == 1 {
                count += 1;
                hash = fnv(fnv(hash, &bytes), text.as_bytes());
            }
        }
    }
    assert_eq!((count, hash), (17_064, 0xc426_cc49_89b9_0f0b));
}

#[test]
fn hz_and_utf_7() {
    assert_eq!(decode(b"~{Dc:C#,J@=g~} ~~ ok", Some("hz-gb-2312")).0, "你好，世界 ~ ok");
    // RFC 1843's own example.
    assert_eq!(
        decode(
            b"This sentence is in ASCII.\nThe next sentence is in GB.~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.",
            Some("HZ")
        )
        .0,
        "This sentence is in ASCII.\nThe next sentence is in GB.己所不欲，勿施於人。Bye."
    );
    assert_eq!(
        decode(b"Hi Mom -+Jjo--! +xUixVQ A+ImIDkQ. 1+-1", Some("utf-7")).0,
        "Hi Mom -☺-! 안녕 A≢Α. 1+1"
    );
    // RFC 2152's.
    assert_eq!(decode(b"A+ImIDkQ.", Some("UNICODE-1-1-UTF-7")).0, "A≢Α.");
    assert_eq!(decode(b"+ZeVnLIqe-", Some("utf-7")), ("日本語".into(), "utf-7"));
    // Beyond the basic plane.
    assert_eq!(decode(b"+2D3eAA-", Some("utf-7")).0, "😀");
}

#[test]
fn japanese_and_chinese() {
    assert_eq!(decode(b"\x1b$BF|K\\8l%F%-%9%H\x1b(B", Some("iso-2022-jp")).0, "日本語テキスト");
    assert_eq!(decode(b"\x1b$BF|K\\8l%F%-%9%H\x1b(B", None).1, "iso-2022-jp");
    let sjis = b"\x93\xfa\x96{\x8c\xea\x83e\x83L\x83X\x83g";
    for label in ["shift_jis", "Shift-JIS", "x-sjis", "cp932", "windows-31j", "ms_kanji"] {
        assert_eq!(decode(sjis, Some(label)).0, "日本語テキスト", "{label}");
    }
    assert_eq!(decode(b"\xc1c\xc5\xe9\xa4\xa4\xa4\xe5", Some("big5")).0, "繁體中文");
    for label in ["gb2312", "GBK", "gb18030", "x-gbk", "cp936", "euc-cn", "gb_2312-80"] {
        assert_eq!(
            decode(b"\xbc\xf2\xcc\xe5\xd6\xd0\xce\xc4", Some(label)).0,
            "简体中文",
            "{label}"
        );
    }
}

#[test]
fn labels_as_mail_spells_them() {
    for (label, name) in [
        ("utf8", "utf-8"),
        ("UTF-8//TRANSLIT", "utf-8"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("utf-8*en", "utf-8"),
        ("\"iso-8859-1\"", "windows-1252"),
        ("iso8859_1", "windows-1252"),
        ("ISO_8859-1:1987", "windows-1252"),
        ("latin1", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("cp-1252", "windows-1252"),
        ("Windows1251", "windows-1251"),
        ("win-1251", "windows-1251"),
        ("x-cp1251", "windows-1251"),
        ("ansi_x3.4-1968", "us-ascii"),
        ("US-ASCII", "us-ascii"),
        ("iso-8859-8-i", "iso-8859-8-i"),
        ("iso-8859-9", "windows-1254"),
        ("iso8859-15", "iso-8859-15"),
        ("koi8r", "koi8-r"),
        ("koi8-r", "koi8-r"),
        ("ibm866", "ibm866"),
        ("cp866", "ibm866"),
        ("tis-620", "windows-874"),
        ("macintosh", "macintosh"),
        ("x-mac-cyrillic", "x-mac-cyrillic"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("hz-gb-2312", "hz-gb-2312"),
        ("csISO2022KR", "iso-2022-kr"),
    ] {
        assert_eq!(canonical(label), Some(name), "{label}");
    }
    for label in
        ["", "x-unknown", "unknown-8bit", "cp-850", "default", "replacement", "=?", "iso-2022-cn"]
    {
        assert_eq!(canonical(label), None, "{label}");
    }
    for name in SELECTABLE {
        assert!(decode_as(b"abc", name).is_some(), "{name}");
    }
    assert_eq!(decode_as(b"abc", "no such charset"), None);
}

#[test]
fn mislabelled_text_is_read_by_what_it_is() {
    let utf_8 = "고요: 안녕하세요".as_bytes();
    for label in ["us-ascii", "iso-8859-1", "windows-1252", "euc-kr", "x-unknown", "cp-850"] {
        assert_eq!(decode(utf_8, Some(label)), ("고요: 안녕하세요".into(), "utf-8"), "{label}");
    }
    let (euc, ..) = encoding_rs::EUC_KR.encode("안녕하세요, 고요입니다");
    for label in ["us-ascii", "iso-8859-1", "utf-8", "unknown"] {
        assert_eq!(
            decode(&euc, Some(label)),
            ("안녕하세요, 고요입니다".into(), "euc-kr"),
            "{label}"
        );
    }
    assert_eq!(decode(&euc, None), ("안녕하세요, 고요입니다".into(), "euc-kr"));
    // Western text stays Western.
    let (western, ..) = encoding_rs::WINDOWS_1252.encode("Ça déjà été à l’hôtel, “naïf” — £5");
    assert_eq!(decode(&western, Some("iso-8859-1")).1, "windows-1252");
    assert_eq!(
        decode(b"costs \xa3200 or \xa313m", None),
        ("costs £200 or £13m".into(), "windows-1252")
    );
    assert_eq!(decode(b"caf\xe9", Some("us-ascii")), ("café".into(), "windows-1252"));
}

#[test]
fn a_flaw_does_not_change_the_charset() {
    let mut cut = "안녕하세요 고요입니다".as_bytes().to_vec();
    cut.pop();
    let (text, used) = decode(&cut, Some("utf-8"));
    assert_eq!((text.starts_with("안녕하세요 고요입니"), used), (true, "utf-8"));
    assert_eq!(decode(&cut, None).1, "utf-8");
    let (mut euc, ..) = encoding_rs::EUC_KR.encode("안녕하세요 고요입니다");
    euc.to_mut().pop();
    assert_eq!(decode(&euc, Some("euc-kr")).1, "euc-kr");
}

#[test]
fn unlabelled_text_in_other_charsets() {
    for (encoding, name, text) in [
        (encoding_rs::SHIFT_JIS, "shift_jis", "これは日本語のテキストです。カタカナも含みます。"),
        (encoding_rs::EUC_JP, "euc-jp", "これは日本語のテキストです。カタカナも含みます。"),
        (
            encoding_rs::WINDOWS_1251,
            "windows-1251",
            "Древний Египет на берегу великой реки, пирамида Хеопса",
        ),
        (encoding_rs::BIG5, "big5", "這是一封用繁體中文寫成的電子郵件，請查收。"),
        (
            encoding_rs::WINDOWS_1254,
            "windows-1254",
            "Türkiye'de artık bilgisayarınıza süratle yüklenir, İstediğiniz albümler",
        ),
    ] {
        let (bytes, ..) = encoding.encode(text);
        assert_eq!(decode(&bytes, None), (text.into(), name));
    }
}

#[test]
fn the_letter_around_it_is_a_hint() {
    let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("会議");
    assert_eq!(decode_with_hint(&bytes, None, Some("shift_jis")).0, "会議");
    let (bytes, ..) = encoding_rs::GBK.encode("会议");
    assert_eq!(decode_with_hint(&bytes, None, Some("gb2312")).0, "会议");
}

#[test]
fn byte_order_marks_outrank_labels() {
    assert_eq!(decode("\u{feff}고요".as_bytes(), Some("euc-kr")), ("고요".into(), "utf-8"));
    assert_eq!(decode(b"\xff\xfea\0b\0", None), ("ab".into(), "utf-16le"));
    assert_eq!(decode(b"\xfe\xff\0a\0b", None), ("ab".into(), "utf-16be"));
    assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0", None), ("a".into(), "utf-32"));
    assert_eq!(decode(b"a\0b\0", Some("utf-16")).0, "ab");
    assert_eq!(decode(b"\0a\0b", Some("utf-16")).0, "ab");
}

#[test]
fn plain_ascii_is_not_copied() {
    for label in [None, Some("utf-8"), Some("euc-kr"), Some("nonsense")] {
        assert!(matches!(decode(b"plain", label).0, Cow::Borrowed("plain")));
    }
}

proptest! {
    #[test]
    fn decoding_never_fails(bytes in proptest::collection::vec(any::<u8>(), 0..200), label in "[a-z0-9_*-]{0,16}") {
        let _ = decode(&bytes, Some(&label));
        let _ = decode(&bytes, None);
        for name in SELECTABLE {
            prop_assert!(decode_as(&bytes, name).is_some());
        }
    }

    #[test]
    fn what_encoding_rs_encodes_comes_back(text in "[a-zA-Z0-9 가-힣一-龥ぁ-んァ-ヶа-яА-Яα-ωéüñçß]{1,40}") {
        for encoding in [
            encoding_rs::UTF_8, encoding_rs::EUC_KR, encoding_rs::GB18030, encoding_rs::BIG5,
            encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP,
            encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R, encoding_rs::WINDOWS_1253,
            encoding_rs::WINDOWS_1252, encoding_rs::ISO_8859_2,
        ] {
            let (bytes, _, unmappable) = encoding.encode(&text);
            if !unmappable {
                let decoded = decode_as(&bytes, encoding.name());
                prop_assert_eq!(decoded.as_deref(), Some(text.as_str()), "{}", encoding.name());
            }
        }
    }

    #[test]
    fn iso_2022_kr_round_trips(text in "[a-zA-Z0-9 ]{0,8}[가-힣]{0,12}[a-z ]{0,4}") {
        // The inverse, written here from the RFC.
        let mut iso = Vec::new();
        let mut shifted = false;
        for c in text.chars() {
            let c = c.to_string();
            let (bytes, ..) = encoding_rs::EUC_KR.encode(&c);
            // Syllables that only CP949 has cannot be said in it.
            if bytes.len() == 2 && bytes.iter().any(|b| *b < 0xa1) {
                return Ok(());
            }
            if (bytes.len() == 2) != shifted {
                shifted = !shifted;
                iso.push(if shifted { 0x0e } else { 0x0f });
            }
            iso.extend(bytes.iter().map(|b| b & 0x7f));
        }
        let decoded = decode_as(&iso, "iso-2022-kr");
        prop_assert_eq!(decoded.as_deref(), Some(text.as_str()));
    }

    #[test]
    fn utf_7_round_trips(text in "\\PC{0,30}") {
        // Everything in base64, as the RFC allows.
        let mut bits = 0u32;
        let mut held = 0;
        let mut out = vec![b'+'];
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for unit in text.encode_utf16() {
            bits = bits << 16 | u32::from(unit);
            held += 16;
            while held >= 6 {
                held -= 6;
                out.push(digits[(bits >> held & 63) as usize]);
                bits &= (1 << held) - 1;
            }
        }
        if held > 0 {
            out.push(digits[(bits << (6 - held) & 63) as usize]);
        }
        out.push(b'-');
        if !text.is_empty() {
            let decoded = decode_as(&out, "utf-7");
            prop_assert_eq!(decoded.as_deref(), Some(text.as_str()));
        }
    }
}
