import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { rpcKey, useRpc } from '@/api/query';
import { readSheet, type SheetText, saveSheet } from '@/api/sheets';
import type { Plan } from '@/api/types';
import { projectOf } from '@/lib/names';
import { type Change, fromPlan, type PlanText, sameChanges, sheetOf, sheetsOf, toSpecs } from './changes';

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
  const text = useMemo(() => {
    if (!plan || !ready) return undefined;
    const found = names.flatMap((name, i) => {
      const data = results[i]?.data;
      return data ? [[name, data] as const] : [];
    });
    return fromPlan(plan, new Map(found));
  }, [plan, ready, stamp]);
  return { text, error };
}

/** The plan's text as the server has it now. */
export async function readPlanText(plan: Plan): Promise<PlanText> {
  const sheets = await Promise.all(
    sheetsOf(plan).map(async (name): Promise<[string, SheetText]> => [name, await readSheet(name)]),
  );
  return fromPlan(plan, new Map(sheets));
}

/** Stores what the changes run, and gives the sheets by the changes' ids. `known` are sheets that need no storing. */
export async function saveSheets(
  project: string,
  changes: readonly Change[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, string>> {
  const sheets = new Map<string, string>();
  for (const { id, file, statement } of changes) {
    sheets.set(id, file?.sheet ?? known.get(id) ?? (await saveSheet(project, statement)));
  }
  return sheets;
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
    if (!sameChanges(text, base)) {
      mask.push('specs');
      const unchanged = text.changes.flatMap(({ id, statement }) => {
        const same = base.changes.some((old) => old.id === id && old.statement === statement);
        const sheet = sheetOf(plan.specs?.find((spec) => spec.id === id));
        return same && sheet ? [[id, sheet] as const] : [];
      });
      const sheets = await saveSheets(projectOf(plan.name), text.changes, new Map(unchanged));
      next.specs = toSpecs(text, sheets, plan.specs);
    }
    if (mask.length === 0) return plan;
    const saved = await call('PlanService/UpdatePlan', { plan: next, updateMask: mask.join(',') });
    client.setQueryData(rpcKey('PlanService/GetPlan', { name: plan.name }), saved);
    return saved;
  };
}
