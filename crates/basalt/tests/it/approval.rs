//! Approval by stage: who has to approve is found by rules, and what is not approved does not run.

mod labels;
mod named_roles;
mod told_by_mail;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers::{self, TestDatabase};

use crate::shop::{Shop, list, text};

const PATIENCE: Duration = Duration::from_secs(60);

/// A shop whose project requires approvals, with a database in test and one in prod, a developer, an owner and a releaser.
pub struct Governed {
    pub shop: Shop,
    pub dev: Client,
    pub owner: Client,
    pub test: String,
    pub prod: String,
    pub databases: (TestDatabase, TestDatabase),
}

pub const FREE: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "resource.environment_id == \"test\""}, "template": {"title": "Test is free"}}"#;
pub const TWO: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "resource.environment_id == \"prod\""}, "template": {"title": "Owner and DBA", "flow": {"roles": ["roles/projectOwner", "roles/workspaceDBA"]}}}"#;

impl Governed {
    pub async fn open(rules: &[&str]) -> Option<Self> {
        let pg = servers::postgres().await?;
        let databases = (pg.database().await, pg.database().await);
        // Webhooks of these tests are on this machine.
        let shop = Shop::open_with(&["--allow-private-outbound"]).await;
        let test = shop.adopt("test", "test", &databases.0).await;
        let prod = shop.adopt("prod", "prod", &databases.1).await;
        let dev = shop
            .member(
                "dev@example.com",
                &[
                    ("projects/shop", "roles/projectDeveloper"),
                    ("projects/shop", "roles/projectReleaser"),
                ],
            )
            .await;
        let owner =
            shop.member("owner@example.com", &[("projects/shop", "roles/projectOwner")]).await;
        let one = Self { shop, dev, owner, test, prod, databases };
        one.project(json!({"requireIssueApproval": true, "allowSelfApproval": false})).await;
        if !rules.is_empty() {
            let rules: Vec<Value> =
                rules.iter().map(|r| serde_json::from_str(r).expect("JSON")).collect();
            one.rules(json!(rules)).await.expect("good rules");
        }
        Some(one)
    }

    pub async fn project(&self, fields: Value) {
        let mask: Vec<&str> =
            fields.as_object().expect("fields").keys().map(String::as_str).collect();
        let mask = mask.join(",");
        let mut project = fields;
        project["name"] = json!("projects/shop");
        let change = json!({"project": project, "updateMask": mask});
        self.shop.ada.json("ProjectService/UpdateProject", change).await.expect("a change");
    }

    pub async fn rules(&self, rules: Value) -> Result<Value, CallError> {
        let setting = json!({"name": "settings/WORKSPACE_APPROVAL", "value": {"workspaceApproval": {"rules": rules}}});
        self.shop.ada.json("SettingService/UpdateSetting", json!({"setting": setting})).await
    }

    pub async fn plan(&self, sql: &str, targets: &[&str]) -> Value {
        let sheet = self.shop.sheet(sql).await.expect("a sheet");
        let plan = json!({"title": "A change", "specs": [spec(&sheet, targets)]});
        let request = json!({"parent": "projects/shop", "plan": plan});
        self.dev.json("PlanService/CreatePlan", request).await.expect("a plan")
    }

    /// A plan and its issue, both of the developer, once it is known who has to approve.
    pub async fn filed(&self, sql: &str, targets: &[&str]) -> (Value, Value) {
        let plan = self.plan(sql, targets).await;
        let issue = json!({"type": "DATABASE_CHANGE", "plan": plan["name"], "title": "A change"});
        let request = json!({"parent": "projects/shop", "issue": issue});
        let issue = self.dev.json("IssueService/CreateIssue", request).await.expect("an issue");
        let issue = self.found(&issue).await;
        (plan, issue)
    }

    pub async fn issue(&self, issue: &Value) -> Value {
        let name = json!({"name": issue["name"]});
        self.dev.json("IssueService/GetIssue", name).await.expect("the issue")
    }

    /// The issue, once its gates are known.
    pub async fn found(&self, issue: &Value) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let issue = self.issue(issue).await;
            if issue["approvalStatus"] != "CHECKING" {
                return issue;
            }
            assert!(Instant::now() < until, "nobody finds the gates: {issue}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn roll_out(&self, plan: &Value) -> Result<Value, CallError> {
        let request = json!({"parent": plan["name"]});
        self.dev.json("RolloutService/CreateRollout", request).await
    }

