//! `project == "…"` in filters of people and groups: the members of a project, by its policy.

use std::collections::{BTreeMap, BTreeSet};

use base::Result;
use base::name::ProjectName;
use policy::iam::ALL_USERS;
use store::{Conn, Filter};

use crate::access::{Grants, people, policy_of};
use crate::cx::Cx;
use crate::filter::{Expr, Op, Test};

/// Addresses of the members of each project that a filter names: by project id; `None` for everybody.
///
/// A project whose policy the caller may not see has none.
pub(crate) struct Members(BTreeMap<String, Option<BTreeSet<String>>>);

impl Members {
    /// People, those of bound groups too.
    pub(super) async fn people(cx: &Cx, conn: &mut Conn, expr: &Expr) -> Result<Self> {
        let mut found = BTreeMap::new();
        for (id, members) in bound(cx, conn, expr).await? {
            let everybody = members.iter().any(|m| m == ALL_USERS);
            let emails = if everybody { None } else { Some(people(conn, &members).await?) };
            found.insert(id, emails);
        }
        Ok(Self(found))
    }

    pub(crate) async fn groups(cx: &Cx, conn: &mut Conn, expr: &Expr) -> Result<Self> {
        let emails = |members: Vec<String>| {
            let groups = members.iter().filter_map(|m| m.strip_prefix("group:"));
            Some(groups.map(str::to_owned).collect())
        };
        let bound = bound(cx, conn, expr).await?.into_iter();
        Ok(Self(bound.map(|(id, members)| (id, emails(members))).collect()))
    }

    /// The comparison of `project` as one of addresses.
    pub(crate) fn filter(&self, test: &Test, email: store::Field) -> Filter {
        let mut emails = BTreeSet::new();
        let mut all = false;
        for id in test.texts() {
            match self.0.get(&id) {
                Some(Some(list)) => emails.extend(list.iter().cloned()),
                Some(None) => all = true,
                None => {}
            }
        }
        let within = if all { Filter::All } else { Filter::is_in(email, emails) };
        if test.op == Op::NotEqual { Filter::Not(Box::new(within)) } else { within }
    }
}

/// What the policies of the named projects bind.
async fn bound(cx: &Cx, conn: &mut Conn, expr: &Expr) -> Result<BTreeMap<String, Vec<String>>> {
    let grants = Grants::load(conn, &cx.caller, cx.app.now()).await?;
    let mut found = BTreeMap::new();
    for id in expr.tests().into_iter().filter(|t| t.variable() == "project").flat_map(Test::texts) {
        let name = ProjectName::new(&id).to_string();
        if found.contains_key(&id) {
            continue;
        }
        let mut members = Vec::new();
        if grants.has(conn, "bb.projects.getIamPolicy", &name).await? {
            let policy = policy_of(conn, &name).await?;
            members.extend(policy.bindings.into_iter().flat_map(|b| b.members));
        }
        found.insert(id, members);
    }
    Ok(found)
}
