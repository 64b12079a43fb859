import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Project } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { TypedConfirm } from '@/components/TypedConfirm';
import {
  AccessSettings,
  EmergencySettings,
  GeneralSettings,
  IssueSettings,
  RolloutSettings,
  RuleSettings,
} from '@/features/projects/ProjectSettings';
import { useProject } from '@/features/projects/useProject';
import { ProjectReview } from '@/features/review/ReviewSections';
import { useGo } from '@/hooks/useGo';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';

export default function ProjectSettingsPage() {
  const { t } = useTranslation();
  const project = useProject();
  return (
    <Page
      title={t('nav.settings')}
      context={project.title}
      purpose={t('project.settingsPurpose')}
      width="form"
    >
      <Loaded query={project.query} doing={t('nav.settings')}>
        {(saved) =>
          saved && (
            <div className="flex flex-col gap-8">
              <GeneralSettings saved={saved} />
              <RuleSettings saved={saved} />
              <AccessSettings saved={saved} />
              <IssueSettings saved={saved} />
              <RolloutSettings saved={saved} />
              <EmergencySettings saved={saved} />
              <ProjectReview project={saved.name ?? ''} title={saved.title ?? ''} />
              <Danger saved={saved} />
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function Danger({ saved }: { saved: Project }) {
  const { t } = useTranslation();
  const [archiving, setArchiving] = useState(false);
  return (
    <Section title={t('settings.danger')}>
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-danger/50 px-3 py-2.5">
        <p className="min-w-0 flex-1 basis-60">{t('project.archiveText')}</p>
        <Button tone="danger" onClick={() => setArchiving(true)}>
          {t('project.archive')}
        </Button>
      </div>
      <ArchiveConfirm project={saved} open={archiving} onOpenChange={setArchiving} />
    </Section>
  );
}

interface ArchiveProps {
  project: Project;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function ArchiveConfirm({ project, open, onOpenChange }: ArchiveProps) {
  const { t } = useTranslation();
  const go = useGo();
  const archive = useCall('ProjectService/DeleteProject', { touches: ['ProjectService', 'DatabaseService'] });
  return (
    <TypedConfirm
      open={open}
      onOpenChange={onOpenChange}
      title={t('project.archiveTitle', { name: project.title })}
      doing={t('project.archive')}
      word={projectId(project.name)}
      busy={archive.isPending}
      error={archive.error}
      onConfirm={() => archive.mutate({ name: project.name }, { onSuccess: () => go(paths.projects()) })}
    >
      <p>{t('project.archiveText')}</p>
    </TypedConfirm>
  );
}
