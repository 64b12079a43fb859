//! Commands of a GitHub workflow: each becomes an annotation on its line.

use base::workflow_command::{message, property};

use crate::findings::{Finding, Level};

pub fn annotations(all: &[Finding]) -> String {
    all.iter()
        .map(|f| {
            let title =
                if f.code == 0 { f.title.clone() } else { format!("{} ({})", f.title, f.code) };
            let content = format!("{}\non {}", f.content, f.targets.join(", "));
            annotation(f.level, &f.file, f.line, &title, &content) + "\n"
        })
        .collect()
}

pub fn annotation(
    level: Level,
    file: &str,
    line: Option<i32>,
    title: &str,
    content: &str,
) -> String {
    let command = match level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let mut place = String::new();
    if !file.is_empty() {
        place = format!("file={},", property(file));
        if let Some(line) = line {
            place.push_str(&format!("line={line},"));
        }
    }
    format!("::{command} {place}title={}::{}", property(title), message(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let told = annotation(Level::Error, "a,b:c%.sql", Some(3), "T: x", "50%\n::error::fake");
        assert_eq!(
            told,
            "::error file=a%2Cb%3Ac%25.sql,line=3,title=T%3A x::50%25%0A::error::fake"
        );
        assert_eq!(annotation(Level::Warning, "", Some(3), "T", "c"), "::warning title=T::c");
    }
}
