import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';

/** Has the branch looked at now. What comes of it stands among the syncs. */
export function SyncNow({ repository }: { repository: string }) {
  const { t } = useTranslation();
  const sync = useCall('RepositoryService/SyncRepository', { touches: ['RepositoryService'] });
  return (
    <Button
      busy={sync.isPending}
      onClick={() =>
        sync.mutate(
          { name: repository },
          { onError: (error) => toast({ text: error.message, tone: 'danger' }) },
        )
      }
    >
      <RefreshCw aria-hidden="true" />
      {t('repository.syncNow')}
    </Button>
  );
}
