import { useTranslation } from 'react-i18next';
import { AccountForm } from '@/features/session/AccountForm';
import { useRestriction } from '@/features/session/waysIn';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { safeNext } from '@/lib/url';
import { TextLink } from '@/ui/AppLink';
import { Notice } from '@/ui/States';

/** Where people make an account of their own, in workspaces that let them. */
export default function SignUpPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const closed = useRestriction()?.disallowSignup;
  return (
    <AuthLayout title={t('auth.signUp')} lead={closed ? undefined : t('auth.signUpLead')}>
      {closed ? (
        <Notice>{t('auth.signUpClosed')}</Notice>
      ) : (
        <AccountForm
          submit={t('auth.createAccount')}
          onDone={() => go(safeNext(search.next), { replace: true })}
        />
      )}
      <p className="mt-4">
        <TextLink to={paths.signIn(search.next)}>{t('auth.toSignIn')}</TextLink>
      </p>
    </AuthLayout>
  );
}
