import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { NewPasswordField, useNewPassword } from '@/features/session/NewPasswordField';
import { useRestriction } from '@/features/session/waysIn';
import { isEmail } from '@/lib/password';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';

/** A new person with a first password, or without one where the server can mail them the way to choose it. */
export function UserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ title: '', email: '', password: '' });
  const [tried, setTried] = useState(false);
  const create = useCall('UserService/CreateUser', { touches: ['UserService'] });
  const rules = useNewPassword(form.password);
  // Where the server sends mail, people may choose their first password themselves.
  const chooses = useRestriction()?.passwordResetEnabled && form.password === '';
  const weak = rules.weak && !chooses;
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
      <NewPasswordField
        label={t('auth.password')}
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
        error={create.error?.field('password')}
        tried={tried && weak}
      />
      {chooses && <p className="text-caption text-muted">{t('user.chooses')}</p>}
      {create.error && !create.error.saidBeside('email', 'password') && (
        <ErrorPanel error={create.error} doing={t('user.create')} />
      )}
    </FormDialog>
  );
}
