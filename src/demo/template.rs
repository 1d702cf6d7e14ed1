//! Letters as they lie in `assets/demo/letters` → letters as they arrive: the
//! tracker's address and dates near now put in, lines ended by CRLF (RFC 5322 2.1).
//!
//! | written | becomes |
//! |---|---|
//! | `{{TRACKER}}` | `127.0.0.1:40123` |
//! | `{{DATE:-90s}}`, `{{DATE:-25m}}`, `{{DATE:-3h}}` | a date of RFC 5322 so long ago, at +0900 |
//! | `{{DATE:-2d 14:05:09 -0800}}` | the day before yesterday at 14:05:09 here, as written at -0800 |
//! | `{{DAY:-3d %-m}}` | that day, as `strftime` says it; `M` counts months |
//! | `{{DAY:friday %-d}}` | the first Friday at least three days off, the same way |
//!
//! Inside encoded words `_` stands for the space. What is not understood stays.

use jiff::civil::{Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Zoned};

/// The longest placeholder.
const MAX: usize = 80;

/// What is put into letters.
#[derive(Debug, Clone)]
pub(super) struct Template {
    now: Zoned,
    tracker: String,
}

impl Template {
    /// Dates are relative to `now`, days are those of its time zone.
    pub fn new(now: Zoned, (host, port): (&str, u16)) -> Self {
        Self { now, tracker: format!("{host}:{port}") }
    }

    /// The same for another tracker.
    pub fn for_tracker(self, tracker: (&str, u16)) -> Self {
        Self::new(self.now, tracker)
    }

    /// Fills in a line of text.
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.fill(text.as_bytes())).into_owned()
    }

    /// Fills in a letter and ends its lines as mail does.
    pub fn letter(&self, raw: &[u8]) -> Vec<u8> {
        let filled = self.fill(raw);
        let mut lines = Vec::with_capacity(filled.len() + filled.len() / 32);
        let mut before = 0;
        for byte in filled {
            if byte == b'\n' && before != b'\r' {
                lines.push(b'\r');
            }
            lines.push(byte);
            before = byte;
        }
        lines
    }

    fn fill(&self, raw: &[u8]) -> Vec<u8> {
        let mut filled = Vec::with_capacity(raw.len() + 64);
        let mut rest = raw;
        while let Some(at) = memchr::memmem::find(rest, b"{{") {
            let (before, from) = rest.split_at(at);
            filled.extend_from_slice(before);
            let inside = from.get(2..).unwrap_or_default();
            let end = memchr::memmem::find(inside, b"}}").filter(|end| *end <= MAX);
            let value = end.and_then(|end| {
                let inside = std::str::from_utf8(inside.get(..end)?).ok()?;
                Some((self.value(inside)?, end))
            });
            match value {
                Some((value, end)) => {
                    filled.extend_from_slice(value.as_bytes());
                    rest = inside.get(end + 2..).unwrap_or_default();
                }
                None => {
                    filled.extend_from_slice(b"{{");
                    rest = inside;
                }
            }
        }
        filled.extend_from_slice(rest);
        filled
    }

    fn value(&self, placeholder: &str) -> Option<String> {
        if placeholder == "TRACKER" {
            return Some(self.tracker.clone());
        }
        let (kind, written) = placeholder.split_once(':')?;
        let mut words = written.splitn(2, [' ', '_']);
        let when = self.when(words.next()?)?;
        let rest = words.next().unwrap_or("");
        match kind {
            "DATE" => date(&when, rest),
            "DAY" => jiff::fmt::strtime::format(rest.replace('_', " "), &when).ok(),
            _ => None,
        }
    }

    /// `-3h`, `+2d`, `-1M` from now; `friday`: the first one at least three days off.
    fn when(&self, distance: &str) -> Option<Zoned> {
        if distance == "friday" {
            let soon = self.now.checked_add(Span::new().days(2)).ok()?;
            return soon.nth_weekday(1, Weekday::Friday).ok();
        }
        let (number, unit) = distance.split_at_checked(distance.len().checked_sub(1)?)?;
        let number: i64 = number.strip_prefix('+').unwrap_or(number).parse().ok()?;
        let span = match unit {
            "s" => Span::new().try_seconds(number),
            "m" => Span::new().try_minutes(number),
            "h" => Span::new().try_hours(number),
            "d" => Span::new().try_days(number),
            "M" => Span::new().try_months(number),
            _ => return None,
        };
        self.now.checked_add(span.ok()?).ok()
    }
}

