import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { GettingStarted } from '@/features/home/GettingStarted';
import { RecentPlans } from '@/features/home/RecentPlans';
import { WaitingForYou } from '@/features/home/WaitingForYou';

export default function HomePage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.home')}>
      <GettingStarted />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <WaitingForYou />
        <RecentPlans />
      </div>
    </Page>
  );
}
