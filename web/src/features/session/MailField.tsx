import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isEmail } from '@/lib/password';
import { TextField } from '@/ui/Field';

/** An address that is typed, and whether somebody has tried to go on with it. */
export function useMail(initial = '') {
  const [value, setValue] = useState(initial);
  const [tried, setTried] = useState(false);
  const good = isEmail(value);
  const check = () => {
    setTried(true);
    return good;
  };
  return { value, setValue, check, wrong: tried && !good };
}

interface Props {
  mail: ReturnType<typeof useMail>;
  autoFocus?: boolean;
}

export function MailField({ mail, autoFocus }: Props) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('auth.email')}
      type="email"
      autoComplete="username"
      autoFocus={autoFocus}
      value={mail.value}
      onChange={(event) => mail.setValue(event.target.value)}
      error={mail.wrong ? t('firstAdmin.emailWrong') : undefined}
    />
  );
}
