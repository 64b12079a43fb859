import { useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Engine, RuleConfig, TriedAdvice } from '@/api/types';
import type { EditorMark } from '@/features/editor/SqlEditor';
import { useDebounced } from '@/hooks/useDebounced';

const PAUSE_MS = 400;
const FRESH_MS = 60_000;
const MARK = { ERROR: 'error', WARNING: 'warning' } as const;

interface Subject {
  engine: Engine;
  statement: string;
  rules: readonly RuleConfig[];
  /** SQL that makes the schema against which the statement is reviewed. */
  schema: string;
}

const isOpen = ({ suppression }: TriedAdvice) => suppression === undefined;

/** What rules say about SQL, asked again when either stands still for a moment. */
export function useTrial(subject: Subject) {
  const { engine, statement, schema } = useDebounced(subject, PAUSE_MS);
  const settled = useDebounced(subject.rules, PAUSE_MS);
  const rules = useMemo(() => settled.filter((rule) => rule.engine === engine), [settled, engine]);
  // No rules at all would mean "the usual ones" to the server.
  const asks = statement.trim() !== '' && rules.length > 0;
  const query = useRpc(
    'ReviewService/TryReview',
    { engine, statement, schema: schema.trim() ? schema : undefined, rules },
    { enabled: asks, keep: true, staleTime: FRESH_MS },
  );
  const answer = asks ? query.data : undefined;
  const advices = useMemo(() => answer?.advices ?? [], [answer]);
  const findings = useMemo(() => advices.filter(isOpen), [advices]);
  const marks = useMemo(
    () =>
      findings.flatMap(({ status, start, title, content }): EditorMark[] =>
        start?.line && (status === 'ERROR' || status === 'WARNING')
          ? [{ line: start.line, level: MARK[status], message: `${title}: ${content}` }]
          : [],
      ),
    [findings],
  );
  return {
    query,
    answer,
    findings,
    ignored: useMemo(() => advices.filter((advice) => !isOpen(advice)), [advices]),
    marks,
    asks,
    /** The answer is about what stands there now. */
    settled: asks && !query.isFetching && statement === subject.statement && settled === subject.rules,
  };
}
