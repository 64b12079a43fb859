import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { useEngineField, useEnvironmentField, useLabelField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { all, contains, equals } from '@/lib/filter';
import { DEFAULT_PROJECT } from '@/lib/names';
import { EmptyState } from '@/ui/States';
import { DatabaseTable, useDatabaseColumns } from './DatabaseTable';

interface Props {
  /** Whose databases: a project, an instance or the workspace. */
  parent: string;
  /** A condition that always holds, beside what is searched. */
  base?: string | undefined;
  topics: readonly string[];
  emptyTitle: string;
  emptyText: string;
  emptyAction?: ReactNode;
  /** What all of them have in common: not worth a column. */
  without?: 'instance' | 'project';
  /** The page's own button. It shows once there are databases: before, the empty state has it. */
  toolbar?: ReactNode;
}

/** A searchable, sortable, paged list of databases with its bulk actions. */
export function DatabaseList({ parent, base, topics, without, ...props }: Props) {
  const { t } = useTranslation();
  const fields = [
    useEnvironmentField(),
    useEngineField(),
    {
      key: 'project',
      label: t('database.column.project'),
      values: [{ value: 'none', label: t('database.unassigned') }],
      condition: (id: string) => equals('project', id === 'none' ? DEFAULT_PROJECT : `projects/${id}`),
    },
    {
      key: 'instance',
      label: t('database.column.instance'),
      condition: (id: string) => equals('instance', `instances/${id}`),
    },
    { key: 'table', label: t('database.hasTable'), condition: (name: string) => contains('table', name) },
    useLabelField(),
  ];
  const list = useList({
    id: 'databases',
    fields: fields.filter((field) => field.key !== without),
    words: (text) => contains('name', text),
  });
  const query = useRpc(
    'DatabaseService/ListDatabases',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: all(base, list.condition),
      orderBy: list.orderBy,
    },
    { topics, keep: true },
  );
  const columns = useDatabaseColumns(without);
  const empty = !list.asked && query.data !== undefined && !query.data.databases?.length;
  return (
    <div className="flex flex-col gap-3">
      {!empty && (
        <ListBar list={list} label={t('database.search')} columns={columns}>
          <span className="flex-1" />
          {query.data && props.toolbar}
        </ListBar>
      )}
      <Loaded query={query} doing={t('nav.databases')}>
        {({ databases = [], nextPageToken }) =>
          databases.length > 0 ? (
            <>
              <DatabaseTable databases={databases} columns={columns} list={list} />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState title={props.emptyTitle} action={props.emptyAction}>
              {props.emptyText}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
    </div>
  );
}
