import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { WorkloadIdentity } from '@/api/types';
import { ActivationItem } from '@/features/programs/ActivationItem';
import { IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';

export function IdentityActions({ identity }: { identity: WorkloadIdentity }) {
  const { t } = useTranslation();
  const touches = ['WorkloadIdentityService'] as const;
  const remove = useCall('WorkloadIdentityService/DeleteWorkloadIdentity', { touches });
  const restore = useCall('WorkloadIdentityService/UndeleteWorkloadIdentity', { touches });
  return (
    <Menu
      trigger={
        <IconButton size="sm" label={t('serviceAccount.actions', { name: identity.title })}>
          <Ellipsis aria-hidden="true" />
        </IconButton>
      }
    >
      <ActivationItem program={identity} remove={remove.mutate} restore={restore.mutate} />
    </Menu>
  );
}
