//! The Date field, RFC 5322 section 3.3, in every dress it comes in.
//!
//! Promise: seconds since 1970 UTC for whatever a person would call a date,
//! nothing for what names no day of the calendar.

/// Reads a date: RFC 5322 with two-digit years, missing or named zones,
/// comments, other orders; ISO 8601; asctime.
pub fn parse(raw: &[u8]) -> Option<i64> {
    // A date is short; a field of 50 MB is not one.
    let raw = raw.get(..raw.len().min(512))?;
    let text = without_comments(&String::from_utf8_lossy(raw));
    iso(&text).or_else(|| loose(&text))
}

/// Seconds since 1970 of a civil date and time, zone in seconds east.
fn seconds(day: (i64, u32, u32), time: (u32, u32, u32), zone: i64) -> Option<i64> {
    let (year, month, date) = day;
    let (hour, minute, second) = time;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    // 60 is a leap second; 24:00 ends a day.
    let midnight = hour == 24 && minute == 0 && second == 0;
    if !(1..=length).contains(&date)
        || !(1..=9999).contains(&year)
        || (hour > 23 && !midnight)
        || minute > 59
        || second > 60
    {
        return None;
    }
    // Days from the civil calendar, by Howard Hinnant's algorithm: years begin
    // in March, so that the leap day is the last.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_index = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_index + 2) / 5 + i64::from(date) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59));
    // Zones reach from -12 to +14; what claims more is read as UTC.
    let zone = if zone.abs() < 24 * 3600 { zone } else { 0 };
    Some(days * 86_400 + clock - zone)
}

fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\r' | '\n' | '\t' | '"' => out.push(' '),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// `2026-03-01T12:34:56.789+09:00`, with a blank for the T, without seconds,
/// without time, without zone.
fn iso(text: &str) -> Option<i64> {
    let text = text.trim();
    let date = text.get(..10)?;
    let mut numbers = date.splitn(3, ['-', '/']);
    let year: i64 = numbers.next().filter(|y| y.len() == 4)?.parse().ok()?;
    let month: u32 = numbers.next().filter(|m| m.len() == 2)?.parse().ok()?;
    let day: u32 = numbers.next().filter(|d| d.len() == 2)?.parse().ok()?;
    let rest = text.get(10..)?.trim_start_matches(['T', 't', ' ']);
    let clock_length = rest.find(|c: char| !(c.is_ascii_digit() || ":.,".contains(c)));
    let clock = rest.get(..clock_length.unwrap_or(rest.len()))?;
    let time = if clock.is_empty() { (0, 0, 0) } else { time_of_day(clock)? };
    let zone = zone(rest.get(clock.len()..)?.trim()).unwrap_or_default();
    seconds((year, month, day), time, zone)
}

