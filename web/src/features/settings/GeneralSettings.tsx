import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { SectionForm } from '@/components/SectionForm';
import { webLink } from '@/lib/url';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { useProfile } from './useProfile';

export function GeneralSettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const badUrl = Boolean(value.externalUrl) && !webLink(value.externalUrl);
  const { text = '', link = '' } = value.announcement ?? {};
  const badLink = link !== '' && !webLink(link);
  const announce = (patch: { text?: string; link?: string }) =>
    set({ announcement: { ...value.announcement, ...patch } });
  return (
    <SectionForm
      title={t('settings.general')}
      dirty={dirty}
      call={call}
      onReset={onReset}
      onSave={() => (badUrl || badLink ? undefined : onSave())}
    >
      <TextField
        label={t('settings.externalUrl')}
        type="url"
        mono
        value={value.externalUrl ?? ''}
        onChange={(event) => set({ externalUrl: event.target.value })}
        hint={t('settings.externalUrlHint')}
        error={errorOf('external_url') ?? (badUrl ? t('settings.externalUrlWrong') : undefined)}
      />
      <TextField
        label={t('settings.announcement')}
        optional
        value={text}
        onChange={(event) => announce({ text: event.target.value })}
        hint={t('settings.announcementHint')}
        error={errorOf('text')}
      />
      <TextField
        label={t('settings.announcementLink')}
        optional
        type="url"
        mono
        value={link}
        onChange={(event) => announce({ link: event.target.value })}
        error={errorOf('link') ?? (badLink ? t('settings.externalUrlWrong') : undefined)}
      />
      <Checkbox
        label={t('settings.watermark')}
        description={t('settings.watermarkText')}
        checked={value.watermark ?? false}
        onChange={(event) => set({ watermark: event.target.checked })}
      />
    </SectionForm>
  );
}
