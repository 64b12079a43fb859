/** Where a release went, read from the plans that carry it. Pure. */
import type { Plan } from '@/api/types';
import { isActive, isFinished } from '@/features/plans/state';
import { environmentId, stageId } from '@/lib/names';
import type { StatusKind } from '@/ui/Status';

export interface Deployment {
  plan: Plan;
  /** `environments/prod` */
  environment: string;
  /** Databases of the stage. */
  done: number;
  total: number;
  state: StatusKind;
}

type Counts = NonNullable<NonNullable<Plan['rolloutStageSummaries']>[number]['taskStatusCounts']>;

function stateOf(counts: Counts, done: number, total: number): StatusKind {
  const some = (test: (status: Counts[number]['status']) => boolean) =>
    counts.some(({ status, count }) => count && test(status));
  if (some((status) => status === 'FAILED')) return 'failed';
  if (some(isActive)) return 'running';
  return total > 0 && done === total ? 'done' : 'notStarted';
}

export function deployments(plans: readonly Plan[], release: string): Deployment[] {
  const carries = ({ specs = [] }: Plan) => specs.some((s) => s.changeDatabaseConfig?.release === release);
  return plans.filter(carries).flatMap((plan) =>
    (plan.rolloutStageSummaries ?? []).map(({ stage, taskStatusCounts = [] }) => {
      const sum = (counts: Counts) => counts.reduce((all, { count = 0 }) => all + count, 0);
      const total = sum(taskStatusCounts);
      const done = sum(taskStatusCounts.filter(({ status }) => isFinished(status)));
      return {
        plan,
        environment: `environments/${stageId(stage) || environmentId(stage)}`,
        done,
        total,
        state: stateOf(taskStatusCounts, done, total),
      };
    }),
  );
}
