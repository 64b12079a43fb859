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
  const again = useRequestAgain();
  const mine = gatesForMe(issue);
  const resubmits = isSentBack(issue) && issue.creator === me?.name;
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex flex-wrap justify-end gap-2">
        {mine.length > 0 && (
          <Button tone={resubmits ? 'secondary' : tone} onClick={() => onReview(mine)}>
            {t('approval.review.button')}
          </Button>
        )}
        {resubmits && (
          <Button tone={tone} busy={again.isPending} onClick={() => again.mutate({ name: issue.name })}>
            {t('approval.again')}
          </Button>
        )}
        {mine.length === 0 && !resubmits && <Whose issue={issue} />}
      </div>
      {again.error && <ErrorPanel error={again.error} doing={t('approval.again')} />}
    </div>
  );
}

/** Whose turn it is. */
function Whose({ issue }: { issue: Issue }) {
  const { t } = useTranslation();
  const words = useWaitingWords();
  if (isSentBack(issue)) return <Status kind="waiting" label={t('approval.waitingForAuthor')} boxed />;
  if (issue.approvalStatus === 'CHECKING') return <Status kind="checking" boxed />;
  return <Status kind="waiting" label={words(issue)} boxed />;
}
