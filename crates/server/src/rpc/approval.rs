//! ApprovalService: what must be approved, asked before anything is filed.

use api::basalt::v1 as pb;
use app::approval::{GateView, simulate};
use app::cx::Cx;
use base::name::EnvironmentName;
use pb::simulate_approval_request::Facts;
use policy::approval::{Fact, Source, shown};

use super::convert::approval;
use super::{Error, Result};

/// Facts that are told.
const TOLD: usize = 100;

pub struct Approvals;

impl pb::ApprovalService<Cx, Error> for Approvals {
    async fn simulate_approval(
        &self,
        cx: Cx,
        request: pb::SimulateApprovalRequest,
    ) -> Result<pb::SimulateApprovalResponse> {
        let source = match approval::source_from(request.source()) {
            Source::Fallback => Source::ChangeDatabase,
            source => source,
        };
        let mut facts = Vec::new();
        for (i, one) in request.facts.into_iter().enumerate() {
            let environment = match one.environment.as_str() {
                "" => String::new(),
                name => {
                    EnvironmentName::parse(&format!("facts[{i}].environment"), name)?.environment
                }
            };
            facts.push((environment, one.values));
        }
        let ask = simulate::Ask {
            source,
            targets: request.targets,
            statement: request.statement,
            labels: request.labels,
            facts,
            rules: approval::rules_from(request.rules),
        };
        let simulated = simulate::simulate(&cx, ask).await?;
        Ok(pb::SimulateApprovalResponse {
            gates: simulated.gates.into_iter().map(GateView::bare).map(approval::gate).collect(),
            risk_level: approval::risk_level(simulated.risk).into(),
            facts: simulated.facts.iter().take(TOLD).map(facts_to_wire).collect(),
        })
    }
}

fn facts_to_wire(fact: &Fact) -> Facts {
    let values = fact.vars.iter().map(|(name, value)| ((*name).to_owned(), shown(value)));
    Facts { environment: approval::stage(&fact.stage), values: values.collect() }
}