    pub async fn rollout(&self, plan: &Value) -> Value {
        let name = json!({"name": format!("{}/rollout", text(&plan["name"]))});
        self.dev.json("RolloutService/GetRollout", name).await.expect("the rollout")
    }

    /// Runs all tasks of a stage.
    pub async fn run(&self, by: &Client, plan: &Value, stage: usize) -> Result<Value, CallError> {
        self.run_with(by, plan, stage, json!({})).await
    }

    pub async fn run_with(
        &self,
        by: &Client,
        plan: &Value,
        stage: usize,
        more: Value,
    ) -> Result<Value, CallError> {
        let rollout = self.rollout(plan).await;
        let stage = &list(&rollout["stages"])[stage];
        let tasks: Vec<Value> =
            list(&stage["tasks"]).iter().map(|task| task["name"].clone()).collect();
        let mut request = more;
        request["parent"] = stage["name"].clone();
        request["tasks"] = json!(tasks);
        by.json("RolloutService/BatchRunTasks", request).await
    }

    /// Waits until every task of the stage has the status.
    pub async fn becomes(&self, plan: &Value, stage: usize, wanted: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let rollout = self.rollout(plan).await;
            let stage = &list(&rollout["stages"])[stage];
            if list(&stage["tasks"]).iter().all(|t| t["status"] == wanted) {
                return;
            }
            assert!(Instant::now() < until, "not {wanted}: {stage}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn dba(&self) -> Client {
        let dba = self.shop.member("dba@example.com", &[]).await;
        let of = json!({"resource": "workspaces/default"});
        let ada = &self.shop.ada;
        let mut policy = ada.json("WorkspaceService/GetIamPolicy", of).await.expect("a policy");
        let mut bindings = list(&policy["bindings"]);
        bindings.push(json!({"role": "roles/workspaceDBA", "members": ["user:dba@example.com"]}));
        policy["bindings"] = bindings.into();
        let set = json!({"resource": "workspaces/default", "policy": policy});
        ada.json("WorkspaceService/SetIamPolicy", set).await.expect("a new policy");
        dba
    }
}

pub fn spec(sheet: &str, targets: &[&str]) -> Value {
    json!({
        "id": "6a1f1d1e-0000-4000-8000-000000000001",
        "changeDatabaseConfig": {"sheet": sheet, "targets": targets},
    })
}

pub async fn vote(
    by: &Client,
    method: &str,
    issue: &Value,
    more: Value,
) -> Result<Value, CallError> {
    let mut request = more;
    request["name"] = issue["name"].clone();
    by.json(&format!("IssueService/{method}"), request).await
}

pub async fn approve(by: &Client, issue: &Value) -> Result<Value, CallError> {
    vote(by, "ApproveIssue", issue, json!({})).await
}

pub fn refusal(answer: Result<Value, CallError>) -> String {
    let error = answer.expect_err("refused");
    format!("{} {} {}", error.code, error.message, error.body)
}

#[tokio::test]
async fn a_new_workspace_asks_an_owner_where_the_project_requires_it() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (plan, issue) = it.filed("CREATE TABLE a (id int);", &[&it.test, &it.prod]).await;
    assert_eq!(issue["approvalStatus"], "PENDING");
    assert_eq!(issue["approvalTemplate"]["flow"]["roles"], json!(["roles/projectOwner"]));
    let gates = list(&issue["approvalGates"]);
    assert_eq!(gates.len(), 1, "{issue}");
    assert_eq!(gates[0]["stages"], json!(["environments/test", "environments/prod"]));
    assert_eq!(gates[0]["pendingRole"], "roles/projectOwner");
    assert_eq!(gates[0]["holders"], json!(["users/ada@example.com", "users/owner@example.com"]));
    assert_eq!(gates[0]["why"]["rule"]["condition"], "true");
    assert_eq!(gates[0]["refusal"]["reason"], "SELF_APPROVAL");

    let said = refusal(it.roll_out(&plan).await);
    assert!(said.contains("APPROVAL") && said.contains("roles/projectOwner"), "{said}");
    let said = refusal(approve(&it.dev, &issue).await);
    assert!(said.contains("your own change"), "self-approval: {said}");
    let mallory = it.shop.member("mallory@example.com", &[]).await;
    assert!(refusal(approve(&mallory, &issue).await).starts_with("permission_denied"));

