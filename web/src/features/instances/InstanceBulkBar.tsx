import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Instance } from '@/api/types';
import { SelectionBar } from '@/components/list/SelectionBar';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';

interface Props {
  instances: readonly Instance[];
  onDone: () => void;
}

/** What can be done with the chosen instances together. */
export function InstanceBulkBar({ instances, onDone }: Props) {
  const { t } = useTranslation();
  const sync = useCall('InstanceService/BatchSyncInstances', { touches: ['InstanceService'] });
  return (
    <SelectionBar label={t('instance.selected')} count={instances.length} onClear={onDone}>
      <Button
        size="sm"
        busy={sync.isPending}
        onClick={() =>
          sync.mutate(
            { requests: instances.map(({ name }) => ({ name })) },
            { onSuccess: () => toast({ text: t('instance.syncStarted', { count: instances.length }) }) },
          )
        }
      >
        <RefreshCw aria-hidden="true" />
        {t('instance.sync')}
      </Button>
      {sync.error && <ErrorPanel error={sync.error} doing={t('instance.sync')} />}
    </SelectionBar>
  );
}
