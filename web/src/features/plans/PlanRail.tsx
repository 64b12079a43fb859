import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { PlanLabels } from './PlanLabels';
import type { PlanLabelsData } from './usePlanLabels';

interface Props {
  plan: Plan;
  labels: PlanLabelsData;
  labelling: boolean;
  onLabelling: (open: boolean) => void;
}

/** What is known about a plan beside its parts; above them where there is no room beside. */
export function PlanRail({ plan, labels, labelling, onLabelling }: Props) {
  const { t } = useTranslation();
  const releases = new Set((plan.specs ?? []).flatMap((spec) => spec.changeDatabaseConfig?.release || []));
  return (
    <aside
      aria-label={t('plan.about')}
      className="flex flex-wrap gap-x-8 gap-y-4 text-small xl:sticky xl:top-40 xl:w-52 xl:shrink-0 xl:flex-col"
    >
      {plan.description && (
        <Fact title={t('plan.description')}>
          <span className="line-clamp-6 whitespace-pre-line">{plan.description}</span>
        </Fact>
      )}
      {labels.known.length > 0 && (
        <Fact title={t('plan.labels')}>
          <PlanLabels labels={labels} open={labelling} onOpenChange={onLabelling} />
        </Fact>
      )}
      {releases.size > 0 && (
        <Fact title={t('plan.releases')}>
          {[...releases].map((release) => (
            <TextLink key={release} to={paths.release(release)} className="block [overflow-wrap:anywhere]">
              {releaseId(release)}
            </TextLink>
          ))}
        </Fact>
      )}
      {/* The header tells it as well, so that a small screen does not tell it twice. */}
      <Fact title={t('plan.created')} className="max-xl:hidden">
        <PersonName name={plan.creator} />
        <RelativeTime value={plan.createTime} className="block text-muted" />
      </Fact>
      <Fact title={t('plan.updated')} className="max-xl:hidden">
        <RelativeTime value={plan.updateTime ?? plan.createTime} />
      </Fact>
    </aside>
  );
}

const Fact = ({ title, className, children }: { title: string; className?: string; children: ReactNode }) => (
  <section aria-label={title} className={className}>
    <h2 className="mb-1 text-caption font-medium text-muted">{title}</h2>
    {children}
  </section>
);
