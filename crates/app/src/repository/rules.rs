//! What a watched repository must be like. Pure, but for the address, which is judged, and the targets, which must be there.

use std::collections::BTreeSet;

use base::name::DatabaseName;
use base::pattern::{Pattern, has_wildcard};
use base::{Error, FieldViolation, Result, Secret};
use integrations::http::Url;
use store::rows::{Repository, RepositoryPayload, VcsKind, WatchMode};

use crate::app::App;

/// More than these help nobody.
pub(super) const MOST: usize = 50;
const MOST_TARGETS: usize = 1_000;
/// More violations than this help nobody.
const MOST_SHOWN: usize = 20;
const LONGEST: usize = 500;
const LONGEST_BRANCH: usize = 250;
const LONGEST_CATEGORY: usize = 100;
const INTERVALS: std::ops::RangeInclusive<i64> = 30..=86_400;
const USUAL_INTERVAL: i64 = 300;

/// Fills in what was left out, and trims what people paste.
pub(super) fn fill(row: &mut Repository) {
    let payload = &mut row.payload;
    payload.url = payload.url.trim().trim_end_matches('/').to_owned();
    if payload.url.is_empty() {
        payload.url = host(payload.kind).to_owned();
    }
    let path = payload.path.trim().trim_matches('/');
    payload.path = path.strip_suffix(".git").unwrap_or(path).to_owned();
    payload.branch = payload.branch.trim().to_owned();
    payload.category = payload.category.trim().to_owned();
    let pattern = payload.pattern.trim();
    payload.pattern = pattern.strip_prefix("./").unwrap_or(pattern).to_owned();
    if payload.interval == 0 {
        payload.interval = USUAL_INTERVAL;
    }
    row.title = row.title.trim().to_owned();
    if row.title.is_empty() {
        row.title = payload.path.clone();
    }
}

/// The pattern; a folder means the .sql files in it.
pub(super) fn pattern(payload: &RepositoryPayload) -> Result<Pattern, String> {
    let text = payload.pattern.trim_end_matches('/');
    if has_wildcard(text) || text.to_ascii_lowercase().ends_with(".sql") {
        return Pattern::new(text);
    }
    Pattern::new(&if text == "." { "*.sql".to_owned() } else { format!("{text}/*.sql") })
}

const fn host(kind: VcsKind) -> &'static str {
    match kind {
        VcsKind::Github => "https://github.com",
        VcsKind::Gitlab => "https://gitlab.com",
        VcsKind::Unspecified | VcsKind::Bitbucket | VcsKind::AzureDevops => "",
    }
}

