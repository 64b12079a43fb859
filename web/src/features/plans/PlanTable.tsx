import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { cn } from '@/lib/cn';
import { planId, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { planState, stageProgress } from './state';

interface Props {
  plans: readonly Plan[];
  label: string;
  showProject?: boolean;
}

export function PlanRows({ plans, label, showProject }: Props) {
  const { t } = useTranslation();
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>{t('plan.column.title')}</Th>
          <Th>{t('plan.column.state')}</Th>
          {!showProject && <Th>{t('plan.column.checks')}</Th>}
          {!showProject && <Th>{t('plan.column.progress')}</Th>}
          {!showProject && <Th>{t('plan.column.creator')}</Th>}
          <Th className={showProject ? 'hidden sm:table-cell' : undefined}>{t('plan.column.updated')}</Th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => {
          const progress = stageProgress(plan);
          const kind = planState(plan);
          return (
            <Tr key={plan.name}>
              <Td
                className={
                  showProject ? 'w-full max-w-0 min-w-40' : 'max-w-48 min-w-44 sm:max-w-96 sm:min-w-52'
                }
              >
                <AppLink to={paths.plan(plan.name ?? '')} className="group block">
                  <span className="block truncate font-medium text-text group-hover:text-accent group-hover:underline">
                    {plan.title || t('plan.untitled')}
                  </span>
                  <span className="block truncate text-caption text-muted">
                    {showProject && `${projectId(plan.name)} `}#{planId(plan.name)}
                    {showProject && progress && ` · ${t('plan.progress', progress)}`}
                  </span>
                </AppLink>
              </Td>
              <Td>
                <Status kind={kind} label={t(`plan.state.${kind}` as 'plan.state.draft')} />
              </Td>
              {!showProject && (
                <Td>
                  <ChecksSummary plan={plan} />
                </Td>
              )}
              {!showProject && (
                <Td className="whitespace-nowrap text-muted">
                  {progress ? t('plan.progress', progress) : t('plan.noRollout')}
                </Td>
              )}
              {!showProject && (
                <Td className="whitespace-nowrap">
                  <PersonName name={plan.creator} />
                </Td>
              )}
              <Td className={cn('text-muted', showProject && 'hidden sm:table-cell')}>
                <RelativeTime value={plan.updateTime ?? plan.createTime} />
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** "1 error · 2 warnings" from the counts a list carries. */
export function ChecksSummary({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const counts = plan.planCheckRunStatusCount ?? {};
  const [errors, warnings] = [counts.ERROR ?? 0, counts.WARNING ?? 0];
  if (counts.RUNNING) return <Status kind="checking" />;
  if (errors + warnings > 0) {
    return (
      <Status
        kind={errors > 0 ? 'failed' : 'warning'}
        label={[
          errors > 0 && t('checks.errors', { count: errors }),
          warnings > 0 && t('checks.warnings', { count: warnings }),
        ]
          .filter(Boolean)
          .join(' · ')}
      />
    );
  }
  return counts.SUCCESS || counts.DONE ? <Status kind="done" label={t('checks.passed')} /> : null;
}
