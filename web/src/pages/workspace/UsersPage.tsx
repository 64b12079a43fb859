import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { User } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager, SearchBox, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { UserDialog } from '@/features/access/UserDialog';
import { useSearchState } from '@/hooks/useSearch';
import { contains, equals } from '@/lib/filter';
import { useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { toast } from '@/ui/toast';

export default function UsersPage() {
  const { t } = useTranslation();
  const { q, pageToken } = useListState();
  const [search, setSearch] = useSearchState();
  const query = useRpc(
    'UserService/ListUsers',
    {
      pageSize: PAGE_SIZE,
      pageToken,
      filter: q.includes('@') ? equals('email', q) : contains('name', q),
      showDeleted: true,
    },
    { keep: true },
  );
  return (
    <Page
      title={t('nav.users')}
      purpose={t('user.purpose')}
      width="text"
      actions={
        <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
          <Plus aria-hidden="true" />
          {t('user.new')}
        </Button>
      }
    >
      <SearchBox label={t('user.search')} />
      <Loaded query={query} doing={t('nav.users')}>
        {({ users = [], nextPageToken }) =>
          users.length === 0 ? (
            <NoMatch clear={{}} />
          ) : (
            <>
              <Table label={t('nav.users')}>
                <thead>
                  <tr>
                    <Th>{t('firstAdmin.name')}</Th>
                    <Th>{t('auth.email')}</Th>
                    <Th>{t('user.state')}</Th>
                    <Th />
                  </tr>
                </thead>
                <tbody>
                  {users.map((user) => (
                    <UserRow key={user.name} user={user} />
                  ))}
                </tbody>
              </Table>
              <Pager nextPageToken={nextPageToken} />
            </>
          )
        }
      </Loaded>
      {search.dialog === 'new' && <UserDialog onClose={() => setSearch({ dialog: undefined })} />}
    </Page>
  );
}

function UserRow({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const remove = useCall('UserService/DeleteUser', { touches: ['UserService'] });
  const restore = useCall('UserService/UndeleteUser', { touches: ['UserService'] });
  const deleted = user.state === 'DELETED';
  const failed = (error: Error) => toast({ text: error.message, tone: 'danger' });
  const deactivate = () =>
    remove.mutate(
      { name: user.name },
      {
        onError: failed,
        onSuccess: () =>
          toast({
            text: t('user.deactivated', { name: user.title }),
            action: {
              label: t('action.undo'),
              run: () => restore.mutate({ name: user.name }, { onError: failed }),
            },
          }),
      },
    );
  return (
    <Tr>
      <Td className="font-medium">{user.title}</Td>
      <Td className="text-muted">{user.email}</Td>
      <Td>
        <Status kind={deleted ? 'closed' : 'done'} label={deleted ? t('user.inactive') : t('user.active')} />
      </Td>
      <Td className="text-right">
        {user.email !== me?.email && (
          <Button
            size="sm"
            tone="ghost"
            busy={remove.isPending || restore.isPending}
            onClick={() =>
              deleted ? restore.mutate({ name: user.name }, { onError: failed }) : deactivate()
            }
          >
            {deleted ? t('user.activate') : t('user.deactivate')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}
