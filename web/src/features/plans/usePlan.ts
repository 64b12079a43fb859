import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { rpcKey, useRpc } from '@/api/query';
import { readSheet, saveSheet } from '@/api/sheets';
import type { Plan } from '@/api/types';
import { projectOf } from '@/lib/names';
import { fromPlan, type PlanText, sheetsOf, toSpecs } from './changes';

export const usePlan = (name: string) => useRpc('PlanService/GetPlan', { name }, { topics: [name] });

/** The plan's text with its statements, once all of its sheets are here. */
export function usePlanText(plan: Plan | undefined): { text: PlanText | undefined; error: ApiError | null } {
  const names = plan ? sheetsOf(plan) : [];
  const results = useQueries({
    queries: names.map((name) => ({
      queryKey: ['sheet', name],
      queryFn: () => readSheet(name),
      staleTime: Number.POSITIVE_INFINITY, // Content-addressed: a sheet never changes.
    })),
  });
  const ready = results.every((result) => result.data);
  const error = (results.find((result) => result.error)?.error as ApiError | undefined) ?? null;
  const stamp = results.map((result) => result.dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: results are new objects at each render, the stamp is not
  const text = useMemo(
    () =>
      plan && ready
        ? fromPlan(plan, new Map(names.map((name, i) => [name, results[i]?.data?.text ?? ''])))
        : undefined,
    [plan, ready, stamp],
  );
  return { text, error };
}

/** Saves what differs from `base`. Rejects with ETAG_MISMATCH when somebody was faster. */
export function useSavePlan() {
  const client = useQueryClient();
  return async (plan: Plan, text: PlanText, base: PlanText): Promise<Plan> => {
    const mask: string[] = [];
    const next: Plan = { name: plan.name, etag: plan.etag };
    if (text.title !== base.title) {
      mask.push('title');
      next.title = text.title.trim();
    }
    if (text.description !== base.description) {
      mask.push('description');
      next.description = text.description;
    }
    if (JSON.stringify(text.changes) !== JSON.stringify(base.changes)) {
      mask.push('specs');
      const sheets = new Map<string, string>();
      for (const change of text.changes) {
        sheets.set(change.id, await saveSheet(projectOf(plan.name), change.statement));
      }
      next.specs = toSpecs(text, sheets, plan.specs);
    }
    if (mask.length === 0) return plan;
    const saved = await call('PlanService/UpdatePlan', { plan: next, updateMask: mask.join(',') });
    client.setQueryData(rpcKey('PlanService/GetPlan', { name: plan.name }), saved);
    return saved;
  };
}
