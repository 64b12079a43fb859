import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Task } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Notice } from '@/ui/States';
import { holding, OVERDUE } from './emergency';

/** What keeps the tasks from running: emergency runs on their databases that nobody has reviewed in time. */
export function OverdueReviews({ tasks }: { tasks: readonly Task[] }) {
  const { t } = useTranslation();
  const held = tasks.filter(({ blockers = [] }) => blockers.some(({ reason }) => reason === OVERDUE));
  const query = useRpc(
    'EmergencyService/ListEmergencies',
    { parent: 'projects/-', unreviewed: true },
    { topics: ['projects'], enabled: held.length > 0 },
  );
  const emergencies = holding(query.data?.emergencies ?? [], held);
  if (held.length === 0) return null;
  return (
    <Notice tone="danger" title={t('emergency.holds', { count: held.length })}>
      <p>{t('emergency.holdsText')}</p>
      <ul className="mt-1 flex flex-col gap-1">
        {emergencies.map((emergency) => (
          <li key={emergency.name} className="[overflow-wrap:anywhere]">
            <TextLink className="underline" to={paths.plan(emergency.plan ?? '')}>
              {emergency.title || t('plan.untitled')}
            </TextLink>{' '}
            ·{' '}
            {(emergency.databases ?? [])
              .map((name) => `${databaseId(name)} (${instanceId(name)})`)
              .join(', ')}{' '}
            · {t('emergency.ranBy')} <PersonName name={emergency.runner} /> · {t('emergency.wasDue')}{' '}
            <RelativeTime value={emergency.dueTime} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
