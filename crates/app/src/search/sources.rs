//! Where hits come from: the lists, each limited to what the caller may see.

use std::collections::{BTreeMap, BTreeSet};

use base::Result;
use base::name::{
    DEFAULT_PROJECT, DatabaseName, InstanceName, IssueName, PlanName, ProjectName, UserName,
    WORKSPACE,
};
use store::{Conn, Field, Filter, List, databases, instances, issues, plans, projects, users};

use super::{Hit, Kind, Wanted};
use crate::access::{Grants, Reach};

/// Rows of each kind that are ranked. More fit only a text that says nearly nothing.
const RANKED: usize = 100;

/// Exact ones come first, so that a short name is found among many that hold it; `near` is a project's id.
pub(super) async fn all(
    conn: &mut Conn,
    grants: &Grants,
    wanted: &Wanted,
    near: Option<&str>,
) -> Result<Vec<Hit>> {
    let mut hits = of_projects(conn, grants, wanted).await?;
    hits.extend(of_databases(conn, grants, wanted).await?);
    if grants.has(conn, "bb.instances.list", WORKSPACE).await? {
        hits.extend(of_instances(conn, wanted).await?);
    }
    hits.extend(of_changes(conn, grants, wanted, near).await?);
    if grants.has(conn, "bb.users.list", WORKSPACE).await? {
        hits.extend(of_users(conn, wanted).await?);
    }
    Ok(hits)
}

async fn of_projects(conn: &mut Conn, grants: &Grants, wanted: &Wanted) -> Result<Vec<Hit>> {
    let filter = within(grants, conn, "bb.projects.get", projects::ID)
        .await?
        .and(Filter::eq(projects::STATE, "ACTIVE"))
        .and(Filter::Not(Box::new(Filter::eq(projects::ID, DEFAULT_PROJECT))));
    let mut hits = BTreeMap::new();
    for filter in exact_first(filter, projects::ID, &[projects::TITLE, projects::ID], wanted) {
        for row in projects::list(conn, &page(filter)).await?.items {
            let name = ProjectName::new(&row.id).to_string();
            hits.insert(row.id, hit(Kind::Project, name, row.title, ""));
        }
    }
    Ok(hits.into_values().collect())
}

