import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import type { RolloutData } from '@/features/rollout/useRollout';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { Count } from '@/ui/Tabs';

const SECTIONS = ['changes', 'checks', 'review', 'rollout', 'activity'] as const;
export type SectionKey = (typeof SECTIONS)[number];

interface Props {
  plan: Plan;
  findings: number;
  gates: number;
  rollout: RolloutData;
}

/** The parts of the page with their counts. All of them are always there; this leads to one. */
export function SectionNav({ plan, findings, gates, rollout }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const counts: Record<SectionKey, number | undefined> = {
    changes: plan.specs?.length,
    checks: findings || undefined,
    review: gates || undefined,
    rollout: rollout.tasks.length || undefined,
    activity: undefined,
  };
  return (
    <nav aria-label={t('plan.sections')} className="flex gap-1 overflow-x-auto border-b border-line">
      {SECTIONS.map((key) => {
        const current = (search.tab ?? 'changes') === key;
        return (
          <a
            key={key}
            href={`?tab=${key}`}
            aria-current={current ? 'true' : undefined}
            onClick={(event) => {
              event.preventDefault();
              if (search.tab === key)
                document.getElementById(`plan-${key}`)?.scrollIntoView({ block: 'start' });
              setSearch({ tab: key });
            }}
            className={cn(
              '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-3 whitespace-nowrap hover:text-text focus-visible:-outline-offset-2',
              current ? 'border-accent font-medium text-text' : 'border-transparent text-muted',
            )}
          >
            {t(`plan.section.${key}`)}
            {counts[key] !== undefined && <Count>{counts[key]}</Count>}
          </a>
        );
      })}
    </nav>
  );
}
