import { useTranslation } from 'react-i18next';
import type { Emergency } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { projectId, stageId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { isOverdue } from './emergency';

/** Emergency runs whose review waits for who is looking. */
export function EmergenciesForMe({ emergencies }: { emergencies: readonly Emergency[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('emergency.toReview')}>
      <thead>
        <tr>
          <Th>{t('emergency.toReview')}</Th>
          <Th>{t('emergency.where')}</Th>
          <Th>{t('emergency.reviewDue')}</Th>
        </tr>
      </thead>
      <tbody>
        {emergencies.map((emergency) => (
          <Tr key={emergency.name}>
            <Td className="max-w-56">
              <NameLink
                to={paths.plan(emergency.plan ?? '')}
                name={emergency.title || t('plan.untitled')}
                more={
                  <>
                    {projectId(emergency.plan)} · <PersonName name={emergency.runner} />
                  </>
                }
              />
            </Td>
            <Td>
              <EnvironmentBadge name={`environments/${stageId(emergency.stage)}`} />
            </Td>
            <Td>
              <Status
                kind={isOverdue(emergency) ? 'failed' : 'warning'}
                label={t(isOverdue(emergency) ? 'emergency.isOverdue' : 'emergency.isDue')}
              />{' '}
              <RelativeTime value={emergency.dueTime} className="text-muted" />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
