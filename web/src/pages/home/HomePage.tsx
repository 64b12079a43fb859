import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { GettingStarted } from '@/features/home/GettingStarted';
import { RecentPlans } from '@/features/home/RecentPlans';
import { WaitingForYou } from '@/features/home/WaitingForYou';
import { YourIssues } from '@/features/home/YourIssues';
import { RunningRollouts } from '@/features/plans/Rollouts';
import { useMay } from '@/lib/may';

export default function HomePage() {
  const { t } = useTranslation();
  const mayPlans = useMay().somewhere('bb.plans.list');
  return (
    <Page title={t('nav.home')}>
      <GettingStarted>
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-5 lg:grid-cols-2">
          <WaitingForYou />
          {mayPlans && <RunningRollouts parent="projects/-" topics={['projects']} />}
          <YourIssues />
          <RecentPlans />
        </div>
      </GettingStarted>
    </Page>
  );
}
