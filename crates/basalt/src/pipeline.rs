//! The commands of pipelines: `check`, `rollout`, `release`, `why`, `ci init`; and those that take databases over. Here are their flags; what they do is in crates/ci.

mod adopt;
mod move_to_git;
mod schema;

use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use ci::{Environment, Exit, Failure, Given};
use clap::{Args, Subcommand, ValueEnum};

pub use self::adopt::{AdoptArgs, adopt};
pub use self::move_to_git::{MoveToGitArgs, move_to_git};
pub use self::schema::{SchemaCommand, schema};
use crate::{logging, runtime};

const EXIT_STATUS: &str = "\
Exit status: 0 done; 1 the check found what it fails on, or a change failed; 2 wrong use, or a file that cannot be read;
3 the server cannot be reached or refuses; 4 nothing failed, but a stage waits for an approval, a window or a check;
130 and 143 by a signal, after what ran was canceled.";

const CHECK_HELP: &str = "\
Each file is reviewed on each database on the schema that the files before it make; what is applied already is left out.
The platform is known by its variables. GitHub: annotations, a comment on the pull request, a step summary. GitLab: a code
quality report (bytebase_codequality.json, or BASALT_CODE_QUALITY), a note on the merge request. Bitbucket: a report of the
commit with annotations, a comment. Azure DevOps: issues of the run, a comment. A comment is updated in place.

Every variable BASALT_… may also be named BYTEBASE_….

";

/// Where Basalt is and who calls.
#[derive(Debug, Clone, Args)]
pub struct ConnectionArgs {
    /// Address of Basalt, as https://basalt.example.com
    #[arg(long, env = "BASALT_URL")]
    url: Option<String>,
    /// Whose change it is, as projects/shop
    #[arg(long, env = "BASALT_PROJECT")]
    project: Option<String>,
    /// Longest time of one call, as 120s or 2m
    #[arg(long, env = "BASALT_TIMEOUT", default_value = "120s", value_parser = ci::parse_duration)]
    timeout: Duration,
    /// Token to call with; it is used as it is and comes before all else
    #[arg(long, env = "BASALT_ACCESS_TOKEN", hide_env_values = true)]
    access_token: Option<String>,
    /// Service account to sign in as
    #[arg(long, env = "BASALT_SERVICE_ACCOUNT", value_name = "EMAIL")]
    service_account: Option<String>,
    /// Its key
    #[arg(long, env = "BASALT_SERVICE_ACCOUNT_SECRET", value_name = "KEY", hide_env_values = true)]
    service_account_secret: Option<String>,
    /// Workload identity to become by the token that the platform gives the job (OpenID Connect)
    #[arg(long, env = "BASALT_WORKLOAD_IDENTITY", value_name = "EMAIL")]
    workload_identity: Option<String>,
    /// Whom that token is for; by default the address of Basalt
    #[arg(long, env = "BASALT_OIDC_AUDIENCE", value_name = "AUDIENCE")]
    oidc_audience: Option<String>,
    /// Header that every call carries, as 'Name: value'; may be repeated
    #[arg(long, value_name = "HEADER")]
    custom_header: Vec<String>,
    /// Milliseconds before a call is tried again; later tries wait longer
    #[arg(
        long,
        env = "BASALT_RETRY_DELAY",
        value_name = "MS",
        default_value_t = 1_000,
        hide = true
    )]
    retry_delay: u64,
    /// Milliseconds between looks at what is being waited for
    #[arg(long, env = "BASALT_POLL", value_name = "MS", default_value_t = 1_000, hide = true)]
    poll: u64,
}

/// Which files go where.
#[derive(Debug, Clone, Args)]
pub struct FilesArgs {
    /// Databases, as instances/test/databases/shop, separated by commas or repeated; or one database group
    #[arg(long, env = "BASALT_TARGETS", value_name = "NAME")]
    targets: Vec<String>,
    /// Files, as 'migrations/**/*.sql'; a name begins with its version, as 0001_books.sql or V1.2__books.sql
    #[arg(long, env = "BASALT_FILE_PATTERN", value_name = "GLOB")]
    file_pattern: Option<String>,
}

/// With what versions count.
#[derive(Debug, Clone, Args)]
pub struct CategoryArgs {
    /// Count versions apart from those of other categories; by default those of a repository count together
    #[arg(
        long,
        env = "BASALT_CATEGORY",
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    category: String,
}

/// What a release says beside its files.
#[derive(Debug, Clone, Args)]
pub struct TermsArgs {
    #[command(flatten)]
    versions: CategoryArgs,
    /// Take files that differ from what was applied as their version, for this reason: they are skipped, and their text is recorded
    #[arg(
        long,
        env = "BASALT_ACCEPT_CHANGED",
        value_name = "REASON",
        default_value = "",
        hide_default_value = true
    )]
    accept_changed: String,
}

