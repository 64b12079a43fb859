//! What the environment tells tests, and how tests talk past the harness.

/// Whether a judge runs the tests: then what would be skipped fails.
pub fn is_judged() -> bool {
    variable("CI").as_deref() == Some("true")
}

/// A variable that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "the environment says where servers and data are")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A line that shows even where the harness captures a passing test's output.
pub fn say(line: &str) {
    use std::io::Write as _;
    // `eprintln!` is captured, the handle is not. Nothing can be done about a closed stderr.
    let _ = writeln!(std::io::stderr(), "{line}");
}
