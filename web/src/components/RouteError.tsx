import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, isApiError } from '@/api/error';
import { ErrorPanel } from '@/ui/States';
import { Page } from './Page';

/** A page that broke: inside the shell, with a way on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const shown = isApiError(error)
    ? error
    : new ApiError({
        code: 'internal',
        message: error instanceof Error ? error.message : String(error),
        method: 'console',
      });
  return (
    <Page title={t('error.page')} width="text">
      <ErrorPanel
        error={shown}
        onRetry={() => {
          reset();
          router.invalidate();
        }}
      />
    </Page>
  );
}
