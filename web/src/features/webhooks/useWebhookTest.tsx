import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Webhook } from '@/api/types';
import { ErrorPanel, Notice } from '@/ui/States';

/** Sends a sample message; what came of it stands where the button is. */
export function useWebhookTest(project: string) {
  const { t } = useTranslation();
  const call = useCall('ProjectService/TestWebhook');
  return {
    busy: call.isPending,
    error: call.error,
    forget: call.reset,
    run: (webhook: Webhook) => call.mutate({ project, webhook }),
    /** Fields that the form shows by itself are left out. */
    result: (shown: readonly string[] = []) => {
      if (call.isPending) return null;
      if (call.error) {
        const elsewhere = call.error.fields.every(({ field }) => shown.some((one) => field.endsWith(one)));
        return call.error.fields.length > 0 && elsewhere ? null : (
          <ErrorPanel error={call.error} doing={t('webhook.test')} />
        );
      }
      if (!call.data) return null;
      return call.data.error ? (
        <Notice tone="danger" role="alert" title={t('webhook.testFailed')}>
          <p className="font-mono text-caption">{call.data.error}</p>
        </Notice>
      ) : (
        <p role="status" className="flex items-center gap-1.5 font-medium text-success">
          <CircleCheck className="size-4" aria-hidden="true" />
          {t('webhook.testWorks')}
        </p>
      );
    },
  };
}