impl TermsArgs {
    fn given(self) -> ci::Terms {
        ci::Terms { category: self.versions.category, accept_changed: self.accept_changed }
    }
}

/// How versions are marked that databases have already.
#[derive(Debug, Clone, Args)]
pub struct MarkingArgs {
    #[command(flatten)]
    versions: CategoryArgs,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// File for what was found and done, as JSON
    #[arg(long, env = "BASALT_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a check and a rollout are about.
#[derive(Debug, Clone, Args)]
pub struct ReleaseArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    files: FilesArgs,
    #[command(flatten)]
    terms: TermsArgs,
    /// The files are the whole schema, not steps
    #[arg(long)]
    declarative: bool,
    /// File for what was found, or for the names of what was made, as JSON
    #[arg(long, env = "BASALT_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

impl ReleaseArgs {
    fn given(self) -> (Given, ci::Terms) {
        let given = self.connection.with(self.files);
        (Given { declarative: self.declarative, output: self.output, ..given }, self.terms.given())
    }
}

#[derive(Debug, Args)]
#[command(after_help = format!("{CHECK_HELP}{EXIT_STATUS}"))]
pub struct CheckArgs {
    #[command(flatten)]
    release: ReleaseArgs,
    /// What keeps a change from being merged
    #[arg(long, env = "BASALT_CHECK_RELEASE", value_enum, default_value_t = FailOn::Error, ignore_case = true)]
    check_release: FailOn,
    /// Rules in words, for servers that have a model to read them; @FILE reads a file
    #[arg(
        long,
        env = "BASALT_CUSTOM_RULES",
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    custom_rules: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    #[value(name = "SKIP")]
    Skip,
    #[value(name = "FAIL_ON_WARNING")]
    Warning,
    #[value(name = "FAIL_ON_ERROR")]
    Error,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub struct RolloutArgs {
    #[command(flatten)]
    release: ReleaseArgs,
    /// Run the stages up to this one and wait for it, as environments/test; without it people start them
    #[arg(long, env = "BASALT_TARGET_STAGE", value_name = "STAGE")]
    target_stage: Option<String>,
    /// Go on with this plan, as projects/shop/plans/7, instead of a new release; what had failed is run again
    #[arg(long, env = "BASALT_PLAN", value_name = "PLAN")]
    plan: Option<String>,
    /// Name of the release; ends with {iteration} and has {date}, {time} or {timestamp}
    #[arg(
        long,
        env = "BASALT_RELEASE_ID_TEMPLATE",
        value_name = "TEXT",
        default_value = "release_{date}-RC{iteration}"
    )]
    release_id_template: String,
    /// Time zone of that name
    #[arg(long, env = "BASALT_RELEASE_ID_TIMEZONE", value_name = "ZONE", default_value = "UTC")]
    release_id_timezone: String,
    /// Open the review of the plan, for projects that want approvals
    #[arg(long, env = "BASALT_ISSUE")]
    issue: bool,
    /// How long to wait where an approval or a window keeps a stage, as 30m; by default not at all
    #[arg(long, env = "BASALT_GATE_TIMEOUT", value_name = "DURATION", value_parser = ci::parse_duration)]
    gate_timeout: Option<Duration>,
}

#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// List the newest releases of the project
    List {
        #[command(flatten)]
        connection: ConnectionArgs,
        /// At most so many
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
        limit: u16,
    },
    /// Show a release with its files
    Show {
        #[command(flatten)]
        connection: ConnectionArgs,
        /// The whole name, or its last part
        release: String,
    },
}

#[derive(Debug, Args)]
pub struct WhyArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    files: FilesArgs,
    #[command(flatten)]
    terms: TermsArgs,
    /// The file to explain
    file: String,
}

#[derive(Debug, Subcommand)]
pub enum CiCommand {
    /// Write a workflow: a check on each pull request, a rollout on each merge
    Init(InitArgs),
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Whose pipelines
    #[arg(value_enum)]
    service: Service,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    files: FilesArgs,
    /// Stage that a merge runs
    #[arg(long, env = "BASALT_TARGET_STAGE", value_name = "STAGE")]
    target_stage: Option<String>,
    /// Branch that changes are merged into
    #[arg(long, default_value = "main")]
    branch: String,
    /// Where runners get the program from; by default from Basalt itself
    #[arg(long, value_name = "URL")]
    program: Option<String>,
    /// Its SHA-256, which runners compare
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    /// Show it, and write nothing
    #[arg(long)]
    print: bool,
    /// Replace the file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Service {
    Github,
    Gitlab,
    Bitbucket,
    Azure,
}

