import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { IssueList } from '@/features/issues/IssueList';
import { useSearchState } from '@/hooks/useSearch';
import { equals } from '@/lib/filter';
import { useMe } from '@/lib/session';
import { Segmented } from '@/ui/Segmented';

const VIEWS = ['waiting', 'created', 'all'] as const;
type View = (typeof VIEWS)[number];

export default function MyIssuesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [search, setSearch] = useSearchState();
  const view: View = VIEWS.includes(search.view as View) ? (search.view as View) : 'waiting';
  const base = {
    waiting: equals('current_approver', me?.name),
    created: equals('creator', me?.name),
    all: undefined,
  };
  return (
    <Page title={t('nav.myIssues')} purpose={t('issue.myPurpose')}>
      <IssueList
        parent="projects/-"
        topics={['projects']}
        base={base[view]}
        showProject
        emptyText={t(`issue.emptyView.${view}`)}
        tools={
          <Segmented
            legend={t('list.show')}
            value={view}
            onChange={(next) =>
              setSearch({ view: next === 'waiting' ? undefined : next, page_token: undefined })
            }
            options={VIEWS.map((value) => ({ value, label: t(`issue.view.${value}`) }))}
          />
        }
      />
    </Page>
  );
}
