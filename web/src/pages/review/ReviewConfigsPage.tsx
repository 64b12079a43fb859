import { Plus, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ReviewConfig } from '@/api/types';
import { NoMatch, SearchBox } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { WorkspaceNeeds } from '@/features/access/WorkspaceNeeds';
import { ConfigState, LevelCounts } from '@/features/review/ConfigFacts';
import { ConfigMenu } from '@/features/review/ConfigMenu';
import { useReviewConfigs } from '@/features/review/configs';
import { NewConfigDialog } from '@/features/review/NewConfigDialog';
import { WhereAttached } from '@/features/review/WhereAttached';
import { useSearchState } from '@/hooks/useSearch';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';

export default function ReviewConfigsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const query = useReviewConfigs();
  const mayCreate = useMay().everywhere('bb.reviewConfigs.create');
  const configs = query.data ?? [];
  const q = (search.q ?? '').toLowerCase();
  const shown = configs.filter(({ title = '', resources = [] }) =>
    [title, ...resources].some((text) => text.toLowerCase().includes(q)),
  );
  const add = mayCreate && (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('review.new')}
    </Button>
  );
  return (
    <Page title={t('nav.sqlReview')} purpose={t('review.purpose')} actions={configs.length > 0 && add}>
      <WorkspaceNeeds permission="bb.reviewConfigs.create" title={t('forbidden.readOnly')} />
      <Loaded query={query} doing={t('nav.sqlReview')}>
        {() =>
          configs.length === 0 ? (
            <EmptyState icon={<ShieldCheck aria-hidden="true" />} title={t('review.empty')} action={add}>
              {t('review.emptyText')}
            </EmptyState>
          ) : (
            <>
              <SearchBox label={t('review.searchConfigs')} />
              {shown.length === 0 ? <NoMatch clear={{}} /> : <ConfigTable configs={shown} all={configs} />}
            </>
          )
        }
      </Loaded>
      {search.dialog === 'new' && mayCreate && query.data && (
        <NewConfigDialog configs={configs} onClose={() => setSearch({ dialog: undefined })} />
      )}
    </Page>
  );
}

function ConfigTable({ configs, all }: { configs: readonly ReviewConfig[]; all: readonly ReviewConfig[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('nav.sqlReview')}>
      <thead>
        <tr>
          <Th>{t('review.name')}</Th>
          <Th>{t('review.attachedTo')}</Th>
          <Th>{t('review.state')}</Th>
          <Th>{t('review.rules')}</Th>
          <Th />
        </tr>
      </thead>
      <tbody>
        {configs.map((config) => (
          <ConfigRow key={config.name} config={config} all={all} />
        ))}
      </tbody>
    </Table>
  );
}

function ConfigRow({ config, all }: { config: ReviewConfig; all: readonly ReviewConfig[] }) {
  return (
    <Tr>
      <Td className="max-w-48 min-w-40 sm:max-w-100">
        <AppLink
          to={paths.reviewConfig(config.name ?? '')}
          className="block truncate font-medium hover:text-accent hover:underline"
        >
          {config.title}
        </AppLink>
      </Td>
      <Td className="min-w-48">
        <WhereAttached resources={config.resources ?? []} />
      </Td>
      <Td>
        <ConfigState config={config} />
      </Td>
      <Td className="whitespace-nowrap">
        <LevelCounts rules={config.rules ?? []} />
      </Td>
      <Td className="text-right">
        <ConfigMenu config={config} configs={all} />
      </Td>
    </Tr>
  );
}
