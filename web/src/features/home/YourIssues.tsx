import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { IssueRows } from '@/features/issues/IssueTable';
import { all, equals } from '@/lib/filter';
import { paths } from '@/lib/paths';
import { useMe } from '@/lib/session';
import { TextLink } from '@/ui/AppLink';

const LIMIT = 8;

/** Open issues that I made. */
export function YourIssues() {
  const { t } = useTranslation();
  const me = useMe();
  const query = useRpc(
    'IssueService/SearchIssues',
    {
      parent: 'projects/-',
      pageSize: LIMIT,
      orderBy: 'update_time desc',
      filter: all(equals('status', 'OPEN'), equals('creator', me?.name)),
    },
    { topics: ['projects'], enabled: me !== null },
  );
  return (
    <Section
      title={t('home.yourIssues')}
      actions={<TextLink to={`${paths.myIssues()}?view=created`}>{t('home.allIssues')}</TextLink>}
    >
      <Loaded query={query} doing={t('home.yourIssues')} skeletonRows={3}>
        {({ issues }) =>
          issues?.length ? (
            <IssueRows issues={issues} label={t('home.yourIssues')} showProject />
          ) : (
            <p className="rounded-card border border-line bg-surface px-4 py-5 text-muted">
              {t('home.noIssues')}
            </p>
          )
        }
      </Loaded>
    </Section>
  );
}
