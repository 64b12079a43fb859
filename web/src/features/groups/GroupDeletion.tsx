import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Group } from '@/api/types';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { ErrorPanel } from '@/ui/States';

/** Asks before a group goes; the server refuses while policies bind it, and says which. */
export function GroupDeletion({ group, onClose }: { group: Group; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useCall('GroupService/DeleteGroup', { touches: ['GroupService'] });
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('group.deleteTitle', { name: group.title })}
      footer={
        <Button
          tone="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate({ name: group.name }, { onSuccess: onClose })}
        >
          {t('group.delete')}
        </Button>
      }
    >
      <p>{t('group.deleteText')}</p>
      {remove.error && <ErrorPanel error={remove.error} doing={t('group.delete')} />}
    </Confirm>
  );
}
