import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { LabelsEditor } from '@/features/labels/LabelsEditor';
import { commonLabels, labelProblems, labelsOf, relabelled, rowsOf } from '@/features/labels/labels';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorPanel } from '@/ui/States';

interface Props {
  databases: readonly Database[];
  onClose: (done: boolean) => void;
}

/** Edits the labels that the databases share; those that one has of its own stay. */
export function LabelsDialog({ databases, onClose }: Props) {
  const { t } = useTranslation();
  const [before] = useState(() => commonLabels(databases.map((db) => db.labels)));
  const [rows, setRows] = useState(() => {
    const shared = rowsOf(before);
    return shared.length > 0 ? shared : [{ key: '', value: '' }];
  });
  const [tried, setTried] = useState(false);
  const update = useCall('DatabaseService/BatchUpdateDatabases', { touches: ['DatabaseService'] });
  const submit = () => {
    setTried(true);
    if (labelProblems(rows).some(Boolean)) return;
    const after = labelsOf(rows);
    update.mutate(
      {
        parent: 'instances/-',
        requests: databases.map(({ name, labels }) => ({
          database: { name, labels: relabelled(labels, before, after) },
          updateMask: 'labels',
        })),
      },
      { onSuccess: () => onClose(true) },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose(false)}
      title={t('labels.ofDatabases', { count: databases.length })}
      description={databases.length > 1 ? t('labels.shared') : undefined}
      width="sm"
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={update.isPending} onClick={submit}>
            {t('action.save')}
          </Button>
        </>
      }
    >
      <LabelsEditor rows={rows} onChange={setRows} tried={tried} />
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
    </Dialog>
  );
}
