import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Changelog } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { PersonName } from '@/components/PersonName';
import { equals } from '@/lib/filter';
import { planId, planOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';
import { changelogState } from './state';

const STATUS = { done: 'DONE', failed: 'FAILED', pending: 'PENDING' } as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Every change that reached this database through us, newest first. */
export function ChangelogList({ database }: { database: string }) {
  const { t } = useTranslation();
  const day = (op: string) => (value: string) =>
    DAY.test(value) ? `create_time ${op} ${JSON.stringify(`${value}T00:00:00Z`)}` : undefined;
  const list = useList({
    id: 'changelogs',
    chipsOnly: true,
    fields: [
      {
        key: 'status',
        label: t('changelog.column.state'),
        values: [
          { value: 'done', label: t('status.done') },
          { value: 'failed', label: t('status.failed') },
          { value: 'pending', label: t('status.pending') },
        ],
        condition: (value) => equals('status', STATUS[value as keyof typeof STATUS]),
      },
      { key: 'after', label: t('changelog.after'), condition: day('>=') },
      { key: 'before', label: t('changelog.before'), condition: day('<') },
    ],
  });
  const query = useRpc(
    'ChangelogService/ListChangelogs',
    { parent: database, pageSize: PAGE_SIZE, pageToken: list.pageToken, filter: list.condition },
    { topics: [database], keep: true },
  );
  const columns = useColumns();
  const empty = query.data !== undefined && !query.data.changelogs?.length && !list.asked;
  return (
    <div className="flex flex-col gap-3">
      {!empty && <ListBar list={list} label={t('changelog.search')} columns={columns} />}
      <Loaded query={query} doing={t('changelog.title')}>
        {({ changelogs = [], nextPageToken }) =>
          changelogs.length > 0 ? (
            <>
              <DataTable
                label={t('changelog.title')}
                list={list}
                items={changelogs}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<History aria-hidden="true" />} title={t('changelog.empty')}>
              {t('changelog.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
    </div>
  );
}

function useColumns(): Column<Changelog>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'change',
      label: t('changelog.column.change'),
      className: 'max-w-96 min-w-48',
      cell: ({ name = '', planTitle, type }) => (
        <NameLink
          to={paths.changelog(name)}
          name={planTitle || (type === 'BASELINE' ? t('changelog.baseline') : t('changelog.one'))}
        />
      ),
    },
    {
      key: 'state',
      label: t('changelog.column.state'),
      cell: (item) => <Status kind={changelogState(item)} />,
    },
    {
      key: 'plan',
      label: t('changelog.column.plan'),
      cell: ({ taskRun }) =>
        taskRun && <TextLink to={paths.plan(planOf(taskRun))}>#{planId(taskRun)}</TextLink>,
    },
    {
      key: 'by',
      label: t('changelog.column.by'),
      className: 'whitespace-nowrap',
      cell: ({ creator }) => <PersonName name={creator} />,
    },
    {
      key: 'when',
      label: t('changelog.column.when'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
  ];
}
