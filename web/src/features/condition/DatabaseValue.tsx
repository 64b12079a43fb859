import { useTranslation } from 'react-i18next';
import { DatabaseChips } from '@/features/databases/DatabaseChips';
import { DatabasePicker } from '@/features/query/DatabasePicker';
import { valuesOf } from './clauses';

interface Props {
  /** A name, or several with commas between them. */
  value: string;
  many: boolean;
  onChange: (value: string) => void;
}

/** One database, or several, found by part of the name. */
export function DatabaseValue({ value, many, onChange }: Props) {
  const { t } = useTranslation();
  if (!many) {
    return (
      <DatabasePicker
        className="min-w-48 flex-1"
        value={value}
        onChange={({ name = '' }) => onChange(name)}
      />
    );
  }
  const names = valuesOf(value);
  const set = (next: readonly string[]) => onChange(next.join(', '));
  return (
    <span className="flex min-w-48 flex-1 flex-col gap-1.5">
      <DatabasePicker value="" onChange={({ name = '' }) => !names.includes(name) && set([...names, name])} />
      <DatabaseChips label={t('plan.targets')} names={names} onChange={set} />
    </span>
  );
}
