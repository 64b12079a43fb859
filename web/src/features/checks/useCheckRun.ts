import { useCallback, useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Plan } from '@/api/types';
import type { EditorMark } from '@/features/editor/SqlEditor';
import { findingsOf } from './findings';

export type CheckRunData = ReturnType<typeof useCheckRun>;

const LEVEL = { ERROR: 'error', WARNING: 'warning' } as const;

/** The plan's latest check run, its findings, and the marks they put into the editor. */
export function useCheckRun(plan: Plan) {
  const name = `${plan.name}/planCheckRun`;
  const query = useRpc('PlanService/GetPlanCheckRun', { name }, { topics: [plan.name ?? ''] });
  const run = query.data;
  const findings = useMemo(() => findingsOf(run?.results ?? []), [run]);
  const marksOf = useCallback(
    (targets: readonly string[]): EditorMark[] =>
      findings
        .filter((finding) => finding.line && finding.targets.some((target) => targets.includes(target)))
        .map(({ line = 0, level, title, content }) => ({
          line,
          level: LEVEL[level],
          message: `${title}: ${content}`,
        })),
    [findings],
  );
  return { query, run, findings, findingCount: findings.length, marksOf };
}
