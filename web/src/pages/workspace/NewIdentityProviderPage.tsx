import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { Page } from '@/components/Page';
import { issuerError, PROVIDER_FIELDS, ProviderFields } from '@/features/identity/ProviderFields';
import { NEW_PROVIDER, providerOf, providerProblems } from '@/features/identity/provider';
import { RedirectUrl } from '@/features/identity/RedirectUrl';
import { useGo } from '@/hooks/useGo';
import { focusFirstError } from '@/lib/focus';
import { slugOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';

/** Makes a provider; the server asks it at once, so a mistake shows here. */
export default function NewIdentityProviderPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [values, setValues] = useState(NEW_PROVIDER);
  const [ownId, setOwnId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const create = useCall('IdentityProviderService/CreateIdentityProvider', {
    touches: ['IdentityProviderService'],
  });
  const { error } = create;
  const id = ownId ?? slugOf(values.title);
  const found = providerProblems(values, { id });
  const taken = error?.reason === 'RESOURCE_EXISTS';
  const idError = taken ? t('idp.idTaken') : tried && found.has('id') ? t('project.idWrong') : undefined;
  const submit = () => {
    setTried(true);
    if (found.size > 0) return focusFirstError();
    create.mutate(
      { identityProviderId: id, identityProvider: providerOf(values) },
      { onSuccess: ({ name = '' }) => go(paths.identityProvider(name)) },
    );
  };
  const unplaced =
    error &&
    !taken &&
    !error.saidBeside(...PROVIDER_FIELDS, 'identity_provider_id') &&
    issuerError(error) === undefined;
  return (
    <Page title={t('idp.new')} purpose={t('idp.newPurpose')} width="form">
      <Form
        className="flex flex-col gap-6"
        onSubmit={() => {
          if (!create.isPending) submit();
        }}
      >
        <RedirectUrl />
        <ProviderFields
          values={values}
          onChange={(patch) => {
            setValues((old) => ({ ...old, ...patch }));
            create.reset();
          }}
          problems={tried ? found : new Set()}
          error={error}
          beside={
            <TextField
              label={t('idp.id')}
              mono
              value={id}
              onChange={(event) => setOwnId(event.target.value)}
              hint={t('idp.idHint')}
              error={error?.field('identity_provider_id') ?? idError}
            />
          }
        />
        {unplaced && <ErrorPanel error={error} doing={t('idp.create')} />}
        <div className="sticky bottom-0 -mx-1 flex items-center justify-end gap-2 border-t border-line bg-bg px-1 py-3">
          <ButtonLink to={paths.identityProviders()} tone="ghost">
            {t('action.cancel')}
          </ButtonLink>
          <Button type="submit" tone="primary" busy={create.isPending}>
            {t('idp.create')}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
