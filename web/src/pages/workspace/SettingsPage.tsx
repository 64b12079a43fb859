import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { WorkspaceProfileSetting } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { useBootstrap } from '@/lib/session';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';

const NAME = 'settings/WORKSPACE_PROFILE';
const isUrl = (text: string) => /^https?:\/\/[^\s/]+/.test(text);

export default function SettingsPage() {
  const { t } = useTranslation();
  const bootstrap = useBootstrap();
  const query = useRpc('SettingService/GetSetting', { name: NAME }, { topics: [NAME] });
  return (
    <Page title={t('nav.settings')} purpose={t('settings.purpose')} width="form">
      <Loaded query={query} doing={t('nav.settings')}>
        {(setting) => <General saved={setting.value?.workspaceProfile ?? {}} />}
      </Loaded>
      <Section title={t('settings.about')}>
        <p className="text-muted">
          {t('product')} {bootstrap.data?.basaltVersion}
        </p>
      </Section>
    </Page>
  );
}

function General({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<WorkspaceProfileSetting>({});
  const update = useCall('SettingService/UpdateSetting', { touches: ['SettingService'] });
  const value = { ...saved, ...edit };
  const minLength = value.passwordRestriction?.minLength ?? 8;
  const changed = Object.keys(edit) as (keyof WorkspaceProfileSetting)[];
  const badUrl = Boolean(value.externalUrl) && !isUrl(value.externalUrl ?? '');
  const badLength = !Number.isInteger(minLength) || minLength < 8 || minLength > 128;
  const save = () => {
    if (badUrl || badLength) return;
    update.mutate(
      {
        setting: { name: NAME, value: { workspaceProfile: value } },
        updateMask: changed.map((key) => `value.workspaceProfile.${key}`).join(','),
      },
      {
        onSuccess: () => {
          setEdit({});
          toast({ text: t('state.saved') });
        },
      },
    );
  };
  return (
    <>
      <Section title={t('settings.general')}>
        <TextField
          label={t('settings.externalUrl')}
          type="url"
          mono
          value={value.externalUrl ?? ''}
          onChange={(event) => setEdit({ ...edit, externalUrl: event.target.value })}
          hint={t('settings.externalUrlHint')}
          error={badUrl ? t('settings.externalUrlWrong') : undefined}
        />
      </Section>
      <Section title={t('settings.security')}>
        <Checkbox
          label={t('settings.disallowSignup')}
          description={t('settings.disallowSignupText')}
          checked={value.disallowSignup ?? false}
          onChange={(event) => setEdit({ ...edit, disallowSignup: event.target.checked })}
        />
        <TextField
          className="max-w-60"
          label={t('settings.minLength')}
          type="number"
          min={8}
          max={128}
          value={String(minLength)}
          onChange={(event) =>
            setEdit({
              ...edit,
              passwordRestriction: { ...value.passwordRestriction, minLength: Number(event.target.value) },
            })
          }
          error={badLength ? t('settings.minLengthWrong') : undefined}
        />
        <Checkbox
          label={t('settings.auditStdout')}
          description={t('settings.auditStdoutText')}
          checked={value.enableAuditLogStdout ?? false}
          onChange={(event) => setEdit({ ...edit, enableAuditLogStdout: event.target.checked })}
        />
      </Section>
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      {changed.length > 0 && <DirtyBar busy={update.isPending} onSave={save} onDiscard={() => setEdit({})} />}
    </>
  );
}
