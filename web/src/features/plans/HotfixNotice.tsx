import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Plan } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import type { RolloutData } from '@/features/rollout/useRollout';
import { databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';
import { isHotfix, openTasks } from './hotfix';
import { canEditPlan } from './state';

interface Props {
  plan: Plan;
  rollout: RolloutData;
}

/** That production runs first, and what the other environments still have to get. */
export function HotfixNotice({ plan, rollout }: Props) {
  const { t } = useTranslation();
  const update = useCall('PlanService/UpdatePlan', { touches: ['PlanService', 'IssueService'] });
  if (!isHotfix(plan)) return null;
  const { reason, creator, first = [] } = plan.hotfix ?? {};
  const open = openTasks(plan, rollout.stages);
  return (
    <Notice
      tone="warning"
      title={
        <span className="inline-flex flex-wrap items-center gap-x-2">
          {t(open.length > 0 ? 'plan.hotfix.left' : 'plan.hotfix.title')}
          {open.length === 0 &&
            first.map((name) => (
              <span key={name} className="rounded-input bg-raised px-1.5">
                <EnvironmentBadge name={name} />
              </span>
            ))}
        </span>
      }
      actions={
        canEditPlan(plan) && (
          <Button
            size="sm"
            busy={update.isPending}
            onClick={() =>
              update.mutate({ plan: { name: plan.name, etag: plan.etag }, updateMask: 'hotfix' })
            }
          >
            {t('plan.hotfix.undo')}
          </Button>
        )
      }
    >
      <p>
        <PersonName name={creator} />
        {': '}
        <span className="whitespace-pre-wrap">{reason}</span>
      </p>
      {open.length > 0 && (
        <ul aria-label={t('plan.hotfix.left')} className="mt-1 flex flex-col gap-1">
          {open.map(({ stage, tasks }) =>
            tasks.map((task) => (
              <li key={task.name} className="flex flex-wrap items-center gap-x-2">
                <span className="rounded-input bg-raised px-1.5">
                  <EnvironmentBadge name={stage.environment} />
                </span>
                <TextLink
                  keepScroll
                  className="underline"
                  to={paths.plan(plan.name ?? '', { tab: 'rollout', task: task.name })}
                >
                  {databaseId(task.target)} ({instanceId(task.target)})
                </TextLink>
              </li>
            )),
          )}
        </ul>
      )}
      {update.error && <ErrorPanel error={update.error} doing={t('plan.hotfix.undo')} />}
    </Notice>
  );
}
