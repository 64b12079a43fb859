import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Plan, Stage, Task, TaskRun } from '@/api/types';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { databaseId, instanceId, taskId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { between, formatMs, minuteTime } from '@/lib/time';
import { AppLink, TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';
import { Status, type StatusKind } from '@/ui/Status';
import { RunDialog } from './RunDialog';
import { SkipDialog } from './SkipDialog';
import { canRun, canSkip, isScheduled } from './steps';
import { attemptOf } from './useRollout';

const KIND: Record<NonNullable<Task['status']>, StatusKind> = {
  STATUS_UNSPECIFIED: 'notStarted',
  NOT_STARTED: 'notStarted',
  PENDING: 'pending',
  RUNNING: 'running',
  DONE: 'done',
  FAILED: 'failed',
  CANCELED: 'canceled',
  SKIPPED: 'skipped',
};

export const taskKind = (task: Task): StatusKind =>
  isScheduled(task) ? 'scheduled' : KIND[task.status ?? 'NOT_STARTED'];

interface Props {
  task: Task;
  stage: Stage;
  plan: Plan;
  /** The newest first. */
  runs: readonly TaskRun[];
}

export function TaskRow({ task, stage, plan, runs }: Props) {
  const { t } = useTranslation();
  const [search] = useSearchState();
  const [dialog, setDialog] = useState<'run' | 'skip' | null>(null);
  const cancel = useCall('RolloutService/BatchCancelTaskRuns', {
    touches: ['RolloutService', 'PlanService'],
  });
  const latest = runs[0];
  const target = task.target ?? '';
  const scheduled = isScheduled(task);
  const active = task.status === 'PENDING' || task.status === 'RUNNING';
  const blockers = canRun(task) ? (task.blockers ?? []) : [];
  return (
    <li
      aria-label={databaseId(target)}
      className={cn(
        'flex flex-col gap-1.5 border-b border-line px-3 py-2 last:border-0',
        search.task === taskId(task.name) && 'bg-surface',
      )}
    >
      <div className="flex items-center justify-between gap-2">
        <AppLink
          to={paths.database(target)}
          className="min-w-0 truncate font-medium hover:text-accent hover:underline"
        >
          {databaseId(target)}
        </AppLink>
        <Status kind={taskKind(task)} live />
      </div>
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted">
        <span className="truncate">{instanceId(target)}</span>
        {latest && <Elapsed run={latest} />}
        {runs.length > 1 && latest && <span>{t('rollout.attempt', { number: attemptOf(latest) })}</span>}
        {scheduled && task.runTime && (
          <span>{t('rollout.startsAt', { time: minuteTime(task.runTime) })}</span>
        )}
        {latest?.schedulerInfo?.waitingCause?.parallelTasksLimit && <span>{t('rollout.waitsForSlot')}</span>}
        {task.skippedReason && <span>{t('rollout.skippedBecause', { reason: task.skippedReason })}</span>}
        <span className="ml-auto flex items-center gap-1.5">
          {latest && (
            <TextLink keepScroll to={paths.plan(plan.name ?? '', { tab: 'rollout', task: task.name })}>
              {t('rollout.viewLog')}
            </TextLink>
          )}
          {canRun(task) && (
            <Button size="sm" onClick={() => setDialog('run')}>
              {task.status === 'FAILED' ? t('rollout.runAgain') : t('rollout.run')}
            </Button>
          )}
          {canSkip(task) && (
            <Button size="sm" tone="ghost" onClick={() => setDialog('skip')}>
              {t('rollout.skip')}
            </Button>
          )}
          {active && latest && (
            <Button
              size="sm"
              busy={cancel.isPending}
              onClick={() =>
                cancel.mutate({ parent: `${stage.name}/tasks/-`, taskRuns: [latest.name ?? ''] })
              }
            >
              {scheduled ? t('rollout.cancelSchedule') : t('rollout.cancel')}
            </Button>
          )}
        </span>
      </div>
      {task.status === 'FAILED' && latest?.detail && (
        <Notice tone="danger" role="alert">
          <p className="font-mono text-caption whitespace-pre-wrap">{latest.detail}</p>
        </Notice>
      )}
      {blockers.length > 0 && task.status !== 'FAILED' && (
        <ul className="text-caption text-muted">
          {blockers.map((blocker) => (
            <li key={`${blocker.reason}${blocker.message}`} className="first-letter:uppercase">
              {blocker.message}
            </li>
          ))}
        </ul>
      )}
      {cancel.error && <ErrorPanel error={cancel.error} doing={t('rollout.cancel')} />}
      {dialog === 'run' && <RunDialog stage={stage} tasks={[task]} onClose={() => setDialog(null)} />}
      {dialog === 'skip' && <SkipDialog stage={stage} tasks={[task]} onClose={() => setDialog(null)} />}
    </li>
  );
}

/** How long the run took, or has taken so far. */
function Elapsed({ run }: { run: TaskRun }) {
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
