import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { useDebounced } from '@/hooks/useDebounced';
import { useGo } from '@/hooks/useGo';
import { equals } from '@/lib/filter';
import { isResourceId, slugOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewProjectDialog({ open, onOpenChange }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('project.new')} width="sm">
      <NewProjectForm onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewProjectForm({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation();
  const go = useGo();
  const [title, setTitle] = useState('');
  const [ownId, setOwnId] = useState<string | null>(null);
  const [submitted, setSubmitted] = useState(false);
  const id = ownId ?? slugOf(title);
  const taken = useIdTaken(id);
  const create = useCall('ProjectService/CreateProject', { touches: ['ProjectService'] });
  const idError =
    taken || create.error?.reason === 'RESOURCE_EXISTS'
      ? t('project.idTaken')
      : (id || submitted) && !isResourceId(id)
        ? t('project.idWrong')
        : undefined;
  const submit = () => {
    setSubmitted(true);
    if (!title.trim() || !isResourceId(id) || taken) return;
    create.mutate(
      { project: { title: title.trim() }, projectId: id },
      { onSuccess: (project) => go(paths.projectDatabases(project.name ?? `projects/${id}`)) },
    );
  };
  return (
    <Form onSubmit={submit}>
      <TextField
        label={t('project.name')}
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={submitted && !title.trim() ? t('project.nameNeeded') : undefined}
      />
      <TextField
        label={t('project.id')}
        mono
        value={id}
        onChange={(event) => {
          setOwnId(event.target.value);
          create.reset();
        }}
        hint={t('project.idHint')}
        error={idError}
      />
      {create.error && create.error.reason !== 'RESOURCE_EXISTS' && (
        <ErrorPanel error={create.error} doing={t('project.create')} />
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button type="submit" tone="primary" busy={create.isPending}>
          {t('project.create')}
        </Button>
      </div>
    </Form>
  );
}

/** Asks the server while typing, so that a taken id shows before the form is sent. Deleted projects keep theirs. */
function useIdTaken(id: string): boolean {
  const settled = useDebounced(id, 200);
  const { data } = useRpc(
    'ProjectService/SearchProjects',
    { pageSize: 1, filter: equals('resource_id', settled), showDeleted: true },
    { enabled: isResourceId(settled) },
  );
  // Somebody else's project may be hidden from the caller: then the server decides on submit.
  return settled === id && (data?.projects ?? []).some((p) => p.name === `projects/${id}`);
}
