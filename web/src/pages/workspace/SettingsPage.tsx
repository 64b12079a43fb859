import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { GeneralSettings } from '@/features/settings/GeneralSettings';
import { QuerySettings } from '@/features/settings/QuerySettings';
import { SecuritySettings } from '@/features/settings/SecuritySettings';
import { PROFILE } from '@/features/settings/useProfile';
import { useBootstrap } from '@/lib/session';

export default function SettingsPage() {
  const { t } = useTranslation();
  const bootstrap = useBootstrap();
  const query = useRpc('SettingService/GetSetting', { name: PROFILE }, { topics: [PROFILE] });
  return (
    <Page title={t('nav.settings')} purpose={t('settings.purpose')} width="form">
      <Loaded query={query} doing={t('nav.settings')}>
        {({ value }) => {
          const saved = value?.workspaceProfile ?? {};
          return (
            <div className="flex flex-col gap-8">
              <GeneralSettings saved={saved} />
              <SecuritySettings saved={saved} />
              <QuerySettings saved={saved} />
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
