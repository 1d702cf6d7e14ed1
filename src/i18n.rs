//! Strings people see, in Korean and English (Fluent, `i18n/`).
//!
//! Both languages have every string; what the rooms below say in English and we
//! have a translation for (header fields) stands in a file of its own.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 한국어.
    Korean,
    /// English.
    English,
}

const KOREAN: &str = include_str!("../i18n/ko.ftl");
const KOREAN_HEADERS: &str = include_str!("../i18n/ko-headers.ftl");
const ENGLISH: &str = include_str!("../i18n/en.ftl");

impl Language {
    /// The language of this computer; English where it is neither.
    pub fn of_system() -> Self {
        match sys_locale::get_locale() {
            Some(locale) if locale.to_ascii_lowercase().starts_with("ko") => Self::Korean,
            _ => Self::English,
        }
    }

    /// Its short name: `ko`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    /// By its short name.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ko" => Some(Self::Korean),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Korean => Self::English,
            Self::English => Self::Korean,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        // Both are well-formed; the default is no language at all.
        self.code().parse().unwrap_or_default()
    }
}

/// The strings of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// Reads the strings of a language. What cannot be read is left out: a test
    /// guards that everything can.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Marks around every name would be shown as boxes by some fonts.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(number));
        let files: &[&str] = match language {
            Language::Korean => &[KOREAN, KOREAN_HEADERS],
            Language::English => &[ENGLISH],
        };
        for file in files {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language this is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A string. An unknown name comes back as itself.
    pub fn say(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| name.to_owned())
    }

    /// A string with values in it.
    pub fn say_with(&self, name: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(name, Some(&args)).unwrap_or_else(|| name.to_owned())
    }

    /// A string that may not be there.
    pub fn find(&self, name: &str) -> Option<String> {
        self.format(name, None)
    }

    fn format(&self, name: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(name)?.value()?;
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, args, &mut errors).into_owned())
    }
}

/// Numbers with commas between thousands, as both languages write them.
fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(grouped(number.value as i64))
        }
        _ => None,
    }
}

