import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { useSearchState } from '@/hooks/useSearch';
import { contains } from '@/lib/filter';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';
import { AccountActions } from './AccountActions';
import { KeyDialog } from './KeyDialog';
import { NewAccountDialog } from './NewAccountDialog';

interface Props {
  /** Where the accounts belong: a project or the workspace. */
  parent: string;
  /** The project's title. */
  context?: string;
  mayCreate: boolean;
}

/** Accounts of programs. A key is in no list: it shows once, when it is made. */
export function ServiceAccountList({ parent, context, mayCreate }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [fresh, setFresh] = useState<ServiceAccount | null>(null);
  const list = useList({
    id: 'serviceAccounts',
    fields: [useStateField()],
    words: (text) => contains(text.includes('@') ? 'email' : 'name', text),
  });
  const query = useRpc(
    'ServiceAccountService/ListServiceAccounts',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: list.condition,
      showDeleted: true,
    },
    { topics: ['serviceAccounts'], keep: true },
  );
  const columns = useColumns(setFresh);
  const empty = query.data !== undefined && !query.data.serviceAccounts?.length && !list.asked;
  const add = mayCreate && (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('serviceAccount.new')}
    </Button>
  );
  return (
    <Page
      title={t('nav.serviceAccounts')}
      context={context}
      purpose={t('serviceAccount.purpose')}
      actions={query.data && !empty && add}
    >
      {!empty && <ListBar list={list} label={t('serviceAccount.search')} columns={columns} />}
      <Loaded query={query} doing={t('nav.serviceAccounts')}>
        {({ serviceAccounts = [], nextPageToken }) =>
          serviceAccounts.length > 0 ? (
            <>
              <DataTable
                label={t('nav.serviceAccounts')}
                list={list}
                items={serviceAccounts}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<Bot aria-hidden="true" />} title={t('serviceAccount.empty')} action={add}>
              {t('serviceAccount.emptyText')}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
      {search.dialog === 'new' && mayCreate && (
        <NewAccountDialog
          parent={parent}
          onClose={() => setSearch({ dialog: undefined })}
          onMade={(account) => {
            setSearch({ dialog: undefined });
            setFresh(account);
          }}
        />
      )}
      {fresh && <KeyDialog account={fresh} onClose={() => setFresh(null)} />}
    </Page>
  );
}

function useColumns(onKey: (account: ServiceAccount) => void): Column<ServiceAccount>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      label: t('serviceAccount.name'),
      className: nameColumn,
      cell: ({ title }) => <span className="block truncate font-medium">{title}</span>,
    },
    {
      key: 'email',
      label: t('serviceAccount.address'),
      sort: 'email',
      className: 'max-w-96 truncate font-mono text-caption text-muted',
      cell: ({ email }) => email,
    },
    {
      key: 'state',
      label: t('user.state'),
      cell: ({ state }) =>
        state === 'DELETED' ? (
          <Status kind="closed" label={t('user.inactive')} />
        ) : (
          <Status kind="done" label={t('user.active')} />
        ),
    },
    {
      key: 'created',
      label: t('list.created'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      cell: (account) => <AccountActions account={account} onKey={onKey} />,
    },
  ];
}
