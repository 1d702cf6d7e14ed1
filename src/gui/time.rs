//! Dates as people say them: 오후 2:14, 어제, 11월 19일.

use crate::i18n::{Language, Words};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// Now and here.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The time.
    pub now: Timestamp,
    /// The zone.
    pub zone: TimeZone,
}

impl Clock {
    /// This computer's.
    pub fn system() -> Self {
        Self { now: Timestamp::now(), zone: TimeZone::system() }
    }

    fn civil(&self, at: i64) -> Option<DateTime> {
        Some(Timestamp::from_second(at).ok()?.to_zoned(self.zone.clone()).datetime())
    }

    /// For a row of a list: the time today, yesterday, the day of this year, the date.
    pub fn short(&self, words: &Words, at: i64) -> String {
        let Some(then) = self.civil(at) else { return String::new() };
        let today = self.now.to_zoned(self.zone.clone()).date();
        if then.date() == today {
            return time(words, then);
        }
        if today.yesterday().is_ok_and(|yesterday| yesterday == then.date()) {
            return words.say("date-yesterday");
        }
        if then.year() == today.year() {
            return day(words, then);
        }
        dotted(then)
    }

    /// For what happens soon: the time today, else the day and the time.
    pub fn short_time(&self, words: &Words, at: i64) -> String {
        let today = self.now.to_zoned(self.zone.clone()).date();
        match self.civil(at).filter(|then| then.date() == today) {
            Some(then) => time(words, then),
            None => self.long(words, at),
        }
    }

    /// For the head of a letter: the day and the time.
    pub fn long(&self, words: &Words, at: i64) -> String {
        let Some(then) = self.civil(at) else { return String::new() };
        let this_year = self.now.to_zoned(self.zone.clone()).year();
        let day = if then.year() == this_year { day(words, then) } else { dated(words, then) };
        words.say_with("date-and-time", &[("day", day.into()), ("time", time(words, then).into())])
    }

    /// For what is kept: the year as well.
    pub fn whole(&self, words: &Words, at: i64) -> String {
        let Some(then) = self.civil(at) else { return String::new() };
        let (day, time) = (dated(words, then), time(words, then));
        words.say_with("date-and-time", &[("day", day.into()), ("time", time.into())])
    }

    /// With seconds, for what was asked of the network.
    pub fn exact(&self, at: i64) -> String {
        self.civil(at).map_or_else(String::new, |then| then.strftime("%H:%M:%S").to_string())
    }

    /// The time of day.
    pub fn of_day(&self, words: &Words, at: i64) -> String {
        self.civil(at).map_or_else(String::new, |then| time(words, then))
    }

    fn at(&self, then: DateTime) -> Option<i64> {
        let then = then.to_zoned(self.zone.clone()).ok()?;
        Some(then.timestamp().as_second())
    }

    /// Times at which letters are likely to be sent later, each with the name of what it
    /// is called: in an hour, tomorrow morning, on Monday morning.
    pub fn later_times(&self) -> Vec<(&'static str, i64)> {
        let now = self.now.as_second();
        let today = self.now.to_zoned(self.zone.clone()).date();
        let morning = |days: i64| {
            let day = today.checked_add(days.days()).ok()?;
            self.at(day.at(9, 0, 0, 0))
        };
        let to_monday = 7 - i64::from(today.weekday().to_monday_zero_offset());
        let mut times = vec![("later-hour", now + 3600)];
        times.extend(morning(1).map(|at| ("later-tomorrow", at)));
        if to_monday > 1 {
            times.extend(morning(to_monday).map(|at| ("later-monday", at)));
        }
        times
    }

    /// A time as people type it: `14:30`, `내일 9:00`, `11월 23일 오후 2:30`,
    /// `2026-11-23 14:30`. A time of day that is over means tomorrow. `None`: it is no
    /// time, or in the past.
    pub fn parse(&self, typed: &str) -> Option<i64> {
        let typed = typed.trim().to_lowercase();
        let numbers: Vec<i64> = typed
            .split(|c: char| !c.is_ascii_digit())
            .filter(|piece| !piece.is_empty() && piece.len() <= 4)
            .filter_map(|piece| piece.parse().ok())
            .collect();
        let today = self.now.to_zoned(self.zone.clone()).date();
        let tomorrow = typed.starts_with("내일") || typed.starts_with("tomorrow");
        let (day, hour, minute) = match numbers.as_slice() {
            [year, month, day, hour, minute] if *year >= 2000 => {
                (Some((*year, *month, *day)), *hour, *minute)
            }
            [month, day, hour, minute] => {
                (Some((i64::from(today.year()), *month, *day)), *hour, *minute)
            }
            [hour, minute] => (None, *hour, *minute),
            [hour] if typed.contains(['시', 'm']) => (None, *hour, 0),
            _ => return None,
        };
        let late = typed.contains("오후") || typed.contains("pm");
        let early = typed.contains("오전") || typed.contains("am");
        let hour = match hour {
            1..12 if late => hour + 12,
            12 if early => 0,
            hour => hour,
        };
        let date = match day {
            Some((year, month, day)) => Date::new(
                i16::try_from(year).ok()?,
                i8::try_from(month).ok()?,
                i8::try_from(day).ok()?,
            )
            .ok()?,
            None if tomorrow => today.tomorrow().ok()?,
            None => today,
        };
        let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
        let at = self.at(date.to_datetime(time))?;
        let now = self.now.as_second();
        match day {
            None if !tomorrow && at <= now => self.at(today.tomorrow().ok()?.to_datetime(time)),
            _ => (at > now).then_some(at),
        }
    }

    /// How long ago a minute is over: when the rows must be said anew.
    pub fn tick(&mut self) {
        self.now = Timestamp::now();
    }

