import { Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountForm } from '@/features/session/AccountForm';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { useBootstrap } from '@/lib/session';
import { beginSetup } from '@/lib/setup';

export default function FirstAdministratorPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const { data } = useBootstrap();
  // From then on there is an administrator, and the way leads on from here.
  const [begun, setBegun] = useState(false);
  if (data && !data.needsFirstAdmin && !begun) return <Navigate to={paths.home() as never} replace />;
  return (
    <AuthLayout title={t('firstAdmin.title')} lead={t('firstAdmin.lead')}>
      <AccountForm
        submit={t('firstAdmin.create')}
        token={{ needed: data?.setupTokenRequired ?? false, initial: search.token ?? '' }}
        onBegin={() => {
          setBegun(true);
          beginSetup();
        }}
        onDone={() => go(paths.setup(), { replace: true })}
      />
    </AuthLayout>
  );
}
