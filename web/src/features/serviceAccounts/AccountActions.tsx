import { Ellipsis, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { ActivationItem } from '@/features/programs/ActivationItem';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';

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
        {account.state !== 'DELETED' && (
          <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setAsking(true)}>
            {t('serviceAccount.newKey')}
          </MenuItem>
        )}
        <ActivationItem program={account} remove={remove.mutate} restore={restore.mutate} />
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
