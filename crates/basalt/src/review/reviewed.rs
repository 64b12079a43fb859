//! One reviewed file: where its findings are, for editors and people; and how many there are.

use std::fmt;

use base::{LineIndex, Position, Span};
use review::{Advice, Report, Status};

/// What a syntax error is called where others have the name of a rule.
pub const SYNTAX_ERROR: &str = "SYNTAX_ERROR";

pub struct Reviewed {
    pub path: String,
    pub text: String,
    pub report: Report,
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
}

impl Reviewed {
    pub fn new(path: String, text: String, report: Report) -> Self {
        let lines = LineIndex::new(&text);
        Self { path, text, report, lines }
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
        let [start, end] = [span.start, span.end].map(|o| self.lines.position(&self.text, o));
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
    pub fn of(files: &[Reviewed], unreadable: usize) -> Self {
        let mut counts = Self { files: files.len(), unreadable, ..Self::default() };
        for report in files.iter().map(|f| &f.report) {
            let errors = report.advices.iter().filter(|a| a.status == Status::Error).count();
            counts.errors += errors + report.errors_left_out;
            counts.warnings += report.advices.len() - errors + report.warnings_left_out;
            counts.suppressed += report.suppressed.len();
        }
        counts
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
        Ok(())
    }
}

pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
