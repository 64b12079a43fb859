import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine, ReviewException, RuleConfig, TriedAdvice, TryReviewResponse } from '@/api/types';
import { FindingRow } from '@/features/checks/FindingRow';
import type { Finding } from '@/features/checks/findings';
import { LockForecast } from '@/features/checks/LockForecast';
import { marksOf } from '@/features/checks/live';
import { locksOfTrial } from '@/features/checks/locks';
import { applyEdits } from '@/features/editor/positions';
import { type EditorHandle, SqlEditor } from '@/features/editor/SqlEditor';
import { useStored } from '@/hooks/useStored';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { RuleLink } from './RuleLink';
import { NOTHING, SchemaSource } from './SchemaSource';
import { useTrial } from './useTrial';

interface Props {
  engine: Engine;
  /** As they are on the page, saved or not. */
  rules: readonly RuleConfig[];
  exceptions: readonly ReviewException[];
  refuseSuppression: boolean;
}

/** SQL, and what the rules say about it while both are changed. */
export function TryPanel({ engine, rules, exceptions, refuseSuppression }: Props) {
  const { t } = useTranslation();
  const [statement, setStatement] = useStored('review.try', '');
  const [against, setAgainst] = useStored('review.against', NOTHING);
  const editor = useRef<EditorHandle>(null);
  const trial = useTrial({ engine, statement, rules, exceptions, refuseSuppression, against });
  const { query, answer, findings, ignored } = trial;
  const locks = useMemo(() => locksOfTrial(answer?.locks ?? []), [answer]);
  const goTo = (_: string, line: number) => editor.current?.goToLine(line);
  // The places of an older text are not those of a newer one.
  const mend = trial.settled
    ? ({ fix }: Finding) => setStatement(applyEdits(statement, fix?.edits ?? []) ?? statement)
    : undefined;
  const marks = useMemo(() => marksOf(findings), [findings]);
  return (
    <>
      <p className="text-small text-muted">{t('review.try.text')}</p>
      <SqlEditor
        label={t('review.try.sql')}
        value={statement}
        onChange={setStatement}
        engine={engine}
        marks={marks}
        minHeight="8rem"
        maxHeight="20rem"
        handle={editor}
      />
      <SchemaSource engine={engine} value={against} onChange={setAgainst} />
      {query.error && (
        <ErrorPanel error={query.error} doing={t('review.try.title')} onRetry={() => query.refetch()} />
      )}
      <Summary trial={trial} statement={statement} />
      {findings.length > 0 && (
        <ul aria-label={t('checks.findings')} className="flex flex-col rounded-card border border-line bg-bg">
          {findings.map((finding) => (
            <FindingRow key={finding.key} finding={finding} onGoToLine={goTo} onFix={mend} />
          ))}
        </ul>
      )}
      {answer && <LeftOut answer={answer} />}
      {ignored.length > 0 && (
        <Details title={t('review.try.ignored', { count: ignored.length })}>
          {ignored.map((advice) => (
            <li key={keyOf(advice)}>
              <RuleLink title={advice.title ?? ''} />{' '}
              <span className="text-muted">{advice.suppression?.reason}</span>
            </li>
          ))}
        </Details>
      )}
      <LockForecast locks={locks} numberOf={nowhere} onGoToLine={goTo} />
      {answer?.locksLeftOut !== undefined && answer.locksLeftOut > 0 && (
        <p className="text-caption text-muted">
          {t('review.try.locksLeftOut', { count: answer.locksLeftOut })}
        </p>
      )}
      {answer?.notJudged && answer.notJudged.length > 0 && (
        <Details title={t('review.try.notJudged', { count: answer.notJudged.length })}>
          {answer.notJudged.map(({ start, why }) => (
            <li key={`${start?.line}:${start?.column}`}>
              {t('checks.line', { line: start?.line })} <span className="text-muted">{why}</span>
            </li>
          ))}
        </Details>
      )}
      {answer?.notEvaluated && answer.notEvaluated.length > 0 && (
        <Details title={t('review.try.notEvaluated', { count: answer.notEvaluated.length })}>
          {answer.notEvaluated.map(({ rule = 'TYPE_UNSPECIFIED', why }) => (
            <li key={rule}>
              <RuleLink title={rule} /> <span className="text-muted">{why}</span>
            </li>
          ))}
        </Details>
      )}
    </>
  );
}

/** There are no changes to be told apart. */
const nowhere = () => undefined;

const keyOf = ({ title, content, start }: TriedAdvice) =>
  [title, start?.line, start?.column, content].join('\n');

function Summary({ trial, statement }: { trial: ReturnType<typeof useTrial>; statement: string }) {
  const { t } = useTranslation();
  const { findings, answer, asks, settled } = trial;
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count('ERROR'), count('WARNING')];
  const words = [
    errors > 0 && t('checks.errors', { count: errors }),
    warnings > 0 && t('checks.warnings', { count: warnings }),
  ].filter(Boolean);
  return (
    <p role="status" className="min-h-5 text-small">
      {!statement.trim() ? (
        <span className="text-muted">{t('review.try.empty')}</span>
      ) : !asks ? (
        <span className="text-muted">{t('review.try.noRules')}</span>
      ) : !settled || !answer ? (
        <Status kind="checking" label={t('review.try.reviewing')} />
      ) : (
        <Status
          kind={errors ? 'failed' : warnings ? 'warning' : 'done'}
          label={words.join(', ') || t('checks.nothing')}
        />
      )}
    </p>
  );
}

/** Nothing is left out in silence. */
function LeftOut({ answer }: { answer: TryReviewResponse }) {
  const { t } = useTranslation();
  const count = (answer.errorsLeftOut ?? 0) + (answer.warningsLeftOut ?? 0);
  return count > 0 ? <p className="text-caption text-muted">{t('review.try.leftOut', { count })}</p> : null;
}

const Details = ({ title, children }: { title: string; children: ReactNode }) => (
  <details className="text-small">
    <summary className="cursor-pointer font-medium">{title}</summary>
    <ul className="mt-1 flex flex-col gap-1 pl-4 [overflow-wrap:anywhere]">{children}</ul>
  </details>
);
