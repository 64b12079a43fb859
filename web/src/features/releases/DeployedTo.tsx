import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import { rpcKey } from '@/api/query';
import type { Plan, Release, TaskRun } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { Elapsed } from '@/features/rollout/RunState';
import { planId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { formatMs } from '@/lib/time';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { type Deployment, deployments, timingOf } from './deployments';
import { useCarriers } from './useCarriers';

const RUNS = 'RolloutService/ListTaskRuns';

/** The runs of all rollouts that carry the release: what is not here yet is left out. */
function useRuns(plans: readonly Plan[]): TaskRun[] {
  const results = useQueries({
    queries: plans.map(({ name }) => {
      const request = { parent: `${name}/rollout/stages/-/tasks/-` };
      return {
        queryKey: rpcKey(RUNS, request),
        queryFn: () => call(RUNS, request),
        meta: { topics: [`${name}/rollout`] },
      };
    }),
  });
  return results.flatMap(({ data }) => data?.taskRuns ?? []);
}

/** The stages of all rollouts that carry the release. */
export function DeployedTo({ project, release }: { project: string; release: Release }) {
  const { t } = useTranslation();
  const query = useCarriers(project, release);
  const runs = useRuns(query.data ?? []);
  const columns = useColumns(runs);
  return (
    <Loaded query={query} doing={t('release.deployedTo')} skeletonRows={2}>
      {(plans) => {
        const found = deployments(plans);
        return found.length > 0 ? (
          <DataTable
            label={t('release.deployedTo')}
            items={found}
            columns={columns}
            keyOf={({ stage }) => stage}
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

function useColumns(runs: readonly TaskRun[]): Column<Deployment>[] {
  const { t } = useTranslation();
  return [
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
      key: 'began',
      label: t('release.began'),
      wide: true,
      className: 'text-muted',
      cell: ({ stage }) => <RelativeTime value={timingOf(runs, stage).start} />,
    },
    {
      key: 'took',
      label: t('release.took'),
      numeric: true,
      className: 'whitespace-nowrap',
      cell: ({ stage }) => {
        const { start, end, ms } = timingOf(runs, stage);
        if (start && !end) return <Elapsed run={{ startTime: start, status: 'RUNNING' }} />;
        return ms === undefined ? '' : formatMs(ms);
      },
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
  ];
}
