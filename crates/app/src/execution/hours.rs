//! Stops a run between two units when the deployment window of its environment closes, if its end pauses runs.

use base::{Error, Reason, Result, Time};
use policy::window::{self, Admission, Window, WindowEnd};
use store::rows::EnvironmentSetting;

/// The windows that a run keeps to, as they were when it began.
pub struct Hours {
    environment: String,
    windows: Vec<Window>,
    closes: Option<Time>,
}

impl Hours {
    /// None when no end of a window stops a run in `environment`.
    pub fn of(
        environments: &EnvironmentSetting,
        environment: Option<&str>,
        now: Time,
    ) -> Option<Self> {
        let found = environments.get(environment?)?;
        if found.windows.is_empty() || found.window_end == WindowEnd::Finish {
            return None;
        }
        let closes = match window::admit(&found.windows, now) {
            Admission::Open { closes } => closes,
            Admission::Closed { .. } => Some(now),
        };
        Some(Self { environment: found.id.clone(), windows: found.windows.clone(), closes })
    }

    /// Before a unit. Errors: `WINDOW_CLOSED`.
    pub fn check(&self, now: Time) -> Result<()> {
        if self.closes.is_none_or(|closes| now < closes) {
            return Ok(());
        }
        let opens = match window::admit(&self.windows, now) {
            // Another window opened since: the run goes on at once.
            Admission::Open { .. } => Some(now),
            Admission::Closed { opens } => opens,
        };
        let text = window::waits(&self.environment, &self.windows, opens);
        Err(Error::new(Reason::WindowClosed, text.trim_end_matches('.')))
    }
}

#[cfg(test)]
mod tests {
    use policy::window::Weekday;
    use store::rows::Environment;

    use super::*;

    fn environments(window_end: WindowEnd) -> EnvironmentSetting {
        let window = Window {
            weekdays: [Weekday::Thursday].into(),
            start: "09:00".into(),
            end: "12:00".into(),
            time_zone: "UTC".into(),
        };
        let prod = Environment {
            id: "prod".into(),
            windows: vec![window],
            window_end,
            ..Environment::default()
        };
        EnvironmentSetting { environments: vec![prod] }
    }

    #[test]
    fn only_a_pausing_window_stops_what_runs() {
        let at = |text: &str| Time::parse(text).unwrap();
        let morning = at("2026-11-26T10:00:00Z");
        assert!(Hours::of(&environments(WindowEnd::Finish), Some("prod"), morning).is_none());
        assert!(Hours::of(&environments(WindowEnd::Pause), Some("test"), morning).is_none());
        let hours = Hours::of(&environments(WindowEnd::Pause), Some("prod"), morning).unwrap();
        assert!(hours.check(at("2026-11-26T11:59:59Z")).is_ok());
        let error = hours.check(at("2026-11-26T12:00:00Z")).unwrap_err();
        assert_eq!(error.reason(), Reason::WindowClosed);
        assert!(error.to_string().contains("Thursday, 2026-12-03 at 09:00"), "{error}");
        let late =
            Hours::of(&environments(WindowEnd::Pause), Some("prod"), at("2026-11-26T13:00:00Z"));
        assert!(late.unwrap().check(at("2026-11-26T13:00:00Z")).is_err(), "it closed meanwhile");
    }
}
