import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { all } from '@/lib/filter';
import { planId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { type Deployment, deployments } from './deployments';

/** Plans that are looked through for the release, newest first. */
const LIMIT = 200;

/** The stages of all rollouts that carry the release. */
export function DeployedTo({ project, release }: { project: string; release: Release }) {
  const { t } = useTranslation();
  const query = useRpc(
    'PlanService/ListPlans',
    {
      parent: project,
      pageSize: LIMIT,
      filter: all('has_rollout == true', `create_time >= ${JSON.stringify(release.createTime)}`),
    },
    { topics: [project], enabled: Boolean(release.createTime) },
  );
  const columns: Column<Deployment>[] = [
    {
      key: 'environment',
      label: t('environment.one'),
      cell: ({ environment }) => <EnvironmentBadge name={environment} />,
    },
    {
      key: 'state',
      label: t('plan.column.state'),
      cell: ({ state, done, total }) => (
        <Status kind={state} label={t('release.databasesDone', { done, total })} />
      ),
    },
    {
      key: 'plan',
      label: t('changelog.column.plan'),
      className: 'max-w-96 truncate',
      cell: ({ plan }) => (
        <TextLink to={paths.plan(plan.name ?? '', { tab: 'rollout' })}>
          {plan.title || `#${planId(plan.name)}`}
        </TextLink>
      ),
    },
    {
      key: 'when',
      label: t('plan.column.updated'),
      className: 'text-muted',
      cell: ({ plan }) => <RelativeTime value={plan.updateTime} />,
    },
  ];
  return (
    <Loaded query={query} doing={t('release.deployedTo')} skeletonRows={2}>
      {({ plans = [] }) => {
        const found = deployments(plans, release.name ?? '');
        return found.length > 0 ? (
          <DataTable
            label={t('release.deployedTo')}
            items={found}
            columns={columns}
            keyOf={({ plan, environment }) => `${plan.name} ${environment}`}
          />
        ) : (
          <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
            {t('release.nowhere')}
          </p>
        );
      }}
    </Loaded>
  );
}
