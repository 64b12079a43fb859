/** Approval in the mock: rules, gates and decisions of a sort. Development only. */
import type { ApprovalGate, ApprovalRule, Issue } from '../../src/api/types.ts';
import { changed } from './events.ts';
import { now, state } from './state.ts';

// biome-ignore lint/suspicious/noExplicitAny: requests are read loosely, as a mock may
type Body = any;

let rules: ApprovalRule[] = [
  {
    source: 'CHANGE_DATABASE',
    condition: { expression: 'resource.environment_id == "prod" && risk.level == "HIGH"' },
    template: {
      title: 'High risk in production',
      description: 'What drops or truncates needs a second look.',
      flow: { roles: ['roles/projectOwner', 'roles/workspaceDBA'] },
    },
  },
  {
    source: 'CHANGE_DATABASE',
    condition: { expression: 'resource.environment_id == "prod"' },
    template: { title: 'Production', flow: { roles: ['roles/workspaceDBA'] } },
  },
  {
    source: 'CHANGE_DATABASE',
    condition: { expression: 'true' },
    template: { title: 'Everything else', flow: { roles: [] } },
  },
  {
    source: 'REQUEST_ROLE',
    condition: { expression: 'request.expiration_days > 90 || request.role == "roles/projectOwner"' },
    template: { title: 'Long or powerful roles', flow: { roles: ['roles/workspaceAdmin'] } },
  },
  {
    condition: { expression: 'true' },
    template: { title: 'Project owner', flow: { roles: ['roles/projectOwner'] } },
  },
];

const refOf = (rule: ApprovalRule, at: number) => ({
  number: at + 1,
  title: rule.template?.title,
  source: rule.source ?? 'SOURCE_UNSPECIFIED',
  condition: rule.condition?.expression,
});

function gateOf(environment: string, target: string, list: readonly ApprovalRule[]): ApprovalGate {
  const id = environment.replace('environments/', '');
  const values = { 'resource.environment_id': id, 'risk.level': 'MODERATE' };
  const asked = list.filter(({ source = 'SOURCE_UNSPECIFIED' }) => /CHANGE|UNSPEC/.test(source));
  const matches = ({ condition }: ApprovalRule) =>
    condition?.expression === 'true' || condition?.expression === `resource.environment_id == "${id}"`;
  const at = asked.findIndex(matches);
  const rule = asked[at];
  const roles = rule?.template?.flow?.roles ?? [];
  return {
    environment,
    stages: [environment],
    status: roles.length > 0 ? 'PENDING' : 'SKIPPED',
    template: rule?.template,
    steps: roles.map((role) => ({ role, status: 'PENDING' as const })),
    pendingRole: roles[0],
    canApprove: roles.length > 0,
    holderCount: 3,
    holders: ['users/dba@example.com'],
    why: {
      rule: rule && refOf(rule, list.indexOf(rule)),
      target,
      values: rule?.condition?.expression === 'true' ? {} : values,
      tried: asked.slice(0, at < 0 ? undefined : at).map((other) => ({
        rule: refOf(other, list.indexOf(other)),
        reason: `resource.environment_id is "${id}", risk.level is "MODERATE"`,
        values,
      })),
    },
  };
}

/** An issue about a change waits for its gates. */
export const gates = (targets: readonly string[]): ApprovalGate[] => {
  const environments = targets.map(
    (name) => [name, state.databases.get(name)?.effectiveEnvironment ?? ''] as const,
  );
  const first = new Map(environments.map(([name, environment]) => [environment, name]));
  return [...first].map(([environment, name]) => gateOf(environment, name, rules));
};

function decide(body: Body, status: 'APPROVED' | 'REJECTED'): Issue {
  const issue = state.issues.get(body.name) as Issue;
  for (const gate of issue.approvalGates ?? []) {
    if (!gate.canApprove || (body.environment !== undefined && gate.environment !== body.environment))
      continue;
    const step = gate.steps?.find((one) => one.status === 'PENDING');
    if (step) Object.assign(step, { status, principal: state.me?.name, time: now(), comment: body.comment });
    const next = gate.steps?.find((one) => one.status === 'PENDING');
    const over = status === 'REJECTED' || !next;
    Object.assign(gate, {
      status: over ? status : 'PENDING',
      pendingRole: next?.role ?? '',
      canApprove: !over,
    });
  }
  const all = issue.approvalGates ?? [];
  issue.approvalStatus = all.some((g) => g.status === 'REJECTED')
    ? 'REJECTED'
    : all.some((g) => g.status === 'PENDING')
      ? 'PENDING'
      : 'APPROVED';
  const plan = state.plans.get(issue.plan ?? '');
  if (plan) plan.approvalStatus = issue.approvalStatus;
  const list = state.comments.get(body.name) ?? [];
  const comment = {
    name: `${body.name}/issueComments/a${list.length}`,
    comment: body.comment,
    creator: state.me?.name,
    createTime: now(),
    approval: { status, environment: body.environment },
  };
  state.comments.set(body.name, [...list, comment]);
  changed(body.name);
  if (plan?.name) changed(plan.name);
  return issue;
}

export const approvalSetting = () => ({ workspaceApproval: { rules } });
export function setRules(next: ApprovalRule[]): void {
  rules = next;
  changed('settings/WORKSPACE_APPROVAL');
}

export const approvalRpcs: Record<string, (body: Body) => object> = {
  'ApprovalService/SimulateApproval': ({ targets = [], rules: list = rules }) => ({
    gates: [...new Set<string>(targets)].map((name) =>
      gateOf(state.databases.get(name)?.effectiveEnvironment ?? '', name, list),
    ),
  }),
  'IssueService/ApproveIssue': (body) => decide(body, 'APPROVED'),
  'IssueService/RejectIssue': (body) => decide(body, 'REJECTED'),
  'IssueService/RequestIssue': ({ name }) => {
    const issue = state.issues.get(name) as Issue;
    for (const gate of issue.approvalGates ?? []) {
      if (gate.status !== 'REJECTED') continue;
      for (const step of gate.steps ?? []) if (step.status === 'REJECTED') step.status = 'PENDING';
      Object.assign(gate, { status: 'PENDING', canApprove: true });
    }
    issue.approvalStatus = 'PENDING';
    changed(name);
    return issue;
  },
};
