import { Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { IssueComment } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Markdown } from '@/components/Markdown';
import { PersonName } from '@/components/PersonName';
import { shortRole } from '@/features/approval/gates';
import { environmentTitle, useEnvironment } from '@/features/environments/environments';
import { commentDraftKey } from '@/features/plans/drafts';
import { NewerDraftNotice } from '@/features/plans/NewerDraftNotice';
import { useDraft } from '@/features/plans/useDraft';
import { useRoles } from '@/features/roles/useRoles';
import { useMe } from '@/lib/session';
import { Button, IconButton } from '@/ui/Button';
import { TextAreaField } from '@/ui/Field';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel } from '@/ui/States';
import { useComments } from './useComments';

interface Props {
  issue: string;
  /** How it began. */
  start: ReactNode;
  /** The page whose lines comments may name. */
  page?: string | undefined;
}

/** What happened and what was said, in order, and a place to say something. */
export function Timeline({ issue, start, page }: Props) {
  const { t } = useTranslation();
  const query = useComments(issue);
  return (
    <Loaded query={query} doing={t('plan.section.activity')} skeletonRows={2}>
      {({ issueComments = [] }) => (
        <div className="flex max-w-200 flex-col gap-3">
          <ol aria-label={t('activity.timeline')} className="flex flex-col gap-3 border-l border-line pl-4">
            <li className="text-muted">{start}</li>
            {issueComments.map((comment) => (
              <Entry key={comment.name} comment={comment} issue={issue} page={page} />
            ))}
          </ol>
          <Composer issue={issue} />
        </div>
      )}
    </Loaded>
  );
}

interface EntryProps {
  comment: IssueComment;
  issue: string;
  page: string | undefined;
}

function Entry({ comment, issue, page }: EntryProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [editing, setEditing] = useState(false);
  const event = eventOf(comment);
  const text = comment.comment || comment.emergency?.reason || comment.hotfixUpdate?.reason;
  return (
    <li>
      <p className="flex min-h-6 flex-wrap items-center gap-x-1 text-muted">
        <span className="font-medium text-text">
          <PersonName name={comment.creator} />
        </span>{' '}
        {t(`activity.${event}`)} <AsWhom comment={comment} /> <RelativeTime value={comment.createTime} />
        {event === 'commented' && comment.creator === me?.name && !editing && (
          <IconButton
            size="sm"
            className="size-6!"
            label={t('activity.change')}
            onClick={() => setEditing(true)}
          >
            <Pencil aria-hidden="true" className="size-3.5!" />
          </IconButton>
        )}
      </p>
      {editing ? (
        <EditForm comment={comment} issue={issue} onClose={() => setEditing(false)} />
      ) : (
        text && (
          <div className="mt-1 rounded-card border border-line bg-surface px-3 py-2">
            <Markdown text={text} page={page} />
          </div>
        )
      )}
    </li>
  );
}

/** "as DBA for Prod", where a step was decided. */
function AsWhom({ comment: { approval } }: { comment: IssueComment }) {
  const { t } = useTranslation();
  const { titleOf } = useRoles();
  const environment = useEnvironment(approval?.environment);
  const stage = environmentTitle(environment, approval?.environment);
  const role = approval?.role && shortRole(titleOf(approval.role));
  return (
    <>
      {role && t('activity.as', { role })} {stage && t('activity.for', { stage })}
    </>
  );
}

const EVENT = {
  APPROVED: 'approved',
  REJECTED: 'rejected',
  PENDING: 'requested',
  STATUS_UNSPECIFIED: 'edited',
} as const;

const EMERGENCY = {
  RUN: 'emergency',
  REVIEW_IGNORED: 'reviewIgnored',
  JUSTIFIED: 'justified',
  NOT_JUSTIFIED: 'notJustified',
  KIND_UNSPECIFIED: 'emergency',
} as const;

export function eventOf(comment: IssueComment) {
  if (comment.approval) return EVENT[comment.approval.status ?? 'STATUS_UNSPECIFIED'];
  if (comment.anchor) return 'onLine';
  if (comment.replyTo) return 'replied';
  if (comment.emergency) return EMERGENCY[comment.emergency.kind ?? 'KIND_UNSPECIFIED'];
  if (comment.hotfixUpdate) return comment.hotfixUpdate.reason ? 'hotfix' : 'noHotfix';
  if (comment.reviewSubmission) return 'submitted';
  if (comment.planUpdate) return 'changed';
  switch (comment.issueUpdate?.toStatus) {
    case 'OPEN':
      return 'reopened';
    case 'CANCELED':
      return 'closed';
    case 'DONE':
      return 'finished';
    default:
      return comment.issueUpdate ? 'edited' : 'commented';
  }
}

interface EditProps {
  comment: IssueComment;
  issue: string;
  onClose: () => void;
}

/** Only what oneself wrote. */
function EditForm({ comment, issue, onClose }: EditProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(comment.comment ?? '');
  const update = useCall('IssueService/UpdateIssueComment', { touches: ['IssueService'] });
  return (
    <form
      className="mt-1 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim()) return;
        update.mutate(
          {
            parent: issue,
            issueComment: { name: comment.name, comment: text.trim() },
            updateMask: 'comment',
          },
          { onSuccess: onClose },
        );
      }}
    >
      <TextAreaField
        label={t('activity.change')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={text.trim() ? undefined : t('activity.empty')}
      />
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      <div className="flex gap-2">
        <Button type="submit" tone="primary" busy={update.isPending}>
          {t('action.save')}
        </Button>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </form>
  );
}

function Composer({ issue }: { issue: string }) {
  const { t } = useTranslation();
  const draft = useDraft<string>(commentDraftKey(issue), '', (value) => value === '');
  const text = draft.value ?? '';
  const [tried, setTried] = useState(false);
  const send = useCall('IssueService/CreateIssueComment', { touches: ['IssueService'] });
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!text.trim()) return;
        send.mutate(
          { parent: issue, issueComment: { comment: text.trim() } },
          {
            onSuccess: () => {
              setTried(false);
              draft.setValue('');
              void draft.forget();
            },
          },
        );
      }}
    >
      <NewerDraftNotice newer={draft.newer} />
      <TextAreaField
        label={t('activity.comment')}
        value={text}
        onChange={(event) => draft.setValue(event.target.value)}
        hint={t('markdown.hint')}
        error={tried && !text.trim() ? t('activity.empty') : undefined}
      />
      {send.error && <ErrorPanel error={send.error} doing={t('activity.comment')} />}
      <div>
        <Button type="submit" busy={send.isPending}>
          {t('activity.send')}
        </Button>
      </div>
    </form>
  );
}
