/** Where a release went, read from the plans that carry it. Pure. */
import type { Plan, TaskRun } from '@/api/types';
import { isActive, isFinished } from '@/features/plans/state';
import { environmentId, stageId } from '@/lib/names';
import { between } from '@/lib/time';
import type { StatusKind } from '@/ui/Status';

export interface Deployment {
  plan: Plan;
  stage: string;
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

export function carriers(plans: readonly Plan[], release: string): Plan[] {
  return plans.filter(({ specs = [] }) => specs.some((s) => s.changeDatabaseConfig?.release === release));
}

/** The stages of plans with a rollout. */
export function deployments(plans: readonly Plan[]): Deployment[] {
  return plans.flatMap((plan) =>
    (plan.rolloutStageSummaries ?? []).map(({ stage = '', taskStatusCounts = [] }) => {
      const sum = (counts: Counts) => counts.reduce((all, { count = 0 }) => all + count, 0);
      const total = sum(taskStatusCounts);
      const done = sum(taskStatusCounts.filter(({ status }) => isFinished(status)));
      return {
        plan,
        stage,
        environment: `environments/${stageId(stage) || environmentId(stage)}`,
        done,
        total,
        state: stateOf(taskStatusCounts, done, total),
      };
    }),
  );
}

export interface Timing {
  /** When the first run of the stage began. */
  start: string | undefined;
  /** When the last one ended; undefined while one goes on. */
  end: string | undefined;
  /** From the one to the other. */
  ms: number | undefined;
}

/** When the runs of a stage went. What waits has not begun. */
export function timingOf(runs: readonly TaskRun[], stage: string): Timing {
  const began = runs.filter((run) => run.startTime && run.name?.startsWith(`${stage}/`));
  const start = began.map((run) => run.startTime ?? '').sort()[0];
  const isOpen = began.some(({ status }) => status === 'RUNNING');
  const ends = began.map((run) => run.updateTime ?? '').sort();
  const end = isOpen ? undefined : ends.at(-1);
  return { start, end, ms: between(start, end) };
}