impl ConnectionArgs {
    fn given(self) -> Given {
        Given {
            url: self.url,
            project: self.project,
            timeout: Some(self.timeout),
            access_token: self.access_token,
            service_account: self.service_account,
            service_account_secret: self.service_account_secret,
            workload_identity: self.workload_identity,
            oidc_audience: self.oidc_audience,
            custom_headers: self.custom_header,
            retry_delay: Duration::from_millis(self.retry_delay),
            poll: Duration::from_millis(self.poll.max(1)),
            ..Given::default()
        }
    }

    fn with(self, files: FilesArgs) -> Given {
        let FilesArgs { targets, file_pattern } = files;
        Given { targets, file_pattern, ..self.given() }
    }
}

pub fn check(args: CheckArgs) -> ExitCode {
    let custom_rules = match args.custom_rules.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).map_err(|e| Failure {
            exit: Exit::Usage,
            message: format!("--custom-rules: {path}: {e}"),
        }),
        None => Ok(args.custom_rules),
    };
    let custom_rules = match custom_rules {
        Ok(rules) => rules,
        Err(failure) => return ended(Err(failure)),
    };
    let (given, terms) = args.release.given();
    let check = ci::Check {
        given,
        fail_on: match args.check_release {
            FailOn::Skip => ci::FailOn::Nothing,
            FailOn::Warning => ci::FailOn::Warning,
            FailOn::Error => ci::FailOn::Error,
        },
        terms,
        custom_rules,
        root: here(),
    };
    run(ci::check(&environment(), &check))
}

pub fn rollout(args: RolloutArgs) -> ExitCode {
    let (given, terms) = args.release.given();
    let rollout = ci::Rollout {
        given,
        target_stage: args.target_stage,
        plan: args.plan,
        terms,
        id_template: args.release_id_template,
        id_timezone: args.release_id_timezone,
        issue: args.issue,
        gate_timeout: args.gate_timeout.unwrap_or_default(),
        root: here(),
    };
    run(ci::rollout(&environment(), &rollout))
}

pub fn release(command: ReleaseCommand) -> ExitCode {
    let env = environment();
    match command {
        ReleaseCommand::List { connection, limit } => {
            let given = connection.given();
            run(async {
                ci::list_releases(&env, &given, usize::from(limit)).await.map(|()| Exit::Done)
            })
        }
        ReleaseCommand::Show { connection, release } => {
            let given = connection.given();
            run(async { ci::show_release(&env, &given, &release).await.map(|()| Exit::Done) })
        }
    }
}

pub fn why(args: WhyArgs) -> ExitCode {
    let given = args.connection.with(args.files);
    let (env, root, terms) = (environment(), here(), args.terms.given());
    run(async { ci::why(&env, &given, &terms, &root, &args.file).await.map(|()| Exit::Done) })
}

pub fn ci(command: CiCommand) -> ExitCode {
    let CiCommand::Init(args) = command;
    let workload_identity = args.connection.workload_identity.clone();
    let asked = ci::Init {
        given: args.connection.with(args.files),
        service: match args.service {
            Service::Github => ci::Service::Github,
            Service::Gitlab => ci::Service::Gitlab,
            Service::Bitbucket => ci::Service::Bitbucket,
            Service::Azure => ci::Service::Azure,
        },
        target_stage: args.target_stage,
        workload_identity,
        branch: args.branch,
        program: args.program,
        sha256: args.sha256,
        print: args.print,
        force: args.force,
        root: here(),
    };
    ended(ci::init(&environment(), &asked).map(|()| Exit::Done))
}

/// Patterns and paths begin in the working directory.
fn here() -> PathBuf {
    PathBuf::from(".")
}

fn environment() -> Environment {
    let text = |t: std::ffi::OsString| t.into_string().ok();
    Environment::new(std::env::vars_os().filter_map(|(n, v)| Some((text(n)?, text(v)?))))
}

fn run(work: impl Future<Output = Result<Exit, Failure>>) -> ExitCode {
    match runtime::block_on(async { Ok(work.await) }) {
        Ok(done) => ended(done),
        Err(e) => {
            logging::fail(&e);
            ExitCode::FAILURE
        }
    }
}

fn ended(done: Result<Exit, Failure>) -> ExitCode {
    let exit = done.unwrap_or_else(|failure| {
        let exit = failure.exit;
        logging::fail(&failure.into());
        exit
    });
    ExitCode::from(exit as u8)
}
