import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Plan } from '@/api/types';
import { TextAreaField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';

/** Marks a plan that is there already. */
export default function HotfixDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const update = useCall('PlanService/UpdatePlan', { touches: ['PlanService', 'IssueService'] });
  const submit = () => {
    setTried(true);
    if (!reason.trim()) return;
    update.mutate(
      {
        plan: { name: plan.name, etag: plan.etag, hotfix: { reason: reason.trim() } },
        updateMask: 'hotfix',
      },
      { onSuccess: onClose },
    );
  };
  return (
    <FormDialog
      title={t('plan.hotfix.make')}
      description={t('plan.hotfix.text')}
      width="sm"
      submit={t('plan.hotfix.make')}
      busy={update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextAreaField
        label={t('plan.hotfix.reason')}
        value={reason}
        maxLength={1000}
        onChange={(event) => setReason(event.target.value)}
        hint={t('plan.hotfix.anew')}
        error={tried && !reason.trim() ? t('rollout.reasonNeeded') : undefined}
      />
      {update.error && <ErrorPanel error={update.error} doing={t('plan.hotfix.make')} />}
    </FormDialog>
  );
}
