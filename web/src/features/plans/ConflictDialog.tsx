import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { PersonName } from '@/components/PersonName';
import { DiffView } from '@/features/changelog/DiffView';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { RelativeTime } from '@/ui/RelativeTime';
import { Notice } from '@/ui/States';
import { labelOf } from './changeName';
import type { Change } from './changes';
import type { Conflict, PlanEdit } from './usePlanEdit';

/** Somebody else was faster: told in its place, with what to do. */
export function ConflictNotice({ edit }: { edit: PlanEdit }) {
  const { t } = useTranslation();
  if (!edit.conflict) return null;
  return (
    <Notice
      tone="warning"
      role="alert"
      title={<ChangedBy conflict={edit.conflict} />}
      actions={
        <>
          <Button size="sm" onClick={() => edit.setComparing(true)}>
            {t('plan.conflictDiff')}
          </Button>
          <Button size="sm" onClick={edit.overwrite}>
            {t('plan.conflictOverwrite')}
          </Button>
          <Button size="sm" onClick={edit.reload}>
            {t('plan.conflictReload')}
          </Button>
        </>
      }
    >
      {t('plan.conflictText')}
    </Notice>
  );
}

/** Who it was is told by the timeline of the plan's issue; a plan without one only says when. */
function ChangedBy({ conflict: { plan } }: { conflict: Conflict }) {
  const { t } = useTranslation();
  const { data } = useRpc(
    'IssueService/ListIssueComments',
    { parent: plan.issue, pageSize: 200 },
    { enabled: Boolean(plan.issue), topics: [plan.issue ?? ''] },
  );
  const last = data?.issueComments?.findLast((comment) => comment.planUpdate);
  return (
    <>
      {last ? (
        <>
          {t('plan.changedBy')} <PersonName name={last.creator} />
        </>
      ) : (
        t('plan.conflict')
      )}{' '}
      <RelativeTime value={plan.updateTime} />
    </>
  );
}

/** Their SQL beside mine, before one of the two goes. */
export function ConflictDialog({ edit }: { edit: PlanEdit }) {
  const { t } = useTranslation();
  const theirs = edit.conflict?.text.changes ?? [];
  const mine = edit.text?.changes ?? [];
  const pairs = [
    ...mine.map((change) => ({ mine: change, theirs: theirs.find(({ id }) => id === change.id) })),
    ...theirs
      .filter(({ id }) => !mine.some((change) => change.id === id))
      .map((change) => ({ mine: undefined, theirs: change })),
  ];
  return (
    <Dialog
      open={edit.comparing && edit.conflict !== undefined}
      onOpenChange={edit.setComparing}
      title={t('plan.conflictTitle')}
      description={t('plan.conflictSides')}
      width="lg"
      footer={
        <>
          <Button onClick={edit.reload}>{t('plan.conflictReload')}</Button>
          <Button tone="danger" onClick={edit.overwrite}>
            {t('plan.conflictOverwrite')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {pairs.map((pair, place) => (
          <Pair key={(pair.mine ?? pair.theirs)?.id} {...pair} number={place + 1} />
        ))}
      </div>
    </Dialog>
  );
}

interface PairProps {
  mine: Change | undefined;
  theirs: Change | undefined;
  number: number;
}

function Pair({ mine, theirs, number }: PairProps) {
  const { t } = useTranslation();
  const change = mine ?? theirs;
  return (
    <section aria-label={t('plan.changeNumber', { number })} className="flex flex-col gap-1.5">
      <h3 className="text-body [overflow-wrap:anywhere]">
        {t('plan.changeNumber', { number })}
        {change && labelOf(change) && <span className="font-normal text-muted"> · {labelOf(change)}</span>}
      </h3>
      {!mine && <p className="text-small text-muted">{t('plan.onlyTheirs')}</p>}
      {!theirs && <p className="text-small text-muted">{t('plan.onlyMine')}</p>}
      <DiffView mode="split" before={theirs?.statement ?? ''} after={mine?.statement ?? ''} />
    </section>
  );
}
