import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Project } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { useProject } from '@/features/projects/useProject';
import { useGo } from '@/hooks/useGo';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Confirm } from '@/ui/Dialog';
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

/** Typing the id is the confirmation. */
function ArchiveConfirm({ project, open, onOpenChange }: ArchiveProps) {
  const { t } = useTranslation();
  const go = useGo();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const archive = useCall('ProjectService/DeleteProject', { touches: ['ProjectService', 'DatabaseService'] });
  const id = projectId(project.name);
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      loud
      title={t('project.archiveTitle', { name: project.title })}
      footer={
        <Button
          tone="danger"
          busy={archive.isPending}
          onClick={() => {
            setTried(true);
            if (typed === id)
              archive.mutate({ name: project.name }, { onSuccess: () => go(paths.projects()) });
          }}
        >
          {t('project.archive')}
        </Button>
      }
    >
      <p>{t('project.archiveText')}</p>
      <TextField
        label={t('project.typeId', { id })}
        mono
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={tried && typed !== id ? t('project.typeIdWrong') : undefined}
      />
      {archive.error && <ErrorPanel error={archive.error} doing={t('project.archive')} />}
    </Confirm>
  );
}
