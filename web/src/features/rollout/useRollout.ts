import { useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Plan, Task, TaskRun } from '@/api/types';
import { taskOf, taskRunId } from '@/lib/names';

export type RolloutData = ReturnType<typeof useRollout>;

/** The plan's rollout with all runs of its tasks, kept fresh by the event stream. */
export function useRollout(plan: Plan) {
  const name = `${plan.name}/rollout`;
  const enabled = plan.hasRollout === true;
  const topics = [name];
  const query = useRpc('RolloutService/GetRollout', { name }, { topics, enabled });
  const runs = useRpc(
    'RolloutService/ListTaskRuns',
    { parent: `${name}/stages/-/tasks/-` },
    { topics, enabled },
  );
  const stages = query.data?.stages ?? [];
  const tasks: Task[] = stages.flatMap((stage) => stage.tasks ?? []);
  const byTask = useMemo(() => groupRuns(runs.data?.taskRuns ?? []), [runs.data]);
  return {
    query,
    runsError: runs.error,
    stages,
    tasks,
    runsOf: (task: Task) => byTask.get(task.name ?? '') ?? [],
  };
}

/** Runs by task, the newest first. */
function groupRuns(runs: readonly TaskRun[]): Map<string, TaskRun[]> {
  const groups = new Map<string, TaskRun[]>();
  for (const run of runs) {
    const task = taskOf(run.name);
    groups.set(task, [...(groups.get(task) ?? []), run]);
  }
  for (const list of groups.values()) list.sort((a, b) => attemptOf(b) - attemptOf(a));
  return groups;
}

/** 1 for a task's first run. */
export const attemptOf = (run: TaskRun): number => run.attempt || Number(taskRunId(run.name)) || 1;
