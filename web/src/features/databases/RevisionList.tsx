import { BadgeCheck, Plus } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Revision } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { byStream } from '@/features/releases/stream';
import { useStreamName } from '@/features/releases/useStreamName';
import { useSearchState } from '@/hooks/useSearch';
import { planId, planOf, releaseId, taskOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { MarkAppliedDialog } from './MarkAppliedDialog';
import { RevisionRemoval } from './RevisionRemoval';
import { RevisionState } from './RevisionState';

/** Versions of files that this database has, newest first, and those that were taken back. */
export function RevisionList({ database }: { database: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [removing, setRemoving] = useState<Revision | null>(null);
  const showDeleted = search.deleted === 'yes';
  const query = useRpc(
    'RevisionService/ListRevisions',
    { parent: database, pageSize: PAGE_SIZE, pageToken: search.page_token, showDeleted },
    { topics: [database], keep: true },
  );
  const columns = useColumns(setRemoving);
  const streamName = useStreamName();
  const mark = (
    <Button onClick={() => setSearch({ dialog: 'mark' })}>
      <Plus aria-hidden="true" />
      {t('revision.mark')}
    </Button>
  );
  return (
    <div className="flex flex-col gap-3">
      <Loaded query={query} doing={t('revision.title')}>
        {({ revisions = [], nextPageToken }) =>
          revisions.length === 0 && !showDeleted ? (
            <EmptyState icon={<BadgeCheck aria-hidden="true" />} title={t('revision.empty')} action={mark}>
              {t('revision.emptyText')}
            </EmptyState>
          ) : (
            <>
              <div className="flex flex-wrap items-center justify-between gap-2">
                <Checkbox
                  label={t('revision.showDeleted')}
                  checked={showDeleted}
                  onChange={(event) =>
                    setSearch({ deleted: event.target.checked ? 'yes' : undefined, page_token: undefined })
                  }
                />
                {mark}
              </div>
              {byStream(revisions).map(([stream, items], _, { length }) => (
                <Fragment key={stream}>
                  {length > 1 && (
                    <h2 className="mt-1 text-lead [overflow-wrap:anywhere]">
                      {t('revision.ofStream', { stream: streamName(stream) })}
                    </h2>
                  )}
                  <DataTable
                    label={
                      length > 1
                        ? t('revision.ofStream', { stream: streamName(stream) })
                        : t('revision.title')
                    }
                    items={items}
                    columns={columns}
                    keyOf={({ name = '' }) => name}
                  />
                </Fragment>
              ))}
              {revisions.length === 0 && <NoMatch clear={{ deleted: undefined }} />}
              <Pager nextPageToken={nextPageToken} />
            </>
          )
        }
      </Loaded>
      {search.dialog === 'mark' && (
        <MarkAppliedDialog
          database={database}
          streams={byStream(query.data?.revisions ?? []).map(([stream]) => stream)}
          onClose={() => setSearch({ dialog: undefined })}
        />
      )}
      {removing && <RevisionRemoval revision={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

/** With fixed widths, so that the tables of several streams stand in line below each other. */
function useColumns(onRemove: (revision: Revision) => void): Column<Revision>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'version',
      label: t('release.version'),
      className: 'tabular-nums lg:min-w-28',
      cell: ({ name = '', version }) => <NameLink to={paths.revision(name)} name={version} />,
    },
    {
      key: 'file',
      label: t('revision.file'),
      wide: true,
      className: 'w-full max-w-0 truncate font-mono text-caption text-muted',
      cell: ({ file }) => <span title={file}>{file}</span>,
    },
    {
      key: 'state',
      label: t('user.state'),
      className: 'lg:min-w-44',
      cell: (revision) => <RevisionState revision={revision} />,
    },
    {
      key: 'release',
      label: t('release.one'),
      className: 'max-w-56 truncate lg:w-56 lg:min-w-56',
      cell: ({ release }) => release && <TextLink to={paths.release(release)}>{releaseId(release)}</TextLink>,
    },
    {
      key: 'plan',
      label: t('changelog.column.plan'),
      className: 'lg:min-w-16',
      cell: ({ taskRun }) =>
        taskRun && (
          <TextLink to={paths.plan(planOf(taskRun), { tab: 'rollout', task: taskOf(taskRun) })}>
            #{planId(taskRun)}
          </TextLink>
        ),
    },
    {
      key: 'when',
      label: t('changelog.column.when'),
      className: 'text-muted lg:min-w-24',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      className: 'lg:min-w-32',
      cell: (revision) =>
        !revision.deleteTime && (
          <Button size="sm" tone="ghost" onClick={() => onRemove(revision)}>
            {t('revision.remove')}
          </Button>
        ),
    },
  ];
}
