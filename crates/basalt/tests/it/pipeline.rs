//! The commands of pipelines, as pipelines run them: the real binary with a platform's variables, in a folder with files.

mod calls;
mod forge;
mod platforms;
mod rollouts;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::BASALT;
use crate::shop::{Shop, text};

/// Longer than any command may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

/// A checked out repository, and the variables of a job.
pub struct Job {
    pub folder: tempfile::TempDir,
    env: Vec<(String, String)>,
}

impl Job {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let job = Self { folder: tempfile::tempdir().expect("a folder"), env: Vec::new() };
        job.write(files);
        // Tests do not wait as long as pipelines do.
        job.with(&[("BASALT_RETRY_DELAY", "20"), ("BASALT_POLL", "50")])
    }

    /// Files of this job's repository, in the place of those that are there.
    pub fn write(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = self.folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
    }

    pub fn with(mut self, env: &[(&str, &str)]) -> Self {
        self.env.extend(env.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        self
    }

    /// Who calls which server, for which databases.
    pub fn of(self, shop: &Shop, account: &Value, targets: &[&str]) -> Self {
        self.with(&[
            ("BASALT_URL", &shop.basalt.url),
            ("BASALT_PROJECT", "projects/shop"),
            ("BASALT_TARGETS", &targets.join(",")),
            ("BASALT_FILE_PATTERN", "migrations/*.sql"),
            ("BASALT_SERVICE_ACCOUNT", &text(&account["email"])),
            ("BASALT_SERVICE_ACCOUNT_SECRET", &text(&account["serviceKey"])),
        ])
    }

    pub fn command(&self, args: &[&str]) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(BASALT);
        command.args(args).current_dir(self.folder.path()).env_clear().envs(self.env.clone());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub async fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output();
        let output = tokio::time::timeout(PATIENCE, output)
            .await
            .expect("the command ends")
            .expect("it runs");
        Ran::of(&output)
    }

    /// The blocks of a page that are marked `sh`, by bash, with `basalt` in the path.
    pub async fn follow(&self, page: &str) -> Ran {
        let program = Path::new(BASALT).parent().expect("a folder").display();
        let mut bash = tokio::process::Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", &crate::tour::blocks(page, 1)])
            .current_dir(self.path());
        bash.env_clear().env("PATH", format!("{program}:/usr/local/bin:/usr/bin:/bin"));
        bash.envs(self.env.clone()).stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(PATIENCE, bash.output()).await.expect("the page ends");
        Ran::of(&output.expect("bash runs"))
    }

    pub fn read(&self, path: &str) -> String {
        let path = self.folder.path().join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Ran {
    pub fn of(output: &std::process::Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.out.contains(words) || self.err.contains(words),
            "{words:?} in:\n{}\n{}",
            self.out,
            self.err
        );
        self
    }
}

/// A service account with these roles in the project.
pub async fn account(shop: &Shop, name: &str, roles: &[&str]) -> Value {
    let request = json!({"serviceAccountId": name, "parent": "projects/shop", "serviceAccount": {"title": name}});
    let account = shop
        .ada
        .json("ServiceAccountService/CreateServiceAccount", request)
        .await
        .expect("an account");
    let of = json!({"resource": "projects/shop"});
    let mut policy = shop.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
    let mut bindings = crate::shop::list(&policy["bindings"]);
    let member = format!("serviceAccount:{}", text(&account["email"]));
    bindings.extend(roles.iter().map(|role| json!({"role": role, "members": [member]})));
    policy["bindings"] = bindings.into();
    let set = json!({"resource": "projects/shop", "policy": policy});
    shop.ada.json("ProjectService/SetIamPolicy", set).await.expect("a new policy");
    account
}

/// What pipelines are given.
pub const AGENT: &str = "roles/gitopsServiceAgent";
