import { FolderKanban, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager, SearchBox, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { NewProjectDialog } from '@/features/projects/NewProjectDialog';
import { useSearchState } from '@/hooks/useSearch';
import { all, contains } from '@/lib/filter';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';

export default function ProjectsPage() {
  const { t } = useTranslation();
  const { q, pageToken } = useListState();
  const [search, setSearch] = useSearchState();
  const query = useRpc(
    'ProjectService/SearchProjects',
    { pageSize: PAGE_SIZE, pageToken, filter: all('exclude_default == true', contains('name', q)) },
    { topics: ['projects'], keep: true },
  );
  const listed = (query.data?.projects ?? []).filter((p) => p.name !== 'projects/default');
  const empty = query.data !== undefined && listed.length === 0 && !q;
  const add = (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('project.new')}
    </Button>
  );
  return (
    <Page title={t('nav.projects')} purpose={t('project.purpose')} actions={query.data && !empty && add}>
      {!empty && <SearchBox label={t('nav.searchProjects')} />}
      <Loaded query={query} doing={t('nav.projects')}>
        {({ nextPageToken }) =>
          listed.length > 0 ? (
            <>
              <Table label={t('nav.projects')}>
                <thead>
                  <tr>
                    <Th>{t('project.column.name')}</Th>
                    <Th>{t('project.column.id')}</Th>
                    <Th>{t('project.column.labels')}</Th>
                  </tr>
                </thead>
                <tbody>
                  {listed.map((project) => (
                    <Tr key={project.name}>
                      <Td className="max-w-56 min-w-40 sm:max-w-120 sm:min-w-52">
                        <AppLink
                          to={paths.project(project.name ?? '')}
                          className="block truncate font-medium hover:text-accent hover:underline"
                        >
                          {project.title}
                        </AppLink>
                      </Td>
                      <Td className="font-mono text-caption text-muted">{projectId(project.name)}</Td>
                      <Td className="text-muted">
                        {Object.entries(project.labels ?? {})
                          .map(([key, value]) => `${key}: ${value}`)
                          .join(', ')}
                      </Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<FolderKanban aria-hidden="true" />} title={t('project.empty')} action={add}>
              {t('project.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch clear={{}} />
          )
        }
      </Loaded>
      <NewProjectDialog
        open={search.dialog === 'new'}
        onOpenChange={(open) => setSearch({ dialog: open ? 'new' : undefined })}
      />
    </Page>
  );
}
