//! Deployment windows: when changes may run in an environment.
//!
//! A window is open while a clock on the wall of its time zone shows a time in it. So an hour that is skipped in spring opens no
//! window, and a window in the hour that is repeated in autumn opens twice. Without any window it is always open.

use std::collections::BTreeSet;
use std::fmt;

use base::Time;
use jiff::civil::{self, Date};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// Days that are searched for the next opening or end: a weekly window may lose one day to a skipped hour.
const AHEAD: i32 = 16;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// Days on which it opens.
    pub weekdays: BTreeSet<Weekday>,
    /// `HH:MM`.
    pub start: String,
    /// `HH:MM`, itself outside. Not after `start`: on the next day.
    pub end: String,
    /// Of the IANA database, e.g. `Europe/Berlin`.
    pub time_zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What the end of a window does to what runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WindowEnd {
    /// It goes on.
    #[default]
    Finish,
    /// It stops after what takes effect as a whole, and goes on when a window opens.
    Pause,
}

/// Whether changes may run now, and until when that is so. None: for longer than is looked ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Open { closes: Option<Time> },
    Closed { opens: Option<Time> },
}

/// A part of a window that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Name of the field.
    pub field: &'static str,
    pub what: &'static str,
}

/// Everything wrong with a window.
pub fn mistakes(window: &Window) -> Vec<Mistake> {
    let checks = [
        ("weekdays", !window.weekdays.is_empty(), "name at least one day on which it opens"),
        ("start", minutes(&window.start).is_some(), "use a time like 22:00"),
        ("end", minutes(&window.end).is_some(), "use a time like 04:30; 00:00 is midnight"),
        (
            "time_zone",
            zone(&window.time_zone).is_some(),
            "use a name of the IANA time zone database, like Europe/Berlin or UTC",
        ),
    ];
    let wrong = checks.into_iter().filter(|(_, ok, _)| !ok);
    wrong.map(|(field, _, what)| Mistake { field, what }).collect()
}

/// Whether one of the windows is open. A window with mistakes never is.
pub fn admit(windows: &[Window], now: Time) -> Admission {
    if windows.is_empty() {
        return Admission::Open { closes: None };
    }
    let windows: Vec<Walls> = windows.iter().filter_map(Walls::of).collect();
    let Ok(now) = Timestamp::from_microsecond(now.micros()) else {
        return Admission::Closed { opens: None };
    };
    let open = |t: Timestamp| windows.iter().any(|w| w.is_open(t));
    let is_open = open(now);
    // It can only change where a wall shows a start or an end, or jumps.
    let moments: BTreeSet<_> = windows.iter().flat_map(|w| w.moments(now)).collect();
    let change = moments.into_iter().find(|t| *t > now && open(*t) != is_open);
    let change = change.map(|t| Time::from_micros(t.as_microsecond()));
    if is_open { Admission::Open { closes: change } } else { Admission::Closed { opens: change } }
}

/// Why a run waits, and until when.
pub fn waits(environment: &str, windows: &[Window], opens: Option<Time>) -> String {
    let all: Vec<_> = windows.iter().map(ToString::to_string).collect();
    let opens = match opens {
        Some(time) => {
            let zone = windows.iter().find_map(|w| zone(&w.time_zone)).unwrap_or(TimeZone::UTC);
            let there = Timestamp::from_microsecond(time.micros()).map(|t| t.to_zoned(zone));
            let there = there.map_or_else(
                |_| time.to_string(),
                |t| t.strftime("%A, %Y-%m-%d at %H:%M (UTC%:z)").to_string(),
            );
            format!("it opens on {there}")
        }
        None => format!("it does not open within {AHEAD} days"),
    };
    format!(
        "Waits for the deployment window of environment {environment}: {opens}. Windows: {}.",
        all.join("; ")
    )
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<_> = self.weekdays.iter().map(|d| d.short()).collect();
        write!(f, "{} {}–{} {}", days.join(", "), self.start, self.end, self.time_zone)
    }
}

impl Weekday {
    const ALL: [(Self, civil::Weekday, &'static str); 7] = [
        (Self::Monday, civil::Weekday::Monday, "Mon"),
        (Self::Tuesday, civil::Weekday::Tuesday, "Tue"),
        (Self::Wednesday, civil::Weekday::Wednesday, "Wed"),
        (Self::Thursday, civil::Weekday::Thursday, "Thu"),
        (Self::Friday, civil::Weekday::Friday, "Fri"),
        (Self::Saturday, civil::Weekday::Saturday, "Sat"),
        (Self::Sunday, civil::Weekday::Sunday, "Sun"),
    ];

    fn of(date: Date) -> Option<Self> {
        Self::ALL.iter().find(|(_, day, _)| *day == date.weekday()).map(|(own, _, _)| *own)
    }

    fn short(self) -> &'static str {
        Self::ALL.iter().find(|(own, _, _)| *own == self).map_or("", |(_, _, short)| short)
    }
}

