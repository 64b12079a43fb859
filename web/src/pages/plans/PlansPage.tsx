import { GitPullRequestArrow, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { useCreatorField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { PlanRows, usePlanColumns } from '@/features/plans/PlanTable';
import { useProject } from '@/features/projects/useProject';
import { useSearchState } from '@/hooks/useSearch';
import { all, contains } from '@/lib/filter';
import { paths } from '@/lib/paths';
import { GoButton } from '@/ui/GoButton';
import { Segmented } from '@/ui/Segmented';
import { EmptyState } from '@/ui/States';

const SHOW = {
  all: undefined,
  draft: 'has_rollout == false && state == "ACTIVE"',
  rollout: 'has_rollout == true',
  closed: 'state == "DELETED"',
};
type Show = keyof typeof SHOW;

export default function PlansPage() {
  const { t } = useTranslation();
  const project = useProject();
  const list = useList({
    id: 'plans',
    fields: [useCreatorField()],
    words: (text) => contains('title', text),
  });
  const columns = usePlanColumns();
  const [search, setSearch] = useSearchState();
  const show: Show = search.show && search.show in SHOW ? (search.show as Show) : 'all';
  const filter = all(SHOW[show], list.condition);
  const query = useRpc(
    'PlanService/ListPlans',
    { parent: project.name, pageSize: PAGE_SIZE, pageToken: list.pageToken, filter },
    { topics: [project.name], keep: true },
  );
  const empty = !filter && query.data !== undefined && !query.data.plans?.length;
  const add = (
    <GoButton to={paths.newPlan(project.name)}>
      <Plus aria-hidden="true" />
      {t('plan.new')}
    </GoButton>
  );
  return (
    <Page
      title={t('nav.plans')}
      context={project.title}
      purpose={t('plan.purpose')}
      actions={query.data && !empty && add}
    >
      {!empty && (
        <ListBar list={list} label={t('plan.search')} columns={columns}>
          <Segmented
            legend={t('list.show')}
            value={show}
            onChange={(next) => setSearch({ show: next === 'all' ? undefined : next, page_token: undefined })}
            options={(Object.keys(SHOW) as Show[]).map((value) => ({
              value,
              label: t(`plan.show.${value}`),
            }))}
          />
        </ListBar>
      )}
      <Loaded query={query} doing={t('nav.plans')}>
        {({ plans = [], nextPageToken }) =>
          plans.length > 0 ? (
            <>
              <PlanRows plans={plans} label={t('nav.plans')} list={list} />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState
              icon={<GitPullRequestArrow aria-hidden="true" />}
              title={t('project.noPlans')}
              action={add}
            >
              {t('project.noPlansText')}
            </EmptyState>
          ) : (
            <NoMatch clear={{ show: undefined }} />
          )
        }
      </Loaded>
    </Page>
  );
}
