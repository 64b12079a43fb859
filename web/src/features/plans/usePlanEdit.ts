import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '@/api/client';
import { type ApiError, reasonOf } from '@/api/error';
import { rpcKey } from '@/api/query';
import type { Plan } from '@/api/types';
import { mergeText, type PlanBlocker, type PlanText, planBlockers, sameText } from './changes';
import { planDraftKey } from './drafts';
import { useDraft } from './useDraft';
import { readPlanText, usePlanText, useSavePlan } from './usePlan';

interface Draft {
  /** The version the edits began from, and what it said. */
  etag: string | undefined;
  from?: PlanText | undefined;
  text: PlanText;
}

/** What somebody else made of the plan meanwhile. */
export interface Conflict {
  plan: Plan;
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
  const [theirs, setTheirs] = useState<Conflict>();
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

  // Told as soon as the other's change is here, not only when this one is to be saved.
  const { setValue } = draft;
  useEffect(() => {
    if (!saved || !mine?.from || saving || mine.etag === plan.etag || sameText(mine.text, saved)) return;
    const merged = mergeText(mine.from, mine.text, saved);
    if (merged) setValue({ etag: plan.etag, from: saved, text: merged });
    else setTheirs({ plan, text: saved });
  }, [plan, saved, mine, saving, setValue]);

  const patch = (next: Partial<PlanText>) => {
    if (!text) return;
    const changed = { ...text, ...next };
    setProblem(undefined);
    const same = base.current && sameText(changed, base.current);
    const from = mine ? mine.from : base.current;
    draft.setValue(same ? null : { etag: mine?.etag ?? plan.etag, from, text: changed });
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
    setTheirs({ plan: latest, text: await readPlanText(latest) });
  };
  return {
    text,
    /** What another browser has left for this plan. */
    newer: draft.newer,
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
    save: async () => {
      if (theirs) {
        setComparing(true);
        return false;
      }
      return !saved || !dirty || send({ ...plan, etag: mine?.etag ?? plan.etag }, saved);
    },
    /** Saves one small field at once (the title), without touching the rest of a draft. */
    saveTitle: async (title: string) => {
      const updated = await call('PlanService/UpdatePlan', {
        plan: { name, title, etag: plan.etag },
        updateMask: 'title',
      });
      client.setQueryData(rpcKey('PlanService/GetPlan', { name }), updated);
      // The edits in the draft began before this title; they go on from the new version.
      if (mine) {
        const from = mine.from && { ...mine.from, title };
        draft.setValue({ etag: updated.etag, from, text: { ...mine.text, title } });
      }
    },
    overwrite: () => (theirs ? send(theirs.plan, theirs.text) : undefined),
    reload: async () => {
      await forget();
      await client.invalidateQueries({ queryKey: rpcKey('PlanService/GetPlan', { name }) });
    },
  };
}
