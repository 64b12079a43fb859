import { CircleCheck, FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { useStored } from '@/hooks/useStored';
import { cn } from '@/lib/cn';
import { useMay } from '@/lib/may';
import { DEFAULT_PROJECT, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { useSample } from './useSample';

const STEPS = ['instance', 'project', 'databases', 'plan'] as const;
type Step = (typeof STEPS)[number];
/** The steps are for those who may set things up, and see what is there. */
const NEEDED = [
  'bb.instances.create',
  'bb.instances.list',
  'bb.projects.create',
  'bb.databases.list',
  'bb.plans.list',
];

/**
 * Four steps to a first change, ticked from what the server has; goes away when all are done, or when it is hidden. What
 * stands below loads meanwhile, and shows once its place is known.
 */
export function GettingStarted({ children }: { children: ReactNode }) {
  const { isLoading, steps } = useSteps();
  return (
    <>
      {steps}
      <div className={isLoading ? 'hidden' : 'contents'}>{children}</div>
    </>
  );
}

function useSteps(): { isLoading: boolean; steps: ReactNode } {
  const { t } = useTranslation();
  const [hidden, setHidden] = useStored('gettingStarted.hidden', false);
  const may = useMay();
  const enabled = !hidden && NEEDED.every(may.everywhere);
  const instances = useRpc('InstanceService/ListInstances', { pageSize: 1 }, { enabled });
  const projects = useRpc(
    'ProjectService/SearchProjects',
    { pageSize: 1, filter: 'exclude_default == true' },
    { enabled },
  );
  const databases = useRpc(
    'DatabaseService/ListDatabases',
    { parent: 'workspaces/default', pageSize: 1, filter: 'exclude_unassigned == true' },
    { enabled },
  );
  const sample = useSample();
  const plans = useRpc('PlanService/ListPlans', { parent: 'projects/-', pageSize: 1 }, { enabled });
  if (!enabled) return { isLoading: false, steps: null };
  const queries = [instances, projects, databases, plans];
  const failed = queries.find((query) => query.error && !query.data);
  if (failed?.error) {
    const retry = () => failed.refetch();
    const steps = <ErrorPanel error={failed.error} doing={t('home.started')} onRetry={retry} />;
    return { isLoading: false, steps };
  }
  if (queries.some((query) => !query.data)) return { isLoading: true, steps: <Skeleton rows={8} /> };

  const project = projects.data?.projects?.find((p) => p.name !== DEFAULT_PROJECT)?.name;
  const done: Record<Step, boolean> = {
    instance: (instances.data?.instances?.length ?? 0) > 0,
    project: project !== undefined,
    databases: (databases.data?.databases?.length ?? 0) > 0,
    plan: (plans.data?.plans?.length ?? 0) > 0,
  };
  const to: Record<Step, string> = {
    instance: paths.newInstance(),
    project: `${paths.projects()}?dialog=new`,
    databases: project ? paths.projectDatabases(project) : paths.projects(),
    plan: project ? paths.newPlan(project) : paths.projects(),
  };
  const count = STEPS.filter((step) => done[step]).length;
  const next = STEPS.find((step) => !done[step]);
  if (!next) return { isLoading: false, steps: null };
  const steps = (
    <section aria-label={t('home.started')} className="rounded-card border border-line bg-raised">
      <div className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1 border-b border-line px-4 py-2">
        <h2 className="text-lead">
          {t('home.started')}{' '}
          <span className="ml-1 text-small font-normal text-muted">
            {t('home.startedCount', { count, total: STEPS.length })}
          </span>
        </h2>
        <div className="flex flex-wrap gap-2">
          {!done.instance && (
            <Button size="sm" busy={sample.isPending} onClick={() => sample.mutate({})}>
              <FlaskConical aria-hidden="true" />
              {t('setup.sample')}
            </Button>
          )}
          <Button size="sm" tone="ghost" onClick={() => setHidden(true)}>
            {t('action.hide')}
          </Button>
        </div>
      </div>
      {sample.error && <ErrorPanel error={sample.error} doing={t('setup.creating')} />}
      <ol aria-label={t('home.started')} className="grid sm:grid-cols-2 xl:grid-cols-4">
        {STEPS.map((step, index) => (
          <li key={step} className="flex gap-3 px-4 py-3">
            {done[step] ? (
              <CircleCheck className="size-6 shrink-0 text-success" aria-label={t('status.done')} />
            ) : (
              <span
                aria-hidden="true"
                className={cn(
                  'grid size-6 shrink-0 place-items-center rounded-full border text-caption font-medium',
                  step === next ? 'border-accent text-accent' : 'border-line-strong text-muted',
                )}
              >
                {index + 1}
              </span>
            )}
            <div>
              <AppLink
                to={to[step]}
                className={cn('font-medium hover:underline', done[step] ? 'text-muted' : 'text-accent')}
              >
                {t(`home.step.${step}`)}
              </AppLink>
              <p className="text-small text-muted">
                {t(`home.stepText.${step}`, { project: projectId(project) })}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
  return { isLoading: false, steps };
}
