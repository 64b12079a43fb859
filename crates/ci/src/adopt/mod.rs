//! `basalt adopt`: takes over databases that another migration tool has migrated. What that tool's history says is applied is marked as such,
//! so that a rollout of the same files begins where the tool stopped.
//!
//! Invariants: nothing is marked that the tool did not finish; what is left out is said with its reason; nothing is written before somebody
//! has seen what; of a database whose schema cannot be read, nothing is marked; a second run writes nothing new. The tool's own table is read and never changed.

mod baseline;
mod history;
mod keys;
mod matched;
mod show;
mod table;
mod tool;

use std::path::PathBuf;

use base::engine::Family;
use base::release::Version;

use self::baseline::Baseline;
use self::keys::Chain;
use self::matched::{Left, matched};
use self::table::{Place, Rows, Wanted};
pub use self::tool::Tool;
use crate::check;
use crate::confirm::{self, confirmed};
use crate::environment::Environment;
use crate::failure::{Exit, Failure, Result};
use crate::files::{self, File};
use crate::findings::counted;
use crate::output::Output;
use crate::platform::Platform;
use crate::remote::Remote;
use crate::revisions::{self, State, Step};
use crate::settings::Given;
use crate::stream;
use crate::tell;

/// Where Alembic keeps its scripts.
const SCRIPTS: &str = "**/versions/*.py";

#[derive(Debug, Clone)]
pub struct Adopt {
    pub given: Given,
    /// None: found out.
    pub from: Option<Tool>,
    /// Mark every file up to this version instead of reading a history.
    pub up_to: Option<String>,
    pub schema: Option<String>,
    pub table: Option<String>,
    /// Files that tell the order of Alembic's revisions.
    pub scripts: Option<String>,
    pub category: String,
    pub dry_run: bool,
    /// Do not ask.
    pub yes: bool,
    pub root: PathBuf,
}

/// What was found for one database.
struct Report {
    target: String,
    /// None when the database has no history, or none was read.
    place: Option<Place>,
    rows: usize,
    steps: Vec<Step>,
    left: Vec<Left>,
    /// None when nothing of the database is taken over.
    baseline: Option<Baseline>,
}

pub async fn adopt(env: &Environment, adopt: &Adopt) -> Result<Exit> {
    let mut output = Output::default();
    let done = run(env, adopt, &mut output).await;
    let written = output.write(adopt.given.output.as_deref());
    let exit = done?;
    written?;
    Ok(exit)
}

async fn run(env: &Environment, adopt: &Adopt, output: &mut Output) -> Result<Exit> {
    let (remote, project) = (adopt.given.remote(env)?, adopt.given.project(env)?);
    let targets = adopt.given.databases(env)?;
    if let Some(version) = adopt.up_to.as_deref().filter(|v| Version::parse(v).is_none()) {
        return Err(Failure::usage(format!(
            "--up-to {version}: give a version of numbers and dots, as the names of files begin with"
        )));
    }
    let found = check::find(&adopt.root, &adopt.given.pattern(env)?, false, false)?;
    let source = Platform::detect(env).source(env, &adopt.root);
    let stream = stream::of(&project, &adopt.category, source.as_ref());
    let mut chosen = Vec::new();
    let mut reports = Vec::with_capacity(targets.len());
    for target in targets {
        reports.push(look(&remote, adopt, target, &found.files, &stream, &mut chosen).await?);
    }
    output.set("stream", stream.as_str());
    output.set("adopted", show::json(&reports, &found.files));
    tell::out(&show::text(&reports, &found.files));
    if adopt.up_to.is_none() && reports.iter().all(|r| r.place.is_none()) {
        return Err(Failure::usage(
            "no database has the history of a tool that Basalt knows: name its table by --table (and --schema), or say how far the databases are by --up-to VERSION",
        ));
    }
    let new: usize = reports.iter().map(Report::new_steps).sum();
    let touched = reports.iter().filter(|r| r.new_steps() > 0).count();
    let baselines = reports.iter().filter(|r| r.baseline == Some(Baseline::New)).count();
    let what = format!("{} on {}", counted(new, "version"), counted(touched, "database"));
    tell::out(&format!("{what} to mark as applied, {}", stream::counts(&stream)));
    if baselines > 0 {
        tell::out(&format!(
            "{} to record: the schema as it is now",
            counted(baselines, "baseline")
        ));
    }
    output.set("written", 0);
    output.set("baselines", 0);
    if new + baselines == 0 || adopt.dry_run {
        return Ok(Exit::Done);
    }
    if !adopt.yes && !confirmed(&question(new, baselines, &what))? {
        tell::note("nothing was written");
        return Ok(Exit::Done);
    }
    let (mut written, mut recorded) = (0, 0);
    for at in 0..reports.len() {
        let report = &mut reports[at];
        // Before the marks: without it nobody could tell from what state they count.
        if report.baseline == Some(Baseline::New) {
            let made = baseline::write(&remote, &project, &report.target).await?;
            report.baseline = Some(made);
            recorded += usize::from(made == Baseline::Written);
        }
        revisions::write(&remote, &project, &report.target, &report.steps, &found.files, &stream)
            .await?;
        written += report.new_steps();
        // Also when the next database fails.
        output.set("adopted", show::json(&reports, &found.files));
        output.set("written", written);
        output.set("baselines", recorded);
    }
    if recorded > 0 {
        tell::out(&format!("recorded {}", counted(recorded, "baseline")));
    }
    if new > 0 {
        tell::out(&format!("marked {what}; the next rollout begins behind them"));
    }
    Ok(Exit::Done)
}

