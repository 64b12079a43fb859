import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Stage, Task } from '@/api/types';
import { environmentTitle, useEnvironment } from '@/features/environments/environments';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';

interface Props {
  stage: Stage;
  tasks: readonly Task[];
  onClose: () => void;
}

/** Skipping is for ever, so it wants a reason. */
export function SkipDialog({ stage, tasks, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const skip = useCall('RolloutService/BatchSkipTasks', { touches: ['RolloutService', 'PlanService'] });
  const title = environmentTitle(useEnvironment(stage.environment), stage.environment);
  const submit = () => {
    setTried(true);
    if (!reason.trim()) return;
    skip.mutate(
      { parent: stage.name, tasks: tasks.map((task) => task.name ?? ''), reason: reason.trim() },
      { onSuccess: onClose },
    );
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('rollout.skipTitle', { count: tasks.length, stage: title })}
      footer={
        <Button tone="danger" busy={skip.isPending} onClick={submit}>
          {t('rollout.skipConfirm')}
        </Button>
      }
    >
      <p>{t('rollout.skipText')}</p>
      <TextField
        label={t('rollout.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={tried && !reason.trim() ? t('rollout.reasonNeeded') : undefined}
      />
      {skip.error && <ErrorPanel error={skip.error} doing={t('rollout.skip')} />}
    </Confirm>
  );
}
