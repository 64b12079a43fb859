import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { Checkbox } from '@/ui/Choice';
import { useDurations } from './useDurations';
import { useProfile } from './useProfile';

/** Where the audit log goes, and how long it is kept. */
export function AuditSettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const durations = useDurations();
  return (
    <SectionForm
      title={t('nav.auditLog')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        durations.reset();
      }}
      onSave={() => (durations.wrong ? undefined : onSave())}
    >
      <DurationField
        key={durations.round}
        label={t('settings.auditRetention')}
        hint={t('settings.auditRetentionHint')}
        value={value.auditLogRetention}
        units={['days']}
        error={errorOf('audit_log_retention')}
        onChange={(duration) => set({ auditLogRetention: durations.taken('audit', duration) })}
      />
      <Checkbox
        label={t('settings.auditStdout')}
        description={t('settings.auditStdoutText')}
        checked={value.enableAuditLogStdout ?? false}
        onChange={(event) => set({ enableAuditLogStdout: event.target.checked })}
      />
    </SectionForm>
  );
}