/// A window that was read: minutes since midnight, in its zone.
struct Walls {
    weekdays: BTreeSet<Weekday>,
    start: i16,
    end: i16,
    zone: TimeZone,
}

impl Walls {
    fn of(window: &Window) -> Option<Self> {
        Some(Self {
            weekdays: window.weekdays.clone(),
            start: minutes(&window.start)?,
            end: minutes(&window.end)?,
            zone: zone(&window.time_zone)?,
        })
    }

    fn is_open(&self, t: Timestamp) -> bool {
        let wall = self.zone.to_datetime(t);
        let minute = i16::from(wall.hour()) * 60 + i16::from(wall.minute());
        let opens_on = |date: Option<Date>| {
            date.and_then(Weekday::of).is_some_and(|day| self.weekdays.contains(&day))
        };
        let today = opens_on(Some(wall.date()));
        if self.start < self.end {
            return today && (self.start..self.end).contains(&minute);
        }
        let yesterday = opens_on(wall.date().yesterday().ok());
        (today && minute >= self.start) || (yesterday && minute < self.end)
    }

    /// Moments from about `now` on at which the window may open or close.
    fn moments(&self, now: Timestamp) -> Vec<Timestamp> {
        let today = self.zone.to_datetime(now).date();
        let mut found = Vec::new();
        for day in 0..=AHEAD {
            let Ok(date) = today.checked_add(day.days()) else { continue };
            for minute in [self.start, self.end] {
                let Ok(wall) = date.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()) else {
                    continue;
                };
                let at = self.zone.to_ambiguous_timestamp(wall);
                found.extend([at.earlier().ok(), at.later().ok()].into_iter().flatten());
            }
        }
        let jumps = self.zone.following(now).take(4).map(|t| t.timestamp());
        let last = found.iter().max().copied().unwrap_or(now);
        let jumps: Vec<_> = jumps.take_while(|t| *t <= last).collect();
        found.extend(jumps);
        found
    }
}

fn minutes(text: &str) -> Option<i16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |digits: &str, below: i16| {
        let ok = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<i16>().ok().filter(|n| ok && *n < below)
    };
    Some(two(hours, 24)? * 60 + two(minutes, 60)?)
}

