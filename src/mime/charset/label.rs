//! Charset labels as mail spells them → what decodes them.

use encoding_rs::Encoding;

/// Something that can decode bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// US-ASCII, which in mail says nothing about eight-bit bytes.
    Ascii,
    /// One of the WHATWG encodings.
    Whatwg(&'static Encoding),
    /// RFC 1557.
    Iso2022Kr,
    /// KS X 1001 annex 3, code page 1361.
    Johab,
    /// RFC 1843.
    Hz,
    /// RFC 2152.
    Utf7,
    /// UTF-16 of either byte order (RFC 2781).
    Utf16,
    /// UTF-32 of either byte order.
    Utf32,
}

impl Charset {
    /// What a label stands for, however it is misspelt.
    pub(crate) fn for_label(label: &str) -> Option<Self> {
        if label.len() > 200 {
            return None;
        }
        let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'<>;,=".contains(c));
        // iconv's "//TRANSLIT", RFC 2231's "*en", a comment, a second parameter.
        let label = label.split(['/', '*', '(', ';', ' ']).next().unwrap_or("");
        let lower = label.to_ascii_lowercase();
        let lower = lower.strip_prefix("charset=").unwrap_or(&lower);
        let lower = lower.strip_prefix("x-").filter(|l| !keeps_its_x(l)).unwrap_or(lower);
        if let Some(charset) = Self::ours(lower) {
            return Some(charset);
        }
        let squeezed: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
        Self::squeezed(&squeezed).or_else(|| Self::whatwg(lower)).or_else(|| {
            // `iso8859_1`, `ISO_8859-1:1987`, `windows1251`, `cp-1252`, `8859-1` …
            let digits: String = squeezed.chars().skip_while(|c| !c.is_ascii_digit()).collect();
            if let Some(part) = digits.strip_prefix("8859") {
                let part = part.strip_suffix("1987").filter(|p| !p.is_empty()).unwrap_or(part);
                let part: String = part.chars().take_while(char::is_ascii_digit).collect();
                return Self::whatwg(&format!("iso-8859-{part}"));
            }
            let family = squeezed.trim_end_matches(|c: char| c.is_ascii_digit());
            match family {
                "cp" | "windows" | "win" | "ms" | "codepage" | "ibm" | "microsoftcp" => {
                    Self::code_page(&digits)
                }
                _ => None,
            }
        })
    }

    fn ours(lower: &str) -> Option<Self> {
        Some(match lower {
            "us-ascii" | "ascii" | "iso-ir-6" | "ansi_x3.4-1968" | "ansi_x3.4-1986" | "us"
            | "iso646-us" | "iso_646.irv:1991" | "646" | "7bit" | "usascii" => Self::Ascii,
            "iso-2022-kr" | "csiso2022kr" => Self::Iso2022Kr,
            "hz-gb-2312" | "hz" | "hz-gb2312" => Self::Hz,
            "replacement" => return None,
            _ => return None,
        })
    }

    fn squeezed(squeezed: &str) -> Option<Self> {
        Some(match squeezed {
            "iso2022kr" | "2022kr" | "kr2022" => Self::Iso2022Kr,
            "johab" | "cp1361" | "ms1361" | "ksc56011992" | "windows1361" | "ksx1001johab" => {
                Self::Johab
            }
            "hzgb2312" | "hzgb" => Self::Hz,
            "utf7" | "unicode11utf7" | "unicode20utf7" | "csunicode11utf7" | "cp65000"
            | "utf7imap" => Self::Utf7,
            "utf16" | "utf16bom" | "ucs2" | "csunicode" | "unicode" | "iso10646ucs2" => Self::Utf16,
            "utf16be" | "unicodefffe" => Self::Whatwg(encoding_rs::UTF_16BE),
            "utf16le" | "unicodefeff" => Self::Whatwg(encoding_rs::UTF_16LE),
            "utf32" | "ucs4" | "utf32le" | "utf32be" | "iso10646ucs4" => Self::Utf32,
            "utf8" | "utf8mb4" | "unicode11utf8" | "unicode20utf8" | "cp65001" | "utf08"
            | "uft8" | "utf8n" | "utf8mb3" | "al32utf8" | "utf" => Self::Whatwg(encoding_rs::UTF_8),
            "ksc5601" | "ksc56011987" | "ksc56011989" | "ks5601" | "ksx1001" | "kscx1001"
            | "cp949" | "ms949" | "windows949" | "uhc" | "euckr" | "korean" | "isoir149"
            | "kseuckr" | "5601" | "cseuckr" | "eucksc5601" | "ksc" | "cp51949"
            | "windows51949" => Self::Whatwg(encoding_rs::EUC_KR),
            "gb2312" | "gb231280" | "euccn" | "gb23121980" | "cp936" | "ms936" | "windows936"
            | "gbk" | "gb18030" | "gb180302000" | "chinesegb" | "csgb2312" | "gb" => {
                Self::Whatwg(encoding_rs::GB18030)
            }
            "big5" | "big5hkscs" | "big5eten" | "cp950" | "ms950" | "windows950" | "big5tw" => {
                Self::Whatwg(encoding_rs::BIG5)
            }
            "shiftjis" | "sjis" | "mskanji" | "cp932" | "ms932" | "windows932" | "windows31j"
            | "sjiswin" | "sjisdocomo" | "shiftjisx0213" | "shiftjis2004" => {
                Self::Whatwg(encoding_rs::SHIFT_JIS)
            }
            "eucjp" | "ujis" | "eucjpms" | "eucjpwin" | "cp51932" => {
                Self::Whatwg(encoding_rs::EUC_JP)
            }
            "iso2022jp" | "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "iso2022jpms" | "jis"
            | "iso2022jp2004" | "cp50220" | "cp50221" | "cp50222" | "jis7" | "csiso2022jp" => {
                Self::Whatwg(encoding_rs::ISO_2022_JP)
            }
            "latin1" | "isolatin1" | "cp819" | "ibm819" | "ansi" | "western" => {
                Self::Whatwg(encoding_rs::WINDOWS_1252)
            }
            "koi8r" | "koi8" => Self::Whatwg(encoding_rs::KOI8_R),
            "koi8u" | "koi8ru" => Self::Whatwg(encoding_rs::KOI8_U),
            "macroman" | "mac" => Self::Whatwg(encoding_rs::MACINTOSH),
            "tis620" | "iso885911" | "cp874" => Self::Whatwg(encoding_rs::WINDOWS_874),
            "usascii" | "ascii7bit" | "asciius" => Self::Ascii,
            _ => return None,
        })
    }

