import { Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Issue } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Markdown } from '@/components/Markdown';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { ApprovalAction } from '@/features/approval/ApprovalAction';
import { ReviewRegion } from '@/features/approval/ReviewRegion';
import { useIssue } from '@/features/approval/useIssue';
import { useReviewDialog } from '@/features/approval/useReviewDialog';
import { IssueMenu } from '@/features/issues/IssueMenu';
import { IssueState } from '@/features/issues/IssueTable';
import { RoleGrantFacts } from '@/features/issues/RoleGrantFacts';
import { Timeline } from '@/features/issues/Timeline';
import { paths } from '@/lib/paths';
import { RelativeTime } from '@/ui/RelativeTime';

/** An issue about a change is its plan's page; any other shows what was asked, and who must agree. */
export default function IssuePage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { project?: string; issue?: string };
  const query = useIssue(`projects/${params.project}/issues/${params.issue}`);
  const issue = query.data;
  const { review, dialog } = useReviewDialog(issue);
  if (issue?.plan) return <Navigate to={paths.plan(issue.plan) as never} replace />;
  return (
    <Page
      title={issue?.title || t('issue.number', { number: params.issue })}
      context={params.project}
      width="text"
      actions={
        issue && (
          <>
            {issue.status === 'OPEN' && isUndecided(issue) && (
              <ApprovalAction issue={issue} onReview={review} />
            )}
            <IssueMenu issue={issue} />
          </>
        )
      }
      badge={issue && <IssueState issue={issue} boxed />}
    >
      <Loaded query={query} doing={t('issue.one')}>
        {(found) => (
          <>
            <p className="flex flex-wrap items-center gap-x-3 text-muted">
              #{params.issue} <PersonName name={found.creator} /> <RelativeTime value={found.createTime} />
            </p>
            <Section title={t('issue.asked')}>
              {found.roleGrant && <RoleGrantFacts issue={found} />}
              {found.description && <Markdown text={found.description} />}
            </Section>
            <ReviewRegion id="issue-review" query={query} onReview={review} />
            <Section title={t('plan.section.activity')}>
              <Timeline
                issue={found.name ?? ''}
                start={
                  <>
                    <PersonName name={found.creator} /> {t('activity.opened')}{' '}
                    <RelativeTime value={found.createTime} />
                  </>
                }
              />
            </Section>
          </>
        )}
      </Loaded>
      {dialog}
    </Page>
  );
}

const isUndecided = ({ approvalStatus }: Issue) =>
  approvalStatus === 'PENDING' || approvalStatus === 'REJECTED' || approvalStatus === 'CHECKING';
