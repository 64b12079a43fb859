//! Commands of a GitHub workflow: each becomes an annotation on its line.

use std::fmt::Write as _;

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
        let _ = writeln!(text, ",title={}::{}", name(advice), data(&advice.content));
    }
    text
}

/// A message: line ends would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: colons and commas would end it, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(property("a:b,c%.sql"), "a%3Ab%2Cc%25.sql");
    }
}
