//! Who approves a request for a role: found when it is filed, since there is nothing to be checked first.

use std::time::Duration;

use base::Result;
use base::name::DatabaseName;
use policy::approval::{Fact, Source, Subject, Template, decide};
use policy::cel::{self, IAM_BINDING, Program, Vars};
use policy::role::PROJECT_OWNER;
use store::rows::{ApprovalSetting, Database, Issue, IssueApproval, RoleGrant};
use store::{Conn, Filter, List, databases, instances, settings};

use super::happened;
use crate::cx::Cx;

/// What a request without an end counts as, in days.
const FOREVER: i64 = i32::MAX as i64;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Databases of a project that rules are asked about.
const DATABASES: usize = 1_000;

/// Finds the gate of a request, in the transaction that files it. Where nobody has to approve it is granted at once.
pub(crate) async fn begin(cx: &Cx, conn: &mut Conn, issue: &Issue) -> Result<()> {
    let Some(grant) = &issue.payload.role_grant else { return Ok(()) };
    let now = cx.now();
    let rules = settings::get::<ApprovalSetting>(conn).await?.value.rules;
    let facts = facts(conn, cx, issue, grant).await?;
    let mut gates =
        decide(&rules, &Subject { source: Source::RequestRole, stages: &[], facts: &facts });
    // Without any rule a change may run, but nobody gives themselves a role.
    for gate in gates.iter_mut().filter(|g| g.template.is_none()) {
        gate.template = Some(Template {
            title: "Project owner".to_owned(),
            description: "No rule speaks of this request.".to_owned(),
            roles: vec![PROJECT_OWNER.to_owned()],
        });
    }
    let mut row = IssueApproval::new(&issue.project, issue.id, now);
    row.payload.gates = gates;
    super::put(conn, &mut row, now).await?;
    happened::found(cx, conn, issue, &row.payload.gates).await?;
    if row.status.is_open() {
        crate::issue::role_grant::complete(cx, conn, issue.clone()).await?;
    }
    Ok(())
}

/// One an environment for which the role is asked, or one a database where the condition names databases.
async fn facts(conn: &mut Conn, cx: &Cx, issue: &Issue, grant: &RoleGrant) -> Result<Vec<Fact>> {
    let condition = cel::compile(&grant.condition, &IAM_BINDING).ok();
    let common = Vars::from([
        ("resource.project_id", issue.project.as_str().into()),
        ("request.role", grant.role.as_str().into()),
        ("request.expiration_days", days(cx, grant, condition.as_ref()).into()),
    ]);
    if condition.as_ref().is_some_and(|c| c.uses("resource.database")) {
        return of_databases(conn, issue, &common, condition.as_ref()).await;
    }
    let environments = crate::setting::environments(conn).await?.environments;
    let ids: Vec<&str> = environments.iter().map(|e| e.id.as_str()).collect();
    let asked = match &condition {
        Some(condition) => condition.may_hold_for("resource.environment_id", &ids, &Vars::new()),
        None => ids,
    };
    let fact = |vars| Fact { vars, ..Fact::default() };
    let mut facts: Vec<Fact> = asked
        .into_iter()
        .map(|id| {
            let mut vars = common.clone();
            vars.insert("resource.environment_id", id.into());
            fact(vars)
        })
        .collect();
    if facts.is_empty() {
        facts.push(fact(common));
    }
    Ok(facts)
}

async fn of_databases(
    conn: &mut Conn,
    issue: &Issue,
    common: &Vars,
    condition: Option<&Program>,
) -> Result<Vec<Fact>> {
    let filter = Filter::eq(databases::PROJECT, issue.project.as_str());
    let args = List { filter, size: DATABASES, ..List::default() };
    let all = databases::list(conn, &args).await?.items;
    let mut ids: Vec<String> = all.iter().map(|d| d.instance.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let servers = instances::get_many(conn, &ids).await?;
    let mut facts = vec![];
    for database in all.iter().filter(|d| may_hold(d, condition)) {
        let target = DatabaseName::new(&database.instance, &database.name).to_string();
        let mut vars = common.clone();
        vars.insert("resource.instance_id", database.instance.as_str().into());
        vars.insert("resource.database_name", database.name.as_str().into());
        if let Some(environment) = &database.effective_environment {
            vars.insert("resource.environment_id", environment.as_str().into());
        }
        if let Some(server) = servers.iter().find(|s| s.id == database.instance) {
            vars.insert("resource.db_engine", server.engine.wire_name().into());
        }
        facts.push(Fact { target, vars, ..Fact::default() });
    }
    if facts.is_empty() {
        facts.push(Fact { vars: common.clone(), ..Fact::default() });
    }
    Ok(facts)
}

fn may_hold(database: &Database, condition: Option<&Program>) -> bool {
    let name = DatabaseName::new(&database.instance, &database.name).to_string();
    let environment = database.effective_environment.clone().unwrap_or_default();
    let vars = Vars::from([
        ("resource.database", name.into()),
        ("resource.environment_id", environment.into()),
    ]);
    condition.is_none_or(|c| c.may_hold(&vars))
}

/// For how long, in days begun.
fn days(cx: &Cx, grant: &RoleGrant, condition: Option<&Program>) -> i64 {
    let asked = grant.expiration_seconds.map(Duration::from_secs);
    let own = condition.and_then(Program::end).map(|end| end.since(cx.now()));
    let shorter = [asked, own].into_iter().flatten().min();
    shorter
        .map_or(FOREVER, |d| i64::try_from(d.as_secs().div_ceil(DAY.as_secs())).unwrap_or(FOREVER))
}