async fn of_databases(conn: &mut Conn, grants: &Grants, wanted: &Wanted) -> Result<Vec<Hit>> {
    let filter = within(grants, conn, "bb.databases.list", databases::PROJECT)
        .await?
        .and(Filter::eq(databases::STATE, "ACTIVE"))
        .and(Filter::eq(databases::INSTANCE_STATE, "ACTIVE"));
    let mut rows = BTreeMap::new();
    for filter in exact_first(filter, databases::NAME, &[databases::NAME], wanted) {
        let found = databases::list(conn, &page(filter)).await?.items;
        for row in grants.on_databases(conn, "bb.databases.list", found).await? {
            rows.insert((row.instance, row.name), ());
        }
    }
    let ids: BTreeSet<String> = rows.keys().map(|(instance, _)| instance.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let servers = instances::get_many(conn, &ids).await?;
    let titles: BTreeMap<_, _> = servers.into_iter().map(|row| (row.id, row.title)).collect();
    let of = |(instance, name): (String, String)| {
        let context = titles.get(&instance).map_or("", String::as_str);
        hit(Kind::Database, DatabaseName::new(&instance, &name).to_string(), name, context)
    };
    Ok(rows.into_keys().map(of).collect())
}

async fn of_instances(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Hit>> {
    let filter = Filter::eq(instances::STATE, "ACTIVE");
    let mut hits = BTreeMap::new();
    for filter in exact_first(filter, instances::ID, &[instances::NAME, instances::ID], wanted) {
        for row in instances::list(conn, &page(filter)).await?.items {
            let name = InstanceName::new(&row.id).to_string();
            hits.insert(row.id, hit(Kind::Instance, name, row.title, ""));
        }
    }
    Ok(hits.into_values().collect())
}

/// Plans, and issues that no plan stands for.
async fn of_changes(
    conn: &mut Conn,
    grants: &Grants,
    wanted: &Wanted,
    near: Option<&str>,
) -> Result<Vec<Hit>> {
    let plans_within = within(grants, conn, "bb.plans.list", plans::PROJECT).await?;
    let issues_within = within(grants, conn, "bb.issues.list", issues::PROJECT).await?;
    let asked = Filter::Or(numbered(plans::TITLE, plans::ID, wanted));
    let mut found = BTreeMap::new();
    for filter in near_first(plans_within, plans::PROJECT, near) {
        let page = plans::list(conn, &page(filter.and(asked.clone()))).await?;
        found.extend(page.items.into_iter().map(|row| ((row.project, row.id), row.title)));
    }
    let asked = Filter::Or(numbered(issues::TEXT, issues::ID, wanted));
    let mut alone = BTreeMap::new();
    for filter in near_first(issues_within, issues::PROJECT, near) {
        for row in issues::list(conn, &page(filter.and(asked.clone()))).await?.items {
            let fits = row.title.to_lowercase().contains(&wanted.text);
            if row.plan.is_none() && (fits || Some(row.id) == wanted.number) {
                alone.insert((row.project, row.id), row.title);
            }
        }
    }
    let ids: BTreeSet<&String> = found.keys().chain(alone.keys()).map(|key| &key.0).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let of = projects::get_many(conn, &ids).await?;
    let titles: BTreeMap<_, _> = of.into_iter().map(|row| (row.id, row.title)).collect();
    let title = |project: &String| titles.get(project).map_or("", String::as_str);
    // The newest first.
    let plans = found.into_iter().rev().map(|((project, id), text)| {
        hit(Kind::Plan, PlanName::new(&project, id.to_string()).to_string(), text, title(&project))
    });
    let issues = alone.into_iter().rev().map(|((project, id), text)| {
        let name = IssueName::new(&project, id.to_string()).to_string();
        hit(Kind::Issue, name, text, title(&project))
    });
    Ok(plans.chain(issues).collect())
}

async fn of_users(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Hit>> {
    let filter = Filter::eq(users::STATE, "ACTIVE");
    let mut hits = BTreeMap::new();
    for filter in exact_first(filter, users::EMAIL, &[users::TITLE, users::EMAIL], wanted) {
        for row in users::list(conn, &page(filter)).await?.items {
            let name = UserName::new(&row.email).to_string();
            let found = hit(Kind::User, name, row.title, &row.email);
            hits.insert(row.email, found);
        }
    }
    Ok(hits.into_values().collect())
}

fn hit(kind: Kind, name: String, title: String, context: &str) -> Hit {
    Hit { kind, name, title, context: context.to_owned() }
}

fn page(filter: Filter) -> List {
    List { size: RANKED, ..List::of(filter) }
}

/// The rows whose projects the caller may look into.
async fn within(
    grants: &Grants,
    conn: &mut Conn,
    permission: &str,
    project: Field,
) -> Result<Filter> {
    Ok(match grants.reach(conn, permission).await? {
        Reach::All => Filter::All,
        Reach::Projects(ids) => Filter::is_in(project, ids),
    })
}

/// Two questions: whose key is the text, and whose columns hold it.
fn exact_first(filter: Filter, key: Field, holds: &[Field], wanted: &Wanted) -> [Filter; 2] {
    let holds = holds.iter().map(|field| Filter::Contains(*field, wanted.text.clone()));
    [
        filter.clone().and(Filter::eq(key, wanted.text.as_str())),
        filter.and(Filter::Or(holds.collect())),
    ]
}

/// The project one is in is asked by itself, so that others cannot crowd it out.
fn near_first(filter: Filter, project: Field, near: Option<&str>) -> Vec<Filter> {
    let near = near.map(|id| filter.clone().and(Filter::eq(project, id)));
    near.into_iter().chain([filter]).collect()
}

fn numbered(text: Field, id: Field, wanted: &Wanted) -> Vec<Filter> {
    let holds = Filter::Contains(text, wanted.text.clone());
    let number = wanted.number.map(|number| Filter::eq(id, number));
    [holds].into_iter().chain(number).collect()
}
