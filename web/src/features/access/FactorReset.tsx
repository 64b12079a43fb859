import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { User } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { useMay } from '@/lib/may';
import { useMe } from '@/lib/session';
import { Button } from '@/ui/Button';

/** For somebody who lost phone and recovery codes: an administrator turns the second factor off. */
export function FactorReset({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const [asked, setAsked] = useState(false);
  const reset = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  // One's own is turned off on the own page, with a code.
  if (!user.mfaEnabled || user.email === me?.email || !may.everywhere('bb.users.update')) return null;
  const close = () => setAsked(false);
  return (
    <>
      <Button size="sm" tone="ghost" onClick={() => setAsked(true)}>
        {t('user.resetFactor')}
      </Button>
      {asked && (
        <ActionConfirm
          title={t('user.resetFactorTitle', { name: user.title })}
          doing={t('secondFactor.turnOff')}
          call={reset}
          onConfirm={() =>
            reset.mutate(
              { user: { name: user.name, mfaEnabled: false }, updateMask: 'mfaEnabled' },
              { onSuccess: close },
            )
          }
          onClose={close}
        >
          <p>{t('user.resetFactorText')}</p>
        </ActionConfirm>
      )}
    </>
  );
}
