import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { IdentityProvider } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';

interface Props {
  provider: IdentityProvider;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before a provider goes; the server refuses while it is the only way in. */
export function ProviderDeletion({ provider, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useCall('IdentityProviderService/DeleteIdentityProvider', {
    touches: ['IdentityProviderService/ListIdentityProviders'],
  });
  return (
    <ActionConfirm
      loud
      title={t('idp.deleteTitle', { name: provider.title })}
      doing={t('idp.delete')}
      call={remove}
      onConfirm={() => remove.mutate({ name: provider.name }, { onSuccess: onDeleted })}
      onClose={onClose}
    >
      <p>{t('idp.deleteText')}</p>
    </ActionConfirm>
  );
}
