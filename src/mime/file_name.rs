//! Names of attachments, made safe to show and to save under.
//!
//! Promise: never empty, never a directory, never `.` or `..`, no control or
//! direction-changing characters, none that a file system refuses, at most 255
//! bytes with the extension kept.

use super::header::harmless;

/// Longest name that file systems take.
const MAX_BYTES: usize = 255;
/// What looks like an extension longer than this is not one.
const MAX_EXTENSION: usize = 32;

/// Makes a name from a letter safe; absent when nothing is left of it.
pub fn sanitise(name: &str) -> Option<String> {
    // Both kinds of separators: a letter from Windows may be read on Unix.
    let name = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?;
    let mut clean: String = harmless(name)
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if r#":*?"<>|"#.contains(c) { '_' } else { c })
        .collect();
    // Windows drops trailing blanks and dots: `a.exe .` would become `a.exe`.
    let kept = clean.trim_end_matches(['.', ' ']).len();
    clean.truncate(kept);
    let clean = clean.trim_start();
    if clean.is_empty() || clean.chars().all(|c| c == '.') {
        return None;
    }
    let stem = clean.split('.').next().unwrap_or(clean);
    let clean = if is_device(stem) { format!("_{clean}") } else { clean.to_owned() };
    Some(shortened(clean))
}

/// Characters of no width that only serve to deceive.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{ad}')
}

/// Names Windows keeps for devices.
fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit() && c != '0'))
}

fn shortened(name: String) -> String {
    if name.len() <= MAX_BYTES {
        return name;
    }
    let extension = name
        .rfind('.')
        .filter(|dot| *dot > 0 && name.len() - dot <= MAX_EXTENSION)
        .and_then(|dot| name.get(dot..))
        .unwrap_or("");
    let room = MAX_BYTES - extension.len();
    let mut end = 0;
    for (at, c) in name.char_indices() {
        if at + c.len_utf8() > room {
            break;
        }
        end = at + c.len_utf8();
    }
    let stem = name.get(..end).unwrap_or("").trim_end_matches(['.', ' ']);
    format!("{stem}{extension}")
}

#[cfg(test)]
#[path = "file_name_tests.rs"]
mod tests;
