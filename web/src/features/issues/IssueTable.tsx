import { useTranslation } from 'react-i18next';
import type { Issue } from '@/api/types';
import { type Column, DataTable } from '@/components/list/DataTable';
import type { List } from '@/components/list/useList';
import { PersonName } from '@/components/PersonName';
import { approvalProgress, isSentBack } from '@/features/approval/gates';
import { useWaitingWords } from '@/features/approval/useIssue';
import { idOf, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { NameLink } from '@/ui/NameLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status, type StatusKind } from '@/ui/Status';

export function issueState(issue: Issue): StatusKind {
  if (issue.status === 'DONE') return 'done';
  if (issue.status === 'CANCELED') return 'closed';
  if (issue.draft) return 'draft';
  if (isSentBack(issue)) return 'rejected';
  switch (issue.approvalStatus) {
    case 'CHECKING':
      return 'checking';
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

/** The state, whom it waits for, and how many steps are done. */
export function IssueState({ issue, boxed }: { issue: Issue; boxed?: boolean }) {
  const { t } = useTranslation();
  const waitingFor = useWaitingWords();
  const kind = issueState(issue);
  const progress = kind === 'waiting' ? approvalProgress(issue) : undefined;
  const word =
    kind === 'waiting'
      ? waitingFor(issue)
      : kind === 'approved' && issue.approvalStatus === 'APPROVED'
        ? t('status.approved')
        : t(`plan.state.${kind}` as 'plan.state.draft');
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 align-middle">
      <Status kind={kind} label={word} {...(boxed ? { boxed } : {})} />
      {progress && (
        <span className="text-caption text-muted tabular-nums">
          <span aria-hidden="true">{t('rollout.progress', progress)}</span>
          <span className="sr-only">{t('approval.progress', progress)}</span>
        </span>
      )}
    </span>
  );
}

/** A change's page is its plan; other issues have their own. */
export const issueUrl = (issue: Issue) =>
  issue.plan ? paths.plan(issue.plan) : paths.issue(issue.name ?? '');

interface Props {
  issues: readonly Issue[];
  label: string;
  showProject?: boolean | undefined;
  list?: List;
}

export function IssueRows({ issues, label, showProject, list }: Props) {
  const columns = useIssueColumns(showProject);
  return (
    <DataTable label={label} items={issues} columns={columns} list={list} keyOf={({ name = '' }) => name} />
  );
}

export function useIssueColumns(showProject?: boolean): Column<Issue>[] {
  const { t } = useTranslation();
  const columns: Column<Issue>[] = [
    {
      key: 'title',
      label: t('issue.column.title'),
      className: showProject ? 'w-full max-w-0 min-w-40' : 'max-w-48 min-w-44 sm:max-w-96 sm:min-w-52',
      cell: (issue) => (
        <NameLink
          to={issueUrl(issue)}
          name={issue.title || t('plan.untitled')}
          more={[
            `${showProject ? `${projectId(issue.name)} ` : ''}#${idOf(issue.name, 'issues')}`,
            ...(issue.labels ?? []),
          ].join(' · ')}
        />
      ),
    },
    {
      key: 'state',
      label: t('issue.column.state'),
      cell: (issue) => <IssueState issue={issue} />,
    },
    {
      key: 'creator',
      label: t('issue.column.creator'),
      className: 'whitespace-nowrap',
      cell: ({ creator }) => <PersonName name={creator} />,
    },
    {
      key: 'updated',
      label: t('issue.column.updated'),
      sort: 'update_time',
      className: 'text-muted',
      wide: showProject ?? false,
      cell: ({ updateTime, createTime }) => <RelativeTime value={updateTime ?? createTime} />,
    },
  ];
  return showProject ? columns.filter(({ key }) => key !== 'creator') : columns;
}
