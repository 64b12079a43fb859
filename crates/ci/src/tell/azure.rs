//! Logging commands of Azure Pipelines: each becomes an issue of the run, on its line.

use crate::findings::{Finding, Level};

pub fn issues(all: &[Finding]) -> String {
    all.iter().map(|f| issue(f) + "\n").collect()
}

fn issue(finding: &Finding) -> String {
    let kind = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let mut properties = format!("type={kind};");
    if !finding.file.is_empty() {
        properties.push_str(&format!("sourcepath={};", property(&finding.file)));
        properties.push_str(&format!("linenumber={};columnnumber=1;", finding.line.unwrap_or(1)));
    }
    if finding.code != 0 {
        properties.push_str(&format!("code={};", finding.code));
    }
    let text = format!("{}: {} on {}", finding.title, finding.content, finding.targets.join(", "));
    format!("##vso[task.logissue {properties}]{}", data(&text))
}

/// A message: it ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: it would end with these, too.
fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let finding = Finding {
            file: "a;b].sql".to_owned(),
            line: None,
            level: Level::Warning,
            title: "T".to_owned(),
            content: "50%\n##vso[task.complete]".to_owned(),
            code: 7,
            targets: vec!["instances/a/databases/b".to_owned()],
        };
        assert_eq!(
            issue(&finding),
            "##vso[task.logissue type=warning;sourcepath=a%3Bb%5D.sql;linenumber=1;columnnumber=1;code=7;]T: 50%AZP25%0A##vso[task.complete] on instances/a/databases/b"
        );
    }
}
