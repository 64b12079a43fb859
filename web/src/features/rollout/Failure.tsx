import { useTranslation } from 'react-i18next';
import type { Task, TaskRun } from '@/api/types';
import { useSearchState } from '@/hooks/useSearch';
import { taskId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/States';
import { Findings, hasStop } from './Findings';
import { inQuestion, isTouched, rangeText } from './progress';
import { StatementBar } from './StatementBar';

interface Props {
  task: Task;
  run: TaskRun;
}

/** Why a run failed, what of it is in the database, and the way to the line. */
export function Failure({ task, run }: Props) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchState();
  const line = run.errorPosition?.line;
  const drawn = isTouched(run.checkpoint) && <StatementBar run={run} className="mt-2 max-w-160" />;
  // What stopped it says all that the detail says, one by one.
  if (hasStop(run)) return <Findings run={run} />;
  if (run.checkpoint?.unknown) return <OutcomeUnknown run={run}>{drawn}</OutcomeUnknown>;
  return (
    <Notice tone="danger" role="alert">
      <p className="font-mono text-caption whitespace-pre-wrap">{run.detail}</p>
      {drawn}
      {line && (
        <Button
          size="sm"
          className="mt-2"
          onClick={() => setSearch({ task: taskId(task.name), run: undefined, line: String(line) })}
        >
          {t('checks.goToLine', { line })}
        </Button>
      )}
    </Notice>
  );
}

interface UnknownProps {
  run: TaskRun;
  children?: React.ReactNode;
  actions?: React.ReactNode;
}

/** Nobody can tell what the run did: what was asked, and that a person has to look. */
export function OutcomeUnknown({ run, children, actions }: UnknownProps) {
  const { t } = useTranslation();
  const at = run.checkpoint ?? {};
  const question = inQuestion(at);
  return (
    <Notice
      tone="danger"
      role="alert"
      title={t('rollout.unknown', {
        count: question.last - question.first + 1,
        range: rangeText(question),
      })}
      actions={actions}
    >
      {(at.evidence ?? []).length > 0 && (
        <ul aria-label={t('rollout.evidence')} className="mt-1 list-disc pl-4">
          {at.evidence?.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <p className="mt-1">{t('rollout.unknownWhat')}</p>
      {children}
    </Notice>
  );
}
