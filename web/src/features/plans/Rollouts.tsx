import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { PlanRows } from './PlanTable';
import { isRunning, planState } from './state';

/** Rollouts that are looked through, newest first. */
const LOOKED_AT = 100;
const LIMIT = 6;

interface Props {
  /** A project, or `projects/-` for all that I may see. */
  parent: string;
  topics: readonly string[];
}

function useRollouts({ parent, topics }: Props) {
  return useRpc(
    'PlanService/ListPlans',
    { parent, pageSize: LOOKED_AT, filter: 'has_rollout == true && state == "ACTIVE"' },
    { topics },
  );
}

/** Begun and not at the end: what runs at this moment first, then what waits for its next stage. */
export function RunningRollouts(props: Props) {
  const { t } = useTranslation();
  const query = useRollouts(props);
  return (
    <Section title={t('rollouts.running')}>
      <Loaded query={query} doing={t('rollouts.running')} skeletonRows={2}>
        {({ plans = [] }) => {
          const running = plans
            .filter((plan) => planState(plan) === 'rollingOut')
            .sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)))
            .slice(0, LIMIT);
          return running.length > 0 ? (
            <PlanRows plans={running} label={t('rollouts.running')} showProject />
          ) : (
            <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
              {t('rollouts.noneRunning')}
            </p>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** What reached its databases last. */
export function RecentChanges(props: Props) {
  const { t } = useTranslation();
  const query = useRollouts(props);
  return (
    <Section title={t('rollouts.recent')}>
      <Loaded query={query} doing={t('rollouts.recent')} skeletonRows={2}>
        {({ plans = [] }) => {
          const done = plans
            .filter((plan) => planState(plan) === 'done')
            .sort((a, b) => (b.updateTime ?? '').localeCompare(a.updateTime ?? ''))
            .slice(0, LIMIT);
          return done.length > 0 ? (
            <PlanRows plans={done} label={t('rollouts.recent')} showProject />
          ) : (
            <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
              {t('rollouts.noneYet')}
            </p>
          );
        }}
      </Loaded>
    </Section>
  );
}
