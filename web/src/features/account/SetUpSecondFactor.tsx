import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { User } from '@/api/types';
import { CodeField } from '@/features/session/CodeField';
import { signInMessage } from '@/features/session/messages';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/States';
import { RecoveryCodes } from './RecoveryCodes';

const QrCode = lazy(() => import('./QrCode'));

interface Props {
  user: User;
  /** There is one already, which is asked before another takes its place. */
  on: boolean;
  /** It is on, and its recovery codes show: no time to close by a slip. */
  onConfirmed?: () => void;
  onDone: () => void;
  /** The way out while nothing has begun to count. */
  leave: ReactNode;
}

/** What an app reads from the QR code. */
function addressOf(product: string, email: string, secret: string): string {
  const label = encodeURIComponent(`${product}:${email}`);
  return `otpauth://totp/${label}?${new URLSearchParams({ secret, issuer: product })}`;
}

/** A second factor, step by step: a secret for the app, a code that proves it, recovery codes to keep. */
export function SetUpSecondFactor({ user, on, onConfirmed, onDone, leave }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const begin = useCall('UserService/UpdateUser');
  const confirm = useCall('UserService/UpdateUser');
  const shown = begin.data;
  const asks = shown !== undefined || on;
  const call = shown ? confirm : begin;
  const next = () => {
    setCode('');
    setTried(false);
  };
  const submit = () => {
    setTried(true);
    if ((asks && !code.trim()) || call.isPending) return;
    const otpCode = asks ? code.trim() : undefined;
    if (!shown) {
      begin.mutate(
        { user: { name: user.name }, regenerateTempMfaSecret: true, otpCode },
        { onSuccess: next },
      );
      return;
    }
    confirm.mutate(
      { user: { name: user.name, mfaEnabled: true }, updateMask: 'mfaEnabled', otpCode },
      { onSuccess: finish },
    );
  };
  const finish = () => {
    setConfirmed(true);
    onConfirmed?.();
  };
  const startAgain = () => {
    begin.reset();
    confirm.reset();
    next();
  };
  if (confirmed) return <RecoveryCodes codes={shown?.tempRecoveryCodes ?? []} onDone={onDone} />;
  const secret = shown?.tempOtpSecret ?? '';
  return (
    <Form onSubmit={submit}>
      {call.error && !call.error.saidBeside('otp_code') && (
        <Notice
          tone="danger"
          role="alert"
          actions={
            shown && (
              <Button size="sm" onClick={startAgain}>
                {t('secondFactor.again')}
              </Button>
            )
          }
        >
          {shown ? t('secondFactor.notConfirmed') : signInMessage(t, call.error)}
        </Notice>
      )}
      {shown ? (
        <>
          <p>{t('secondFactor.scan')}</p>
          <Suspense fallback={<span className="size-44" />}>
            <QrCode
              text={addressOf(t('product'), user.email ?? '', secret)}
              label={t('secondFactor.qr', { email: user.email })}
            />
          </Suspense>
          <div className="flex flex-col gap-1">
            <p className="text-small text-muted">{t('secondFactor.byHand')}</p>
            <CopyBlock wrap text={secret.replace(/(.{4})(?=.)/g, '$1 ')} label={t('secondFactor.secret')} />
          </div>
        </>
      ) : (
        <p>{on ? t('secondFactor.otherApp') : t('secondFactor.before')}</p>
      )}
      {asks && (
        <CodeField
          key={shown ? 'new' : 'old'}
          autoFocus
          className="max-w-60"
          label={shown ? t('secondFactor.newCode') : t('secondFactor.presentCode')}
          hint={shown ? t('secondFactor.newCodeHint') : t('secondFactor.presentCodeHint')}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          error={
            call.error?.field('otp_code') !== undefined
              ? t('secondFactor.codeWrong')
              : tried && !code.trim()
                ? t('secondFactor.codeNeeded')
                : undefined
          }
        />
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {leave}
        <Button type="submit" tone="primary" busy={call.isPending}>
          {shown ? t('secondFactor.turnOn') : t('secondFactor.begin')}
        </Button>
      </div>
    </Form>
  );
}
