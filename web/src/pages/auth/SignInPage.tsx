import { useMutation } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { DemoUsers } from '@/features/session/DemoUsers';
import { MailCodeForm } from '@/features/session/MailCodeForm';
import { signInMessage } from '@/features/session/messages';
import { Or, ProviderButtons } from '@/features/session/ProviderButtons';
import { SecondStep } from '@/features/session/SecondStep';
import { useProviders, useRestriction } from '@/features/session/waysIn';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { signIn, useBootstrap } from '@/lib/session';
import { safeNext } from '@/lib/url';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { PasswordField, TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { ErrorPanel, Notice } from '@/ui/States';

interface Credentials {
  email: string;
  password: string;
}

export default function SignInPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const bootstrap = useBootstrap();
  const restriction = useRestriction();
  const providers = useProviders();
  const [form, setForm] = useState<Credentials>({ email: '', password: '' });
  const [touched, setTouched] = useState(false);
  /** Of the first step, while the second one is asked for. */
  const [token, setToken] = useState('');
  const [late, setLate] = useState(false);
  const onIn = () => go(safeNext(search.next), { replace: true });
  const onEntered = (second: string | undefined) => {
    setToken(second ?? '');
    if (!second) void onIn();
  };
  const enter = useMutation<string | undefined, ApiError, Credentials>({
    mutationFn: (credentials) => {
      setLate(false);
      return signIn(credentials);
    },
    onSuccess: onEntered,
  });
  if (bootstrap.data?.needsFirstAdmin) return <Navigate to={paths.firstAdministrator() as never} replace />;
  if (token) {
    return (
      <AuthLayout key="second" title={t('secondFactor.step')} lead={t('secondFactor.stepLead')}>
        <SecondStep
          token={token}
          onIn={onIn}
          onBack={(tooLate) => {
            setLate(tooLate);
            setToken('');
          }}
        />
      </AuthLayout>
    );
  }
  if (search.by === 'mail' && restriction?.allowEmailCodeSignin) {
    return (
      <AuthLayout key="mail" title={t('auth.signIn')}>
        <MailCodeForm email={form.email} onEntered={onEntered} back={paths.signIn(search.next)} />
      </AuthLayout>
    );
  }
  if (restriction?.disallowPasswordSignin && providers.length > 0 && search.by !== 'password') {
    return (
      <AuthLayout key="providers" title={t('auth.signIn')} lead={t('auth.providersOnly')}>
        <ProviderButtons providers={providers} next={search.next} />
        <p className="mt-4">
          <TextLink to={paths.signIn(search.next, 'password')}>{t('auth.asAdministrator')}</TextLink>
        </p>
      </AuthLayout>
    );
  }
  const submit = () => {
    setTouched(true);
    if (form.email && form.password && !enter.isPending) enter.mutate(form);
  };
  return (
    <AuthLayout key="password" title={t('auth.signIn')}>
      <Form onSubmit={submit}>
        {bootstrap.error && (
          <ErrorPanel error={bootstrap.error as ApiError} onRetry={() => bootstrap.refetch()} />
        )}
        {late && (
          <Notice tone="warning" role="alert">
            {t('secondFactor.late')}
          </Notice>
        )}
        {enter.error && (
          <Notice tone="danger" role="alert">
            {signInMessage(t, enter.error)}
          </Notice>
        )}
        <TextField
          label={t('auth.email')}
          type="email"
          autoComplete="username"
          autoFocus
          value={form.email}
          onChange={(event) => setForm({ ...form, email: event.target.value })}
          error={touched && !form.email ? t('auth.emailNeeded') : undefined}
        />
        <PasswordField
          label={t('auth.password')}
          autoComplete="current-password"
          value={form.password}
          onChange={(event) => setForm({ ...form, password: event.target.value })}
          error={touched && !form.password ? t('auth.passwordNeeded') : undefined}
        />
        <Button type="submit" tone="primary" busy={enter.isPending} className="h-9">
          {t('auth.signIn')}
        </Button>
      </Form>
      {providers.length > 0 && (
        <>
          <Or />
          <ProviderButtons providers={providers} next={search.next} />
        </>
      )}
      {restriction && (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          {restriction.passwordResetEnabled ? (
            <TextLink to={paths.forgotPassword(form.email)}>{t('auth.forgot')}</TextLink>
          ) : (
            <p className="text-caption text-muted">{t('auth.forgotAsk')}</p>
          )}
          {restriction.allowEmailCodeSignin && (
            <TextLink to={paths.signIn(search.next, 'mail')}>{t('auth.byMail')}</TextLink>
          )}
          {!restriction.disallowSignup && (
            <TextLink to={paths.signUp(search.next)}>{t('auth.signUp')}</TextLink>
          )}
        </div>
      )}
      <DemoUsers
        users={bootstrap.data?.demoUsers ?? []}
        onChoose={(chosen) => {
          setForm(chosen);
          enter.mutate(chosen);
        }}
      />
    </AuthLayout>
  );
}