    fn code_page(digits: &str) -> Option<Self> {
        match digits {
            "932" => Some(Self::Whatwg(encoding_rs::SHIFT_JIS)),
            "936" => Some(Self::Whatwg(encoding_rs::GB18030)),
            "949" => Some(Self::Whatwg(encoding_rs::EUC_KR)),
            "950" => Some(Self::Whatwg(encoding_rs::BIG5)),
            "1361" => Some(Self::Johab),
            "866" => Some(Self::Whatwg(encoding_rs::IBM866)),
            "874" => Some(Self::Whatwg(encoding_rs::WINDOWS_874)),
            "20866" => Some(Self::Whatwg(encoding_rs::KOI8_R)),
            "21866" => Some(Self::Whatwg(encoding_rs::KOI8_U)),
            _ => Self::whatwg(&format!("windows-{digits}")),
        }
    }

    fn whatwg(label: &str) -> Option<Self> {
        // "replacement" decodes to nothing: that is what the WHATWG wants of
        // ISO-2022-KR and its like, and what no reader wants.
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self::Whatwg)
    }

    /// Whether ASCII bytes mean themselves in it, so that pure ASCII needs no
    /// decoding.
    pub(crate) fn is_ascii_superset(self) -> bool {
        match self {
            Self::Ascii => true,
            Self::Whatwg(encoding) => encoding.is_ascii_compatible(),
            // Without SO and ESC (looked for elsewhere) it is ASCII, but SO has
            // to be looked for.
            Self::Iso2022Kr | Self::Hz | Self::Utf7 | Self::Utf16 | Self::Utf32 => false,
            Self::Johab => true,
        }
    }

    /// One byte, one Western character: the labels that are stamped on anything.
    pub(crate) fn is_western(self) -> bool {
        matches!(self, Self::Ascii)
            || self == Self::Whatwg(encoding_rs::WINDOWS_1252)
            || self == Self::Whatwg(encoding_rs::ISO_8859_15)
    }

    /// One byte, one character: nothing in the bytes can contradict it.
    pub(crate) fn is_single_byte(self) -> bool {
        match self {
            Self::Ascii => true,
            Self::Whatwg(encoding) => encoding.is_single_byte(),
            _ => false,
        }
    }

    /// Its lower-case name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ascii => "us-ascii",
            Self::Iso2022Kr => "iso-2022-kr",
            Self::Johab => "johab",
            Self::Hz => "hz-gb-2312",
            Self::Utf7 => "utf-7",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
            Self::Whatwg(encoding) => lower_name(encoding),
        }
    }
}

/// Labels whose `x-` is part of the name in the WHATWG list.
fn keeps_its_x(rest: &str) -> bool {
    matches!(rest, "user-defined" | "mac-cyrillic" | "mac-ukrainian" | "mac-roman")
}

/// `encoding_rs` writes names as the WHATWG does (`UTF-8`, `Shift_JIS`); ours
/// are lower-case throughout.
fn lower_name(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "UTF-8" => "utf-8",
        "Big5" => "big5",
        "EUC-JP" => "euc-jp",
        "EUC-KR" => "euc-kr",
        "GBK" => "gbk",
        "IBM866" => "ibm866",
        "ISO-2022-JP" => "iso-2022-jp",
        "ISO-8859-2" => "iso-8859-2",
        "ISO-8859-3" => "iso-8859-3",
        "ISO-8859-4" => "iso-8859-4",
        "ISO-8859-5" => "iso-8859-5",
        "ISO-8859-6" => "iso-8859-6",
        "ISO-8859-7" => "iso-8859-7",
        "ISO-8859-8" => "iso-8859-8",
        "ISO-8859-8-I" => "iso-8859-8-i",
        "ISO-8859-10" => "iso-8859-10",
        "ISO-8859-13" => "iso-8859-13",
        "ISO-8859-14" => "iso-8859-14",
        "ISO-8859-15" => "iso-8859-15",
        "ISO-8859-16" => "iso-8859-16",
        "KOI8-R" => "koi8-r",
        "KOI8-U" => "koi8-u",
        "Shift_JIS" => "shift_jis",
        "UTF-16BE" => "utf-16be",
        "UTF-16LE" => "utf-16le",
        // The rest are lower-case already.
        other => other,
    }
}
