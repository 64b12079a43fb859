import { useParams } from '@tanstack/react-router';
import { RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Instance } from '@/api/types';
import { Archived } from '@/components/Archived';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { DatabaseList } from '@/features/databases/DatabaseList';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineName } from '@/features/instances/EngineIcon';
import { InstanceConnection } from '@/features/instances/InstanceConnection';
import { InstanceRoles } from '@/features/instances/InstanceRoles';
import { InstanceSettings } from '@/features/instances/InstanceSettings';
import { syncState } from '@/features/instances/sync';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { equals } from '@/lib/filter';
import { instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { webLink } from '@/lib/url';
import { Button, buttonClass } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel, Notice } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Tabs } from '@/ui/Tabs';

export default function InstancePage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { instance?: string };
  const name = `instances/${params.instance}`;
  const query = useRpc('InstanceService/GetInstance', { name }, { topics: [name] });
  if (!query.data) {
    return (
      <Page title={params.instance ?? ''} context={t('nav.instances')}>
        <Loaded query={query} doing={t('nav.instances')}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <InstanceView instance={query.data} />;
}

function InstanceView({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [askDelete, setAskDelete] = useState(false);
  const name = instance.name ?? '';
  const sync = useCall('InstanceService/SyncInstance', { touches: ['InstanceService', 'DatabaseService'] });
  const restore = useCall('InstanceService/UndeleteInstance', {
    touches: ['InstanceService', 'DatabaseService'],
  });
  const archived = instance.state === 'DELETED';
  const state = sync.isPending ? 'syncing' : syncState(instance);
  return (
    <Page
      title={instance.title || instanceId(name)}
      context={t('nav.instances')}
      badge={!archived && <Status kind={state} live boxed />}
      purpose={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <EngineName engine={instance.engine} version={instance.engineVersion} />
          <EnvironmentBadge name={instance.environment} />
          {webLink(instance.externalLink) && (
            <a
              href={webLink(instance.externalLink)}
              target="_blank"
              rel="noreferrer"
              className="text-accent hover:underline"
            >
              {t('instance.openLink')}
            </a>
          )}
          {instance.lastSyncTime && (
            <span>
              {t('instance.lastSync')} <RelativeTime value={instance.lastSyncTime} />
            </span>
          )}
        </span>
      }
      actions={
        !archived && (
          <>
            <Button busy={sync.isPending} onClick={() => sync.mutate({ name, enableFullSync: true })}>
              <RefreshCw aria-hidden="true" />
              {t('instance.sync')}
            </Button>
            <Button tone="ghost" onClick={() => setAskDelete(true)}>
              <Trash2 aria-hidden="true" />
              {t('instance.archive')}
            </Button>
          </>
        )
      }
    >
      {archived && <Archived call={restore} onRestore={() => restore.mutate({ name })} />}
      {sync.error && <ErrorPanel error={sync.error} doing={t('instance.sync')} />}
      {!archived && state === 'syncFailed' && (
        <Notice
          tone="danger"
          title={t('instance.syncFailed')}
          actions={
            <Button size="sm" onClick={() => setSearch({ tab: 'connection' })}>
              {t('instance.checkConnection')}
            </Button>
          }
        >
          <p className="font-mono text-caption">{instance.syncError}</p>
        </Notice>
      )}
      <Tabs
        label={t('instance.sections')}
        value={search.tab ?? 'databases'}
        onChange={(tab) =>
          setSearch({ tab: tab === 'databases' ? undefined : tab, q: undefined, page_token: undefined })
        }
        tabs={[
          {
            value: 'databases',
            label: t('nav.databases'),
            content: (
              <DatabaseList
                parent={name}
                base={equals('instance', name)}
                topics={[name]}
                emptyTitle={state === 'syncing' ? t('instance.firstSync') : t('database.none')}
                emptyText={state === 'syncing' ? t('instance.firstSyncText') : t('database.noneText')}
                without="instance"
              />
            ),
          },
          {
            value: 'settings',
            label: t('nav.settings'),
            content: <InstanceSettings instance={instance} />,
          },
          {
            value: 'connection',
            label: t('instance.connection'),
            content: <InstanceConnection instance={instance} />,
          },
          { value: 'roles', label: t('instance.roles'), content: <InstanceRoles instance={instance} /> },
        ]}
      />
      <ArchiveConfirm instance={instance} open={askDelete} onOpenChange={setAskDelete} />
    </Page>
  );
}

interface ArchiveProps {
  instance: Instance;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function ArchiveConfirm({ instance, open, onOpenChange }: ArchiveProps) {
  const { t } = useTranslation();
  const go = useGo();
  const archive = useCall('InstanceService/DeleteInstance', {
    touches: ['InstanceService', 'DatabaseService'],
  });
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={t('instance.archiveTitle', { name: instance.title })}
      footer={
        <button
          type="button"
          className={buttonClass('danger')}
          onClick={() =>
            archive.mutate({ name: instance.name, force: true }, { onSuccess: () => go(paths.instances()) })
          }
        >
          {t('instance.archive')}
        </button>
      }
    >
      <p>{t('instance.archiveText')}</p>
      {archive.error && <ErrorPanel error={archive.error} doing={t('instance.archive')} />}
    </Confirm>
  );
}
