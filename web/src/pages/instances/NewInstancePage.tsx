import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { EnvironmentSelect } from '@/features/environments/EnvironmentSelect';
import { ConnectionFields } from '@/features/instances/ConnectionFields';
import { ConnectionResult, type TestState } from '@/features/instances/ConnectionResult';
import { EngineIcon } from '@/features/instances/EngineIcon';
import { useEngines } from '@/features/instances/engines';
import {
  EMPTY_INSTANCE,
  type FormErrors,
  type InstanceValues,
  instanceErrors,
  instanceIdOf,
  toInstance,
} from '@/features/instances/form';
import { Grants } from '@/features/instances/Grants';
import { useGo } from '@/hooks/useGo';
import { focusFirstError } from '@/lib/focus';
import { paths } from '@/lib/paths';
import { Button, ButtonLink, buttonClass } from '@/ui/Button';
import { RadioCards } from '@/ui/Choice';
import { Confirm } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';

export default function NewInstancePage() {
  const { t } = useTranslation();
  const go = useGo();
  const engines = useEngines();
  const [values, setValues] = useState<InstanceValues>(EMPTY_INSTANCE);
  const [submitted, setSubmitted] = useState(false);
  const [test, setTest] = useState<TestState>({ state: 'idle' });
  const [testing, setTesting] = useState(false);
  const [askAnyway, setAskAnyway] = useState(false);
  const create = useCall('InstanceService/CreateInstance', {
    touches: ['InstanceService', 'DatabaseService'],
  });

  const chosen = values.engine || engines.data?.[0]?.kind || '';
  const engine = engines.data?.find((e) => e.kind === chosen);
  const full = { ...values, engine: chosen };
  const found = instanceErrors(full, engine);
  const errors: FormErrors<InstanceValues> = submitted ? found : {};
  const change = (patch: Partial<InstanceValues>) => {
    setValues((old) => ({ ...old, ...patch }));
    setTest({ state: 'idle' });
    create.reset();
  };
  const request = () => ({ instance: toInstance(full, engine), instanceId: instanceIdOf(values) });
  const valid = () => {
    setSubmitted(true);
    if (Object.keys(found).length === 0) return true;
    focusFirstError();
    return false;
  };
  const runTest = async (): Promise<boolean> => {
    setTesting(true);
    setTest({ state: 'idle' });
    try {
      await call('InstanceService/CreateInstance', { ...request(), validateOnly: true });
      setTest({ state: 'works' });
      return true;
    } catch (error) {
      setTest({ state: 'failed', error: error as ApiError });
      return false;
    } finally {
      setTesting(false);
    }
  };
  const save = () =>
    create.mutate(request(), { onSuccess: (instance) => go(paths.instance(instance.name ?? '')) });
  const submit = async () => {
    if (!valid()) return;
    if (test.state === 'works' || (await runTest())) save();
    else setAskAnyway(true);
  };
  const idError = create.error?.reason === 'RESOURCE_EXISTS' ? t('instance.idTaken') : undefined;
  return (
    <Page title={t('instance.new')} purpose={t('instance.newPurpose')} width="form">
      <Loaded query={engines} doing={t('instance.engines')}>
        {(list) => (
          <Form className="flex flex-col gap-6" onSubmit={submit}>
            <RadioCards
              legend={t('instance.engine')}
              value={chosen}
              onChange={(kind) => change({ engine: kind })}
              className="grid-cols-2 sm:grid-cols-4"
              options={list.map((e) => ({
                value: e.kind,
                label: e.title,
                icon: <EngineIcon engine={e.kind} />,
              }))}
            />
            <div className="grid gap-3 sm:grid-cols-2">
              <TextField
                label={t('instance.name')}
                value={values.title}
                placeholder={t('instance.namePlaceholder')}
                onChange={(event) => change({ title: event.target.value })}
                error={errors.title && t(`instance.error.${errors.title}`)}
              />
              <EnvironmentSelect
                value={values.environment}
                onChange={(environment) => change({ environment })}
                hint={t('instance.environmentHint')}
              />
              <TextField
                label={t('instance.id')}
                mono
                value={instanceIdOf(values)}
                onChange={(event) => change({ id: event.target.value, idEdited: true })}
                hint={t('instance.idHint')}
                error={idError ?? (errors.id && t(`instance.error.${errors.id}`))}
              />
            </div>
            <fieldset>
              <legend className="mb-2 text-lead font-semibold">{t('instance.connection')}</legend>
              <ConnectionFields values={full} onChange={change} engine={engine} errors={errors} />
            </fieldset>
            <Grants engine={chosen} user={values.username} use="admin" />
            <ConnectionResult test={test} />
            {create.error && !idError && <ErrorPanel error={create.error} doing={t('instance.create')} />}
            <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center gap-2 border-t border-line bg-bg px-1 py-3">
              <Button busy={testing} onClick={() => valid() && runTest()}>
                {t('instance.test')}
              </Button>
              <span className="flex-1" />
              <ButtonLink to={paths.instances()} tone="ghost">
                {t('action.cancel')}
              </ButtonLink>
              <Button type="submit" tone="primary" busy={create.isPending}>
                {t('instance.create')}
              </Button>
            </div>
            <Confirm
              open={askAnyway}
              onOpenChange={setAskAnyway}
              title={t('instance.anywayTitle')}
              footer={
                <button
                  type="button"
                  className={buttonClass('primary')}
                  onClick={() => {
                    setAskAnyway(false);
                    save();
                  }}
                >
                  {t('instance.anyway')}
                </button>
              }
            >
              <ConnectionResult test={test} />
              <p>{t('instance.anywayText')}</p>
            </Confirm>
          </Form>
        )}
      </Loaded>
    </Page>
  );
}
