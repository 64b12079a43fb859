import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewException, RuleConfig, RuleType } from '@/api/types';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Select } from '@/ui/Select';
import { exceptionProblems } from './exceptions';

const EVERY = 'every';

interface Props {
  /** Those that are on. */
  rules: readonly RuleConfig[];
  onAdd: (exception: ReviewException) => void;
  onClose: () => void;
}

/** One more place where a rule does not hold. It is saved with the rest of the page. */
export function ExceptionDialog({ rules, onAdd, onClose }: Props) {
  const { t } = useTranslation();
  const [rule, setRule] = useState(EVERY);
  const [texts, setTexts] = useState({ table: '', schema: '', label: '', reason: '' });
  const [tried, setTried] = useState(false);
  const trimmed = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.trim()]));
  const exception: ReviewException = { ...trimmed, rules: rule === EVERY ? [] : [rule as RuleType] };
  const wrong = exceptionProblems(exception);
  const types = [...new Set(rules.flatMap(({ type }) => type ?? []))].sort();
  const submit = () => {
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    onAdd(exception);
    onClose();
  };
  const field = (name: keyof typeof texts, error?: string | false) => ({
    value: texts[name],
    onChange: (event: { target: { value: string } }) => setTexts({ ...texts, [name]: event.target.value }),
    error: (tried && error) || undefined,
  });
  return (
    <FormDialog
      title={t('review.exceptions.addTitle')}
      description={t('review.exceptions.addText')}
      submit={t('review.exceptions.add')}
      onSubmit={submit}
      onClose={onClose}
    >
      <Select
        label={t('review.exceptions.rule')}
        value={rule}
        onChange={setRule}
        options={[
          { value: EVERY, label: t('review.exceptions.everyRule') },
          ...types.map((type) => ({ value: type, label: type })),
        ]}
      />
      <TextField
        label={t('review.exceptions.table')}
        hint={t('review.exceptions.patternHint')}
        optional
        mono
        {...field(
          'table',
          wrong.where ? t('review.exceptions.where') : wrong.table && t('review.exceptions.pattern'),
        )}
      />
      <TextField
        label={t('review.exceptions.schema')}
        optional
        mono
        {...field('schema', wrong.schema && t('review.exceptions.pattern'))}
      />
      <TextField
        label={t('review.exceptions.label')}
        hint={t('review.exceptions.labelHint')}
        optional
        mono
        {...field('label', wrong.label && t('review.exceptions.labelWrong'))}
      />
      <TextField
        label={t('review.exceptions.reason')}
        {...field('reason', wrong.reason && t('review.exceptions.reasonNeeded'))}
      />
    </FormDialog>
  );
}
