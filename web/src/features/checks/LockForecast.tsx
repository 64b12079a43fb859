import { Eye, Lightbulb, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { formatCount } from '@/lib/format';
import { Button } from '@/ui/Button';
import { isLong, type Lock, reasonOf, WORK } from './locks';

interface Props {
  locks: readonly Lock[];
  numberOf: (change: string) => number | undefined;
  onGoToLine: (change: string, line: number) => void;
}

/** Locks that nobody feels are folded when there are others. */
const SHOWN = 5;

/** Which locks the statements take, who waits for them and for how long: those that are felt stand first. */
export function LockForecast({ locks, numberOf, onGoToLine }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (locks.length === 0) return null;
  const long = locks.filter(isLong).length;
  const shown = all ? locks : locks.slice(0, Math.max(long, SHOWN));
  return (
    <div className="mt-3 flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h3 className="text-body">{t('locks.title')}</h3>
        <p className={cn('text-small', long > 0 ? 'font-medium text-warning' : 'text-muted')}>
          {long > 0 ? t('locks.long', { count: long }) : t('locks.brief')}
        </p>
      </div>
      <ul aria-label={t('locks.title')} className="rounded-card border border-line bg-raised">
        {shown.map((lock) => (
          <LockRow key={lock.key} lock={lock} number={numberOf(lock.change)} onGoToLine={onGoToLine} />
        ))}
      </ul>
      {shown.length < locks.length && (
        <div>
          <Button size="sm" tone="ghost" onClick={() => setAll(true)}>
            {t('locks.more', { count: locks.length - shown.length })}
          </Button>
        </div>
      )}
    </div>
  );
}

interface RowProps {
  lock: Lock;
  number: number | undefined;
  onGoToLine: (change: string, line: number) => void;
}

function LockRow({ lock, number, onGoToLine }: RowProps) {
  const { t } = useTranslation();
  const { line, table, mode, blocksReads, blocksWrites, work, rows, safer } = lock;
  const long = isLong(lock);
  return (
    <li
      className={cn(
        'flex flex-col gap-1 border-b border-l-4 border-line px-3 py-2 last:border-b-0',
        long ? 'border-l-warning' : 'border-l-line',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {line > 0 && (
          <button
            type="button"
            onClick={() => onGoToLine(lock.change, line)}
            className="min-w-14 text-left text-small text-accent tabular-nums hover:underline"
          >
            {number === undefined ? t('locks.line', { line }) : t('locks.lineOf', { number, line })}
          </button>
        )}
        <span className="font-mono text-small font-medium [overflow-wrap:anywhere]">{table}</span>
        <span className="rounded-input border border-line-strong/60 px-1.5 font-mono text-caption">
          {mode}
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1">
          <Waits who={t('locks.reads')} icon={<Eye />} waits={blocksReads} />
          <Waits who={t('locks.writes')} icon={<PencilLine />} waits={blocksWrites} />
          <span className="flex w-60 items-center gap-2 text-small">
            <Meter step={WORK.indexOf(work)} long={long} />
            {t(`locks.work.${work}`)}
          </span>
        </span>
      </div>
      <p className="max-w-[120ch] text-small text-muted">
        {reasonOf(lock)}
        {rows !== undefined && (
          <span className="tabular-nums"> {t('locks.rows', { rows: formatCount(rows.toString()) })}</span>
        )}
      </p>
      {safer && (
        <p className="flex items-start gap-1.5 text-small">
          <Lightbulb className="mt-0.5 size-4 shrink-0 text-success" aria-hidden="true" />
          <span>
            <span className="font-medium">{t('locks.safer')}</span> {safer}
          </span>
        </p>
      )}
    </li>
  );
}

function Waits({ who, icon, waits }: { who: string; icon: React.ReactNode; waits: boolean }) {
  const { t } = useTranslation();
  return (
    <span
      className={cn(
        'flex w-28 items-center gap-1.5 text-small [&_svg]:size-3.5',
        waits ? 'font-medium text-danger' : 'text-muted',
      )}
    >
      <span aria-hidden="true">{icon}</span>
      {waits ? t('locks.wait', { who }) : t('locks.goOn', { who })}
    </span>
  );
}

/** How long, as bars: a moment is one, writing all rows anew is five. */
const Meter = ({ step, long }: { step: number; long: boolean }) => (
  <span aria-hidden="true" className="flex items-end gap-0.5">
    {WORK.map((work, i) => (
      <span
        key={work}
        style={{ height: `${4 + i * 2}px` }}
        className={cn('w-1 rounded-xs', i > step ? 'bg-line' : long ? 'bg-warning' : 'bg-muted')}
      />
    ))}
  </span>
);
