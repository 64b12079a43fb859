import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { useLiveState } from '@/lib/live';
import { Tooltip } from '@/ui/Tooltip';

const DOT = {
  live: 'bg-success',
  reconnecting: 'bg-warning',
  polling: 'bg-warning',
  paused: 'bg-danger',
  off: 'bg-muted',
} as const;

/** Whether the page hears of changes at once. */
export function LiveChip() {
  const { t } = useTranslation();
  const state = useLiveState();
  if (state === 'off') return null;
  return (
    <Tooltip text={t(`live.explain.${state}`)}>
      <span
        role="status"
        aria-label={t('live.label')}
        className="inline-flex h-6 items-center gap-1.5 rounded-full border border-line px-2 text-caption text-muted"
      >
        <span aria-hidden="true" className={cn('size-1.5 rounded-full', DOT[state])} />
        {t(`live.${state}`)}
      </span>
    </Tooltip>
  );
}
