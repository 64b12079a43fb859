import { useTranslation } from 'react-i18next';
import type { Issue } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { cn } from '@/lib/cn';
import { idOf, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status, type StatusKind } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';

export function issueState(issue: Issue): StatusKind {
  if (issue.status === 'DONE') return 'done';
  if (issue.status === 'CANCELED') return 'closed';
  if (issue.draft) return 'draft';
  switch (issue.approvalStatus) {
    case 'PENDING':
      return 'waiting';
    case 'REJECTED':
      return 'rejected';
    case 'APPROVED':
    case 'SKIPPED':
      return 'approved';
    default:
      // Nobody has to approve a change without an approval flow.
      return issue.plan ? 'approved' : 'open';
  }
}

/** A change's page is its plan; other issues have their own. */
export const issueUrl = (issue: Issue) =>
  issue.plan ? paths.plan(issue.plan) : paths.issue(issue.name ?? '');

interface Props {
  issues: readonly Issue[];
  label: string;
  showProject?: boolean | undefined;
}

export function IssueRows({ issues, label, showProject }: Props) {
  const { t } = useTranslation();
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>{t('issue.column.title')}</Th>
          <Th>{t('issue.column.state')}</Th>
          {!showProject && <Th>{t('issue.column.creator')}</Th>}
          <Th className={showProject ? 'hidden sm:table-cell' : undefined}>{t('issue.column.updated')}</Th>
        </tr>
      </thead>
      <tbody>
        {issues.map((issue) => {
          const kind = issueState(issue);
          return (
            <Tr key={issue.name}>
              <Td
                className={
                  showProject ? 'w-full max-w-0 min-w-40' : 'max-w-48 min-w-44 sm:max-w-96 sm:min-w-52'
                }
              >
                <AppLink to={issueUrl(issue)} className="group block">
                  <span className="block truncate font-medium text-text group-hover:text-accent group-hover:underline">
                    {issue.title || t('plan.untitled')}
                  </span>
                  <span className="block truncate text-caption text-muted">
                    {showProject && `${projectId(issue.name)} `}#{idOf(issue.name, 'issues')}
                    {issue.labels?.map((label) => ` · ${label}`)}
                  </span>
                </AppLink>
              </Td>
              <Td>
                <Status kind={kind} label={t(`plan.state.${kind}` as 'plan.state.draft')} />
              </Td>
              {!showProject && (
                <Td className="whitespace-nowrap">
                  <PersonName name={issue.creator} />
                </Td>
              )}
              <Td className={cn('text-muted', showProject && 'hidden sm:table-cell')}>
                <RelativeTime value={issue.updateTime ?? issue.createTime} />
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
