/** Plans whose production runs first. Pure. */
import type { Plan, Stage, Task } from '@/api/types';
import { isFinished } from './state';

export const isHotfix = (plan: Plan) => Boolean(plan.hotfix?.reason);

/** What the environments that were passed by still have to get, once those that run first are done. */
export function openTasks(plan: Plan, stages: readonly Stage[]): { stage: Stage; tasks: Task[] }[] {
  const first = plan.hotfix?.first ?? [];
  const isFirst = ({ environment = '' }: Stage) => first.includes(environment);
  const done = (stage: Stage) => (stage.tasks ?? []).every((task) => isFinished(task.status));
  if (first.length === 0 || !stages.filter(isFirst).every(done)) return [];
  return stages
    .filter((stage) => !isFirst(stage))
    .map((stage) => ({ stage, tasks: (stage.tasks ?? []).filter((task) => !isFinished(task.status)) }))
    .filter(({ tasks }) => tasks.length > 0);
}
