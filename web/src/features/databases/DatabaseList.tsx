import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager, SearchBox, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { useSearchState } from '@/hooks/useSearch';
import { all, contains, equals } from '@/lib/filter';
import { EmptyState } from '@/ui/States';
import { DatabaseTable } from './DatabaseTable';

interface Props {
  /** Whose databases: a project, an instance or the workspace. */
  parent: string;
  /** A condition that always holds, beside what is searched. */
  base?: string | undefined;
  topics: readonly string[];
  emptyTitle: string;
  emptyText: string;
  emptyAction?: ReactNode;
  hideInstance?: boolean;
  hideProject?: boolean;
  /** The page's own button. It shows once there are databases: before, the empty state has it. */
  toolbar?: ReactNode;
}

/** A searchable, paged list of databases with its bulk actions. */
export function DatabaseList(props: Props) {
  const { t } = useTranslation();
  const { q, pageToken } = useListState();
  const [search, setSearch] = useSearchState();
  const asked = all(contains('name', q), equals('environment', search.environment));
  const query = useRpc(
    'DatabaseService/ListDatabases',
    { parent: props.parent, pageSize: PAGE_SIZE, pageToken, filter: all(props.base, asked) },
    { topics: props.topics, keep: true },
  );
  const empty = !asked && query.data !== undefined && !query.data.databases?.length;
  return (
    <div className="flex flex-col gap-3">
      {!empty && (
        <div className="flex flex-wrap items-center gap-2">
          <SearchBox label={t('database.search')} />
          <EnvironmentSelect
            bare
            allowNone
            noneLabel={t('environment.all')}
            value={search.environment ?? ''}
            onChange={(environment) => setSearch({ environment, page_token: undefined })}
            className="w-44!"
          />
          <span className="flex-1" />
          {query.data && props.toolbar}
        </div>
      )}
      <Loaded query={query} doing={t('nav.databases')}>
        {({ databases = [], nextPageToken }) =>
          databases.length > 0 ? (
            <>
              <DatabaseTable
                databases={databases}
                hideInstance={props.hideInstance}
                hideProject={props.hideProject}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState title={props.emptyTitle} action={props.emptyAction}>
              {props.emptyText}
            </EmptyState>
          ) : (
            <NoMatch clear={{ environment: undefined }} />
          )
        }
      </Loaded>
    </div>
  );
}
