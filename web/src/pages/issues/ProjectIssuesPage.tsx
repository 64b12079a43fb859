import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { IssueList } from '@/features/issues/IssueList';
import { useProject } from '@/features/projects/useProject';

export default function ProjectIssuesPage() {
  const { t } = useTranslation();
  const project = useProject();
  return (
    <Page title={t('nav.issues')} context={project.title} purpose={t('issue.purpose')}>
      <IssueList parent={project.name} topics={[project.name]} emptyText={t('issue.emptyText')} />
    </Page>
  );
}
