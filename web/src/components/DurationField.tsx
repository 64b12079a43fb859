import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { amountOf, durationOf, type Unit } from '@/lib/duration';
import { controlClass, Field } from '@/ui/Field';
import { Select } from '@/ui/Select';

interface Props {
  label: string;
  /** "5400s", or undefined for none. */
  value: string | undefined;
  /** `null` while what stands there is no duration. */
  onChange: (value: string | undefined | null) => void;
  units: readonly Unit[];
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
}

/** A number and its unit. Empty means none. */
export function DurationField({ label, value, onChange, units, placeholder, hint, error }: Props) {
  const { t } = useTranslation();
  const [amount, setAmount] = useState(() => amountOf(value, units));
  const change = (next: typeof amount) => {
    setAmount(next);
    onChange(durationOf(next));
  };
  const wrong = durationOf(amount) === null ? t('duration.wrong') : undefined;
  return (
    <Field label={label} hint={hint} error={error ?? wrong} className="max-w-72">
      {({ id, describedBy, invalid }) => (
        <span className="grid grid-cols-[1fr_7rem] gap-2">
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            value={amount.number}
            placeholder={placeholder}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            onChange={(event) => change({ ...amount, number: event.target.value })}
            className={cn(controlClass(error ?? wrong), 'h-8')}
          />
          <Select
            bare
            label={t('duration.unitOf', { label })}
            value={amount.unit}
            onChange={(unit) => change({ ...amount, unit: unit as Unit })}
            options={units.map((unit) => ({ value: unit, label: t(`duration.${unit}`) }))}
          />
        </span>
      )}
    </Field>
  );
}
