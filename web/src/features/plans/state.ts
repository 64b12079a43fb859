/** Where a plan stands, as one state for lists and the plan's header. Pure. */
import type { Plan, TaskStatus } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

const FINISHED: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['DONE', 'SKIPPED']);
const ACTIVE: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['PENDING', 'RUNNING']);

export const isFinished = (status: TaskStatus | undefined) => status !== undefined && FINISHED.has(status);
export const isActive = (status: TaskStatus | undefined) => status !== undefined && ACTIVE.has(status);

type Summary = NonNullable<Plan['rolloutStageSummaries']>[number];

const stageFinished = (stage: Summary) =>
  (stage.taskStatusCounts ?? []).every(({ status, count }) => !count || isFinished(status));

/** Stages done of stages in all; undefined before there is a rollout. */
export function stageProgress(plan: Plan): { done: number; total: number } | undefined {
  const stages = plan.rolloutStageSummaries ?? [];
  if (stages.length === 0) return undefined;
  return { done: stages.filter(stageFinished).length, total: stages.length };
}

/** A task of it runs, or waits for its turn. */
export const isRunning = ({ rolloutStageSummaries = [] }: Plan): boolean =>
  rolloutStageSummaries.some(({ taskStatusCounts = [] }) =>
    taskStatusCounts.some(({ status, count }) => count && isActive(status)),
  );

export function planState(plan: Plan): StatusKind {
  if (plan.state === 'DELETED' || plan.issueStatus === 'CANCELED') return 'closed';
  if (plan.hasRollout) {
    const counts = (plan.rolloutStageSummaries ?? []).flatMap((stage) => stage.taskStatusCounts ?? []);
    const some = (test: (status: TaskStatus) => boolean) =>
      counts.some(({ status, count }) => status && count && test(status));
    if (some((s) => s === 'FAILED')) return 'failed';
    if (some(isActive)) return 'rollingOut';
    if (counts.length > 0 && !some((s) => !isFinished(s))) return 'done';
    if (some((s) => isFinished(s))) return 'rollingOut';
    // Nothing has begun: what the review says is the state.
    return plan.issue ? reviewState(plan) : 'approved';
  }
  return plan.issue ? reviewState(plan) : 'draft';
}

function reviewState(plan: Plan): StatusKind {
  switch (plan.approvalStatus) {
    case 'PENDING':
      return 'waiting';
    case 'REJECTED':
      return 'rejected';
    case 'CHECKING':
      return 'checking';
    default:
      // Approved, skipped, or nobody has to approve.
      return 'approved';
  }
}

/** Whether the specs may still be edited: the server refuses once there is a rollout. */
export const canEditPlan = (plan: Plan) => plan.state !== 'DELETED' && !plan.hasRollout;
