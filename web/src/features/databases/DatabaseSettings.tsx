import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Section } from '@/components/Page';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { LabelsEditor } from '@/features/labels/LabelsEditor';
import { labelProblems, labelsOf, rowsOf } from '@/features/labels/labels';
import { DEFAULT_PROJECT, projectId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { TransferDialog } from './TransferDialog';
import { useTransfer } from './useTransfer';

/** Environment and labels, saved together; and the project, which moves at once and back by Undo. */
export function DatabaseSettings({ database }: { database: Database }) {
  const { t } = useTranslation();
  const [environment, setEnvironment] = useState<string | null>(null);
  const [rows, setRows] = useState<ReturnType<typeof rowsOf> | null>(null);
  const [tried, setTried] = useState(false);
  const [moving, setMoving] = useState(false);
  const update = useCall('DatabaseService/UpdateDatabase', { touches: ['DatabaseService'] });
  const transfer = useTransfer();
  const shown = rows ?? rowsOf(database.labels);
  const reset = () => {
    setEnvironment(null);
    setRows(null);
    setTried(false);
    update.reset();
  };
  const save = () => {
    setTried(true);
    if (labelProblems(shown).some(Boolean)) return;
    const mask = [environment !== null && 'environment', rows && 'labels'].filter(Boolean);
    update.mutate(
      {
        database: {
          name: database.name,
          environment: environment || undefined,
          labels: labelsOf(shown),
        },
        updateMask: mask.join(','),
      },
      {
        onSuccess: () => {
          reset();
          toast({ text: t('state.saved') });
        },
      },
    );
  };
  const assigned = database.project && database.project !== DEFAULT_PROJECT;
  return (
    <div className="flex max-w-160 flex-col gap-6">
      <EnvironmentSelect
        value={environment ?? database.environment ?? ''}
        onChange={setEnvironment}
        allowNone
        noneLabel={t('database.likeInstance')}
        hint={t('database.environmentHint')}
        className="max-w-72"
      />
      <Section title={t('labels.title')}>
        <LabelsEditor rows={shown} onChange={setRows} tried={tried} />
      </Section>
      <Section title={t('database.column.project')}>
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-surface px-3 py-2.5">
          <span className="[overflow-wrap:anywhere]">
            {assigned ? projectId(database.project) : t('database.unassigned')}
          </span>
          <span className="flex gap-2">
            {assigned && (
              <Button
                size="sm"
                busy={transfer.isPending}
                onClick={() => {
                  transfer
                    .move([database], DEFAULT_PROJECT, t('database.unassignedCount', { count: 1 }))
                    .catch(() => {
                      // Shown below from transfer.error.
                    });
                }}
              >
                {t('database.unassign')}
              </Button>
            )}
            <Button size="sm" onClick={() => setMoving(true)}>
              {t('database.transfer')}
            </Button>
          </span>
        </div>
        {transfer.error && <ErrorPanel error={transfer.error} doing={t('database.unassign')} />}
      </Section>
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      {(environment !== null || rows) && <DirtyBar busy={update.isPending} onSave={save} onDiscard={reset} />}
      <TransferDialog open={moving} databases={[database]} onClose={() => setMoving(false)} />
    </div>
  );
}