/// Everything wrong with a repository and its new token. `http`: a host without TLS is fine, on a server that may reach private
/// networks.
pub(super) fn check(
    row: &Repository,
    mode: Option<WatchMode>,
    token: &Secret,
    http: bool,
) -> Result<Url> {
    let mut wrong = Vec::new();
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            let field = format!("repository.{field}");
            wrong.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    let p = &row.payload;
    let line = |text: &str, most: usize| {
        text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    need(line(&row.title, 200), "title", "use at most 200 characters in one line");
    match p.kind {
        VcsKind::Github | VcsKind::Gitlab => {}
        VcsKind::Unspecified => need(false, "vcs_type", "say which host it is: GITHUB or GITLAB"),
        VcsKind::Bitbucket | VcsKind::AzureDevops => need(
            false,
            "vcs_type",
            "only GITHUB and GITLAB are watched; from this host call basalt rollout in a pipeline",
        ),
    }
    let url = (!host(p.kind).is_empty()).then(|| address(&p.url, http)).flatten();
    need(
        url.is_some() || host(p.kind).is_empty(),
        "url",
        "use the https:// address of the host, such as https://gitlab.example.com, without user, ? and #",
    );
    need(is_path(p), "path", "name the repository as the host does: org/repo");
    need(is_branch(&p.branch), "branch", "name one branch, such as main, without refs/heads/");
    need(
        is_below(&p.pattern) && pattern(p).is_ok(),
        "file_pattern",
        "name a folder, such as migrations, or use a pattern, such as migrations/**/*.sql; both begin at the root of the repository",
    );
    need(line(&p.category, LONGEST_CATEGORY), "category", "use at most 100 characters in one line");
    need(mode.is_some(), "mode", "say how news are found: WEBHOOK or POLL");
    need(INTERVALS.contains(&p.interval), "poll_interval", "use 30 seconds to one day");
    let sendable =
        token.expose().len() <= LONGEST && token.expose().bytes().all(|b| b.is_ascii_graphic());
    need(sendable, "access_token", "paste the token alone, in one line");
    need(
        !p.report || p.has_token,
        "report_status",
        "give an access token: the host takes no commit status from just anybody",
    );
    wrong.extend(targets(&p.targets));
    match url {
        Some(url) if wrong.is_empty() => Ok(url),
        _ => {
            wrong.truncate(MOST_SHOWN);
            Err(Error::fields(wrong))
        }
    }
}

fn address(text: &str, http: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let ok = (url.scheme() == "https" || http && url.scheme() == "http")
        && text.len() <= LONGEST
        && url.host_str().is_some_and(|host| !host.is_empty())
        && !text.contains(['@', '?', '#', '\\'])
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    ok.then_some(url)
}

fn is_path(p: &RepositoryPayload) -> bool {
    let parts: Vec<&str> = p.path.split('/').collect();
    let part = |text: &&str| {
        !text.is_empty()
            && *text != "."
            && *text != ".."
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let enough = match p.kind {
        VcsKind::Github => parts.len() == 2,
        _ => parts.len() >= 2,
    };
    enough && p.path.len() <= LONGEST && parts.iter().all(part)
}

/// What Git takes as a branch, as far as it matters here.
fn is_branch(text: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    !text.is_empty()
        && text.len() <= LONGEST_BRANCH
        && !text.starts_with(['-', '/'])
        && !text.starts_with("refs/")
        && !text.ends_with('/')
        && !text.contains("..")
        && !text.contains("//")
        && !text.chars().any(odd)
}

fn is_below(pattern: &str) -> bool {
    !pattern.is_empty()
        && pattern.len() <= LONGEST
        && !pattern.starts_with('/')
        && !pattern.chars().any(char::is_control)
        && !pattern.split('/').any(|part| part == "..")
}

fn targets(targets: &[String]) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |at: usize, what: &str| {
        let field = format!("repository.targets[{at}]");
        wrong.push(FieldViolation { field, description: what.to_owned() });
    };
    let mut seen = BTreeSet::new();
    for (at, target) in targets.iter().enumerate() {
        if at >= MOST_TARGETS {
            say(at, "a repository has at most 1000 targets");
            break;
        }
        if DatabaseName::parse("targets", target).is_err() {
            say(at, "name each database as instances/{instance}/databases/{database}");
        } else if !seen.insert(target) {
            say(at, "this database stands here twice");
        }
    }
    wrong
}

/// Refuses a host where nothing of ours may connect.
pub(super) async fn judge(app: &App, url: &Url) -> Result<()> {
    let judged = app.outside.http.judge(url).await;
    judged.map_err(|e| Error::field("repository.url", e.to_string()))
}

#[cfg(test)]
mod tests {
    use base::Time;
    use store::rows::RepositoryState;

    use super::*;

    fn good() -> Repository {
        let mut row = Repository {
            project: "shop".into(),
            id: "r".into(),
            title: String::new(),
            actor: "users/ada@x.org".into(),
            payload: RepositoryPayload {
                kind: VcsKind::Github,
                path: "/acme/shop.git".into(),
                branch: "main".into(),
                pattern: "./db/migrations/".into(),
                ..RepositoryPayload::default()
            },
            version: 0,
            created_at: Time(0),
            updated_at: Time(0),
            state: RepositoryState::default(),
            checked_at: None,
            next_at: None,
            epoch: 0,
        };
        fill(&mut row);
        row
    }

    fn fields(row: &Repository) -> Vec<String> {
        match check(row, Some(WatchMode::Poll), &Secret::default(), false) {
            Ok(_) => Vec::new(),
            Err(e) => e.field_violations().iter().map(|v| v.field.clone()).collect(),
        }
    }

    #[test]
    fn what_was_left_out_is_filled_in() {
        let row = good();
        let p = &row.payload;
        assert_eq!(
            (&*row.title, &*p.path, &*p.url),
            ("acme/shop", "acme/shop", "https://github.com")
        );
        assert_eq!(pattern(p).unwrap().as_str(), "db/migrations/*.sql");
        assert_eq!(fields(&row), [""; 0]);
        for (text, becomes) in
            [(".", "*.sql"), ("a/**/*.sql", "a/**/*.sql"), ("a/1.SQL", "a/1.SQL")]
        {
            let payload =
                RepositoryPayload { pattern: text.into(), ..RepositoryPayload::default() };
            assert_eq!(pattern(&payload).unwrap().as_str(), becomes);
        }
    }

    #[test]
    fn each_mistake_names_its_field() {
        let change = |change: fn(&mut Repository)| {
            let mut row = good();
            change(&mut row);
            fields(&row)
        };
        for (field, found) in [
            ("vcs_type", change(|r| r.payload.kind = VcsKind::Bitbucket)),
            ("url", change(|r| r.payload.url = "http://github.com".into())),
            ("url", change(|r| r.payload.url = "https://a@b.example".into())),
            ("path", change(|r| r.payload.path = "acme/eu/shop".into())),
            ("path", change(|r| r.payload.path = "acme/..".into())),
            ("path", change(|r| r.payload.path = "acme/a?b".into())),
            ("branch", change(|r| r.payload.branch = "refs/heads/main".into())),
            ("branch", change(|r| r.payload.branch = "a..b".into())),
            ("file_pattern", change(|r| r.payload.pattern = "../x".into())),
            ("file_pattern", change(|r| r.payload.pattern = "a/[".into())),
            ("poll_interval", change(|r| r.payload.interval = 5)),
            ("report_status", change(|r| r.payload.report = true)),
            ("targets[0]", change(|r| r.payload.targets = vec!["x".into()])),
        ] {
            assert_eq!(found, [format!("repository.{field}")]);
        }
        let token = Secret::from("a\nb");
        let refused = check(&good(), None, &token, false).unwrap_err();
        let found: Vec<_> = refused.field_violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(found, ["repository.mode", "repository.access_token"]);
    }
}
