import { useRouterState } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/States';
import { Page } from './Page';

/** The URL one level up that has a page: a deleted thing still leads somewhere. */
function parentUrl(pathname: string): string {
  const parts = pathname.split('/').filter(Boolean);
  return parts.length > 1 ? `/${parts.slice(0, -1).join('/')}` : paths.home();
}

export function NotFoundBody() {
  const { t } = useTranslation();
  const pathname = useRouterState({ select: (s) => s.location.pathname });
  const parent = parentUrl(pathname);
  return (
    <EmptyState
      icon={<SearchX aria-hidden="true" />}
      title={t('notFound.title')}
      action={
        <div className="flex gap-2">
          {parent !== paths.home() && <ButtonLink to={parent}>{t('notFound.up')}</ButtonLink>}
          <ButtonLink to={paths.home()}>{t('notFound.home')}</ButtonLink>
        </div>
      }
    >
      {t('notFound.text')}
    </EmptyState>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.page')} width="text">
      <NotFoundBody />
    </Page>
  );
}
