//! Findings as lines for people: place first, as compilers write it.

use std::fmt::Write as _;

use crate::findings::Finding;

pub fn findings(all: &[Finding]) -> String {
    let mut text = String::new();
    for finding in all {
        let place = finding.place();
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        let code = if finding.code == 0 { String::new() } else { format!(" ({})", finding.code) };
        let content = finding.content.replace('\n', "\n    ");
        let _ =
            writeln!(text, "{place}{} {}{code}: {content}", finding.level.word(), finding.title);
        let _ = writeln!(text, "    on {}", finding.targets.join(", "));
    }
    text
}
