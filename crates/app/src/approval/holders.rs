//! Who holds a role, in a project or in the workspace as a whole: groups count.

use std::collections::{BTreeMap, BTreeSet};

use base::Result;
use base::name::{ProjectName, UserName, WORKSPACE};
use policy::iam::{ALL_USERS, About, Policy};
use store::rows::State;
use store::{Conn, Filter, List, users};

use crate::access::{Grants, people, policy_of};
use crate::cx::{Caller, Cx};

/// People named in an answer.
const NAMED: usize = 10;

/// The roles that the caller holds in a project, by its policy or the workspace's.
pub async fn roles_of_caller(cx: &Cx, conn: &mut Conn, project: &str) -> Result<BTreeSet<String>> {
    let grants = Grants::load(conn, &cx.caller, cx.now()).await?;
    grants.roles_in(conn, &ProjectName::new(project).to_string()).await
}

/// The roles of somebody.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub everywhere: BTreeSet<String>,
    /// By id, those that give any.
    pub in_projects: BTreeMap<String, BTreeSet<String>>,
}

/// The roles of a user.
pub async fn roles_of_person(cx: &Cx, email: &str) -> Result<Held> {
    let email = email.to_owned();
    let mut conn = cx.app.store.read().await?;
    let grants = Grants::load(&mut conn, &Caller::User { email }, cx.now()).await?;
    let mut held = Held::default();
    for row in store::iam::all(&mut conn).await? {
        let roles = grants.roles_by(&row.policy);
        match row.resource.strip_prefix("projects/") {
            Some(_) if roles.is_empty() => {}
            Some(id) => _ = held.in_projects.insert(id.to_owned(), roles),
            None => held.everywhere.extend(roles),
        }
    }
    Ok(held)
}

/// People who hold a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders {
    /// `users/{email}`, all of them.
    pub all: BTreeSet<String>,
}

/// Answers for several gates; each project and role is read once.
#[derive(Default)]
pub struct Book {
    policies: BTreeMap<String, Policy>,
    holders: BTreeMap<(String, String), Holders>,
}

impl Holders {
    pub fn count(&self, except: Option<&str>) -> usize {
        self.all.len() - usize::from(except.is_some_and(|e| self.all.contains(e)))
    }

    pub fn some(&self, except: Option<&str>) -> Vec<String> {
        self.all.iter().filter(|n| Some(n.as_str()) != except).take(NAMED).cloned().collect()
    }
}

impl Book {
    pub async fn of(
        &mut self,
        cx: &Cx,
        conn: &mut Conn,
        project: &str,
        role: &str,
    ) -> Result<Holders> {
        let key = (project.to_owned(), role.to_owned());
        if let Some(known) = self.holders.get(&key) {
            return Ok(known.clone());
        }
        let now = About::at(cx.now());
        let mut members = BTreeSet::new();
        for resource in [WORKSPACE.to_owned(), ProjectName::new(project).to_string()] {
            let policy = match self.policies.get(&resource) {
                Some(policy) => policy.clone(),
                None => policy_of(conn, &resource).await?,
            };
            let live = policy.bindings.iter().filter(|b| b.role == role && b.counts(&now));
            members.extend(live.flat_map(|b| b.members.clone()));
            self.policies.insert(resource, policy);
        }
        let everybody = members.contains(ALL_USERS);
        let emails: Vec<String> = people(conn, &members).await?.into_iter().collect();
        let mut found = if everybody { all_users(conn).await? } else { Vec::new() };
        if !everybody {
            found = users::get_many(conn, &emails).await?;
        }
        let active = found.into_iter().filter(|u| u.state == State::Active);
        let all = active.map(|u| UserName::new(&u.email).to_string()).collect();
        let holders = Holders { all };
        self.holders.insert(key, holders.clone());
        Ok(holders)
    }
}

async fn all_users(conn: &mut Conn) -> Result<Vec<store::rows::User>> {
    let mut list = List::of(Filter::eq(users::STATE, "ACTIVE"));
    let mut all = Vec::new();
    loop {
        let page = users::list(conn, &list).await?;
        all.extend(page.items);
        match page.next {
            Some(token) => list.token = Some(token),
            None => return Ok(all),
        }
    }
}
