import { FolderInput, GitPullRequestArrow, Layers, RefreshCw, Tags, Unlink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { SelectionBar } from '@/components/list/SelectionBar';
import { useGo } from '@/hooks/useGo';
import { DEFAULT_PROJECT } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { EnvironmentDialog } from './EnvironmentDialog';
import { LabelsDialog } from './LabelsDialog';
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
  const [dialog, setDialog] = useState<'transfer' | 'environment' | 'labels' | null>(null);
  const sync = useCall('DatabaseService/BatchSyncDatabases', { touches: ['DatabaseService'] });
  const transfer = useTransfer();
  const names = databases.map((db) => db.name ?? '');
  const projects = new Set(databases.map((db) => db.project));
  const project = databases[0]?.project ?? DEFAULT_PROJECT;
  const changeable = projects.size === 1 && project !== DEFAULT_PROJECT;
  const failure = sync.error ?? transfer.error;
  return (
    <div className="flex flex-col gap-2">
      <SelectionBar label={t('database.selected')} count={databases.length} onClear={onDone}>
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
        <Button size="sm" onClick={() => setDialog('labels')}>
          <Tags aria-hidden="true" />
          {t('labels.title')}
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
      </SelectionBar>
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
      {dialog === 'labels' && (
        <LabelsDialog
          databases={databases}
          onClose={(done) => {
            setDialog(null);
            if (done) onDone();
          }}
        />
      )}
    </div>
  );
}
