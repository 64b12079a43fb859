import { FolderGit2, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Repository } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { Section } from '@/components/Page';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { HowNews } from './HowNews';
import { RepositoryState } from './RepositoryState';
import { homeOf } from './repositories';

/** The repositories that the project watches, and what came of the last look at each. */
export function RepositoryList({ project }: { project: string }) {
  const { t } = useTranslation();
  const query = useRpc('RepositoryService/ListRepositories', { parent: project }, { topics: [project] });
  const columns = useColumns();
  const repositories = query.data?.repositories ?? [];
  // Who may not is told by the page itself what is missing.
  const add = (
    <ButtonLink tone="primary" to={paths.newRepository(project)}>
      <Plus aria-hidden="true" />
      {t('repository.add')}
    </ButtonLink>
  );
  return (
    <Section title={t('repository.watched')} actions={repositories.length > 0 && add}>
      <Loaded query={query} doing={t('repository.watched')} skeletonRows={3}>
        {() =>
          repositories.length > 0 ? (
            <DataTable
              label={t('repository.watched')}
              items={repositories}
              columns={columns}
              keyOf={({ name = '' }) => name}
            />
          ) : (
            <EmptyState icon={<FolderGit2 aria-hidden="true" />} title={t('repository.empty')} action={add}>
              {t('repository.emptyText')}
            </EmptyState>
          )
        }
      </Loaded>
    </Section>
  );
}

function useColumns(): Column<Repository>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      label: t('gitops.repository'),
      className: nameColumn,
      cell: (repository) => (
        <NameLink
          to={paths.repository(repository.name ?? '')}
          name={repository.title}
          more={homeOf(repository).replace(/^https?:\/\//, '')}
        />
      ),
    },
    {
      key: 'state',
      label: t('repository.lastSync'),
      cell: (repository) => (
        <>
          <RepositoryState repository={repository} />
          {repository.lastSync && (
            <span className="block text-caption text-muted">
              <RelativeTime value={repository.lastSync.updateTime ?? repository.lastSync.createTime} />
            </span>
          )}
        </>
      ),
    },
    {
      key: 'files',
      label: t('gitops.files'),
      wide: true,
      className: 'max-w-72 truncate font-mono text-caption text-muted',
      cell: ({ filePattern }) => filePattern,
    },
    {
      key: 'branch',
      label: t('gitops.branch'),
      wide: true,
      className: 'max-w-48 truncate font-mono text-caption text-muted',
      cell: ({ branch }) => branch,
    },
    {
      key: 'mode',
      label: t('repository.mode'),
      wide: true,
      className: 'text-muted',
      cell: (repository) => <HowNews repository={repository} />,
    },
  ];
}
