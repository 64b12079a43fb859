//! Who is told of an emergency run, and who may review it.

use std::collections::BTreeSet;

use base::name::{EnvironmentName, ProjectName, StageName, UserName};
use base::{Error, FieldViolation, Result};
use policy::role::PROJECT_OWNER;
use store::Conn;
use store::rows::{Emergency, Project, State};

use super::{FEWEST, MOST};
use crate::access::Grants;
use crate::approval::roles_of_caller;
use crate::cx::{Caller, Cx};
use crate::execution::NO_STAGE;

/// What one must be able to do to see what was run.
const MAY_SEE: &str = "bb.rollouts.get";

/// Who is told when nobody is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contacts {
    /// `users/{email}`, without the caller.
    pub people: Vec<String>,
    /// `environments/{environment}` or `projects/{project}`; empty when neither names anybody.
    pub source: String,
}

/// Those of a stage: `projects/{project}/plans/{plan}/rollout/stages/{stage}`.
pub async fn contacts(cx: &Cx, parent: &str) -> Result<Contacts> {
    let stage = StageName::parse("parent", parent)?;
    let mut conn = cx.app.store.read().await?;
    let project = crate::project::live(&mut conn, &stage.project).await?;
    of_stage(&mut conn, &project, &stage.stage, &cx.caller.name().unwrap_or_default()).await
}

async fn of_stage(conn: &mut Conn, project: &Project, stage: &str, me: &str) -> Result<Contacts> {
    let mut people = match stage {
        NO_STAGE => Vec::new(),
        stage => crate::org_policy::rollout(conn, stage).await?.emergency_contacts,
    };
    let mut source = EnvironmentName::new(stage).to_string();
    if people.is_empty() {
        people.clone_from(&project.payload.emergency_contacts);
        source = ProjectName::new(&project.id).to_string();
    }
    if people.is_empty() {
        source.clear();
    }
    people.retain(|p| p != me);
    Ok(Contacts { people, source })
}

/// The people who are told: those that are named, else those of the environment or the project. Each of them is somebody else than
/// the caller, and can see what was run.
pub(super) async fn told(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    stage: &str,
    me: &str,
    named: &[String],
) -> Result<Vec<String>> {
    if named.is_empty() {
        let found = of_stage(conn, project, stage, me).await?;
        let mut people = Vec::new();
        for person in &found.people {
            if cannot(cx, conn, &project.id, person).await?.is_none() {
                people.push(person.clone());
            }
        }
        people.truncate(MOST);
        if people.len() < FEWEST {
            let text = "name two people who are told and review it afterwards; neither the environment nor the project has two others \
                 than you who can see this project";
            return Err(Error::field("notify", text));
        }
        return Ok(people);
    }
    let mut wrong = violations("notify", named);
    for (i, person) in named.iter().enumerate() {
        let why = match person == me {
            true => Some("this is you; name others".to_owned()),
            false => cannot(cx, conn, &project.id, person).await?,
        };
        wrong.extend(
            why.map(|description| FieldViolation { field: format!("notify[{i}]"), description }),
        );
    }
    if wrong.is_empty() { Ok(named.to_vec()) } else { Err(Error::fields(wrong)) }
}

/// What is wrong with a list of people to tell; none at all is no mistake.
pub(crate) fn violations(field: &str, people: &[String]) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |field: String, description: String| {
        wrong.push(FieldViolation { field, description });
    };
    if !people.is_empty() && !(FEWEST..=MOST).contains(&people.len()) {
        say(field.to_owned(), format!("name {FEWEST} to {MOST} people, or nobody"));
    }
    let mut seen = BTreeSet::new();
    for (i, person) in people.iter().enumerate() {
        let at = format!("{field}[{i}]");
        if UserName::parse(&at, person).is_err() {
            say(at, format!("{person:?} is no person; write users/{{email}}"));
        } else if !seen.insert(person) {
            say(at, format!("{person} is named twice"));
        }
    }
    wrong
}

/// Why somebody cannot review what is run in a project.
async fn cannot(cx: &Cx, conn: &mut Conn, project: &str, person: &str) -> Result<Option<String>> {
    let Ok(name) = UserName::parse("notify", person) else { return Ok(None) };
    let email = name.email;
    let user = store::users::get(conn, &email).await?;
    if user.is_none_or(|u| u.state != State::Active) {
        return Ok(Some(format!("{person} does not exist or is deactivated")));
    }
    let grants = Grants::load(conn, &Caller::User { email }, cx.now()).await?;
    let resource = ProjectName::new(project).to_string();
    Ok(match grants.has(conn, MAY_SEE, &resource).await? {
        true => None,
        false => {
            Some(format!("{person} cannot see {resource}; name somebody with {MAY_SEE} there"))
        }
    })
}

/// Why the caller may not review it; nothing when they may.
pub(super) async fn refusal(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    emergency: &Emergency,
) -> Result<Option<String>> {
    let Ok(me) = cx.person() else {
        return Ok(Some("only people review emergency runs".to_owned()));
    };
    if emergency.reviewed_at.is_some() {
        return Ok(Some("it is reviewed already".to_owned()));
    }
    if emergency.creator == me {
        return Ok(Some("you ran it; somebody else reviews it".to_owned()));
    }
    if emergency.payload.notified.contains(&me) {
        return Ok(None);
    }
    let issue = crate::issue::of_plan(conn, &project.id, emergency.plan).await?;
    let mut roles = BTreeSet::new();
    if let Some(issue) = &issue
        && let Some(approval) = store::approvals::get(conn, &project.id, issue.id).await?
    {
        let gates = approval.payload.gates.iter().filter(|g| g.covers(&emergency.payload.stage));
        roles.extend(gates.flat_map(|g| g.roles().iter().cloned()));
    }
    if roles.is_empty() {
        roles.insert(PROJECT_OWNER.to_owned());
    }
    let own = issue.is_some_and(|i| i.creator == me) && !project.payload.allow_self_approval;
    let held = roles_of_caller(cx, conn, &project.id).await?;
    if !own && roles.iter().any(|r| held.contains(r)) {
        return Ok(None);
    }
    let roles: Vec<_> = roles.into_iter().collect();
    Ok(Some(format!(
        "{} review it, or somebody else than its author who holds {}",
        emergency.payload.notified.join(", "),
        roles.join(" or ")
    )))
}
