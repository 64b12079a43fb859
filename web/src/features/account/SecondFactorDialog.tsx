import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidateMethods, useCall } from '@/api/query';
import type { User } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { CodeField } from '@/features/session/CodeField';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';
import { RecoveryCodes } from './RecoveryCodes';
import type { FactorTask } from './SecondFactor';
import { SetUpSecondFactor } from './SetUpSecondFactor';

interface Props {
  me: User;
  onClose: () => void;
}

/** What is done with the second factor: each proves the present one first. */
export default function SecondFactorDialog({ task, ...rest }: Props & { task: FactorTask }) {
  switch (task) {
    case 'setUp':
      return <SetUp {...rest} />;
    case 'codes':
      return <NewCodes {...rest} />;
    case 'off':
      return <TurnOff {...rest} />;
  }
}

function SetUp({ me, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // As it was when the dialog opened: it is on before its recovery codes are kept.
  const [on] = useState(me.mfaEnabled ?? false);
  const [confirmed, setConfirmed] = useState(false);
  const done = () => {
    void invalidateMethods(client, ['UserService']);
    onClose();
  };
  return (
    <Dialog
      open
      title={on ? t('secondFactor.another') : t('secondFactor.setUp')}
      width="sm"
      onOpenChange={confirmed ? undefined : done}
    >
      <SetUpSecondFactor
        user={me}
        on={on}
        onConfirmed={() => setConfirmed(true)}
        onDone={done}
        leave={<Button onClick={done}>{t('action.cancel')}</Button>}
      />
    </Dialog>
  );
}

/** The code that proves the present factor, and what is wrong with it. */
function usePresentCode(error: { field: (name: string) => string | undefined } | null) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = error?.field('otp_code') !== undefined;
  const missing = tried && !code.trim();
  return {
    code: code.trim(),
    check: () => {
      setTried(true);
      return Boolean(code.trim());
    },
    field: (
      <CodeField
        label={t('secondFactor.presentCode')}
        hint={t('secondFactor.presentCodeHint')}
        autoFocus
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={wrong ? t('secondFactor.codeWrong') : missing ? t('secondFactor.codeNeeded') : undefined}
      />
    ),
  };
}

function NewCodes({ me, onClose }: Props) {
  const { t } = useTranslation();
  const make = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  const present = usePresentCode(make.error);
  if (make.data) {
    return (
      <Dialog open title={t('secondFactor.newCodes')} width="sm">
        <RecoveryCodes codes={make.data.tempRecoveryCodes ?? []} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={t('secondFactor.newCodes')}
      description={t('secondFactor.newCodesText')}
      width="sm"
      submit={t('secondFactor.makeCodes')}
      busy={make.isPending}
      onSubmit={() => {
        if (!present.check()) return;
        make.mutate({ user: { name: me.name }, regenerateRecoveryCodes: true, otpCode: present.code });
      }}
      onClose={onClose}
    >
      {present.field}
      {make.error && !make.error.saidBeside('otp_code') && (
        <ErrorPanel error={make.error} doing={t('secondFactor.newCodes')} />
      )}
    </FormDialog>
  );
}

function TurnOff({ me, onClose }: Props) {
  const { t } = useTranslation();
  const off = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  const present = usePresentCode(off.error);
  const turnOff = () => {
    if (!present.check()) return;
    const user = { name: me.name, mfaEnabled: false };
    off.mutate({ user, updateMask: 'mfaEnabled', otpCode: present.code }, { onSuccess: onClose });
  };
  return (
    <ActionConfirm
      title={t('secondFactor.offTitle')}
      doing={t('secondFactor.turnOff')}
      call={off}
      saying={['otp_code']}
      onConfirm={turnOff}
      onClose={onClose}
    >
      <p>{t('secondFactor.offText')}</p>
      {present.field}
    </ActionConfirm>
  );
}
