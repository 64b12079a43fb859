import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { SectionForm } from '@/components/SectionForm';
import { Checkbox } from '@/ui/Choice';

/** As the server reads it before it writes a mail. */
const OF_APPROVALS = 'mail.approvals';
const OFF = 'off';

/** Which mail somebody wants. Nothing where it cannot be read: then it cannot be changed either. */
export function MailSection() {
  const { t } = useTranslation();
  const { data } = useRpc('PreferenceService/GetPreferences', {});
  const [edit, setEdit] = useState<boolean>();
  const update = useCall('PreferenceService/UpdatePreferences', { touches: ['PreferenceService'] });
  if (!data) return null;
  const saved = data.values?.[OF_APPROVALS] !== OFF;
  const wanted = edit ?? saved;
  return (
    <SectionForm
      title={t('account.mail')}
      dirty={wanted !== saved}
      call={update}
      onReset={() => setEdit(undefined)}
      onSave={() =>
        update.mutateAsync(wanted ? { remove: [OF_APPROVALS] } : { values: { [OF_APPROVALS]: OFF } })
      }
    >
      <Checkbox
        label={t('account.mailApprovals')}
        description={t('account.mailApprovalsText')}
        checked={wanted}
        onChange={(event) => setEdit(event.target.checked)}
      />
    </SectionForm>
  );
}