    let approved = approve(&it.owner, &issue).await.expect("an owner may");
    assert_eq!(approved["approvalStatus"], "APPROVED");
    assert_eq!(approved["approvers"][0]["principal"], "users/owner@example.com");
    let said = refusal(approve(&it.owner, &issue).await);
    assert!(said.contains("NOT_PENDING"), "twice: {said}");
    it.roll_out(&plan).await.expect("everything is approved");
    assert_eq!(it.issue(&issue).await["status"], "DONE", "the review is over");
    it.run(&it.dev, &plan, 0).await.expect("it runs");
    it.becomes(&plan, 0, "DONE").await;
    let comments = json!({"parent": issue["name"]});
    let comments = it.dev.json("IssueService/ListIssueComments", comments).await.expect("comments");
    assert!(comments.to_string().contains(r#""role":"roles/projectOwner""#), "{comments}");
}

#[tokio::test]
async fn test_runs_while_prod_waits_for_two_steps() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let dba = it.dba().await;
    let (plan, issue) = it.filed("CREATE TABLE b (id int);", &[&it.test, &it.prod]).await;
    let gates = list(&issue["approvalGates"]);
    assert_eq!((gates.len(), &gates[0]["status"]), (2, &json!("SKIPPED")), "{issue}");
    assert_eq!(gates[1]["environment"], "environments/prod");
    assert_eq!(gates[1]["why"]["values"]["resource.environment_id"], "prod");
    assert_eq!(gates[1]["why"]["tried"][0]["reason"], "resource.environment_id is prod");

    it.roll_out(&plan).await.expect("a stage is open");
    assert_eq!(it.issue(&issue).await["status"], "OPEN", "prod is still under review");
    it.run(&it.dev, &plan, 0).await.expect("test runs");
    it.becomes(&plan, 0, "DONE").await;
    let blockers = list(&it.rollout(&plan).await["stages"])[1]["tasks"][0]["blockers"].clone();
    assert_eq!(blockers[0]["reason"], "APPROVAL", "{blockers}");
    let said = refusal(it.run(&it.dev, &plan, 1).await);
    assert!(said.contains("Stage prod waits for an approval by roles/projectOwner"), "{said}");

    let said = refusal(approve(&dba, &issue).await);
    assert!(said.contains("roles/projectOwner"), "it is not the DBA's turn: {said}");
    approve(&it.owner, &issue).await.expect("the first step");
    let said = refusal(approve(&it.owner, &issue).await);
    assert!(said.contains("roles/workspaceDBA"), "{said}");
    assert!(refusal(it.run(&it.dev, &plan, 1).await).contains("step 2 of 2"));
    let gate = json!({"environment": "environments/prod", "comment": "looks good"});
    let done = vote(&dba, "ApproveIssue", &issue, gate).await.expect("the second step");
    assert_eq!((&done["approvalStatus"], &done["status"]), (&json!("APPROVED"), &json!("DONE")));
    it.run(&it.dev, &plan, 1).await.expect("prod runs");
    it.becomes(&plan, 1, "DONE").await;
}

#[tokio::test]
async fn a_rejection_blocks_until_the_creator_asks_again() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let (plan, issue) = it.filed("CREATE TABLE c (id int);", &[&it.test, &it.prod]).await;
    let no = json!({"comment": "the name is bad"});
    let sent = vote(&it.owner, "RejectIssue", &issue, no).await.expect("sent back");
    assert_eq!(sent["approvalStatus"], "REJECTED");
    let said = refusal(it.roll_out(&plan).await);
    assert!(said.contains("users/owner@example.com sent issue"), "test waits, too: {said}");
    let again = vote(&it.owner, "RequestIssue", &issue, json!({})).await;
    assert!(refusal(again).contains("only the creator"));
    let retried = vote(&it.dev, "RetryIssueApproval", &issue, json!({})).await;
    assert!(refusal(retried).contains("sent back"), "not a way around a rejection");
    let asked = vote(&it.dev, "RequestIssue", &issue, json!({"comment": "renamed"})).await;
    assert_eq!(asked.expect("asked again")["approvalStatus"], "PENDING");
    it.roll_out(&plan).await.expect("test is open again");
}

