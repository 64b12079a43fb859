//! How a sync stands, as it is told to the host. Pure.

use integrations::vcs::{CommitState, CommitStatus, LONGEST_DESCRIPTION};
use store::rows::{Repository, RepositorySync, RepositorySyncStatus};

/// Sets it apart from what others say of the commit.
const CONTEXT: &str = "basalt";
/// Not the fault of what the commit holds.
const NOT_OF_FILES: [&str; 9] = [
    "TOKEN_REFUSED",
    "TOKEN_FORBIDDEN",
    "ACTOR_NOT_ALLOWED",
    "BRANCH_NOT_FOUND",
    "REPOSITORY_NOT_FOUND",
    "REPOSITORY_MOVED",
    "HOST_ANSWER",
    "ADDRESS_REFUSED",
    "ROLLOUT_REFUSED",
];

/// `console`: where people reach it; empty when nobody said.
pub(super) fn standing(row: &Repository, sync: &RepositorySync, console: &str) -> CommitStatus {
    let payload = &sync.payload;
    let said = payload.message.as_str();
    let (state, description) = match sync.status {
        RepositorySyncStatus::Pending => (CommitState::Pending, "Looks at the commit.".to_owned()),
        RepositorySyncStatus::Retrying | RepositorySyncStatus::Waiting => {
            (CommitState::Pending, said.to_owned())
        }
        RepositorySyncStatus::Done => done(sync),
        RepositorySyncStatus::NothingNew => match payload.reason.as_str() {
            "SUPERSEDED" => (CommitState::Canceled, said.to_owned()),
            _ => (CommitState::Success, said.to_owned()),
        },
        RepositorySyncStatus::Failed => match NOT_OF_FILES.contains(&payload.reason.as_str()) {
            true => (CommitState::Error, said.to_owned()),
            false => (CommitState::Failure, said.to_owned()),
        },
    };
    let context = match row.payload.category.as_str() {
        "" => CONTEXT.to_owned(),
        // Two folders of one repository say different things of a commit.
        category => format!("{CONTEXT}/{category}"),
    };
    CommitStatus { state, context, description: short(&description), url: url(sync, console) }
}

fn done(sync: &RepositorySync) -> (CommitState, String) {
    let payload = &sync.payload;
    let (release, stage) = (&payload.release, &payload.stage);
    match (payload.has_rollout, stage.as_str(), payload.stage_failed) {
        (false, ..) => (CommitState::Success, format!("Release {release} is made.")),
        (true, "", _) => {
            (CommitState::Success, format!("Release {release} and its rollout are made."))
        }
        (true, stage, false) => {
            (CommitState::Success, format!("Release {release} is rolled out to {stage}."))
        }
        (true, stage, true) => {
            (CommitState::Failure, format!("Release {release} failed on {stage}."))
        }
    }
}

/// The page with more.
fn url(sync: &RepositorySync, console: &str) -> String {
    if console.is_empty() {
        return String::new();
    }
    let (project, payload) = (format!("{console}/projects/{}", sync.project), &sync.payload);
    match (payload.plan, payload.release.as_str()) {
        (0, "") => format!("{project}/repositories/{}", sync.repository),
        (0, release) => format!("{project}/releases/{release}"),
        (plan, _) if payload.has_rollout => format!("{project}/plans/{plan}?tab=rollout"),
        (plan, _) => format!("{project}/plans/{plan}"),
    }
}

/// One line, no longer than hosts take it.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_DESCRIPTION {
        return line;
    }
    let kept: String = line.chars().take(LONGEST_DESCRIPTION - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use base::Time;
    use store::rows::{CommitReport, RepositoryPayload, RepositoryState, RepositorySyncPayload};

    use super::*;

    fn a_row() -> Repository {
        Repository {
            project: "shop".into(),
            id: "r".into(),
            title: String::new(),
            actor: String::new(),
            payload: RepositoryPayload { category: "eu".into(), ..RepositoryPayload::default() },
            version: 0,
            created_at: Time(0),
            updated_at: Time(0),
            state: RepositoryState::default(),
            checked_at: None,
            next_at: None,
            epoch: 0,
        }
    }

    fn told(change: impl FnOnce(&mut RepositorySync)) -> CommitStatus {
        let mut sync = RepositorySync {
            project: "shop".into(),
            repository: "r".into(),
            id: "s".into(),
            status: RepositorySyncStatus::Done,
            payload: RepositorySyncPayload {
                release: "2026-1".into(),
                plan: 7,
                has_rollout: true,
                ..RepositorySyncPayload::default()
            },
            created_at: Time(0),
            updated_at: Time(0),
            next_at: None,
            report: CommitReport::default(),
        };
        change(&mut sync);
        standing(&a_row(), &sync, "https://b.example")
    }

    #[test]
    fn each_standing_has_its_state_and_page() {
        let made = told(|_| {});
        assert_eq!((made.state, made.context.as_str()), (CommitState::Success, "basalt/eu"));
        assert_eq!(made.description, "Release 2026-1 and its rollout are made.");
        assert_eq!(made.url, "https://b.example/projects/shop/plans/7?tab=rollout");
        let failed = told(|s| (s.payload.stage, s.payload.stage_failed) = ("Test".into(), true));
        assert_eq!(failed.state, CommitState::Failure);
        assert_eq!(failed.description, "Release 2026-1 failed on Test.");
        let only = told(|s| (s.payload.plan, s.payload.has_rollout) = (0, false));
        assert_eq!(only.url, "https://b.example/projects/shop/releases/2026-1");
        let waits = told(|s| {
            s.status = RepositorySyncStatus::Waiting;
            s.payload.has_rollout = false;
            s.payload.message = "The plan needs\n approval.".into();
        });
        assert_eq!(
            (waits.state, waits.description.as_str()),
            (CommitState::Pending, "The plan needs approval.")
        );
        for (reason, state) in
            [("FILE_CHANGED", CommitState::Failure), ("TOKEN_REFUSED", CommitState::Error)]
        {
            let failed = told(|s| {
                s.status = RepositorySyncStatus::Failed;
                s.payload.reason = reason.to_owned();
            });
            assert_eq!(failed.state, state, "{reason}");
        }
    }

    #[test]
    fn long_texts_end_in_time() {
        let text = short(&"é ".repeat(200));
        assert!(text.ends_with('…') && text.chars().count() <= 140, "{text}");
        assert_eq!(short("a\n b"), "a b");
    }
}
