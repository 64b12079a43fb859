//! What the settings of a project must be like. Pure.

use std::collections::BTreeSet;

use base::FieldViolation;
use store::rows::Project;

use super::labels;
use crate::emergency;

const LONGEST_TITLE: usize = 200;
const MOST_ISSUE_LABELS: usize = 100;

/// Everything wrong with a project, under `project.…`.
pub(super) fn violations(project: &Project) -> Vec<FieldViolation> {
    let mut found = labels::violations("project.labels", &project.labels);
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            found.push(FieldViolation { field: field.to_owned(), description: what.to_owned() });
        }
    };
    let title = project.title.trim();
    need(
        !title.is_empty()
            && title.chars().count() <= LONGEST_TITLE
            && !title.chars().any(char::is_control),
        "project.title",
        "use 1 to 200 characters in one line",
    );
    let payload = &project.payload;
    need(
        (0..=100).contains(&payload.execution_retries),
        "project.execution_retry_policy.maximum_retries",
        "use 0 to 100",
    );
    need(payload.ci_sampling_size >= 0, "project.ci_sampling_size", "use 0 (all) or more");
    need(
        payload.parallel_tasks_per_rollout >= 0,
        "project.parallel_tasks_per_rollout",
        "use 0 (no limit) or more",
    );
    let values: BTreeSet<_> = payload.issue_labels.iter().map(|l| l.value.as_str()).collect();
    let sound =
        |v: &&str| !v.is_empty() && v.chars().count() <= 63 && !v.chars().any(char::is_control);
    need(
        values.len() == payload.issue_labels.len()
            && values.iter().all(sound)
            && values.len() <= MOST_ISSUE_LABELS,
        "project.issue_labels",
        "use at most 100 labels, each once, with a value of 1 to 63 characters",
    );
    need(
        !payload.force_issue_labels || !payload.issue_labels.is_empty(),
        "project.force_issue_labels",
        "define labels in issue_labels before issues must have one",
    );
    found.extend(emergency::violations("project.emergency_contacts", &payload.emergency_contacts));
    found
}
