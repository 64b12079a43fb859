import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Stage, Task, TaskRun } from '@/api/types';
import { environmentTitle, isProduction, useEnvironment } from '@/features/environments/environments';
import { isReviewError } from '@/features/plans/RolloutBlocked';
import { databaseId, instanceId } from '@/lib/names';
import { minuteTime, toLocalInput } from '@/lib/time';
import { Button } from '@/ui/Button';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { Confirm } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';
import { isTouched } from './progress';
import { ResumeChoice } from './ResumeChoice';
import { firstAnswer, firstToRun, needsReason, startOf } from './resume';

const LISTED = 8;
const HOUR_MS = 3_600_000;
/** The blocker that a person with the right may override, with a reason that is kept. */
const STAGE_ORDER = 'EARLIER_STAGE_UNFINISHED';
/** Likewise: what runs has not finished the stage before. */
const NOT_PROMOTED = 'NOT_PROMOTED';
/** Answered in the dialog, so it does not stand among what is in the way. */
const ANSWERED = 'OUTCOME_UNKNOWN';

interface Props {
  stage: Stage;
  tasks: readonly Task[];
  /** Newest run first. */
  runsOf: (task: Task) => readonly TaskRun[];
  onClose: () => void;
  /** Instead of running the one task. */
  onSkip?: () => void;
  /** Other statements instead of the one task's rest. */
  onReplace?: (() => void) | undefined;
}

type When = 'now' | 'schedule';

/** The question before SQL runs: what, where, when, and loudly so for production. */
export function RunDialog({ stage, tasks: asked, runsOf, onClose, onSkip, onReplace }: Props) {
  const { t } = useTranslation();
  const environment = useEnvironment(stage.environment);
  const production = isProduction(environment);
  const title = environmentTitle(environment, stage.environment);
  const [when, setWhen] = useState<When>('now');
  const [startAt, setStartAt] = useState(() => toLocalInput(new Date(Date.now() + HOUR_MS)));
  const [understood, setUnderstood] = useState(false);
  const [override, setOverride] = useState(false);
  const [unpromoted, setUnpromoted] = useState(false);
  const [anytime, setAnytime] = useState(false);
  const hasWindows = (environment?.windows ?? []).length > 0;
  const [pastReview, setPastReview] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  // One task can be asked about. Of many, those that nobody can tell about are left for their own question.
  const one = asked.length === 1 ? asked[0] : undefined;
  const last = one && runsOf(one)[0];
  const at = isTouched(last?.checkpoint) ? last?.checkpoint : undefined;
  const atOf = (task: Task) => runsOf(task)[0]?.checkpoint;
  const tasks = one ? asked : asked.filter((task) => !atOf(task)?.unknown);
  const [answer, setAnswer] = useState(() => firstAnswer(at));
  const run = useCall('RolloutService/BatchRunTasks', { touches: ['RolloutService', 'PlanService'] });

  const time = new Date(startAt);
  const future = time.getTime() > Date.now();
  const blockers = [
    ...new Map(tasks.flatMap((task) => task.blockers ?? []).map((b) => [b.reason, b])).values(),
  ].filter((b) => b.reason !== ANSWERED);
  // The server tells when it is asked: the checks may be newer than this page.
  const reviewErrors = run.error?.blockers.filter(isReviewError).length ?? 0;
  const outOfOrder = blockers.some((b) => b.reason === STAGE_ORDER);
  const notPromoted = blockers.some((b) => b.reason === NOT_PROMOTED);
  const why =
    override || unpromoted || anytime || pastReview || (at !== undefined && needsReason(at, answer));
  const missing = {
    understood: production && !understood,
    time: when === 'schedule' && !future,
    reason: why && !reason.trim(),
    answer: at !== undefined && firstToRun(at, answer) === undefined,
    tasks: tasks.length === 0,
  };
  const submit = () => {
    setTried(true);
    if (Object.values(missing).some(Boolean)) return;
    run.mutate(
      {
        parent: stage.name,
        tasks: tasks.map((task) => task.name ?? ''),
        runTime: when === 'schedule' ? time.toISOString() : undefined,
        ignoreStageOrder: override || undefined,
        ignorePromotion: unpromoted || undefined,
        ignoreWindow: anytime || undefined,
        ignoreReview: pastReview || undefined,
        reason: why ? reason.trim() : undefined,
        ...startOf(at, answer),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      loud={production}
      width={at ? 'md' : 'sm'}
      title={t('rollout.runTitle', { count: tasks.length, stage: title })}
      footer={
        tasks.length > 0 && (
          <Button tone={production ? 'danger' : 'primary'} busy={run.isPending} onClick={submit}>
            {when === 'schedule' ? t('rollout.scheduleRun') : t('rollout.runNow')}
          </Button>
        )
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
            {!one && isTouched(atOf(task)) && (
              <span className="text-muted">
                {' · '}
                {t('rollout.resume.many', { statement: (atOf(task)?.applied ?? 0) + 1 })}
              </span>
            )}
          </li>
        ))}
        {tasks.length > LISTED && (
          <li className="text-muted">{t('plan.moreTargets', { count: tasks.length - LISTED })}</li>
        )}
      </ul>
      {tasks.length < asked.length && (
        <Notice tone="warning" title={t('rollout.leftOut', { count: asked.length - tasks.length })}>
          {t('rollout.leftOutText')}
        </Notice>
      )}
      {at && last && (
        <ResumeChoice
          run={last}
          at={at}
          answer={answer}
          onChange={setAnswer}
          tried={tried}
          onSkip={onSkip}
          onReplace={onReplace}
        />
      )}
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
        <Checkbox
          label={t('rollout.override')}
          checked={override}
          onChange={(event) => setOverride(event.target.checked)}
        />
      )}
      {notPromoted && (
        <Checkbox
          label={t('rollout.unpromoted')}
          description={t('rollout.unpromotedText')}
          checked={unpromoted}
          onChange={(event) => setUnpromoted(event.target.checked)}
        />
      )}
      {hasWindows && (
        <Checkbox
          label={t('rollout.anytime')}
          description={t('rollout.anytimeText')}
          checked={anytime}
          onChange={(event) => setAnytime(event.target.checked)}
        />
      )}
      {(reviewErrors > 0 || pastReview) && (
        <Checkbox
          label={t('rollout.pastReview')}
          description={t('rollout.pastReviewText')}
          checked={pastReview}
          onChange={(event) => setPastReview(event.target.checked)}
        />
      )}
      {why && (
        <TextField
          label={t('rollout.reason')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          hint={t('rollout.reasonKept')}
          error={tried && missing.reason ? t('rollout.reasonNeeded') : undefined}
        />
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
          hint={future ? t('rollout.inUtc', { time: minuteTime(time, 'UTC') }) : undefined}
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
