import { useCall, useRpc } from '@/api/query';
import type { Plan, Project } from '@/api/types';
import { useVisibleProject } from '@/features/projects/useProject';
import { useStored } from '@/hooks/useStored';
import { projectOf } from '@/lib/names';

const NO_LABELS: NonNullable<Project['issueLabels']> = [];
const NONE: string[] = [];

export type PlanLabelsData = ReturnType<typeof usePlanLabels>;

/** Labels of a plan are those of its issue; before there is one, what was chosen waits here until it is made. */
export function usePlanLabels(plan: Plan) {
  const project = useVisibleProject(projectOf(plan.name)).data;
  const { data: issue } = useRpc(
    'IssueService/GetIssue',
    { name: plan.issue },
    { enabled: Boolean(plan.issue), topics: [plan.issue ?? ''] },
  );
  const [chosen, choose] = useStored<string[]>(`labels.${plan.name}`, NONE);
  const update = useCall('IssueService/UpdateIssue', { touches: ['IssueService'] });
  const known = project?.issueLabels ?? NO_LABELS;
  const value = plan.issue ? (issue?.labels ?? NONE) : chosen;
  return {
    known,
    /** Those that the project still has. */
    value: value.filter((label) => known.some((k) => k.value === label)),
    /** The project takes no issue without one. */
    missing: (project?.forceIssueLabels ?? false) && !plan.issue && value.length === 0,
    set: (labels: string[]) => {
      if (!plan.issue) choose(labels);
      else update.mutate({ issue: { name: plan.issue, labels, etag: issue?.etag }, updateMask: 'labels' });
    },
    error: update.error,
  };
}
