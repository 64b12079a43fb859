import { useTranslation } from 'react-i18next';
import type { Repository } from '@/api/types';
import { ShownOnce } from '@/components/ShownOnce';
import { hostOf } from './repositories';

/** The one time that a new secret shows. */
export function SecretDialog({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ShownOnce
      title={t('repository.secretOf', { name: repository.title })}
      notice={t('webhook.secretOnce')}
      use={<p>{t(`repository.hook.${hostOf(repository)}.replace`)}</p>}
      secret={repository.webhookSecret ?? ''}
      label={t('repository.secret')}
      kept={t('webhook.secretKept')}
      onClose={onClose}
    />
  );
}
