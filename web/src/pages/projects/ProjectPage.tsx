import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { Archived } from '@/components/Archived';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { Needs } from '@/features/access/Forbidden';
import { DatabaseTable, useDatabaseColumns } from '@/features/databases/DatabaseTable';
import { IssueRows } from '@/features/issues/IssueTable';
import { PlanRows } from '@/features/plans/PlanTable';
import { RecentChanges, RunningRollouts } from '@/features/plans/Rollouts';
import { useProject } from '@/features/projects/useProject';
import { equals } from '@/lib/filter';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { GoButton } from '@/ui/GoButton';
import { EmptyState } from '@/ui/States';

const LIMIT = 6;

/** What goes on in a project: open issues, what runs, what ran last, and its databases. */
export default function ProjectPage() {
  const { t } = useTranslation();
  const { name, title, query } = useProject();
  const restore = useCall('ProjectService/UndeleteProject', { touches: ['ProjectService'] });
  const archived = query.data?.state === 'DELETED';
  const link = (to: string, text: string): ReactNode => <TextLink to={to}>{text}</TextLink>;
  return (
    <Page
      title={title}
      context={t('nav.project')}
      actions={
        !archived && (
          <GoButton to={paths.newPlan(name)}>
            <Plus aria-hidden="true" />
            {t('plan.new')}
          </GoButton>
        )
      }
    >
      {archived && <Archived call={restore} onRestore={() => restore.mutate({ name })} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-5 lg:grid-cols-2">
        <Section
          title={t('project.openIssues')}
          actions={link(paths.projectIssues(name), t('home.allIssues'))}
        >
          <Needs permission="bb.issues.list" project={name}>
            <Issues project={name} />
          </Needs>
        </Section>
        <Needs permission="bb.plans.list" project={name}>
          <RunningRollouts parent={name} topics={[name]} />
          <RecentChanges parent={name} topics={[name]} />
        </Needs>
        <Section title={t('nav.plans')} actions={link(paths.plans(name), t('project.allPlans'))}>
          <Needs permission="bb.plans.list" project={name}>
            <Plans project={name} />
          </Needs>
        </Section>
      </div>
      <Section
        title={t('nav.databases')}
        actions={link(paths.projectDatabases(name), t('project.allDatabases'))}
      >
        <Needs permission="bb.databases.list" project={name}>
          <Databases project={name} />
        </Needs>
      </Section>
    </Page>
  );
}

function Plans({ project }: { project: string }) {
  const { t } = useTranslation();
  const plans = useRpc('PlanService/ListPlans', { parent: project, pageSize: LIMIT }, { topics: [project] });
  return (
    <Loaded query={plans} doing={t('nav.plans')} skeletonRows={3}>
      {(data) =>
        data.plans?.length ? (
          <PlanRows plans={data.plans} label={t('nav.plans')} showProject />
        ) : (
          <EmptyState title={t('project.noPlans')}>{t('project.noPlansText')}</EmptyState>
        )
      }
    </Loaded>
  );
}

function Issues({ project }: { project: string }) {
  const { t } = useTranslation();
  const issues = useRpc(
    'IssueService/ListIssues',
    { parent: project, pageSize: LIMIT, filter: 'status == "OPEN"' },
    { topics: [project] },
  );
  return (
    <Loaded query={issues} doing={t('nav.issues')} skeletonRows={3}>
      {(data) =>
        data.issues?.length ? (
          <IssueRows issues={data.issues} label={t('project.openIssues')} showProject />
        ) : (
          <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
            {t('project.noIssues')}
          </p>
        )
      }
    </Loaded>
  );
}

function Databases({ project }: { project: string }) {
  const { t } = useTranslation();
  const columns = useDatabaseColumns('project');
  const databases = useRpc(
    'DatabaseService/ListDatabases',
    { parent: project, pageSize: LIMIT, filter: equals('project', project) },
    { topics: [project] },
  );
  return (
    <Loaded query={databases} doing={t('nav.databases')} skeletonRows={3}>
      {(data) =>
        data.databases?.length ? (
          <DatabaseTable databases={data.databases} columns={columns} />
        ) : (
          <EmptyState
            title={t('database.noneYet')}
            action={
              <GoButton to={`${paths.projectDatabases(project)}?dialog=add`}>{t('database.add')}</GoButton>
            }
          >
            {t('database.noneYetText')}
          </EmptyState>
        )
      }
    </Loaded>
  );
}
