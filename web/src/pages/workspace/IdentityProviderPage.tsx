import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { useCall, useRpc } from '@/api/query';
import type { IdentityProvider } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { SectionForm } from '@/components/SectionForm';
import { ProviderDeletion } from '@/features/identity/ProviderDeletion';
import { ProviderFields } from '@/features/identity/ProviderFields';
import {
  maskOf,
  type ProviderValues,
  providerOf,
  providerProblems,
  providerValues,
} from '@/features/identity/provider';
import { RedirectUrl } from '@/features/identity/RedirectUrl';
import { TestButton } from '@/features/identity/TestButton';
import { TestResult } from '@/features/identity/TestResult';
import { testResultOf } from '@/features/session/signOn';
import { useGo } from '@/hooks/useGo';
import { focusFirstError } from '@/lib/focus';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';

export default function IdentityProviderPage() {
  const { t } = useTranslation();
  const go = useGo();
  const may = useMay();
  const { provider: id = '' } = useParams({ strict: false }) as { provider?: string };
  const name = `idps/${id}`;
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const query = useRpc('IdentityProviderService/GetIdentityProvider', { name }, { topics: [name] });
  const provider = query.data;
  const answer = testResultOf(name);
  return (
    <Page
      title={provider?.title ?? id}
      context={t('nav.identityProviders')}
      width="form"
      actions={
        provider && (
          <>
            {may.everywhere('bb.identityProviders.update') && (
              <TestButton provider={name} onError={setError} />
            )}
            {may.everywhere('bb.identityProviders.delete') && (
              <Button tone="ghost" onClick={() => setDeleting(true)}>
                {t('idp.delete')}
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded query={query} doing={t('idp.one')}>
        {(found) => (
          <div className="flex flex-col gap-8">
            {error && <ErrorPanel error={error} doing={t('idp.test')} />}
            {answer && <TestResult answer={answer} values={providerValues(found)} />}
            <RedirectUrl />
            <Settings key={name} provider={found} />
            {deleting && (
              <ProviderDeletion
                provider={found}
                onClose={() => setDeleting(false)}
                onDeleted={() => go(paths.identityProviders(), { replace: true })}
              />
            )}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Settings({ provider }: { provider: IdentityProvider }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<Partial<ProviderValues>>({});
  const [tried, setTried] = useState(false);
  const update = useCall('IdentityProviderService/UpdateIdentityProvider', {
    touches: ['IdentityProviderService'],
  });
  const values = { ...providerValues(provider), ...edit };
  const found = providerProblems(values, { issuer: provider.config?.oidcConfig?.issuer });
  const save = () => {
    setTried(true);
    if (found.size > 0) {
      focusFirstError();
      return undefined;
    }
    return update.mutateAsync({
      identityProvider: { ...providerOf(values), name: provider.name },
      updateMask: maskOf(Object.keys(edit) as (keyof ProviderValues)[]),
    });
  };
  return (
    <SectionForm
      title={t('nav.settings')}
      dirty={Object.keys(edit).length > 0}
      call={update}
      onSave={save}
      onReset={() => {
        setEdit({});
        setTried(false);
      }}
    >
      <ProviderFields
        kept
        values={values}
        onChange={(patch) => setEdit((old) => ({ ...old, ...patch }))}
        problems={tried ? found : new Set()}
        error={update.error}
      />
    </SectionForm>
  );
}
