import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ReviewConfig } from '@/api/types';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';
import { toast } from '@/ui/toast';
import { freeName } from './configs';

const TOUCHES = ['ReviewConfigService'] as const;
const failed = (error: Error) => toast({ text: error.message, tone: 'danger' });

/** What one does to a whole configuration, on its page and in the list. */
export function useConfigActions(configs: readonly ReviewConfig[]) {
  const { t } = useTranslation();
  const go = useGo();
  const update = useCall('ReviewConfigService/UpdateReviewConfig', { touches: TOUCHES });
  const create = useCall('ReviewConfigService/CreateReviewConfig', { touches: TOUCHES });
  const enable = (config: ReviewConfig, enabled: boolean, undoable = true) =>
    update.mutate(
      { reviewConfig: { name: config.name, enabled }, updateMask: 'enabled' },
      {
        onError: failed,
        onSuccess: () =>
          toast({
            text: t(enabled ? 'review.enabledNow' : 'review.disabledNow', { name: config.title }),
            action: undoable
              ? { label: t('action.undo'), run: () => enable(config, !enabled, false) }
              : undefined,
          }),
      },
    );
  /** The copy is attached to nothing: a resource has one configuration. */
  const duplicate = (config: ReviewConfig) => {
    const title = t('review.copyOf', { name: config.title });
    create.mutate(
      {
        reviewConfig: {
          name: freeName(title, configs),
          title,
          enabled: config.enabled,
          rules: config.rules,
          exceptions: config.exceptions,
          refuseSuppression: config.refuseSuppression,
        },
      },
      { onError: failed, onSuccess: (made) => go(paths.reviewConfig(made.name ?? '')) },
    );
  };
  return { enable, duplicate, busy: update.isPending || create.isPending };
}