/// From the database in this program, so that the answer is the same on every machine.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    fn window(days: &[Weekday], start: &str, end: &str, time_zone: &str) -> Window {
        Window {
            weekdays: days.iter().copied().collect(),
            start: start.into(),
            end: end.into(),
            time_zone: time_zone.into(),
        }
    }

    fn at(windows: &[Window], now: &str) -> (bool, String) {
        let until = |t: Option<Time>| t.map(|t| t.to_string()).unwrap_or_default();
        match admit(windows, Time::parse(now).unwrap()) {
            Admission::Open { closes } => (true, until(closes)),
            Admission::Closed { opens } => (false, until(opens)),
        }
    }

    fn open(until: &str) -> (bool, String) {
        (true, until.to_owned())
    }

    fn closed(until: &str) -> (bool, String) {
        (false, until.to_owned())
    }

    #[test]
    fn without_windows_it_is_always_open() {
        assert_eq!(at(&[], "2026-11-26T12:00:00Z"), open(""));
    }

    #[test]
    fn open_from_start_until_end_on_its_days() {
        let w = [window(&[Weekday::Tuesday, Weekday::Thursday], "09:00", "12:30", "UTC")];
        // 2026-11-26 is a Thursday.
        assert_eq!(at(&w, "2026-11-26T08:59:59Z"), closed("2026-11-26T09:00:00Z"));
        assert_eq!(at(&w, "2026-11-26T09:00:00Z"), open("2026-11-26T12:30:00Z"));
        assert_eq!(at(&w, "2026-11-26T12:29:59.999Z"), open("2026-11-26T12:30:00Z"));
        assert_eq!(at(&w, "2026-11-26T12:30:00Z"), closed("2026-12-01T09:00:00Z"));
    }

    #[test]
    fn a_window_past_midnight_belongs_to_the_day_it_opens() {
        let w = [window(&[Weekday::Saturday], "22:00", "04:00", "Europe/Berlin")];
        // 2026-11-28 is a Saturday; Berlin is UTC+1.
        assert_eq!(at(&w, "2026-11-28T02:00:00Z"), closed("2026-11-28T21:00:00Z"));
        assert_eq!(at(&w, "2026-11-28T23:30:00Z"), open("2026-11-29T03:00:00Z"));
        assert_eq!(at(&w, "2026-11-29T21:30:00Z"), closed("2026-12-05T21:00:00Z"));
        let all_day = [window(&[Weekday::Sunday], "00:00", "00:00", "UTC")];
        assert_eq!(at(&all_day, "2026-11-29T13:00:00Z"), open("2026-11-30T00:00:00Z"));
    }

    #[test]
    fn windows_that_meet_are_one() {
        let w = [
            window(&[Weekday::Thursday], "09:00", "12:00", "UTC"),
            window(&[Weekday::Thursday], "12:00", "14:00", "UTC"),
            window(&[Weekday::Thursday], "13:00", "15:00", "Europe/London"),
        ];
        assert_eq!(at(&w, "2026-11-26T10:00:00Z"), open("2026-11-26T15:00:00Z"));
    }

    #[test]
    fn a_skipped_hour_opens_no_window() {
        // In Berlin 02:00 to 03:00 is skipped on Sunday, 2027-03-28; summer is UTC+2.
        let w = [window(&ALL_DAYS, "02:00", "03:00", "Europe/Berlin")];
        assert_eq!(at(&w, "2027-03-27T03:00:00Z"), closed("2027-03-29T00:00:00Z"));
        assert_eq!(at(&w, "2027-03-28T01:00:00Z"), closed("2027-03-29T00:00:00Z"));
        let weekly = [window(&[Weekday::Sunday], "02:00", "03:00", "Europe/Berlin")];
        assert_eq!(at(&weekly, "2027-03-27T12:00:00Z"), closed("2027-04-04T00:00:00Z"));
    }

    #[test]
    fn a_window_that_begins_in_a_skipped_hour_opens_after_it() {
        let w = [window(&ALL_DAYS, "02:30", "05:00", "Europe/Berlin")];
        assert_eq!(at(&w, "2027-03-28T00:00:00Z"), closed("2027-03-28T01:00:00Z"));
        assert_eq!(at(&w, "2027-03-28T01:00:00Z"), open("2027-03-28T03:00:00Z"));
    }

    #[test]
    fn a_window_in_a_repeated_hour_opens_twice() {
        // In Berlin 02:00 to 03:00 comes twice on Sunday, 2026-10-25.
        let w = [window(&[Weekday::Sunday], "02:15", "02:45", "Europe/Berlin")];
        assert_eq!(at(&w, "2026-10-25T00:00:00Z"), closed("2026-10-25T00:15:00Z"));
        assert_eq!(at(&w, "2026-10-25T00:20:00Z"), open("2026-10-25T00:45:00Z"));
        assert_eq!(at(&w, "2026-10-25T00:50:00Z"), closed("2026-10-25T01:15:00Z"));
        assert_eq!(at(&w, "2026-10-25T01:20:00Z"), open("2026-10-25T01:45:00Z"));
        assert_eq!(at(&w, "2026-10-25T01:45:00Z"), closed("2026-11-01T01:15:00Z"));
    }

    #[test]
    fn a_repeated_hour_reopens_what_had_ended_before_the_jump() {
        let w = [window(&[Weekday::Sunday], "01:00", "02:30", "Europe/Berlin")];
        assert_eq!(at(&w, "2026-10-24T23:30:00Z"), open("2026-10-25T00:30:00Z"));
        assert_eq!(at(&w, "2026-10-25T00:40:00Z"), closed("2026-10-25T01:00:00Z"));
        assert_eq!(at(&w, "2026-10-25T01:10:00Z"), open("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn says_when_it_opens_there() {
        let w = [window(&[Weekday::Saturday, Weekday::Sunday], "22:00", "04:00", "Europe/Berlin")];
        let text = waits("prod", &w, Time::parse("2026-11-28T21:00:00Z"));
        assert_eq!(
            text,
            "Waits for the deployment window of environment prod: it opens on Saturday, 2026-11-28 at 22:00 (UTC+01:00). \
             Windows: Sat, Sun 22:00–04:00 Europe/Berlin."
        );
    }

    #[test]
    fn each_mistake_names_its_field() {
        let fields = |w: &Window| mistakes(w).iter().map(|m| m.field).collect::<Vec<_>>();
        assert_eq!(fields(&window(&ALL_DAYS, "22:00", "00:00", "America/New_York")), [""; 0]);
        let odd = window(&[], "24:00", "7:00", "Mars/Phobos");
        assert_eq!(fields(&odd), ["weekdays", "start", "end", "time_zone"]);
        for text in ["", "12", "12:60", "+1:00", "1200", "12:00:00"] {
            assert_eq!(minutes(text), None, "{text}");
        }
        assert_eq!(at(&[odd], "2026-11-26T12:00:00Z"), closed(""), "it never opens");
    }
}
