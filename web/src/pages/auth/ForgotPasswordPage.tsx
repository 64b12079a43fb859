import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { MailField, useMail } from '@/features/session/MailField';
import { signInMessage } from '@/features/session/messages';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';

/** Asks for a mail with a code. What it says is the same whether there is such an account or not. */
export default function ForgotPasswordPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const mail = useMail(search.email);
  const send = useMutation<unknown, ApiError, string>({
    mutationFn: (email) => call('AuthService/RequestPasswordReset', { email }),
    onSuccess: (_, email) => go(paths.resetPassword(email)),
  });
  return (
    <AuthLayout title={t('reset.forgot')} lead={t('reset.forgotLead')}>
      <Form
        onSubmit={() => {
          if (mail.check() && !send.isPending) send.mutate(mail.value);
        }}
      >
        {send.error && (
          <Notice tone="danger" role="alert">
            {signInMessage(t, send.error)}
          </Notice>
        )}
        <MailField mail={mail} autoFocus />
        <Button type="submit" tone="primary" busy={send.isPending} className="h-9">
          {t('reset.send')}
        </Button>
        <p className="flex flex-wrap justify-between gap-2">
          <TextLink to={paths.signIn()}>{t('auth.toSignIn')}</TextLink>
          <TextLink to={paths.resetPassword(mail.value)}>{t('reset.haveCode')}</TextLink>
        </p>
      </Form>
    </AuthLayout>
  );
}
