import { Ellipsis, KeyRound, UserRoundCheck, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { Button, IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { Menu, MenuItem } from '@/ui/Menu';
import { ErrorPanel } from '@/ui/States';
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
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('serviceAccount.newKeyTitle', { name: title })}
        footer={
          <Button tone="danger" busy={update.isPending} onClick={rotate}>
            {t('serviceAccount.newKey')}
          </Button>
        }
      >
        <p>{t('serviceAccount.newKeyText')}</p>
        {update.error && <ErrorPanel error={update.error} doing={t('serviceAccount.newKey')} />}
      </Confirm>
    </>
  );
}
