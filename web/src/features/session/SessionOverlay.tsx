import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { signIn, signOut, useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { PasswordField, TextField } from '@/ui/Field';
import { Notice } from '@/ui/States';
import { signInMessage } from './messages';
import { Or, ProviderButtons } from './ProviderButtons';
import { SecondStep } from './SecondStep';
import { useProviders } from './waysIn';

const NOTHING = () => {};

/** Over the page when the session has ended: same person, same page, nothing typed is lost. */
export default function SessionOverlay() {
  const { t } = useTranslation();
  const me = useMe();
  const providers = useProviders();
  const email = me?.email ?? '';
  const [password, setPassword] = useState('');
  const [token, setToken] = useState('');
  const [late, setLate] = useState(false);
  const enter = useMutation<string | undefined, ApiError, string>({
    mutationFn: (secret) => {
      setLate(false);
      return signIn({ email, password: secret });
    },
    onSuccess: (second) => {
      setPassword('');
      setToken(second ?? '');
    },
  });
  const leave = useMutation<void, ApiError>({ mutationFn: signOut });
  const error = enter.error ?? leave.error;
  const other = (
    <Button tone="ghost" onClick={() => leave.mutate()}>
      {t('session.other')}
    </Button>
  );
  if (token) {
    return (
      <Dialog open title={t('session.again')} description={t('session.explain')} width="sm" footer={other}>
        <div data-session-over>
          {/* Once in, the session layer takes the overlay away. */}
          <SecondStep
            token={token}
            onIn={NOTHING}
            onBack={(tooLate) => {
              setLate(tooLate);
              setToken('');
            }}
          />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      title={t('session.again')}
      description={t('session.explain')}
      width="sm"
      footer={
        <>
          {other}
          <Button tone="primary" type="submit" form="sign-in-again" busy={enter.isPending}>
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
          if (!enter.isPending) enter.mutate(password);
        }}
      >
        {late && (
          <Notice tone="warning" role="alert">
            {t('secondFactor.late')}
          </Notice>
        )}
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
      {providers.length > 0 && (
        <>
          <Or />
          <ProviderButtons beside providers={providers} />
        </>
      )}
    </Dialog>
  );
}
