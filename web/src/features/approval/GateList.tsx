import { useTranslation } from 'react-i18next';
import type { ApprovalGate, Issue } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';
import { Status } from '@/ui/Status';
import { GateCard } from './GateCard';
import { gatesForMe, gatesOf } from './gates';
import { useRetryApproval } from './useIssue';

interface Props {
  issue: Issue;
  onReview: (gates: readonly ApprovalGate[]) => void;
}

/** All gates of an issue, in the order of stages. */
export function GateList({ issue, onReview }: Props) {
  const { t } = useTranslation();
  const gates = gatesOf(issue);
  const mine = gatesForMe(issue);
  return (
    <>
      {issue.approvalError && <NotFound issue={issue} />}
      {gates.length === 0 && !issue.approvalError ? (
        issue.approvalStatus === 'CHECKING' ? (
          <p className="flex items-center gap-2 text-muted">
            <Status kind="checking" /> {t('approval.checking')}
          </p>
        ) : (
          <p className="text-muted">{t('approval.nobody')}</p>
        )
      ) : (
        <ol
          aria-label={t('approval.gates')}
          className="grid items-start gap-3 lg:auto-cols-[minmax(20rem,1fr)] lg:grid-flow-col lg:overflow-x-auto lg:pb-1"
        >
          {gates.map((gate) => (
            <GateCard
              key={gate.environment ?? ''}
              gate={gate}
              onReview={mine.includes(gate) ? () => onReview([gate]) : undefined}
            />
          ))}
        </ol>
      )}
    </>
  );
}

/** The rules could not be asked; nothing runs until they can. */
function NotFound({ issue }: { issue: Issue }) {
  const { t } = useTranslation();
  const retry = useRetryApproval();
  return (
    <>
      <Notice
        tone="danger"
        role="alert"
        title={t('approval.failed')}
        actions={
          <Button size="sm" busy={retry.isPending} onClick={() => retry.mutate({ name: issue.name })}>
            {t('action.tryAgain')}
          </Button>
        }
      >
        {issue.approvalError}
      </Notice>
      {retry.error && <ErrorPanel error={retry.error} doing={t('action.tryAgain')} />}
    </>
  );
}
