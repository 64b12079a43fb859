import { useTranslation } from 'react-i18next';
import type { ApprovalGate, Issue } from '@/api/types';
import { useMe } from '@/lib/session';
import { Button, type ButtonTone } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { gatesForMe, isSentBack } from './gates';
import { useRequestAgain, useWaitingWords } from './useIssue';

/** Whether the reader has the next word about an issue: to decide it, or to send it again. */
export function useHasWord(issue: Issue | undefined): boolean {
  const me = useMe();
  if (issue?.status !== 'OPEN') return false;
  return gatesForMe(issue).length > 0 || (isSentBack(issue) && issue.creator === me?.name);
}

interface Props {
  issue: Issue;
  onReview: (gates: readonly ApprovalGate[]) => void;
  /** Where something else is the next step. */
  tone?: ButtonTone;
}

/** The button of who has the next word; the others read whose turn it is. */
export function ApprovalAction({ issue, onReview, tone = 'primary' }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const words = useWaitingWords();
  const again = useRequestAgain();
  const mine = gatesForMe(issue);
  return (
    <div className="flex flex-col items-end gap-2">
      {mine.length > 0 ? (
        <Button tone={tone} onClick={() => onReview(mine)}>
          {t('approval.review.button')}
        </Button>
      ) : isSentBack(issue) ? (
        issue.creator === me?.name ? (
          <Button tone={tone} busy={again.isPending} onClick={() => again.mutate({ name: issue.name })}>
            {t('approval.again')}
          </Button>
        ) : (
          <Status kind="rejected" boxed />
        )
      ) : issue.approvalStatus === 'CHECKING' ? (
        <Status kind="checking" boxed />
      ) : (
        <Status kind="waiting" label={words(issue)} boxed />
      )}
      {again.error && <ErrorPanel error={again.error} doing={t('approval.again')} />}
    </div>
  );
}
