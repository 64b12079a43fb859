import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocalInput } from '@/lib/time';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';

const DAY_MS = 86_400_000;
/** Days that are offered; longer is a date of one's own. */
const DAYS = [1, 7, 30, 90] as const;
const USUAL = 30;
/** An empty field must not come to mean never. */
const NO_TIME = '?';

export const usualExpiry = () => new Date(Date.now() + USUAL * DAY_MS).toISOString();

interface Props {
  /** RFC 3339, '' for never; what is no time is wrong (`isExpiryWrong`). */
  value: string;
  onChange: (value: string) => void;
  tried: boolean;
  /** The first choice: what is given already has an end of its own. */
  first?: 'date' | 'never' | '30';
}

type Choice = `${(typeof DAYS)[number]}` | 'date' | 'never';

/** When a role ends: after some days, at a time, or never. */
export function ExpiryField({ value, onChange, tried, first = '30' }: Props) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice>(first);
  return (
    <div className="flex flex-wrap items-start gap-3">
      <Select
        className="min-w-48 flex-1"
        label={t('access.expires')}
        value={choice}
        onChange={(next) => {
          setChoice(next as Choice);
          if (next === 'never') onChange('');
          else if (next !== 'date') onChange(new Date(Date.now() + Number(next) * DAY_MS).toISOString());
          else if (Number.isNaN(Date.parse(value))) onChange(usualExpiry());
        }}
        options={[
          ...DAYS.map((days) => ({ value: String(days), label: t('access.afterDays', { count: days }) })),
          { value: 'date', label: t('access.atTime') },
          { value: 'never', label: t('access.never') },
        ]}
      />
      {choice === 'date' && (
        <TextField
          className="min-w-48 flex-1"
          type="datetime-local"
          label={t('access.endsAt')}
          value={Number.isNaN(Date.parse(value)) ? '' : toLocalInput(new Date(value))}
          onChange={(event) => {
            const time = new Date(event.target.value);
            onChange(Number.isNaN(time.getTime()) ? NO_TIME : time.toISOString());
          }}
          error={tried && isExpiryWrong(value) ? t('rollout.future') : undefined}
        />
      )}
    </div>
  );
}

export const isExpiryWrong = (value: string) => value !== '' && !(Date.parse(value) > Date.now());