/// `12:34`, `12:34:56`, `12:34:56.789`, `12.34.56`, `1234`.
fn time_of_day(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts =
        if text.contains(':') { text.split([':', '.', ',']) } else { text.split(['.', ',', ':']) };
    let hour = two_digits(parts.next()?)?;
    let minute = two_digits(parts.next()?)?;
    let second = match parts.next() {
        Some(second) if !second.is_empty() => two_digits(second.get(..2).unwrap_or(second))?,
        _ => 0,
    };
    Some((hour, minute, second))
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Words in any order: the clock has colons, the month is a name, the zone has
/// a sign or is a name, the day is the number before or after the month.
fn loose(text: &str) -> Option<i64> {
    let mut month = None;
    let mut time = None;
    let mut zone_found = None;
    let mut afternoon = None;
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    for word in text.split([' ', ',']).filter(|w| !w.is_empty()).take(24) {
        // `07-Sep-2001`, `07/Sep/2001`: hyphens part a date, a sign begins a zone.
        let dashed = word.starts_with(|c: char| c.is_ascii_digit())
            && word.contains(['-', '/'])
            && !word.contains(':');
        let pieces: Vec<&str> = if dashed { word.split(['-', '/']).collect() } else { vec![word] };
        let all_digits = pieces.len() == 3 && pieces.iter().all(|p| number(p).is_some());
        for piece in pieces {
            let piece = piece.trim_end_matches(['.', ';']);
            if piece.is_empty() {
                continue;
            }
            if time.is_none() && piece.contains(':') {
                // A zone may be glued on: `12:34:56+0900`, `12:34:56Z`, `12:34PM`.
                let end = piece
                    .find(|c: char| !(c.is_ascii_digit() || ":.".contains(c)))
                    .unwrap_or(piece.len());
                time = Some(time_of_day(piece.get(..end)?)?);
                let glued = piece.get(end..).unwrap_or("");
                match glued.to_ascii_lowercase().as_str() {
                    "am" => afternoon = Some(false),
                    "pm" => afternoon = Some(true),
                    "" => {}
                    _ => zone_found = zone(glued).or(zone_found),
                }
            } else if let Some(n) = number(piece) {
                // Before the clock numbers are days and years; behind it a
                // number of four digits may be a zone without its sign, and is
                // the year only when there is none yet.
                numbers.push((n, piece.len()));
            } else if month.is_none() && month_named(piece).is_some() {
                month = month_named(piece);
            } else if piece.eq_ignore_ascii_case("am") || piece.eq_ignore_ascii_case("pm") {
                afternoon = Some(piece.eq_ignore_ascii_case("pm"));
            } else if zone_found.is_none() && time.is_some() {
                zone_found = zone(piece);
            } else if !weekday(piece) && month.is_none() {
                // `7Sep2001` and the like are not worth guessing at; a stray
                // word before everything else is.
                continue;
            }
        }
        if all_digits && month.is_none() {
            // All in numbers and not ISO: day and month cannot be told apart.
            return None;
        }
    }
    let month = month?;
    let (mut hour, minute, second) = time.unwrap_or((0, 0, 0));
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    // The year is the first that cannot be a day, else the second number.
    let year_at = numbers
        .iter()
        .position(|(n, digits)| *digits >= 3 || *n > 31)
        .or(if numbers.len() > 1 { Some(1) } else { None })?;
    let (year, digits) = *numbers.get(year_at)?;
    let day = numbers.iter().enumerate().find(|(at, _)| *at != year_at).map(|(_, (n, _))| *n)?;
    // RFC 5322 section 4.3: 00–49 are 2000–2049, 50–99 and three digits add 1900.
    let year = match (digits, year) {
        (0..=2, 0..=49) => i64::from(year) + 2000,
        (0..=2, _) => i64::from(year) + 1900,
        (3, _) => i64::from(year) + 1900,
        _ => i64::from(year),
    };
    seconds((year, month, day), (hour, minute, second), zone_found.unwrap_or(0))
}

fn number(text: &str) -> Option<u32> {
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn month_named(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if !text.is_ascii() || text.len() < 3 {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let lower = if lower == "sept" { "sep" } else { &lower };
    // `Mon` is no month, `Mar` and `March` are.
    (1..).zip(MONTHS).find(|(_, name)| name.starts_with(lower)).map(|(n, _)| n)
}

fn weekday(text: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    text.get(..3).is_some_and(|t| DAYS.iter().any(|d| t.eq_ignore_ascii_case(d)))
}

/// A zone in seconds east of Greenwich.
fn zone(text: &str) -> Option<i64> {
    let upper = text.to_ascii_uppercase();
    let upper = upper.strip_prefix("GMT").or(upper.strip_prefix("UTC")).unwrap_or(&upper);
    if let Some(digits) = upper.strip_prefix(['+', '-']) {
        let digits: String = digits.chars().filter(|c| *c != ':').collect();
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value: i64 = digits.parse().ok()?;
        let (hours, minutes) =
            if digits.len() <= 2 { (value, 0) } else { (value / 100, value % 100) };
        let east = hours * 3600 + minutes * 60;
        return Some(if upper.starts_with('-') { -east } else { east });
    }
    Some(
        3600 * match upper {
            // What is left of GMT and UTC.
            "" | "Z" | "UT" | "WET" => 0,
            "EST" | "CDT" => -5,
            "EDT" | "AST" => -4,
            "CST" | "MDT" => -6,
            "MST" | "PDT" => -7,
            "PST" | "AKDT" => -8,
            "AKST" => -9,
            "HST" => -10,
            "ADT" => -3,
            "BST" | "CET" | "MET" | "WEST" => 1,
            "CEST" | "MEST" | "EET" | "SAST" => 2,
            "EEST" | "MSK" => 3,
            "MSD" => 4,
            "HKT" | "SGT" => 8,
            "KST" | "JST" => 9,
            "AEST" => 10,
            "AEDT" => 11,
            "NZST" => 12,
            "NZDT" => 13,
            _ => return None,
        },
    )
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
