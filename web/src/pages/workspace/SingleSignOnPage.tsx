import { KeyRound, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { IdentityProvider } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { Page } from '@/components/Page';
import { ProviderOnly } from '@/features/identity/ProviderOnly';
import { useMay } from '@/lib/may';
import { idOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { NameLink } from '@/ui/NameLink';
import { EmptyState } from '@/ui/States';

/** Where people sign in other than with a password of here. */
export default function SingleSignOnPage() {
  const { t } = useTranslation();
  const may = useMay();
  const query = useRpc('IdentityProviderService/ListIdentityProviders', {}, { topics: ['idps'] });
  const columns: Column<IdentityProvider>[] = [
    {
      key: 'title',
      label: t('idp.title'),
      className: nameColumn,
      cell: ({ name = '', title }) => (
        <NameLink to={paths.identityProvider(name)} name={title} more={idOf(name, 'idps')} />
      ),
    },
    {
      key: 'issuer',
      label: t('idp.issuer'),
      className: 'font-mono text-muted [overflow-wrap:anywhere]',
      cell: ({ config }) => config?.oidcConfig?.issuer,
    },
    {
      key: 'domain',
      label: t('idp.domain'),
      wide: true,
      className: 'text-muted',
      cell: ({ domain }) => domain || t('idp.anyDomain'),
    },
  ];
  const add = may.everywhere('bb.identityProviders.create') && (
    <ButtonLink tone="primary" to={paths.newIdentityProvider()}>
      <Plus aria-hidden="true" />
      {t('idp.new')}
    </ButtonLink>
  );
  const some = Boolean(query.data?.identityProviders?.length);
  return (
    <Page title={t('nav.identityProviders')} purpose={t('idp.purpose')} width="text" actions={some && add}>
      <Loaded query={query} doing={t('nav.identityProviders')}>
        {({ identityProviders = [] }) =>
          identityProviders.length > 0 ? (
            <div className="flex flex-col gap-8">
              <DataTable
                label={t('nav.identityProviders')}
                items={identityProviders}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              {may.everywhere('bb.settings.get') && <ProviderOnly providers={identityProviders} />}
            </div>
          ) : (
            <EmptyState icon={<KeyRound aria-hidden="true" />} title={t('idp.none')} action={add}>
              {t('idp.noneText')}
            </EmptyState>
          )
        }
      </Loaded>
    </Page>
  );
}
