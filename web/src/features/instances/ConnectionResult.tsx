import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { ErrorPanel, Notice } from '@/ui/States';

const ADVICE = {
  CONNECTION_AUTH: 'auth',
  CONNECTION_NETWORK: 'network',
  CONNECTION_TLS: 'tls',
  CONNECTION_PERMISSION: 'permission',
  CONNECTION_TIMEOUT: 'timeout',
  CONNECTION_UNSUPPORTED: 'unsupported',
  ADDRESS_REFUSED: 'address',
} as const;

export type TestState = { state: 'idle' } | { state: 'works' } | { state: 'failed'; error: ApiError };

/** How the connection test ended: what to check first, then the server's own words. */
export function ConnectionResult({ test }: { test: TestState }) {
  const { t } = useTranslation();
  if (test.state === 'idle') return null;
  if (test.state === 'works') {
    return (
      <p role="status" className="flex items-center gap-1.5 font-medium text-success">
        <CircleCheck className="size-4" aria-hidden="true" />
        {t('instance.works')}
      </p>
    );
  }
  const kind = ADVICE[test.error.reason as keyof typeof ADVICE];
  if (!kind) return <ErrorPanel error={test.error} doing={t('instance.test')} />;
  return (
    <Notice
      tone="danger"
      role="alert"
      title={t(`instance.failure.${kind}.title`)}
      className="scroll-mb-20" // Above the form's sticky buttons.
    >
      <p>{t(`instance.failure.${kind}.advice`)}</p>
      <p className="mt-1 font-mono text-caption text-muted">{test.error.message}</p>
    </Notice>
  );
}
