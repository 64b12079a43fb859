import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '@/api/client';
import { type ApiError, reasonOf } from '@/api/error';
import { rpcKey } from '@/api/query';
import { readSheet } from '@/api/sheets';
import type { Plan } from '@/api/types';
import { fromPlan, type PlanBlocker, type PlanText, planBlockers, sameText, sheetsOf } from './changes';
import { planDraftKey } from './drafts';
import { useDraft } from './useDraft';
import { usePlanText, useSavePlan } from './usePlan';

interface Draft {
  /** The version the edits began from. */
  etag: string | undefined;
  text: PlanText;
}

export type PlanEdit = ReturnType<typeof usePlanEdit>;

/**
 * Editing a saved plan. What differs from the server is a draft that survives a reload; saving sends the
 * version it began from, and a conflict leaves the choice to the person.
 */
export function usePlanEdit(plan: Plan) {
  const name = plan.name ?? '';
  const client = useQueryClient();
  const { text: saved, error: loadError } = usePlanText(plan);
  const draft = useDraft<Draft | null>(planDraftKey(name), null, (value) => value === null);
  const sendPlan = useSavePlan();
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [problem, setProblem] = useState<PlanBlocker>();
  const [theirs, setTheirs] = useState<{ plan: Plan; text: PlanText }>();
  const [comparing, setComparing] = useState(false);
  const ready = draft.value !== undefined && saved !== undefined;
  const mine = draft.value ?? null;
  const text = ready ? (mine?.text ?? saved) : undefined;
  const dirty = ready && mine !== null && !sameText(mine.text, saved);
  /** The last text that came from the server, for what "changed" means while a newer one loads. */
  const base = useRef(saved);
  useEffect(() => {
    if (saved) base.current = saved;
  }, [saved]);

  const patch = (next: Partial<PlanText>) => {
    if (!text) return;
    const changed = { ...text, ...next };
    setProblem(undefined);
    const same = base.current && sameText(changed, base.current);
    draft.setValue(same ? null : { etag: mine?.etag ?? plan.etag, text: changed });
  };
  const forget = async () => {
    draft.setValue(null);
    await draft.forget();
    setTheirs(undefined);
    setComparing(false);
    setError(null);
    setProblem(undefined);
  };
  /** True when everything is saved. */
  const send = async (onto: Plan, from: PlanText): Promise<boolean> => {
    if (!text) return false;
    const blocker = planBlockers(text)[0];
    setProblem(blocker);
    if (blocker) return false;
    setSaving(true);
    setError(null);
    try {
      await sendPlan(onto, text, from);
      await client.invalidateQueries({ queryKey: ['PlanService/GetPlanCheckRun'] });
      await forget();
      return true;
    } catch (failure) {
      if (reasonOf(failure) === 'ETAG_MISMATCH') await loadTheirs();
      else setError(failure as ApiError);
      return false;
    } finally {
      setSaving(false);
    }
  };
  const loadTheirs = async () => {
    const latest = await call('PlanService/GetPlan', { name });
    const sheets = await Promise.all(
      sheetsOf(latest).map(async (sheet) => [sheet, (await readSheet(sheet)).text] as const),
    );
    setTheirs({ plan: latest, text: fromPlan(latest, new Map(sheets)) });
  };
  return {
    text,
    /** What the server has, as far as loaded. */
    saved,
    dirty,
    saving,
    error: error ?? loadError,
    problem,
    patch,
    conflict: theirs,
    comparing,
    setComparing,
    save: async () => !saved || !dirty || send({ ...plan, etag: mine?.etag ?? plan.etag }, saved),
    /** Saves one small field at once (the title), without touching the rest of a draft. */
    saveTitle: async (title: string) => {
      const updated = await call('PlanService/UpdatePlan', {
        plan: { name, title, etag: plan.etag },
        updateMask: 'title',
      });
      client.setQueryData(rpcKey('PlanService/GetPlan', { name }), updated);
      // The edits in the draft began before this title; they go on from the new version.
      if (mine) draft.setValue({ etag: updated.etag, text: { ...mine.text, title } });
    },
    overwrite: () => (theirs ? send(theirs.plan, theirs.text) : undefined),
    reload: async () => {
      await forget();
      await client.invalidateQueries({ queryKey: rpcKey('PlanService/GetPlan', { name }) });
    },
  };
}
