//! What a check found, as it is told: alike findings of several databases are one.

use api::bytebase::v1::advice::Level as Status;
use api::bytebase::v1::{Advice, CheckReleaseResponse, RiskLevel};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Empty for what is about a database as a whole.
    pub file: String,
    /// From 1; none when it is about no line.
    pub line: Option<i32>,
    pub level: Level,
    pub title: String,
    pub content: String,
    pub code: i32,
    pub targets: Vec<String>,
}

/// One file on one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub file: String,
    pub target: String,
    pub affected_rows: i64,
    pub risk: &'static str,
    pub errors: usize,
    pub warnings: usize,
}

#[derive(Debug, Default)]
pub struct Findings {
    /// Errors first, then by file and line.
    pub all: Vec<Finding>,
    pub rows: Vec<Row>,
    pub affected_rows: i64,
    pub risk: &'static str,
}

impl Findings {
    pub fn of(response: &CheckReleaseResponse) -> Self {
        let mut found = Self {
            affected_rows: response.affected_rows,
            risk: risk(response.risk_level()),
            ..Self::default()
        };
        for result in &response.results {
            let mut row = Row {
                file: result.file.clone(),
                target: result.target.clone(),
                affected_rows: result.affected_rows,
                risk: risk(result.risk_level()),
                errors: 0,
                warnings: 0,
            };
            for advice in &result.advices {
                let Some(level) = level(advice) else { continue };
                match level {
                    Level::Error => row.errors += 1,
                    Level::Warning => row.warnings += 1,
                }
                found.add(&result.file, &result.target, level, advice);
            }
            found.rows.push(row);
        }
        found.all.sort_by(|a, b| {
            (b.level, &a.file, a.line, &a.title).cmp(&(a.level, &b.file, b.line, &b.title))
        });
        found
    }

    fn add(&mut self, file: &str, target: &str, level: Level, advice: &Advice) {
        let line = advice.start_position.as_ref().map(|p| p.line).filter(|line| *line > 0);
        let same = |f: &&mut Finding| {
            (f.file.as_str(), f.line, f.level, &f.title, &f.content)
                == (file, line, level, &advice.title, &advice.content)
        };
        if let Some(found) = self.all.iter_mut().find(same) {
            if !found.targets.iter().any(|t| t == target) {
                found.targets.push(target.to_owned());
            }
            return;
        }
        self.all.push(Finding {
            file: file.to_owned(),
            line,
            level,
            title: advice.title.clone(),
            content: advice.content.clone(),
            code: advice.code,
            targets: vec![target.to_owned()],
        });
    }

    pub fn count(&self, level: Level) -> usize {
        self.all.iter().filter(|f| f.level == level).count()
    }

    /// `2 errors, 1 warning`, or `nothing found`.
    pub fn counts(&self) -> String {
        let (errors, warnings) = (self.count(Level::Error), self.count(Level::Warning));
        let told: Vec<String> = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| counted(n, what))
            .collect();
        if told.is_empty() { "nothing found".to_owned() } else { told.join(", ") }
    }
}

impl Level {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

impl Finding {
    /// `migrations/2.sql:3`
    pub fn place(&self) -> String {
        match (self.file.as_str(), self.line) {
            ("", _) => String::new(),
            (file, None) => file.to_owned(),
            (file, Some(line)) => format!("{file}:{line}"),
        }
    }
}

/// `1 file`, `2 files`
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn level(advice: &Advice) -> Option<Level> {
    match advice.status() {
        Status::Error => Some(Level::Error),
        Status::Warning => Some(Level::Warning),
        _ => None,
    }
}

const fn risk(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "LOW",
        RiskLevel::Moderate => "MODERATE",
        RiskLevel::High => "HIGH",
        RiskLevel::Unspecified => "",
    }
}

#[cfg(test)]
pub mod tests {
    use api::bytebase::v1::Position;
    use api::bytebase::v1::check_release_response::CheckResult;

    use super::*;

    pub fn advice(status: Status, line: i32, title: &str) -> Advice {
        Advice {
            status: status.into(),
            title: title.to_owned(),
            content: format!("{title} @here | <b>\nmore"),
            code: 201,
            start_position: Some(Position { line, column: 1 }),
            ..Advice::default()
        }
    }

    pub fn result(file: &str, target: &str, advices: Vec<Advice>) -> CheckResult {
        CheckResult {
            file: file.to_owned(),
            target: format!("instances/{target}/databases/shop"),
            advices,
            affected_rows: 7,
            risk_level: RiskLevel::High.into(),
            ..CheckResult::default()
        }
    }

    #[test]
    fn alike_findings_of_two_databases_are_one() {
        let advices = || {
            vec![
                advice(Status::Warning, 3, "W"),
                advice(Status::Error, 9, "E"),
                advice(Status::Success, 1, "S"),
            ]
        };
        let response = CheckReleaseResponse {
            results: vec![result("2.sql", "test", advices()), result("2.sql", "prod", advices())],
            ..CheckReleaseResponse::default()
        };
        let found = Findings::of(&response);
        let told: Vec<_> =
            found.all.iter().map(|f| (f.place(), f.level, f.targets.len())).collect();
        assert_eq!(
            told,
            [("2.sql:9".to_owned(), Level::Error, 2), ("2.sql:3".to_owned(), Level::Warning, 2)]
        );
        assert_eq!(found.counts(), "1 error, 1 warning");
        assert_eq!((found.rows.len(), found.rows[0].errors, found.rows[0].risk), (2, 1, "HIGH"));
    }
}
