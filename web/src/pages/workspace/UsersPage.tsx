import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { User } from '@/api/types';
import { AccountState } from '@/components/AccountState';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { FactorReset } from '@/features/access/FactorReset';
import { UserDialog } from '@/features/access/UserDialog';
import { UserSwitch } from '@/features/access/UserSwitch';
import { useSearchState } from '@/hooks/useSearch';
import { contains } from '@/lib/filter';
import { useMay } from '@/lib/may';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';

export default function UsersPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const list = useList({
    id: 'users',
    fields: [useStateField()],
    words: (text) => contains(text.includes('@') ? 'email' : 'name', text),
  });
  const query = useRpc(
    'UserService/ListUsers',
    {
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: list.condition,
      showDeleted: true,
    },
    { topics: ['users'], keep: true },
  );
  const columns: Column<User>[] = [
    {
      key: 'name',
      label: t('firstAdmin.name'),
      className: nameColumn,
      cell: ({ title }) => <span className="block truncate font-medium">{title}</span>,
    },
    {
      key: 'email',
      label: t('auth.email'),
      className: 'max-w-72 truncate text-muted',
      cell: ({ email }) => email,
    },
    {
      key: 'state',
      label: t('user.state'),
      cell: ({ state }) => <AccountState state={state} />,
    },
    {
      key: 'signIn',
      label: t('user.lastSignIn'),
      className: 'text-muted',
      cell: ({ profile }) => <RelativeTime value={profile?.lastLoginTime} />,
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      className: 'whitespace-nowrap',
      cell: (user) => (
        <>
          <FactorReset user={user} />
          <UserSwitch user={user} />
        </>
      ),
    },
  ];
  const mayCreate = useMay().everywhere('bb.users.create');
  return (
    <Page
      title={t('nav.users')}
      purpose={t('user.purpose')}
      actions={
        mayCreate && (
          <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
            <Plus aria-hidden="true" />
            {t('user.new')}
          </Button>
        )
      }
    >
      <ListBar list={list} label={t('user.search')} columns={columns} />
      <Loaded query={query} doing={t('nav.users')}>
        {({ users = [], nextPageToken }) =>
          users.length === 0 ? (
            <NoMatch />
          ) : (
            <>
              <DataTable
                label={t('nav.users')}
                list={list}
                items={users}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          )
        }
      </Loaded>
      {search.dialog === 'new' && <UserDialog onClose={() => setSearch({ dialog: undefined })} />}
    </Page>
  );
}