    /// A clock that stands still, for tests.
    pub fn standing(now: i64) -> Self {
        let now = Timestamp::from_second(now).unwrap_or_default();
        Self { now, zone: TimeZone::fixed(jiff::tz::Offset::constant(9)) }
    }

    /// A clock some days later, for tests.
    #[must_use]
    pub fn later(&self, days: i64) -> Self {
        let now = self.now.checked_add((24 * days).hours()).unwrap_or(self.now);
        Self { now, zone: self.zone.clone() }
    }
}

fn time(words: &Words, then: DateTime) -> String {
    let half = if then.hour() < 12 { "date-am" } else { "date-pm" };
    let hour = match then.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let clock = format!("{hour}:{:02}", then.minute());
    match words.language() {
        Language::Korean => format!("{} {clock}", words.say(half)),
        Language::English => format!("{clock} {}", words.say(half)),
    }
}

/// The day and its year.
fn dated(words: &Words, then: DateTime) -> String {
    let args = [("year", then.year().to_string().into()), ("day", day(words, then).into())];
    words.say_with("date-with-year", &args)
}

fn day(words: &Words, then: DateTime) -> String {
    let names = words.say("date-months");
    let month = usize::try_from(then.month()).unwrap_or(1).saturating_sub(1);
    let name = names.split_whitespace().nth(month).unwrap_or_default().to_owned();
    let day = i64::from(then.day());
    words.say_with("date-day", &[("month", name.into()), ("day", day.into())])
}

fn dotted(then: DateTime) -> String {
    format!("{}. {}. {}.", then.year(), then.month(), then.day())
}

/// A stretch of time in words: seconds, minutes, hours, days.
pub fn stretch(words: &Words, seconds: i64) -> String {
    let (name, count) = match seconds {
        ..60 => ("stretch-seconds", seconds),
        60..3600 => ("stretch-minutes", seconds / 60),
        3600..172_800 => ("stretch-hours", seconds / 3600),
        _ => ("stretch-days", seconds / 86_400),
    };
    match name {
        "stretch-seconds" => words.say_with("stretch-seconds", &[("count", count.into())]),
        "stretch-minutes" => words.say_with("stretch-minutes", &[("count", count.into())]),
        "stretch-hours" => words.say_with("stretch-hours", &[("count", count.into())]),
        _ => words.say_with("stretch-days", &[("count", count.into())]),
    }
}

/// Bytes in words: 512 B, 3.4 KB, 1.8 MB.
pub fn bytes(count: u64) -> String {
    match count {
        ..1000 => format!("{count} B"),
        1000..1_000_000 => format!("{:.0} KB", count as f64 / 1000.0),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-21 14:30 in Seoul.
    const NOW: i64 = 1_795_239_000;

    #[test]
    fn dates_are_said_as_people_say_them() {
        let clock = Clock::standing(NOW);
        let korean = Words::new(Language::Korean);
        let english = Words::new(Language::English);
        let day = 86_400;
        assert_eq!(clock.short(&korean, NOW - 16 * 60), "오후 2:14");
        assert_eq!(clock.short(&english, NOW - 16 * 60), "2:14 PM");
        assert_eq!(clock.short(&korean, NOW - 14 * 3600), "오전 12:30");
        assert_eq!(clock.short(&korean, NOW - day), "어제");
        assert_eq!(clock.short(&english, NOW - day), "Yesterday");
        assert_eq!(clock.short(&korean, NOW - 2 * day), "11월 19일");
        assert_eq!(clock.short(&english, NOW - 2 * day), "Nov 19");
        assert_eq!(clock.short(&korean, NOW - 400 * day), "2025. 10. 17.");
        assert_eq!(clock.long(&korean, NOW - 16 * 60), "11월 21일 오후 2:14");
        assert_eq!(clock.long(&english, NOW - 16 * 60), "Nov 21, 2:14 PM");
        assert_eq!(clock.short(&korean, i64::MAX), "");
    }

    #[test]
    fn times_to_send_at_are_read_as_people_type_them() {
        let clock = Clock::standing(NOW);
        let hour = 3600;
        for (typed, at) in [
            ("15:00", Some(NOW + 1800)),
            ("오후 3:00", Some(NOW + 1800)),
            ("3:30 pm", Some(NOW + hour)),
            // That is over today.
            ("9:30", Some(NOW + 19 * hour)),
            ("내일 14:30", Some(NOW + 24 * hour)),
            ("오후 8시", Some(NOW + 5 * hour + 1800)),
            ("2026-11-23 14:30", Some(NOW + 48 * hour)),
            ("11월 23일 오후 2:30", Some(NOW + 48 * hour)),
            ("2026-11-20 14:30", None),
            ("2026-13-23 14:30", None),
            ("25:00", None),
            ("언젠가", None),
            ("", None),
            ("99999999999999999999:00", None),
        ] {
            assert_eq!(clock.parse(typed), at, "{typed}");
        }
        // That day is a Saturday.
        let times: Vec<(&str, i64)> = clock.later_times();
        let tomorrow = NOW + 18 * hour + 1800;
        assert_eq!(
            times,
            [
                ("later-hour", NOW + hour),
                ("later-tomorrow", tomorrow),
                ("later-monday", tomorrow + 24 * hour)
            ]
        );
    }

    #[test]
    fn stretches_and_sizes() {
        let korean = Words::new(Language::Korean);
        assert_eq!(stretch(&korean, 3), "3초");
        assert_eq!(stretch(&korean, 90), "1분");
        assert_eq!(stretch(&korean, 7200), "2시간");
        assert_eq!(bytes(900), "900 B");
        assert_eq!(bytes(1_800_000), "1.8 MB");
    }
}
