import { useTranslation } from 'react-i18next';
import type { ReviewConfig } from '@/api/types';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { attachedTo, useAttach } from './configs';

const NONE = 'none';

interface Props {
  /** environments/{environment} or projects/{project} */
  resource: string;
  /** Of the resource, for people. */
  title: string;
  configs: readonly ReviewConfig[];
  readOnly: boolean;
}

/** Which configuration a resource is attached to, and the choice of another. Takes effect at once. */
export function ReviewedBy({ resource, title, configs, readOnly }: Props) {
  const { t } = useTranslation();
  const { attach, busy, error } = useAttach();
  const now = attachedTo(configs, resource);
  const choose = async (name: string) => {
    const to = configs.find((config) => config.name === name);
    if (!(await attach([resource], to))) return;
    toast({
      text: to
        ? t('review.chosen', { name: title, config: to.title })
        : t('review.chosenNone', { name: title }),
      action: { label: t('action.undo'), run: () => void attach([resource], now) },
    });
  };
  const link = now && (
    <TextLink to={paths.reviewConfig(now.name ?? '')} className="text-small">
      {readOnly ? now.title : t('review.open')}
    </TextLink>
  );
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1" aria-busy={busy || undefined}>
      {readOnly ? (
        (link ?? <span className="text-muted">{t('review.noConfig')}</span>)
      ) : (
        <>
          <Select
            bare
            className="w-56!"
            label={t('review.reviewedBy', { name: title })}
            value={now?.name ?? NONE}
            onChange={choose}
            options={[
              { value: NONE, label: t('review.noConfig') },
              ...configs.map((config) => ({ value: config.name ?? '', label: config.title ?? '' })),
            ]}
          />
          {link}
        </>
      )}
      {now && !now.enabled && <span className="text-small text-warning">{t('review.countsAsNone')}</span>}
      {error && <ErrorPanel error={error} doing={t('review.attach')} />}
    </div>
  );
}
