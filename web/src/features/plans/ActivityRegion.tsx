import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { Timeline } from '@/features/issues/Timeline';
import { paths } from '@/lib/paths';
import { RelativeTime } from '@/ui/RelativeTime';

/** What happened and what was said, in order. */
export function ActivityRegion({ id, plan }: { id: string; plan: Plan }) {
  const { t } = useTranslation();
  const start = (
    <>
      <PersonName name={plan.creator} /> {t('activity.created')} <RelativeTime value={plan.createTime} />
    </>
  );
  return (
    <Section id={id} title={t('plan.section.activity')}>
      {plan.issue ? (
        <Timeline issue={plan.issue} start={start} page={paths.plan(plan.name ?? '')} />
      ) : (
        <p className="text-muted">{start}</p>
      )}
    </Section>
  );
}
