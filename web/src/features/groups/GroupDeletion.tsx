import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Group } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';

/** Asks before a group goes; the server refuses while policies bind it, and says which. */
export function GroupDeletion({ group, onClose }: { group: Group; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useCall('GroupService/DeleteGroup', { touches: ['GroupService'] });
  return (
    <ActionConfirm
      title={t('group.deleteTitle', { name: group.title })}
      doing={t('group.delete')}
      call={remove}
      onConfirm={() => remove.mutate({ name: group.name }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t('group.deleteText')}</p>
    </ActionConfirm>
  );
}
