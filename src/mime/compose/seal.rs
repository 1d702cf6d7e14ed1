//! What of a letter is chance: derived of its seal, so that the same letter is built of
//! the same bytes however often, also after a crash.

use crate::model::{Seal, hexadecimal};
use sha2::{Digest as _, Sha256};

/// 128 bits for one purpose, as 32 hexadecimal digits. Knowing one tells nothing of the
/// seed or of another.
pub(super) fn derive(seal: &Seal, purpose: &str, of: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(seal.seed);
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(of.as_bytes());
    let digest = hash.finalize();
    hexadecimal(digest.get(..16).unwrap_or(&digest))
}

/// `Date` as RFC 5322 section 3.3 has it. Seconds since 1970 UTC; minutes east.
pub(super) fn date(seconds: i64, zone: Option<i16>) -> String {
    // Years of four digits: 0001 to 9999.
    let seconds = seconds.clamp(-62_135_596_800 + 86_400, 253_402_300_799 - 86_400);
    let zone = i64::from(zone.unwrap_or(0).clamp(-14 * 60, 14 * 60));
    let local = seconds + zone * 60;
    let days = local.div_euclid(86_400);
    let time = local.rem_euclid(86_400);
    let (year, month, day) = civil(days);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let weekday = usize::try_from(days.rem_euclid(7)).ok().and_then(|d| weekday.get(d));
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(month).copied().unwrap_or("Jan");
    format!(
        "{}, {day:02} {month} {year:04} {:02}:{:02}:{:02} {}{:02}{:02}",
        weekday.copied().unwrap_or("Thu"),
        time / 3600,
        time / 60 % 60,
        time % 60,
        if zone < 0 { '-' } else { '+' },
        zone.abs() / 60,
        zone.abs() % 60
    )
}

/// Year, month from 0, day from 1 of a day since 1970.
fn civil(days: i64) -> (i64, usize, i64) {
    // Years that begin with March: the day that leaps comes last.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let january = month >= 10;
    let year = year_of_era + era * 400 + i64::from(january);
    let month = if january { month - 10 } else { month + 2 };
    (year, usize::try_from(month).unwrap_or(0), day)
}
