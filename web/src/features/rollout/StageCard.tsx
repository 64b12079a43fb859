import { FastForward, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan, Stage, Task } from '@/api/types';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { environmentTitle, isProduction, useEnvironment } from '@/features/environments/environments';
import { cn } from '@/lib/cn';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';
import { RunDialog } from './RunDialog';
import { SkipDialog } from './SkipDialog';
import { canRun, canSkip, type StageSummary, summarize } from './steps';
import { TaskRow } from './TaskRow';
import type { RolloutData } from './useRollout';

/** Rows shown before "Show all". */
const SHOWN = 50;

interface Props {
  stage: Stage;
  plan: Plan;
  rollout: RolloutData;
}

export function StageCard({ stage, plan, rollout }: Props) {
  const { t } = useTranslation();
  const environment = useEnvironment(stage.environment);
  // With the tasks as they were when the question was asked.
  const [dialog, setDialog] = useState<{ kind: 'run' | 'skip'; tasks: Task[] } | null>(null);
  const [all, setAll] = useState(false);
  const tasks: Task[] = stage.tasks ?? [];
  const title = environmentTitle(environment, stage.environment);
  const summary = summarize(stage);
  const runnable = tasks.filter(canRun);
  const skippable = tasks.filter(canSkip);
  return (
    <li
      className={cn(
        'flex min-w-0 flex-col rounded-card border bg-raised',
        isProduction(environment) ? 'border-danger/50' : 'border-line',
      )}
    >
      <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
        <h3>
          <EnvironmentBadge name={stage.environment} className="text-body! font-semibold" />
        </h3>
        <StageState summary={summary} />
        <span className="text-small text-muted tabular-nums">
          {t('rollout.progress', { done: summary.done, total: summary.total })}
        </span>
        <span className="ml-auto flex gap-1">
          {runnable.length > 1 && (
            <Button
              size="sm"
              aria-label={t('rollout.runAll', { stage: title })}
              onClick={() => setDialog({ kind: 'run', tasks: runnable })}
            >
              <Play aria-hidden="true" />
              {t('rollout.runAllShort')}
            </Button>
          )}
          {skippable.length > 1 && (
            <Button
              size="sm"
              tone="ghost"
              aria-label={t('rollout.skipRest', { stage: title })}
              onClick={() => setDialog({ kind: 'skip', tasks: skippable })}
            >
              <FastForward aria-hidden="true" />
              {t('rollout.skipRestShort')}
            </Button>
          )}
        </span>
      </div>
      <Progress summary={summary} />
      <ul aria-label={t('rollout.tasksOf', { stage: title })} className="flex flex-col">
        {tasks.slice(0, all ? undefined : SHOWN).map((task) => (
          <TaskRow key={task.name} task={task} stage={stage} plan={plan} runs={rollout.runsOf(task)} />
        ))}
      </ul>
      {!all && tasks.length > SHOWN && (
        <Button tone="ghost" className="m-1" onClick={() => setAll(true)}>
          {t('rollout.showAll', { count: tasks.length })}
        </Button>
      )}
      {dialog?.kind === 'run' && (
        <RunDialog
          stage={stage}
          tasks={dialog.tasks}
          runsOf={rollout.runsOf}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'skip' && (
        <SkipDialog stage={stage} tasks={dialog.tasks} onClose={() => setDialog(null)} />
      )}
    </li>
  );
}

export function StageState({ summary }: { summary: StageSummary }) {
  if (summary.failed > 0) return <Status kind="failed" />;
  if (summary.running > 0) return <Status kind="running" />;
  if (summary.done === summary.total) return <Status kind="done" />;
  return <Status kind="notStarted" />;
}

/** A thin bar; the numbers stand beside it. */
function Progress({ summary }: { summary: StageSummary }) {
  const part = (count: number) => ({ width: `${(count / Math.max(1, summary.total)) * 100}%` });
  return (
    <div className="flex h-0.5 forced-color-adjust-none bg-hover" aria-hidden="true">
      <span className="bg-success" style={part(summary.done)} />
      <span className="bg-danger" style={part(summary.failed)} />
      <span className="bg-running" style={part(summary.running)} />
    </div>
  );
}
