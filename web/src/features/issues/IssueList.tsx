import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { useCreatorField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { useSearchState } from '@/hooks/useSearch';
import { all, equals } from '@/lib/filter';
import { Segmented } from '@/ui/Segmented';
import { EmptyState } from '@/ui/States';
import { IssueRows, useIssueColumns } from './IssueTable';

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
  const [search, setSearch] = useSearchState();
  const list = useList({
    id: showProject ? 'myIssues' : 'issues',
    fields: [
      useCreatorField(),
      { key: 'label', label: t('list.label'), condition: (value) => equals('labels', value) },
    ],
    sort: '-update_time',
  });
  const status: Status = search.status && search.status in STATUS ? (search.status as Status) : 'open';
  const query = useRpc(
    'IssueService/SearchIssues',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      query: list.text || undefined,
      filter: all(STATUS[status], base, list.condition),
      orderBy: list.orderBy,
    },
    { topics, keep: true },
  );
  return (
    <>
      <ListBar list={list} label={t('issue.search')} columns={useIssueColumns(showProject)}>
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
      </ListBar>
      <Loaded query={query} doing={t('nav.issues')}>
        {({ issues = [], nextPageToken }) =>
          issues.length > 0 ? (
            <>
              <IssueRows issues={issues} label={t('nav.issues')} showProject={showProject} list={list} />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : list.asked || status !== 'open' ? (
            <NoMatch clear={{ status: undefined }} />
          ) : (
            <EmptyState title={t('issue.empty')}>{emptyText}</EmptyState>
          )
        }
      </Loaded>
    </>
  );
}
