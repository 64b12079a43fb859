import { ArrowRightLeft, Hourglass } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { LogEntry, Task, TaskRun } from '@/api/types';
import { formatCount } from '@/lib/format';
import { instanceOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { between, formatMs } from '@/lib/time';
import { TextLink } from '@/ui/AppLink';
import { placeOf, rangeText } from './progress';

/** No event tells of each statement, so a run is asked while somebody looks at it. */
const ASK_MS = 2_000;

/** The run as it is now: fresher than the list that it came from while it runs. */
export function useRunNow(run: TaskRun | undefined): TaskRun | undefined {
  const running = run?.status === 'RUNNING';
  const now = useRpc(
    'RolloutService/GetTaskRun',
    { name: run?.name },
    { enabled: running, every: ASK_MS, staleTime: 0 },
  );
  // The list hears of the end by an event, and is then ahead.
  return running && now.data ? { ...run, ...now.data } : run;
}

/** How long the run took, or has taken so far. */
export function Elapsed({ run }: { run: TaskRun }) {
  const running = run.status === 'RUNNING';
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  const ms =
    running && run.startTime
      ? now - new Date(run.startTime).getTime()
      : between(run.startTime, run.updateTime);
  return ms === undefined ? null : <span className="tabular-nums">{formatMs(ms)}</span>;
}

/** "Statement 3 of 5", and how far a batch is within it. */
export function RunPlace({ run, entries }: { run: TaskRun; entries?: readonly LogEntry[] }) {
  const { t } = useTranslation();
  const place = placeOf(run, entries);
  if (!place) return null;
  const { statement, last, count } = place;
  const chunks = Number(run.checkpoint?.chunks ?? 0);
  return (
    <>
      <span className="font-medium text-text tabular-nums">
        {last > statement
          ? t('rollout.statementsOf', { range: rangeText({ first: statement, last }), count })
          : t('rollout.statementOf', { statement, count })}
      </span>
      {chunks > 0 && (
        <span className="tabular-nums [overflow-wrap:anywhere]">
          {t('rollout.batch', {
            count: chunks,
            chunks: formatCount(chunks),
            rows: formatCount(run.checkpoint?.chunkRows),
            key: run.checkpoint?.chunkKey ?? '',
          })}
        </span>
      )}
    </>
  );
}

/** Reasons for which we can say what to do; the server's own sentence stands for the others. */
const KNOWN = [
  'DATABASE_BUSY',
  'PARALLEL_TASKS_LIMIT',
  'INSTANCE_CONNECTION_LIMIT',
  'CREDENTIALS_REFUSED',
  'DATABASE_LOCKED',
  'WINDOW_CLOSED',
] as const;

/** Why the run waits, and what to do about it. */
export function Waiting({ task, run }: { task: Task; run: TaskRun }) {
  const { t } = useTranslation();
  if (run.status !== 'PENDING' || !run.waitingReason) return null;
  const known = KNOWN.find((reason) => reason === run.waitingReason);
  return (
    <div
      role="status"
      className="flex items-start gap-2 rounded-card border border-line bg-surface px-3 py-2 text-small"
    >
      <Hourglass className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden="true" />
      <p className="min-w-0 [overflow-wrap:anywhere]">
        <strong className="font-semibold">{t('rollout.waits')}</strong> {run.detail}{' '}
        {known && <span className="text-muted">{t(`rollout.waiting.${known}`)}</span>}
        {known === 'CREDENTIALS_REFUSED' && (
          <>
            {' '}
            <TextLink to={paths.instance(instanceOf(task.target))}>{t('rollout.toInstance')}</TextLink>
          </>
        )}
      </p>
    </div>
  );
}

/** Another server went on with the run: what the first one left was asked of the database. */
export function TakenOver({ run }: { run: TaskRun }) {
  const { t } = useTranslation();
  const count = run.takeovers ?? 0;
  if (count === 0) return null;
  return (
    <p
      role="note"
      className="flex items-start gap-2 rounded-card border border-line bg-surface px-3 py-2 text-small"
    >
      <ArrowRightLeft className="mt-0.5 size-4 shrink-0 text-info" aria-hidden="true" />
      <span>
        <strong className="font-semibold">{t('rollout.takenOver', { count })}</strong>{' '}
        <span className="text-muted">{t('rollout.takenOverText')}</span>
      </span>
    </p>
  );
}
