import { Package } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useCreatorField, useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { useProject } from '@/features/projects/useProject';
import { HowToRelease } from '@/features/releases/HowToRelease';
import { trainsOf } from '@/features/releases/trains';
import { VcsLink } from '@/features/releases/VcsLink';
import { contains, equals } from '@/lib/filter';
import { formatCount } from '@/lib/format';
import { releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';

export default function ReleasesPage() {
  const { t } = useTranslation();
  const project = useProject();
  const categories = useRpc(
    'ReleaseService/ListReleaseCategories',
    { parent: project.name },
    { topics: [project.name] },
  );
  // Without a filter this is what the list asks for by itself.
  const latest = useRpc(
    'ReleaseService/ListReleases',
    { parent: project.name, pageSize: PAGE_SIZE },
    { topics: [project.name] },
  );
  const words = { versioned: 'VERSIONED', declarative: 'DECLARATIVE' } as const;
  const list = useList({
    id: 'releases',
    fields: [
      {
        key: 'type',
        label: t('release.type'),
        values: [
          { value: 'versioned', label: t('release.versioned') },
          { value: 'declarative', label: t('release.declarative') },
        ],
        condition: (value) => equals('type', words[value as keyof typeof words]),
      },
      {
        key: 'category',
        label: t('release.category'),
        values: (categories.data?.categories ?? []).map((value) => ({ value, label: value })),
        condition: (value) => equals('category', value),
      },
      {
        key: 'train',
        label: t('release.train'),
        values: trainsOf(latest.data?.releases ?? []).map((value) => ({ value, label: value })),
        condition: (value) => equals('train', value),
      },
      useCreatorField(),
      useStateField(),
    ],
    words: (text) => contains('category', text),
  });
  const query = useRpc(
    'ReleaseService/ListReleases',
    { parent: project.name, pageSize: PAGE_SIZE, pageToken: list.pageToken, filter: list.condition },
    { topics: [project.name], keep: true },
  );
  const columns: Column<Release>[] = [
    {
      key: 'version',
      label: t('release.version'),
      className: nameColumn,
      cell: ({ name = '', category, state }) => (
        <span className="flex items-center gap-2">
          <NameLink to={paths.release(name)} name={releaseId(name)} more={category} />
          {state === 'DELETED' && <Status kind="closed" label={t('list.archived')} />}
        </span>
      ),
    },
    {
      key: 'type',
      label: t('release.type'),
      cell: ({ type }) => (type === 'DECLARATIVE' ? t('release.declarative') : t('release.versioned')),
    },
    {
      key: 'files',
      label: t('release.files'),
      numeric: true,
      cell: ({ files = [] }) => formatCount(files.length),
    },
    {
      key: 'source',
      label: t('release.source'),
      className: 'max-w-72 truncate',
      cell: ({ vcsSource }) => <VcsLink source={vcsSource} />,
    },
    {
      key: 'creator',
      label: t('list.creator'),
      className: 'whitespace-nowrap',
      cell: ({ creator }) => <PersonName name={creator} />,
    },
    {
      key: 'created',
      label: t('list.created'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
  ];
  const empty = query.data !== undefined && !query.data.releases?.length && !list.asked;
  return (
    <Page title={t('nav.releases')} context={project.title} purpose={t('release.purpose')}>
      {!empty && <ListBar list={list} label={t('release.search')} columns={columns} />}
      <Loaded query={query} doing={t('nav.releases')}>
        {({ releases = [], nextPageToken }) =>
          releases.length > 0 ? (
            <>
              <DataTable
                label={t('nav.releases')}
                list={list}
                items={releases}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <>
              <EmptyState
                icon={<Package aria-hidden="true" />}
                title={t('release.empty')}
                action={
                  <ButtonLink tone="primary" to={paths.gitops(project.name)}>
                    {t('release.toGitOps')}
                  </ButtonLink>
                }
              >
                {t('release.emptyText')}
              </EmptyState>
              <HowToRelease project={project.name} />
            </>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
    </Page>
  );
}
