import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Instance } from '@/api/types';
import { SectionForm } from '@/components/SectionForm';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { LabelsEditor } from '@/features/labels/LabelsEditor';
import { labelProblems, labelsOf, rowsOf } from '@/features/labels/labels';
import { webLink } from '@/lib/url';
import { TextAreaField, TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { durationOf, INTERVALS, intervalOf } from './interval';

/** Name, environment and labels; then what is synced and how often. Each part is saved by itself. */
export function InstanceSettings({ instance }: { instance: Instance }) {
  return (
    <div className="flex max-w-160 flex-col gap-8">
      <General instance={instance} />
      <Sync instance={instance} />
    </div>
  );
}

const useUpdate = () =>
  useCall('InstanceService/UpdateInstance', { touches: ['InstanceService', 'DatabaseService'] });

function General({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<Partial<Instance>>({});
  const [rows, setRows] = useState<ReturnType<typeof rowsOf> | null>(null);
  const [tried, setTried] = useState(false);
  const update = useUpdate();
  const value = { ...instance, ...edit };
  const labels = rows ?? rowsOf(instance.labels);
  const badLink = Boolean(value.externalLink) && !webLink(value.externalLink);
  const reset = () => {
    setEdit({});
    setRows(null);
    setTried(false);
  };
  const save = () => {
    setTried(true);
    if (!value.title?.trim() || badLink || labelProblems(labels).some(Boolean)) return undefined;
    const mask = [...Object.keys(edit), ...(rows ? ['labels'] : [])];
    return update.mutateAsync({
      instance: { ...edit, name: instance.name, labels: labelsOf(labels) },
      updateMask: mask.join(','),
    });
  };
  return (
    <SectionForm
      title={t('settings.general')}
      dirty={Object.keys(edit).length > 0 || rows !== null}
      call={update}
      onSave={save}
      onReset={reset}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t('instance.name')}
          value={value.title ?? ''}
          onChange={(event) => setEdit({ ...edit, title: event.target.value })}
          error={tried && !value.title?.trim() ? t('instance.error.needed') : undefined}
        />
        <EnvironmentSelect
          value={value.environment ?? ''}
          onChange={(environment) => setEdit({ ...edit, environment })}
          allowNone
        />
      </div>
      <TextField
        label={t('instance.link')}
        optional
        type="url"
        value={value.externalLink ?? ''}
        onChange={(event) => setEdit({ ...edit, externalLink: event.target.value })}
        hint={t('instance.linkHint')}
        error={tried && badLink ? t('settings.externalUrlWrong') : undefined}
      />
      <fieldset>
        <legend className="mb-1.5 text-small font-medium">{t('labels.title')}</legend>
        <LabelsEditor rows={labels} onChange={setRows} tried={tried} />
      </fieldset>
    </SectionForm>
  );
}

const OWN = 'own';

function Sync({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const [interval, setInterval] = useState<string | null>(null);
  const [names, setNames] = useState<string | null>(null);
  const [most, setMost] = useState<string | null>(null);
  const update = useUpdate();
  const stored = intervalOf(instance.syncInterval);
  const chosen = interval ?? String(stored);
  const databases = names ?? (instance.syncDatabases?.databases ?? []).join('\n');
  const connections = most ?? String(instance.maximumConnections ?? 0);
  const badMost = !/^\d{1,4}$/.test(connections) || Number(connections) > 1000;
  const known = INTERVALS.some((minutes) => minutes === stored);
  const reset = () => {
    setInterval(null);
    setNames(null);
    setMost(null);
  };
  const save = () => {
    if (badMost) return undefined;
    const mask = [
      interval !== null && 'syncInterval',
      names !== null && 'syncDatabases',
      most !== null && 'maximumConnections',
    ].filter(Boolean);
    const list = databases.split(/[\n,]+/).map((name) => name.trim());
    return update.mutateAsync({
      instance: {
        name: instance.name,
        syncInterval: chosen === OWN ? instance.syncInterval : durationOf(Number(chosen)),
        syncDatabases: { databases: [...new Set(list.filter(Boolean))] },
        maximumConnections: Number(connections),
      },
      updateMask: mask.join(','),
    });
  };
  return (
    <SectionForm
      title={t('instance.syncTitle')}
      dirty={interval !== null || names !== null || most !== null}
      call={update}
      onSave={save}
      onReset={reset}
    >
      <Select
        className="max-w-72"
        label={t('instance.interval')}
        value={known || interval !== null ? chosen : OWN}
        onChange={setInterval}
        hint={t('instance.intervalHint')}
        options={[
          ...(known ? [] : [{ value: OWN, label: t('instance.everyMinutes', { count: stored }) }]),
          ...INTERVALS.map((minutes) => ({
            value: String(minutes),
            label:
              minutes === 0
                ? t('instance.never')
                : minutes % 60 === 0
                  ? t('instance.everyHours', { count: minutes / 60 })
                  : t('instance.everyMinutes', { count: minutes }),
          })),
        ]}
      />
      <TextAreaField
        label={t('instance.scope')}
        optional
        mono
        rows={4}
        value={databases}
        onChange={(event) => setNames(event.target.value)}
        hint={t('instance.scopeHint')}
      />
      <TextField
        className="max-w-60"
        label={t('instance.connections')}
        type="number"
        min={0}
        max={1000}
        value={connections}
        onChange={(event) => setMost(event.target.value)}
        hint={t('instance.connectionsHint')}
        error={badMost ? t('instance.connectionsWrong') : undefined}
      />
    </SectionForm>
  );
}
