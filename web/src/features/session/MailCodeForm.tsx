import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { signIn } from '@/lib/session';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { CodeField } from './CodeField';
import { MailField, useMail } from './MailField';
import { signInMessage } from './messages';

interface Props {
  email: string;
  /** With the token of the second step, when there is one. */
  onEntered: (token: string | undefined) => void;
  /** Where a password is taken. */
  back: string;
}

/** Signing in by a code that comes by mail: first the address, then the code. */
export function MailCodeForm({ email, onEntered, back }: Props) {
  const { t } = useTranslation();
  const mail = useMail(email);
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const send = useMutation<unknown, ApiError, string>({
    mutationFn: (address) => call('AuthService/SendEmailLoginCode', { email: address }),
  });
  const enter = useMutation<string | undefined, ApiError, string>({
    mutationFn: (emailCode) => signIn({ email: mail.value, emailCode }),
    onSuccess: onEntered,
  });
  const sent = send.isSuccess;
  const error = enter.error ?? send.error;
  const submit = () => {
    if (!sent) {
      if (mail.check()) send.mutate(mail.value);
      return;
    }
    setTried(true);
    if (code.trim()) enter.mutate(code.trim());
  };
  return (
    <Form
      onSubmit={() => {
        if (!send.isPending && !enter.isPending) submit();
      }}
    >
      {error && (
        <Notice tone="danger" role="alert">
          {signInMessage(t, error, t('auth.mailCodeWrong'))}
        </Notice>
      )}
      {sent ? (
        <>
          <p role="status">{t('auth.codeSent', { email: mail.value })}</p>
          <CodeField
            autoFocus
            label={t('auth.mailCode')}
            hint={t('auth.mailCodeHint')}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            error={tried && !code.trim() ? t('secondFactor.codeNeeded') : undefined}
          />
        </>
      ) : (
        <MailField mail={mail} autoFocus />
      )}
      <Button type="submit" tone="primary" busy={send.isPending || enter.isPending} className="h-9">
        {sent ? t('auth.signIn') : t('auth.sendCode')}
      </Button>
      <p>
        <TextLink to={back}>{t('auth.withPassword')}</TextLink>
      </p>
    </Form>
  );
}
