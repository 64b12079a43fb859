//! Addresses of programs: they say where one belongs. `ci@service.bytebase.com` is of the workspace,
//! `ci@shop.service.bytebase.com` of the project `shop`.

use base::name::{ProjectName, WORKSPACE};
use base::{Error, Result};
use store::filter::Field;
use store::{Filter, List};

use crate::filter::{Ask, Is, Var, by_field, filter, where_};

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "email", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
];

/// What such addresses end with.
pub struct Domain(pub &'static str);

impl Domain {
    /// The project that a program belongs to by its address; `None` for one of the workspace.
    pub fn project_of(&self, email: &str) -> Option<String> {
        let (_, domain) = email.split_once('@')?;
        let project = domain.strip_suffix(self.0)?.strip_suffix('.')?;
        (!project.is_empty()).then(|| project.to_owned())
    }

    /// Whether the address is one of these.
    pub fn has(&self, email: &str) -> bool {
        email.split_once('@').is_some_and(|(_, domain)| {
            domain == self.0 || domain.strip_suffix(self.0).is_some_and(|rest| rest.ends_with('.'))
        })
    }

    pub fn address(&self, id: &str, project: Option<&str>) -> String {
        match project {
            Some(project) => format!("{id}@{project}.{}", self.0),
            None => format!("{id}@{}", self.0),
        }
    }
}

/// Where programs are made and listed: a project, or the workspace.
pub(crate) fn parent_of(parent: &str) -> Result<Option<String>> {
    if parent.is_empty() || parent == WORKSPACE || parent == "workspaces/-" {
        return Ok(None);
    }
    let name = ProjectName::parse("parent", parent)
        .map_err(|_| Error::field("parent", format!("name {WORKSPACE} or projects/{{project}}")))?;
    Ok(Some(name.project))
}

/// What they are found by.
pub(crate) struct Fields {
    pub project: Field,
    pub email: Field,
    pub title: Field,
    pub state: Field,
}

/// A page of those of the workspace, or of one project.
pub(crate) fn listed(parent: &str, ask: &Ask, fields: &Fields) -> Result<List> {
    let home = Filter::eq(fields.project, parent_of(parent)?.unwrap_or_default());
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => where_(&expr, &mut |test| match test.variable() {
            "email" => by_field(fields.email, test),
            "state" => by_field(fields.state, test),
            _ => by_field(fields.title, test),
        })?,
    };
    ask.page(ask.without_deleted(home.and(asked), fields.state), &[fields.email])
}
