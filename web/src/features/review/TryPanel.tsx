import { Wand2 } from 'lucide-react';
import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine, Fix, RuleConfig, TriedAdvice, TryReviewResponse } from '@/api/types';
import { LockForecast } from '@/features/checks/LockForecast';
import { locksOfTrial } from '@/features/checks/locks';
import { applyEdits } from '@/features/editor/positions';
import { type EditorHandle, SqlEditor } from '@/features/editor/SqlEditor';
import { useStored } from '@/hooks/useStored';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { RuleLink } from './RuleLink';
import { NOTHING, SchemaSource } from './SchemaSource';
import { useTrial } from './useTrial';

interface Props {
  engine: Engine;
  /** As they are on the page, saved or not. */
  rules: readonly RuleConfig[];
}

/** SQL, and what the rules say about it while both are changed. */
export function TryPanel({ engine, rules }: Props) {
  const { t } = useTranslation();
  const [statement, setStatement] = useStored('review.try', '');
  const [against, setAgainst] = useStored('review.against', NOTHING);
  const editor = useRef<EditorHandle>(null);
  const trial = useTrial({ engine, statement, rules, against });
  const { query, answer, findings, ignored } = trial;
  const locks = useMemo(() => locksOfTrial(answer?.locks ?? []), [answer]);
  const goTo = (line: number) => editor.current?.goToLine(line);
  return (
    <>
      <p className="text-small text-muted">{t('review.try.text')}</p>
      <SqlEditor
        label={t('review.try.sql')}
        value={statement}
        onChange={setStatement}
        engine={engine}
        marks={trial.marks}
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
          {findings.map((advice) => (
            <FindingRow
              key={keyOf(advice)}
              advice={advice}
              onGoTo={goTo}
              onFix={(fix) => setStatement(applyEdits(statement, fix.edits ?? []) ?? statement)}
              stale={!trial.settled}
            />
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
      <LockForecast locks={locks} numberOf={nowhere} onGoToLine={(_, line) => goTo(line)} />
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
  const count = (status: string) => findings.filter((advice) => advice.status === status).length;
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

interface RowProps {
  advice: TriedAdvice;
  onGoTo: (line: number) => void;
  onFix: (fix: Fix) => void;
  /** The text moved on: its places may be wrong. */
  stale: boolean;
}

function FindingRow({ advice, onGoTo, onFix, stale }: RowProps) {
  const { t } = useTranslation();
  const { status, title = '', content, start, fixes = [] } = advice;
  const line = start?.line;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-0">
      <Status
        kind={status === 'ERROR' ? 'failed' : 'warning'}
        label={t(status === 'ERROR' ? 'checks.level.ERROR' : 'checks.level.WARNING')}
        className="w-20"
      />
      <div className="min-w-0 flex-1 basis-72">
        <p className="[overflow-wrap:anywhere]">
          <RuleLink title={title} />
          {line && <span className="text-muted"> · {t('checks.line', { line })}</span>}
        </p>
        <p className="[overflow-wrap:anywhere] text-muted">{content}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        {fixes.map((fix) => (
          <Button key={fix.title} size="sm" aria-disabled={stale} onClick={() => !stale && onFix(fix)}>
            <Wand2 aria-hidden="true" />
            {fix.title || t('review.try.fix')}
          </Button>
        ))}
        {line && (
          <Button size="sm" onClick={() => onGoTo(line)}>
            {t('checks.goToLine', { line })}
          </Button>
        )}
      </div>
    </li>
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
