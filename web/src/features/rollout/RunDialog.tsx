import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Stage, Task } from '@/api/types';
import { environmentTitle, isProduction, useEnvironment } from '@/features/environments/environments';
import { databaseId, instanceId } from '@/lib/names';
import { minuteTime, toLocalInput } from '@/lib/time';
import { Button } from '@/ui/Button';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { Confirm } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';

const LISTED = 8;
const HOUR_MS = 3_600_000;
/** The blocker that a person with the right may override, with a reason that is kept. */
const STAGE_ORDER = 'STAGE_ORDER';

interface Props {
  stage: Stage;
  tasks: readonly Task[];
  onClose: () => void;
}

type When = 'now' | 'schedule';

/** The question before SQL runs: what, where, when, and loudly so for production. */
export function RunDialog({ stage, tasks, onClose }: Props) {
  const { t } = useTranslation();
  const environment = useEnvironment(stage.environment);
  const production = isProduction(environment);
  const title = environmentTitle(environment, stage.environment);
  const [when, setWhen] = useState<When>('now');
  const [startAt, setStartAt] = useState(() => toLocalInput(new Date(Date.now() + HOUR_MS)));
  const [understood, setUnderstood] = useState(false);
  const [override, setOverride] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const run = useCall('RolloutService/BatchRunTasks', { touches: ['RolloutService', 'PlanService'] });

  const at = new Date(startAt);
  const future = at.getTime() > Date.now();
  const blockers = [
    ...new Map(tasks.flatMap((task) => task.blockers ?? []).map((b) => [b.reason, b])).values(),
  ];
  const outOfOrder = blockers.some((b) => b.reason === STAGE_ORDER);
  const missing = {
    understood: production && !understood,
    time: when === 'schedule' && !future,
    reason: override && !reason.trim(),
  };
  const submit = () => {
    setTried(true);
    if (Object.values(missing).some(Boolean)) return;
    run.mutate(
      {
        parent: stage.name,
        tasks: tasks.map((task) => task.name ?? ''),
        runTime: when === 'schedule' ? at.toISOString() : undefined,
        ignoreStageOrder: override || undefined,
        reason: override ? reason.trim() : undefined,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      loud={production}
      title={t('rollout.runTitle', { count: tasks.length, stage: title })}
      footer={
        <Button tone={production ? 'danger' : 'primary'} busy={run.isPending} onClick={submit}>
          {when === 'schedule' ? t('rollout.scheduleRun') : t('rollout.runNow')}
        </Button>
      }
    >
      {production && (
        <p className="rounded-card tint-danger px-3 py-2">
          <strong className="text-danger">{title.toUpperCase()}</strong> {t('rollout.production')}
        </p>
      )}
      <ul aria-label={t('nav.databases')} className="flex flex-col gap-0.5 text-small">
        {tasks.slice(0, LISTED).map((task) => (
          <li key={task.name}>
            <span className="font-medium">{databaseId(task.target)}</span>{' '}
            <span className="text-muted">{instanceId(task.target)}</span>
          </li>
        ))}
        {tasks.length > LISTED && (
          <li className="text-muted">{t('plan.moreTargets', { count: tasks.length - LISTED })}</li>
        )}
      </ul>
      {blockers.length > 0 && (
        <Notice tone="warning" title={t('rollout.blocked')}>
          <ul className="list-disc pl-4">
            {blockers.map((blocker) => (
              <li key={blocker.reason}>{blocker.message}</li>
            ))}
          </ul>
        </Notice>
      )}
      {outOfOrder && (
        <>
          <Checkbox
            label={t('rollout.override')}
            checked={override}
            onChange={(event) => setOverride(event.target.checked)}
          />
          {override && (
            <TextField
              label={t('rollout.reason')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              hint={t('rollout.reasonKept')}
              error={tried && missing.reason ? t('rollout.reasonNeeded') : undefined}
            />
          )}
        </>
      )}
      <RadioCards
        legend={t('rollout.when')}
        value={when}
        onChange={setWhen}
        options={[
          { value: 'now', label: t('rollout.immediately') },
          { value: 'schedule', label: t('rollout.schedule') },
        ]}
      />
      {when === 'schedule' && (
        <TextField
          type="datetime-local"
          label={t('rollout.startAt')}
          value={startAt}
          onChange={(event) => setStartAt(event.target.value)}
          hint={future ? t('rollout.inUtc', { time: minuteTime(at, 'UTC') }) : undefined}
          error={!future && (tried || startAt) ? t('rollout.future') : undefined}
        />
      )}
      {production && (
        <div>
          <Checkbox
            label={t('rollout.understand')}
            checked={understood}
            onChange={(event) => setUnderstood(event.target.checked)}
          />
          {tried && missing.understood && (
            <p role="alert" className="mt-1 text-small text-danger">
              {t('rollout.understandNeeded')}
            </p>
          )}
        </div>
      )}
      {run.error && <ErrorPanel error={run.error} doing={t('rollout.run')} />}
    </Confirm>
  );
}
