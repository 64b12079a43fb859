import { useCallback, useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Plan } from '@/api/types';
import type { EditorMark } from '@/features/editor/SqlEditor';
import { findingsOf, placed } from './findings';
import { locksOf } from './locks';

export type CheckRunData = ReturnType<typeof useCheckRun>;

const LEVEL = { ERROR: 'error', WARNING: 'warning' } as const;
const NONE: readonly EditorMark[] = [];

/** The plan's latest check run, its findings, and the marks they put into the editor. */
export function useCheckRun(plan: Plan) {
  const name = `${plan.name}/planCheckRun`;
  const query = useRpc('PlanService/GetPlanCheckRun', { name }, { topics: [plan.name ?? ''] });
  const run = query.data;
  const { specs } = plan;
  const results = useMemo(() => placed(run?.results ?? [], specs), [run, specs]);
  const findings = useMemo(() => findingsOf(results), [results]);
  const locks = useMemo(() => locksOf(results), [results]);
  /** The same list for as long as the findings are the same: the editor sets its marks anew with each. */
  const marks = useMemo(() => {
    const found = new Map<string, EditorMark[]>();
    for (const { line, column, level, title, content, change } of findings) {
      if (!line) continue;
      const of = found.get(change) ?? [];
      of.push({ line, column, level: LEVEL[level], message: `${title}: ${content}` });
      found.set(change, of);
    }
    return found;
  }, [findings]);
  const marksOf = useCallback((change: string) => marks.get(change) ?? NONE, [marks]);
  return { query, run, findings, locks, findingCount: findings.length, marksOf };
}