fn question(new: usize, baselines: usize, what: &str) -> String {
    let recorded = counted(baselines, "baseline");
    match (new, baselines) {
        (_, 0) => format!("Mark {what} as applied?"),
        (0, _) => format!("Record {recorded}?"),
        _ => format!("Mark {what} as applied, and record {recorded}?"),
    }
}

impl Report {
    fn new_steps(&self) -> usize {
        self.steps.iter().filter(|s| s.state == State::New).count()
    }
}

async fn look(
    remote: &Remote,
    adopt: &Adopt,
    target: String,
    files: &[File],
    stream: &str,
    chosen: &mut Vec<Place>,
) -> Result<Report> {
    let (place, history, chain, rows) = match &adopt.up_to {
        Some(version) => (None, history::up_to(version), Chain::default(), 0),
        None => match pick(remote, adopt, &target, chosen).await? {
            None => {
                return Ok(Report {
                    target,
                    place: None,
                    rows: 0,
                    steps: Vec::new(),
                    left: Vec::new(),
                    baseline: None,
                });
            }
            Some(place) => {
                let rows = table::read(remote, &target, &place).await?;
                let events = match place.tool {
                    Tool::Sqitch => table::read_events(remote, &target, &place).await?,
                    _ => Rows::default(),
                };
                let history = history::read(place.tool, &rows, &events);
                let chain = if place.tool == Tool::Alembic {
                    chain(adopt, files)?
                } else {
                    Chain::default()
                };
                (Some(place), history, chain, rows.rows.len())
            }
        },
    };
    let mut found = matched(place.as_ref().map(|p| p.tool), &history, files, &chain);
    // Without a history it is not known whose files they are; those of dbmate are plain to see.
    let (tool, family) =
        place.as_ref().map_or((Tool::Dbmate, Family::Other), |p| (p.tool, p.family));
    found.leave_hazards(tool, family, files);
    let steps = revisions::steps(remote, &target, found.marks, files, stream).await?;
    let baseline = match steps.is_empty() {
        true => None,
        false => Some(baseline::look(remote, &target).await?),
    };
    Ok(Report { target, place, rows, steps, left: found.left, baseline })
}

/// The one table that is meant; people are asked when there are several.
async fn pick(
    remote: &Remote,
    adopt: &Adopt,
    target: &str,
    chosen: &mut Vec<Place>,
) -> Result<Option<Place>> {
    let wanted =
        Wanted { tool: adopt.from, schema: adopt.schema.clone(), table: adopt.table.clone() };
    let mut places = table::find(remote, target, &wanted).await?;
    if places.len() < 2 {
        return Ok(places.pop());
    }
    if let Some(at) = places.iter().position(|p| chosen.contains(p)) {
        return Ok(Some(places.swap_remove(at)));
    }
    let name = |p: &Place| format!("{} of {}", p.name(), p.tool.title());
    let names = places.iter().map(name).collect::<Vec<_>>();
    let several = format!("{target} has several histories: {}", names.join(", "));
    if adopt.yes || !confirm::is_terminal() {
        return Err(Failure::usage(format!(
            "{several}; say which by --from TOOL, --table or --schema, and adopt the others apart, each with its files and a --category of its own"
        )));
    }
    let answer = confirm::ask(&format!("{several}\nWhich one? [1-{}] ", places.len()))?;
    let at = answer.parse::<usize>().ok().filter(|n| (1..=places.len()).contains(n));
    let at = at.ok_or_else(|| Failure::usage(format!("{answer:?} is none of them")))?;
    let place = places.swap_remove(at - 1);
    chosen.push(place.clone());
    Ok(Some(place))
}

/// The order of revisions, as the files tell it, and as Alembic's own scripts do.
fn chain(adopt: &Adopt, files: &[File]) -> Result<Chain> {
    let mut chain = Chain::default();
    for file in files {
        chain.add(std::str::from_utf8(&file.statement).unwrap_or_default());
    }
    for text in files::texts(&adopt.root, adopt.scripts.as_deref().unwrap_or(SCRIPTS))? {
        chain.add(&text);
    }
    Ok(chain)
}
