import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { isEmail } from '@/lib/password';
import { type NewAccount, signUp } from '@/lib/session';
import { sentence } from '@/lib/text';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { NewPasswordField, useNewPassword } from './NewPasswordField';

interface Props {
  submit: string;
  /** The first administrator of a server that others can reach proves to have its log. */
  token?: { needed: boolean; initial: string };
  /** Before the account is made. */
  onBegin?: () => void;
  onDone: () => void;
}

/** A person makes an account of their own: name, address and password. */
export function AccountForm({ submit, token, onBegin, onDone }: Props) {
  const { t } = useTranslation();
  const [form, setForm] = useState({
    title: '',
    email: '',
    password: '',
    setupToken: token?.initial ?? '',
  });
  const [tried, setTried] = useState(false);
  const create = useMutation<void, ApiError, NewAccount>({
    mutationFn: (account) => {
      onBegin?.();
      return signUp(account);
    },
    onSuccess: onDone,
  });
  const { error } = create;
  const { weak } = useNewPassword(form.password);
  const change = (key: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [key]: event.target.value });
  const tokenWrong = error?.reason === 'SETUP_TOKEN_REQUIRED';
  const askToken = token?.needed || tokenWrong;
  const tokenError = tokenWrong
    ? t('firstAdmin.tokenWrong')
    : tried && !form.setupToken
      ? t('firstAdmin.tokenNeeded')
      : undefined;
  const title = form.title.trim();
  const ready = title && isEmail(form.email) && !weak && (!askToken || form.setupToken);
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (ready && !create.isPending) create.mutate({ ...form, title });
      }}
    >
      {error && !tokenWrong && !error.saidBeside('title', 'email', 'password') && (
        <Notice tone="danger" role="alert">
          {sentence(error.message)}
        </Notice>
      )}
      <TextField
        label={t('firstAdmin.name')}
        autoComplete="name"
        autoFocus
        value={form.title}
        onChange={change('title')}
        error={error?.field('title') ?? (tried && !title ? t('firstAdmin.nameNeeded') : undefined)}
      />
      <TextField
        label={t('auth.email')}
        type="email"
        autoComplete="username"
        value={form.email}
        onChange={change('email')}
        error={
          error?.field('email') ?? (tried && !isEmail(form.email) ? t('firstAdmin.emailWrong') : undefined)
        }
      />
      <NewPasswordField
        label={t('auth.password')}
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
        error={error?.field('password')}
        tried={tried}
      />
      {askToken && (
        <TextField
          label={t('firstAdmin.token')}
          mono
          value={form.setupToken}
          onChange={change('setupToken')}
          hint={t('firstAdmin.tokenHint')}
          error={tokenError}
        />
      )}
      <Button type="submit" tone="primary" busy={create.isPending} className="h-9">
        {submit}
      </Button>
    </Form>
  );
}
