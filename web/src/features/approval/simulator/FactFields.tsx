import { useTranslation } from 'react-i18next';
import type { ConditionField } from '@/features/condition/fields';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import type { Source } from '../flows';
import { useConditionFields } from '../useConditionFields';

export interface Facts {
  environment: string;
  /** By the name of the variable; '' says nothing. */
  values: Readonly<Record<string, string>>;
}

export const NO_FACTS: Facts = { environment: '', values: {} };

interface Props {
  source: Source;
  value: Facts;
  onChange: (value: Facts) => void;
}

/** What conditions would see of a request, told by hand. */
export function FactFields({ source, value, onChange }: Props) {
  const { t } = useTranslation();
  const fields = useConditionFields(source).filter(({ name }) => name !== 'resource.environment_id');
  const set = (name: string, text: string) =>
    onChange({ ...value, values: { ...value.values, [name]: text } });
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <EnvironmentSelect
        label={t('environment.one')}
        value={value.environment}
        onChange={(environment) => onChange({ ...value, environment })}
      />
      {fields.map((field) => (
        <FactField
          key={field.name}
          field={field}
          value={value.values[field.name] ?? ''}
          onChange={(text) => set(field.name, text)}
        />
      ))}
    </div>
  );
}

/** Radix refuses '' as a value. */
const UNSAID = '-';

interface FieldProps {
  field: ConditionField;
  value: string;
  onChange: (value: string) => void;
}

function FactField({ field, value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const values =
    field.type === 'flag'
      ? [
          { value: 'true', label: t('condition.yes') },
          { value: 'false', label: t('condition.no') },
        ]
      : field.values;
  if (values && values.length > 0) {
    return (
      <Select
        label={field.text}
        value={value || UNSAID}
        onChange={(next) => onChange(next === UNSAID ? '' : next)}
        options={[{ value: UNSAID, label: t('approval.test.unsaid') }, ...values]}
      />
    );
  }
  return (
    <TextField
      label={field.text}
      inputMode={field.type === 'number' ? 'numeric' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
