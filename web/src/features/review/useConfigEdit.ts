import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ReviewConfig, ReviewException, RuleConfig } from '@/api/types';
import { useDraft } from '@/features/plans/useDraft';
import { toast } from '@/ui/toast';
import { addException, type ExceptionEdits, removeException, withExceptionEdits } from './exceptions';
import { type Edits, edited, violationsByRule, withEdits, wrongRules } from './rules';

interface Draft {
  title?: string | undefined;
  rules: Edits;
  exceptions?: ExceptionEdits | undefined;
  refuseSuppression?: boolean | undefined;
}

const NOTHING: Draft = { rules: {} };
const isEmpty = ({ title, rules, exceptions, refuseSuppression }: Draft) =>
  title === undefined &&
  Object.keys(rules).length === 0 &&
  exceptions === undefined &&
  refuseSuppression === undefined;

export type ConfigEdit = ReturnType<typeof useConfigEdit>;

/** Edits of a configuration's name, rules and exceptions, kept over a reload until they are saved or thrown away. */
export function useConfigEdit(saved: ReviewConfig) {
  const { t } = useTranslation();
  const { value, setValue, forget, newer } = useDraft<Draft>(`review:${saved.name}`, NOTHING, isEmpty);
  const draft = value ?? NOTHING;
  const update = useCall('ReviewConfigService/UpdateReviewConfig', { touches: ['ReviewConfigService'] });
  const [sent, setSent] = useState<readonly RuleConfig[]>([]);
  const savedRules = useMemo(() => saved.rules ?? [], [saved.rules]);
  const rules = useMemo(() => withEdits(savedRules, draft.rules), [savedRules, draft.rules]);
  const exceptions = useMemo(
    () => withExceptionEdits(saved.exceptions ?? [], draft.exceptions),
    [saved.exceptions, draft.exceptions],
  );
  const refuseSuppression = draft.refuseSuppression ?? saved.refuseSuppression ?? false;
  const title = draft.title ?? saved.title ?? '';
  const wrong = useMemo(() => wrongRules(rules), [rules]);
  const setRule = useCallback(
    (key: string, rule: RuleConfig | null) =>
      setValue((now = NOTHING) => ({ ...now, rules: edited(savedRules, now.rules, key, rule) })),
    [setValue, savedRules],
  );
  const setTitle = (next: string) =>
    setValue((now = NOTHING) => ({ ...now, title: next === saved.title ? undefined : next }));
  const setExceptions = (edit: (edits: ExceptionEdits | undefined) => ExceptionEdits | undefined) =>
    setValue((now = NOTHING) => ({ ...now, exceptions: edit(now.exceptions) }));
  const setRefuseSuppression = (next: boolean) =>
    setValue((now = NOTHING) => ({
      ...now,
      refuseSuppression: next === (saved.refuseSuppression ?? false) ? undefined : next,
    }));
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
      draft.exceptions && 'exceptions',
      draft.refuseSuppression !== undefined && 'refuseSuppression',
    ].filter(Boolean);
    setSent(rules);
    update.mutate(
      {
        // Edits are put into what is shown; what somebody saved since then is not lost.
        reviewConfig: {
          name: saved.name,
          etag: saved.etag,
          title: title.trim(),
          rules,
          exceptions,
          refuseSuppression,
        },
        updateMask: changes.join(','),
      },
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
    exceptions,
    addException: (exception: ReviewException) => setExceptions((edits) => addException(edits, exception)),
    removeException: (exception: ReviewException) =>
      setExceptions((edits) => removeException(edits, exception)),
    refuseSuppression,
    setRefuseSuppression,
    dirty: !isEmpty(draft),
    /** Rules that cannot be saved as they are. */
    wrong,
    /** What another browser has left for this configuration. */
    newer,
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
