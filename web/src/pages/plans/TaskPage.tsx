import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { NotFoundBody } from '@/components/NotFound';
import { Page } from '@/components/Page';
import { usePlan } from '@/features/plans/usePlan';
import { LogPanel } from '@/features/rollout/LogPanel';
import { useRollout } from '@/features/rollout/useRollout';
import { databaseId, taskId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';

/** One task's log on a page of its own. */
export default function TaskPage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { project?: string; plan?: string; task?: string };
  const name = `projects/${params.project}/plans/${params.plan}`;
  const query = usePlan(name);
  if (query.data) return <TaskView plan={query.data} id={params.task ?? ''} />;
  return (
    <Page title={t('log.title')} context={params.project}>
      <Loaded query={query} doing={t('plan.one')}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function TaskView({ plan, id }: { plan: Plan; id: string }) {
  const { t } = useTranslation();
  const rollout = useRollout(plan);
  const task = rollout.tasks.find((item) => taskId(item.name) === id);
  return (
    <Page
      title={task ? t('log.of', { name: databaseId(task.target) }) : t('log.title')}
      context={plan.title}
      purpose={<TextLink to={paths.plan(plan.name ?? '', { tab: 'rollout' })}>{plan.title}</TextLink>}
    >
      <Loaded query={rollout.query} doing={t('log.title')}>
        {() => (task ? <LogPanel task={task} runs={rollout.runsOf(task)} /> : <NotFoundBody />)}
      </Loaded>
    </Page>
  );
}
