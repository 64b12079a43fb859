import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { NoMatch, SearchBox } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { NotFoundBody } from '@/components/NotFound';
import { Page } from '@/components/Page';
import { RuleDocs } from '@/features/review/RuleDocs';
import { byCategory } from '@/features/review/rules';
import { type RuleDoc, useRuleDocs } from '@/features/review/service';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';

/** A rule's documentation, for everybody: findings lead here. The other rules stand beside it. */
export default function ReviewRulePage() {
  const { t } = useTranslation();
  const { type = '' } = useParams({ strict: false }) as { type?: string };
  const query = useRuleDocs();
  const doc = query.data?.find((rule) => rule.type === type);
  return (
    <Page title={type} context={t('nav.sqlReview')}>
      <Loaded query={query} doing={t('review.rules')}>
        {(docs) =>
          doc ? (
            <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
              <div className="max-w-[80ch] min-w-0">
                <RuleDocs key={type} doc={doc} />
              </div>
              <Others docs={docs} current={type} />
            </div>
          ) : (
            <NotFoundBody />
          )
        }
      </Loaded>
    </Page>
  );
}

function Others({ docs, current }: { docs: RuleDoc[]; current: string }) {
  const { t } = useTranslation();
  const [search] = useSearchState();
  const groups = useMemo(() => {
    // A rule of several engines is one entry.
    const first = docs.filter((doc, at) => docs.findIndex(({ type }) => type === doc.type) === at);
    return byCategory(first, { text: search.q ?? '' }, () => 'OFF');
  }, [docs, search.q]);
  return (
    <nav
      aria-label={t('review.rules')}
      className="flex flex-col gap-2 rounded-card border border-line bg-surface p-3"
    >
      <SearchBox label={t('review.search')} />
      {groups.length === 0 && <NoMatch clear={{}} />}
      <div className="flex flex-col gap-3 lg:max-h-[calc(100dvh-14rem)] lg:overflow-y-auto">
        {groups.map(([category, list]) => (
          <div key={category}>
            <h2 className="px-2 py-1 text-caption font-medium text-muted">
              {t(`review.category.${category}` as 'review.category.NAMING')}
            </h2>
            <ul>
              {list.map(({ type, title }) => (
                <li key={type}>
                  <AppLink
                    to={paths.reviewRule(type, search.q)}
                    aria-current={type === current ? 'page' : undefined}
                    className={cn(
                      'block rounded-button px-2 py-1 text-small',
                      type === current ? 'bg-hover font-medium' : 'text-muted hover:bg-hover hover:text-text',
                    )}
                  >
                    {title || type}
                  </AppLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}
