import { useTranslation } from 'react-i18next';
import type { Repository } from '@/api/types';
import { amountOf } from '@/lib/duration';
import { modeOf } from './repositories';

/** How Basalt hears of new commits. */
export function HowNews({ repository }: { repository: Repository }) {
  const { t } = useTranslation();
  if (modeOf(repository) === 'WEBHOOK') return t('repository.byWebhook');
  const { number, unit } = amountOf(repository.pollInterval, ['seconds', 'minutes', 'hours', 'days']);
  return t(`repository.every.${unit}`, { count: Number(number) });
}
