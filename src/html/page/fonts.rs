//! Fonts of letters, all of them mapped before the process is locked.
//!
//! The system's own list is asked once; what mail uses is taken from it by value
//! into a collection that knows no files, so that nothing is ever opened later.
//! Pretendard comes with the program and stands first: a fresh machine and every
//! test draw the same Hangul and Latin.

use fontique::{
    Blob, Collection, CollectionOptions, FallbackKey, FamilyId, FamilyInfo, FontInfoOverride,
    FontStyle, FontWeight, GenericFamily, Script, SourceCache, SourceId,
};
use parley::FontContext;
use std::collections::HashSet;
use std::sync::Arc;

/// The typeface that comes with the program: regular, semibold, bold. Letters and the window
/// use the same bytes.
pub static PRETENDARD: [&[u8]; 3] = [&REGULAR, &SEMIBOLD, &BOLD];

// By value: behind a reference the compiler puts them into the program once for every place
// that speaks of them.
static REGULAR: [u8; include_bytes!("../../../assets/fonts/Pretendard-Regular.otf").len()] =
    *include_bytes!("../../../assets/fonts/Pretendard-Regular.otf");
static SEMIBOLD: [u8; include_bytes!("../../../assets/fonts/Pretendard-SemiBold.otf").len()] =
    *include_bytes!("../../../assets/fonts/Pretendard-SemiBold.otf");
static BOLD: [u8; include_bytes!("../../../assets/fonts/Pretendard-Bold.otf").len()] =
    *include_bytes!("../../../assets/fonts/Pretendard-Bold.otf");

/// Files mapped, and the bytes they may have together.
const MAX_FILES: usize = 96;
const MAX_MAPPED: usize = 384 * 1024 * 1024;

/// Files of one family: four weights, upright and slanted.
const MAX_FILES_OF_FAMILY: usize = 8;

/// Families letters name, where they are installed.
const NAMED: &[&str] = &[
    "Arial",
    "Helvetica",
    "Helvetica Neue",
    "Verdana",
    "Tahoma",
    "Trebuchet MS",
    "Segoe UI",
    "Calibri",
    "Times New Roman",
    "Times",
    "Georgia",
    "Cambria",
    "Palatino",
    "Courier New",
    "Courier",
    "Consolas",
    "Menlo",
    "Roboto",
    "Open Sans",
    "Lato",
    "Malgun Gothic",
    "맑은 고딕",
    "Apple SD Gothic Neo",
    "Nanum Gothic",
    "NanumGothic",
    "NanumMyeongjo",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Noto Serif CJK KR",
    "Batang",
    "Gulim",
    "Dotum",
];

/// Families with the same widths as those letters name (or the nearest in look),
/// for machines without the latter: the name asked for, and who stands in.
const STAND_INS: &[(&[&str], &[&str])] = &[
    (&["Arial", "Helvetica"], &["Liberation Sans", "Arimo", "Nimbus Sans"]),
    (&["Times New Roman", "Times"], &["Liberation Serif", "Tinos", "Nimbus Roman"]),
    (&["Courier New", "Courier"], &["Liberation Mono", "Cousine", "Nimbus Mono PS"]),
    (&["Georgia"], &["Gelasio"]),
    (&["Calibri"], &["Carlito"]),
    (&["Cambria"], &["Caladea"]),
    (&["Verdana", "Tahoma"], &["DejaVu Sans"]),
];

/// Scripts for which a family of the system is taken.
const SCRIPTS: &[[u8; 4]] = &[
    *b"Hani", *b"Hira", *b"Kana", *b"Bopo", *b"Cyrl", *b"Grek", *b"Arab", *b"Hebr", *b"Thai",
    *b"Deva", *b"Beng", *b"Taml", *b"Telu", *b"Gujr", *b"Guru", *b"Knda", *b"Mlym", *b"Sinh",
    *b"Khmr", *b"Laoo", *b"Mymr", *b"Tibt", *b"Geor", *b"Armn", *b"Ethi", *b"Mong", *b"Zyyy",
    *b"Zsye", *b"Zsym", *b"Brai", *b"Zmth",
];

