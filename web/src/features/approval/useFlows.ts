import { useMemo, useState } from 'react';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import type { ApprovalRule } from '@/api/types';
import { type ConditionField, type ConditionProblem, problemOf } from '@/features/condition/fields';
import {
  changed,
  draftsOf,
  isSame,
  moved,
  problemsOf,
  type RuleDraft,
  type RuleProblem,
  ruleAt,
  rulesOf,
  type Source,
  withRule,
} from './flows';
import type { Editing } from './SourceSection';

export const APPROVAL_SETTING = 'settings/WORKSPACE_APPROVAL';

/** The rules while they are edited: kept here until they are saved, all together, or dropped. */
export function useFlows(saved: readonly ApprovalRule[], fieldsOf: (source: Source) => ConditionField[]) {
  const from = useMemo(() => draftsOf(saved), [saved]);
  const [edited, setEdited] = useState<RuleDraft[] | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  /** What was sent, for what the server says of it. */
  const [sent, setSent] = useState<readonly RuleDraft[]>([]);
  const update = useCall('SettingService/UpdateSetting', { touches: ['SettingService'] });
  const drafts = edited ?? from;
  const dirty = edited !== null && !isSame(edited, from);
  const problems = new Map<string, RuleProblem[]>();
  if (tried) {
    for (const rule of drafts) {
      const found = problemsOf(rule, fieldsOf(rule.source));
      if (found.length > 0) problems.set(rule.key, found);
    }
  }
  const refused = refusals(update.error, sent, drafts);
  const show = (keys: Iterable<string>) => setOpen(new Set([...open, ...keys]));
  const editing: Editing = {
    drafts,
    open,
    onOpen: (key, on) => {
      const next = new Set(open);
      if (on) next.add(key);
      else next.delete(key);
      setOpen(next);
    },
    onAdd: (rule) => {
      setEdited(withRule(drafts, rule));
      show([rule.key]);
    },
    onChange: (rule) => setEdited(changed(drafts, rule)),
    onMove: (key, to) => setEdited(moved(drafts, key, to)),
    onRemove: (key) => setEdited(drafts.filter((rule) => rule.key !== key)),
    problems,
    refused,
  };
  const reset = () => {
    setEdited(null);
    setTried(false);
    setOpen(new Set());
    update.reset();
  };
  const save = () => {
    setTried(true);
    const wrong = drafts.filter((rule) => problemsOf(rule, fieldsOf(rule.source)).length > 0);
    if (wrong.length > 0) {
      show(wrong.map(({ key }) => key));
      return;
    }
    setSent(drafts);
    update.mutate(
      {
        setting: { name: APPROVAL_SETTING, value: { workspaceApproval: { rules: rulesOf(drafts) } } },
      },
      {
        onSuccess: reset,
        onError: (error) => show(refusals(error, drafts, drafts).keys()),
      },
    );
  };
  return {
    editing,
    dirty,
    save,
    reset,
    saving: update.isPending,
    /** A refusal that is not about conditions. */
    error:
      update.error?.fields.every(({ field }) => field.includes('.condition')) &&
      update.error.fields.length > 0
        ? null
        : update.error,
    wrong: problems.size + refused.size,
  };
}

/** What the server says about conditions, as long as they are the ones that it was sent. */
function refusals(
  error: ApiError | null,
  sent: readonly RuleDraft[],
  now: readonly RuleDraft[],
): ReadonlyMap<string, ConditionProblem> {
  const found = new Map<string, ConditionProblem>();
  for (const { field, description } of error?.fields ?? []) {
    const was = sent[ruleAt(field) ?? -1];
    const is = now.find((rule) => rule.key === was?.key);
    if (!field.includes('.condition') || !was || is?.condition !== was.condition) continue;
    found.set(was.key, problemOf(description, was.condition.trim()));
  }
  return found;
}
