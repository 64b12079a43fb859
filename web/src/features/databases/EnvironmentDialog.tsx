import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorPanel } from '@/ui/States';

interface Props {
  open: boolean;
  databases: readonly Database[];
  onClose: (done: boolean) => void;
}

/** Sets or clears the databases' own environment; without one they follow their instance. */
export function EnvironmentDialog({ open, databases, onClose }: Props) {
  const { t } = useTranslation();
  const [environment, setEnvironment] = useState('');
  const update = useCall('DatabaseService/BatchUpdateDatabases', { touches: ['DatabaseService'] });
  const submit = () =>
    update.mutate(
      {
        parent: 'instances/-',
        requests: databases.map((db) => ({
          database: { name: db.name, environment: environment || undefined },
          updateMask: 'environment',
        })),
      },
      { onSuccess: () => onClose(true) },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose(false)}
      title={t('database.environmentTitle', { count: databases.length })}
      width="sm"
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={update.isPending} onClick={submit}>
            {t('action.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <EnvironmentSelect
          value={environment}
          onChange={setEnvironment}
          allowNone
          noneLabel={t('database.likeInstance')}
          hint={t('database.environmentHint')}
        />
        {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      </div>
    </Dialog>
  );
}
