/** What a rollout's tasks allow next. Pure. */
import type { Stage, Task } from '@/api/types';
import { isFinished } from '@/features/plans/state';

export type StepKind = 'run' | 'failed' | 'running' | 'scheduled';

export interface Step {
  stage: Stage;
  kind: StepKind;
  /** The tasks it is about. */
  tasks: Task[];
}

export const canRun = (task: Task) =>
  task.status === 'NOT_STARTED' || task.status === 'CANCELED' || task.status === 'FAILED';
export const canSkip = canRun;
export const isScheduled = (task: Task) =>
  task.status === 'PENDING' && Boolean(task.runTime) && new Date(task.runTime ?? 0).getTime() > Date.now();
export const isRunning = (task: Task) =>
  task.status === 'RUNNING' || (task.status === 'PENDING' && !isScheduled(task));

/** The first stage that is not finished, and what can be done there; undefined when all is done. */
export function nextStep(stages: readonly Stage[]): Step | undefined {
  for (const stage of stages) {
    const open = (stage.tasks ?? []).filter((task) => !isFinished(task.status));
    if (open.length === 0) continue;
    const pick = (kind: StepKind, test: (task: Task) => boolean): Step | undefined => {
      const tasks = open.filter(test);
      return tasks.length > 0 ? { stage, kind, tasks } : undefined;
    };
    return (
      pick('running', isRunning) ??
      pick('failed', (task) => task.status === 'FAILED') ??
      pick('run', canRun) ??
      pick('scheduled', isScheduled)
    );
  }
  return undefined;
}

export interface StageSummary {
  done: number;
  failed: number;
  running: number;
  total: number;
}

export function summarize(stage: Stage): StageSummary {
  const tasks = stage.tasks ?? [];
  return {
    total: tasks.length,
    done: tasks.filter((task) => isFinished(task.status)).length,
    failed: tasks.filter((task) => task.status === 'FAILED').length,
    running: tasks.filter(isRunning).length,
  };
}
