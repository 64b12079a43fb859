import { Ellipsis, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { WorkloadIdentity } from '@/api/types';
import { ActivationItem } from '@/features/programs/ActivationItem';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { EditIdentityDialog } from './EditIdentityDialog';

export function IdentityActions({ identity }: { identity: WorkloadIdentity }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const touches = ['WorkloadIdentityService'] as const;
  const remove = useCall('WorkloadIdentityService/DeleteWorkloadIdentity', { touches });
  const restore = useCall('WorkloadIdentityService/UndeleteWorkloadIdentity', { touches });
  return (
    <>
      <Menu
        trigger={
          <IconButton size="sm" label={t('serviceAccount.actions', { name: identity.title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {identity.state !== 'DELETED' && (
          <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => setEditing(true)}>
            {t('webhook.editShort')}
          </MenuItem>
        )}
        <ActivationItem program={identity} remove={remove.mutate} restore={restore.mutate} />
      </Menu>
      {editing && <EditIdentityDialog identity={identity} onClose={() => setEditing(false)} />}
    </>
  );
}
