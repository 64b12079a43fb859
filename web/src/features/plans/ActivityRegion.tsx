import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { IssueComment, Plan } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { Button } from '@/ui/Button';
import { TextAreaField } from '@/ui/Field';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel } from '@/ui/States';
import { commentDraftKey } from './drafts';
import { useDraft } from './useDraft';

const LIMIT = 200;

/** What happened and what was said, in order. */
export function ActivityRegion({ id, plan }: { id: string; plan: Plan }) {
  const { t } = useTranslation();
  return (
    <Section id={id} title={t('plan.section.activity')}>
      {plan.issue ? (
        <Timeline issue={plan.issue} plan={plan} />
      ) : (
        <p className="text-muted">
          <PersonName name={plan.creator} /> {t('activity.created')} <RelativeTime value={plan.createTime} />
        </p>
      )}
    </Section>
  );
}

function Timeline({ issue, plan }: { issue: string; plan: Plan }) {
  const { t } = useTranslation();
  const query = useRpc(
    'IssueService/ListIssueComments',
    { parent: issue, pageSize: LIMIT },
    { topics: [issue] },
  );
  return (
    <Loaded query={query} doing={t('plan.section.activity')} skeletonRows={2}>
      {({ issueComments = [] }) => (
        <div className="flex max-w-200 flex-col gap-3">
          <ol aria-label={t('activity.timeline')} className="flex flex-col gap-3 border-l border-line pl-4">
            <li className="text-muted">
              <PersonName name={plan.creator} /> {t('activity.created')}{' '}
              <RelativeTime value={plan.createTime} />
            </li>
            {issueComments.map((comment) => (
              <Entry key={comment.name} comment={comment} />
            ))}
          </ol>
          <Composer issue={issue} />
        </div>
      )}
    </Loaded>
  );
}

function Entry({ comment }: { comment: IssueComment }) {
  const { t } = useTranslation();
  const event = eventOf(comment);
  return (
    <li>
      <p className="text-muted">
        <span className="font-medium text-text">
          <PersonName name={comment.creator} />
        </span>{' '}
        {t(`activity.${event}`)} <RelativeTime value={comment.createTime} />
      </p>
      {comment.comment && (
        <p className="mt-1 rounded-card border border-line bg-surface px-3 py-2 [overflow-wrap:anywhere] whitespace-pre-wrap">
          {comment.comment}
        </p>
      )}
    </li>
  );
}

function eventOf(
  comment: IssueComment,
): 'commented' | 'approved' | 'rejected' | 'submitted' | 'edited' | 'reopened' | 'closed' | 'finished' {
  if (comment.approval) return comment.approval.status === 'REJECTED' ? 'rejected' : 'approved';
  if (comment.reviewSubmission) return 'submitted';
  if (comment.planUpdate) return 'edited';
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
      <TextAreaField
        label={t('activity.comment')}
        value={text}
        onChange={(event) => draft.setValue(event.target.value)}
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
