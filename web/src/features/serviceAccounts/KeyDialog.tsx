import { useTranslation } from 'react-i18next';
import type { ServiceAccount } from '@/api/types';
import { ShownOnce } from '@/components/ShownOnce';

/** The one time that the key of a service account shows. */
export function KeyDialog({ account, onClose }: { account: ServiceAccount; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ShownOnce
      title={t('serviceAccount.keyOf', { name: account.title })}
      notice={t('serviceAccount.keyOnce')}
      use={<p>{t('serviceAccount.keyUse', { email: account.email })}</p>}
      secret={account.serviceKey ?? ''}
      label={t('serviceAccount.key')}
      kept={t('serviceAccount.kept')}
      onClose={onClose}
    />
  );
}
