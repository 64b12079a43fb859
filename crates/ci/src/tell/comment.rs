//! The comment on a pull or merge request. It begins with a marker, by which the next run finds it.

use std::fmt::Write as _;

use crate::files::Ignored;
use crate::findings::{Finding, Findings, counted};

/// So much is seen without a click.
const SHOWN: usize = 10;
/// Kept for the words after a cut.
const RESERVE: usize = 400;
const LONGEST_CONTENT: usize = 2_000;

/// What the place of the comment understands, and takes.
#[derive(Debug, Clone, Copy)]
pub struct Markup {
    /// `<details>`, comments and entities of HTML.
    pub html: bool,
    /// Bytes.
    pub longest: usize,
}

/// What a comment is about.
pub struct Summary<'a> {
    pub project: &'a str,
    pub files: usize,
    pub targets: usize,
    pub findings: &'a Findings,
    pub ignored: &'a [Ignored],
    /// What was checked, and by which run: empty where nobody knows.
    pub commit: &'a str,
    pub run_url: &'a str,
    /// The exit status is not 0.
    pub failed: bool,
}

/// One a project: two projects in one request do not take each other's.
pub fn marker(markup: Markup, project: &str) -> String {
    if markup.html {
        format!("<!-- basalt:check {project} -->")
    } else {
        // A definition of a link that nothing uses is not shown.
        format!("[//]: # (basalt:check {project})")
    }
}

/// The marker, and the text that begins with it.
pub fn comment(summary: &Summary<'_>, markup: Markup) -> (String, String) {
    let marker = marker(markup, summary.project);
    let mut text = format!("{marker}\n\n### Basalt: {}\n\n", summary.findings.counts());
    let verdict = if summary.failed { "**This keeps the change from being merged.** " } else { "" };
    let rows = match summary.findings.affected_rows {
        0 => String::new(),
        n => format!(" · about {n} rows affected"),
    };
    let risk = match summary.findings.risk {
        "" => String::new(),
        risk => format!(" · risk {risk}"),
    };
    let _ = writeln!(
        text,
        "{verdict}{} on {}{rows}{risk}\n",
        counted(summary.files, "file"),
        counted(summary.targets, "database"),
    );
    let findings: Vec<String> = summary.findings.all.iter().map(|f| finding(f, markup)).collect();
    list(&mut text, markup, "", "more findings", &findings);
    if !summary.findings.rows.is_empty() {
        table(&mut text, summary, markup);
    }
    if !summary.ignored.is_empty() {
        let ignored: Vec<String> = summary
            .ignored
            .iter()
            .map(|i| format!("- {}: {}\n", code(&i.path), plain(&i.why, markup)))
            .collect();
        let title = format!("{} left out", counted(ignored.len(), "file"));
        folded(&mut text, markup, &title, &ignored, ignored.len() > SHOWN || markup.html);
    }
    let mut foot: Vec<String> = Vec::new();
    if !summary.commit.is_empty() {
        foot.push(format!("Commit {}", code(&summary.commit.chars().take(12).collect::<String>())));
    }
    if !summary.run_url.is_empty() {
        foot.push(format!("[log of the run]({})", summary.run_url));
    }
    if !foot.is_empty() {
        let _ = writeln!(text, "{}", foot.join(" · "));
    }
    (marker, text)
}

fn finding(finding: &Finding, markup: Markup) -> String {
    let place = match finding.place() {
        place if place.is_empty() => String::new(),
        place => format!("{} ", code(&place)),
    };
    let content: String = finding.content.chars().take(LONGEST_CONTENT).collect();
    let targets: Vec<String> =
        finding.targets.iter().take(SHOWN).map(|t| code(&short(t))).collect();
    let more = match finding.targets.len().saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!(
        "- **{}** {place}{}: {} ({}{more})\n",
        finding.level.word(),
        plain(&finding.title, markup),
        plain(&content, markup),
        targets.join(", "),
    )
}

