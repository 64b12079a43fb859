import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { AddDatabasesDialog } from '@/features/databases/AddDatabasesDialog';
import { DatabaseList } from '@/features/databases/DatabaseList';
import { useProject } from '@/features/projects/useProject';
import { useSearchState } from '@/hooks/useSearch';
import { equals } from '@/lib/filter';
import { Button } from '@/ui/Button';

export default function ProjectDatabasesPage() {
  const { t } = useTranslation();
  const project = useProject();
  const [search, setSearch] = useSearchState();
  const add = (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'add' })}>
      <Plus aria-hidden="true" />
      {t('database.add')}
    </Button>
  );
  return (
    <Page title={t('nav.databases')} context={project.title} purpose={t('database.projectPurpose')}>
      <DatabaseList
        parent={project.name}
        base={equals('project', project.name)}
        topics={[project.name, 'instances']}
        emptyTitle={t('database.noneYet')}
        emptyText={t('database.noneYetText')}
        emptyAction={add}
        toolbar={add}
        without="project"
      />
      <AddDatabasesDialog
        project={project.name}
        open={search.dialog === 'add'}
        onOpenChange={(open) => setSearch({ dialog: open ? 'add' : undefined })}
      />
    </Page>
  );
}
