import { Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { issueState } from '@/features/issues/IssueTable';
import { paths } from '@/lib/paths';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';

/** An issue about a change is its plan's page; any other shows what was asked. */
export default function IssuePage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { project?: string; issue?: string };
  const name = `projects/${params.project}/issues/${params.issue}`;
  const query = useRpc('IssueService/GetIssue', { name }, { topics: [name] });
  if (query.data?.plan) return <Navigate to={paths.plan(query.data.plan) as never} replace />;
  return (
    <Page
      title={query.data?.title || t('issue.number', { number: params.issue })}
      context={params.project}
      width="text"
    >
      <Loaded query={query} doing={t('issue.one')}>
        {(issue) => (
          <>
            <p className="flex items-center gap-3 text-muted">
              <Status kind={issueState(issue)} boxed />
              <PersonName name={issue.creator} />
              <RelativeTime value={issue.createTime} />
            </p>
            {issue.description && <p className="whitespace-pre-wrap">{issue.description}</p>}
          </>
        )}
      </Loaded>
    </Page>
  );
}
