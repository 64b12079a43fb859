import { useCall } from '@/api/query';
import type { Plan } from '@/api/types';
import { projectOf } from '@/lib/names';

/** Opening and closing a plan: through its issue when it has one, else by the plan's own state. */
export function usePlanStatus(plan: Plan) {
  const touches = ['PlanService', 'IssueService'] as const;
  const issue = useCall('IssueService/BatchUpdateIssuesStatus', { touches });
  const update = useCall('PlanService/UpdatePlan', { touches });
  const set = (open: boolean) => {
    if (plan.issue && plan.issueStatus !== 'DONE') {
      issue.mutate({
        parent: projectOf(plan.name),
        issues: [plan.issue],
        status: open ? 'OPEN' : 'CANCELED',
      });
    } else {
      update.mutate({
        plan: { name: plan.name, state: open ? 'ACTIVE' : 'DELETED', etag: plan.etag },
        updateMask: 'state',
      });
    }
  };
  return {
    closed: plan.state === 'DELETED' || plan.issueStatus === 'CANCELED',
    close: () => set(false),
    reopen: () => set(true),
    busy: issue.isPending || update.isPending,
    error: issue.error ?? update.error,
  };
}
