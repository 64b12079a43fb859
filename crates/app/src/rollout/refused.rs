//! Databases on which a release is refused for what is in force there. Told when the rollout is made: else its first stage would run
//! though a later one cannot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::name::DatabaseName;
use base::{Blocker, Result};
use store::Conn;
use store::rows::{Plan, TaskKind};

use super::expand::{Named, Wanted};
use crate::app::App;
use crate::release::{Decided, Scope, decide_each, files_of, of_project};

/// More refusals than this help nobody.
const MOST_TOLD: usize = 20;

/// Those of the tasks that are `wanted` and not there yet: what has begun goes on.
pub async fn blockers(
    app: &App,
    conn: &mut Conn,
    plan: &Plan,
    wanted: &[Wanted],
    named: &Named,
) -> Result<Vec<Blocker>> {
    let mut by_release: BTreeMap<&str, Vec<&Wanted>> = BTreeMap::new();
    for task in wanted.iter().filter(|w| w.kind == TaskKind::DatabaseMigrate) {
        if let Some(release) = &task.payload.release {
            by_release.entry(release).or_default().push(task);
        }
    }
    if by_release.is_empty() {
        return Ok(Vec::new());
    }
    let begun = store::tasks::of_plan(conn, &plan.project, plan.id).await?;
    let begun: BTreeSet<_> =
        begun.iter().map(|t| (&*t.spec_id, &*t.instance, &*t.database)).collect();
    let project = crate::project::of(conn, &plan.project).await?;
    let mut found = Told::default();
    for (release, mut tasks) in by_release {
        tasks.retain(|w| !begun.contains(&(&*w.spec_id, &*w.instance, &*w.database)));
        let release = of_project(conn, &plan.project, release).await?;
        let scope = Scope::of(&project, &release);
        let files = &release.payload.files;
        let versions = files_of(&release);
        let mut databases = Vec::with_capacity(tasks.len());
        for task in tasks {
            let name = DatabaseName::new(&task.instance, &task.database).to_string();
            let Some(database) = named.databases.get(&name) else { continue };
            let reader = match named.instances.get(&task.instance) {
                Some(instance) => app.engines.get(instance.engine)?.reader(instance.engine),
                None => None,
            };
            databases.push((database, reader));
        }
        let judge = |at: usize, decided: Decided| {
            let database = databases[at].0;
            let name = DatabaseName::new(&database.instance, &database.name).to_string();
            for note in decided.refusals() {
                found.add(note.reason, &name, &files[note.file].path, &note.message);
            }
        };
        decide_each(conn, &versions, &HashMap::new(), &scope, &databases, judge).await?;
    }
    Ok(found.done(plan))
}

/// The first of many.
#[derive(Default)]
struct Told {
    blockers: Vec<Blocker>,
    more: usize,
}

impl Told {
    fn add(&mut self, reason: &str, database: &str, file: &str, message: &str) {
        if self.blockers.len() == MOST_TOLD {
            self.more += 1;
            return;
        }
        self.blockers.push(Blocker {
            reason: reason.to_owned(),
            subject: database.to_owned(),
            message: format!("{file} on {database}: {message}"),
        });
    }

    fn done(mut self, plan: &Plan) -> Vec<Blocker> {
        if let (more @ 1.., Some(last)) = (self.more, self.blockers.last()) {
            self.blockers.push(Blocker {
                reason: last.reason.clone(),
                subject: format!("projects/{}/plans/{}", plan.project, plan.id),
                message: format!("And {more} more of this kind."),
            });
        }
        self.blockers
    }
}
