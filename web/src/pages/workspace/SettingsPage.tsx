import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { AuditSettings } from '@/features/settings/AuditSettings';
import { BrandingSettings } from '@/features/settings/BrandingSettings';
import { GeneralSettings } from '@/features/settings/GeneralSettings';
import { MailSettings } from '@/features/settings/MailSettings';
import { PasswordSettings } from '@/features/settings/PasswordSettings';
import { QuerySettings } from '@/features/settings/QuerySettings';
import { SessionSettings } from '@/features/settings/SessionSettings';
import { SignInSettings } from '@/features/settings/SignInSettings';
import { PROFILE } from '@/features/settings/useProfile';
import { useMay } from '@/lib/may';
import { useBootstrap } from '@/lib/session';

export default function SettingsPage() {
  const { t } = useTranslation();
  const bootstrap = useBootstrap();
  const may = useMay();
  const query = useRpc('SettingService/GetSetting', { name: PROFILE }, { topics: [PROFILE] });
  return (
    <Page title={t('nav.settings')} purpose={t('settings.purpose')} width="form">
      <Loaded query={query} doing={t('nav.settings')}>
        {({ value }) => {
          const saved = value?.workspaceProfile ?? {};
          return (
            <div className="flex flex-col gap-8">
              <GeneralSettings saved={saved} />
              <BrandingSettings />
              <SignInSettings saved={saved} />
              <PasswordSettings saved={saved} />
              <SessionSettings saved={saved} />
              {may.everywhere('bb.settings.get') && <MailSettings />}
              <QuerySettings saved={saved} />
              <AuditSettings saved={saved} />
            </div>
          );
        }}
      </Loaded>
      <Section title={t('settings.about')}>
        <p className="text-muted">
          {t('product')} {bootstrap.data?.basaltVersion}
        </p>
      </Section>
    </Page>
  );
}
