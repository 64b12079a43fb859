import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { type Column, DataTable } from '@/components/list/DataTable';
import type { List } from '@/components/list/useList';
import { PersonName } from '@/components/PersonName';
import { planId, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { planState, stageProgress } from './state';
import { usePlanStateWords } from './usePlanStateWords';

interface Props {
  plans: readonly Plan[];
  label: string;
  showProject?: boolean;
  list?: List;
}

export function PlanRows({ plans, label, showProject, list }: Props) {
  const columns = usePlanColumns(showProject);
  return (
    <DataTable label={label} items={plans} columns={columns} list={list} keyOf={({ name = '' }) => name} />
  );
}

/** In lists of all projects the row says less: what else there is stands below the title. */
export function usePlanColumns(showProject?: boolean): Column<Plan>[] {
  const { t } = useTranslation();
  const stateOf = usePlanStateWords();
  const progressOf = (plan: Plan) => {
    const progress = stageProgress(plan);
    return progress && t('plan.progress', progress);
  };
  const columns: Column<Plan>[] = [
    {
      key: 'title',
      label: t('plan.column.title'),
      className: showProject ? 'w-full max-w-0 min-w-40' : 'max-w-48 min-w-44 sm:max-w-96 sm:min-w-52',
      cell: (plan) => (
        <NameLink
          to={paths.plan(plan.name ?? '')}
          name={plan.title || t('plan.untitled')}
          more={
            showProject
              ? [`${projectId(plan.name)} #${planId(plan.name)}`, progressOf(plan)]
                  .filter(Boolean)
                  .join(' · ')
              : `#${planId(plan.name)}`
          }
        />
      ),
    },
    {
      key: 'state',
      label: t('plan.column.state'),
      cell: (plan) => <Status kind={planState(plan)} label={stateOf(plan)} />,
    },
    { key: 'checks', label: t('plan.column.checks'), cell: (plan) => <ChecksSummary plan={plan} /> },
    {
      key: 'progress',
      label: t('plan.column.progress'),
      className: 'whitespace-nowrap text-muted',
      cell: (plan) => progressOf(plan) ?? t('plan.noRollout'),
    },
    {
      key: 'creator',
      label: t('plan.column.creator'),
      className: 'whitespace-nowrap',
      cell: ({ creator }) => <PersonName name={creator} />,
    },
    {
      key: 'updated',
      label: t('plan.column.updated'),
      className: 'text-muted',
      wide: showProject ?? false,
      cell: ({ updateTime, createTime }) => <RelativeTime value={updateTime ?? createTime} />,
    },
  ];
  return showProject ? columns.filter(({ key }) => SHORT.has(key)) : columns;
}

const SHORT = new Set(['title', 'state', 'updated']);

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
