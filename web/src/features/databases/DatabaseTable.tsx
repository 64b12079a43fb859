import { useTranslation } from 'react-i18next';
import type { Database } from '@/api/types';
import { type Column, DataTable } from '@/components/list/DataTable';
import type { List } from '@/components/list/useList';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineIcon } from '@/features/instances/EngineIcon';
import { formatBytes, formatCount } from '@/lib/format';
import { DEFAULT_PROJECT, databaseId, instanceId, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { LabelChips } from '@/ui/LabelChips';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { BulkBar } from './BulkBar';

interface Props {
  databases: readonly Database[];
  columns: readonly Column<Database>[];
  list?: List;
}

export function DatabaseTable({ databases, columns, list }: Props) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('nav.databases')}
      list={list}
      items={databases}
      columns={columns}
      keyOf={({ name = '' }) => name}
      selection={{
        label: ({ name }) => t('list.select', { name: databaseId(name) }),
        bar: (chosen, clear) => <BulkBar databases={chosen} onDone={clear} />,
      }}
    />
  );
}

/** `without` leaves out what all rows of a page have in common. */
export function useDatabaseColumns(without?: 'instance' | 'project'): Column<Database>[] {
  const { t } = useTranslation();
  const columns: Column<Database>[] = [
    {
      key: 'name',
      label: t('database.column.name'),
      sort: 'name',
      className: 'max-w-44 min-w-36 sm:max-w-80 sm:min-w-40',
      cell: ({ name = '', instanceResource }) => (
        <NameLink
          to={paths.database(name)}
          name={databaseId(name)}
          icon={<EngineIcon engine={instanceResource?.engine} className="size-5" />}
        />
      ),
    },
    {
      key: 'environment',
      label: t('environment.one'),
      cell: ({ effectiveEnvironment }) => <EnvironmentBadge name={effectiveEnvironment} />,
    },
    {
      key: 'instance',
      label: t('database.column.instance'),
      sort: 'instance',
      className: 'max-w-56 truncate',
      cell: ({ name, instanceResource }) => instanceResource?.title || instanceId(name),
    },
    {
      key: 'project',
      label: t('database.column.project'),
      sort: 'project',
      className: 'max-w-56 truncate',
      cell: ({ project }) =>
        project && project !== DEFAULT_PROJECT ? (
          <TextLink to={paths.project(project)}>{projectId(project)}</TextLink>
        ) : (
          <span className="text-muted">{t('database.unassigned')}</span>
        ),
    },
    {
      key: 'tables',
      label: t('database.column.tables'),
      numeric: true,
      cell: ({ tableCount }) => (tableCount ? formatCount(tableCount) : ''),
    },
    {
      key: 'size',
      label: t('database.column.size'),
      numeric: true,
      className: 'whitespace-nowrap',
      cell: ({ sizeBytes }) => (sizeBytes ? formatBytes(sizeBytes) : ''),
    },
    {
      key: 'sync',
      label: t('database.column.sync'),
      className: 'whitespace-nowrap text-muted',
      cell: ({ syncStatus, successfulSyncTime }) =>
        syncStatus === 'FAILED' ? <Status kind="syncFailed" /> : <RelativeTime value={successfulSyncTime} />,
    },
    {
      key: 'labels',
      label: t('project.column.labels'),
      cell: ({ labels }) => <LabelChips labels={labels} />,
    },
  ];
  return columns.filter((column) => column.key !== without);
}