fn table(text: &mut String, summary: &Summary<'_>, markup: Markup) {
    let rows: Vec<String> = summary
        .findings
        .rows
        .iter()
        .map(|r| {
            let file = if r.file.is_empty() { "-".to_owned() } else { code(&r.file) };
            format!(
                "| {} | {} | {} | {} | {} | {} |\n",
                cell(&file),
                cell(&code(&short(&r.target))),
                r.affected_rows,
                r.risk,
                r.errors,
                r.warnings
            )
        })
        .collect();
    let head = "| File | Database | Rows | Risk | Errors | Warnings |\n|---|---|---|---|---|---|\n";
    let with_head: Vec<String> = std::iter::once(head.to_owned()).chain(rows).collect();
    let title = "Every file on every database";
    folded(text, markup, title, &with_head, with_head.len() > SHOWN + 1);
}

/// The first are shown, the others wait for a click.
fn list(text: &mut String, markup: Markup, title: &str, more: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let (shown, hidden) = items.split_at(items.len().min(SHOWN));
    folded(text, markup, title, shown, false);
    if !hidden.is_empty() {
        folded(text, markup, &format!("{} {more}", hidden.len()), hidden, true);
    }
}

/// Adds items as long as there is room, and says how many there was none for.
fn folded(text: &mut String, markup: Markup, title: &str, items: &[String], fold: bool) {
    let is_folded = fold && markup.html;
    if is_folded {
        let _ = writeln!(text, "<details><summary>{title}</summary>\n");
    } else if !title.is_empty() {
        let _ = writeln!(text, "**{title}**\n");
    }
    let mut left = 0;
    for item in items {
        if left == 0 && text.len() + item.len() + RESERVE <= markup.longest {
            text.push_str(item);
        } else {
            left += 1;
        }
    }
    if left > 0 {
        let _ = writeln!(text, "\n… and {left} more: the log of the run has all.");
    }
    text.push_str(if is_folded { "\n</details>\n\n" } else { "\n" });
}

/// `instances/test/databases/shop` → `test/shop`
fn short(target: &str) -> String {
    match target.split('/').collect::<Vec<_>>().as_slice() {
        [.., "instances", instance, "databases", database] => format!("{instance}/{database}"),
        _ => target.to_owned(),
    }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace(['\r', '\n'], " "))
}

/// Text of users: it makes no markup, breaks no list, and calls nobody.
fn plain(text: &str, markup: Markup) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '<' if markup.html => plain.push_str("&lt;"),
            '@' if markup.html => plain.push_str("&#64;"),
            '@' => plain.push_str("(at)"),
            '\r' => {}
            '\n' => plain.push_str(if markup.html { "<br>" } else { " " }),
            '*' | '_' | '[' | ']' | '`' | '#' | '|' | '\\' | '~' | '!' => {
                plain.push('\\');
                plain.push(c);
            }
            c => plain.push(c),
        }
    }
    plain
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use api::bytebase::v1::CheckReleaseResponse;
    use api::bytebase::v1::advice::Level as Status;

    use super::*;
    use crate::findings::tests::{advice, result};

    const HTML: Markup = Markup { html: true, longest: 60_000 };

    fn told(results: usize, markup: Markup) -> String {
        let advices =
            |n: usize| vec![advice(Status::Error, i32::try_from(n).unwrap() + 1, "No `WHERE`")];
        let response = CheckReleaseResponse {
            results: (0..results)
                .map(|n| result(&format!("db/{n}.sql"), "test", advices(n)))
                .collect(),
            affected_rows: 70,
            risk_level: api::bytebase::v1::RiskLevel::High.into(),
            ..CheckReleaseResponse::default()
        };
        let findings = Findings::of(&response);
        let ignored = [Ignored { path: "db/x.sql".to_owned(), why: "it is empty".to_owned() }];
        let summary = Summary {
            project: "projects/shop",
            files: results,
            targets: 1,
            findings: &findings,
            ignored: &ignored,
            commit: "0123456789abcdef",
            run_url: "https://ci.example.com/1",
            failed: true,
        };
        comment(&summary, markup).1
    }

    #[test]
    fn a_short_comment_shows_all() {
        insta::assert_snapshot!(told(2, HTML));
    }

    #[test]
    fn without_html_there_are_no_tags_and_no_calls() {
        let text = told(2, Markup { html: false, longest: 30_000 });
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_long_one_is_folded_and_the_longest_is_cut() {
        let text = told(40, HTML);
        assert!(text.contains("<details><summary>30 more findings</summary>"), "{text}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        let text = told(2_000, HTML);
        assert!(text.len() <= HTML.longest, "{}", text.len());
        assert!(text.contains("more: the log of the run has all."));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}
