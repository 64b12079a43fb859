import { Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { signInMessage } from '@/features/session/messages';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { signIn, useBootstrap } from '@/lib/session';
import { safeNext } from '@/lib/url';
import { Button } from '@/ui/Button';
import { PasswordField, TextField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';

export default function SignInPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const bootstrap = useBootstrap();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [touched, setTouched] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  if (bootstrap.data?.needsFirstAdmin) return <Navigate to={paths.firstAdministrator() as never} replace />;

  const enter = async (mail: string, secret: string) => {
    setBusy(true);
    setError(null);
    try {
      await signIn(mail, secret);
      await go(safeNext(search.next), { replace: true });
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const demoUsers = bootstrap.data?.demoUsers ?? [];
  return (
    <AuthLayout title={t('auth.signIn')}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (email && password) enter(email, password);
        }}
      >
        {bootstrap.error && (
          <ErrorPanel error={bootstrap.error as ApiError} onRetry={() => bootstrap.refetch()} />
        )}
        {error && (
          <Notice tone="danger" role="alert">
            {signInMessage(t, error)}
          </Notice>
        )}
        <TextField
          label={t('auth.email')}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={touched && !email ? t('auth.emailNeeded') : undefined}
        />
        <PasswordField
          label={t('auth.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={touched && !password ? t('auth.passwordNeeded') : undefined}
        />
        <Button type="submit" tone="primary" busy={busy} className="h-9">
          {t('auth.signIn')}
        </Button>
        <p className="text-caption text-muted">{t('auth.forgot')}</p>
      </form>
      {demoUsers.length > 0 && (
        <section
          aria-label={t('auth.demoUsers')}
          className="mt-8 rounded-card border border-line bg-surface p-3"
        >
          <h2 className="text-body">{t('auth.demoUsers')}</h2>
          <ul className="mt-2 flex flex-col gap-2">
            {demoUsers.map((user) => (
              <li key={user.email} className="flex items-center justify-between gap-2">
                <span className="min-w-0">
                  <span className="block truncate font-medium">{user.title}</span>
                  <span className="block font-mono text-caption text-muted">{user.email}</span>
                  <span className="block font-mono text-caption text-muted">{user.password}</span>
                </span>
                <Button
                  size="sm"
                  aria-label={t('auth.continueAs', { name: user.title })}
                  onClick={() => {
                    setEmail(user.email);
                    setPassword(user.password);
                    enter(user.email, user.password);
                  }}
                >
                  {t('auth.continue')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </AuthLayout>
  );
}
