import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Revision } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { TextField } from '@/ui/Field';

/** Lets a version be applied once more. Why stays with the version. */
export function RevisionRemoval({ revision, onClose }: { revision: Revision; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const remove = useCall('RevisionService/DeleteRevision', { touches: ['RevisionService'] });
  const missing = tried && !reason.trim() ? t('revision.reasonNeeded') : undefined;
  const submit = () => {
    setTried(true);
    if (reason.trim()) remove.mutate({ name: revision.name, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <ActionConfirm
      title={t('revision.removeTitle', { version: revision.version })}
      doing={t('revision.remove')}
      call={remove}
      onConfirm={submit}
      onClose={onClose}
      saying={['reason']}
    >
      <p>{t('revision.removeText')}</p>
      <TextField
        label={t('rollout.reason')}
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
          remove.reset();
        }}
        hint={t('revision.reasonHint')}
        error={missing ?? remove.error?.field('reason')}
      />
    </ActionConfirm>
  );
}
