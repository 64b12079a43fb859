import { useTranslation } from 'react-i18next';
import { DiffView } from '@/features/changelog/DiffView';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import type { PlanEdit } from './usePlanEdit';

/** Their SQL beside mine, before one of the two goes. */
export function ConflictDialog({ edit }: { edit: PlanEdit }) {
  const { t } = useTranslation();
  const theirs = edit.conflict?.text.changes ?? [];
  const mine = edit.text?.changes ?? [];
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
      <div className="flex flex-col gap-3">
        {mine.map((change, place) => (
          <DiffView
            key={change.id}
            mode="split"
            before={(theirs.find((other) => other.id === change.id) ?? theirs[place])?.statement ?? ''}
            after={change.statement}
          />
        ))}
      </div>
    </Dialog>
  );
}
