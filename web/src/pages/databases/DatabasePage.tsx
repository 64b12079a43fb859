import { useParams } from '@tanstack/react-router';
import { Download, GitPullRequestArrow, RefreshCw, SquareTerminal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import { useCall, useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { ChangelogList } from '@/features/changelog/ChangelogList';
import { DatabaseSettings } from '@/features/databases/DatabaseSettings';
import { SchemaDiagram } from '@/features/databases/diagram/SchemaDiagram';
import { RevisionList } from '@/features/databases/RevisionList';
import { Catalog, SchemaBrowser, useFirstTables } from '@/features/databases/SchemaBrowser';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineName } from '@/features/instances/EngineIcon';
import { useVisibleProject } from '@/features/projects/useProject';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { saveText } from '@/lib/download';
import { formatBytes } from '@/lib/format';
import { DEFAULT_PROJECT, databaseId, instanceOf, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button, ButtonLink } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel, Notice } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Tabs } from '@/ui/Tabs';
import { toast } from '@/ui/toast';

export default function DatabasePage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { instance?: string; database?: string };
  const name = `instances/${params.instance}/databases/${params.database}`;
  const query = useRpc('DatabaseService/GetDatabase', { name }, { topics: [name] });
  const [{ tab = 'overview' }] = useSearchState();
  useFirstTables(name, tab === 'overview');
  if (!query.data) {
    return (
      <Page title={params.database ?? ''} context={t('nav.databases')}>
        <Loaded query={query} doing={t('nav.databases')}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <DatabaseView database={query.data} name={name} />;
}

function DatabaseView({ database, name }: { database: Database; name: string }) {
  const { t } = useTranslation();
  const go = useGo();
  const [search, setSearch] = useSearchState();
  const sync = useCall('DatabaseService/SyncDatabase', { touches: ['DatabaseService'] });
  const project = database.project ?? DEFAULT_PROJECT;
  const inProject = useVisibleProject(project === DEFAULT_PROJECT ? undefined : project).data;
  const exportSchema = () =>
    call('DatabaseService/GetDatabaseSchema', { name: `${name}/schema` }).then(
      ({ schema }) => saveText(`${databaseId(name)}.sql`, schema ?? ''),
      (error: Error) => toast({ text: error.message, tone: 'danger' }),
    );
  return (
    <Page
      title={databaseId(name)}
      context={project === DEFAULT_PROJECT ? t('nav.databases') : inProject?.title || projectId(project)}
      badge={
        sync.isPending ? (
          <Status kind="syncing" live boxed />
        ) : database.syncStatus === 'FAILED' ? (
          <Status kind="syncFailed" live boxed />
        ) : undefined
      }
      purpose={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <EnvironmentBadge name={database.effectiveEnvironment} />
          <EngineName
            engine={database.instanceResource?.engine}
            version={database.instanceResource?.engineVersion}
          />
          <TextLink to={paths.instance(instanceOf(name))}>{database.instanceResource?.title}</TextLink>
          {project === DEFAULT_PROJECT ? (
            <span>{t('database.unassigned')}</span>
          ) : (
            <TextLink to={paths.project(project)}>{inProject?.title || projectId(project)}</TextLink>
          )}
          {database.sizeBytes && <span>{formatBytes(database.sizeBytes)}</span>}
          <span>
            {t('instance.lastSync')} <RelativeTime value={database.successfulSyncTime} />
          </span>
        </span>
      }
      actions={
        <>
          {project !== DEFAULT_PROJECT && (
            <Button tone="primary" onClick={() => go(paths.newPlan(project, [name]))}>
              <GitPullRequestArrow aria-hidden="true" />
              {t('database.changeOne')}
            </Button>
          )}
          <ButtonLink to={paths.sqlEditor(project, name)}>
            <SquareTerminal aria-hidden="true" />
            {t('sqlEditor.query')}
          </ButtonLink>
          <Button busy={sync.isPending} onClick={() => sync.mutate({ name })}>
            <RefreshCw aria-hidden="true" />
            {t('database.sync')}
          </Button>
          <Button onClick={exportSchema}>
            <Download aria-hidden="true" />
            {t('database.exportSchema')}
          </Button>
        </>
      }
    >
      {sync.error && <ErrorPanel error={sync.error} doing={t('database.sync')} />}
      {database.syncStatus === 'FAILED' && (
        <Notice tone="danger" title={t('instance.syncFailed')}>
          <p className="font-mono text-caption">{database.syncError}</p>
        </Notice>
      )}
      <Tabs
        label={t('database.sections')}
        value={search.tab ?? 'overview'}
        onChange={(tab) =>
          setSearch({ tab: tab === 'overview' ? undefined : tab, q: undefined, page_token: undefined })
        }
        tabs={[
          {
            value: 'overview',
            label: t('database.overview'),
            content: (
              <Catalog database={name}>
                {(metadata, more) => <SchemaBrowser metadata={metadata} more={more} />}
              </Catalog>
            ),
          },
          {
            value: 'diagram',
            label: t('diagram.title'),
            content: (
              <Catalog database={name} whole>
                {(metadata) => <SchemaDiagram metadata={metadata} />}
              </Catalog>
            ),
          },
          { value: 'changelog', label: t('changelog.title'), content: <ChangelogList database={name} /> },
          { value: 'revisions', label: t('revision.title'), content: <RevisionList database={name} /> },
          {
            value: 'settings',
            label: t('nav.settings'),
            content: <DatabaseSettings database={database} />,
          },
        ]}
      />
    </Page>
  );
}
