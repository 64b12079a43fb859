import { useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page, Section } from '@/components/Page';
import { Before } from '@/features/gitops/Before';
import { LastReleases } from '@/features/gitops/LastReleases';
import { NextSteps } from '@/features/gitops/NextSteps';
import { PrerequisiteList } from '@/features/gitops/PrerequisiteList';
import { Questions } from '@/features/gitops/Questions';
import { type GitOps, useGitOps } from '@/features/gitops/useGitOps';
import { WorkflowFile } from '@/features/gitops/WorkflowFile';
import { useProject } from '@/features/projects/useProject';
import { RepositoryList } from '@/features/repositories/RepositoryList';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';
import { RadioCards } from '@/ui/Choice';

const WAYS = ['pipeline', 'watch'] as const;

/** From a repository with SQL files to releases of them: by a pipeline of its host, or by Basalt, which watches it. Each way has its URL. */
export default function GitOpsPage() {
  const { t } = useTranslation();
  const { name, title } = useProject();
  const go = useGo();
  const gitops = useGitOps(name);
  const path = useRouterState({ select: (s) => s.location.pathname });
  const way = path === paths.repositories(name) ? 'watch' : 'pipeline';
  return (
    <Page title={t('nav.gitops')} context={title} purpose={t('gitops.purpose')}>
      <RadioCards
        legend={t('gitops.way')}
        value={way}
        onChange={(next) =>
          go(next === 'watch' ? paths.repositories(name) : paths.gitops(name), { keepScroll: true })
        }
        options={WAYS.map((value) => ({
          value,
          label: t(`gitops.ways.${value}`),
          description: t(`gitops.wayText.${value}`),
        }))}
      />
      {way === 'watch' ? <RepositoryList project={name} /> : <Pipeline project={name} gitops={gitops} />}
      <Before gitops={gitops} />
    </Page>
  );
}

function Pipeline({ project, gitops }: { project: string; gitops: GitOps }) {
  const { t } = useTranslation();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex flex-col gap-6">
        <Questions project={project} gitops={gitops} />
      </div>
      <div className="flex flex-col gap-6">
        <Section title={t('gitops.prerequisites')}>
          <PrerequisiteList project={project} gitops={gitops} />
        </Section>
        <WorkflowFile answers={gitops.answers} problems={gitops.problems} />
        <NextSteps answers={gitops.answers} />
        <LastReleases project={project} />
      </div>
    </div>
  );
}