const GENERICS: &[GenericFamily] = &[
    GenericFamily::Serif,
    GenericFamily::SansSerif,
    GenericFamily::Monospace,
    GenericFamily::Cursive,
    GenericFamily::Fantasy,
    GenericFamily::SystemUi,
    GenericFamily::UiSerif,
    GenericFamily::UiSansSerif,
    GenericFamily::UiMonospace,
    GenericFamily::UiRounded,
    GenericFamily::Emoji,
    GenericFamily::Math,
    GenericFamily::FangSong,
];

/// Maps everything a letter may need. `with_system` is false in tests, so that
/// they look the same on every machine.
pub(super) fn load(with_system: bool) -> FontContext {
    let mut larder = Larder {
        system: Collection::new(CollectionOptions { shared: false, system_fonts: with_system }),
        files: SourceCache::default(),
        taken: HashSet::new(),
        known: HashSet::new(),
        mapped: 0,
        collection: Collection::new(CollectionOptions { shared: false, system_fonts: false }),
    };
    let own = larder.bundled();
    larder.named();
    larder.generics(own);
    larder.fallbacks(own);
    FontContext { collection: larder.collection, source_cache: SourceCache::default() }
}

/// No fonts at all, for a document that is never laid out. One made without a word
/// about fonts would ask the system for all it has.
pub(super) fn none() -> FontContext {
    let options = CollectionOptions { shared: false, system_fonts: false };
    FontContext { collection: Collection::new(options), source_cache: SourceCache::default() }
}

struct Larder {
    system: Collection,
    files: SourceCache,
    /// Files, and under which names their families are known.
    taken: HashSet<SourceId>,
    known: HashSet<(SourceId, String)>,
    mapped: usize,
    collection: Collection,
}

impl Larder {
    fn bundled(&mut self) -> Option<FamilyId> {
        let mut own = None;
        for bytes in PRETENDARD {
            let blob = Blob::new(Arc::new(bytes));
            own = self.collection.register_fonts(blob, None).first().map(|(id, _)| *id).or(own);
        }
        // The bullets of lists.
        let bullets = Blob::new(Arc::new(blitz_dom::BULLET_FONT));
        self.collection.register_fonts(bullets, None);
        own
    }

    /// Takes a family of the system over, by value. Its name stays.
    fn take(&mut self, family: &FamilyInfo, name: Option<&str>) -> Option<FamilyId> {
        let mut files = 0;
        let mut seen = HashSet::new();
        for font in family.fonts() {
            let source = font.source().id();
            // Four weights are told apart by eye; the others cost room.
            let weight = font.weight().value();
            let plain =
                [FontWeight::NORMAL, FontWeight::MEDIUM, FontWeight::SEMI_BOLD, FontWeight::BOLD]
                    .iter()
                    .any(|kept| (kept.value() - weight).abs() < 1.0);
            let alone = family.fonts().len() <= 4;
            let upright = !matches!(font.style(), FontStyle::Oblique(Some(angle)) if angle == 0.0);
            if !(plain || alone) || !upright || !seen.insert(source) {
                continue;
            }
            if !self.known.insert((source, name.unwrap_or_default().to_owned())) {
                continue;
            }
            if files >= MAX_FILES_OF_FAMILY || self.taken.len() >= MAX_FILES {
                break;
            }
            let Some(blob) = font.load(Some(&mut self.files)) else { continue };
            if self.taken.insert(source) {
                self.mapped += blob.len();
                if self.mapped > MAX_MAPPED {
                    break;
                }
            }
            files += 1;
            let renamed =
                name.map(|name| FontInfoOverride { family_name: Some(name), ..Default::default() });
            self.collection.register_fonts(blob, renamed);
        }
        self.collection.family_id(name.unwrap_or(family.name()))
    }

    fn take_by_id(&mut self, id: FamilyId) -> Option<FamilyId> {
        let family = self.system.family(id)?;
        self.take(&family, None)
    }

