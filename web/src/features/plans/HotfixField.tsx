import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '@/features/access/access';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';

interface Props {
  /** The reason's, to lead to it. */
  field: Ref<HTMLInputElement>;
  project: string;
  /** Why; undefined: it is none. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  error?: string | undefined;
}

/** Turns the order of stages around, for who may. */
export function HotfixField({ field, project, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const { data: access } = useProjectAccess(project);
  if (!access?.may('bb.plans.hotfix') && value === undefined) return null;
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
      <Checkbox
        label={t('plan.hotfix.label')}
        description={t('plan.hotfix.text')}
        checked={value !== undefined}
        onChange={(event) => onChange(event.target.checked ? '' : undefined)}
      />
      {value !== undefined && (
        <TextField
          ref={field}
          className="min-w-60 flex-1"
          label={t('plan.hotfix.reason')}
          value={value}
          maxLength={1000}
          onChange={(event) => onChange(event.target.value)}
          error={error}
        />
      )}
    </div>
  );
}
