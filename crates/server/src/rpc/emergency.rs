//! EmergencyService: changes that are run past their gate, and their reviews.

use api::basalt::v1 as pb;
use api::bytebase::v1::task::Blocker;
use app::cx::Cx;
use app::emergency::{self, Ask, EmergencyView, ListAsk, Review, State};
use base::name::{EmergencyName, IssueName, PlanName, ProjectName};

use super::convert::value;
use super::plan::plan_name;
use super::{Error, Result};

pub struct Emergencies;

impl pb::EmergencyService<Cx, Error> for Emergencies {
    async fn run_emergency(
        &self,
        cx: Cx,
        request: pb::RunEmergencyRequest,
    ) -> Result<pb::Emergency> {
        let pb::RunEmergencyRequest { parent, tasks, reason, incident_url, notify } = request;
        let ask = Ask { parent, tasks, reason, incident_url, notify };
        Ok(to_wire(emergency::run(&cx, ask).await?))
    }

    async fn get_emergency(
        &self,
        cx: Cx,
        request: pb::GetEmergencyRequest,
    ) -> Result<pb::Emergency> {
        let name = EmergencyName::parse("name", &request.name)?;
        Ok(to_wire(emergency::get(&cx, &name.project, &name.emergency).await?))
    }

    async fn list_emergencies(
        &self,
        cx: Cx,
        request: pb::ListEmergenciesRequest,
    ) -> Result<pb::ListEmergenciesResponse> {
        let project = ProjectName::parse("parent", &request.parent)?.project;
        let plan = match request.plan.as_str() {
            "" => None,
            name => Some(plan_name("plan", name)?),
        };
        if plan.as_ref().is_some_and(|(of, _)| *of != project) {
            let text = "the plan is of another project than the parent";
            return Err(base::Error::field("plan", text).into());
        }
        let ask = ListAsk {
            project,
            plan: plan.map(|(_, id)| id),
            unreviewed: request.unreviewed,
            waiting_for_me: request.waiting_for_me,
            page_size: request.page_size,
            page_token: request.page_token,
        };
        let (emergencies, next_page_token) = value::page(emergency::list(&cx, ask).await?, to_wire);
        Ok(pb::ListEmergenciesResponse { emergencies, next_page_token })
    }

    async fn review_emergency(
        &self,
        cx: Cx,
        request: pb::ReviewEmergencyRequest,
    ) -> Result<pb::Emergency> {
        let justified = match request.verdict() {
            pb::emergency::Verdict::Justified => Some(true),
            pb::emergency::Verdict::NotJustified => Some(false),
            pb::emergency::Verdict::Unspecified => None,
        };
        let name = EmergencyName::parse("name", &request.name)?;
        let review = Review {
            project: name.project,
            id: name.emergency,
            justified,
            comment: request.comment,
        };
        Ok(to_wire(emergency::review(&cx, review).await?))
    }

    async fn get_emergency_contacts(
        &self,
        cx: Cx,
        request: pb::GetEmergencyContactsRequest,
    ) -> Result<pb::GetEmergencyContactsResponse> {
        let found = emergency::contacts(&cx, &request.parent).await?;
        Ok(pb::GetEmergencyContactsResponse { contacts: found.people, source: found.source })
    }
}

fn to_wire(view: EmergencyView) -> pb::Emergency {
    let row = view.emergency;
    let plan = PlanName::new(&row.project, row.plan.to_string()).to_string();
    let payload = row.payload;
    let stage = format!("{plan}/rollout/stages/{}", payload.stage);
    let review = payload.review;
    let verdict = match review.as_ref().map(|r| r.justified) {
        None => pb::emergency::Verdict::Unspecified,
        Some(true) => pb::emergency::Verdict::Justified,
        Some(false) => pb::emergency::Verdict::NotJustified,
    };
    let (reviewer, comment) = review.map(|r| (r.by, r.comment)).unwrap_or_default();
    pb::Emergency {
        name: EmergencyName::new(&row.project, &row.id).to_string(),
        issue: match view.issue {
            Some(id) => IssueName::new(&row.project, id.to_string()).to_string(),
            None => String::new(),
        },
        title: view.title,
        tasks: payload.tasks.iter().map(|id| format!("{stage}/tasks/{id}")).collect(),
        databases: payload.databases,
        runner: row.creator,
        reason: payload.reason,
        incident_url: payload.incident_url,
        notified: payload.notified,
        passed: payload
            .passed
            .into_iter()
            .map(|p| Blocker { reason: p.reason, message: p.message })
            .collect(),
        state: match view.state {
            State::Due => pb::emergency::State::ReviewDue,
            State::Overdue => pb::emergency::State::ReviewOverdue,
            State::Reviewed => pb::emergency::State::Reviewed,
        }
        .into(),
        create_time: Some(value::timestamp(row.created_at)),
        due_time: Some(value::timestamp(row.due_at)),
        review_time: row.reviewed_at.map(value::timestamp),
        reviewer,
        verdict: verdict.into(),
        comment,
        can_review: view.refusal.is_empty(),
        refusal: view.refusal,
        plan,
        stage,
    }
}
