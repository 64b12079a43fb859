//! Commands of a GitHub workflow: each becomes an annotation on its line.

use std::fmt::Write as _;

use base::workflow_command::{message, property};
use review::Status;

use crate::review::reviewed::{Reviewed, name};

pub fn of_file(file: &Reviewed) -> String {
    let mut text = String::new();
    for advice in &file.report.advices {
        let command = if advice.status == Status::Error { "error" } else { "warning" };
        let _ = write!(text, "::{command} file={}", property(&file.path));
        if let Some(place) = file.place(advice) {
            let (start, end) = (place.start, place.end);
            let _ = write!(
                text,
                ",line={},endLine={},col={},endColumn={}",
                start.line, end.line, start.column, end.column
            );
        }
        let _ = writeln!(text, ",title={}::{}", name(advice), message(&advice.content));
    }
    text
}
