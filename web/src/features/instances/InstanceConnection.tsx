import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import type { Instance } from '@/api/types';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { ConnectionFields } from './ConnectionFields';
import { ConnectionResult, type TestState } from './ConnectionResult';
import { useEngine } from './engines';
import { type ConnectionValues, changedPaths, connectionErrors, fromDataSource, toDataSource } from './form';

/** Name, environment and how we connect. Secrets are write-only: an empty field keeps what is stored. */
export function InstanceConnection({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const engine = useEngine(instance.engine);
  const source = instance.dataSources?.find((s) => s.type === 'ADMIN') ?? instance.dataSources?.[0];
  const [values, setValues] = useState<ConnectionValues>(() => fromDataSource(source));
  const [title, setTitle] = useState(instance.title ?? '');
  const [environment, setEnvironment] = useState(instance.environment ?? '');
  const [submitted, setSubmitted] = useState(false);
  const [test, setTest] = useState<TestState>({ state: 'idle' });
  const [testing, setTesting] = useState(false);
  const name = instance.name ?? '';
  const update = useCall('InstanceService/UpdateInstance', {
    touches: ['InstanceService', 'DatabaseService'],
  });
  const updateSource = useCall('InstanceService/UpdateDataSource', { touches: ['InstanceService'] });

  const found = connectionErrors(values, engine);
  const request = () => ({
    name,
    dataSource: { ...toDataSource(values, engine), id: source?.id ?? 'admin' },
    updateMask: changedPaths(values),
  });
  const valid = () => {
    setSubmitted(true);
    return Object.keys(found).length === 0 && title.trim() !== '';
  };
  const runTest = async () => {
    setTesting(true);
    setTest({ state: 'idle' });
    try {
      await call('InstanceService/UpdateDataSource', { ...request(), validateOnly: true });
      setTest({ state: 'works' });
    } catch (error) {
      setTest({ state: 'failed', error: error as ApiError });
    } finally {
      setTesting(false);
    }
  };
  const save = async () => {
    if (!valid()) return;
    try {
      await update.mutateAsync({
        instance: { name, title: title.trim(), environment: environment || undefined },
        updateMask: 'title,environment',
      });
      await updateSource.mutateAsync(request());
      toast({ text: t('state.saved') });
    } catch {
      // Shown below from update.error and updateSource.error.
    }
  };
  const failure = update.error ?? updateSource.error;
  return (
    <form
      noValidate
      className="flex max-w-160 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t('instance.name')}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={submitted && !title.trim() ? t('instance.error.needed') : undefined}
        />
        <EnvironmentSelect value={environment} onChange={setEnvironment} allowNone />
      </div>
      <ConnectionFields
        editing
        values={values}
        engine={engine}
        errors={submitted ? found : {}}
        onChange={(patch) => {
          setValues({ ...values, ...patch });
          setTest({ state: 'idle' });
        }}
      />
      <ConnectionResult test={test} />
      {failure && <ErrorPanel error={failure} doing={t('action.save')} />}
      <div className="flex gap-2">
        <Button type="submit" tone="primary" busy={update.isPending || updateSource.isPending}>
          {t('action.save')}
        </Button>
        <Button busy={testing} onClick={() => valid() && runTest()}>
          {t('instance.test')}
        </Button>
      </div>
    </form>
  );
}