#[tokio::test]
async fn webhooks_are_told_who_is_asked_what_was_sent_back_and_what_is_approved() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let types = ["ISSUE_APPROVAL_REQUESTED", "ISSUE_SENT_BACK", "ISSUE_APPROVED"];
    // Nobody listens there: what is to be told is written down all the same.
    let webhook = json!({"type": "GENERIC", "title": "Ours", "url": "http://127.0.0.1:9/", "notificationTypes": types});
    let request = json!({"project": "projects/shop", "webhook": webhook});
    let project = it.shop.ada.json("ProjectService/AddWebhook", request).await.expect("a webhook");
    let webhook = project["webhooks"][0]["name"].clone();
    let dba = it.dba().await;
    let (_, issue) = it.filed("CREATE TABLE w (id int);", &[&it.test, &it.prod]).await;
    let no = json!({"comment": "the name is bad"});
    vote(&it.owner, "RejectIssue", &issue, no).await.expect("sent back");
    vote(&it.dev, "RequestIssue", &issue, json!({})).await.expect("asked again");
    approve(&it.owner, &issue).await.expect("the first step");
    approve(&dba, &issue).await.expect("the second step");
    let of = json!({"parent": webhook});
    let told = it.shop.ada.json("basalt.v1.WebhookService/ListDeliveries", of).await;
    let mut told: Vec<Value> = list(&told.expect("deliveries")["deliveries"])
        .into_iter()
        .map(|d| d["type"].clone())
        .collect();
    told.reverse();
    let [asked, sent_back, approved] = types;
    assert_eq!(told, [asked, sent_back, asked, asked, approved]);
}

#[tokio::test]
async fn an_edit_of_the_sql_asks_everybody_again_and_one_of_the_title_does_not() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (plan, issue) = it.filed("CREATE TABLE d (id int);", &[&it.test]).await;
    let old = issue["approvalRevision"].clone();
    approve(&it.owner, &issue).await.expect("approved");
    let title = json!({"plan": {"name": plan["name"], "title": "Another"}, "updateMask": "title"});
    it.dev.json("PlanService/UpdatePlan", title).await.expect("a title");
    assert_eq!(it.issue(&issue).await["approvalStatus"], "APPROVED");

    let sheet = it.shop.sheet("DROP TABLE d;").await.expect("a sheet");
    let edit = json!({"plan": {"name": plan["name"], "specs": [spec(&sheet, &[&it.test])]}, "updateMask": "specs"});
    it.dev.json("PlanService/UpdatePlan", edit).await.expect("an edit");
    let said = refusal(it.roll_out(&plan).await);
    assert!(said.contains("APPROVAL"), "what was approved is not there any more: {said}");
    let issue = it.found(&issue).await;
    assert_eq!(issue["approvalStatus"], "PENDING");
    assert_eq!(issue["riskLevel"], "HIGH");
    let stale = vote(&it.owner, "ApproveIssue", &issue, json!({"approvalRevision": old})).await;
    assert_eq!(stale.expect_err("about the old SQL").code, "aborted");
    let now = json!({"approvalRevision": issue["approvalRevision"]});
    vote(&it.owner, "ApproveIssue", &issue, now).await.expect("about what is there");
    it.roll_out(&plan).await.expect("approved as it is");
}

#[tokio::test]
async fn a_plan_without_an_issue_and_a_draft_do_not_escape() {
    let Some(it) = Governed::open(&[FREE]).await else { return };
    let plan = it.plan("CREATE TABLE e (id int);", &[&it.test]).await;
    it.shop.checks(&plan).await;
    assert!(refusal(it.roll_out(&plan).await).contains("make an issue of the plan"));
    let issue =
        json!({"type": "DATABASE_CHANGE", "plan": plan["name"], "title": "E", "draft": true});
    let request = json!({"parent": "projects/shop", "issue": issue});
    let issue = it.dev.json("IssueService/CreateIssue", request).await.expect("a draft");
    assert!(refusal(it.roll_out(&plan).await).contains("ISSUE_DRAFT"));
    assert!(refusal(approve(&it.owner, &issue).await).contains("ISSUE_DRAFT"));
    let submit = json!({"issue": {"name": issue["name"], "draft": false}, "updateMask": "draft"});
    it.dev.json("IssueService/UpdateIssue", submit).await.expect("submitted");
    it.found(&issue).await;
    it.roll_out(&plan).await.expect("test is free");
}