/// A date of RFC 5322 section 3.3: `rest` may hold a time of day and a zone.
fn date(when: &Zoned, rest: &str) -> Option<String> {
    let mut when = when.clone();
    let mut offset = SignedDuration::from_hours(9);
    for word in rest.split([' ', '_']).filter(|word| !word.is_empty()) {
        if let Some(zone) = word.strip_prefix(['+', '-']) {
            let (hours, minutes) = zone.split_at_checked(2)?;
            let east =
                i64::from(hours.parse::<u8>().ok()?) * 60 + i64::from(minutes.parse::<u8>().ok()?);
            offset = SignedDuration::from_mins(if word.starts_with('-') { -east } else { east });
        } else {
            let mut numbers = word.split(':').map(|number| number.parse::<i8>().ok());
            let (hour, minute) = (numbers.next()??, numbers.next()??);
            let time = Time::new(hour, minute, numbers.next().flatten().unwrap_or(0), 0).ok()?;
            when = when.date().to_datetime(time).to_zoned(when.time_zone().clone()).ok()?;
        }
    }
    let offset = Offset::from_seconds(i32::try_from(offset.as_secs()).ok()?).ok()?;
    let when = when.timestamp().to_zoned(TimeZone::fixed(offset));
    jiff::fmt::strtime::format("%a, %d %b %Y %H:%M:%S %z", &when).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn template() -> Template {
        let now = "2026-11-22T00:10:30+09:00[Asia/Seoul]".parse();
        // Without a zone database a fixed offset does as well.
        let now = now.unwrap_or_else(|_| {
            let zone = TimeZone::fixed(Offset::from_hours(9).unwrap());
            jiff::Timestamp::from_second(1_795_273_830).unwrap().to_zoned(zone)
        });
        Template::new(now, ("127.0.0.1", 40123))
    }

    #[test]
    fn placeholders_become_what_they_stand_for() {
        let template = template();
        for (written, expected) in [
            ("http://{{TRACKER}}/a", "http://127.0.0.1:40123/a"),
            ("{{DATE:-25m}}", "Sat, 21 Nov 2026 23:45:30 +0900"),
            ("{{DATE:-3h}}", "Sat, 21 Nov 2026 21:10:30 +0900"),
            ("{{DATE:-2d 14:05}}", "Fri, 20 Nov 2026 14:05:00 +0900"),
            ("{{DATE:-2d 14:05:09 -0800}}", "Thu, 19 Nov 2026 21:05:09 -0800"),
            ("{{DATE:-1d 06:30 +0530}}", "Sat, 21 Nov 2026 03:00:00 +0530"),
            ("{{DAY:-3d %m.%d}}", "11.19"),
            ("{{DAY:-1M_%-m}}", "10"),
            ("{{DAY:+3d %A, %B %-d}}", "Wednesday, November 25"),
            ("{{DAY:friday %A %F}}", "Friday 2026-11-27"),
            // Not ours, or not understood: as it was.
            ("{{NAME}} {{DATE:soon}} {{ {{TRACKER}}", "{{NAME}} {{DATE:soon}} {{ 127.0.0.1:40123"),
            ("{{DATE:-99999999999d}} }} {{", "{{DATE:-99999999999d}} }} {{"),
        ] {
            assert_eq!(template.text(written), expected, "{written}");
        }
    }

    #[test]
    fn lines_end_as_in_mail() {
        assert_eq!(template().letter(b"a\nb\r\n\xb0\n"), b"a\r\nb\r\n\xb0\r\n");
    }
}
