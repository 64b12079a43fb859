import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import type { DataSource, Instance } from '@/api/types';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { ConnectionFields } from './ConnectionFields';
import { ConnectionResult, type TestState } from './ConnectionResult';
import { useEngine } from './engines';
import {
  ADMIN,
  type ConnectionValues,
  changedPaths,
  connectionErrors,
  fromDataSource,
  toDataSource,
} from './form';
import { Grants } from './Grants';

interface Props {
  instance: Instance;
  /** Absent for a new one. */
  source: DataSource | undefined;
  which: Pick<DataSource, 'id' | 'type'>;
  /** Host and the like of a new one begin as these. */
  like?: DataSource | undefined;
  onDone?: () => void;
}

/** One data source: test and save. Secrets are write-only: an empty field keeps what is stored. */
export function SourceForm({ instance, source, which, like, onDone }: Props) {
  const { t } = useTranslation();
  const engine = useEngine(instance.engine);
  const [values, setValues] = useState<ConnectionValues>(() => fromDataSource(source ?? like));
  const [submitted, setSubmitted] = useState(false);
  const [test, setTest] = useState<TestState>({ state: 'idle' });
  const [testing, setTesting] = useState(false);
  const touches = ['InstanceService'] as const;
  const add = useCall('InstanceService/AddDataSource', { touches });
  const update = useCall('InstanceService/UpdateDataSource', { touches });
  const found = connectionErrors(values, engine);
  const dataSource = toDataSource(values, engine, which);
  const added = { name: instance.name, dataSource };
  const updated = { ...added, updateMask: changedPaths(values) };
  const valid = () => {
    setSubmitted(true);
    return Object.keys(found).length === 0;
  };
  const runTest = async () => {
    setTesting(true);
    setTest({ state: 'idle' });
    try {
      if (source) await call('InstanceService/UpdateDataSource', { ...updated, validateOnly: true });
      else await call('InstanceService/AddDataSource', { ...added, validateOnly: true });
      setTest({ state: 'works' });
    } catch (error) {
      setTest({ state: 'failed', error: error as ApiError });
    } finally {
      setTesting(false);
    }
  };
  const saved = () => {
    toast({ text: t('state.saved') });
    onDone?.();
  };
  const save = () => {
    if (!valid()) return;
    if (source) update.mutate(updated, { onSuccess: saved });
    else add.mutate(added, { onSuccess: saved });
  };
  const failure = add.error ?? update.error;
  return (
    <Form onSubmit={save}>
      <ConnectionFields
        editing={source !== undefined}
        values={values}
        engine={engine}
        errors={submitted ? found : {}}
        onChange={(patch) => {
          setValues({ ...values, ...patch });
          setTest({ state: 'idle' });
        }}
      />
      <Grants
        engine={instance.engine ?? ''}
        user={values.username}
        use={which.type === ADMIN.type ? 'admin' : 'readOnly'}
      />
      <ConnectionResult test={test} />
      {failure && <ErrorPanel error={failure} doing={t('action.save')} />}
      <div className="flex gap-2">
        <Button type="submit" tone="primary" busy={add.isPending || update.isPending}>
          {t('action.save')}
        </Button>
        <Button busy={testing} onClick={() => valid() && runTest()}>
          {t('instance.test')}
        </Button>
        {!source && onDone && (
          <Button tone="ghost" onClick={onDone}>
            {t('action.cancel')}
          </Button>
        )}
      </div>
    </Form>
  );
}
