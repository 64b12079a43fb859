import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Project } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { TypedConfirm } from '@/components/TypedConfirm';
import { useProject } from '@/features/projects/useProject';
import { ProjectReview } from '@/features/review/ReviewSections';
import { useGo } from '@/hooks/useGo';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';

const FLAGS = [
  'enforceIssueTitle',
  'requireIssueApproval',
  'requirePlanCheckNoError',
  'enforceSqlReview',
  'allowSelfApproval',
] as const;

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
        {(saved) => saved && <Form saved={saved} />}
      </Loaded>
    </Page>
  );
}

function Form({ saved }: { saved: Project }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<Partial<Project>>({});
  const [archiving, setArchiving] = useState(false);
  const update = useCall('ProjectService/UpdateProject', { touches: ['ProjectService'] });
  const value = { ...saved, ...edit };
  const noTitle = !value.title?.trim();
  const save = () => {
    if (noTitle) return;
    update.mutate(
      { project: { ...edit, name: saved.name }, updateMask: Object.keys(edit).join(',') },
      {
        onSuccess: () => {
          setEdit({});
          toast({ text: t('state.saved') });
        },
      },
    );
  };
  return (
    <>
      <Section title={t('settings.general')}>
        <TextField
          label={t('project.name')}
          value={value.title ?? ''}
          onChange={(event) => setEdit({ ...edit, title: event.target.value })}
          error={noTitle ? t('project.nameNeeded') : undefined}
          hint={<span className="font-mono">{projectId(saved.name)}</span>}
        />
      </Section>
      <Section title={t('project.rules')}>
        {FLAGS.map((flag) => (
          <Checkbox
            key={flag}
            label={t(`project.flag.${flag}`)}
            checked={value[flag] ?? false}
            onChange={(event) => setEdit({ ...edit, [flag]: event.target.checked })}
          />
        ))}
        <TextField
          className="mt-2 max-w-60"
          type="number"
          min={0}
          label={t('project.parallel')}
          value={String(value.parallelTasksPerRollout ?? 0)}
          onChange={(event) =>
            setEdit({ ...edit, parallelTasksPerRollout: Math.max(0, Number(event.target.value)) })
          }
          hint={t('project.parallelHint')}
        />
      </Section>
      <ProjectReview project={saved.name ?? ''} title={saved.title ?? ''} />
      <Section title={t('settings.danger')}>
        <div className="flex items-center justify-between gap-3 rounded-card border border-danger/50 px-3 py-2.5">
          <p>{t('project.archiveText')}</p>
          <Button tone="danger" onClick={() => setArchiving(true)}>
            {t('project.archive')}
          </Button>
        </div>
      </Section>
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      {Object.keys(edit).length > 0 && (
        <DirtyBar busy={update.isPending} onSave={save} onDiscard={() => setEdit({})} />
      )}
      <ArchiveConfirm project={saved} open={archiving} onOpenChange={setArchiving} />
    </>
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
