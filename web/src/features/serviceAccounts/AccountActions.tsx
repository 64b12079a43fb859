import { Ellipsis, KeyRound, UserRoundCheck, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { toast } from '@/ui/toast';

interface Props {
  account: ServiceAccount;
  onKey: (account: ServiceAccount) => void;
}

export function AccountActions({ account, onKey }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const touches = ['ServiceAccountService'] as const;
  const update = useCall('ServiceAccountService/UpdateServiceAccount', { touches });
  const remove = useCall('ServiceAccountService/DeleteServiceAccount', { touches });
  const restore = useCall('ServiceAccountService/UndeleteServiceAccount', { touches });
  const { name, title } = account;
  const deleted = account.state === 'DELETED';
  const failed = (error: Error) => toast({ text: error.message, tone: 'danger' });
  const activate = () => restore.mutate({ name }, { onError: failed });
  const deactivate = () =>
    remove.mutate(
      { name },
      {
        onError: failed,
        onSuccess: () =>
          toast({
            text: t('user.deactivated', { name: title }),
            action: { label: t('action.undo'), run: activate },
          }),
      },
    );
  const rotate = () =>
    update.mutate(
      { serviceAccount: { name }, updateMask: 'serviceKey' },
      {
        onSuccess: (fresh) => {
          setAsking(false);
          onKey(fresh);
        },
      },
    );
  return (
    <>
      <Menu
        trigger={
          <IconButton size="sm" label={t('serviceAccount.actions', { name: title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {deleted ? (
          <MenuItem icon={<UserRoundCheck aria-hidden="true" />} onSelect={activate}>
            {t('user.activate')}
          </MenuItem>
        ) : (
          <>
            <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setAsking(true)}>
              {t('serviceAccount.newKey')}
            </MenuItem>
            <MenuItem danger icon={<UserRoundX aria-hidden="true" />} onSelect={deactivate}>
              {t('user.deactivate')}
            </MenuItem>
          </>
        )}
      </Menu>
      {asking && (
        <ActionConfirm
          title={t('serviceAccount.newKeyTitle', { name: title })}
          doing={t('serviceAccount.newKey')}
          call={update}
          onConfirm={rotate}
          onClose={() => setAsking(false)}
        >
          <p>{t('serviceAccount.newKeyText')}</p>
        </ActionConfirm>
      )}
    </>
  );
}
