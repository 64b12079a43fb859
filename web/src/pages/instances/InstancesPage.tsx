import { Plus, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Instance } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useEngineField, useEnvironmentField, useLabelField, useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineName } from '@/features/instances/EngineIcon';
import { InstanceBulkBar } from '@/features/instances/InstanceBulkBar';
import { syncState } from '@/features/instances/sync';
import { contains } from '@/lib/filter';
import { instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { GoButton } from '@/ui/GoButton';
import { LabelChips } from '@/ui/LabelChips';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';

export default function InstancesPage() {
  const { t } = useTranslation();
  const list = useList({
    id: 'instances',
    fields: [
      useEnvironmentField(),
      useEngineField(),
      useStateField(),
      { key: 'host', label: t('instance.host'), condition: (value) => contains('host', value) },
      useLabelField(),
    ],
    words: (text) => contains('name', text),
  });
  const query = useRpc(
    'InstanceService/ListInstances',
    { pageSize: PAGE_SIZE, pageToken: list.pageToken, filter: list.condition, orderBy: list.orderBy },
    { topics: ['instances'], keep: true },
  );
  const columns = useColumns();
  const empty = query.data && !query.data.instances?.length && !list.asked;
  const add = (
    <GoButton to={paths.newInstance()}>
      <Plus aria-hidden="true" />
      {t('instance.new')}
    </GoButton>
  );
  return (
    <Page title={t('nav.instances')} purpose={t('instance.purpose')} actions={query.data && !empty && add}>
      {!empty && <ListBar list={list} label={t('instance.search')} columns={columns} />}
      <Loaded query={query} doing={t('nav.instances')}>
        {({ instances = [], nextPageToken }) =>
          instances.length > 0 ? (
            <>
              <DataTable
                label={t('nav.instances')}
                list={list}
                items={instances}
                columns={columns}
                keyOf={({ name = '' }) => name}
                selection={{
                  label: ({ title }) => t('list.select', { name: title }),
                  bar: (chosen, clear) => <InstanceBulkBar instances={chosen} onDone={clear} />,
                }}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<Server aria-hidden="true" />} title={t('instance.empty')} action={add}>
              {t('instance.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<Instance>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      label: t('instance.column.name'),
      sort: 'title',
      className: nameColumn,
      cell: ({ name = '', title }) => (
        <NameLink to={paths.instance(name)} name={title} more={instanceId(name)} />
      ),
    },
    {
      key: 'engine',
      label: t('instance.column.engine'),
      cell: ({ engine, engineVersion }) => <EngineName engine={engine} version={engineVersion} />,
    },
    {
      key: 'environment',
      label: t('environment.one'),
      sort: 'environment',
      cell: ({ environment }) => <EnvironmentBadge name={environment} />,
    },
    {
      key: 'address',
      label: t('instance.column.address'),
      className: 'max-w-48 truncate font-mono text-caption text-muted',
      cell: ({ dataSources: [source] = [] }) => [source?.host, source?.port].filter(Boolean).join(':'),
    },
    {
      key: 'sync',
      label: t('instance.column.sync'),
      cell: (instance) =>
        instance.state === 'DELETED' ? (
          <Status kind="closed" label={t('list.archived')} />
        ) : (
          <Status kind={syncState(instance)} />
        ),
    },
    {
      key: 'lastSync',
      label: t('instance.column.lastSync'),
      className: 'text-muted',
      cell: ({ lastSyncTime }) => <RelativeTime value={lastSyncTime} />,
    },
    {
      key: 'labels',
      label: t('project.column.labels'),
      cell: ({ labels }) => <LabelChips labels={labels} />,
    },
  ];
}
