import { useTranslation } from 'react-i18next';
import type { Issue } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { GrantLimits } from '@/features/access/GrantLimits';
import { useRoles } from '@/features/roles/useRoles';
import { projectId, projectOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { durationMs } from '@/lib/time';
import { TextLink } from '@/ui/AppLink';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What somebody asks for: which role, where and for how long. */
export function RoleGrantFacts({ issue }: { issue: Issue }) {
  const { t } = useTranslation();
  const { titleOf } = useRoles();
  const { role, user, condition, expiration } = issue.roleGrant ?? {};
  const project = projectOf(issue.name);
  const scope = condition?.expression ?? '';
  const length = durationMs(expiration);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 rounded-card border border-line bg-raised px-4 py-3">
      <dt className="text-muted">{t('access.member')}</dt>
      <dd>
        <PersonName name={user} />
      </dd>
      <dt className="text-muted">{t('access.role')}</dt>
      <dd className="font-medium">{titleOf(role)}</dd>
      <dt className="text-muted">{t('access.where')}</dt>
      <dd>
        <TextLink to={paths.project(project)}>{projectId(project)}</TextLink>
        {scope && <GrantLimits scope={scope} expires="" />}
      </dd>
      <dt className="text-muted">{t('access.expires')}</dt>
      <dd>
        {length === undefined
          ? t('access.never')
          : length < 2 * DAY_MS
            ? t('access.afterHours', { count: Math.max(1, Math.round(length / HOUR_MS)) })
            : t('access.afterDays', { count: Math.round(length / DAY_MS) })}
      </dd>
    </dl>
  );
}
