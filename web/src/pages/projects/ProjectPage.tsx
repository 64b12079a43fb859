import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { DatabaseTable } from '@/features/databases/DatabaseTable';
import { IssueRows } from '@/features/issues/IssueTable';
import { PlanRows } from '@/features/plans/PlanTable';
import { useProject } from '@/features/projects/useProject';
import { equals } from '@/lib/filter';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { GoButton } from '@/ui/GoButton';
import { EmptyState } from '@/ui/States';

const LIMIT = 6;

/** What goes on in a project: its latest plans, open issues and databases. */
export default function ProjectPage() {
  const { t } = useTranslation();
  const project = useProject();
  const topics = [project.name];
  const plans = useRpc('PlanService/ListPlans', { parent: project.name, pageSize: LIMIT }, { topics });
  const issues = useRpc(
    'IssueService/ListIssues',
    { parent: project.name, pageSize: LIMIT, filter: 'status == "OPEN"' },
    { topics },
  );
  const databases = useRpc(
    'DatabaseService/ListDatabases',
    { parent: project.name, pageSize: LIMIT, filter: equals('project', project.name) },
    { topics },
  );
  return (
    <Page
      title={project.title}
      context={t('nav.project')}
      actions={
        project.query.data && (
          <GoButton to={paths.newPlan(project.name)}>
            <Plus aria-hidden="true" />
            {t('plan.new')}
          </GoButton>
        )
      }
    >
      <Loaded query={project.query} doing={t('nav.project')}>
        {() => (
          <>
            <Section
              title={t('nav.plans')}
              actions={<TextLink to={paths.plans(project.name)}>{t('project.allPlans')}</TextLink>}
            >
              <Loaded query={plans} doing={t('nav.plans')} skeletonRows={3}>
                {(data) =>
                  data.plans?.length ? (
                    <PlanRows plans={data.plans} label={t('nav.plans')} />
                  ) : (
                    <EmptyState title={t('project.noPlans')}>{t('project.noPlansText')}</EmptyState>
                  )
                }
              </Loaded>
            </Section>
            <Section
              title={t('project.openIssues')}
              actions={<TextLink to={paths.projectIssues(project.name)}>{t('home.allIssues')}</TextLink>}
            >
              <Loaded query={issues} doing={t('nav.issues')} skeletonRows={3}>
                {(data) =>
                  data.issues?.length ? (
                    <IssueRows issues={data.issues} label={t('project.openIssues')} />
                  ) : (
                    <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
                      {t('project.noIssues')}
                    </p>
                  )
                }
              </Loaded>
            </Section>
            <Section
              title={t('nav.databases')}
              actions={
                <TextLink to={paths.projectDatabases(project.name)}>{t('project.allDatabases')}</TextLink>
              }
            >
              <Loaded query={databases} doing={t('nav.databases')} skeletonRows={3}>
                {(data) =>
                  data.databases?.length ? (
                    <DatabaseTable databases={data.databases} hideProject />
                  ) : (
                    <EmptyState
                      title={t('database.noneYet')}
                      action={
                        <GoButton to={`${paths.projectDatabases(project.name)}?dialog=add`}>
                          {t('database.add')}
                        </GoButton>
                      }
                    >
                      {t('database.noneYetText')}
                    </EmptyState>
                  )
                }
              </Loaded>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
