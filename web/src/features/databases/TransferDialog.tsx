import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { DEFAULT_PROJECT } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { useTransfer } from './useTransfer';

interface Props {
  open: boolean;
  databases: readonly Database[];
  onClose: (done: boolean) => void;
}

export function TransferDialog({ open, databases, onClose }: Props) {
  const { t } = useTranslation();
  const [project, setProject] = useState('');
  const projects = useRpc('ProjectService/SearchProjects', { pageSize: 200 }, { enabled: open });
  const transfer = useTransfer();
  const options = (projects.data?.projects ?? [])
    .filter((p) => p.name !== DEFAULT_PROJECT)
    .map((p) => ({ value: p.name ?? '', label: p.title ?? '' }));
  const submit = () => {
    if (!project) return;
    transfer.move(databases, project, t('database.moved', { count: databases.length })).then(
      () => onClose(true),
      () => {}, // Shown from transfer.error.
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose(false)}
      title={t('database.transferTitle', { count: databases.length })}
      width="sm"
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={transfer.isPending} onClick={submit}>
            {t('database.transfer')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Select
          label={t('database.column.project')}
          value={project}
          onChange={setProject}
          options={options}
          placeholder={t('database.chooseProject')}
          hint={t('database.transferHint')}
        />
        {transfer.error && <ErrorPanel error={transfer.error} doing={t('database.transfer')} />}
      </div>
    </Dialog>
  );
}
