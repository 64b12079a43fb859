//! IssueService: the record of a review, with comments.

use std::time::Duration;

use api::bytebase::v1 as pb;
use api::google::r#type::Expr;
use app::approval::{IssueView, retry, view, vote};
use app::cx::Cx;
use app::filter::{Mask, etag};
use app::issue::role_grant::{self, NewRoleGrant};
use app::issue::{self, comment, create::NewIssue, list, status, update::IssueChange};
use app::thread::CommentView;
use base::name::{EmergencyName, IssueCommentName, IssueName, ProjectName, parse_number};
use pb::issue_comment::Event;
use policy::approval::Decision;
use store::rows::{ApprovalEvent, EmergencyEvent, IssueEvent, IssueKind, IssueStatus, RoleGrant};

use super::convert::{approval, spec, thread, value};
use super::plan::{issue_status, plan_name};
use super::{Error, Result};

pub struct Issues;

/// Paths of `update_mask`.
const PATHS: &[&str] = &["title", "description", "labels", "draft"];

impl pb::IssueService<Cx, Error> for Issues {
    async fn get_issue(&self, cx: Cx, request: pb::GetIssueRequest) -> Result<pb::Issue> {
        let (project, id) = issue_name("name", &request.name)?;
        Ok(to_wire(view::get(&cx, &project, id).await?))
    }

