import { useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Engine, ReviewException, RuleConfig } from '@/api/types';
import { liveFindings } from '@/features/checks/live';
import { useDebounced } from '@/hooks/useDebounced';

import { type Against, isDatabase } from './SchemaSource';

const PAUSE_MS = 400;
const FRESH_MS = 60_000;

interface Subject {
  engine: Engine;
  statement: string;
  rules: readonly RuleConfig[];
  exceptions: readonly ReviewException[];
  refuseSuppression: boolean;
  against: Against;
}

/** What rules say about SQL, asked again when both stand still for a moment. */
export function useTrial(subject: Subject) {
  const { exceptions, refuseSuppression } = subject;
  const now = [
    subject.engine,
    subject.statement,
    subject.rules,
    exceptions,
    refuseSuppression,
    subject.against,
  ] as const;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same parts are the same subject
  const current = useMemo(() => subject, now);
  const asked = useDebounced(current, PAUSE_MS);
  const { engine, statement, against } = asked;
  const rules = useMemo(
    () => asked.rules.filter((rule) => rule.engine === asked.engine),
    [asked.rules, asked.engine],
  );
  // No rules at all would mean "the usual ones" to the server.
  const asks = statement.trim() !== '' && rules.length > 0;
  const query = useRpc(
    'ReviewService/TryReview',
    {
      engine,
      statement,
      rules,
      exceptions: [...asked.exceptions],
      refuseSuppression: asked.refuseSuppression,
      database: against.kind === 'database' && isDatabase(against.database) ? against.database : undefined,
      schema: against.kind === 'schema' ? against.schema.trim() || undefined : undefined,
    },
    { enabled: asks, keep: true, staleTime: FRESH_MS },
  );
  const answer = asks ? query.data : undefined;
  const findings = useMemo(
    () => (answer ? liveFindings(answer, '', '').map((finding) => ({ ...finding, targets: [] })) : []),
    [answer],
  );
  const ignored = useMemo(() => (answer?.advices ?? []).filter(({ suppression }) => suppression), [answer]);
  return {
    query,
    answer,
    findings,
    ignored,
    asks,
    /** The answer is about what stands there now. */
    settled: asks && !query.isFetching && asked === current,
  };
}
