//! What a workload identity keeps to. Pure.

use base::FieldViolation;
use store::rows::{WorkloadIdentity, WorkloadProvider};

/// Longest issuer, audience and subject.
const LONGEST: usize = 500;
const MOST_AUDIENCES: usize = 20;

/// An issuer that is not given is the public one of the provider.
pub fn fill(row: &mut WorkloadIdentity) {
    let payload = &mut row.payload;
    if payload.issuer.is_empty() {
        payload.issuer = match payload.provider {
            WorkloadProvider::Unspecified => String::new(),
            WorkloadProvider::Github => "https://token.actions.githubusercontent.com".to_owned(),
            WorkloadProvider::Gitlab => "https://gitlab.com".to_owned(),
        };
    }
}

pub fn violations(row: &WorkloadIdentity) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: &str, description: &str| {
        if !ok {
            let field = format!("workload_identity.{field}");
            found.push(FieldViolation { field, description: description.to_owned() });
        }
    };
    let is_line = |text: &str| text.len() <= LONGEST && !text.chars().any(char::is_control);
    need(
        !row.title.is_empty() && row.title.chars().count() <= 200 && is_line(&row.title),
        "title",
        "use 1 to 200 characters in one line",
    );
    let payload = &row.payload;
    let config = |field: &str| format!("workload_identity_config.{field}");
    need(
        payload.provider != WorkloadProvider::Unspecified,
        &config("provider_type"),
        "use GITHUB or GITLAB",
    );
    let issuer = &payload.issuer;
    need(
        is_line(issuer) && (issuer.starts_with("https://") || issuer.starts_with("http://")),
        &config("issuer_url"),
        "use the address that tokens have as iss, e.g. https://gitlab.example.com",
    );
    need(
        payload.audiences.len() <= MOST_AUDIENCES
            && payload.audiences.iter().all(|a| !a.is_empty() && is_line(a)),
        &config("allowed_audiences"),
        "use at most 20 audiences, each in one line",
    );
    let subject = payload.subject.strip_suffix('*').unwrap_or(&payload.subject);
    need(
        is_line(subject) && !subject.contains('*'),
        &config("subject_pattern"),
        "write the subject, or how it begins and then one * at the end",
    );
    // The issuer gives tokens to everybody who has a repository there.
    need(
        !matches!(subject, "" | "repo:" | "project_path:"),
        &config("subject_pattern"),
        "say whose pipelines are meant, e.g. repo:acme/shop:ref:refs/heads/main or project_path:acme/shop:*",
    );
    found
}

#[cfg(test)]
mod tests {
    use base::Time;
    use store::rows::{State, WorkloadPayload};

    use super::*;

    fn row(issuer: &str, subject: &str) -> WorkloadIdentity {
        WorkloadIdentity {
            email: "ci@workload.bytebase.com".into(),
            title: "CI".into(),
            project: None,
            payload: WorkloadPayload {
                provider: WorkloadProvider::Github,
                issuer: issuer.into(),
                audiences: vec!["basalt".into()],
                subject: subject.into(),
            },
            state: State::Active,
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }
    }

    #[test]
    fn an_issuer_is_known_by_its_provider() {
        let mut good = row("", "repo:acme/shop:*");
        fill(&mut good);
        assert_eq!(good.payload.issuer, "https://token.actions.githubusercontent.com");
        assert!(violations(&good).is_empty());
    }

    #[test]
    fn a_pattern_that_lets_everybody_in_is_refused() {
        for subject in ["", "*", "repo:*", "project_path:*", "a*b", "a\nb"] {
            let found = violations(&row("https://x.example", subject));
            assert_eq!(found.len(), 1, "{subject}");
            assert!(found[0].field.ends_with("subject_pattern"), "{found:?}");
        }
        assert!(violations(&row("file:///etc", "a"))[0].field.ends_with("issuer_url"));
    }
}
