import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { emailOf } from '@/lib/names';
import { isEmail } from '@/lib/password';
import { TextField } from '@/ui/Field';
import { FEWEST_PEOPLE, MOST_PEOPLE, peopleIn } from './emergency';

interface Props {
  /** `users/{email}` */
  value: readonly string[];
  onChange: (people: string[]) => void;
  label: string;
  hint: string;
  error: ApiError | null;
  readOnly?: boolean;
}

/** Nobody, or as many as an emergency run asks for. */
export const areContacts = (people: readonly string[]): boolean =>
  people.length === 0 ||
  (people.length >= FEWEST_PEOPLE && people.length <= MOST_PEOPLE && people.map(emailOf).every(isEmail));

/** People who are told of emergency runs and review them. What is typed stays as typed until it is given a new key. */
export function ContactsField({ value, onChange, label, hint, error, readOnly }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value.map(emailOf).join(', '));
  return (
    <TextField
      label={label}
      value={text}
      readOnly={readOnly}
      onChange={(event) => {
        setText(event.target.value);
        onChange(peopleIn(event.target.value).map((email) => `users/${email}`));
      }}
      hint={hint}
      error={
        error?.fields.find(({ field }) => field.includes('emergency_contacts'))?.description ??
        (areContacts(value) ? undefined : t('emergency.missing.people'))
      }
    />
  );
}
