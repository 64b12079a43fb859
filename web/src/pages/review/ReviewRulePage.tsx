import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { IndexNav } from '@/components/IndexNav';
import { Loaded } from '@/components/Loaded';
import { NotFoundBody } from '@/components/NotFound';
import { Page } from '@/components/Page';
import { RuleDocs } from '@/features/review/RuleDocs';
import { byCategory } from '@/features/review/rules';
import { type RuleDoc, useRuleDocs } from '@/features/review/service';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';

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
    <IndexNav
      label={t('review.rules')}
      search={t('review.search')}
      groups={groups.map(([category, list]) => ({
        title: t(`review.category.${category}` as 'review.category.NAMING'),
        links: list.map(({ type, title }) => ({
          text: title || type,
          to: paths.reviewRule(type, search.q),
          here: type === current,
        })),
      }))}
    />
  );
}