/// A whole number with commas between thousands.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn keys(file: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        for line in file.lines() {
            let name = line.split('=').next().unwrap().trim();
            if line.contains('=')
                && line.starts_with(|c: char| c.is_ascii_alphabetic())
                && !name.contains(' ')
            {
                assert!(seen.insert(name.to_owned()), "{name} stands there twice");
            }
        }
        seen
    }

    /// Every word in quotes in the window's sources that looks like the name of a
    /// string: `bar-blocked`, `name`.
    fn quoted(dir: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                quoted(&path, found);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for piece in source.split('"') {
                let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                if !piece.is_empty() && piece.chars().all(named) {
                    found.insert(piece.to_owned());
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_strings_and_all_that_are_used() {
        let (korean, english) = (keys(KOREAN), keys(ENGLISH));
        assert_eq!(korean.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(english.difference(&korean).collect::<Vec<_>>(), Vec::<&String>::new());
        let mut named = BTreeSet::new();
        quoted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gui"), &mut named);
        // What is named like a string of ours is one; what is not named is not needed.
        let group = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
        let groups: BTreeSet<String> =
            korean.iter().filter(|key| key.contains('-')).map(|key| group(key)).collect();
        let unknown: Vec<_> = named
            .iter()
            .filter(|name| name.contains('-') && groups.contains(&group(name)))
            .filter(|name| !korean.contains(*name))
            .filter(|name| {
                // Beginnings of keys; an icon; and fields.
                let others = ["service-", "warning-", "attachment-", "field-", "mail-open"];
                let fields = ["receipt-server", "receipt-key"];
                !others.contains(&name.as_str()) && !fields.contains(&name.as_str())
            })
            .collect();
        assert_eq!(unknown, Vec::<&String>::new(), "named, but not there");
        // These are put together from what other rooms say, or named there.
        let made = ["service", "warning", "trouble", "advice", "print"];
        let unused: Vec<_> = korean
            .iter()
            .filter(|key| !named.contains(*key) && !made.contains(&group(key).as_str()))
            .collect();
        assert_eq!(unused, Vec::<&String>::new(), "there, but never named");
    }

    /// The string literals of a source that belong to the program itself: not those of tests,
    /// of comments, of attributes, nor what goes to a terminal.
    fn literals(source: &str) -> Vec<String> {
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = Vec::new();
        let mut rest = program;
        let mut skip = false;
        while let Some(at) = rest.find(['"', '/', '#', '\'', 'e']) {
            let after = &rest[at..];
            if after.starts_with("//") {
                rest = after.split_once('\n').map_or("", |(_, rest)| rest);
            } else if after.starts_with("#[error(") || after.starts_with("eprintln!(") {
                skip = true;
                rest = &after[2..];
            } else if let Some(behind) = after.strip_prefix("'\"'") {
                rest = behind;
            } else if let Some(inside) = after.strip_prefix('"') {
                let mut end = 0;
                let mut escaped = false;
                for (at, c) in inside.char_indices() {
                    end = at;
                    match c {
                        '"' if !escaped => break,
                        '\\' => escaped = !escaped,
                        _ => escaped = false,
                    }
                }
                if !std::mem::take(&mut skip) {
                    found.push(inside[..end].to_owned());
                }
                rest = &inside[end + 1..];
            } else {
                rest = &after[1..];
            }
        }
        found
    }

    /// Whether a literal reads like something that is said to somebody.
    fn is_said(literal: &str) -> bool {
        let hangul = literal.chars().any(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'));
        // Without what is put in at run time.
        let mut plain = String::new();
        let mut depth = 0;
        for c in literal.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                c if depth == 0 => plain.push(c),
                _ => {}
            }
        }
        let words = plain.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() > 1);
        let sentence = plain.contains(' ') && words.clone().count() > 1;
        // A word alone that begins like one in a title.
        let mut first = plain.chars();
        let title = first.next().is_some_and(|c| c.is_ascii_uppercase())
            && first.clone().count() > 1
            && first.all(|c| c.is_ascii_lowercase());
        hangul || sentence || title
    }

    #[test]
    fn no_string_that_somebody_sees_is_in_code() {
        fn sources(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => sources(&path, found),
                    false => found.push(path),
                }
            }
        }
        assert!(
            is_said("메일") && is_said("Show it") && is_said("Send") && is_said("{n} new mails")
        );
        assert!(!is_said("bar-blocked") && !is_said("{name}: {text}") && !is_said("utf-8"));
        let code = "say(\"a b c\"); // \"no no\"\n#[error(\"not seen\")] x('\"', \"Go on\")";
        assert_eq!(literals(code), ["a b c", "Go on"]);
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gui"), &mut files);
        let mut said = Vec::new();
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            // One speaks to a terminal, where there is no window; one reads what the engine
            // has written down; the names of themes and what tests type are seen by nobody.
            if ["display.rs", "talk.rs", "tests.rs", "theme.rs"].contains(&name.as_str()) {
                continue;
            }
            let seen = literals(&source).into_iter().filter(|literal| is_said(literal));
            said.extend(seen.map(|literal| format!("{name}: {literal}")));
        }
        // What keys are called on every keyboard; what languages call themselves; a typeface.
        let known = |said: &String| {
            let literal = said.split_once(": ").map_or("", |(_, literal)| literal);
            let key = |part: &str| {
                part.chars().count() == 1
                    || ["Ctrl", "Shift", "Enter", "Esc", "Tab", "Space", "Del"].contains(&part)
            };
            // And what people may type for a time.
            let other = ["한국어", "English", "Pretendard", "내일", "오후", "오전"];
            literal.replace("\\\\", "\\").split([' ', '+', ',']).filter(|p| !p.is_empty()).all(key)
                || other.contains(&literal)
        };
        said.retain(|said| !known(said));
        assert_eq!(said, Vec::<String>::new(), "these belong into i18n/");
    }

    #[test]
    fn whatever_is_odd_about_a_letter_has_words_in_both_languages() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut kinds = BTreeSet::from(["empty".to_owned(), "no-header".to_owned()]);
        for (file, before) in [
            ("mime/entity.rs", "defect("),
            ("mime/parse.rs", "defect("),
            ("mime/structure.rs", "defect("),
            ("privacy/oddities.rs", "say("),
        ] {
            let source = std::fs::read_to_string(root.join(file)).unwrap();
            let said = source.split(before).skip(1).filter_map(|rest| {
                let kind = rest.trim_start().strip_prefix('"')?.split('"').next()?;
                Some(kind.to_owned())
            });
            kinds.extend(said);
        }
        assert!(kinds.len() > 30, "{kinds:?}");
        let there = keys(KOREAN);
        let missing: Vec<_> =
            kinds.iter().filter(|kind| !there.contains(&format!("warning-{kind}"))).collect();
        assert_eq!(missing, Vec::<&String>::new());
    }

    #[test]
    fn every_file_is_read_without_an_error() {
        for file in [KOREAN, KOREAN_HEADERS, ENGLISH] {
            let read = FluentResource::try_new(file.to_owned());
            assert!(read.is_ok(), "{:?}", read.map_err(|(_, errors)| errors));
        }
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(100_000), "100,000");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
    }
}
