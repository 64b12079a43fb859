import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { PAGE_SIZE, Pager, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { PersonName } from '@/components/PersonName';
import { planId, planOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink, TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { changelogState } from './state';

/** Every change that reached this database through us, newest first. */
export function ChangelogList({ database }: { database: string }) {
  const { t } = useTranslation();
  const { pageToken } = useListState();
  const query = useRpc(
    'ChangelogService/ListChangelogs',
    { parent: database, pageSize: PAGE_SIZE, pageToken },
    { topics: [database], keep: true },
  );
  return (
    <Loaded query={query} doing={t('changelog.title')}>
      {({ changelogs = [], nextPageToken }) =>
        changelogs.length === 0 ? (
          <EmptyState icon={<History aria-hidden="true" />} title={t('changelog.empty')}>
            {t('changelog.emptyText')}
          </EmptyState>
        ) : (
          <div className="flex flex-col gap-3">
            <Table label={t('changelog.title')}>
              <thead>
                <tr>
                  <Th>{t('changelog.column.change')}</Th>
                  <Th>{t('changelog.column.state')}</Th>
                  <Th>{t('changelog.column.plan')}</Th>
                  <Th>{t('changelog.column.by')}</Th>
                  <Th>{t('changelog.column.when')}</Th>
                </tr>
              </thead>
              <tbody>
                {changelogs.map((item) => (
                  <Tr key={item.name}>
                    <Td className="max-w-96 min-w-48">
                      <AppLink
                        to={paths.changelog(item.name ?? '')}
                        className="block truncate font-medium hover:text-accent hover:underline"
                      >
                        {item.planTitle ||
                          (item.type === 'BASELINE' ? t('changelog.baseline') : t('changelog.one'))}
                      </AppLink>
                    </Td>
                    <Td>
                      <Status kind={changelogState(item)} />
                    </Td>
                    <Td>
                      {item.taskRun && (
                        <TextLink to={paths.plan(planOf(item.taskRun))}>#{planId(item.taskRun)}</TextLink>
                      )}
                    </Td>
                    <Td className="whitespace-nowrap">
                      <PersonName name={item.creator} />
                    </Td>
                    <Td className="text-muted">
                      <RelativeTime value={item.createTime} />
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
            <Pager nextPageToken={nextPageToken} />
          </div>
        )
      }
    </Loaded>
  );
}
