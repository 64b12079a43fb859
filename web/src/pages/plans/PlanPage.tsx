import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { PlanView } from '@/features/plans/PlanView';
import { usePlan } from '@/features/plans/usePlan';

export default function PlanPage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { project?: string; plan?: string };
  const name = `projects/${params.project}/plans/${params.plan}`;
  const query = usePlan(name);
  if (!query.data) {
    return (
      <Page title={t('plan.number', { number: params.plan })} context={params.project}>
        <Loaded query={query} doing={t('plan.one')}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <PlanView key={name} plan={query.data} />;
}
