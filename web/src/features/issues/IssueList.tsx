import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager, SearchBox, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { useSearchState } from '@/hooks/useSearch';
import { all } from '@/lib/filter';
import { Segmented } from '@/ui/Segmented';
import { EmptyState } from '@/ui/States';
import { IssueRows } from './IssueTable';

const STATUS = { open: 'status == "OPEN"', closed: 'status in ["DONE", "CANCELED"]', all: undefined };
type Status = keyof typeof STATUS;

interface Props {
  /** A project, or `projects/-` for all that I may see. */
  parent: string;
  topics: readonly string[];
  base?: string | undefined;
  showProject?: boolean;
  /** More filters, beside the shared ones. */
  tools?: ReactNode;
  emptyText: string;
}

export function IssueList({ parent, topics, base, showProject, tools, emptyText }: Props) {
  const { t } = useTranslation();
  const { q, pageToken } = useListState();
  const [search, setSearch] = useSearchState();
  const status: Status = search.status && search.status in STATUS ? (search.status as Status) : 'open';
  const query = useRpc(
    'IssueService/SearchIssues',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken,
      query: q || undefined,
      filter: all(STATUS[status], base),
      orderBy: 'update_time desc',
    },
    { topics, keep: true },
  );
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <SearchBox label={t('issue.search')} />
        <Segmented
          legend={t('issue.column.state')}
          value={status}
          onChange={(next) =>
            setSearch({ status: next === 'open' ? undefined : next, page_token: undefined })
          }
          options={(Object.keys(STATUS) as Status[]).map((value) => ({
            value,
            label: t(`issue.show.${value}`),
          }))}
        />
        {tools}
      </div>
      <Loaded query={query} doing={t('nav.issues')}>
        {({ issues = [], nextPageToken }) =>
          issues.length > 0 ? (
            <>
              <IssueRows issues={issues} label={t('nav.issues')} showProject={showProject} />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : q || status !== 'open' ? (
            <NoMatch clear={{ status: undefined }} />
          ) : (
            <EmptyState title={t('issue.empty')}>{emptyText}</EmptyState>
          )
        }
      </Loaded>
    </>
  );
}
