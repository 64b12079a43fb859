import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { checkPassword, isEmail } from '@/lib/password';
import { PasswordField, TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';

/** A new person with a first password. */
export function UserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ title: '', email: '', password: '' });
  const [tried, setTried] = useState(false);
  const create = useCall('UserService/CreateUser', { touches: ['UserService'] });
  const weak = checkPassword(form.password).some((rule) => !rule.met);
  const change = (key: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [key]: event.target.value });
  const submit = () => {
    setTried(true);
    if (!form.title.trim() || !isEmail(form.email) || weak) return;
    create.mutate({ user: form }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={t('user.new')}
      width="sm"
      submit={t('user.create')}
      busy={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t('firstAdmin.name')}
        value={form.title}
        onChange={change('title')}
        error={tried && !form.title.trim() ? t('firstAdmin.nameNeeded') : undefined}
      />
      <TextField
        label={t('auth.email')}
        type="email"
        value={form.email}
        onChange={change('email')}
        error={
          create.error?.field('email') ??
          (tried && !isEmail(form.email) ? t('firstAdmin.emailWrong') : undefined)
        }
      />
      <PasswordField
        label={t('auth.password')}
        autoComplete="new-password"
        value={form.password}
        onChange={change('password')}
        hint={t('user.passwordHint')}
        error={create.error?.field('password') ?? (tried && weak ? t('user.passwordWeak') : undefined)}
      />
      {create.error && create.error.fields.length === 0 && (
        <ErrorPanel error={create.error} doing={t('user.create')} />
      )}
    </FormDialog>
  );
}
