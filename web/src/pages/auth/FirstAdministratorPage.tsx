import { Navigate } from '@tanstack/react-router';
import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { checkPassword, isEmail } from '@/lib/password';
import { paths } from '@/lib/paths';
import { createFirstAdministrator, useBootstrap } from '@/lib/session';
import { beginSetup } from '@/lib/setup';
import { Button } from '@/ui/Button';
import { PasswordField, TextField } from '@/ui/Field';
import { Notice } from '@/ui/States';

export default function FirstAdministratorPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const { data } = useBootstrap();
  const [form, setForm] = useState({ title: '', email: '', password: '', setupToken: search.token ?? '' });
  const [touched, setTouched] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  if (data && !data.needsFirstAdmin && !busy) return <Navigate to={paths.home() as never} replace />;

  const rules = checkPassword(form.password);
  const weak = rules.some((rule) => !rule.met);
  const change = (key: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [key]: event.target.value });
  const tokenWrong = error?.reason === 'SETUP_TOKEN_REQUIRED';
  const askToken = data?.setupTokenRequired || tokenWrong;
  const ready = form.title.trim() && isEmail(form.email) && !weak && (!askToken || form.setupToken);
  const submit = async () => {
    setTouched(true);
    if (!ready) return;
    setBusy(true);
    setError(null);
    try {
      beginSetup();
      await createFirstAdministrator({ ...form, title: form.title.trim() });
      await go(paths.setup(), { replace: true });
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AuthLayout title={t('firstAdmin.title')} lead={t('firstAdmin.lead')}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && !tokenWrong && error.fields.length === 0 && (
          <Notice tone="danger" role="alert">
            {error.message}
          </Notice>
        )}
        <TextField
          label={t('firstAdmin.name')}
          autoComplete="name"
          autoFocus
          value={form.title}
          onChange={change('title')}
          error={
            error?.field('title') ?? (touched && !form.title.trim() ? t('firstAdmin.nameNeeded') : undefined)
          }
        />
        <TextField
          label={t('auth.email')}
          type="email"
          autoComplete="username"
          value={form.email}
          onChange={change('email')}
          error={
            error?.field('email') ??
            (touched && !isEmail(form.email) ? t('firstAdmin.emailWrong') : undefined)
          }
        />
        <PasswordField
          label={t('auth.password')}
          autoComplete="new-password"
          value={form.password}
          onChange={change('password')}
          error={
            error?.field('password') ??
            (weak && (touched || form.password.length > 0) ? t('firstAdmin.passwordWeak') : undefined)
          }
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
        {askToken && (
          <TextField
            label={t('firstAdmin.token')}
            mono
            value={form.setupToken}
            onChange={change('setupToken')}
            hint={t('firstAdmin.tokenHint')}
            error={
              tokenWrong
                ? t('firstAdmin.tokenWrong')
                : touched && !form.setupToken
                  ? t('firstAdmin.tokenNeeded')
                  : undefined
            }
          />
        )}
        <Button type="submit" tone="primary" busy={busy} className="h-9">
          {t('firstAdmin.create')}
        </Button>
      </form>
    </AuthLayout>
  );
}
