import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { PlanRows } from '@/features/plans/PlanTable';
import { useMay } from '@/lib/may';

const LIMIT = 8;

/** The latest changes of all projects that I may see, with how far each has come. */
export function RecentPlans() {
  const { t } = useTranslation();
  const may = useMay().somewhere('bb.plans.list');
  const query = useRpc(
    'PlanService/ListPlans',
    { parent: 'projects/-', pageSize: LIMIT },
    { topics: ['projects'], enabled: may },
  );
  return (
    <Section title={t('home.recent')}>
      {may ? (
        <Loaded query={query} doing={t('home.recent')} skeletonRows={3}>
          {({ plans }) =>
            plans?.length ? <PlanRows plans={plans} label={t('home.recent')} showProject /> : <NoPlans />
          }
        </Loaded>
      ) : (
        <NoPlans />
      )}
    </Section>
  );
}

function NoPlans() {
  const { t } = useTranslation();
  return (
    <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">{t('home.noPlans')}</p>
  );
}
