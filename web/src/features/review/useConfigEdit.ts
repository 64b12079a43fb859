import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ReviewConfig, RuleConfig } from '@/api/types';
import { useDraft } from '@/features/plans/useDraft';
import { toast } from '@/ui/toast';
import { type Edits, edited, violationsByRule, withEdits, wrongRules } from './rules';

interface Draft {
  title?: string | undefined;
  rules: Edits;
}

const NOTHING: Draft = { rules: {} };
const isEmpty = ({ title, rules }: Draft) => title === undefined && Object.keys(rules).length === 0;

export type ConfigEdit = ReturnType<typeof useConfigEdit>;

/** Edits of a configuration's name and rules, kept over a reload until they are saved or thrown away. */
export function useConfigEdit(saved: ReviewConfig) {
  const { t } = useTranslation();
  const { value, setValue, forget } = useDraft<Draft>(`review:${saved.name}`, NOTHING, isEmpty);
  const draft = value ?? NOTHING;
  const update = useCall('ReviewConfigService/UpdateReviewConfig', { touches: ['ReviewConfigService'] });
  const [sent, setSent] = useState<readonly RuleConfig[]>([]);
  const savedRules = useMemo(() => saved.rules ?? [], [saved.rules]);
  const rules = useMemo(() => withEdits(savedRules, draft.rules), [savedRules, draft.rules]);
  const title = draft.title ?? saved.title ?? '';
  const wrong = useMemo(() => wrongRules(rules), [rules]);
  const setRule = useCallback(
    (key: string, rule: RuleConfig | null) =>
      setValue((now = NOTHING) => ({ ...now, rules: edited(savedRules, now.rules, key, rule) })),
    [setValue, savedRules],
  );
  const setTitle = (next: string) =>
    setValue((now = NOTHING) => ({ ...now, title: next === saved.title ? undefined : next }));
  const discard = () => {
    setValue(NOTHING);
    update.reset();
    return forget();
  };
  const ready = title.trim() !== '' && wrong.length === 0;
  const save = () => {
    if (!ready) return;
    const changes = [
      draft.title !== undefined && 'title',
      Object.keys(draft.rules).length > 0 && 'rules',
    ].filter(Boolean);
    setSent(rules);
    update.mutate(
      { reviewConfig: { name: saved.name, title: title.trim(), rules }, updateMask: changes.join(',') },
      { onSuccess: () => discard().then(() => toast({ text: t('state.saved') })) },
    );
  };
  const refused = useMemo(() => violationsByRule(sent, update.error?.fields ?? []), [sent, update.error]);
  return {
    title,
    setTitle,
    rules,
    edits: draft.rules,
    setRule,
    dirty: !isEmpty(draft),
    /** Rules that cannot be saved as they are. */
    wrong,
    ready,
    save,
    saving: update.isPending,
    discard,
    error: update.error,
    refusals: refused.rules,
    /** What the server said about anything but a rule. */
    others: refused.others,
  };
}
