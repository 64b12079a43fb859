import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Revision } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';

/** Lets a version be applied once more. */
export function RevisionRemoval({ revision, onClose }: { revision: Revision; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useCall('RevisionService/DeleteRevision', { touches: ['RevisionService'] });
  return (
    <ActionConfirm
      title={t('revision.removeTitle', { version: revision.version })}
      doing={t('revision.remove')}
      call={remove}
      onConfirm={() => remove.mutate({ name: revision.name }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t('revision.removeText')}</p>
    </ActionConfirm>
  );
}
