import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, reasonOf } from '@/api/error';
import { signIn } from '@/lib/session';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { CodeField } from './CodeField';
import { signInMessage } from './messages';

interface Props {
  /** Of the first step. */
  token: string;
  onIn: () => void;
  /** The first step must be done again; `late` when this one took too long. */
  onBack: (late: boolean) => void;
}

/** The second step of a sign-in: a code of the app, or a recovery code. */
export function SecondStep({ token, onIn, onBack }: Props) {
  const { t } = useTranslation();
  const [byRecovery, setByRecovery] = useState(false);
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const enter = useMutation<string | undefined, ApiError, string>({
    mutationFn: (text) =>
      signIn({ mfaTempToken: token, ...(byRecovery ? { recoveryCode: text } : { otpCode: text }) }),
    onSuccess: onIn,
    onError: (error) => {
      if (reasonOf(error) === 'NOT_SIGNED_IN') onBack(true);
    },
  });
  const missing = tried && !code.trim() ? t('secondFactor.codeNeeded') : undefined;
  const field = {
    autoFocus: true,
    value: code,
    error: missing,
    onChange: (event: { target: { value: string } }) => setCode(event.target.value),
  };
  const swap = () => {
    setByRecovery(!byRecovery);
    setCode('');
    setTried(false);
    enter.reset();
  };
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (code.trim() && !enter.isPending) enter.mutate(code.trim());
      }}
    >
      {enter.error && (
        <Notice tone="danger" role="alert">
          {signInMessage(
            t,
            enter.error,
            byRecovery ? t('secondFactor.recoveryWrong') : t('secondFactor.codeWrong'),
          )}
        </Notice>
      )}
      {byRecovery ? (
        <TextField
          key="recovery"
          {...field}
          label={t('secondFactor.recoveryCode')}
          hint={t('secondFactor.recoveryHint')}
          mono
          spellCheck={false}
        />
      ) : (
        <CodeField key="app" {...field} label={t('secondFactor.code')} hint={t('secondFactor.codeHint')} />
      )}
      <Button type="submit" tone="primary" busy={enter.isPending} className="h-9">
        {t('auth.signIn')}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button tone="ghost" size="sm" onClick={swap}>
          {byRecovery ? t('secondFactor.useApp') : t('secondFactor.useRecovery')}
        </Button>
        <Button tone="ghost" size="sm" onClick={() => onBack(false)}>
          {t('auth.back')}
        </Button>
      </div>
    </Form>
  );
}
