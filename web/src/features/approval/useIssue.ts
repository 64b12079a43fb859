import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Issue } from '@/api/types';
import { useRoles } from '@/features/roles/useRoles';
import { awaitedRoles, shortRole } from './gates';

/** What a decision makes old. */
const TOUCHES = ['IssueService', 'PlanService', 'RolloutService'] as const;

/** An issue with its gates, kept fresh by the event stream; asks nothing without a name. */
export const useIssue = (name: string | undefined) =>
  useRpc('IssueService/GetIssue', { name }, { topics: [name ?? ''], enabled: Boolean(name) });

export function useDecide() {
  return {
    approve: useCall('IssueService/ApproveIssue', { touches: TOUCHES }),
    reject: useCall('IssueService/RejectIssue', { touches: TOUCHES }),
    comment: useCall('IssueService/CreateIssueComment', { touches: ['IssueService'] }),
  };
}

/** Asks again after a rejection. */
export const useRequestAgain = () => useCall('IssueService/RequestIssue', { touches: TOUCHES });

/** Looks for the rules again after that failed. */
export const useRetryApproval = () => useCall('IssueService/RetryIssueApproval', { touches: TOUCHES });

/** "Waiting for DBA". */
export function useWaitingWords(): (issue: Issue | undefined) => string {
  const { t } = useTranslation();
  const { titleOf } = useRoles();
  return (issue) => {
    const roles = awaitedRoles(issue).map((role) => shortRole(titleOf(role)));
    return roles.length > 0 ? t('approval.waitingFor', { roles: roles.join(', ') }) : t('plan.waiting');
  };
}
