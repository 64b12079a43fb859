//! One reviewed file: where its findings are, for editors and people; and how many there are.

use std::fmt;

use base::{LineIndex, Position, Span};
use review::{Advice, Report, Safety, Status};

use super::fixing;

/// What a syntax error is called where others have the name of a rule.
pub const SYNTAX_ERROR: &str = "SYNTAX_ERROR";

pub struct Reviewed {
    pub path: String,
    pub text: String,
    pub report: Report,
    /// How many fixes were made, and what they changed: a difference of the whole text.
    pub fixed: usize,
    pub difference: String,
    lines: LineIndex,
}

/// A part of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub start: Position,
    pub end: Position,
    pub span: Span,
}

/// How many of what there are, also those that the cap of a review left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub suppressed: usize,
    pub unreadable: usize,
    /// Fixes that were made, and those that could be: safe ones, and ones to look at.
    pub fixed: usize,
    pub safe_fixes: usize,
    pub other_fixes: usize,
}

impl Reviewed {
    pub fn new(path: String, text: String, report: Report) -> Self {
        let lines = LineIndex::new(&text);
        Self { path, text, report, fixed: 0, difference: String::new(), lines }
    }

    /// Those that found something, also what was suppressed; some more than once.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        let suppressed = self.report.suppressed.iter().map(|s| &s.advice);
        self.report.advices.iter().chain(suppressed).map(name)
    }

    /// Where bytes begin and end.
    pub fn region(&self, span: Span) -> [Position; 2] {
        [span.start, span.end].map(|o| self.lines.position(&self.text, o))
    }

    /// Where a finding is; None when it is about the script as a whole. Of what spans several lines it is the part on
    /// the line of the finding: enough to see which statement is meant.
    pub fn place(&self, advice: &Advice) -> Option<Place> {
        let of_span = advice.span.map(|s| self.lines.position(&self.text, s.start).line);
        let line = advice.start.map(|p| p.line).filter(|l| *l > 0).or(of_span)?;
        let whole = self.line(line)?;
        let span = match advice.span {
            Some(span) if of_span == Some(line) => {
                Span::new(span.start, span.end.min(whole.end).max(span.start))
            }
            _ => whole,
        };
        let [start, end] = self.region(span);
        Some(Place { start, end, span })
    }

    /// The bytes of a line without the blanks around it.
    fn line(&self, line: u32) -> Option<Span> {
        let start = self.lines.offset(&self.text, Position { line, column: 1 })?;
        let text = self.text[start..].lines().next().unwrap_or("");
        let blanks = text.len() - text.trim_start().len();
        Some(Span::new(start + blanks.min(text.trim_end().len()), start + text.trim_end().len()))
    }
}

/// The name of the rule, or of what is not one.
pub fn name(advice: &Advice) -> &'static str {
    advice.rule.map_or(SYNTAX_ERROR, review::RuleType::as_str)
}

impl Counts {
    pub fn add(&mut self, file: &Reviewed) {
        let report = &file.report;
        self.files += 1;
        self.fixed += file.fixed;
        for fix in fixing::fixes(report) {
            match fix.safety {
                Safety::Safe => self.safe_fixes += 1,
                Safety::Look => self.other_fixes += 1,
            }
        }
        let errors = report.advices.iter().filter(|a| a.status == Status::Error).count();
        self.errors += errors + report.errors_left_out;
        self.warnings += report.advices.len() - errors + report.warnings_left_out;
        self.suppressed += report.suppressed.len();
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} reviewed: ", counted(self.files, "file"))?;
        write!(f, "{}, {}", counted(self.errors, "error"), counted(self.warnings, "warning"))?;
        if self.suppressed > 0 {
            write!(f, ", {} suppressed", self.suppressed)?;
        }
        if self.unreadable > 0 {
            write!(f, ", {} unreadable", self.unreadable)?;
        }
        if self.fixed > 0 {
            write!(f, ", {} made", counted_as(self.fixed, "fix", "fixes"))?;
        }
        match (self.safe_fixes, self.other_fixes) {
            (0, 0) => {}
            (0, other) => write!(f, "; --fix=all mends {other}")?,
            (safe, 0) => write!(f, "; --fix mends {safe}")?,
            (safe, other) => write!(f, "; --fix mends {safe}, --fix=all {other} more")?,
        }
        Ok(())
    }
}

pub fn counted(n: usize, what: &str) -> String {
    counted_as(n, what, &format!("{what}s"))
}

fn counted_as(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
