import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { Section } from '@/components/Page';
import { VcsLink } from '@/features/releases/VcsLink';
import { releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';

const SHOWN = 5;

/** What the pipeline made so far: the newest shows that it works. */
export function LastReleases({ project }: { project: string }) {
  const { t } = useTranslation();
  const query = useRpc(
    'ReleaseService/ListReleases',
    { parent: project, pageSize: SHOWN },
    { topics: [project] },
  );
  const columns: Column<Release>[] = [
    {
      key: 'release',
      label: t('release.one'),
      className: nameColumn,
      cell: ({ name = '' }) => <NameLink to={paths.release(name)} name={releaseId(name)} />,
    },
    {
      key: 'source',
      label: t('release.source'),
      wide: true,
      className: 'max-w-72 truncate',
      cell: ({ vcsSource }) => <VcsLink source={vcsSource} />,
    },
    {
      key: 'created',
      label: t('list.created'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
  ];
  return (
    <Section title={t('gitops.last')}>
      <Loaded query={query} doing={t('nav.releases')} skeletonRows={2}>
        {({ releases = [] }) =>
          releases.length > 0 ? (
            <DataTable
              label={t('gitops.last')}
              items={releases}
              columns={columns}
              keyOf={({ name = '' }) => name}
            />
          ) : (
            <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
              {t('gitops.noneYet')}
            </p>
          )
        }
      </Loaded>
    </Section>
  );
}
