import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import type { Request } from '@/api/methods';
import { CodeField } from '@/features/session/CodeField';
import { MailField, useMail } from '@/features/session/MailField';
import { signInMessage } from '@/features/session/messages';
import { NewPasswordField, useNewPassword } from '@/features/session/NewPasswordField';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { toast } from '@/ui/toast';

/** Takes the code that came by mail, and a new password. */
export default function ResetPasswordPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const mail = useMail(search.email);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { weak } = useNewPassword(password);
  const reset = useMutation<unknown, ApiError, Request<'AuthService/ResetPassword'>>({
    mutationFn: (request) => call('AuthService/ResetPassword', request),
    onSuccess: async () => {
      await go(paths.signIn(), { replace: true });
      toast({ text: t('reset.done') });
    },
  });
  const submit = () => {
    setTried(true);
    const good = mail.check() && code.trim() && !weak;
    if (good && !reset.isPending) reset.mutate({ email: mail.value, code, newPassword: password });
  };
  return (
    <AuthLayout title={t('reset.title')} lead={search.email ? t('reset.lead') : undefined}>
      <Form onSubmit={submit}>
        {reset.error && !reset.error.saidBeside('new_password') && (
          <Notice tone="danger" role="alert">
            {signInMessage(t, reset.error, t('reset.codeWrong'))}
          </Notice>
        )}
        <MailField mail={mail} autoFocus={!search.email} />
        <CodeField
          label={t('auth.mailCode')}
          hint={t('auth.mailCodeHint')}
          autoFocus={Boolean(search.email)}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          error={tried && !code.trim() ? t('secondFactor.codeNeeded') : undefined}
        />
        <NewPasswordField
          label={t('account.newPassword')}
          value={password}
          onChange={setPassword}
          error={reset.error?.field('new_password')}
          tried={tried}
        />
        <Button type="submit" tone="primary" busy={reset.isPending} className="h-9">
          {t('reset.set')}
        </Button>
        <p className="flex flex-wrap justify-between gap-2">
          <TextLink to={paths.signIn()}>{t('auth.toSignIn')}</TextLink>
          <TextLink to={paths.forgotPassword(mail.value)}>{t('reset.again')}</TextLink>
        </p>
      </Form>
    </AuthLayout>
  );
}
