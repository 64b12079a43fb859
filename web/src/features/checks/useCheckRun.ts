import { useCallback, useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Plan } from '@/api/types';
import { type Finding, findingsOf, placed } from './findings';
import { locksOf } from './locks';

export type CheckRunData = ReturnType<typeof useCheckRun>;

const NONE: readonly Finding[] = [];

/** The plan's latest check run, what it found, and the locks it forecasts. */
export function useCheckRun(plan: Plan) {
  const name = `${plan.name}/planCheckRun`;
  const query = useRpc('PlanService/GetPlanCheckRun', { name }, { topics: [plan.name ?? ''] });
  const run = query.data;
  const { specs } = plan;
  const results = useMemo(() => placed(run?.results ?? [], specs), [run, specs]);
  const findings = useMemo(() => findingsOf(results), [results]);
  const locks = useMemo(() => locksOf(results), [results]);
  /** The same list for as long as the findings are the same: the editor sets its marks anew with each. */
  const byChange = useMemo(() => {
    const found = new Map<string, Finding[]>();
    for (const finding of findings) {
      found.set(finding.change, [...(found.get(finding.change) ?? []), finding]);
    }
    return found;
  }, [findings]);
  const findingsIn = useCallback((change: string) => byChange.get(change) ?? NONE, [byChange]);
  return { query, run, findings, locks, findingCount: findings.length, findingsIn };
}
