import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { DatabaseList } from '@/features/databases/DatabaseList';
import { paths } from '@/lib/paths';
import { GoButton } from '@/ui/GoButton';

export default function DatabasesPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.databases')} purpose={t('database.purpose')}>
      <DatabaseList
        parent="workspaces/default"
        topics={['instances']}
        emptyTitle={t('database.none')}
        emptyText={t('database.connectFirst')}
        emptyAction={<GoButton to={paths.newInstance()}>{t('instance.new')}</GoButton>}
      />
    </Page>
  );
}
