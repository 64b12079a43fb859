import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { StageState } from '@/features/rollout/StageCard';
import { summarize } from '@/features/rollout/steps';
import type { RolloutData } from '@/features/rollout/useRollout';
import { cn } from '@/lib/cn';
import { releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { PlanLabels } from './PlanLabels';
import type { PlanLabelsData } from './usePlanLabels';

interface Props {
  plan: Plan;
  rollout: RolloutData;
  labels: PlanLabelsData;
  labelling: boolean;
  onLabelling: (open: boolean) => void;
}

/** What is known about a plan beside its parts; above them where there is no room beside. */
export function PlanRail({ plan, rollout, labels, labelling, onLabelling }: Props) {
  const { t } = useTranslation();
  const releases = new Set((plan.specs ?? []).flatMap((spec) => spec.changeDatabaseConfig?.release || []));
  const known = plan.description || labels.known.length > 0 || releases.size > 0;
  return (
    <aside
      aria-label={t('plan.about')}
      className={cn(
        'flex flex-wrap gap-x-8 gap-y-4 text-small xl:sticky xl:top-40 xl:w-52 xl:shrink-0 xl:flex-col',
        !known && 'max-xl:hidden',
      )}
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
      {/* What the header or the page tells as well: a small screen does not tell it twice. */}
      <Fact title={t('plan.created')} className="max-xl:hidden">
        <PersonName name={plan.creator} />
        <RelativeTime value={plan.createTime} className="block text-muted" />
      </Fact>
      <Fact title={t('plan.updated')} className="max-xl:hidden">
        <RelativeTime value={plan.updateTime ?? plan.createTime} />
      </Fact>
      {/* Last: it comes after the rest, and moves nothing. */}
      {rollout.stages.length > 0 && (
        <Fact title={t('plan.stages')} className="max-xl:hidden">
          <ul className="flex flex-col gap-1">
            {rollout.stages.map((stage) => (
              <li key={stage.name} className="flex flex-wrap items-center justify-between gap-x-2">
                <EnvironmentBadge name={stage.environment} />
                <StageState summary={summarize(stage)} />
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </aside>
  );
}

const Fact = ({ title, className, children }: { title: string; className?: string; children: ReactNode }) => (
  <section aria-label={title} className={className}>
    <h2 className="mb-1 text-caption font-medium text-muted">{title}</h2>
    {children}
  </section>
);
