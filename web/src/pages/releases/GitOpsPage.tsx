import { useTranslation } from 'react-i18next';
import { Page, Section } from '@/components/Page';
import { Before } from '@/features/gitops/Before';
import { LastReleases } from '@/features/gitops/LastReleases';
import { NextSteps } from '@/features/gitops/NextSteps';
import { PrerequisiteList } from '@/features/gitops/PrerequisiteList';
import { Questions } from '@/features/gitops/Questions';
import { useGitOps } from '@/features/gitops/useGitOps';
import { WorkflowFile } from '@/features/gitops/WorkflowFile';
import { useProject } from '@/features/projects/useProject';

/** From a repository with SQL files to a pipeline that makes releases of them. */
export default function GitOpsPage() {
  const { t } = useTranslation();
  const { name, title } = useProject();
  const gitops = useGitOps(name);
  return (
    <Page title={t('nav.gitops')} context={title} purpose={t('gitops.purpose')}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="flex flex-col gap-6">
          <Questions project={name} gitops={gitops} />
        </div>
        <div className="flex flex-col gap-6">
          <Section title={t('gitops.prerequisites')}>
            <PrerequisiteList project={name} gitops={gitops} />
          </Section>
          <WorkflowFile answers={gitops.answers} problems={gitops.problems} />
          <NextSteps answers={gitops.answers} />
          <LastReleases project={name} />
        </div>
      </div>
      <Before gitops={gitops} />
    </Page>
  );
}
