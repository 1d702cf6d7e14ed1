//! Dates as IMAP writes them (RFC 3501, `date-time`).

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds since 1970 of `17-Jul-1996 02:44:25 -0700`.
pub(super) fn read(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace();
    let (day, time, zone) = (words.next()?, words.next()?, words.next().unwrap_or("+0000"));
    let mut day = day.split('-');
    let (of_month, month, year) = (day.next()?, day.next()?, day.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let mut time = time.split(':');
    let (hour, minute, second) = (time.next()?, time.next()?, time.next().unwrap_or("0"));
    // A leap second is counted as the one before it.
    let second = second.parse::<i8>().ok()?.min(59);
    let year: i16 = year.parse().ok()?;
    let day = jiff::civil::Date::new(year, i8::try_from(month).ok()? + 1, of_month.parse().ok()?);
    let at = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, second, 0).ok()?;
    let utc = day.ok()?.to_datetime(at).to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let zone: i64 = zone.parse().ok()?;
    // Zones stay within a day of Greenwich.
    let minutes = (zone / 100) * 60 + zone % 100;
    (minutes.abs() < 24 * 60).then(|| utc - minutes * 60)
}

/// Seconds since 1970 as IMAP wants them, in UTC.
pub(super) fn write(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC);
    let month = MONTHS.get(usize::try_from(at.month()).ok()?.checked_sub(1)?)?;
    (at.date() >= date(1, 1, 1)).then(|| {
        format!(
            "{:02}-{month}-{:04} {:02}:{:02}:{:02} +0000",
            at.day(),
            at.year(),
            at.hour(),
            at.minute(),
            at.second()
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_of_servers() {
        // What `date -d … +%s` says.
        for (text, seconds) in [
            ("17-Jul-1996 02:44:25 -0700", 837_596_665),
            (" 1-Feb-2024 00:00:00 +0900", 1_706_713_200),
            ("01-feb-2024 00:00:00 +0000", 1_706_745_600),
            ("31-Dec-1969 23:59:59 +0000", -1),
            ("31-Dec-2016 23:59:60 +0000", 1_483_228_799),
        ] {
            assert_eq!(read(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "now",
            "31-Feb-2024 00:00:00 +0000",
            "1-1-2024 00:00:00 +0000",
            "01-Feb-99999 00:00:00 +0000",
            "01-Feb-2024 00:00:00 +999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(write(837_596_665).unwrap(), "17-Jul-1996 09:44:25 +0000");
        assert_eq!(write(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in -60_000_000_000_i64..250_000_000_000) {
            prop_assert_eq!(read(&write(seconds).unwrap()), Some(seconds));
        }
    }
}
