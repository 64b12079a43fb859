import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { EmergenciesForMe } from '@/features/emergency/EmergenciesForMe';
import { IssueRows } from '@/features/issues/IssueTable';
import { PlanRows } from '@/features/plans/PlanTable';
import { planState } from '@/features/plans/state';
import { all, equals } from '@/lib/filter';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { useMe } from '@/lib/session';
import { TextLink } from '@/ui/AppLink';

const LIMIT = 8;
/** Plans of mine that are looked through for failures, newest first. */
const LOOKED_AT = 50;

/** Emergency runs that I must review, issues that I must decide, and rollouts of mine that failed. */
export function WaitingForYou() {
  const { t } = useTranslation();
  const me = useMe();
  const mayPlans = useMay().somewhere('bb.plans.list');
  const issues = useRpc(
    'IssueService/SearchIssues',
    {
      parent: 'projects/-',
      pageSize: LIMIT,
      orderBy: 'update_time desc',
      filter: all(equals('status', 'OPEN'), equals('current_approver', me?.name)),
    },
    { topics: ['projects'], enabled: me !== null },
  );
  const plans = useRpc(
    'PlanService/ListPlans',
    {
      parent: 'projects/-',
      pageSize: LOOKED_AT,
      filter: all('has_rollout == true', 'state == "ACTIVE"', equals('creator', me?.name)),
    },
    { topics: ['projects'], enabled: me !== null && mayPlans },
  );
  const emergencies = useRpc(
    'EmergencyService/ListEmergencies',
    { parent: 'projects/-', waitingForMe: true },
    { topics: ['projects'], enabled: me !== null && mayPlans },
  );
  const toReview = emergencies.data?.emergencies ?? [];
  const failed = (plans.data?.plans ?? []).filter((plan) => planState(plan) === 'failed').slice(0, LIMIT);
  return (
    <Section
      title={t('home.waiting')}
      actions={<TextLink to={paths.myIssues()}>{t('home.allIssues')}</TextLink>}
    >
      <Loaded query={issues} doing={t('home.waiting')} skeletonRows={3}>
        {({ issues: toDecide = [] }) => (
          <div className="flex flex-col gap-2">
            {toReview.length > 0 && <EmergenciesForMe emergencies={toReview} />}
            {toDecide.length > 0 && <IssueRows issues={toDecide} label={t('home.toDecide')} showProject />}
            {failed.length > 0 && <PlanRows plans={failed} label={t('home.failed')} showProject />}
            {toReview.length + toDecide.length + failed.length === 0 && (
              <p className="flex items-center gap-2 rounded-card border border-line bg-surface px-4 py-5 text-muted">
                <Inbox className="size-4" aria-hidden="true" />
                {t('home.nothingWaiting')}
              </p>
            )}
          </div>
        )}
      </Loaded>
    </Section>
  );
}
