import { useTranslation } from 'react-i18next';
import type { Webhook } from '@/api/types';
import { ShownOnce } from '@/components/ShownOnce';

/** The one time that the secret of a signed webhook shows. */
export function SecretDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ShownOnce
      title={t('webhook.secretOf', { name: webhook.title })}
      notice={t('webhook.secretOnce')}
      use={<p>{t('webhook.secretUse')}</p>}
      secret={webhook.signingSecret ?? ''}
      label={t('webhook.secret')}
      kept={t('webhook.secretKept')}
      onClose={onClose}
    />
  );
}
