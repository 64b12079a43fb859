import { Plus, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager, SearchBox, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { EngineName } from '@/features/instances/EngineIcon';
import { syncState } from '@/features/instances/sync';
import { useSearchState } from '@/hooks/useSearch';
import { all, contains, equals } from '@/lib/filter';
import { instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { GoButton } from '@/ui/GoButton';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';

export default function InstancesPage() {
  const { t } = useTranslation();
  const { q, pageToken } = useListState();
  const [search, setSearch] = useSearchState();
  const filter = all(contains('name', q), equals('environment', search.environment));
  const query = useRpc(
    'InstanceService/ListInstances',
    { pageSize: PAGE_SIZE, pageToken, filter },
    { topics: ['instances'], keep: true },
  );
  const empty = query.data && !query.data.instances?.length && !filter;
  const add = (
    <GoButton to={paths.newInstance()}>
      <Plus aria-hidden="true" />
      {t('instance.new')}
    </GoButton>
  );
  return (
    <Page title={t('nav.instances')} purpose={t('instance.purpose')} actions={query.data && !empty && add}>
      {!empty && (
        <div className="flex flex-wrap gap-2">
          <SearchBox label={t('instance.search')} />
          <EnvironmentSelect
            bare
            allowNone
            noneLabel={t('environment.all')}
            value={search.environment ?? ''}
            onChange={(environment) => setSearch({ environment, page_token: undefined })}
            className="w-44!"
          />
        </div>
      )}
      <Loaded query={query} doing={t('nav.instances')}>
        {({ instances = [], nextPageToken }) =>
          instances.length > 0 ? (
            <>
              <Table label={t('nav.instances')}>
                <thead>
                  <tr>
                    <Th>{t('instance.column.name')}</Th>
                    <Th>{t('instance.column.engine')}</Th>
                    <Th>{t('environment.one')}</Th>
                    <Th>{t('instance.column.address')}</Th>
                    <Th>{t('instance.column.sync')}</Th>
                    <Th>{t('instance.column.lastSync')}</Th>
                  </tr>
                </thead>
                <tbody>
                  {instances.map((instance) => {
                    const source = instance.dataSources?.[0];
                    return (
                      <Tr key={instance.name}>
                        <Td className="max-w-48 min-w-40 sm:max-w-96 sm:min-w-52">
                          <AppLink to={paths.instance(instance.name ?? '')} className="group block">
                            <span className="block truncate font-medium group-hover:text-accent group-hover:underline">
                              {instance.title}
                            </span>
                            <span className="block truncate text-caption text-muted">
                              {instanceId(instance.name)}
                            </span>
                          </AppLink>
                        </Td>
                        <Td>
                          <EngineName engine={instance.engine} version={instance.engineVersion} />
                        </Td>
                        <Td>
                          <EnvironmentBadge name={instance.environment} />
                        </Td>
                        <Td className="max-w-64 truncate font-mono text-caption text-muted">
                          {[source?.host, source?.port].filter(Boolean).join(':')}
                        </Td>
                        <Td>
                          <Status kind={syncState(instance)} />
                        </Td>
                        <Td className="text-muted">
                          <RelativeTime value={instance.lastSyncTime} />
                        </Td>
                      </Tr>
                    );
                  })}
                </tbody>
              </Table>
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<Server aria-hidden="true" />} title={t('instance.empty')} action={add}>
              {t('instance.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch clear={{ environment: undefined }} />
          )
        }
      </Loaded>
    </Page>
  );
}
