//! Deployment windows of an environment.

use api::bytebase::v1::environment_setting as pb;
use base::{Error, Result};
use policy::window::{Weekday, Window, WindowEnd};

const DAYS: [(Weekday, pb::Weekday); 7] = [
    (Weekday::Monday, pb::Weekday::Monday),
    (Weekday::Tuesday, pb::Weekday::Tuesday),
    (Weekday::Wednesday, pb::Weekday::Wednesday),
    (Weekday::Thursday, pb::Weekday::Thursday),
    (Weekday::Friday, pb::Weekday::Friday),
    (Weekday::Saturday, pb::Weekday::Saturday),
    (Weekday::Sunday, pb::Weekday::Sunday),
];

pub fn to_wire(window: Window) -> pb::Window {
    let on = DAYS.iter().filter(|(day, _)| window.weekdays.contains(day));
    pb::Window {
        weekdays: on.map(|(_, day)| (*day).into()).collect(),
        start: window.start,
        end: window.end,
        time_zone: window.time_zone,
    }
}

pub fn all_from_wire(field: &str, windows: Vec<pb::Window>) -> Result<Vec<Window>> {
    let mut all = Vec::with_capacity(windows.len());
    for (i, window) in windows.into_iter().enumerate() {
        let day = |number: &i32| {
            let found = DAYS.iter().find(|(_, day)| i32::from(*day) == *number);
            found.map(|(day, _)| *day).ok_or_else(|| {
                Error::field(format!("{field}[{i}].weekdays"), "use MONDAY to SUNDAY")
            })
        };
        all.push(Window {
            weekdays: window.weekdays.iter().map(day).collect::<Result<_>>()?,
            start: window.start,
            end: window.end,
            time_zone: window.time_zone,
        });
    }
    Ok(all)
}

pub const fn end_to_wire(end: WindowEnd) -> pb::WindowEnd {
    match end {
        WindowEnd::Finish => pb::WindowEnd::Finish,
        WindowEnd::Pause => pb::WindowEnd::Pause,
    }
}

pub fn end_from_wire(field: &str, end: i32) -> Result<WindowEnd> {
    match pb::WindowEnd::try_from(end) {
        Ok(pb::WindowEnd::Unspecified | pb::WindowEnd::Finish) => Ok(WindowEnd::Finish),
        Ok(pb::WindowEnd::Pause) => Ok(WindowEnd::Pause),
        Err(_) => Err(Error::field(field, "use FINISH or PAUSE")),
    }
}
