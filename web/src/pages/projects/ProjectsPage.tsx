import { FolderKanban, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Project } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useLabelField, useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { NewProjectDialog } from '@/features/projects/NewProjectDialog';
import { useSearchState } from '@/hooks/useSearch';
import { all, contains } from '@/lib/filter';
import { DEFAULT_PROJECT, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { LabelChips } from '@/ui/LabelChips';
import { NameLink } from '@/ui/NameLink';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';

export default function ProjectsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const list = useList({
    id: 'projects',
    fields: [useStateField(), useLabelField()],
    words: (text) => contains('name', text),
  });
  const query = useRpc(
    'ProjectService/SearchProjects',
    {
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: all('exclude_default == true', list.condition),
      orderBy: list.orderBy,
    },
    { topics: ['projects'], keep: true },
  );
  const columns: Column<Project>[] = [
    {
      key: 'name',
      label: t('project.column.name'),
      className: nameColumn,
      cell: ({ name = '', title }) => <NameLink to={paths.project(name)} name={title} />,
    },
    {
      key: 'id',
      label: t('project.column.id'),
      sort: 'resource_id',
      className: 'max-w-40 truncate font-mono text-caption text-muted sm:max-w-96',
      cell: ({ name }) => projectId(name),
    },
    {
      key: 'labels',
      label: t('project.column.labels'),
      cell: ({ labels, state }) => (
        <span className="flex gap-2">
          {state === 'DELETED' && <Status kind="closed" label={t('list.archived')} />}
          <LabelChips labels={labels} />
        </span>
      ),
    },
  ];
  const listed = (query.data?.projects ?? []).filter((p) => p.name !== DEFAULT_PROJECT);
  const empty = query.data !== undefined && listed.length === 0 && !list.asked;
  const add = (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('project.new')}
    </Button>
  );
  return (
    <Page title={t('nav.projects')} purpose={t('project.purpose')} actions={query.data && !empty && add}>
      {!empty && <ListBar list={list} label={t('nav.searchProjects')} columns={columns} />}
      <Loaded query={query} doing={t('nav.projects')}>
        {({ nextPageToken }) =>
          listed.length > 0 ? (
            <>
              <DataTable
                label={t('nav.projects')}
                list={list}
                items={listed}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<FolderKanban aria-hidden="true" />} title={t('project.empty')} action={add}>
              {t('project.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch />
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
