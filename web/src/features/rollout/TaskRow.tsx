import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Plan, Stage, Task, TaskRun } from '@/api/types';
import { OVERDUE } from '@/features/emergency/emergency';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { useMay } from '@/lib/may';
import { databaseId, instanceId, taskId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { minuteTime } from '@/lib/time';
import { AppLink, TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Status, type StatusKind } from '@/ui/Status';
import { Failure } from './Failure';
import { Findings } from './Findings';
import { isTouched } from './progress';
import { ReplaceRestDialog } from './ReplaceRestDialog';
import { RunDialog } from './RunDialog';
import { Elapsed, RunPlace, TakenOver, useRunNow, Waiting } from './RunState';
import { canReplaceRest } from './rest';
import { SkipDialog } from './SkipDialog';
import { StatementBar } from './StatementBar';
import { canRun, canSkip, isScheduled } from './steps';
import { attemptOf } from './useRollout';

/** A blocker that a decision of the review clears. */
const APPROVAL = 'APPROVAL';

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
  const may = useMay();
  const [dialog, setDialog] = useState<'run' | 'rest' | 'skip' | null>(null);
  const cancel = useCall('RolloutService/BatchCancelTaskRuns', {
    touches: ['RolloutService', 'PlanService'],
  });
  const latest = useRunNow(runs[0]);
  const running = task.status === 'RUNNING' && latest?.status === 'RUNNING';
  const target = task.target ?? '';
  const scheduled = isScheduled(task);
  const active = task.status === 'PENDING' || task.status === 'RUNNING';
  const replaceable = canReplaceRest(task, latest) && may.somewhere('bb.plans.create');
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
        {running && <RunPlace run={latest} />}
        {latest && <Elapsed run={latest} />}
        {runs.length > 1 && latest && <span>{t('rollout.attempt', { number: attemptOf(latest) })}</span>}
        {latest?.emergency && <Status kind="warning" label={t('emergency.mark')} />}
        {scheduled && task.runTime && (
          <span>{t('rollout.startsAt', { time: minuteTime(task.runTime) })}</span>
        )}
        {task.skippedReason && <span>{t('rollout.skippedBecause', { reason: task.skippedReason })}</span>}
        <span className="ml-auto flex flex-wrap items-center justify-end gap-1.5">
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
          {replaceable && (
            <Button size="sm" onClick={() => setDialog('rest')}>
              {t('rollout.rest.button')}
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
      {running && <StatementBar run={latest} />}
      {latest && (running || task.status === 'FAILED') && <TakenOver run={latest} />}
      {latest && <Waiting task={task} run={latest} />}
      {running && <Findings run={latest} />}
      {task.status === 'FAILED' && latest && <Failure task={task} run={latest} />}
      {task.status === 'CANCELED' && latest && isTouched(latest.checkpoint) && (
        <>
          <p className="text-small text-muted">{latest.detail}</p>
          <StatementBar run={latest} />
        </>
      )}
      {blockers.length > 0 && task.status !== 'FAILED' && (
        <ul className="text-caption text-muted">
          {blockers.map((blocker) => (
            <li key={`${blocker.reason}${blocker.message}`} className="first-letter:uppercase">
              {blocker.reason === OVERDUE ? t('emergency.taskHeld') : blocker.message}
              {blocker.reason === APPROVAL && (
                <>
                  {' '}
                  <TextLink
                    keepScroll
                    className="underline"
                    to={paths.plan(plan.name ?? '', { tab: 'review' })}
                  >
                    {t('approval.open')}
                  </TextLink>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {cancel.error && <ErrorPanel error={cancel.error} doing={t('rollout.cancel')} />}
      {dialog === 'run' && (
        <RunDialog
          stage={stage}
          tasks={[task]}
          runsOf={() => runs}
          onClose={() => setDialog(null)}
          onSkip={() => setDialog('skip')}
          onReplace={replaceable ? () => setDialog('rest') : undefined}
        />
      )}
      {dialog === 'rest' && latest && (
        <ReplaceRestDialog task={task} run={latest} onClose={() => setDialog(null)} />
      )}
      {dialog === 'skip' && <SkipDialog stage={stage} tasks={[task]} onClose={() => setDialog(null)} />}
    </li>
  );
}
