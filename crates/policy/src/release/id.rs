//! The id of a release, made from a template: `release_{date}-RC{iteration}` → `release_20260801-RC00`. Pure.
//!
//! What stands before the iteration is the release's train: iterations are counted for each train of a project.

use base::{FieldViolation, Time};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::window;

/// When a request names no template.
pub const DEFAULT: &str = "release_{date}-RC{iteration}";

const ITERATION: &str = "{iteration}";
/// Longest train, in bytes: ids stand in paths and titles.
const LONGEST: usize = 100;

/// The train that a release made now belongs to, or what is wrong with the request. Empty texts mean the defaults.
pub fn train(template: &str, timezone: &str, now: Time) -> Result<String, FieldViolation> {
    let wrong = |field: &str, description: String| {
        Err(FieldViolation { field: field.to_owned(), description })
    };
    let zone = if timezone.is_empty() { Some(TimeZone::UTC) } else { window::zone(timezone) };
    let Some(zone) = zone else {
        let text =
            "name a time zone of the IANA database, e.g. Europe/Berlin, or leave it empty for UTC";
        return wrong("release_id_timezone", text.to_owned());
    };
    let template = if template.is_empty() { DEFAULT } else { template };
    let Some(before) = template.strip_suffix(ITERATION) else {
        let text = format!("end it with {ITERATION}, as in {DEFAULT}");
        return wrong("release_id_template", text);
    };
    let Ok(now) = Timestamp::from_second(now.seconds()) else {
        return wrong("release_id_template", "the server's clock is out of range".to_owned());
    };
    let wall = zone.to_datetime(now);
    let date = format!("{:04}{:02}{:02}", wall.year(), wall.month(), wall.day());
    let time = format!("{:02}{:02}", wall.hour(), wall.minute());
    let timestamp = format!("{date}_{time}");
    let variables = [("{date}", date), ("{time}", time), ("{timestamp}", timestamp)];
    if !variables.iter().any(|(name, _)| before.contains(name)) {
        let text = "name a time in it: {date}, {time} or {timestamp}";
        return wrong("release_id_template", text.to_owned());
    }
    let train = variables.iter().fold(before.to_owned(), |t, (name, value)| t.replace(name, value));
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if !train.bytes().all(allowed) || !train.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        let text = format!(
            "use letters, digits, '-', '_' and '.', starting with a letter or digit, and of variables only {{date}}, {{time}}, {{timestamp}} and, at the end, {ITERATION}"
        );
        return wrong("release_id_template", text);
    }
    if train.len() > LONGEST {
        return wrong("release_id_template", "use at most 100 characters".to_owned());
    }
    Ok(train)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(template: &str, timezone: &str) -> Result<String, String> {
        let now = Time::parse("2026-08-01T05:06:07Z").unwrap();
        train(template, timezone, now).map_err(|v| format!("{}: {}", v.field, v.description))
    }

    #[test]
    fn templates_are_filled_in_utc() {
        assert_eq!(at("", "").unwrap(), "release_20260801-RC");
        assert_eq!(at("v{timestamp}.{iteration}", "UTC").unwrap(), "v20260801_0506.");
        assert_eq!(at("{date}{time}{iteration}", "Etc/UTC").unwrap(), "202608010506");
    }

    #[test]
    fn a_time_zone_moves_the_date() {
        let late = |zone| train("", zone, Time::parse("2026-07-31T23:30:00Z").unwrap()).unwrap();
        assert_eq!(late("UTC"), "release_20260731-RC");
        assert_eq!(late("Europe/Berlin"), "release_20260801-RC");
        assert_eq!(late("America/Los_Angeles"), "release_20260731-RC");
        assert_eq!(at("{timestamp}-{iteration}", "Asia/Tokyo").unwrap(), "20260801_1406-");
    }

    #[test]
    fn each_mistake_says_what_to_write() {
        for (template, says) in [
            ("release_{date}", "end it with {iteration}"),
            ("{iteration}-{date}", "end it with {iteration}"),
            ("RC{iteration}", "name a time"),
            ("{date}{week}{iteration}", "of variables only"),
            ("{iteration}{date}{iteration}", "of variables only"),
            ("a/b{date}{iteration}", "use letters"),
            ("-{date}{iteration}", "starting with"),
            (&format!("{}{{date}}{{iteration}}", "a".repeat(100)), "at most 100"),
        ] {
            let error = at(template, "").unwrap_err();
            assert!(error.starts_with("release_id_template: "), "{error}");
            assert!(error.contains(says), "{template}: {error}");
        }
        assert!(at("", "Europe/Atlantis").unwrap_err().starts_with("release_id_timezone: "));
    }
}
