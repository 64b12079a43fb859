import { FolderInput, GitPullRequestArrow, Layers, RefreshCw, Unlink, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { useGo } from '@/hooks/useGo';
import { DEFAULT_PROJECT } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button, IconButton } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { EnvironmentDialog } from './EnvironmentDialog';
import { TransferDialog } from './TransferDialog';
import { useTransfer } from './useTransfer';

interface Props {
  databases: readonly Database[];
  onDone: () => void;
}

/** What can be done with the chosen databases together. */
export function BulkBar({ databases, onDone }: Props) {
  const { t } = useTranslation();
  const go = useGo();
  const [dialog, setDialog] = useState<'transfer' | 'environment' | null>(null);
  const sync = useCall('DatabaseService/BatchSyncDatabases', { touches: ['DatabaseService'] });
  const transfer = useTransfer();
  const names = databases.map((db) => db.name ?? '');
  const projects = new Set(databases.map((db) => db.project));
  const project = databases[0]?.project ?? DEFAULT_PROJECT;
  const changeable = projects.size === 1 && project !== DEFAULT_PROJECT;
  const failure = sync.error ?? transfer.error;
  return (
    <div className="flex flex-col gap-2">
      <div
        role="toolbar"
        aria-label={t('database.selected')}
        className="flex flex-wrap items-center gap-1.5 rounded-card border border-accent/50 tint-accent px-2.5 py-1.5"
      >
        <span className="mr-1 font-medium">{t('database.selectedCount', { count: databases.length })}</span>
        <Button
          size="sm"
          tone="primary"
          onClick={() => {
            if (changeable) go(paths.newPlan(project, names));
            else
              toast({
                text: t(projects.size > 1 ? 'database.oneProject' : 'database.assignFirst'),
                tone: 'danger',
              });
          }}
        >
          <GitPullRequestArrow aria-hidden="true" />
          {t('database.change')}
        </Button>
        <Button
          size="sm"
          busy={sync.isPending}
          onClick={() =>
            sync.mutate(
              { parent: 'instances/-', names },
              { onSuccess: () => toast({ text: t('database.syncStarted', { count: names.length }) }) },
            )
          }
        >
          <RefreshCw aria-hidden="true" />
          {t('database.sync')}
        </Button>
        <Button size="sm" onClick={() => setDialog('environment')}>
          <Layers aria-hidden="true" />
          {t('environment.one')}
        </Button>
        <Button size="sm" onClick={() => setDialog('transfer')}>
          <FolderInput aria-hidden="true" />
          {t('database.transfer')}
        </Button>
        {project !== DEFAULT_PROJECT && (
          <Button
            size="sm"
            busy={transfer.isPending}
            onClick={() =>
              transfer
                .move(databases, DEFAULT_PROJECT, t('database.unassignedCount', { count: names.length }))
                .then(onDone)
            }
          >
            <Unlink aria-hidden="true" />
            {t('database.unassign')}
          </Button>
        )}
        <IconButton size="sm" label={t('database.clearSelection')} className="ml-auto" onClick={onDone}>
          <X aria-hidden="true" />
        </IconButton>
      </div>
      {failure && <ErrorPanel error={failure} />}
      <TransferDialog
        open={dialog === 'transfer'}
        databases={databases}
        onClose={(done) => {
          setDialog(null);
          if (done) onDone();
        }}
      />
      <EnvironmentDialog
        open={dialog === 'environment'}
        databases={databases}
        onClose={(done) => {
          setDialog(null);
          if (done) onDone();
        }}
      />
    </div>
  );
}