    async fn create_issue(&self, cx: Cx, request: pb::CreateIssueRequest) -> Result<pb::Issue> {
        let wire = request.issue.unwrap_or_default();
        let project = ProjectName::parse("parent", &request.parent)?.project;
        match wire.r#type() {
            pb::issue::Type::Unspecified | pb::issue::Type::DatabaseChange => {}
            pb::issue::Type::RoleGrant => {
                let new = role_grant_from_wire(project, wire)?;
                let made = role_grant::create(&cx, new).await?;
                return Ok(to_wire(view::get(&cx, &made.project, made.id).await?));
            }
            pb::issue::Type::AccessGrant => {
                let text = "this version knows DATABASE_CHANGE and ROLE_GRANT";
                return Err(base::Error::field("issue.type", text).into());
            }
        }
        let plan =
            if wire.plan.is_empty() { None } else { Some(plan_name("issue.plan", &wire.plan)?) };
        if plan.as_ref().is_some_and(|(p, _)| *p != project) {
            return Err(
                base::Error::field("issue.plan", "the plan belongs to another project").into()
            );
        }
        let new = NewIssue {
            project,
            plan: plan.map(|(_, id)| id),
            title: wire.title,
            description: wire.description,
            labels: wire.labels,
            draft: wire.draft,
        };
        let made = issue::create::create(&cx, new).await?;
        Ok(to_wire(view::get(&cx, &made.project, made.id).await?))
    }

    async fn list_issues(
        &self,
        cx: Cx,
        request: pb::ListIssuesRequest,
    ) -> Result<pb::ListIssuesResponse> {
        let ask = list::Ask {
            project: ProjectName::parse("parent", &request.parent)?.project,
            filter: request.filter,
            query: request.query,
            order_by: request.order_by,
            page_size: request.page_size,
            page_token: request.page_token,
        };
        let page = view::page(&cx, list::list(&cx, ask).await?).await?;
        let (issues, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListIssuesResponse { issues, next_page_token })
    }

    async fn search_issues(
        &self,
        cx: Cx,
        request: pb::SearchIssuesRequest,
    ) -> Result<pb::SearchIssuesResponse> {
        let project = ProjectName::parse("parent", &request.parent)?.project;
        if project != "-" {
            cx.require("bb.issues.get", &request.parent).await?;
        }
        let ask = list::Ask {
            project,
            filter: request.filter,
            query: request.query,
            order_by: request.order_by,
            page_size: request.page_size,
            page_token: request.page_token,
        };
        let page = view::page(&cx, list::list(&cx, ask).await?).await?;
        let (issues, next_page_token) = value::page(page, to_wire);
        Ok(pb::SearchIssuesResponse { issues, next_page_token })
    }

    async fn update_issue(&self, cx: Cx, request: pb::UpdateIssueRequest) -> Result<pb::Issue> {
        let wire = request.issue.unwrap_or_default();
        let (project, id) = issue_name("issue.name", &wire.name)?;
        let paths = value::mask(request.update_mask).ok_or_else(|| {
            base::Error::field("update_mask", "name the fields that shall change")
        })?;
        let mask = Mask::new(&paths, PATHS)?;
        let change = IssueChange {
            project,
            issue: id,
            etag: wire.etag,
            title: mask.has("title").then_some(wire.title),
            description: mask.has("description").then_some(wire.description),
            labels: mask.has("labels").then_some(wire.labels),
            draft: mask.has("draft").then_some(wire.draft),
            ignore_review: request.ignore_review,
            reason: request.reason,
        };
        let changed = issue::update::update(&cx, change).await?;
        Ok(to_wire(view::get(&cx, &changed.project, changed.id).await?))
    }

    async fn list_issue_comments(
        &self,
        cx: Cx,
        request: pb::ListIssueCommentsRequest,
    ) -> Result<pb::ListIssueCommentsResponse> {
        let (project, id) = issue_name("parent", &request.parent)?;
        let page = comment::list(&cx, &project, id, request.page_size, request.page_token).await?;
        let (issue_comments, next_page_token) = value::page(page, comment_to_wire);
        Ok(pb::ListIssueCommentsResponse { issue_comments, next_page_token })
    }

    async fn create_issue_comment(
        &self,
        cx: Cx,
        request: pb::CreateIssueCommentRequest,
    ) -> Result<pb::IssueComment> {
        let (project, id) = issue_name("parent", &request.parent)?;
        let wire = request.issue_comment.unwrap_or_default();
        let new = thread::from_wire(wire.anchor, wire.reply_to, wire.suggestion);
        Ok(comment_to_wire(comment::create(&cx, &project, id, &wire.comment, new).await?))
    }

    async fn update_issue_comment(
        &self,
        cx: Cx,
        request: pb::UpdateIssueCommentRequest,
    ) -> Result<pb::IssueComment> {
        let (project, id) = issue_name("parent", &request.parent)?;
        let wire = request.issue_comment.unwrap_or_default();
        let name = IssueCommentName::parse("issue_comment.name", &wire.name)?;
        if name.project != project || name.issue != id.to_string() {
            return Err(base::Error::field(
                "issue_comment.name",
                "the comment belongs to another issue",
            )
            .into());
        }
        Mask::new(&value::mask(request.update_mask).unwrap_or_default(), &["comment"])?;
        Ok(comment_to_wire(comment::update(&cx, &project, id, &name.comment, &wire.comment).await?))
    }

    async fn batch_update_issues_status(
        &self,
        cx: Cx,
        request: pb::BatchUpdateIssuesStatusRequest,
    ) -> Result<pb::BatchUpdateIssuesStatusResponse> {
        let project = ProjectName::parse("parent", &request.parent)?.project;
        let wanted = match request.status() {
            pb::IssueStatus::Open => IssueStatus::Open,
            pb::IssueStatus::Done => IssueStatus::Done,
            pb::IssueStatus::Canceled => IssueStatus::Canceled,
            pb::IssueStatus::Unspecified => {
                return Err(base::Error::field("status", "say OPEN, DONE or CANCELED").into());
            }
        };
        let mut ids = Vec::new();
        for (i, text) in request.issues.iter().enumerate() {
            let field = format!("issues[{i}]");
            let (of, id) = issue_name(&field, text)?;
            if of != project {
                return Err(
                    base::Error::field(field, "the issue belongs to another project").into()
                );
            }
            ids.push(id);
        }
        status::batch_set(&cx, &project, &ids, wanted, &request.reason).await?;
        Ok(pb::BatchUpdateIssuesStatusResponse {})
    }

    async fn approve_issue(&self, cx: Cx, request: pb::ApproveIssueRequest) -> Result<pb::Issue> {
        let pb::ApproveIssueRequest { name, comment, environment, approval_revision } = request;
        let ask = ask(&name, environment, approval_revision, comment)?;
        Ok(to_wire(vote::vote(&cx, ask, Decision::Approved).await?))
    }

    async fn reject_issue(&self, cx: Cx, request: pb::RejectIssueRequest) -> Result<pb::Issue> {
        let pb::RejectIssueRequest { name, comment, environment, approval_revision } = request;
        let ask = ask(&name, environment, approval_revision, comment)?;
        Ok(to_wire(vote::vote(&cx, ask, Decision::Rejected).await?))
    }

    async fn request_issue(&self, cx: Cx, request: pb::RequestIssueRequest) -> Result<pb::Issue> {
        let (project, issue) = issue_name("name", &request.name)?;
        Ok(to_wire(vote::request(&cx, &project, issue, &request.comment).await?))
    }

    async fn retry_issue_approval(
        &self,
        cx: Cx,
        request: pb::RetryIssueApprovalRequest,
    ) -> Result<pb::Issue> {
        let (project, issue) = issue_name("name", &request.name)?;
        Ok(to_wire(retry::retry(&cx, &project, issue).await?))
    }
}

fn issue_name(field: &str, text: &str) -> base::Result<(String, i64)> {
    let name = IssueName::parse(field, text)?;
    Ok((name.project, parse_number(field, &name.issue)?))
}

fn to_wire(view: IssueView) -> pb::Issue {
    let issue = view.issue;
    let mut wire = pb::Issue {
        name: format!("projects/{}/issues/{}", issue.project, issue.id),
        title: issue.title,
        description: issue.description,
        r#type: match issue.kind {
            IssueKind::DatabaseChange => pb::issue::Type::DatabaseChange,
            IssueKind::RoleGrant => pb::issue::Type::RoleGrant,
        }
        .into(),
        role_grant: issue.payload.role_grant.map(role_grant_to_wire),
        status: issue_status(issue.status).into(),
        creator: issue.creator,
        create_time: Some(value::timestamp(issue.created_at)),
        update_time: Some(value::timestamp(issue.updated_at)),
        plan: issue
            .plan
            .map(|p| format!("projects/{}/plans/{p}", issue.project))
            .unwrap_or_default(),
        labels: issue.payload.labels,
        draft: issue.draft,
        etag: etag(issue.version),
        ..pb::Issue::default()
    };
    approval::put(view.approval, &mut wire);
    wire
}

