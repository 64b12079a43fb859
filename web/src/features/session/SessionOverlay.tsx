import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { signIn, signOut, useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { PasswordField, TextField } from '@/ui/Field';
import { Notice } from '@/ui/States';
import { signInMessage } from './messages';

/** Over the page when the session has ended: same person, same page, nothing typed is lost. */
export default function SessionOverlay() {
  const { t } = useTranslation();
  const me = useMe();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const email = me?.email ?? '';
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await signIn(email, password);
      setPassword('');
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const other = () => {
    signOut().catch((failure: ApiError) => setError(failure));
  };
  return (
    <Dialog
      open
      title={t('session.again')}
      description={t('session.explain')}
      width="sm"
      footer={
        <>
          <Button tone="ghost" onClick={other}>
            {t('session.other')}
          </Button>
          <Button tone="primary" type="submit" form="sign-in-again" busy={busy}>
            {t('auth.signIn')}
          </Button>
        </>
      }
    >
      <form
        id="sign-in-again"
        data-session-over
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && (
          <Notice tone="danger" role="alert">
            {signInMessage(t, error)}
          </Notice>
        )}
        <TextField label={t('auth.email')} value={email} readOnly autoComplete="username" />
        <PasswordField
          label={t('auth.password')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          autoFocus
        />
      </form>
    </Dialog>
  );
}
