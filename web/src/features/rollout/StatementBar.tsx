import { useTranslation } from 'react-i18next';
import type { LogEntry, TaskRun } from '@/api/types';
import { cn } from '@/lib/cn';
import { isOver, type Part, type PartKind, partsOf, rangeText } from './progress';

/** More statements than this are drawn as one piece a part: single ones would be hairlines. */
const SINGLE = 40;

const LOOK: Record<PartKind, string> = {
  applied: 'bg-success border-success',
  ran: 'hatch-running border-running',
  running: 'bg-running border-running',
  open: 'hatch-warning border-warning',
  rest: 'bg-transparent border-line-strong',
};

interface Props {
  run: TaskRun;
  /** Of its log, which is finer than its checkpoint. */
  entries?: readonly LogEntry[];
  className?: string;
}

/** What of the script is in the database: drawn, and in words. Where all is the same, the words beside it do. */
export function StatementBar({ run, entries, className }: Props) {
  const { t } = useTranslation();
  const parts = partsOf(run, entries);
  if (parts.length < 2 && parts[0]?.kind !== 'open') return null;
  const count = run.checkpoint?.count ?? 0;
  const word = (part: Part) =>
    part.kind === 'rest' && isOver(run)
      ? t('rollout.part.notApplied', { range: rangeText(part) })
      : t(`rollout.part.${part.kind}`, { range: rangeText(part) });
  return (
    <div className={cn('flex flex-col gap-1', className)}>
      <div className="flex h-2 gap-0.5 forced-color-adjust-none" aria-hidden="true">
        {parts.flatMap((part) => pieces(part, count))}
      </div>
      <ul aria-label={t('rollout.statements')} className="flex flex-wrap gap-x-3 text-caption text-muted">
        {parts.map((part) => (
          <li key={part.kind} className="flex items-center gap-1.5 tabular-nums">
            <span aria-hidden="true" className={cn('size-2 shrink-0 rounded-xs border', LOOK[part.kind])} />
            {word(part)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function pieces(part: Part, count: number) {
  const look = cn('min-w-0.5 rounded-xs border', LOOK[part.kind]);
  const size = part.last - part.first + 1;
  if (count > SINGLE) return [<span key={part.first} className={look} style={{ flexGrow: size }} />];
  const statements = Array.from({ length: size }, (_, i) => part.first + i);
  return statements.map((statement) => <span key={statement} className={look} style={{ flexGrow: 1 }} />);
}
