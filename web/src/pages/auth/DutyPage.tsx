import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { SetUpSecondFactor } from '@/features/account/SetUpSecondFactor';
import { NewPasswordField, useNewPassword } from '@/features/session/NewPasswordField';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { renewMe, signOut, useMe } from '@/lib/session';
import { sentence } from '@/lib/text';
import { safeNext } from '@/lib/url';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { toast } from '@/ui/toast';

/** What the workspace asks of a person before anything else; one thing after the other, then on to where they wanted. */
export default function DutyPage() {
  const { t } = useTranslation();
  const [search] = useSearchState();
  const me = useMe();
  const leave = (
    <Button
      tone="ghost"
      size="sm"
      onClick={() => signOut().catch((error: Error) => toast({ text: error.message, tone: 'danger' }))}
    >
      {t('account.signOut')}
    </Button>
  );
  switch (me?.requiredAction) {
    case 'CHANGE_PASSWORD':
      return (
        <AuthLayout key="password" title={t('duty.password')} lead={t('duty.passwordLead')}>
          <ChangePassword user={me.name ?? ''} />
          <div className="mt-4">{leave}</div>
        </AuthLayout>
      );
    case 'SET_UP_SECOND_FACTOR':
      return (
        <AuthLayout key="factor" title={t('secondFactor.setUp')} lead={t('duty.factorLead')}>
          <SetUpSecondFactor user={me} on={false} onDone={() => void renewMe()} leave={leave} />
        </AuthLayout>
      );
    default:
      return <Forward to={safeNext(search.next)} />;
  }
}

function ChangePassword({ user }: { user: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { weak } = useNewPassword(password);
  const change = useMutation<unknown, ApiError, string>({
    mutationFn: (chosen) =>
      call('UserService/UpdateUser', { user: { name: user, password: chosen }, updateMask: 'password' }),
    onSuccess: renewMe,
  });
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (!weak && !change.isPending) change.mutate(password);
      }}
    >
      {change.error && !change.error.saidBeside('password') && (
        <Notice tone="danger" role="alert">
          {sentence(change.error.message)}
        </Notice>
      )}
      <NewPasswordField
        label={t('account.newPassword')}
        value={password}
        onChange={setPassword}
        error={change.error?.field('password')}
        tried={tried}
        autoFocus
      />
      <Button type="submit" tone="primary" busy={change.isPending} className="h-9">
        {t('duty.change')}
      </Button>
    </Form>
  );
}

function Forward({ to }: { to: string }) {
  const go = useGo();
  useEffect(() => void go(to, { replace: true }), [go, to]);
  return null;
}
