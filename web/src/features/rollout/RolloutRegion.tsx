import { useTranslation } from 'react-i18next';
import type { Plan, Task } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { OverdueReviews } from '@/features/emergency/OverdueReviews';
import { useSearchState } from '@/hooks/useSearch';
import { taskId } from '@/lib/names';
import { ErrorPanel } from '@/ui/States';
import { LogPanel } from './LogPanel';
import { StageCard } from './StageCard';
import type { RolloutData } from './useRollout';

interface Props {
  id: string;
  plan: Plan;
  rollout: RolloutData;
}

/** Stages left to right in environment order, and the log of the chosen task under them. */
export function RolloutRegion({ id, plan, rollout }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const chosen: Task | undefined = rollout.tasks.find((task) => taskId(task.name) === search.task);
  return (
    <Section id={id} title={t('plan.section.rollout')}>
      {plan.hasRollout ? (
        <Loaded query={rollout.query} doing={t('plan.section.rollout')} skeletonRows={4}>
          {() => (
            <>
              {rollout.runsError && <ErrorPanel error={rollout.runsError} doing={t('rollout.runs')} />}
              <OverdueReviews tasks={rollout.tasks} />
              <ol
                aria-label={t('rollout.stages')}
                className="grid items-start gap-3 lg:auto-cols-[minmax(20rem,1fr)] lg:grid-flow-col lg:overflow-x-auto lg:pb-1"
              >
                {rollout.stages.map((stage) => (
                  <StageCard key={stage.name} stage={stage} plan={plan} rollout={rollout} />
                ))}
              </ol>
              {chosen && (
                <LogPanel
                  key={chosen.name}
                  task={chosen}
                  runs={rollout.runsOf(chosen)}
                  onClose={() => setSearch({ task: undefined, run: undefined })}
                />
              )}
            </>
          )}
        </Loaded>
      ) : (
        <p className="rounded-card border border-dashed border-line-strong/50 bg-surface px-4 py-6 text-center text-muted">
          {t(plan.issue ? 'rollout.notYet' : 'rollout.afterReview')}
        </p>
      )}
    </Section>
  );
}
