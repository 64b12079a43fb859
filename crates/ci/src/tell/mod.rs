//! What people and platforms are told: one file a form.

mod azure;
mod bitbucket;
mod comment;
mod github;
mod gitlab;
mod text;

use std::io::Write as _;

pub use azure::issues as azure_issues;
pub use bitbucket::report as bitbucket_report;
pub use comment::{Markup, Summary, comment};
pub use github::{annotation as github_annotation, annotations as github_annotations};
pub use gitlab::code_quality;
pub use text::findings;

/// The result of a command. Whoever reads it may stop reading: that is no failure.
pub fn out(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// What a command notices besides.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "basalt: {text}");
}