    fn named(&mut self) {
        for name in NAMED {
            if let Some(family) = self.system.family_by_name(name) {
                self.take(&family, None);
            }
        }
        for (asked, stand_ins) in STAND_INS {
            for name in *asked {
                if self.collection.family_id(name).is_some() {
                    continue;
                }
                let found = stand_ins.iter().find_map(|other| self.system.family_by_name(other));
                if let Some(family) = found {
                    self.take(&family, Some(name));
                }
            }
        }
    }

    fn generics(&mut self, own: Option<FamilyId>) {
        for generic in GENERICS {
            let of_system: Vec<FamilyId> = self.system.generic_families(*generic).take(1).collect();
            let taken = of_system.into_iter().filter_map(|id| self.take_by_id(id));
            let taken: Vec<FamilyId> = taken.collect();
            let own_first = matches!(
                generic,
                GenericFamily::SansSerif
                    | GenericFamily::SystemUi
                    | GenericFamily::UiSansSerif
                    | GenericFamily::UiRounded
            );
            let (before, after) = if own_first { (own, None) } else { (None, own) };
            // Emoji are never drawn by a font for reading.
            let after = after.filter(|_| *generic != GenericFamily::Emoji);
            let all = before.into_iter().chain(taken).chain(after);
            let all: Vec<FamilyId> = all.collect();
            self.collection.set_generic_families(*generic, all.into_iter());
        }
    }

    fn fallbacks(&mut self, own: Option<FamilyId>) {
        for script in [*b"Latn", *b"Hang"] {
            let script = Script::from_bytes(script);
            let of_system: Vec<FamilyId> = self.system.fallback_families(script).take(1).collect();
            let taken = of_system.into_iter().filter_map(|id| self.take_by_id(id));
            let all: Vec<FamilyId> = own.into_iter().chain(taken).collect();
            self.collection.set_fallbacks(script, all.into_iter());
        }
        for script in SCRIPTS {
            let script = Script::from_bytes(*script);
            self.fallback(FallbackKey::from(script), own);
        }
        for language in ["ko", "ja", "zh-TW", "zh-HK"] {
            self.fallback(FallbackKey::from((Script::from_bytes(*b"Hani"), language)), own);
        }
    }

    fn fallback(&mut self, key: FallbackKey, own: Option<FamilyId>) {
        let of_system: Vec<FamilyId> = self.system.fallback_families(key).take(1).collect();
        let taken = of_system.into_iter().filter_map(|id| self.take_by_id(id));
        let all: Vec<FamilyId> = taken.chain(own).collect();
        self.collection.set_fallbacks(key, all.into_iter());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use fontique::SourceKind;

    fn first(context: &mut FontContext, generic: GenericFamily) -> String {
        let id = context.collection.generic_families(generic).next().unwrap();
        context.collection.family_name(id).unwrap().to_owned()
    }

    #[test]
    fn pretendard_is_first_and_stands_in_for_everything_on_a_bare_machine() {
        let mut context = load(false);
        for generic in [
            GenericFamily::SansSerif,
            GenericFamily::SystemUi,
            GenericFamily::Serif,
            GenericFamily::Monospace,
        ] {
            assert_eq!(first(&mut context, generic), "Pretendard");
        }
        let family = context.collection.family_by_name("Pretendard").unwrap();
        let mut weights: Vec<f32> = family.fonts().iter().map(|f| f.weight().value()).collect();
        weights.sort_by(f32::total_cmp);
        assert_eq!(weights, [400.0, 600.0, 700.0]);
    }

    #[test]
    fn no_font_is_left_in_a_file() {
        let mut context = load(true);
        let ids: Vec<FamilyId> = context.collection.family_ids().collect();
        assert!(ids.len() <= 2 * MAX_FILES + 2, "{}", ids.len());
        for id in ids {
            for font in context.collection.family(id).unwrap().fonts() {
                assert!(matches!(font.source().kind(), SourceKind::Memory(_)));
            }
        }
        assert_eq!(first(&mut context, GenericFamily::SansSerif), "Pretendard");
    }
}