#[tokio::test]
async fn prod_runs_what_test_finished_and_stages_are_not_mixed() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (first, second) = (
        it.shop.sheet("CREATE TABLE g (id int);").await.expect("a sheet"),
        it.shop.sheet("CREATE TABLE g (id bigint);").await.expect("a sheet"),
    );
    let mut other = spec(&second, &[&it.prod]);
    other["id"] = json!("6a1f1d1e-0000-4000-8000-000000000002");
    let plan = json!({"title": "Two", "specs": [spec(&first, &[&it.test]), other]});
    let request = json!({"parent": "projects/shop", "plan": plan});
    let plan = it.dev.json("PlanService/CreatePlan", request).await.expect("a plan");
    let issue = json!({"type": "DATABASE_CHANGE", "plan": plan["name"], "title": "Two"});
    let request = json!({"parent": "projects/shop", "issue": issue});
    let issue = it.dev.json("IssueService/CreateIssue", request).await.expect("an issue");
    let issue = it.found(&issue).await;
    approve(&it.owner, &issue).await.expect("approved");
    it.roll_out(&plan).await.expect("a rollout");
    let rollout = it.rollout(&plan).await;
    let tasks: Vec<Value> =
        list(&rollout["stages"]).iter().map(|s| list(&s["tasks"])[0]["name"].clone()).collect();
    let mixed = json!({"parent": format!("{}/rollout/stages/-", text(&plan["name"])), "tasks": tasks,
        "ignoreStageOrder": true, "reason": "hurry"});
    let said = refusal(it.dev.json("RolloutService/BatchRunTasks", mixed).await);
    assert!(said.contains("name tasks of one stage"), "{said}");
    it.run(&it.dev, &plan, 0).await.expect("test runs");
    it.becomes(&plan, 0, "DONE").await;
    let said = refusal(it.run(&it.dev, &plan, 1).await);
    assert!(said.contains("NOT_PROMOTED"), "{said}");
    let pass = json!({"ignorePromotion": true, "reason": "prod has another type"});
    let denied = it.run_with(&it.dev, &plan, 1, pass.clone()).await.expect_err("denied");
    assert_eq!(denied.code, "permission_denied");
    let silent = it.run_with(&it.owner, &plan, 1, json!({"ignorePromotion": true})).await;
    assert!(refusal(silent).contains("say why"));
    it.run_with(&it.owner, &plan, 1, pass).await.expect("passed over");
    it.becomes(&plan, 1, "DONE").await;
}

#[tokio::test]
async fn a_database_that_moved_is_not_what_was_approved() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let (plan, issue) = it.filed("CREATE TABLE h (id int);", &[&it.test]).await;
    assert_eq!(issue["approvalStatus"], "SKIPPED");
    let moved = json!({"database": {"name": it.test, "environment": "environments/prod"}, "updateMask": "environment"});
    it.shop.ada.json("DatabaseService/UpdateDatabase", moved).await.expect("moved");
    let said = refusal(it.roll_out(&plan).await);
    assert!(said.contains("not what was approved"), "{said}");
    vote(&it.dev, "RetryIssueApproval", &issue, json!({})).await.expect("found again");
    let issue = it.found(&issue).await;
    assert_eq!(issue["approvalStatus"], "PENDING", "{issue}");
    let found = list(&issue["approvalGates"]);
    assert_eq!(found[0]["environment"], "environments/prod");
    assert!(it.databases.0.name != it.databases.1.name, "two databases");
}

