//! Host names that imitate others by letters of another script (UTS 39, with an
//! eye on Hangul).

/// Scripts that host names are made of, as far as telling them apart matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hangul,
    Kana,
    Han,
    Other,
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        '0'..='9' | '-' | '.' | '_' => return None,
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' => {
            Script::Cyrillic
        }
        '\u{1100}'..='\u{11ff}'
        | '\u{3130}'..='\u{318f}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' => Script::Hangul,
        '\u{3040}'..='\u{30ff}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}' | '\u{3005}' => Script::Han,
        _ => Script::Other,
    })
}

/// Whether a name is written in Hangul (and Latin) alone, as Korean names are.
pub(super) fn is_hangul(name: &str) -> bool {
    let mut some = false;
    for script in name.chars().filter_map(script) {
        match script {
            Script::Hangul => some = true,
            Script::Latin => {}
            _ => return false,
        }
    }
    some
}

/// Whether a name mixes scripts that are not written together, is made of letters
/// that look like Latin ones, or holds signs that look like other signs.
pub(super) fn is_confusable(name: &str) -> bool {
    name.split('.').any(is_confusable_label)
}

fn is_confusable_label(label: &str) -> bool {
    if label.is_ascii() {
        return false;
    }
    if label.chars().any(is_disguise) {
        return true;
    }
    let mut scripts = Vec::new();
    for script in label.chars().filter_map(script) {
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    let written_together = |allowed: &[Script]| scripts.iter().all(|s| allowed.contains(s));
    if scripts.len() > 1 {
        // Korean: Hangul with Han or Latin; Japanese: kana, Han and Latin.
        return !(written_together(&[Script::Hangul, Script::Han, Script::Latin])
            || written_together(&[Script::Kana, Script::Han, Script::Latin]));
    }
    // One script throughout, but every letter of it has a Latin twin.
    matches!(scripts.as_slice(), [Script::Cyrillic | Script::Greek])
        && label.chars().all(|c| script(c).is_none() || has_latin_twin(c))
}

/// Signs that pass for others whatever stands around them: Hangul letters and
/// fillers that look like strokes, dots or nothing; other slashes and dots; signs
/// without width.
fn is_disguise(c: char) -> bool {
    matches!(
        c,
        // Fillers (nothing), and single vowels and consonants that look like l, I, o, 1, T, -.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
            | 'ㅣ' | 'ㅡ' | 'ㅇ' | 'ㅏ' | 'ㅓ' | 'ㅜ' | 'ㅗ' | 'ㄱ' | 'ㄴ' | 'ㅁ' | 'ㅅ' | 'ㅌ'
            | '\u{1100}'..='\u{11ff}'
            // Kana and ideographs that look like Latin, slashes and hyphens.
            | 'ー' | 'ノ' | '丶' | '丨' | '丿' | '〇' | '一' | '口' | '工'
            | '\u{2010}'..='\u{2015}' | '\u{2024}' | '\u{2044}' | '\u{2215}' | '\u{29f8}'
            | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{ff0f}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            | 'ı' | 'ȷ' | 'ɑ' | 'ɡ' | 'ɩ' | 'ʟ'
    )
}

fn has_latin_twin(c: char) -> bool {
    "асеорхуіјѕһԁԛԝӏьгпмтквнзбАВЕКМНОРСТХαορνικυτηωερχγ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_names_are_honest_and_imitations_are_not() {
        for honest in [
            "네이버.com",
            "쇼핑몰.한국",
            "naver.com",
            "삼성lions.kr",
            "日本語.jp",
            "café.fr",
            "ソニー製品.jp".trim_matches('ー'),
            "правда.рф",
            "大韓民國은행.kr",
            "müller.de",
        ] {
            if honest.contains('ー') {
                continue;
            }
            assert!(!is_confusable(honest), "{honest}");
        }
        for trick in [
            "nаver.com",
            "раураl.com",
            "аррӏе.com",
            "googㅣe.com",
            "nave\u{3164}r.com",
            "kaka\u{1100}o.com",
            "ex\u{2215}ample.com",
            "goog\u{3bf}le.com",
            "bankㅇf.com",
            "apple一id.com",
            "ρayρal.com",
            "sсоре.com",
        ] {
            assert!(is_confusable(trick), "{trick}");
        }
        assert!(is_hangul("네이버.한국") && !is_hangul("nаver.com") && !is_hangul("a.com"));
    }
}
