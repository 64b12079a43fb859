import { Check, Circle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { checkPassword } from '@/lib/password';
import { PasswordField } from '@/ui/Field';
import { useRestriction } from './waysIn';

/** The rules of this workspace on a password, and whether it breaks one. */
export function useNewPassword(password: string) {
  const rules = checkPassword(password, useRestriction()?.passwordRestriction);
  return { rules, weak: rules.some(({ met }) => !met) };
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What the server says of it. */
  error?: string | undefined;
  tried: boolean;
  autoFocus?: boolean;
}

/** A password that is chosen here: each rule of the workspace is ticked once it is met. */
export function NewPasswordField({ label, value, onChange, error, tried, autoFocus }: Props) {
  const { t } = useTranslation();
  const { rules, weak } = useNewPassword(value);
  return (
    <PasswordField
      label={label}
      autoComplete="new-password"
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error ?? (weak && (tried || value.length > 0) ? t('firstAdmin.passwordWeak') : undefined)}
      hint={
        <ul className="flex flex-col gap-0.5">
          {rules.map(({ rule, met, min }) => (
            <li key={rule} className="flex items-center gap-1.5">
              {met ? (
                <Check className="size-3.5 text-success" aria-label={t('form.met')} />
              ) : (
                <Circle className="size-3.5" aria-label={t('form.notMet')} />
              )}
              {t(`password.${rule}`, { min })}
            </li>
          ))}
        </ul>
      }
    />
  );
}