#[tokio::test]
async fn a_role_of_the_environment_may_run_its_tasks_and_no_others() {
    let Some(it) = Governed::open(&[FREE]).await else { return };
    it.project(json!({"requireIssueApproval": false})).await;
    let policy = json!({"name": "environments/test/policies/rollout_policy", "type": "ROLLOUT_POLICY",
        "enforce": true, "rolloutPolicy": {"roles": ["roles/projectDeveloper"]}});
    let request = json!({"policy": policy, "allowMissing": true, "updateMask": "rolloutPolicy"});
    it.shop.ada.json("OrgPolicyService/UpdatePolicy", request).await.expect("a policy");
    let only =
        it.shop.member("only@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let plan = it.plan("CREATE TABLE i (id int);", &[&it.test, &it.prod]).await;
    it.shop.checks(&plan).await;
    it.roll_out(&plan).await.expect("a rollout");
    it.run(&only, &plan, 0).await.expect("a role of the environment");
    it.becomes(&plan, 0, "DONE").await;
    let denied = it.run(&only, &plan, 1).await.expect_err("not of this one");
    assert_eq!(denied.code, "permission_denied");
    assert!(denied.body.contains("bb.taskRuns.create"), "{}", denied.body);
}

#[tokio::test]
async fn automatic_stages_start_in_order_when_their_gate_is_open() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let dba = it.dba().await;
    for environment in ["test", "prod"] {
        let policy = json!({"name": format!("environments/{environment}/policies/rollout_policy"),
            "type": "ROLLOUT_POLICY", "enforce": true, "rolloutPolicy": {"automatic": true}});
        let request =
            json!({"policy": policy, "allowMissing": true, "updateMask": "rolloutPolicy"});
        it.shop.ada.json("OrgPolicyService/UpdatePolicy", request).await.expect("a policy");
    }
    let (plan, issue) = it.filed("CREATE TABLE j (id int);", &[&it.test, &it.prod]).await;
    let until = Instant::now() + PATIENCE;
    let name = json!({"name": format!("{}/rollout", text(&plan["name"]))});
    while it.dev.json("RolloutService/GetRollout", name.clone()).await.is_err() {
        assert!(Instant::now() < until, "no rollout by itself");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    it.becomes(&plan, 0, "DONE").await;
    it.becomes(&plan, 1, "NOT_STARTED").await;
    approve(&it.owner, &issue).await.expect("the first step");
    approve(&dba, &issue).await.expect("the second step");
    it.becomes(&plan, 1, "DONE").await;
}

#[tokio::test]
async fn rules_are_checked_and_can_be_tried() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let bad = json!([{"condition": {"expression": "statement.nosuch == 1"}, "source": "CHANGE_DATABASE",
        "template": {"flow": {"roles": ["roles/nobody"]}}}]);
    let said = refusal(it.rules(bad).await);
    assert!(
        said.contains("rules[0].condition.expression") && said.contains("statement.nosuch"),
        "{said}"
    );
    assert!(
        said.contains("rules[0].template.flow.roles[0]") && said.contains("roles/nobody"),
        "{said}"
    );
    let get = json!({"name": "settings/WORKSPACE_APPROVAL"});
    let setting = it.shop.ada.json("SettingService/GetSetting", get).await.expect("the setting");
    assert_eq!(list(&setting["value"]["workspaceApproval"]["rules"]).len(), 2, "{setting}");

    let ask = json!({"targets": [it.test, it.prod], "statement": "DROP TABLE x;"});
    let simulate = "basalt.v1.ApprovalService/SimulateApproval";
    let tried = it.shop.ada.json(simulate, ask.clone()).await.expect("tried");
    assert_eq!(tried["riskLevel"], "HIGH", "{tried}");
    assert_eq!(tried["gates"][1]["environment"], "environments/prod", "{tried}");
    let own = json!({"facts": [{"environment": "environments/prod",
        "values": {"statement.affected_rows": "5000"}}],
        "rules": [{"source": "CHANGE_DATABASE", "condition": {"expression": "statement.affected_rows > 100"},
            "template": {"title": "Many rows", "flow": {"roles": ["roles/projectOwner"]}}}]});
    let tried = it.shop.ada.json(simulate, own).await.expect("tried");
    assert_eq!(tried["gates"][0]["why"]["rule"]["title"], "Many rows", "{tried}");
    assert_eq!(tried["gates"][0]["why"]["values"]["statement.affected_rows"], "5000");
    assert_eq!(it.dev.json(simulate, ask).await.expect_err("no right").code, "permission_denied");
}

#[tokio::test]
async fn who_waits_for_whom_is_listed() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let (_, issue) = it.filed("CREATE TABLE k (id int);", &[&it.prod]).await;
    let of = async |filter: &str| {
        let ask = json!({"parent": "projects/shop", "filter": filter});
        list(&it.dev.json("IssueService/ListIssues", ask).await.expect("a list")["issues"]).len()
    };
    assert_eq!(of(r#"current_approver == "users/owner@example.com""#).await, 1);
    assert_eq!(of(r#"current_approver == "users/dev@example.com""#).await, 0);
    assert_eq!(of(r#"approval_status == "PENDING""#).await, 1);
    approve(&it.owner, &issue).await.expect("the first step");
    assert_eq!(of(r#"current_approver == "users/owner@example.com""#).await, 0, "the DBA's turn");
}
