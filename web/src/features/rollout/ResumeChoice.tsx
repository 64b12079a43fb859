import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TaskRun } from '@/api/types';
import { formatCount } from '@/lib/format';
import { Button } from '@/ui/Button';
import { type Card, RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { OutcomeUnknown } from './Failure';
import { type Checkpoint, inQuestion, rangeText } from './progress';
import { type Answer, type Choice, firstToRun } from './resume';
import { StatementBar } from './StatementBar';

interface Props {
  run: TaskRun;
  at: Checkpoint;
  answer: Answer;
  onChange: (answer: Answer) => void;
  /** The person pressed the button: what is missing is told. */
  tried: boolean;
  onSkip?: (() => void) | undefined;
  onReplace?: (() => void) | undefined;
}

/** Where the next run begins, when the database holds a part of the script, or may. */
export function ResumeChoice({ run, at, answer, onChange, tried, onSkip, onReplace }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {at.unknown && (
        <OutcomeUnknown
          run={run}
          actions={
            onSkip && (
              <Button size="sm" onClick={onSkip}>
                {t('rollout.skip')}
              </Button>
            )
          }
        />
      )}
      <StatementBar run={run} />
      <RadioCards<Choice>
        legend={t(at.unknown ? 'rollout.resume.found' : 'rollout.resume.where')}
        value={answer.choice}
        onChange={(choice) => onChange({ ...answer, choice })}
        options={at.unknown ? foundCards(at, t) : recordCards(at, t)}
        className=""
      />
      {onReplace && (
        <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-small text-muted">
          {t('rollout.rest.insteadText')}
          <Button size="sm" onClick={onReplace}>
            {t('rollout.rest.button')}
          </Button>
        </p>
      )}
      {tried && answer.choice === undefined && (
        <p role="alert" className="text-small text-danger">
          {t('rollout.resume.choose')}
        </p>
      )}
      {answer.choice === 'statement' && (
        <TextField
          type="number"
          min={1}
          max={(at.count ?? 0) + 1}
          label={t('rollout.resume.first')}
          value={answer.statement}
          onChange={(event) => onChange({ ...answer, statement: event.target.value })}
          hint={t('rollout.resume.firstHint', { count: at.count ?? 0 })}
          error={
            tried && firstToRun(at, answer) === undefined
              ? t('rollout.resume.firstRange', { last: (at.count ?? 0) + 1 })
              : undefined
          }
        />
      )}
    </>
  );
}

function foundCards(at: Checkpoint, t: TFunction): Card<Choice>[] {
  const question = inQuestion(at);
  const what = { count: question.last - question.first + 1, range: rangeText(question) };
  return [
    { value: 'notApplied', label: t('rollout.resume.notApplied', what) },
    { value: 'applied', label: t('rollout.resume.applied', what) },
  ];
}

function recordCards(at: Checkpoint, t: TFunction): Card<Choice>[] {
  const applied = at.applied ?? 0;
  const chunks = Number(at.chunks ?? 0);
  const evidence = [
    at.version ? t('rollout.resume.file', { version: at.version }) : '',
    applied > 0
      ? t('rollout.resume.record', { count: applied, range: rangeText({ first: 1, last: applied }) })
      : '',
    chunks > 0
      ? t('rollout.resume.chunks', {
          statement: applied + 1,
          count: chunks,
          rows: formatCount(at.chunkRows),
          key: at.chunkKey ?? '',
        })
      : '',
    ...(at.evidence ?? []),
  ];
  return [
    {
      value: 'checkpoint',
      label: t('rollout.resume.checkpoint', { statement: applied + 1 }),
      description: evidence.filter(Boolean).join(' '),
    },
    { value: 'start', label: t('rollout.resume.start'), description: t('rollout.resume.startText') },
    {
      value: 'statement',
      label: t('rollout.resume.statement'),
      description: t('rollout.resume.statementText'),
    },
  ];
}