fn role_grant_from_wire(project: String, wire: pb::Issue) -> base::Result<NewRoleGrant> {
    let grant = wire.role_grant.ok_or_else(|| {
        base::Error::field("issue.role_grant", "say which role is asked for, and for whom")
    })?;
    let expiration = grant.expiration;
    Ok(NewRoleGrant {
        project,
        title: wire.title,
        description: wire.description,
        labels: wire.labels,
        role: grant.role,
        user: grant.user,
        condition: grant.condition.map(|c| c.expression).unwrap_or_default(),
        expiration: expiration
            .map(|d| value::duration_from("issue.role_grant.expiration", d))
            .transpose()?,
    })
}

fn role_grant_to_wire(grant: RoleGrant) -> pb::RoleGrant {
    let condition = Some(grant.condition).filter(|c| !c.is_empty());
    pb::RoleGrant {
        role: grant.role,
        user: grant.user,
        condition: condition.map(|expression| Expr { expression, ..Expr::default() }),
        expiration: grant.expiration_seconds.map(|s| value::duration(Duration::from_secs(s))),
    }
}

pub(super) fn comment_to_wire(view: CommentView) -> pb::IssueComment {
    let CommentView { comment, now } = view;
    let parent = format!("projects/{}/issues/{}/issueComments", comment.project, comment.issue);
    let mut wire = pb::IssueComment {
        name: format!("{parent}/{}", comment.id),
        comment: comment.comment,
        create_time: Some(value::timestamp(comment.created_at)),
        update_time: Some(value::timestamp(comment.updated_at)),
        creator: comment.creator,
        event: comment.event.map(|e| event_to_wire(&comment.project, e)),
        ..pb::IssueComment::default()
    };
    if let Some(found) = comment.thread {
        thread::put(&comment.project, &parent, found, now, &mut wire);
    }
    wire
}

fn event_to_wire(project: &str, event: IssueEvent) -> Event {
    let status = |s: Option<IssueStatus>| s.map(|s| issue_status(s).into());
    match event {
        IssueEvent::ReviewSubmission => {
            Event::ReviewSubmission(pb::issue_comment::ReviewSubmission {})
        }
        IssueEvent::Approval { decision, gate, role } => {
            use pb::issue_comment::approval::Status;
            let status = match decision {
                ApprovalEvent::Pending => Status::Pending,
                ApprovalEvent::Approved => Status::Approved,
                ApprovalEvent::Rejected => Status::Rejected,
            };
            Event::Approval(pb::issue_comment::Approval {
                status: status.into(),
                environment: gate.map(|id| format!("environments/{id}")).unwrap_or_default(),
                role,
            })
        }
        IssueEvent::Emergency { kind, emergency, reason, incident_url, stage, plan } => {
            use pb::issue_comment::emergency::Kind;
            let name = match emergency.is_empty() {
                true => String::new(),
                false => EmergencyName::new(project, emergency).to_string(),
            };
            let stage = match stage.is_empty() {
                true => stage,
                false => format!("projects/{project}/plans/{plan}/rollout/stages/{stage}"),
            };
            let kind = match kind {
                EmergencyEvent::Run => Kind::Run,
                EmergencyEvent::ReviewIgnored => Kind::ReviewIgnored,
                EmergencyEvent::Justified => Kind::Justified,
                EmergencyEvent::NotJustified => Kind::NotJustified,
            };
            Event::Emergency(pb::issue_comment::Emergency {
                kind: kind.into(),
                emergency: name,
                reason,
                incident_url,
                stage,
            })
        }
        IssueEvent::Hotfix { reason } => {
            Event::HotfixUpdate(pb::issue_comment::HotfixUpdate { reason })
        }
        IssueEvent::PlanUpdate { from_specs, to_specs } => {
            Event::PlanUpdate(pb::issue_comment::PlanUpdate {
                from_specs: from_specs.into_iter().map(spec::to_wire).collect(),
                to_specs: to_specs.into_iter().map(spec::to_wire).collect(),
            })
        }
        IssueEvent::IssueUpdate {
            from_title,
            to_title,
            from_description,
            to_description,
            from_status,
            to_status,
            from_labels,
            to_labels,
        } => Event::IssueUpdate(pb::issue_comment::IssueUpdate {
            from_title,
            to_title,
            from_description,
            to_description,
            from_status: status(from_status),
            to_status: status(to_status),
            from_labels,
            to_labels,
        }),
    }
}

fn ask(name: &str, gate: Option<String>, revision: String, comment: String) -> Result<vote::Ask> {
    let (project, issue) = issue_name("name", name)?;
    Ok(vote::Ask { project, issue, gate, revision, comment })
}
